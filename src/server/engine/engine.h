// Engine: takes accepted specs to their end. The composition of submit, claim, execute, complete,
// rescue and clean; each duty has its own file here.
//
// Owned by server/app. start() and stop() from the main thread, both idempotent; submit() and
// cancel() from any io_context.
#pragma once

#include <memory>

#include "edge/store/store.h"

namespace rushes::engine {

class Engine {
 public:
  virtual ~Engine() = default;

  // Durable before it completes. `task.task.id` and the times are filled in here. A full queue, a
  // duplicate external id and a replay are answers (store::Created::Kind), not errors.
  virtual Awaitable<Result<store::Created>> submit(store::NewTask task) = 0;

  // True: the task will end as failed with "Task was cancelled" (at once if it was queued).
  // False: unknown to this account, or already over.
  virtual Awaitable<Result<bool>> cancel(AccountId account, TaskId id) = 0;

  virtual void start() = 0;
  // Ends the children, hands the leases back, joins.
  virtual void stop() = 0;
};

}  // namespace rushes::engine
