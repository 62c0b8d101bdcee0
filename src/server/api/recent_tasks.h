// RecentTasks: finished tasks that were just read. Clients poll, and a finished task never changes
// but for its purge, so the next reads within a second need no look into the store.
//
// Shared by all connection threads; a lock guards the table for the length of one look.
#pragma once

#include <chrono>
#include <memory>
#include <mutex>
#include <unordered_map>

#include "core/task/task.h"

namespace rushes::api {

class RecentTasks {
 public:
  using Clock = std::chrono::steady_clock;

  // Null: not remembered (any more), or another account's.
  std::shared_ptr<const Task> find(const AccountId& account, TaskId id, Clock::time_point now) {
    const std::lock_guard lock(mutex_);
    const auto found = tasks_.find(id);
    if (found == tasks_.end() || found->second.until < now) return nullptr;
    return found->second.task->account == account ? found->second.task : nullptr;
  }

  // Unfinished tasks are not remembered: their next read must see the next state.
  void remember(std::shared_ptr<const Task> task, Clock::time_point now) {
    if (!is_terminal(task->state)) return;
    const std::lock_guard lock(mutex_);
    if (tasks_.size() >= kTasksMax) tasks_.clear();
    const TaskId id = task->id;
    tasks_.insert_or_assign(id, Remembered{std::move(task), now + kRememberedFor});
  }

 private:
  static constexpr std::chrono::seconds kRememberedFor{1};
  static constexpr size_t kTasksMax = 4096;

  // shared_ptr: a reader may still encode a task that the table has dropped; it is immutable.
  struct Remembered {
    std::shared_ptr<const Task> task;
    Clock::time_point until;
  };
  std::mutex mutex_;
  std::unordered_map<TaskId, Remembered> tasks_;
};

}  // namespace rushes::api
