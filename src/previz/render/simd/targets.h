// Which of Highway's targets the renderer is compiled for. Include before anything of Highway.
//
// Few, to bound compile time: the portable baseline, SSE4, AVX2 and AVX-512 on x86; whatever
// Highway offers elsewhere. All give the same bits. Sanitizer builds have one, SSE4 on x86: the
// portable baseline is loops over single lanes, over which an instrumenting compiler broods for
// minutes.
#pragma once

#if defined(RUSHES_RENDER_NARROW)  // sanitizer builds
#define HWY_COMPILE_ONLY_STATIC
#elif defined(RUSHES_RENDER_QUICK)
#define HWY_DISABLED_TARGETS (HWY_SSSE3 | HWY_SSE4 | HWY_AVX2 | HWY_AVX3_DL)
#else
#define HWY_DISABLED_TARGETS (HWY_SSSE3 | HWY_AVX3_DL)
#endif

#include <hwy/targets.h>  // not highway.h: it must come after foreach_target.h

#include <bit>
#include <cstddef>
#include <cstdint>

namespace rushes::previz {

// Packets have 4, 8 or 16 lanes; buffers are padded so that the widest fits.
inline constexpr int kWidestPacket = 16;

// Position in a HWY_EXPORT table of the best target among `targets` (a mask of HWY_* bits) that was
// compiled and that this machine has; 0 means all of them. Highway's own choice is one mutable
// global, which tests could not vary side by side.
inline size_t target_index(int64_t targets) {
  // A single target has a table of one.
  if constexpr (std::has_single_bit(uint64_t{HWY_TARGETS})) return 0;
  hwy::ChosenTarget chosen;
  const int64_t supported = hwy::SupportedTargets();
  chosen.Update(targets == 0 ? supported : (supported & targets));
  return chosen.GetIndex();
}

}  // namespace rushes::previz

// Calls the function exported by HWY_EXPORT(NAME) for a mask of targets.
#define RUSHES_DISPATCH(TARGETS, NAME) \
  (*HWY_DISPATCH_TABLE(NAME)[::rushes::previz::target_index(TARGETS)])
