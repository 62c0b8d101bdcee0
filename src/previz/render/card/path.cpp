#include "previz/render/card/path.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstddef>

#include "previz/math/scalar.h"

namespace rushes::previz::card {
namespace {

constexpr size_t kPointsMax = 200'000;
constexpr int kCurveStepsMax = 64;
constexpr float kCoordinateMax = 1e5f;

bool is_separator(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == ','; }

void skip_separators(std::string_view& text) {
  while (!text.empty() && is_separator(text.front())) text.remove_prefix(1);
}

float length(Vec2 a) { return exact::sqrt(dot(a, a)); }

// Steps that keep a curve with the given second difference within the tolerance.
int steps_for(float second_difference, float tolerance) {
  const float steps = std::ceil(exact::sqrt(second_difference / tolerance));
  return static_cast<int>(exact::clamp(steps, 1, kCurveStepsMax));
}

// Collects the subpaths of one path.
class Pen {
 public:
  explicit Pen(float tolerance) : tolerance_(tolerance) {}

  Vec2 at() const { return at_; }
  Vec2 start() const { return start_; }

  void move(Vec2 p) {
    flush(false);
    at_ = start_ = p;
  }
  void line(Vec2 p) {
    if (count_ >= kPointsMax) return;
    if (points_.empty()) points_.push_back(at_);
    points_.push_back(p);
    ++count_;
    at_ = p;
  }
  void close() {
    flush(true);
    at_ = start_;
  }

  void cubic(Vec2 b, Vec2 c, Vec2 d) {
    const Vec2 a = at_;
    const float bend = std::max(length(a - b * 2 + c), length(b - c * 2 + d));
    const int steps = steps_for(bend * 0.75f, tolerance_);
    for (int i = 1; i < steps; ++i) {
      const float t = static_cast<float>(i) / static_cast<float>(steps), s = 1 - t;
      line(a * (s * s * s) + b * (3 * s * s * t) + c * (3 * s * t * t) + d * (t * t * t));
    }
    line(d);
  }
  void quadratic(Vec2 b, Vec2 c) {
    const Vec2 a = at_;
    cubic(a + (b - a) * (2.0f / 3), c + (b - c) * (2.0f / 3), c);
  }
  void arc(Vec2 radii, float degrees, bool large, bool sweep, Vec2 end);

  Outline finish() {
    flush(false);
    return std::move(outline_);
  }

 private:
  void flush(bool closed) {
    if (closed && points_.empty()) points_.push_back(at_);
    if (!points_.empty()) outline_.push_back({std::move(points_), closed});
    points_.clear();
  }

  float tolerance_;
  Vec2 at_, start_;
  size_t count_ = 0;
  std::vector<Vec2> points_;
  Outline outline_;
};

// SVG 1.1, appendix F.6.5: from end points to centre.
void Pen::arc(Vec2 radii, float degrees, bool large, bool sweep, Vec2 end) {
  float rx = exact::abs(radii.x), ry = exact::abs(radii.y);
  if (rx < 1e-6f || ry < 1e-6f || at_ == end) {
    line(end);
    return;
  }
  const Vec2 from = at_;
  const float angle = degrees * (exact::kPi / 180);
  const float c = exact::cos(angle), s = exact::sin(angle);
  const Vec2 half = (from - end) * 0.5f;
  const Vec2 p{c * half.x + s * half.y, c * half.y - s * half.x};
  const float excess = (p.x * p.x) / (rx * rx) + (p.y * p.y) / (ry * ry);
  if (excess > 1) {
    rx *= exact::sqrt(excess);
    ry *= exact::sqrt(excess);
  }
  const float below = rx * rx * p.y * p.y + ry * ry * p.x * p.x;
  const float above = std::max(0.0f, rx * rx * ry * ry - below);
  const float factor =
      (large == sweep ? -1.0f : 1.0f) * exact::sqrt(above / std::max(below, 1e-12f));
  const Vec2 centre_turned{factor * rx * p.y / ry, -factor * ry * p.x / rx};
  const Vec2 middle = (from + end) * 0.5f;
  const Vec2 centre{c * centre_turned.x - s * centre_turned.y + middle.x,
                    s * centre_turned.x + c * centre_turned.y + middle.y};
  const float first = exact::atan2((p.y - centre_turned.y) / ry, (p.x - centre_turned.x) / rx);
  const float last = exact::atan2((-p.y - centre_turned.y) / ry, (-p.x - centre_turned.x) / rx);
  float turn = last - first;
  if (sweep && turn < 0) turn += exact::kTau;
  if (!sweep && turn > 0) turn -= exact::kTau;
  const int steps = steps_for(std::max(rx, ry) * turn * turn * 0.125f, tolerance_);
  for (int i = 1; i < steps; ++i) {
    const float a = first + turn * static_cast<float>(i) / static_cast<float>(steps);
    const float x = rx * exact::cos(a), y = ry * exact::sin(a);
    line({centre.x + c * x - s * y, centre.y + s * x + c * y});
  }
  line(end);
}

// One command letter with its arguments after another.
class PathReader {
 public:
  PathReader(std::string_view data, float tolerance) : data_(data), pen_(tolerance) {}

  Outline read() {
    while (step()) {
    }
    return pen_.finish();
  }

 private:
  bool number(float& value) {
    return take_number(data_, value) && exact::abs(value) < kCoordinateMax;
  }
  // Arc flags may stand without separators: "01.5".
  bool flag(bool& value) {
    skip_separators(data_);
    if (data_.empty() || (data_.front() != '0' && data_.front() != '1')) return false;
    value = data_.front() == '1';
    data_.remove_prefix(1);
    skip_separators(data_);
    return true;
  }
  bool point(Vec2& p) {
    if (!number(p.x) || !number(p.y)) return false;
    if (relative_) p = p + pen_.at();
    return true;
  }

