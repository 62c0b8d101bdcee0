// deliver: callbacks, each from the outbox of the store to its receiver, until it says 2xx or 410
// or the schedule ends.
//
// Everything here runs on the engine's one thread. A claimed delivery is under our lease while its
// try lasts; a crash between the POST and the record of its result means one more POST, with the
// same id and the same bytes.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/log/logger.h"
#include "core/webhook/signature.h"
#include "edge/http/outbound.h"
#include "edge/platform/clock.h"
#include "edge/platform/timer.h"
#include "edge/store/store.h"

namespace rushes::engine {

struct DeliverOptions {
  NodeId node{"local"};          // stable over restarts: its own leases end at start
  int parallel_max = 512;        // tries at once
  int per_host_max = 16;         // of those to one receiver, over all nodes
  Millis timeout{15'000};        // of one try, from the look-up of the name to the last byte
  Millis lease{60'000};          // longer than a try and the record of its result
  Millis check_interval{1'000};  // for what other processes put in; our own changes wake at once
  Millis secrets_kept{1'000};    // so long a secret that is over may still sign
};

// All of it outlives Deliver.
struct DeliverServices {
  store::Store& store;
  http::Outbound& network;
  const Clock& clock;
  Entropy& entropy;
  Timers& timers;
  log::Logger& logger;
  // A secret as it lies in the store; kCorrupt if it was sealed elsewhere.
  std::function<Result<webhook::Secret>(const AccountId& account, std::string_view sealed)>
      open_secret;
};

class Deliver {
 public:
  Deliver(DeliverServices services, DeliverOptions options, Executor executor);
  Deliver(const Deliver&) = delete;
  Deliver& operator=(const Deliver&) = delete;

  // Idempotent, once; from the executor's thread, as everything here.
  void start();
  // No more claims. Tries that are under way record their result, at most until the network is
  // stopped; idle() tells. Those that are cut off are made again after the next start.
  void stop();
  bool idle() const { return running_ == 0; }
  // There may be something new to deliver.
  void wake() { timer_->wake(); }

 private:
  // What an account signs with, newest first, remembered until then.
  struct KeptSecrets {
    std::vector<webhook::Secret> secrets;
    Timestamp until{};
  };
  // What one try brought.
  struct Sent {
    int status = 0;
    std::string error;   // a word; empty: the receiver replied
    std::string reason;  // of an error, for the operator
    std::string reply;
    std::optional<Seconds> retry_after;
  };

  Awaitable<> work();
  // Ends the leases that this node held when it last died.
  Awaitable<Result<void>> take_back_own();
  // Starts what is due and has room; how long to wait for more.
  Awaitable<Millis> claim();
  Awaitable<> deliver(store::Delivery delivery);
  Awaitable<Sent> send(std::string url, std::string body, wire::Headers headers);
  Awaitable<> record(store::Delivery delivery, Sent sent, Timestamp began, Millis duration);
  Awaitable<Result<std::vector<webhook::Secret>>> secrets_of(AccountId account);
  Awaitable<Result<KeptSecrets>> load_secrets(AccountId account);
  double chance();

  DeliverServices services_;
  DeliverOptions options_;
  Executor executor_;
  std::unique_ptr<Timer> timer_;
  std::unordered_map<std::string, KeptSecrets> kept_secrets_;  // by account
  int running_ = 0;
  int failures_ = 0;  // of the store, in a row
  bool started_ = false, stopping_ = false;
};

}  // namespace rushes::engine
