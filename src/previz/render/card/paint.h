// Paint: colours and gradients of an icon.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "previz/render/card/plane.h"

namespace rushes::previz::card {

struct Rgba {
  float red = 0, green = 0, blue = 0, alpha = 1;
};

// "#rgb", "#rrggbb", "rgb()", "rgba()" and a few names; nothing for "none" and the unknown.
std::optional<Rgba> parse_colour(std::string_view text);
// "matrix(...) rotate(...)" and so on; stops at the first mistake.
Affine parse_transform(std::string_view text);

struct Gradient {
  struct Stop {
    float offset = 0;
    Rgba colour;
  };
  bool radial = false;
  bool in_box = true;         // gradientUnits="objectBoundingBox"
  Vec2 from{0, 0}, to{1, 0};  // linear
  Vec2 centre{0.5f, 0.5f}, focus{0.5f, 0.5f};
  float radius = 0.5f;
  Affine transform;
  std::vector<Stop> stops;  // offsets do not fall

  // Where p (in the gradient's own space) lies between the first stop (0) and the last (1).
  float position(Vec2 p) const;
  Rgba colour_at(float position) const;
};

// What fills an area: a plain colour, or a gradient with the map from pixels to its space.
struct Paint {
  Rgba colour;
  const Gradient* gradient = nullptr;
  Affine to_gradient;

  Rgba at(float x, float y) const;
};

}  // namespace rushes::previz::card
