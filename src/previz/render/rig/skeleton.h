// Skeleton: puts the bones of an animal around a BodyState.
#pragma once

#include <vector>

#include "previz/render/rig/clip.h"
#include "previz/render/rig/figure.h"
#include "previz/scene/scene.h"

namespace rushes::previz {

// Where a figure stands: local withers' heights to world metres.
struct Placement {
  Point base;  // on the ground, under the middle of the trunk
  Frame facing;
  float unit_m = 1;

  Point operator()(Point local) const { return base + facing(local) * unit_m; }
};

// What an animal wears. Colours are linear.
enum class Garment : uint8_t { kSunglasses, kHat, kCrown, kScarf, kBow };
struct Worn {
  Garment garment = Garment::kHat;
  Point colour;
};

// Fills `out` (cleared first), finished with bounds.
void build_animal(const Anatomy& anatomy, const BodyState& state, const Placement& placement,
                  const std::vector<Worn>& worn, Figure& out);

// Top of the head or ears of the animal at rest, in withers' heights (antlers do not count).
float rest_height(const Anatomy& anatomy);

}  // namespace rushes::previz
