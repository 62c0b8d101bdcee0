// Where the eyes, the head and the neck of an icon are.
#include <algorithm>
#include <cstddef>

#include "previz/math/scalar.h"
#include "previz/render/card/sprite.h"

namespace rushes::previz {
namespace {

struct Known {
  std::string_view icon;
  IconAnchors anchors;
};

// Measured on the drawings. Heads without bodies are looked after by the guess.
constexpr Known kKnown[] = {
    {"t-rex",
     {.eye_x = 29,
      .eye_y = 25,
      .eye_span = 36,
      .eye_turn = 2,
      .head_x = 33,
      .head_y = 19,
      .head_width = 34,
      .neck_x = 46,
      .neck_y = 52,
      .bends = true,
      .hip_x = 68,
      .hip_y = 80,
      .seat_x = 87,
      .seat_y = 77}},
};

// The extent of the outline in one row, in texels.
bool row_extent(const std::vector<float>& alpha, int size, int y, int& low, int& high) {
  low = size;
  high = -1;
  for (int x = 0; x < size; ++x) {
    if (alpha[static_cast<size_t>(y) * static_cast<size_t>(size) + static_cast<size_t>(x)] < 0.5f) {
      continue;
    }
    low = std::min(low, x);
    high = std::max(high, x);
  }
  return high >= low;
}

}  // namespace

IconAnchors anchors_of(std::string_view icon, const std::vector<float>& alpha, int size) {
  for (const Known& known : kKnown) {
    if (known.icon == icon) return known.anchors;
  }
  // Icons look to the left or at the viewer. The head is taken to be the first run of the outline
  // from the left in the upper quarter; where that is most of the width, it is in the middle.
  IconAnchors a;
  int top = -1, bottom = -1, left = size, right = -1;
  for (int y = 0, low = 0, high = 0; y < size; ++y) {
    if (!row_extent(alpha, size, y, low, high)) continue;
    if (top < 0) top = y;
    bottom = y;
    left = std::min(left, low);
    right = std::max(right, high);
  }
  if (top < 0) return a;
  const float unit = 128.0f / static_cast<float>(size);
  const int height = bottom - top + 1, width = right - left + 1;
  const bool wide = width * 10 > height * 12;  // a body in profile
  const int eye_row = top + height * (wide ? 22 : 20) / 100;
  int low = 0, high = 0;
  if (!row_extent(alpha, size, eye_row, low, high)) return a;
  // Only the run that starts at `low`: a raised tail is not a head.
  int end = low;
  while (end < high && alpha[static_cast<size_t>(eye_row) * static_cast<size_t>(size) +
                             static_cast<size_t>(end) + 1] > 0.5f) {
    ++end;
  }
  const float run = static_cast<float>(end - low + 1) * unit;
  const float middle = static_cast<float>(low + end) * 0.5f * unit;
  a.eye_x = wide ? middle - run * 0.08f : middle;
  a.eye_y = static_cast<float>(eye_row) * unit;
  a.eye_span = exact::clamp(run * 0.78f, 14, 60);
  a.head_x = middle;
  a.head_y = static_cast<float>(top) * unit + static_cast<float>(height) * unit * 0.05f;
  a.head_width = exact::clamp(run * 0.85f, 16, 70);
  a.neck_x = middle;
  a.neck_y = static_cast<float>(top + height * 42 / 100) * unit;
  return a;
}

}  // namespace rushes::previz
