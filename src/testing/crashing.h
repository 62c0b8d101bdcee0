// Crashes on purpose: a store and a blob store around real ones, which stop for ever at the n-th
// durable point, as a process does that is killed there, or refuse for a while, as a full disk
// does.
#pragma once

#include <utility>
#include <vector>

#include "edge/blob/blob.h"
#include "edge/store/store.h"

namespace rushes::testing {

// Shared by what crashes together. Before and after every durable change somebody passes here.
class CrashPoint {
 public:
  // The `passes`-th pass from now crashes; 0: none does.
  void arm(int passes) { left_ = passes; }
  bool crashed() const { return crashed_; }
  // The process is gone: what waited in it is forgotten.
  void forget() {
    waiting_.clear();
    crashed_ = false;
    left_ = 0;
  }

  // Never completes once it has crashed.
  Awaitable<> pass() {
    if (left_ > 0 && --left_ == 0) crashed_ = true;
    if (!crashed_) co_return;
    auto start = [this](Completion<bool> done) { waiting_.push_back(std::move(done)); };
    co_await await_completion<bool>(std::move(start));
  }

 private:
  int left_ = 0;
  bool crashed_ = false;
  std::vector<Completion<bool>> waiting_;
};

class CrashingBlobs final : public blob::BlobStore {
 public:
  CrashingBlobs(blob::BlobStore& inner, CrashPoint& point) : inner_(inner), point_(point) {}

  Awaitable<Result<blob::Stored>> put_file(std::string key, std::string path) override {
    co_await point_.pass();
    auto stored = co_await inner_.put_file(std::move(key), std::move(path));
    co_await point_.pass();
    co_return stored;
  }
  Awaitable<Result<std::optional<blob::Located>>> find(std::string key) override {
    return inner_.find(std::move(key));
  }
  Awaitable<Result<void>> remove(std::string key) override {
    co_await point_.pass();
    auto removed = co_await inner_.remove(std::move(key));
    co_await point_.pass();
    co_return removed;
  }

 private:
  blob::BlobStore& inner_;
  CrashPoint& point_;
};

class CrashingStore final : public store::Store {
 public:
  CrashingStore(store::Store& inner, CrashPoint& point) : inner_(inner), point_(point) {}

  // Every change answers kUnavailable meanwhile.
  bool refuses_writes = false;

