// Store: everything durable but the bytes of videos. Implementations: store/sqlite, store/memory;
// one conformance suite (conformance.h) runs against each.
//
// Every operation is awaitable and may be called from any io_context; it resumes on the caller's
// executor. Every change is one transaction, durable when the awaitable completes. A change of a
// task names the (id, state, attempt) it expects; a task that is no longer there answers kConflict
// and nothing is written. After a failed write or fsync the store refuses further writes
// (kUnavailable) until restart; reads go on. Texts beyond the limits of bounds.h are refused
// (kLimitExceeded) where a client gave them and cut where we wrote them.
//
// A change that a client can see of a task with a callback_url writes, in the same transaction,
// the delivery that the Outbox says is owed. A task in work has a node; its lease may have run out.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "core/access/key.h"
#include "core/task/attempt.h"
#include "core/task/task.h"
#include "edge/platform/async.h"
#include "edge/store/account.h"
#include "edge/store/delivery.h"

namespace rushes::store {

// The reply of a create, kept under the client's Idempotency-Key.
struct Idempotency {
  std::string key;          // <= 255 visible characters; empty: none
  std::string fingerprint;  // SHA-256 of dialect, path and canonical body
};

// A Task is large and travels far, from the request to the writer's thread: hence in a pointer.
struct NewTask {
  Task task;  // state kQueued; id, account, spec, provider (its queue) and times filled
  Idempotency idempotency;
  // Unfinished tasks of this account and of all accounts; reached is kQueueFull. 0: no bound.
  int queue_depth_max = 0;
  int queue_depth_total_max = 0;
};

struct Created {
  enum class Kind {
    kNew,
    kReplayed,             // same key, same fingerprint: `task` is the first one
    kFingerprintMismatch,  // same key, another request
    kDuplicateExternalId,
    kBudgetExhausted,     // spent + reserved + price_estimate is more than the account's budget
    kConcurrencyReached,  // strict_concurrency, and as many tasks are unfinished
    kQueueFull,
  };
  Kind kind = Kind::kNew;
  std::unique_ptr<Task> task;  // of kNew and kReplayed, else null
};

struct ListQuery {
  AccountId account;
  std::string family;
  Timestamp created_from{};  // inclusive
  int offset = 0;
  int limit = 30;
};

// Takes due tasks of one queue for one node. Fair: accounts with fewer tasks in work at that
// provider come first (fairness.h). An account with a concurrency limit gets no more than it has
// left of it, over all providers.
struct ClaimRequest {
  NodeId node;
  Timestamp now{};
  Timestamp lease_until{};
  int limit = 1;
  std::string provider;
  TaskState to = TaskState::kRendering;  // or kSubmitting
};

// A conditional change of one task: nothing happens unless it is in (from, attempt) under `node`'s
// lease. Only the members that are set are written.
struct Change {
  TaskId id;
  TaskState from = TaskState::kQueued;
  int attempt = 0;
  NodeId node;  // empty: no lease is asked for (cancel of a queued task)
  TaskState to = TaskState::kQueued;
  Timestamp at{};
  std::string event_name;
  std::string event_detail;
  std::optional<Timestamp> due_at;  // when to claim again, for `to` = kQueued; else `at`
  bool counts_as_failure = false;   // the provider failed: Task::failures grows by one
  std::vector<Artifact> artifacts;  // for kSucceeded
  std::vector<std::string> notes;
  std::string failure_code, failure_message;  // for kFailed
  std::optional<UnitTenths> price_final;      // one ledger line, with the terminal state
  std::optional<Attempt> attempt_record;      // of this task: written or replaced
  std::string provider;  // not empty, for `to` = kQueued: the task moves to that queue
};

// Takes over tasks that a provider may be making: those in kSubmitting, kRunning or kFetching
// whose lease ran out by `now`, and with `own` also those that `node` itself held when it last
// ended. Repeated until the answer is empty: who is leased until `lease_until` is not given again.
struct AdoptRequest {
  NodeId node;
  bool own = false;
  Timestamp now{};
  Timestamp lease_until{};
  int limit = 100;
};

// State and attempt number are as they were; `attempt` is the record of that number, if written.
struct Adopted {
  Task task;
  std::optional<Attempt> attempt;
};

// What one task cost; written once, in the transaction of the terminal state.
struct LedgerLine {
  TaskId task;
  AccountId account;
  UnitTenths units = 0;
  Timestamp at{};
  std::optional<UnitTenths> upstream_cost;  // for the operator: attempt_record->cost of the change
  bool operator==(const LedgerLine&) const = default;
};

class Store {
 public:
  virtual ~Store() = default;

