#include "server/engine/rescue.h"

#include <filesystem>

#include "edge/platform/files.h"

namespace rushes::engine {

Awaitable<Result<void>> Rescue::take_back_own() {
  std::error_code error;
  std::filesystem::remove_all(options_.work_directory, error);
  if (const auto made = files::ensure_directory(options_.work_directory, 0700); !made) {
    co_return made;
  }
  co_return co_await requeue(options_.node, "own_tasks_taken_back");
}

Awaitable<> Rescue::requeue_expired() {
  NodeId nobody;  // named: GCC 12 spoils an aggregate temporary in a co_await
  const auto requeued = co_await requeue(std::move(nobody), "expired_leases_requeued");
  ignore_error(requeued, "it is logged, and tried again soon");
}

Awaitable<Result<void>> Rescue::requeue(NodeId node, std::string_view event) {
  const Timestamp now = services_.clock.now();
  const auto count = co_await services_.store.requeue_abandoned(std::move(node), now);
  if (!count) {
    services_.logger.write(log::Level::kError, "rescue_failed",
                           {{"reason", count.error().message}});
    co_return std::unexpected(count.error());
  }
  if (*count > 0) services_.logger.write(log::Level::kInfo, event, {{"tasks", *count}});
  co_return Result<void>();
}

}  // namespace rushes::engine
