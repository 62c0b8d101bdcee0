#include "server/api/recent_tasks.h"

#include <gtest/gtest.h>

namespace rushes::api {
namespace {

using namespace std::chrono_literals;

std::shared_ptr<const LinkedTask> task_in(TaskState state) {
  auto linked = std::make_shared<LinkedTask>();
  linked->task.id = TaskId{7};
  linked->task.account = AccountId{"mine"};
  linked->task.state = state;
  return linked;
}

TEST(RecentTasks, AFinishedTaskIsRememberedForASecond) {
  RecentTasks recent;
  const RecentTasks::Clock::time_point now{};
  recent.remember(task_in(TaskState::kSucceeded), now);
  EXPECT_NE(recent.find(AccountId{"mine"}, TaskId{7}, now + 1s), nullptr);
  EXPECT_EQ(recent.find(AccountId{"mine"}, TaskId{7}, now + 1001ms), nullptr);
}

TEST(RecentTasks, NobodyElseSeesIt) {
  RecentTasks recent;
  const RecentTasks::Clock::time_point now{};
  recent.remember(task_in(TaskState::kFailed), now);
  EXPECT_EQ(recent.find(AccountId{"theirs"}, TaskId{7}, now), nullptr);
}

TEST(RecentTasks, AnUnfinishedTaskIsAlwaysReadAfresh) {
  RecentTasks recent;
  const RecentTasks::Clock::time_point now{};
  for (const TaskState state : {TaskState::kQueued, TaskState::kRendering}) {
    recent.remember(task_in(state), now);
    EXPECT_EQ(recent.find(AccountId{"mine"}, TaskId{7}, now), nullptr);
  }
}

}  // namespace
}  // namespace rushes::api
