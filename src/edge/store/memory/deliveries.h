// Deliveries of the memory store. Used under its lock.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "edge/store/store.h"

namespace rushes::store::memory {

class Deliveries {
 public:
  explicit Deliveries(const Outbox* outbox) : outbox_(outbox) {}

  // To be called after every change of `after` that a client can see.
  void write_owed(const Task& after);
  Result<void> add(Delivery delivery);
  std::vector<Delivery> claim(const ClaimDeliveries& request);
  Result<void> finish_try(TryResult result);
  std::optional<Timestamp> earliest_due() const;
  int requeue(const NodeId& node);
  bool replay(const AccountId& account, TaskId id, Timestamp now);
  std::vector<Delivery> list(const AccountId& account, std::optional<TaskId> task, int limit) const;
  std::optional<Delivery> find(const AccountId& account, TaskId id) const;
  std::vector<DeliveryTry> list_tries(TaskId id) const;
  void purge(TaskId task);

 private:
  struct Row {
    Delivery delivery;
    NodeId node;  // empty: nobody sends it
    Timestamp lease_until{};
    std::vector<DeliveryTry> tries;
  };
  using Rows = std::map<uint64_t, Row>;  // by sequence, the order within a task

  Rows::iterator find(TaskId id);
  // Of each task the first that is pending, if nobody sends it.
  std::vector<Rows::const_iterator> claimable() const;
  void end_sending(uint64_t sequence, DeliveryState to);

  const Outbox* outbox_;
  Rows rows_;
  uint64_t sequence_ = 0;
};

}  // namespace rushes::store::memory
