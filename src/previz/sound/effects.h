// Effects: what things on the set sound like: steps, engines, fire, and the cut itself.
#pragma once

#include "previz/scene/shot.h"
#include "previz/sound/dsp.h"

namespace rushes::previz {

// Everything that the actors of a shot do audibly. Times run by the shot's own clock.
void add_actors(const Shot& shot, uint32_t seed, Stretch& out);

// A whoosh around a cut at `cut_seconds` of the stretch's time.
void add_whoosh(float cut_seconds, uint32_t seed, Stretch& out);

}  // namespace rushes::previz
