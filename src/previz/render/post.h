// Post: from linear light to an 8-bit picture: vignette, tone curve, grade, grain.
#pragma once

#include <cstdint>

#include "previz/render/picture.h"
#include "previz/render/threads.h"
#include "previz/scene/scene.h"

namespace rushes::previz {

struct PostOptions {
  Grade grade = Grade::kFilm;
  float exposure = 1;
  uint32_t frame = 0;  // moves the grain
  int64_t targets = 0;
};

// `light.extra` is the distance of the surface; the sky (kFarAway) stays free of grain, which would
// cost bits and show as noise on flat colour. It gets a fixed dither of half a code against
// banding.
void tone_map(const Planes& light, const PostOptions& options, ThreadPool& pool, Picture& out);

// The Highway targets this build was compiled for, as a mask.
int64_t post_targets();

}  // namespace rushes::previz
