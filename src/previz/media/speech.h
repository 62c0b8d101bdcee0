// Speech: a line of text spoken by a program (espeak-ng), as samples.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace rushes::previz {

inline constexpr int kSpeechRate = 48'000;

struct SpeechOptions {
  std::string program = "espeak-ng";
  std::string text;
  int voice = 0;  // 1, 2, ...: different speakers; 0 is the narrator
};

// Mono samples at kSpeechRate. kUnsupported if the program is not installed.
Result<std::vector<float>> speak(const SpeechOptions& options);

// A WAV file of 16-bit samples, mixed to mono and brought to kSpeechRate. A stream's header may
// claim more data than follows. kCorrupt for anything else.
Result<std::vector<float>> read_wav(std::string_view bytes);

}  // namespace rushes::previz
