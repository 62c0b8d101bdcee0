// Attempt: one try of one task at one provider, as the operator sees it. A value; the store keeps
// every attempt of a remote provider from before its request leaves (the write-ahead record of
// submission) for as long as the task's record lives. No member is ever shown to a client.
#pragma once

#include <optional>
#include <string>

#include "core/task/task.h"

namespace rushes {

enum class AttemptState {
  kPrepared,  // written; the request may have left
  kBound,     // the provider accepted it: `upstream_id` is set
  kAbsent,    // proven never to have been accepted
  kSucceeded,
  kFailed,   // the provider ended it, or refused it
  kUnknown,  // given up without proof: the operator has to look
};
std::string_view to_string(AttemptState state);
std::optional<AttemptState> parse_attempt_state(std::string_view word);

struct Attempt {
  TaskId task;
  int number = 0;  // Task::attempt at its claim
  AttemptState state = AttemptState::kPrepared;
  std::string provider;    // its name in the configuration, at that time
  std::string credential;  // the label of the credential
  std::string pin;         // the frozen settings of both: Store::find_pin
  std::string model;       // the upstream's name
  std::string handle;      // our id as the upstream was given it
  std::string upstream_id;
  std::string upstream_request_id;  // of the last reply that carried one
  std::string status;               // the upstream's own word, as it came
  std::string reason;               // the upstream's own reason, as it came
  std::optional<UnitTenths> cost;   // what the upstream says that it took
  Timestamp begun_at{};
  std::optional<Timestamp> bound_at, ended_at;
  // Of a submission whose end is unknown: look-ups that found nothing, and when the first was.
  int absent_lookups = 0;
  std::optional<Timestamp> first_lookup_at;
  bool operator==(const Attempt&) const = default;
};

}  // namespace rushes
