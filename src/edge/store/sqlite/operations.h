// What each operation of the store does to the tables. Plain functions: reads run on any reader's
// connection, changes on the writer's, each in a savepoint of its own but where it says otherwise.
#pragma once

#include <string>
#include <vector>

#include "edge/store/sqlite/connection.h"
#include "edge/store/sqlite/load.h"
#include "edge/store/store.h"

namespace rushes::store::sqlite {

// What a change works on: the tables, the counts beside them, and who says which callbacks are
// owed (null: none are).
struct Transaction {
  Connection& connection;
  Load& load;
  const Outbox* outbox = nullptr;
};

// accounts.cpp
Result<Account> ensure_account(Connection& connection, const std::string& name, Timestamp now);
// `spent` and `reserved` are the load's to fill in.
Result<std::optional<Account>> find_account(Connection& connection, const AccountId& id);
Result<std::vector<Account>> list_accounts(Connection& connection);
Result<bool> update_account(Transaction transaction, const AccountId& id,
                            const AccountSettings& settings, Timestamp now);
Result<void> add_key(Connection& connection, const access::KeyRecord& record);
Result<std::optional<access::KeyRecord>> find_key(Connection& connection, access::KeyKind kind,
                                                  const std::string& lookup);
Result<std::vector<access::KeyRecord>> list_keys(Connection& connection);
Result<bool> revoke_key(Connection& connection, const KeyId& id, Timestamp now);

// secrets.cpp
Result<std::vector<WebhookSecret>> list_webhook_secrets(Connection& connection,
                                                        const AccountId& account);
struct NewWebhookSecret {
  AccountId account;
  std::string sealed;
  Timestamp now{};
  std::optional<Timestamp> others_expire_at;
};
Result<WebhookSecret> add_webhook_secret(Connection& connection, const NewWebhookSecret& wanted);
Result<void> remove_webhook_secrets(Connection& connection, const AccountId& account,
                                    Timestamp now);
Result<void> keep_pin(Connection& connection, const std::string& fingerprint,
                      const std::string& sealed);
Result<std::optional<std::string>> find_pin(Connection& connection, const std::string& fingerprint);

// tasks.cpp
Result<std::optional<Created>> find_replay(Connection& connection, const AccountId& account,
                                           const Idempotency& asked);
// `spec_text` is the JSON of the task's spec, made and measured by the caller's thread. Needs no
// savepoint: whatever may refuse the task is asked before the first row is written.
Result<Created> create_task(Transaction transaction, NewTask&& wanted,
                            const std::string& spec_text);
Result<std::optional<Task>> find_task(Connection& connection, const AccountId& account, TaskId id);
Result<std::optional<Task>> find_task_by_external_id(Connection& connection,
                                                     const AccountId& account,
                                                     const std::string& external_id);
Result<std::optional<Task>> find_record(Connection& connection, TaskId id);
Result<std::vector<Task>> list_tasks(Connection& connection, const ListQuery& query);
Result<std::optional<Artifact>> find_artifact(Connection& connection, TaskId artifact_id);
Result<bool> request_cancel(Connection& connection, const AccountId& account, TaskId id,
                            Timestamp now);
Result<std::vector<TaskEvent>> list_events(Connection& connection, TaskId id);
Result<std::vector<LedgerLine>> list_ledger(Connection& connection, const AccountId& account,
                                            int limit);
Result<void> add_event(Connection& connection, TaskId id, Timestamp at, std::string_view name,
                       std::string_view detail);

// change.cpp
Result<void> change_task(Transaction transaction, const Change& change);
// kCorrupt, with the connection unharmed, if the record cannot be read.
Result<Task> select_task(Connection& connection, TaskId id);
// Ends a task whose record cannot be read, whoever holds it: nobody can work on it. Any other
// `reason` is passed on.
Result<void> fail_unreadable(Transaction transaction, TaskId id, const Error& reason,
                             Timestamp now);

// claim.cpp
Result<std::vector<std::string>> list_queues(Connection& connection);
Result<std::vector<Task>> claim_tasks(Transaction transaction, const ClaimRequest& request);

// leases.cpp
Result<Store::Heartbeat> renew_leases(Connection& connection, const NodeId& node,
                                      const std::vector<TaskId>& ids, Timestamp until);
Result<int> requeue_abandoned(Transaction transaction, const NodeId& node, Timestamp now);
Result<std::vector<Adopted>> adopt_remote(Transaction transaction, const AdoptRequest& request);
Result<void> release_leases(Connection& connection, const NodeId& node);

// attempts.cpp
Result<void> store_attempt(Connection& connection, const Attempt& attempt);
Result<void> record_attempt(Connection& connection, const NodeId& node, const Attempt& attempt);
Result<void> book_late(Connection& connection, const Attempt& attempt);
Result<std::optional<Attempt>> find_attempt(Connection& connection, TaskId id, int number);
Result<std::vector<Attempt>> list_attempts(Connection& connection, TaskId id);

// retention.cpp
Result<std::vector<Task>> list_expired(Connection& connection, Timestamp before, int limit);
Result<void> mark_purged(Connection& connection, TaskId id, Timestamp now);

// deliveries.cpp
// Writes what the outbox says is owed for `after`, a task with a callback_url.
Result<void> write_owed(Transaction transaction, const Task& after);
Result<void> add_delivery(Connection& connection, const Delivery& delivery);
Result<std::vector<Delivery>> claim_deliveries(Connection& connection,
                                               const ClaimDeliveries& request);
Result<void> finish_try(Connection& connection, const TryResult& result);
Result<std::optional<Timestamp>> earliest_due_delivery(Connection& connection);
Result<int> requeue_deliveries(Connection& connection, const NodeId& node);
Result<bool> replay_delivery(Connection& connection, const AccountId& account, TaskId id,
                             Timestamp now);
struct DeliveryQuery {
  AccountId account;
  std::optional<TaskId> task;
  int limit = 0;
};
Result<std::vector<Delivery>> list_deliveries(Connection& connection, const DeliveryQuery& query);
Result<std::optional<Delivery>> find_delivery(Connection& connection, const AccountId& account,
                                              TaskId id);
Result<std::vector<DeliveryTry>> list_tries(Connection& connection, TaskId id);
Result<void> delete_deliveries(Connection& connection, TaskId task);

}  // namespace rushes::store::sqlite
