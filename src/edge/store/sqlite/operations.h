// What each operation of the store does to the tables. Plain functions on a connection: reads run
// on any reader, changes inside the writer's savepoints.
#pragma once

#include <map>
#include <mutex>
#include <string>
#include <unordered_map>
#include <vector>

#include "edge/store/sqlite/connection.h"
#include "edge/store/store.h"

namespace rushes::store::sqlite {

// How many unfinished tasks there are, kept beside the tables so that the bound of the queue costs
// no counting. The writer changes it, as the last step of an operation, and tells it how the group
// ended; anybody reads it.
class Load {
 public:
  Result<void> count(Connection& connection);  // at start-up
  void add(const AccountId& account);          // one more, queued
  void move(const AccountId& account, TaskState from, TaskState to);
  void remove(const AccountId& account, TaskState from);  // it ended
  void end_group(bool committed);                         // false: nothing since the last end was

  int64_t of(const AccountId& account) const;
  int64_t total() const;
  std::vector<Store::StateCount> by_state() const;

 private:
  struct Step {
    std::string account;
    std::optional<TaskState> from, to;  // none: not there yet, or ended
  };
  void take(Step step);
  void count(const Step& step);

  mutable std::mutex mutex_;  // guards the members below
  std::unordered_map<std::string, int64_t> by_account_;
  std::map<TaskState, int64_t> by_state_;
  std::vector<Step> uncommitted_;
};

// accounts.cpp
Result<Account> ensure_account(Connection& connection, const std::string& name, Timestamp now);
Result<void> add_key(Connection& connection, const access::KeyRecord& record);
Result<std::optional<access::KeyRecord>> find_key(Connection& connection, access::KeyKind kind,
                                                  const std::string& lookup);
Result<std::vector<access::KeyRecord>> list_keys(Connection& connection);
Result<bool> revoke_key(Connection& connection, const KeyId& id, Timestamp now);

// tasks.cpp
Result<std::optional<Created>> find_replay(Connection& connection, const AccountId& account,
                                           const Idempotency& asked);
// `spec_text` is the JSON of the task's spec, made and measured by the caller's thread.
Result<Created> create_task(Connection& connection, Load& load, NewTask wanted,
                            const std::string& spec_text);
Result<std::optional<Task>> find_task(Connection& connection, const AccountId& account, TaskId id);
Result<std::optional<Task>> find_task_by_external_id(Connection& connection,
                                                     const AccountId& account,
                                                     const std::string& external_id);
Result<std::vector<Task>> list_tasks(Connection& connection, const ListQuery& query);
Result<std::optional<Artifact>> find_artifact(Connection& connection, TaskId artifact_id);
Result<bool> request_cancel(Connection& connection, const AccountId& account, TaskId id,
                            Timestamp now);
Result<std::vector<TaskEvent>> list_events(Connection& connection, TaskId id);
Result<std::vector<LedgerLine>> list_ledger(Connection& connection, const AccountId& account,
                                            int limit);
Result<void> add_event(Connection& connection, TaskId id, Timestamp at, std::string_view name,
                       std::string_view detail);

// work.cpp
Result<std::vector<Task>> claim_tasks(Connection& connection, Load& load,
                                      const ClaimRequest& request);
Result<Store::Heartbeat> renew_leases(Connection& connection, const NodeId& node,
                                      const std::vector<TaskId>& ids, Timestamp until);
Result<void> change_task(Connection& connection, Load& load, const Change& change);
Result<int> requeue_abandoned(Connection& connection, Load& load, const NodeId& node,
                              Timestamp now);
Result<std::vector<Task>> list_expired(Connection& connection, Timestamp before, int limit);
Result<void> mark_purged(Connection& connection, TaskId id, Timestamp now);

}  // namespace rushes::store::sqlite
