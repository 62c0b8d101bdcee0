// Coverage: how much of each pixel an area covers, exactly (to rounding), by signed trapezoids.
#pragma once

#include <cstddef>
#include <vector>

#include "previz/render/card/plane.h"

namespace rushes::previz::card {

enum class FillRule { kNonZero, kEvenOdd };

// Coverage 0..1 of the pixels x0 <= x < x1, y0 <= y < y1, row by row; 0 elsewhere.
struct Coverage {
  int x0 = 0, y0 = 0, x1 = 0, y1 = 0;
  std::vector<float> values;

  bool empty() const { return x0 >= x1 || y0 >= y1; }
  int width() const { return x1 - x0; }
  float at(int x, int y) const {
    if (x < x0 || x >= x1 || y < y0 || y >= y1) return 0;
    return values[static_cast<size_t>(y - y0) * static_cast<size_t>(width()) +
                  static_cast<size_t>(x - x0)];
  }
};

// `outline` in pixels; open lines are closed. The picture has size x size pixels.
Coverage cover(const Outline& outline, FillRule rule, int size);

}  // namespace rushes::previz::card
