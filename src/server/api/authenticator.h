// Authenticator: the Authorization header to an account. Bearer keys and signed tokens.
//
// Shared by every thread. Keys found in the store are remembered for one second with their account,
// so that a polling client costs no look-up each time and a revoked key still stops at once.
#pragma once

#include <chrono>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

#include "core/access/secret.h"
#include "core/dialect/dialect.h"
#include "core/wire/message.h"
#include "edge/platform/async.h"
#include "edge/platform/clock.h"
#include "edge/store/store.h"
#include "server/api/caller.h"

namespace rushes::api {

class Authenticator {
 public:
  Authenticator(store::Store& store, const access::ServerSecret& secret, const Clock& clock)
      : store_(store), secret_(secret), clock_(clock) {}

  // shared_ptr: a request may outlast what is remembered here; the caller is immutable.
  using Identified = dialect::Answer<std::shared_ptr<const Caller>>;
  Awaitable<Identified> authenticate(const wire::Headers& headers);

 private:
  struct Known {
    access::KeyRecord record;
    std::shared_ptr<const Caller> caller;
  };
  using Found = dialect::Answer<std::shared_ptr<const Known>>;  // shared with what is remembered

  Awaitable<Identified> check_token(std::string text);
  // Null for an unknown or revoked key.
  Awaitable<Found> find(access::KeyKind kind, std::string lookup);

  struct Remembered {
    std::shared_ptr<const Known> known;
    std::chrono::steady_clock::time_point until;
  };

  store::Store& store_;
  const access::ServerSecret& secret_;
  const Clock& clock_;
  std::mutex mutex_;  // guards remembered_
  std::unordered_map<std::string, Remembered> remembered_;
};

}  // namespace rushes::api
