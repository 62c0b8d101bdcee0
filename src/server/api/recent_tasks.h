// RecentTasks: finished tasks that were just read, with the links to their results. Clients poll,
// and a finished task never changes but for its purge, so the next reads within a second need
// neither the store nor new signatures.
//
// Shared by all connection threads; a lock guards the table for the length of one look.
#pragma once

#include <chrono>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>
#include <vector>

#include "core/task/task.h"

namespace rushes::api {

struct LinkedTask {
  Task task;
  std::vector<std::string> artifact_urls;  // by artifact of the task
};

class RecentTasks {
 public:
  using Clock = std::chrono::steady_clock;

  // Null: not remembered (any more), or another account's.
  std::shared_ptr<const LinkedTask> find(const AccountId& account, TaskId id,
                                         Clock::time_point now) {
    const std::lock_guard lock(mutex_);
    const auto found = tasks_.find(id);
    if (found == tasks_.end() || found->second.until < now) return nullptr;
    const bool own = found->second.linked->task.account == account;
    return own ? found->second.linked : nullptr;
  }

  // Unfinished tasks are not remembered: their next read must see the next state.
  void remember(std::shared_ptr<const LinkedTask> linked, Clock::time_point now) {
    if (!is_terminal(linked->task.state)) return;
    const std::lock_guard lock(mutex_);
    if (tasks_.size() >= kTasksMax) tasks_.clear();
    const TaskId id = linked->task.id;
    tasks_.insert_or_assign(id, Remembered{std::move(linked), now + kRememberedFor});
  }

 private:
  static constexpr std::chrono::seconds kRememberedFor{1};
  static constexpr size_t kTasksMax = 4096;

  // shared_ptr: a reader may still encode a task that the table has dropped; it is immutable.
  struct Remembered {
    std::shared_ptr<const LinkedTask> linked;
    Clock::time_point until;
  };
  std::mutex mutex_;
  std::unordered_map<TaskId, Remembered> tasks_;
};

}  // namespace rushes::api
