// Enlarging a picture (4K is rendered smaller): Lanczos in 8-bit codes with integer weights, then a
// light unsharp mask. Integer arithmetic, so the bits are the same everywhere.
#pragma once

#include "previz/render/picture.h"
#include "previz/render/threads.h"

namespace rushes::previz {

// Fills `to` (already sized) from `from`, which must not be larger.
void enlarge(const Picture& from, ThreadPool& pool, Picture& to);

}  // namespace rushes::previz
