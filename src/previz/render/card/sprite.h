// Sprite: an icon made solid. Its outline is blurred at four widths; the blurs add up to a pillow-
// shaped height whose slope bends the normals, so that a drawing reads as a glossy vinyl toy.
// Baked once per shot; read-only afterwards.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "previz/scene/scene.h"

namespace rushes::previz {

// Where things are in an icon, in its 128 units; y down.
struct IconAnchors {
  float eye_x = 64, eye_y = 40;    // between the eyes
  float eye_span = 36;             // how wide glasses are
  float eye_turn = 0;              // degrees, clockwise
  float head_x = 64, head_y = 20;  // where a hat's brim sits
  float head_width = 50;
  float neck_x = 64, neck_y = 60;
  bool bends = false;              // its legs fold forward when it leans back
  float hip_x = 64, hip_y = 80;    // where they fold
  float seat_x = 64, seat_y = 90;  // what it sits on
};

struct Sprite {
  static constexpr int kSize = 768;
  static constexpr int kLevels = 4;  // each half as large as the one before
  static constexpr int kProfile = 64;

  // Per texel: red, green, blue (square roots of linear light, premultiplied), alpha; 8 bits each,
  // red lowest. Levels one after the other.
  std::vector<int32_t> colours;
  // Per texel: the slope to the right (low half) and upwards (high half), times 4096.
  std::vector<int32_t> slopes;
  std::array<int, kLevels> first{};  // texel of a level

  float left = 0, right = 1, top = 0, bottom = 1;  // of what is opaque; 0..1, y down
  IconAnchors anchors;
  float tall = 1;                      // height of the upright figure, a fraction of the square
  float stand_u = 0.5f, stand_v = 1;   // the point that stands (or sits) on the ground
  std::array<float, kProfile> feet{};  // how much of it touches the lowest line, over x

  static constexpr int size_of(int level) { return kSize >> level; }
};

// What the sprite shows. Two equal orders give equal sprites.
struct SpriteOrder {
  std::string icon;
  std::vector<Colour> colours;
  std::vector<Accessory> accessories;
  float recline = 0;
};

// Finds the SVG of an icon by name.
using IconSource = std::optional<std::string> (*)(std::string_view name);

// A plain label-sized ball stands in for an icon that `icons` does not have.
Sprite make_sprite(const SpriteOrder& order, IconSource icons);

// Known anchors, or a guess from the outline (alpha 0..1, size x size).
IconAnchors anchors_of(std::string_view icon, const std::vector<float>& alpha, int size);

}  // namespace rushes::previz
