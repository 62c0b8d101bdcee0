// Props: modelled things, as figures of boards and balls.
#pragma once

#include <string_view>

#include "previz/render/rig/figure.h"
#include "previz/scene/shot.h"

namespace rushes::previz {

// True if build_prop knows it.
bool is_prop(std::string_view name);

// `at` is on the ground under its middle. Fills `out` (cleared first), finished with bounds.
// A name that is_prop() does not know becomes a rock.
void build_prop(const Actor& actor, Point at, float seconds, Figure& out);

}  // namespace rushes::previz
