// Path data to polylines, and polylines to the area that a stroke covers.
#pragma once

#include <string_view>

#include "previz/render/card/plane.h"

namespace rushes::previz::card {

// Reads one number and moves `text` past it and past a following comma; false if there is none.
// Decimal to binary is correctly rounded and knows no locale.
bool take_number(std::string_view& text, float& number);

// The `d` of a path, flattened in user units: curves deviate by at most `tolerance`. As SVG says,
// a mistake ends the path where it stands.
Outline parse_path(std::string_view data, float tolerance);

// A whole ellipse, and a rectangle with round corners.
Outline ellipse_outline(Vec2 centre, Vec2 radii, float tolerance);
Outline rectangle_outline(Vec2 corner, Vec2 size, Vec2 radii, float tolerance);

enum class Cap { kButt, kRound, kSquare };
enum class Join { kMiter, kRound, kBevel };
struct Stroke {
  float width = 1;
  Cap cap = Cap::kButt;
  Join join = Join::kMiter;
  float miter_limit = 4;
  std::vector<float> dashes;
};

// Contours that together cover the stroke (non-zero rule).
Outline stroke_outline(const Outline& lines, const Stroke& stroke, float tolerance);

}  // namespace rushes::previz::card
