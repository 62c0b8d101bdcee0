#include "server/engine/rescue.h"

#include <filesystem>

#include "edge/platform/files.h"

namespace rushes::engine {
namespace {

constexpr int kAdoptedAtOnce = 500;

}  // namespace

Awaitable<Result<void>> Rescue::take_back_own() {
  std::error_code error;
  std::filesystem::remove_all(options_.work_directory, error);
  if (const auto made = files::ensure_directory(options_.work_directory, 0700); !made) {
    co_return made;
  }
  auto requeued = co_await requeue(options_.node, "own_tasks_taken_back");
  if (!requeued) co_return requeued;
  co_return co_await adopt(Whose::kOwn);
}

Awaitable<> Rescue::take_expired() {
  NodeId nobody;  // named: GCC 12 spoils an aggregate temporary in a co_await
  const auto requeued = co_await requeue(std::move(nobody), "expired_leases_requeued");
  ignore_error(requeued, "it is logged, and tried again soon");
  const auto adopted = co_await adopt(Whose::kExpired);
  ignore_error(adopted, "it is logged, and tried again soon");
}

// What a provider has is never queued again: its attempt goes on here.
Awaitable<Result<void>> Rescue::adopt(Whose whose) {
  store::AdoptRequest request;
  request.node = options_.node;
  request.own = whose == Whose::kOwn;
  request.now = services_.clock.now();
  request.lease_until = request.now + options_.lease;  // the same for all: it tells who was given
  request.limit = kAdoptedAtOnce;
  for (;;) {
    store::AdoptRequest page = request;
    auto adopted = co_await services_.store.adopt_remote(std::move(page));
    if (!adopted) {
      services_.logger.write(log::Level::kError, "rescue_failed",
                             {{"reason", adopted.error().message}});
      co_return std::unexpected(adopted.error());
    }
    if (adopted->empty()) co_return Result<void>();
    services_.logger.write(log::Level::kInfo, "tasks_adopted",
                           {{"tasks", static_cast<int64_t>(adopted->size())}});
    for (store::Adopted& one : *adopted) {
      if (!remote_.holds(one.task.id)) {
        remote_.begin(std::move(one.task), std::move(one.attempt));
      }
    }
  }
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
