// Coat: colours and pattern of an animal, in coat space: metres of a figure of shoulder height 1,
// at rest, so that stripes and masks travel with the body. Plain data; coat-inl.h paints it.
#pragma once

#include <cstdint>
#include <vector>

#include "previz/math/vector.h"
#include "previz/scene/scene.h"

namespace rushes::previz {

enum class Pattern : uint8_t {
  kPlain,
  kRaccoon,
  kFox,
  kTabby,
  kPatches,
  kHorse,
  kTiger,
  kDeer,
  kWool,
  kWolf,
  kLion,
  kHide,
};

// All colours are linear.
struct Coat {
  Pattern pattern = Pattern::kPlain;
  Point back{0.3f, 0.2f, 0.1f};  // along the spine
  Point flank{0.35f, 0.25f, 0.15f};
  Point belly{0.6f, 0.5f, 0.4f};
  Point marking{0.05f, 0.04f, 0.04f};  // mask, stripes, rings, patches
  Point light{0.8f, 0.77f, 0.7f};      // bib, tail tip, blaze, brows
  Point sock{0.05f, 0.04f, 0.04f};
  Point inner_ear{0.45f, 0.25f, 0.22f};
  Point iris{0.05f, 0.03f, 0.02f};
  Point nose{0.015f, 0.012f, 0.012f};
  float pupil_slit = 0;   // 0 round .. 1 a cat's
  float sock_height = 0;  // of the leg's height
  float fur = 1;          // strength of the fur's relief; 0 bare skin
  float curl = 0;         // 1: wool
  float shine = 0.15f;    // of a short coat
  // Proportions that the pattern is fitted to, in coat space.
  float head_radius = 0.2f, snout_length = 0.2f, leg_length = 0.6f, tail_length = 1;
  float body_half_length = 0.6f, body_radius = 0.25f, body_height = 0.7f;
  uint32_t seed = 0;
};

// sRGB to linear, without libm.
Point to_linear(Colour colour);
// The natural coat recoloured: the first colour takes the body and keeps the darkness of its parts,
// the second one the markings. Masks and rings stay, as in "a white raccoon".
Coat recoloured(const Coat& natural, const std::vector<Colour>& colours);

}  // namespace rushes::previz
