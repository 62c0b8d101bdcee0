// Ambience: what a place and its weather sound like, and the pad of a mood.
#pragma once

#include "previz/scene/shot.h"
#include "previz/sound/dsp.h"

namespace rushes::previz {

// Wind, leaves, surf, rain, birds, crickets, as the environment says; never silence.
void add_ambience(const Environment& environment, uint32_t seed, Stretch& out);

// A quiet chord; nothing for an empty or unknown mood.
void add_pad(const std::string& mood, uint32_t seed, Stretch& out);

}  // namespace rushes::previz
