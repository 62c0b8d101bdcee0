#include "edge/store/fairness.h"

#include <gmock/gmock.h>

namespace rushes::store {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

AccountQueue queue(std::string account, int in_work, std::vector<uint64_t> ids) {
  AccountQueue made{{std::move(account)}, in_work, {}};
  for (const uint64_t id : ids) made.due.push_back({from_unix_ms(static_cast<int64_t>(id)), {id}});
  return made;
}

TEST(Fairness, OneAccountIsServedInTheOrderItWaits) {
  EXPECT_THAT(choose_fairly({queue("a", 0, {1, 2, 3})}, 2), ElementsAre(TaskId{1}, TaskId{2}));
}

TEST(Fairness, AccountsTakeTurnsHoweverManyTasksOneHas) {
  EXPECT_THAT(choose_fairly({queue("a", 0, {1, 2, 3, 4}), queue("b", 0, {5})}, 3),
              ElementsAre(TaskId{1}, TaskId{5}, TaskId{2}));
}

TEST(Fairness, TasksInWorkCountAgainstTheirAccount) {
  EXPECT_THAT(choose_fairly({queue("a", 2, {1, 2}), queue("b", 0, {5, 6, 7})}, 3),
              ElementsAre(TaskId{5}, TaskId{6}, TaskId{1}));
}

TEST(Fairness, NothingDueChoosesNothing) {
  EXPECT_THAT(choose_fairly({}, 3), IsEmpty());
  EXPECT_THAT(choose_fairly({queue("a", 0, {})}, 3), IsEmpty());
  EXPECT_THAT(choose_fairly({queue("a", 0, {1})}, 0), IsEmpty());
}

}  // namespace
}  // namespace rushes::store
