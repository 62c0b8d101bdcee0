#include "core/task/attempt.h"

#include "base/words.h"

namespace rushes {
namespace {

constexpr Words<AttemptState, 6> kStates{{{AttemptState::kPrepared, "prepared"},
                                          {AttemptState::kBound, "bound"},
                                          {AttemptState::kAbsent, "absent"},
                                          {AttemptState::kSucceeded, "succeeded"},
                                          {AttemptState::kFailed, "failed"},
                                          {AttemptState::kUnknown, "unknown"}}};

}  // namespace

std::string_view to_string(AttemptState state) { return word_of(kStates, state); }

std::optional<AttemptState> parse_attempt_state(std::string_view word) {
  return parse_word(kStates, word);
}

}  // namespace rushes
