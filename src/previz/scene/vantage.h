// Vantage: where the camera stands for a landscape (a shot without a subject), per biome. The
// authors of the biomes tune it; the director uses it.
#pragma once

#include "previz/scene/shot.h"

namespace rushes::previz {

struct Vantage {
  Point position, target;
  Point drift;  // metres a second: the slow flight that makes the shot cinematic
  float tan_half_fov = 0.47f;
};

// `upright` for 9:16, where the horizon wants another place in the frame.
Vantage landscape_vantage(const Environment& environment, bool upright);

}  // namespace rushes::previz
