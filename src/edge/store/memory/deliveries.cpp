#include "edge/store/memory/deliveries.h"

#include <algorithm>
#include <utility>

#include "edge/store/bounds.h"
#include "edge/store/fairness.h"

namespace rushes::store::memory {

void Deliveries::write_owed(const Task& after) {
  if (outbox_ == nullptr || after.spec.callback_url.empty()) return;
  std::optional<Delivery> owed = outbox_->owed(after);
  if (!owed) return;
  owed->task = after.id;
  owed->account = after.account;
  owed->tries = 0;
  owed->state = DeliveryState::kPending;
  while (find(owed->id) != rows_.end()) ++owed->id.value;
  for (auto& [sequence, row] : rows_) {
    Delivery& earlier = row.delivery;
    if (earlier.task != after.id) continue;
    if (earlier.state == DeliveryState::kGone) owed->state = DeliveryState::kGone;
    const bool unsent = row.node.empty() || row.lease_until <= after.updated_at;
    if (owed->terminal && earlier.state == DeliveryState::kPending && unsent) {
      earlier.state = DeliveryState::kSuperseded;
      row.node = {};
    }
  }
  rows_.emplace(++sequence_, Row{*std::move(owed), {}, {}, {}});
}

Result<void> Deliveries::add(Delivery delivery) {
  TRY_VOID(check_bounds(delivery));
  if (find(delivery.id) != rows_.end()) {
    return fail(ErrorCode::kAlreadyExists, "the id of the delivery is taken");
  }
  const AccountId account = delivery.account;
  rows_.emplace(++sequence_, Row{std::move(delivery), {}, {}, {}});
  std::vector<uint64_t> tests;
  for (const auto& [sequence, row] : rows_) {
    if (row.delivery.account == account && row.delivery.event == "test") tests.push_back(sequence);
  }
  if (tests.size() > kTestDeliveriesMax) rows_.erase(tests.front());
  return {};
}

std::vector<Delivery> Deliveries::claim(const ClaimDeliveries& request) {
  std::vector<uint64_t> ended;
  for (const auto& [sequence, row] : rows_) {
    if (!row.node.empty() && row.lease_until <= request.now) ended.push_back(sequence);
  }
  for (const uint64_t sequence : ended) end_sending(sequence, DeliveryState::kPending);

  std::map<std::string, FairQueue> hosts;
  for (const auto& [sequence, row] : rows_) {
    if (!row.node.empty()) ++hosts[row.delivery.host].in_work;
  }
  for (const auto& row : claimable()) {
    const Delivery& delivery = row->second.delivery;
    if (delivery.due_at > request.now) continue;
    hosts[delivery.host].due.push_back({delivery.due_at, row->first});
  }
  std::vector<FairQueue> queues;
  for (auto& [host, queue] : hosts) {
    std::ranges::sort(queue.due);
    const int room = std::max(request.per_host_max - queue.in_work, 0);
    if (std::cmp_greater(queue.due.size(), room)) queue.due.resize(static_cast<size_t>(room));
    queues.push_back(std::move(queue));
  }
  std::vector<Delivery> claimed;
  for (const uint64_t sequence : choose_fairly(std::move(queues), request.limit)) {
    Row& row = rows_.at(sequence);
    row.node = request.node;
    row.lease_until = request.lease_until;
    claimed.push_back(row.delivery);
  }
  return claimed;
}

Result<void> Deliveries::finish_try(TryResult result) {
  const auto found = find(result.attempt.delivery);
  if (found == rows_.end() || found->second.delivery.state != DeliveryState::kPending ||
      found->second.delivery.tries != result.attempt.number - 1 || result.node.empty() ||
      found->second.node != result.node) {
    return fail(ErrorCode::kConflict,
                "delivery " + result.attempt.delivery.to_string() + " is elsewhere");
  }
  Row& row = found->second;
  row.tries.push_back(within_bounds(std::move(result.attempt)));
  if (row.tries.size() > kTriesKeptMax) row.tries.erase(row.tries.begin());
  ++row.delivery.tries;
  if (result.to == DeliveryState::kPending) row.delivery.due_at = result.due_at;
  end_sending(found->first, result.to);
  return {};
}

std::optional<Timestamp> Deliveries::earliest_due() const {
  std::optional<Timestamp> earliest;
  const auto note = [&](Timestamp at) { earliest = std::min(earliest.value_or(at), at); };
  for (const auto& row : claimable()) note(row->second.delivery.due_at);
  for (const auto& [sequence, row] : rows_) {
    if (!row.node.empty()) note(row.lease_until);
  }
  return earliest;
}

int Deliveries::requeue(const NodeId& node) {
  std::vector<uint64_t> ended;
  for (const auto& [sequence, row] : rows_) {
    if (!row.node.empty() && row.node == node) ended.push_back(sequence);
  }
  for (const uint64_t sequence : ended) end_sending(sequence, DeliveryState::kPending);
  return static_cast<int>(ended.size());
}

bool Deliveries::replay(const AccountId& account, TaskId id, Timestamp now) {
  const auto found = find(id);
  if (found == rows_.end()) return false;
  if (!account.empty() && found->second.delivery.account != account) return false;
  if (!found->second.node.empty()) return true;  // it is being sent at this moment
  Row row = std::move(found->second);
  rows_.erase(found);
  row.delivery.state = DeliveryState::kPending;
  row.delivery.due_at = now;
  rows_.emplace(++sequence_, std::move(row));
  return true;
}

std::vector<Delivery> Deliveries::list(const AccountId& account, std::optional<TaskId> task,
                                       int limit) const {
  std::vector<Delivery> found;
  for (auto row = rows_.rbegin(); row != rows_.rend(); ++row) {
    const Delivery& delivery = row->second.delivery;
    if (std::cmp_greater_equal(found.size(), std::min(limit, kListLimitMax))) break;
    if (!account.empty() && delivery.account != account) continue;
    if (task && delivery.task != *task) continue;
    found.push_back(delivery);
  }
  return found;
}

std::optional<Delivery> Deliveries::find(const AccountId& account, TaskId id) const {
  for (const auto& [sequence, row] : rows_) {
    if (row.delivery.id != id) continue;
    const bool visible = account.empty() || row.delivery.account == account;
    return visible ? std::optional(row.delivery) : std::nullopt;
  }
  return std::nullopt;
}

std::vector<DeliveryTry> Deliveries::list_tries(TaskId id) const {
  for (const auto& [sequence, row] : rows_) {
    if (row.delivery.id == id) return row.tries;
  }
  return {};
}

void Deliveries::purge(TaskId task) {
  std::erase_if(rows_, [task](const auto& entry) { return entry.second.delivery.task == task; });
}

Deliveries::Rows::iterator Deliveries::find(TaskId id) {
  return std::ranges::find_if(rows_,
                              [id](const auto& entry) { return entry.second.delivery.id == id; });
}

std::vector<Deliveries::Rows::const_iterator> Deliveries::claimable() const {
  std::vector<Rows::const_iterator> found;
  std::set<TaskId> seen;
  for (auto row = rows_.begin(); row != rows_.end(); ++row) {
    const Delivery& delivery = row->second.delivery;
    if (delivery.state != DeliveryState::kPending || !seen.insert(delivery.task).second) continue;
    if (row->second.node.empty()) found.push_back(row);
  }
  return found;
}

void Deliveries::end_sending(uint64_t sequence, DeliveryState to) {
  Row& ended = rows_.at(sequence);
  const TaskId task = ended.delivery.task;
  ended.node = {};
  ended.delivery.state = to;
  for (auto& [other, row] : rows_) {
    if (row.delivery.task != task || other == sequence) continue;
    if (to == DeliveryState::kPending && other > sequence && row.delivery.terminal) {
      ended.delivery.state = DeliveryState::kSuperseded;
    }
    if (to == DeliveryState::kGone && row.delivery.state == DeliveryState::kPending) {
      row.delivery.state = DeliveryState::kGone;
    }
  }
}

}  // namespace rushes::store::memory