  Awaitable<Result<store::Account>> ensure_account(std::string name, Timestamp now) override {
    return durably([this, name = std::move(name), now = std::move(now)]() mutable {
      return inner_.ensure_account(std::move(name), std::move(now));
    });
  }
  Awaitable<Result<bool>> update_account(AccountId id, store::AccountSettings settings,
                                         Timestamp now) override {
    return durably(
        [this, id = std::move(id), settings = std::move(settings), now = std::move(now)]() mutable {
          return inner_.update_account(std::move(id), std::move(settings), std::move(now));
        });
  }
  Awaitable<Result<void>> add_key(access::KeyRecord record) override {
    return durably(
        [this, record = std::move(record)]() mutable { return inner_.add_key(std::move(record)); });
  }
  Awaitable<Result<bool>> revoke_key(KeyId id, Timestamp now) override {
    return durably([this, id = std::move(id), now = std::move(now)]() mutable {
      return inner_.revoke_key(std::move(id), std::move(now));
    });
  }
  Awaitable<Result<store::WebhookSecret>> add_webhook_secret(
      AccountId account, std::string sealed, Timestamp now,
      std::optional<Timestamp> others_expire_at) override {
    return durably([this, account = std::move(account), sealed = std::move(sealed),
                    now = std::move(now),
                    others_expire_at = std::move(others_expire_at)]() mutable {
      return inner_.add_webhook_secret(std::move(account), std::move(sealed), std::move(now),
                                       std::move(others_expire_at));
    });
  }
  Awaitable<Result<void>> remove_webhook_secrets(AccountId account, Timestamp now) override {
    return durably([this, account = std::move(account), now = std::move(now)]() mutable {
      return inner_.remove_webhook_secrets(std::move(account), std::move(now));
    });
  }
  Awaitable<Result<store::Created>> create_task(std::unique_ptr<store::NewTask> wanted) override {
    return durably([this, wanted = std::move(wanted)]() mutable {
      return inner_.create_task(std::move(wanted));
    });
  }
  Awaitable<Result<bool>> request_cancel(AccountId account, TaskId id, Timestamp now) override {
    return durably(
        [this, account = std::move(account), id = std::move(id), now = std::move(now)]() mutable {
          return inner_.request_cancel(std::move(account), std::move(id), std::move(now));
        });
  }
  Awaitable<Result<std::vector<Task>>> claim_tasks(store::ClaimRequest request) override {
    return durably([this, request = std::move(request)]() mutable {
      return inner_.claim_tasks(std::move(request));
    });
  }
  Awaitable<Result<Heartbeat>> renew_leases(NodeId node, std::vector<TaskId> ids,
                                            Timestamp until) override {
    return durably(
        [this, node = std::move(node), ids = std::move(ids), until = std::move(until)]() mutable {
          return inner_.renew_leases(std::move(node), std::move(ids), std::move(until));
        });
  }
  Awaitable<Result<void>> change_task(store::Change change) override {
    return durably([this, change = std::move(change)]() mutable {
      return inner_.change_task(std::move(change));
    });
  }
  Awaitable<Result<void>> record_attempt(NodeId node, Attempt attempt) override {
    return durably([this, node = std::move(node), attempt = std::move(attempt)]() mutable {
      return inner_.record_attempt(std::move(node), std::move(attempt));
    });
  }
  Awaitable<Result<void>> book_late(Attempt attempt) override {
    return durably([this, attempt = std::move(attempt)]() mutable {
      return inner_.book_late(std::move(attempt));
    });
  }
  Awaitable<Result<int>> requeue_abandoned(NodeId node, Timestamp now) override {
    return durably([this, node = std::move(node), now = std::move(now)]() mutable {
      return inner_.requeue_abandoned(std::move(node), std::move(now));
    });
  }
  Awaitable<Result<std::vector<store::Adopted>>> adopt_remote(
      store::AdoptRequest request) override {
    return durably([this, request = std::move(request)]() mutable {
      return inner_.adopt_remote(std::move(request));
    });
  }
  Awaitable<Result<void>> release_leases(NodeId node) override {
    return durably([this, node = std::move(node)]() mutable {
      return inner_.release_leases(std::move(node));
    });
  }
  Awaitable<Result<void>> keep_pin(std::string fingerprint, std::string sealed) override {
    return durably(
        [this, fingerprint = std::move(fingerprint), sealed = std::move(sealed)]() mutable {
          return inner_.keep_pin(std::move(fingerprint), std::move(sealed));
        });
  }
  Awaitable<Result<void>> mark_purged(TaskId id, Timestamp now) override {
    return durably([this, id = std::move(id), now = std::move(now)]() mutable {
      return inner_.mark_purged(std::move(id), std::move(now));
    });
  }
  Awaitable<Result<std::vector<store::Delivery>>> claim_deliveries(
      store::ClaimDeliveries request) override {
    return durably([this, request = std::move(request)]() mutable {
      return inner_.claim_deliveries(std::move(request));
    });
  }
  Awaitable<Result<void>> finish_try(store::TryResult result) override {
    return durably([this, result = std::move(result)]() mutable {
      return inner_.finish_try(std::move(result));
    });
  }
  Awaitable<Result<int>> requeue_deliveries(NodeId node) override {
    return durably([this, node = std::move(node)]() mutable {
      return inner_.requeue_deliveries(std::move(node));
    });
  }
  Awaitable<Result<bool>> replay_delivery(AccountId account, TaskId delivery,
                                          Timestamp now) override {
    return durably([this, account = std::move(account), delivery = std::move(delivery),
                    now = std::move(now)]() mutable {
      return inner_.replay_delivery(std::move(account), std::move(delivery), std::move(now));
    });
  }
  Awaitable<Result<void>> add_delivery(store::Delivery delivery) override {
    return durably([this, delivery = std::move(delivery)]() mutable {
      return inner_.add_delivery(std::move(delivery));
    });
  }

