// Blocking: who stands where, looks where and moves how.
//
// The main subject performs at the origin: what moves passes it at the middle of the shot, what
// stands stands there. Movers cross the frame along x, or come along z.
#pragma once

#include <cstdint>
#include <vector>

#include "previz/scene/scene.h"
#include "previz/scene/shot.h"

namespace rushes::previz {

struct BlockingOptions {
  float duration_seconds = 5;  // in the shot's own time, that is: times its speed
  float side = 1;              // +1: the main subject looks to the right, -1: to the left
  bool upright = false;        // a tall frame: groups stand deeper and closer
  bool camera_follows = true;  // else movers are slowed down to stay within a picture
  uint64_t task_seed = 0;
  uint32_t seed = 0;  // of the shot
};

// One or more actors per subject, main first, then what they have set down. Groups and then things
// are smaller in number where the set is full (kActorsMax); every subject is there.
std::vector<Actor> block(const SceneIR& scene, const BlockingOptions& options);

// Eight corners of the actor's box at `seconds` of the shot's own time.
void append_corners(const Actor& actor, float seconds, std::vector<Point>& corners);

}  // namespace rushes::previz
