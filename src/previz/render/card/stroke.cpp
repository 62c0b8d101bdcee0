// Strokes as areas: along the left side of a line, around its end, and back along the other side.
#include <algorithm>
#include <cstddef>

#include "previz/math/scalar.h"
#include "previz/render/card/path.h"

namespace rushes::previz::card {
namespace {

float length(Vec2 a) { return exact::sqrt(dot(a, a)); }
Vec2 unit(Vec2 a) { return a * (1 / std::max(length(a), 1e-12f)); }
Vec2 left_of(Vec2 a) { return {-a.y, a.x}; }

class Stroker {
 public:
  Stroker(const Stroke& stroke, float tolerance)
      : stroke_(stroke), half_(stroke.width * 0.5f), tolerance_(tolerance) {}

  void line(const Polyline& line) {
    std::vector<Vec2> p;
    for (const Vec2 point : line.points) {
      if (p.empty() || length(point - p.back()) > 1e-4f) p.push_back(point);
    }
    if (line.closed && p.size() > 1 && length(p.front() - p.back()) <= 1e-4f) p.pop_back();
    if (p.size() < 2) {
      if (!p.empty() && stroke_.cap == Cap::kRound) {
        for (Polyline& disc : ellipse_outline(p[0], {half_, half_}, tolerance_)) {
          emit({std::move(disc)});
        }
      }
      return;
    }
    std::vector<Vec2> back(p.rbegin(), p.rend());
    Polyline left{{}, true}, right{{}, true};
    if (line.closed && p.size() > 2) {
      for (size_t i = 0; i < p.size(); ++i) {
        join(p[(i + p.size() - 1) % p.size()], p[i], p[(i + 1) % p.size()], left.points);
        join(back[(i + p.size() - 1) % p.size()], back[i], back[(i + 1) % p.size()], right.points);
      }
      emit({std::move(left), std::move(right)});
      return;
    }
    side(p, left.points);
    side(back, left.points);
    emit({std::move(left)});
  }

  Outline finish() { return std::move(pieces_); }

 private:
  // The contours of one line; together they turn the positive way, so that lines that cross add up
  // instead of cancelling out.
  void emit(Outline contours) {
    float area = 0;
    for (const Polyline& contour : contours) {
      const std::vector<Vec2>& p = contour.points;
      for (size_t i = 0; i < p.size(); ++i) area += cross(p[i], p[(i + 1) % p.size()]);
    }
    for (Polyline& contour : contours) {
      if (area < 0) std::reverse(contour.points.begin(), contour.points.end());
      pieces_.push_back(std::move(contour));
    }
  }

  // Along the left side of an open line and around its end.
  void side(const std::vector<Vec2>& p, std::vector<Vec2>& out) const {
    const Vec2 first = unit(p[1] - p[0]), last = unit(p.back() - p[p.size() - 2]);
    out.push_back(p[0] + left_of(first) * half_);
    for (size_t i = 1; i + 1 < p.size(); ++i) join(p[i - 1], p[i], p[i + 1], out);
    const Vec2 offset = left_of(last) * half_, end = p.back();
    out.push_back(end + offset);
    if (stroke_.cap == Cap::kSquare) {
      out.push_back(end + offset + last * half_);
      out.push_back(end - offset + last * half_);
    } else if (stroke_.cap == Cap::kRound) {
      fan(end, offset, offset * -1, last, out);
    }
  }

  // The left side at a joint.
  void join(Vec2 before, Vec2 at, Vec2 after, std::vector<Vec2>& out) const {
    const Vec2 in = unit(at - before), next = unit(after - at);
    const Vec2 from = left_of(in) * half_, to = left_of(next) * half_;
    const float turn = cross(in, next), along = dot(in, next);
    const Vec2 middle = from + to;
    const Vec2 miter = middle * (2 * half_ * half_ / std::max(dot(middle, middle), 1e-9f));
    if (along > 0.985f) {  // part of a curve
      out.push_back(at + miter);
      return;
    }
    out.push_back(at + from);
    if (turn > 0) {  // the inner side; through the joint, so that folds never turn backwards
      out.push_back(at);
    } else if (stroke_.join == Join::kRound) {
      fan(at, from, to, unit(in - next), out);
    } else if (stroke_.join == Join::kMiter &&
               (1 + along) * 0.5f * stroke_.miter_limit * stroke_.miter_limit >= 1) {
      out.push_back(at + miter);  // its length is width / sin(theta / 2), cos(theta) = -along
    }
    out.push_back(at + to);
  }

  // Points on the circle between two offsets, by halving; `outward` decides a half turn.
  void fan(Vec2 centre, Vec2 from, Vec2 to, Vec2 outward, std::vector<Vec2>& out) const {
    const Vec2 sum = from + to;
    const Vec2 direction = length(sum) > half_ * 0.01f ? unit(sum) : outward;
    const Vec2 middle = direction * half_;
    if (half_ - length(sum) * 0.5f < tolerance_ && length(sum) > half_) {
      out.push_back(centre + middle);
      return;
    }
    fan(centre, from, middle, direction, out);
    out.push_back(centre + middle);
    fan(centre, middle, to, direction, out);
  }

  const Stroke& stroke_;
  float half_, tolerance_;
  Outline pieces_;
};

// Cuts a line into the drawn parts of its dash pattern.
void dash(const Polyline& line, const std::vector<float>& pattern, Outline& out) {
  constexpr size_t kDashesMax = 10'000;
  std::vector<Vec2> points = line.points;
  if (line.closed && !points.empty()) points.push_back(points.front());
  size_t index = 0;
  float left = pattern[0];
  Polyline part;
  for (size_t i = 0; i + 1 < points.size(); ++i) {
    const Vec2 axis = points[i + 1] - points[i];
    const float total = length(axis);
    float done = 0;
    if (index % 2 == 0 && part.points.empty()) part.points.push_back(points[i]);
    while (total - done > left && out.size() < kDashesMax) {
      done += left;
      const Vec2 cut = points[i] + axis * (done / total);
      if (index % 2 == 0) {
        part.points.push_back(cut);
        out.push_back(std::move(part));
        part = {};
      } else {
        part.points = {cut};
      }
      ++index;
      left = pattern[index % pattern.size()];
    }
    left -= total - done;
    if (index % 2 == 0) part.points.push_back(points[i + 1]);
  }
  if (part.points.size() > 1) out.push_back(std::move(part));
}

}  // namespace

Outline stroke_outline(const Outline& lines, const Stroke& stroke, float tolerance) {
  if (!(stroke.width > 0)) return {};
  std::vector<float> pattern = stroke.dashes;
  const bool dashed =
      std::any_of(pattern.begin(), pattern.end(), [](float d) { return d > 0.01f; });
  const bool odd = pattern.size() % 2 == 1;
  if (odd) pattern.insert(pattern.end(), stroke.dashes.begin(), stroke.dashes.end());
  for (float& d : pattern) d = std::max(d, 0.01f);
  Stroker stroker(stroke, tolerance);
  for (const Polyline& line : lines) {
    if (!dashed) {
      stroker.line(line);
      continue;
    }
    Outline parts;
    dash(line, pattern, parts);
    for (const Polyline& part : parts) stroker.line(part);
  }
  return stroker.finish();
}

}  // namespace rushes::previz::card
