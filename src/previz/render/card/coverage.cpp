#include "previz/render/card/coverage.h"

#include <algorithm>
#include <cstddef>

#include "previz/math/scalar.h"

namespace rushes::previz::card {
namespace {

// Every edge leaves, per row, the change of covered area from pixel to pixel; the running sum of
// a row is then the winding number weighted by area.
class Accumulator {
 public:
  Accumulator(int width, int height)
      : width_(width),
        height_(height),
        cells_(static_cast<size_t>(width + 2) * static_cast<size_t>(height)) {}

  void edge(Vec2 a, Vec2 b) {
    if (a.y == b.y) return;
    const float sign = a.y < b.y ? 1.0f : -1.0f;
    if (a.y > b.y) std::swap(a, b);
    const float slope = (b.x - a.x) / (b.y - a.y);
    const float top = std::max(a.y, 0.0f), bottom = std::min(b.y, static_cast<float>(height_));
    if (top >= bottom) return;
    const int first = static_cast<int>(top), last = static_cast<int>(exact::floor(bottom));
    for (int y = first; y <= last && y < height_; ++y) {
      const float from = std::max(top, static_cast<float>(y));
      const float to = std::min(bottom, static_cast<float>(y + 1));
      if (to <= from) continue;
      row(y, a.x + (from - a.y) * slope, a.x + (to - a.y) * slope, (to - from) * sign);
    }
  }

  // Turns the sums into coverage, row-major, `width_` wide.
  std::vector<float> finish(FillRule rule) {
    std::vector<float> values(static_cast<size_t>(width_) * static_cast<size_t>(height_));
    for (int y = 0; y < height_; ++y) {
      const float* from = &cells_[static_cast<size_t>(y) * static_cast<size_t>(width_ + 2)];
      float* to = &values[static_cast<size_t>(y) * static_cast<size_t>(width_)];
      float sum = 0;
      for (int x = 0; x < width_; ++x) {
        sum += from[x];
        float covered = exact::abs(sum);
        if (rule == FillRule::kEvenOdd) {
          covered -= 2 * exact::floor(covered * 0.5f);
          covered = std::min(covered, 2 - covered);
        }
        to[x] = covered < 1e-4f ? 0 : std::min(covered, 1.0f);
      }
    }
    return values;
  }

 private:
  // An edge through one row, from x = a to x = b, that changes the winding by `height` to its
  // right. Left of the picture it counts for the whole row; right of it not at all.
  void row(int y, float a, float b, float height) {
    const float limit = static_cast<float>(width_);
    a = exact::clamp(a, 0, limit);
    b = exact::clamp(b, 0, limit);
    if (a > b) std::swap(a, b);
    float* cells = &cells_[static_cast<size_t>(y) * static_cast<size_t>(width_ + 2)];
    const int first = static_cast<int>(a), last = static_cast<int>(b);
    if (first == last) {
      const float right = static_cast<float>(first + 1) - (a + b) * 0.5f;
      cells[first] += height * right;
      cells[first + 1] += height * (1 - right);
      return;
    }
    // The area right of the edge, pixel by pixel; cells hold its differences.
    const float per_x = height / (b - a);
    float before = 0;
    float done = 0;  // height passed so far
    for (int x = first; x <= last; ++x) {
      const float from = std::max(a, static_cast<float>(x));
      const float to = std::min(b, static_cast<float>(x + 1));
      const float piece = per_x * (to - from);
      const float area = done + piece * (static_cast<float>(x + 1) - (from + to) * 0.5f);
      cells[x] += area - before;
      before = area;
      done += piece;
    }
    cells[last + 1] += height - before;
  }

  int width_, height_;
  std::vector<float> cells_;
};

}  // namespace

Coverage cover(const Outline& outline, FillRule rule, int size) {
  Vec2 low{1e9f, 1e9f}, high{-1e9f, -1e9f};
  for (const Polyline& line : outline) {
    for (const Vec2 p : line.points) {
      low = {std::min(low.x, p.x), std::min(low.y, p.y)};
      high = {std::max(high.x, p.x), std::max(high.y, p.y)};
    }
  }
  const float limit = static_cast<float>(size);
  Coverage out;
  if (!(low.x < limit && low.y < limit && high.x > 0 && high.y > 0)) return out;
  out.x0 = static_cast<int>(exact::clamp(low.x, 0, limit));
  out.y0 = static_cast<int>(exact::clamp(low.y, 0, limit));
  out.x1 = std::min(size, static_cast<int>(exact::clamp(high.x, 0, limit)) + 1);
  out.y1 = std::min(size, static_cast<int>(exact::clamp(high.y, 0, limit)) + 1);
  if (out.empty()) return out;
  Accumulator sums(out.width(), out.y1 - out.y0);
  const Vec2 corner{static_cast<float>(out.x0), static_cast<float>(out.y0)};
  for (const Polyline& line : outline) {
    for (size_t i = 0; i < line.points.size(); ++i) {
      sums.edge(line.points[i] - corner, line.points[(i + 1) % line.points.size()] - corner);
    }
  }
  out.values = sums.finish(rule);
  return out;
}

}  // namespace rushes::previz::card
