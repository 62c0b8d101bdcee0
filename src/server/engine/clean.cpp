#include "server/engine/clean.h"

namespace rushes::engine {
namespace {

constexpr int kBatchMax = 100;

}  // namespace

Awaitable<bool> Clean::clean_batch() {
  const Timestamp now = services_.clock.now();
  const auto expired = co_await services_.store.list_expired(now - options_.retention, kBatchMax);
  if (!expired) {
    services_.logger.write(log::Level::kError, "clean_failed",
                           {{"reason", expired.error().message}});
    co_return false;
  }
  for (const Task& task : *expired) {
    for (const Artifact& artifact : task.artifacts) {
      const auto removed = co_await services_.blobs.remove(artifact.blob_key);
      if (!removed) co_return false;  // the record stays, so that the bytes are not forgotten
    }
    const auto purged = co_await services_.store.mark_purged(task.id, now);
    if (!purged) co_return false;
  }
  co_return expired->size() == kBatchMax;
}

}  // namespace rushes::engine