  bool step() {
    skip_separators(data_);
    if (data_.empty()) return false;
    const char c = data_.front();
    if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')) {
      data_.remove_prefix(1);
      relative_ = c >= 'a';
      command_ = relative_ ? static_cast<char>(c - 'a' + 'A') : c;
      if (command_ == 'Z') {
        pen_.close();
        last_ = 'Z';
        return true;
      }
    } else if (command_ == 'Z') {
      return false;
    }
    const bool good = draw();
    last_ = command_;
    if (command_ == 'M') command_ = 'L';  // further pairs are lines
    return good;
  }

  bool draw() {
    Vec2 a, b, p;
    const Vec2 at = pen_.at();
    switch (command_) {
      case 'M':
        if (!point(p)) return false;
        pen_.move(p);
        return true;
      case 'L':
        if (!point(p)) return false;
        pen_.line(p);
        return true;
      case 'H':
        if (!number(p.x)) return false;
        pen_.line({relative_ ? at.x + p.x : p.x, at.y});
        return true;
      case 'V':
        if (!number(p.y)) return false;
        pen_.line({at.x, relative_ ? at.y + p.y : p.y});
        return true;
      case 'C':
        if (!point(a) || !point(b) || !point(p)) return false;
        return cubic(a, b, p);
      case 'S':
        if (!point(b) || !point(p)) return false;
        return cubic(last_ == 'C' || last_ == 'S' ? at * 2 - control_ : at, b, p);
      case 'Q':
        if (!point(a) || !point(p)) return false;
        return quadratic(a, p);
      case 'T':
        if (!point(p)) return false;
        return quadratic(last_ == 'Q' || last_ == 'T' ? at * 2 - control_ : at, p);
      case 'A': return arc();
      default: return false;
    }
  }
  bool cubic(Vec2 a, Vec2 b, Vec2 p) {
    control_ = b;
    pen_.cubic(a, b, p);
    return true;
  }
  bool quadratic(Vec2 a, Vec2 p) {
    control_ = a;
    pen_.quadratic(a, p);
    return true;
  }
  bool arc() {
    Vec2 radii, end;
    float degrees = 0;
    bool large = false, sweep = false;
    if (!number(radii.x) || !number(radii.y) || !number(degrees)) return false;
    if (!flag(large) || !flag(sweep) || !point(end)) return false;
    pen_.arc(radii, degrees, large, sweep, end);
    return true;
  }

  std::string_view data_;
  Pen pen_;
  char command_ = 'Z', last_ = 'Z';
  bool relative_ = false;
  Vec2 control_;
};

}  // namespace

Affine inverse(const Affine& map) {
  const float determinant = map.determinant();
  if (exact::abs(determinant) < 1e-12f) return {};
  const float r = 1 / determinant;
  return {map.d * r,
          -map.b * r,
          -map.c * r,
          map.a * r,
          (map.c * map.f - map.d * map.e) * r,
          (map.b * map.e - map.a * map.f) * r};
}

float scale_of(const Affine& map) { return exact::sqrt(exact::abs(map.determinant())); }

bool take_number(std::string_view& text, float& number) {
  skip_separators(text);
  if (text.starts_with('+')) text.remove_prefix(1);
  // from_chars reads "inf" and "nan" too: SVG does not.
  const size_t sign = text.starts_with('-') ? 1 : 0;
  if (text.size() <= sign) return false;
  const char first = text[sign];
  if (first != '.' && (first < '0' || first > '9')) return false;
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || !(value > -1e30 && value < 1e30)) return false;
  text.remove_prefix(static_cast<size_t>(end - text.data()));
  number = static_cast<float>(value);
  skip_separators(text);
  return true;
}

Outline parse_path(std::string_view data, float tolerance) {
  return PathReader(data, tolerance).read();
}

Outline ellipse_outline(Vec2 centre, Vec2 radii, float tolerance) {
  if (!(radii.x > 0 && radii.y > 0)) return {};
  Pen pen(tolerance);
  pen.move({centre.x + radii.x, centre.y});
  pen.arc(radii, 0, false, true, {centre.x - radii.x, centre.y});
  pen.arc(radii, 0, false, true, {centre.x + radii.x, centre.y});
  pen.close();
  return pen.finish();
}

Outline rectangle_outline(Vec2 corner, Vec2 size, Vec2 radii, float tolerance) {
  if (!(size.x > 0 && size.y > 0)) return {};
  const float rx = exact::clamp(radii.x, 0, size.x / 2), ry = exact::clamp(radii.y, 0, size.y / 2);
  const Vec2 far = corner + size;
  Pen pen(tolerance);
  pen.move({corner.x + rx, corner.y});
  pen.line({far.x - rx, corner.y});
  pen.arc({rx, ry}, 0, false, true, {far.x, corner.y + ry});
  pen.line({far.x, far.y - ry});
  pen.arc({rx, ry}, 0, false, true, {far.x - rx, far.y});
  pen.line({corner.x + rx, far.y});
  pen.arc({rx, ry}, 0, false, true, {corner.x, far.y - ry});
  pen.line({corner.x, corner.y + ry});
  pen.arc({rx, ry}, 0, false, true, {corner.x + rx, corner.y});
  pen.close();
  return pen.finish();
}

}  // namespace rushes::previz::card
