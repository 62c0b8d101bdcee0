#include "edge/store/fairness.h"

#include <gmock/gmock.h>

namespace rushes::store {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

FairQueue queue(int in_work, std::vector<uint64_t> keys) {
  FairQueue made{in_work, {}};
  for (const uint64_t key : keys) {
    made.due.push_back({from_unix_ms(static_cast<int64_t>(key)), key});
  }
  return made;
}

TEST(Fairness, OneQueueIsServedInTheOrderItWaits) {
  EXPECT_THAT(choose_fairly({queue(0, {1, 2, 3})}, 2), ElementsAre(1, 2));
}

TEST(Fairness, QueuesTakeTurnsHoweverLongOneIs) {
  EXPECT_THAT(choose_fairly({queue(0, {1, 2, 3, 4}), queue(0, {5})}, 3), ElementsAre(1, 5, 2));
}

TEST(Fairness, WhatIsInWorkCountsAgainstItsQueue) {
  EXPECT_THAT(choose_fairly({queue(2, {1, 2}), queue(0, {5, 6, 7})}, 3), ElementsAre(5, 6, 1));
}

TEST(Fairness, NothingDueChoosesNothing) {
  EXPECT_THAT(choose_fairly({}, 3), IsEmpty());
  EXPECT_THAT(choose_fairly({queue(0, {})}, 3), IsEmpty());
  EXPECT_THAT(choose_fairly({queue(0, {1})}, 0), IsEmpty());
}

}  // namespace
}  // namespace rushes::store
