#include "server/engine/settle.h"

#include <algorithm>

#include "server/engine/complete.h"

namespace rushes::engine {
namespace {

constexpr Millis kStoreRetryDelay{1'000};
constexpr int kStoreTriesMax = 5;
constexpr int kRetryDoublingsMax = 10;

}  // namespace

store::Change Settle::change_of(const Task& task, TaskState to, std::string event) const {
  store::Change change;
  change.id = task.id;
  change.from = task.state;
  change.attempt = task.attempt;
  change.node = options_.node;
  change.to = to;
  change.at = services_.clock.now();
  change.event_name = std::move(event);
  return change;
}

store::Change Settle::failure_of(const Task& task, std::string code, std::string message) const {
  store::Change failed = change_of(task, TaskState::kFailed, "failed");
  failed.failure_code = std::move(code);
  failed.failure_message = std::move(message);
  failed.price_final = 0;
  return failed;
}

store::Change Settle::requeue_of(const Task& task, std::string event,
                                 std::optional<Millis> delay) const {
  store::Change back = change_of(task, TaskState::kQueued, std::move(event));
  back.due_at = delay ? back.at + *delay : task.created_at;
  return back;
}

Millis Settle::retry_delay(int failures) const {
  return options_.retry_delay * (1 << std::clamp(failures - 1, 0, kRetryDoublingsMax));
}

// The store may be busy or refuse for a moment; past that the lease runs out and the task is taken
// again, here or elsewhere.
Awaitable<Result<void>> Settle::apply(store::Change change) {
  const auto executor = co_await boost::asio::this_coro::executor;
  const auto timer = services_.timers.make(executor);
  for (int tries = 1;; ++tries) {
    store::Change copy = change;
    auto changed = co_await services_.store.change_task(std::move(copy));
    if (changed || changed.error().code != ErrorCode::kUnavailable) co_return changed;
    // A store that refuses writes does so until the next start: that is when the task is taken
    // back.
    if (tries == kStoreTriesMax || !services_.store.health()) co_return changed;
    services_.logger.write(log::Level::kError, "store_refused",
                           {{"task", change.id.to_string()}, {"reason", changed.error().message}});
    co_await timer->wait(kStoreRetryDelay * tries);
  }
}

Awaitable<Result<void>> Settle::fail_task(Task task, store::Change failed) {
  auto changed = co_await apply(std::move(failed));
  if (!changed) co_return changed;
  for (int attempt = 1; attempt <= task.attempt; ++attempt) {
    for (std::string key : Complete::blob_keys(task.id, attempt)) {
      const auto removed = co_await services_.blobs.remove(std::move(key));
      ignore_error(removed, "a stray file costs space only");
    }
  }
  co_return changed;
}

}  // namespace rushes::engine
