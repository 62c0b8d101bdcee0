#include "server/engine/claim.h"

#include <algorithm>

namespace rushes::engine {
namespace {

constexpr Millis kBackOffMin{500};
constexpr int kBackOffDoublingsMax = 6;

}  // namespace

Awaitable<Millis> Claim::claim() {
  const int room = execute_.room();
  if (room <= 0) co_return options_.claim_interval;
  store::ClaimRequest request;
  request.node = options_.node;
  request.now = services_.clock.now();
  request.lease_until = request.now + options_.lease;
  request.limit = room;
  auto claimed = co_await services_.store.claim_tasks(std::move(request));
  if (!claimed) {
    services_.logger.write(log::Level::kError, "claim_failed",
                           {{"reason", claimed.error().message}});
    const int doublings = std::min(failures_++, kBackOffDoublingsMax);
    co_return kBackOffMin * (1 << doublings);
  }
  failures_ = 0;
  for (Task& task : *claimed) execute_.begin(std::move(task));
  co_return options_.claim_interval;
}

}  // namespace rushes::engine
