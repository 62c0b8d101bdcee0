#include "core/task/task.h"

#include <charconv>

#include "base/check.h"
#include "base/words.h"

namespace rushes {
namespace {

constexpr int kRandomBits = 22;
constexpr int64_t kEpochUnixMs = 1704067200000;  // 2024-01-01T00:00:00Z

constexpr Words<TaskState, 7> kStates{{{TaskState::kQueued, "queued"},
                                       {TaskState::kSubmitting, "submitting"},
                                       {TaskState::kRunning, "running"},
                                       {TaskState::kRendering, "rendering"},
                                       {TaskState::kFetching, "fetching"},
                                       {TaskState::kSucceeded, "succeeded"},
                                       {TaskState::kFailed, "failed"}}};

constexpr Words<ArtifactKind, 3> kKinds{{{ArtifactKind::kVideo, "video"},
                                         {ArtifactKind::kWatermarkedVideo, "watermarked_video"},
                                         {ArtifactKind::kPoster, "poster"}}};

}  // namespace

std::string TaskId::to_string() const { return std::to_string(value); }

std::optional<TaskId> TaskId::parse(std::string_view text) {
  TaskId id;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, id.value);
  if (text.empty() || error != std::errc{} || stop != end || text.front() == '0') {
    return std::nullopt;
  }
  return id;
}

TaskId TaskId::make(Timestamp now, uint32_t random) {
  const int64_t ms = to_unix_ms(now) - kEpochUnixMs;
  RUSHES_CHECK(ms > 0);
  return TaskId{(static_cast<uint64_t>(ms) << kRandomBits) | (random & ((1u << kRandomBits) - 1))};
}

std::string_view to_string(TaskState state) { return word_of(kStates, state); }

std::optional<TaskState> parse_task_state(std::string_view word) {
  return parse_word(kStates, word);
}

PublicState public_state(TaskState state) {
  switch (state) {
    case TaskState::kQueued:
    case TaskState::kSubmitting: return PublicState::kSubmitted;
    case TaskState::kRunning:
    case TaskState::kRendering:
    case TaskState::kFetching: return PublicState::kProcessing;
    case TaskState::kSucceeded: return PublicState::kSucceed;
    case TaskState::kFailed: return PublicState::kFailed;
  }
  return PublicState::kFailed;
}

PublicState public_state(const Task& task) {
  const PublicState state = public_state(task.state);
  return state == PublicState::kSubmitted && task.begun ? PublicState::kProcessing : state;
}

std::string_view to_string(PublicState state) {
  switch (state) {
    case PublicState::kSubmitted: return "submitted";
    case PublicState::kProcessing: return "processing";
    case PublicState::kSucceed: return "succeed";
    case PublicState::kFailed: return "failed";
  }
  return {};
}

std::string_view to_string(ArtifactKind kind) { return word_of(kKinds, kind); }

std::optional<ArtifactKind> parse_artifact_kind(std::string_view word) {
  return parse_word(kKinds, word);
}

std::string format_units(UnitTenths tenths) {
  std::string text = std::to_string(tenths / 10);
  if (tenths % 10 != 0) text.append(".").append(std::to_string(tenths % 10));
  return text;
}

}  // namespace rushes
