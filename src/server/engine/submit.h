// submit: an accepted spec becomes a durable task.
#pragma once

#include "server/engine/services.h"

namespace rushes::engine {

// Fills in id, state and times, and stores the task. Runs on the caller's executor.
class Submit {
 public:
  explicit Submit(Services services) : services_(services) {}
  Awaitable<Result<store::Created>> submit(std::unique_ptr<store::NewTask> wanted);

 private:
  Result<void> route(Task& task, const std::vector<std::string>& order) const;

  Services services_;
};

}  // namespace rushes::engine
