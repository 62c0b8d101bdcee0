#include "server/engine/clean.h"

#include "server/engine/complete.h"

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
    // Of every try: a crash may have left the files of an earlier one.
    for (int attempt = 1; attempt <= task.attempt; ++attempt) {
      for (std::string key : Complete::blob_keys(task.id, attempt)) {
        const auto removed = co_await services_.blobs.remove(std::move(key));
        if (!removed) co_return false;  // the record stays, so that the bytes are not forgotten
      }
    }
    const auto purged = co_await services_.store.mark_purged(task.id, now);
    if (!purged) co_return false;
  }
  co_return expired->size() == kBatchMax;
}

}  // namespace rushes::engine