  // Accounts and keys.
  virtual Awaitable<Result<Account>> ensure_account(std::string name, Timestamp now) = 0;
  virtual Awaitable<Result<std::optional<Account>>> find_account(AccountId id) = 0;
  virtual Awaitable<Result<std::vector<Account>>> list_accounts() = 0;  // in order of creation
  // In force from the next create and claim on. False: no such account. kInvalidInput for what
  // check_bounds() refuses.
  virtual Awaitable<Result<bool>> update_account(AccountId id, AccountSettings settings,
                                                 Timestamp now) = 0;
  virtual Awaitable<Result<void>> add_key(access::KeyRecord record) = 0;
  virtual Awaitable<Result<std::optional<access::KeyRecord>>> find_key(access::KeyKind kind,
                                                                       std::string lookup) = 0;
  virtual Awaitable<Result<std::vector<access::KeyRecord>>> list_keys() = 0;
  virtual Awaitable<Result<bool>> revoke_key(KeyId id, Timestamp now) = 0;  // false: no such key

  // What callbacks are signed with; in order of creation, expired ones too until the next change.
  virtual Awaitable<Result<std::vector<WebhookSecret>>> list_webhook_secrets(AccountId account) = 0;
  // The others expire at `others_expire_at`, unless they do before; of more than
  // kWebhookSecretsMax the oldest go.
  virtual Awaitable<Result<WebhookSecret>> add_webhook_secret(
      AccountId account, std::string sealed, Timestamp now,
      std::optional<Timestamp> others_expire_at) = 0;
  virtual Awaitable<Result<void>> remove_webhook_secrets(AccountId account, Timestamp now) = 0;

  // Tasks, for clients: always scoped to an account; foreign and unknown look the same.
  // An id that is taken becomes the next free one. An external id is taken for as long as the
  // record exists, which is longer than clients see it.
  virtual Awaitable<Result<Created>> create_task(std::unique_ptr<NewTask> wanted) = 0;
  virtual Awaitable<Result<std::optional<Task>>> find_task(AccountId account, TaskId id) = 0;
  virtual Awaitable<Result<std::optional<Task>>> find_task_by_external_id(
      AccountId account, std::string external_id) = 0;
  // Newest first: created_at, then id, descending.
  virtual Awaitable<Result<std::vector<Task>>> list_tasks(ListQuery query) = 0;
  // Marks the task; the engine ends it. False: unknown or already terminal.
  virtual Awaitable<Result<bool>> request_cancel(AccountId account, TaskId id, Timestamp now) = 0;
  virtual Awaitable<Result<std::vector<TaskEvent>>> list_events(TaskId id) = 0;
  // For the operator: anybody's, also after the purge, then without artifacts.
  virtual Awaitable<Result<std::optional<Task>>> find_record(TaskId id) = 0;
  // Newest first.
  virtual Awaitable<Result<std::vector<LedgerLine>>> list_ledger(AccountId account, int limit) = 0;
  // What create_task would answer to this key, without creating: nothing if the key is new. Lets a
  // replay be answered before the fields are judged.
  virtual Awaitable<Result<std::optional<Created>>> find_replay(AccountId account,
                                                                Idempotency idempotency) = 0;
  // For signed file URLs, which carry no account. Nothing once its task is purged.
  virtual Awaitable<Result<std::optional<Artifact>>> find_artifact(TaskId artifact_id) = 0;

