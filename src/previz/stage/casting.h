// Casting: how large each subject is and how fast it can go.
#pragma once

#include "previz/scene/scene.h"

namespace rushes::previz {

// Metres and metres a second, standing.
struct Build {
  float height_m = 1, length_m = 1, width_m = 0.5f;
  float walk_speed = 1, run_speed = 3;
};

// Of a rig by its species; of a card by what its icon shows; scaled by the subject's own scale.
// Between half a metre and eight, so that a cup fills a frame as well as a whale does.
Build build_of(const Subject& subject);

// Metres a second that an action moves a subject of that build; 0 for what is done on the spot.
float speed_of(Action action, const Build& build);

}  // namespace rushes::previz
