// settle: writes what happened to a task that this node works on. The one place of the engine that
// builds a store::Change and keeps trying while the store is busy.
//
// Called on the engine's thread.
#pragma once

#include <optional>
#include <string>

#include "server/engine/services.h"

namespace rushes::engine {

class Settle {
 public:
  Settle(Services services, Options options) : services_(services), options_(std::move(options)) {}

  // From the task as it is now, under our lease, to `to`.
  store::Change change_of(const Task& task, TaskState to, std::string event) const;

  // kConflict: the task is no longer ours, nothing was written. Anything else: the store refuses,
  // and the lease will run out.
  Awaitable<Result<void>> apply(store::Change change);

  // As apply(); also removes what earlier tries left in the blob store.
  Awaitable<Result<void>> fail_task(Task task, store::Change failed);
  store::Change failure_of(const Task& task, std::string code, std::string message) const;

  // Back to the queue after `delay`; without one it keeps its old place.
  store::Change requeue_of(const Task& task, std::string event, std::optional<Millis> delay) const;

  // The back-off before the next try of a task that failed `failures` times.
  Millis retry_delay(int failures) const;

 private:
  Services services_;
  Options options_;
};

}  // namespace rushes::engine
