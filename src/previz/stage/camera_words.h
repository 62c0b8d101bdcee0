// Camera words of the prompt ("push in", "crane up", "orbit") as paths.
#pragma once

#include "previz/scene/scene.h"
#include "previz/scene/shot.h"

namespace rushes::previz {

// A camera at rest that has its subject well framed.
struct CameraWords {
  Point position, forward, right;
  float distance = 7;    // of the subject
  float lens = 0.48f;    // tan of half the vertical field of view
  bool follows = false;  // it goes along with the subject already
};

// The path that ends, begins or passes there, as suits the word. kAuto is a slow push-in.
CameraPath path_of(Move move, const CameraWords& words);

}  // namespace rushes::previz
