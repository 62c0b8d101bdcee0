#include "server/engine/claim.h"

#include <algorithm>
#include <utility>

namespace rushes::engine {
namespace {

constexpr Millis kBackOffMin{500};
constexpr int kBackOffDoublingsMax = 6;
constexpr int kBatchMax = 100;  // so that no claim is long

bool is_local(const ConfiguredProvider& provider) {
  return provider.adapter->capabilities(provider.settings).local;
}

}  // namespace

Awaitable<Millis> Claim::claim() {
  more_ = false;
  bool worked = co_await reroute_orphans();
  for (const ConfiguredProvider& provider : services_.providers.list) {
    if (!worked) break;
    const int limit = std::min(room(provider), kBatchMax);
    if (limit <= 0) continue;
    worked = co_await claim_from(
        provider.settings.name, is_local(provider) ? TaskState::kRendering : TaskState::kSubmitting,
        limit);
  }
  if (!worked) {
    const int doublings = std::min(failures_++, kBackOffDoublingsMax);
    co_return kBackOffMin * (1 << doublings);
  }
  failures_ = 0;
  co_return more_ ? Millis{0} : options_.claim_interval;
}

bool Claim::has_room() {
  return std::ranges::any_of(services_.providers.list,
                             [this](const auto& provider) { return room(provider) > 0; });
}

int Claim::room(const ConfiguredProvider& provider) {
  return is_local(provider) ? execute_.room() : remote_.room(provider);
}

// Tasks that stand in the queue of a provider that the configuration no longer has: submission
// finds them another one.
Awaitable<bool> Claim::reroute_orphans() {
  const Timestamp now = services_.clock.now();
  if (now < orphans_sought_at_ + options_.claim_interval) co_return true;
  orphans_sought_at_ = now;
  const auto queues = co_await services_.store.list_queues();
  if (!queues) co_return false;
  for (const std::string& name : *queues) {
    if (services_.providers.find(name) != nullptr) continue;
    const bool claimed = co_await claim_from(name, TaskState::kSubmitting, kBatchMax);
    if (!claimed) co_return false;
  }
  co_return true;
}

Awaitable<bool> Claim::claim_from(std::string provider, TaskState to, int limit) {
  store::ClaimRequest request;
  request.provider = std::move(provider);
  request.to = to;
  request.node = options_.node;
  request.now = services_.clock.now();
  request.lease_until = request.now + options_.lease;
  request.limit = limit;
  auto claimed = co_await services_.store.claim_tasks(std::move(request));
  if (!claimed) {
    services_.logger.write(log::Level::kError, "claim_failed",
                           {{"reason", claimed.error().message}});
    co_return false;
  }
  if (std::cmp_equal(claimed->size(), kBatchMax)) more_ = true;
  for (Task& task : *claimed) {
    if (to == TaskState::kRendering) {
      execute_.begin(std::move(task));
    } else {
      remote_.begin(std::move(task), std::nullopt);
    }
  }
  co_return true;
}

}  // namespace rushes::engine
