// Who is served next: pure, shared by every store's claim_tasks.
#pragma once

#include <vector>

#include "core/task/task.h"

namespace rushes::store {

struct DueTask {
  Timestamp due{};
  TaskId id;
  auto operator<=>(const DueTask&) const = default;
};

// One account's due tasks, the longest due first; a claim for n tasks needs at most n of each.
struct AccountQueue {
  AccountId account;
  int in_work = 0;
  std::vector<DueTask> due;
};

// At most `limit` tasks: each goes to the account with the fewest tasks in work (those just chosen
// counted), then to the one whose next task is due the longest. So an account with a thousand
// queued tasks delays another's only one by one round.
std::vector<TaskId> choose_fairly(std::vector<AccountQueue> queues, int limit);

}  // namespace rushes::store
