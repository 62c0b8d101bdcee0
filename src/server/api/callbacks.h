// Callbacks: what a receiver is sent, as deliveries that are not stored yet: the id of the event,
// its body in the words of a dialect, the address.
//
// Shared by the outbox of the store, which calls it inside its transactions, and by test events.
// Thread-safe.
#pragma once

#include <atomic>
#include <optional>
#include <string>
#include <vector>

#include "core/dialect/dialect.h"
#include "edge/platform/clock.h"
#include "edge/store/store.h"
#include "server/api/links.h"

namespace rushes::api {

// One test event of an account in this time, as the vendor allows.
inline constexpr Seconds kTestEventInterval{6};
inline constexpr std::string_view kTestEvent = "test";

class Callbacks {
 public:
  // The first dialect speaks for those that have no callbacks. All of it outlives this.
  Callbacks(std::vector<const dialect::Dialect*> dialects, const Links& links, Entropy& entropy)
      : dialects_(std::move(dialects)), links_(links), entropy_(entropy) {}

  // What the owner of `task` is told of its state as it is now, due at once; nothing without a
  // callback_url that can be called.
  std::optional<store::Delivery> event_of(const Task& task) const;

  // An event of a task that does not exist. kInvalidInput for a URL that cannot be called; whether
  // it may be is for the caller.
  Result<store::Delivery> test_event(AccountId account, std::string url, Timestamp now) const;

 private:
  store::Delivery delivery_of(const Task& task, std::string host) const;
  TaskId next_id(Timestamp now) const;

  const std::vector<const dialect::Dialect*> dialects_;
  const Links& links_;
  Entropy& entropy_;
  // Ids grow, so that two events of one millisecond never share one.
  mutable std::atomic<uint64_t> last_id_{0};
};

// True if `newest`, deliveries of one account, newest first, hold no test event that is too young.
bool may_test(const std::vector<store::Delivery>& newest, Timestamp now);
// How many of them that takes to know.
inline constexpr int kTestEventsLookedAt = 500;

}  // namespace rushes::api