  Awaitable<Result<std::optional<store::Account>>> find_account(AccountId id) override {
    return inner_.find_account(std::move(id));
  }
  Awaitable<Result<std::vector<store::Account>>> list_accounts() override {
    return inner_.list_accounts();
  }
  Awaitable<Result<std::optional<access::KeyRecord>>> find_key(access::KeyKind kind,
                                                               std::string lookup) override {
    return inner_.find_key(std::move(kind), std::move(lookup));
  }
  Awaitable<Result<std::vector<access::KeyRecord>>> list_keys() override {
    return inner_.list_keys();
  }
  Awaitable<Result<std::vector<store::WebhookSecret>>> list_webhook_secrets(
      AccountId account) override {
    return inner_.list_webhook_secrets(std::move(account));
  }
  Awaitable<Result<std::optional<Task>>> find_task(AccountId account, TaskId id) override {
    return inner_.find_task(std::move(account), std::move(id));
  }
  Awaitable<Result<std::optional<Task>>> find_task_by_external_id(
      AccountId account, std::string external_id) override {
    return inner_.find_task_by_external_id(std::move(account), std::move(external_id));
  }
  Awaitable<Result<std::optional<Task>>> find_record(TaskId id) override {
    return inner_.find_record(std::move(id));
  }
  Awaitable<Result<std::vector<Task>>> list_tasks(store::ListQuery query) override {
    return inner_.list_tasks(std::move(query));
  }
  Awaitable<Result<std::vector<TaskEvent>>> list_events(TaskId id) override {
    return inner_.list_events(std::move(id));
  }
  Awaitable<Result<std::vector<store::LedgerLine>>> list_ledger(AccountId account,
                                                                int limit) override {
    return inner_.list_ledger(std::move(account), std::move(limit));
  }
  Awaitable<Result<std::optional<store::Created>>> find_replay(AccountId account,
                                                               store::Idempotency asked) override {
    return inner_.find_replay(std::move(account), std::move(asked));
  }
  Awaitable<Result<std::optional<Artifact>>> find_artifact(TaskId artifact_id) override {
    return inner_.find_artifact(std::move(artifact_id));
  }
  Awaitable<Result<std::vector<Attempt>>> list_attempts(TaskId id) override {
    return inner_.list_attempts(std::move(id));
  }
  Awaitable<Result<std::optional<std::string>>> find_pin(std::string fingerprint) override {
    return inner_.find_pin(std::move(fingerprint));
  }
  Awaitable<Result<int>> count_unfinished() override { return inner_.count_unfinished(); }
  Awaitable<Result<std::vector<StateCount>>> count_unfinished_by_state() override {
    return inner_.count_unfinished_by_state();
  }
  Awaitable<Result<std::vector<Task>>> list_expired(Timestamp before, int limit) override {
    return inner_.list_expired(std::move(before), std::move(limit));
  }
  Awaitable<Result<void>> record_progress(TaskId id, int attempt, int percent) override {
    return inner_.record_progress(std::move(id), std::move(attempt), std::move(percent));
  }
  Awaitable<Result<std::optional<Timestamp>>> earliest_due_delivery() override {
    return inner_.earliest_due_delivery();
  }
  Awaitable<Result<std::vector<store::Delivery>>> list_deliveries(AccountId account,
                                                                  std::optional<TaskId> task,
                                                                  int limit) override {
    return inner_.list_deliveries(std::move(account), std::move(task), std::move(limit));
  }
  Awaitable<Result<std::optional<store::Delivery>>> find_delivery(AccountId account,
                                                                  TaskId delivery) override {
    return inner_.find_delivery(std::move(account), delivery);
  }
  Awaitable<Result<std::vector<std::string>>> list_queues() override {
    return inner_.list_queues();
  }
  Awaitable<Result<std::vector<store::DeliveryTry>>> list_tries(TaskId delivery) override {
    return inner_.list_tries(std::move(delivery));
  }
  Result<void> health() const override {
    if (refuses_writes) return refusal();
    return inner_.health();
  }

 private:
  static std::unexpected<Error> refusal() {
    return fail(ErrorCode::kUnavailable, "the disk is full");
  }

  // A change, with a point to crash at before it and after it.
  template <class Start>
  auto durably(Start start) -> decltype(start()) {
    if (refuses_writes) co_return refusal();
    co_await point_.pass();
    auto result = co_await start();
    co_await point_.pass();
    co_return result;
  }

  store::Store& inner_;
  CrashPoint& point_;
};

}  // namespace rushes::testing
