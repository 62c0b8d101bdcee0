// Deliveries: the callbacks that are owed to clients, as the store keeps them.
//
// The store itself writes them, in the transaction of the change that a client can see, with what
// an Outbox says; whoever delivers claims them here, under a lease, and reports each try.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/task/task.h"

namespace rushes::store {

enum class DeliveryState {
  kPending,     // waits for its first or next try
  kDelivered,   // the receiver took it
  kGone,        // the receiver wants no more of this task
  kExhausted,   // the schedule ended
  kSuperseded,  // the task ended before it was sent
};
std::string_view to_string(DeliveryState state);
std::optional<DeliveryState> parse_delivery_state(std::string_view word);

struct Delivery {
  TaskId id;    // the webhook-id, of the shape of task ids, unique among deliveries
  TaskId task;  // of a test event: an id of its own
  AccountId account;
  std::string event;  // submitted, processing, succeed, failed, test
  bool terminal = false;
  std::string url;
  std::string host;  // host:port, the unit of fairness
  std::string body;
  Timestamp created_at{};
  DeliveryState state = DeliveryState::kPending;
  int tries = 0;
  Timestamp due_at{};
  bool operator==(const Delivery&) const = default;
};

// Says what is owed after a change that a client can see. Pure and thread-safe; called inside the
// transaction of the change, so it neither waits nor calls the store.
class Outbox {
 public:
  virtual ~Outbox() = default;
  // `after` is the whole task as it is now; it has a callback_url. Nothing: none is owed. If the
  // id of the answer is taken, the store gives it the next free one.
  virtual std::optional<Delivery> owed(const Task& after) const = 0;
};

// Takes due deliveries for one node: the longest due first, turn by turn over the hosts.
struct ClaimDeliveries {
  NodeId node;
  Timestamp now{};
  Timestamp lease_until{};
  int limit = 1;
  int per_host_max = 1;  // leased at once by all nodes
};

struct DeliveryTry {
  TaskId delivery;
  int number = 0;  // Delivery::tries at its claim, plus one
  Timestamp at{};
  Millis duration{0};
  int status = 0;     // of HTTP; 0: there was no reply
  std::string error;  // a word and its detail; empty: there was a reply
  std::string reply;  // its first 4096 bytes
  bool operator==(const DeliveryTry&) const = default;
};

// How a try ended. Conditional: the delivery is pending, has had number - 1 tries, and is leased
// to `node`.
struct TryResult {
  NodeId node;
  DeliveryTry attempt;
  DeliveryState to = DeliveryState::kDelivered;
  Timestamp due_at{};  // of the next try, for kPending
};

}  // namespace rushes::store
