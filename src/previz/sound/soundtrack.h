// Soundtrack: ambience, actions and speech of a whole clip, synthesised from the same values that
// the pictures come from. Pure and deterministic; speech comes in as samples.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "previz/scene/shot.h"

namespace rushes::previz {

inline constexpr int kSampleRate = 48'000;

struct Soundtrack {
  std::vector<float> left, right;  // -1..1, the same count, exactly the length of the clip
};

// One spoken line: mono samples at kSampleRate, begun `start_seconds` into the clip.
struct SpeechLine {
  float start_seconds = 0;
  std::vector<float> samples;
};

// `shots` in the order of the clip. About -18 LUFS, true peak at most -1.5 dBTP; cross-fades of 80
// ms at cuts.
Soundtrack synthesise_soundtrack(std::span<const Shot> shots, std::span<const SpeechLine> speech,
                                 uint32_t seed);

}  // namespace rushes::previz
