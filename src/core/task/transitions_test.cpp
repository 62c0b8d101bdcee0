#include "core/task/transitions.h"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <set>
#include <string>

namespace rushes {
namespace {

constexpr TaskState kAll[] = {TaskState::kQueued,    TaskState::kSubmitting, TaskState::kRunning,
                              TaskState::kRendering, TaskState::kFetching,   TaskState::kSucceeded,
                              TaskState::kFailed};

bool should_update_goldens() {
  for (const std::string& argument : ::testing::internal::GetArgvs()) {
    if (argument == "--update-goldens") return true;
  }
  return false;
}

TEST(Transitions, TerminalStatesHaveNoWayOut) {
  for (const TaskState to : kAll) {
    EXPECT_FALSE(is_allowed(TaskState::kSucceeded, to));
    EXPECT_FALSE(is_allowed(TaskState::kFailed, to));
  }
}

TEST(Transitions, EveryStateButTheTerminalOnesCanBeCancelled) {
  for (const TaskState state : kAll) {
    EXPECT_EQ(next_state(state, TaskEventKind::kCancel).has_value(), !is_terminal(state))
        << to_string(state);
  }
}

TEST(Transitions, EveryTransitionLeadsToATerminalStateSomehow) {
  std::set<TaskState> ends{TaskState::kSucceeded, TaskState::kFailed};
  for (int round = 0; round < 7; ++round) {
    for (const Transition& transition : transitions()) {
      if (ends.contains(transition.to)) ends.insert(transition.from);
    }
  }
  EXPECT_EQ(ends.size(), std::size(kAll));
}

TEST(Transitions, OneEventInOneStateHasOneMeaning) {
  std::set<std::pair<TaskState, TaskEventKind>> seen;
  for (const Transition& transition : transitions()) {
    EXPECT_TRUE(seen.emplace(transition.from, transition.event).second)
        << to_string(transition.from) << " " << to_string(transition.event);
  }
}

TEST(Transitions, WorkIsClaimedBeforeItIsDone) {
  EXPECT_EQ(next_state(TaskState::kQueued, TaskEventKind::kClaimLocal), TaskState::kRendering);
  EXPECT_FALSE(is_allowed(TaskState::kQueued, TaskState::kSucceeded));
  EXPECT_TRUE(is_allowed(TaskState::kRendering, TaskState::kSucceeded));
  EXPECT_FALSE(is_allowed(TaskState::kRunning, TaskState::kSucceeded));
}

TEST(Transitions, WhatAProviderMayHoldIsNeverSimplyQueuedAgain) {
  for (const TaskState state : kAll) {
    EXPECT_EQ(next_state(state, TaskEventKind::kAbandon).has_value(),
              state == TaskState::kRendering)
        << to_string(state);
  }
  EXPECT_EQ(next_state(TaskState::kSubmitting, TaskEventKind::kRetry), TaskState::kQueued);
}

TEST(Transitions, ATaskOnceSeenProcessingNeverReadsAsSubmittedAgain) {
  Task task;
  EXPECT_EQ(public_state(task), PublicState::kSubmitted);
  task.state = TaskState::kSubmitting;
  task.attempt = 1;
  EXPECT_EQ(public_state(task), PublicState::kSubmitted) << "the provider has not accepted it";
  task.state = TaskState::kRunning;
  EXPECT_EQ(public_state(task), PublicState::kProcessing);
  task.begun = true;
  for (const TaskState state : {TaskState::kQueued, TaskState::kSubmitting}) {
    task.state = state;
    EXPECT_EQ(public_state(task), PublicState::kProcessing) << to_string(state);
  }
  task.state = TaskState::kFailed;
  EXPECT_EQ(public_state(task), PublicState::kFailed);
}

TEST(Transitions, TheTableInTheDocsIsTheTableInTheCode) {
  const std::string path = std::string(RUSHES_SOURCE_DIR) + "/docs/states.md";
  if (should_update_goldens()) std::ofstream(path) << transitions_markdown();
  std::ifstream file(path);
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  EXPECT_EQ(text, transitions_markdown()) << "run core_task_test --update-goldens";
}

}  // namespace
}  // namespace rushes
