// execute: the renders of this node, each from its claim to its end.
//
// Everything here runs on the engine's one thread. A task in the table is under our lease as far as
// we know; tick() learns from the store when that is no longer so, and the render is stopped.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>

#include "server/engine/complete.h"
#include "server/engine/services.h"
#include "server/engine/settle.h"

namespace rushes::engine {

class Execute {
 public:
  // `on_news` is called whenever a task has begun or ended: there may be room for another one, and
  // a callback may be owed.
  Execute(Services services, Options options, Executor executor, std::function<void()> on_news);
  // Ends what still renders, as a kill would: its task is taken back at the next start.
  ~Execute();
  Execute(const Execute&) = delete;
  Execute& operator=(const Execute&) = delete;

  int room() const { return options_.children_max - static_cast<int>(running_.size()); }
  bool idle() const { return running_.empty(); }

  // Starts the render of a task that was just claimed.
  void begin(Task task);
  // Records progress, renews leases, stops what was cancelled, lost or takes too long.
  Awaitable<> tick();
  // The client changed its mind; unknown ids are no error.
  void cancel(TaskId id);
  // Stops every render and hands its task back.
  void hand_back();

 private:
  enum class StopReason { kNone, kCancelled, kLeaseLost, kTooSlow, kHandedBack };
  struct Run {
    Task task;
    std::string work_directory;
    std::unique_ptr<Rendering> rendering;  // null while it is being started
    int percent = 0, recorded_percent = 0;
    Timestamp deadline{};
    StopReason stop_reason = StopReason::kNone;
  };

  Awaitable<> execute(std::shared_ptr<Run> run);
  Awaitable<RenderOutcome> render(std::shared_ptr<Run> run);
  Awaitable<> settle(std::shared_ptr<Run> run, RenderOutcome outcome);
  Awaitable<> settle_failure(Task task, std::string why);
  Awaitable<> settle_stopped(std::shared_ptr<Run> run);
  Awaitable<> apply(store::Change change);
  void stop(Run& run, StopReason reason);

  Services services_;
  Options options_;
  Executor executor_;
  std::function<void()> on_news_;
  Complete complete_;
  Settle settle_;
  // Shared with the coroutine that renders it: the table may be walked while that is suspended.
  std::map<TaskId, std::shared_ptr<Run>> running_;
  Timestamp renewed_at_{};
};

}  // namespace rushes::engine
