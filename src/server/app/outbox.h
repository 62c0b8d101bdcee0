// Outbox: which callback a task's owner is owed for a change; the store calls it inside the
// transaction of the change. Thread-safe.
#pragma once

#include "server/api/callbacks.h"

namespace rushes::app {

class CallbackOutbox final : public store::Outbox {
 public:
  // All of it outlives the outbox. Links to results are valid for `retention`.
  CallbackOutbox(std::vector<const dialect::Dialect*> dialects, const access::ServerSecret& secret,
                 Seconds retention, Entropy& entropy)
      : links_(secret, retention), callbacks_(std::move(dialects), links_, entropy) {}

  // Where clients reach this server; before the first task succeeds.
  void set_base_url(std::string url) { links_.set_base_url(std::move(url)); }

  std::optional<store::Delivery> owed(const Task& after) const override {
    return callbacks_.event_of(after);
  }

 private:
  api::Links links_;
  api::Callbacks callbacks_;
};

}  // namespace rushes::app
