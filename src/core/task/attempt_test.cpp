#include "core/task/attempt.h"

#include <gtest/gtest.h>

#include <utility>

namespace rushes {
namespace {

TEST(Attempt, EveryStateHasItsWordAndIsReadBackFromIt) {
  const std::pair<AttemptState, std::string_view> words[] = {
      {AttemptState::kPrepared, "prepared"}, {AttemptState::kBound, "bound"},
      {AttemptState::kAbsent, "absent"},     {AttemptState::kSucceeded, "succeeded"},
      {AttemptState::kFailed, "failed"},     {AttemptState::kUnknown, "unknown"},
  };
  for (const auto& [state, word] : words) {
    EXPECT_EQ(to_string(state), word);
    EXPECT_EQ(parse_attempt_state(word), state);
  }
}

TEST(Attempt, AWordThatIsNoStateIsRefused) {
  for (const std::string_view word : {"", "Bound", "bound ", "running"}) {
    EXPECT_FALSE(parse_attempt_state(word)) << word;
  }
}

}  // namespace
}  // namespace rushes
