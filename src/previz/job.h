// Job: what `rushes render --job FILE --out DIR` is told to make. The `command` contract speaks the
// same JSON to any program.
//
// In:   FILE is to_json(Job).
// Out:  progress as JSON lines on standard output, {"progress": 0..1, "frame": n, "frames": n};
//       DIR/video.mp4, DIR/watermarked.mp4 (if asked for), DIR/poster.jpg, DIR/result.json
//       (JobResult); exit code 0, 1 (failed; the last line on standard error says why) or 2 (bad
//       job).
// A kill at any moment leaves only temporary files in DIR (names that begin with a dot).
//
// The JSON has the members of Job by their names here; every one may be left out and then has its
// default, unknown ones are refused. Enumerations are words:
//   storyboard  "single" "customize" "intelligence"
//   quality     "draft" "standard" "high" "ultra"
//   camera      {"kind": "none" "horizontal" "vertical" "pan" "tilt" "roll" "zoom" "down_back"
//               "forward_up" "right_turn_forward" "left_turn_forward", "value": -10..10}
//   seed        a decimal string (64 bits are more than JSON's numbers hold) or a number
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/json/value.h"
#include "base/result.h"
#include "previz/scene/shot.h"

namespace rushes::previz {

// Bounds of a job; outside of them job_from_json refuses.
inline constexpr int kSideMin = 16, kSideMax = 4096;  // pixels, even
inline constexpr int kFpsMin = 1, kFpsMax = 60;
inline constexpr int kDurationMin = 1, kDurationMax = 60;  // seconds
inline constexpr int kPromptBytesMax = 20'000;
inline constexpr int kThreadsMax = 256;

enum class StoryboardKind { kSingle, kCustomize, kIntelligence };
enum class Quality {
  kDraft,
  kStandard,
  kHigh,
  kUltra
};  // 1, 2, 4, 2 samples; ultra renders at 2/3 size

struct JobShot {
  std::string prompt;
  int duration_s = 0;
};

struct Job {
  std::string prompt;
  std::string negative_prompt;
  StoryboardKind storyboard = StoryboardKind::kSingle;
  std::vector<JobShot> shots;      // kCustomize: in order, durations sum to duration_s
  CameraMove camera;               // kNone: camera words of the prompt, else the director
  int width = 1280, height = 720;  // even, 16..4096
  int fps = 24;                    // 1..60
  int duration_s = 5;              // 1..60
  bool sound = false;
  bool watermark = false;
  Quality quality = Quality::kStandard;
  uint64_t seed = 0;
  int threads = 0;  // 0: one per core
};

json::Value to_json(const Job& job);
Result<Job> job_from_json(
    const json::Value& value);  // kInvalidInput names the member and its bounds

// DIR/result.json
struct JobResult {
  int frame_count = 0;
  int fps = 24;
  std::vector<std::string> drawn;    // "raccoon: rig raccoon", "t-rex: card", ...
  std::vector<std::string> ignored;  // words nobody understood
  std::vector<std::string> notes;    // e.g. "espeak-ng is not installed: no speech"
};
json::Value to_json(const JobResult& result);
Result<JobResult> job_result_from_json(const json::Value& value);

}  // namespace rushes::previz
