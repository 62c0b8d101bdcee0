#include "previz/sound_stage.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "previz/language/language.h"
#include "previz/media/speech.h"

namespace rushes::previz {
namespace {

constexpr float kLeadSeconds = 0.4f;    // before the first line of a shot
constexpr float kPauseSeconds = 0.35f;  // between lines

void note_once(Plan& plan, std::string note) {
  if (std::ranges::find(plan.notes, note) == plan.notes.end()) {
    plan.notes.push_back(std::move(note));
  }
}

}  // namespace

Result<Soundtrack> make_soundtrack(Plan& plan, uint64_t seed, const std::string& speaker) {
  std::vector<SpeechLine> lines;
  std::vector<Shot> shots;
  float free_from = 0;  // when the last line has ended
  for (const PlannedShot& planned : plan.shots) {
    shots.push_back(planned.shot);
    const float begin =
        static_cast<float>(planned.shot.first_frame) / static_cast<float>(planned.shot.fps);
    float at = std::max(begin + kLeadSeconds, free_from);
    for (const std::string& text : planned.scene.dialogue) {
      const SpokenLine spoken = read_spoken_line(text);
      auto samples = speak({.program = speaker, .text = spoken.text, .voice = spoken.voice});
      if (!samples) {
        if (samples.error().code == ErrorCode::kUnsupported) {
          note_once(plan, fmt::format("{} is not installed: no speech", speaker));
        } else {
          note_once(plan, "a line could not be spoken: " + samples.error().message);
        }
        continue;
      }
      const float length = static_cast<float>(samples->size()) / kSampleRate;
      lines.push_back({at, std::move(*samples)});
      at = free_from = at + length + kPauseSeconds;
    }
  }
  const auto clip_end =
      static_cast<float>(plan.frame_count) / static_cast<float>(plan.shots.front().shot.fps);
  if (free_from - kPauseSeconds > clip_end) {
    note_once(plan, "the dialogue is longer than the clip: its end is cut off");
  }
  return synthesise_soundtrack(
      shots, lines, exact::hash(static_cast<uint32_t>(seed), static_cast<uint32_t>(seed >> 32)));
}

}  // namespace rushes::previz
