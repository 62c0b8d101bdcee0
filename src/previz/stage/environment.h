// Light and weather of a shot.
#pragma once

#include "previz/scene/scene.h"
#include "previz/scene/shot.h"

namespace rushes::previz {

// `facing` is +1 if the subjects look to the right of the picture, -1 to the left, 0 if there are
// none: the sun stands on the side they look to, so that faces are lit.
Environment environment_of(const SceneIR& scene, float facing);

}  // namespace rushes::previz
