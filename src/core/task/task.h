// Task: one accepted spec with its state, and the values around it. Pure data, no behaviour.
#pragma once

#include <compare>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "core/task/spec.h"

namespace rushes {

// A strong type around text: an AccountId is never passed where a KeyId is meant.
template <class Tag>
struct Id {
  std::string value;
  bool empty() const { return value.empty(); }
  auto operator<=>(const Id&) const = default;
};
using AccountId = Id<struct AccountTag>;
using KeyId = Id<struct KeyTag>;
using NodeId = Id<struct NodeTag>;

// 41 bits of milliseconds since 2024-01-01 and 22 random bits; a decimal string on every wire.
struct TaskId {
  uint64_t value = 0;
  std::string to_string() const;
  // Exactly the digits that to_string writes; nothing otherwise.
  static std::optional<TaskId> parse(std::string_view text);
  static TaskId make(Timestamp now, uint32_t random);
  auto operator<=>(const TaskId&) const = default;
};

// The internal states; docs/ARCHITECTURE.md has the table of who moves a task out of each.
enum class TaskState {
  kQueued,      // durable, nobody works on it
  kSubmitting,  // an attempt is written, the provider may have been asked (remote providers)
  kRunning,     // bound to an upstream id (remote providers)
  kRendering,   // a local child process makes it
  kFetching,    // the result is known, its bytes are not ours yet
  kSucceeded,
  kFailed,
};
std::string_view to_string(TaskState state);
std::optional<TaskState> parse_task_state(std::string_view word);
constexpr bool is_terminal(TaskState state) {
  return state == TaskState::kSucceeded || state == TaskState::kFailed;
}

// The four words of the Kling wire.
enum class PublicState { kSubmitted, kProcessing, kSucceed, kFailed };
PublicState public_state(TaskState state);
std::string_view to_string(PublicState state);

enum class ArtifactKind { kVideo, kWatermarkedVideo, kPoster };
std::string_view to_string(ArtifactKind kind);
std::optional<ArtifactKind> parse_artifact_kind(std::string_view word);

// A stored result. `blob_key` names it in the blob store; the client only sees a signed URL.
struct Artifact {
  TaskId id;  // unique among tasks and artifacts: it is the `videos[].id` of the wire
  ArtifactKind kind = ArtifactKind::kVideo;
  std::string blob_key;
  std::string content_type;
  uint64_t size_bytes = 0;
  std::string sha256;  // lower-case hex; also the ETag
  Millis duration{0};  // 0 for pictures
  bool operator==(const Artifact&) const = default;
};

// Prices are counted in tenths of a unit, in integers only.
using UnitTenths = int64_t;
std::string format_units(UnitTenths tenths);  // "3", "1.8", "0"

struct Task {
  TaskId id;
  AccountId account;
  std::string family = "text2video";
  std::string dialect;  // the dialect it was created in, e.g. "kling"
  std::string profile;  // and its profile, e.g. "official"
  Spec spec;
  std::string provider;  // in whose queue it stands, or who makes it
  TaskState state = TaskState::kQueued;
  int attempt = 0;              // of the current or last try; 0 before the first
  int failures = 0;             // tries that the provider ended badly; a lost lease is none
  int progress_percent = 0;     // 0..100, monotonic within an attempt; not durable to the percent
  std::string failure_code;     // machine word, e.g. "render_failed", "cancelled"; terminal only
  std::string failure_message;  // what the client reads; terminal only
  std::vector<std::string> notes;  // what the renderer has to say: drawn, ignored, missing tools
  std::vector<Artifact> artifacts;
  UnitTenths price_estimate = 0;
  std::optional<UnitTenths> price_final;  // set with the terminal state
  Timestamp created_at{};
  Timestamp updated_at{};  // of the last change that a client can see
  bool cancel_requested = false;
  bool begun = false;  // work was seen to begin: it reads kProcessing until its end
};

// "processing" begins at the claim of a task that is rendered here and at the bind of one that a
// provider makes; from then on as public_state(state), but never back to kSubmitted.
PublicState public_state(const Task& task);

// One line of a task's history; append-only.
struct TaskEvent {
  int64_t sequence = 0;
  Timestamp at{};
  std::string name;    // "submitted", "claimed", "succeeded", "lease_expired", ...
  std::string detail;  // for the operator
};

}  // namespace rushes

template <>
struct std::hash<rushes::TaskId> {
  size_t operator()(const rushes::TaskId& id) const noexcept {
    return std::hash<uint64_t>{}(id.value);
  }
};