  // Tasks, for the engine. A claimed task has a new attempt number and is in ClaimRequest::to. One
  // whose record cannot be read ends as kFailed, "corrupt", instead.
  virtual Awaitable<Result<std::vector<Task>>> claim_tasks(ClaimRequest request) = 0;
  // Whose queues hold tasks, so that those of a provider that is no longer there are found.
  virtual Awaitable<Result<std::vector<std::string>>> list_queues() = 0;
  // Renews the leases of the node; answers which are still ours and who wants cancelling.
  struct Heartbeat {
    std::vector<TaskId> held;
    std::vector<TaskId> cancel_requested;
  };
  virtual Awaitable<Result<Heartbeat>> renew_leases(NodeId node, std::vector<TaskId> ids,
                                                    Timestamp until) = 0;
  virtual Awaitable<Result<void>> change_task(Change change) = 0;
  // Writes or replaces the record of an attempt. kConflict, and nothing is written, unless its task
  // is in work, at that attempt number, under `node`'s lease.
  virtual Awaitable<Result<void>> record_attempt(NodeId node, Attempt attempt) = 0;
  // What became known of an attempt after its task had ended: replaces its record and changes
  // nothing else. kConflict unless the task is terminal and the attempt is recorded as kUnknown.
  virtual Awaitable<Result<void>> book_late(Attempt attempt) = 0;
  virtual Awaitable<Result<std::vector<Attempt>>> list_attempts(TaskId id) = 0;  // oldest first
  // Progress of a task under our lease; lazily durable.
  virtual Awaitable<Result<void>> record_progress(TaskId id, int attempt, int percent) = 0;
  // Tasks that are rendered here and whose lease ran out by `now`, and those that `node` itself
  // held (its own work after a restart; empty: no node's): back to kQueued. Answers how many. What
  // a provider may be making is adopted instead.
  virtual Awaitable<Result<int>> requeue_abandoned(NodeId node, Timestamp now) = 0;
  virtual Awaitable<Result<std::vector<Adopted>>> adopt_remote(AdoptRequest request) = 0;
  // For a clean stop: what providers make for `node` keeps its state, and any node may adopt it.
  virtual Awaitable<Result<void>> release_leases(NodeId node) = 0;

  // The frozen settings that attempts name; the first of a fingerprint stays.
  virtual Awaitable<Result<void>> keep_pin(std::string fingerprint, std::string sealed) = 0;
  virtual Awaitable<Result<std::optional<std::string>>> find_pin(std::string fingerprint) = 0;

  virtual Awaitable<Result<int>> count_unfinished() = 0;
  struct StateCount {
    TaskState state = TaskState::kQueued;
    int64_t count = 0;
  };
  // Unfinished tasks of all accounts by state; states without any may be absent. For metrics.
  virtual Awaitable<Result<std::vector<StateCount>>> count_unfinished_by_state() = 0;

  // Terminal tasks that ended before `before`: the oldest `limit`, with their artifacts, so that
  // the bytes can be removed first.
  virtual Awaitable<Result<std::vector<Task>>> list_expired(Timestamp before, int limit) = 0;
  // From then on clients do not see it, its Idempotency-Key is free again, and the operator sees it
  // without media. Its external id stays taken. kConflict if it is not terminal; again is no error.
  // Its deliveries and their tries are gone; its attempts and its ledger line stay.
  virtual Awaitable<Result<void>> mark_purged(TaskId id, Timestamp now) = 0;

  // Deliveries, for who sends them: of each task only the first that is pending. When a task ends,
  // earlier ones are superseded: those under way once their try failed, the others at once. After
  // kGone, all others of that task are kGone as well.
  virtual Awaitable<Result<std::vector<Delivery>>> claim_deliveries(ClaimDeliveries request) = 0;
  // kConflict, and nothing is written, if the delivery is no longer as it was claimed.
  virtual Awaitable<Result<void>> finish_try(TryResult result) = 0;
  // When there may be something to claim: the next is due, or a lease runs out.
  virtual Awaitable<Result<std::optional<Timestamp>>> earliest_due_delivery() = 0;
  // At start-up: the leases that `node` held end. Answers how many.
  virtual Awaitable<Result<int>> requeue_deliveries(NodeId node) = 0;

  // Deliveries, for those who look at them. Newest first; an empty account: of all.
  virtual Awaitable<Result<std::vector<Delivery>>> list_deliveries(AccountId account,
                                                                   std::optional<TaskId> task,
                                                                   int limit) = 0;
  // Nothing if it is unknown to that account (empty: any).
  virtual Awaitable<Result<std::optional<Delivery>>> find_delivery(AccountId account,
                                                                   TaskId delivery) = 0;
  virtual Awaitable<Result<std::vector<DeliveryTry>>> list_tries(TaskId delivery) = 0;  // by number
  // Pending again and due now, after those of its task that are pending: the same id and body, the
  // tries go on counting. False: unknown to that account (empty: any).
  virtual Awaitable<Result<bool>> replay_delivery(AccountId account, TaskId delivery,
                                                  Timestamp now) = 0;
  // Of no stored task: test events, of which the newest kTestDeliveriesMax of an account are kept.
  // kAlreadyExists: the id is taken.
  virtual Awaitable<Result<void>> add_delivery(Delivery delivery) = 0;

  // The failure that made the store refuse writes, if any; for readiness checks.
  virtual Result<void> health() const = 0;
};

}  // namespace rushes::store
