// Tasks of the memory store, with their events, attempts and ledger. Used under its lock.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "edge/store/fairness.h"
#include "edge/store/memory/accounts.h"
#include "edge/store/memory/deliveries.h"

namespace rushes::store::memory {

class Tasks {
 public:
  Tasks(const Accounts& accounts, Deliveries& deliveries)
      : accounts_(accounts), deliveries_(deliveries) {}

  // Of clients.
  std::optional<Created> find_replay(const AccountId& account, const Idempotency& asked) const;
  Result<Created> create(NewTask&& wanted);
  std::optional<Task> find(const AccountId& account, TaskId id) const;
  std::optional<Task> find_by_external_id(const AccountId& account, const std::string& id) const;
  std::optional<Task> find_record(TaskId id) const;
  std::vector<Task> list(const ListQuery& query) const;
  bool request_cancel(const AccountId& account, TaskId id, Timestamp now);
  std::vector<TaskEvent> list_events(TaskId id) const;
  std::vector<LedgerLine> list_ledger(const AccountId& account, int limit) const;
  std::optional<Artifact> find_artifact(TaskId artifact_id) const;
  void fill_in_money(Account& account) const;

  // Of the engine.
  std::vector<std::string> queues() const;
  std::vector<Task> claim(const ClaimRequest& request);
  Store::Heartbeat renew_leases(const NodeId& node, const std::vector<TaskId>& ids,
                                Timestamp until);
  Result<void> change(Change change);
  Result<void> record_attempt(const NodeId& node, Attempt attempt);
  Result<void> book_late(Attempt attempt);
  std::vector<Attempt> list_attempts(TaskId id) const;
  void record_progress(TaskId id, int attempt, int percent);
  int requeue_abandoned(const NodeId& node, Timestamp now);
  std::vector<Adopted> adopt_remote(const AdoptRequest& request);
  void release_leases(const NodeId& node);
  std::vector<Store::StateCount> count_unfinished_by_state() const;
  int count_unfinished() const;
  std::vector<Task> list_expired(Timestamp before, int limit) const;
  Result<void> mark_purged(TaskId id, Timestamp now);

 private:
  struct Row {
    Task task;
    Timestamp due{};
    NodeId node;  // empty: nobody's
    Timestamp lease_until{};
    std::optional<Timestamp> ended_at;
    bool purged = false;
    std::vector<TaskEvent> events;
    std::map<int, Attempt> attempts;
  };
  struct Replay {
    std::string fingerprint;
    TaskId task;
  };

  static bool is_visible(const Row& row, const AccountId& account);
  std::optional<Created::Kind> find_refusal(const NewTask& wanted) const;
  std::vector<FairQueue> waiting_queues(const ClaimRequest& request) const;
  void finish(Row& row, Change& change);
  // Enters a state; true if a client can see it.
  static bool enter(Task& task, TaskState to, Timestamp at);
  void record(Row& row, Timestamp at, std::string name, std::string detail);

  const Accounts& accounts_;
  Deliveries& deliveries_;
  std::map<TaskId, Row> rows_;
  std::map<std::pair<AccountId, std::string>, Replay> replays_;
  std::map<TaskId, LedgerLine> ledger_;
  int64_t sequence_ = 0;
};

}  // namespace rushes::store::memory
