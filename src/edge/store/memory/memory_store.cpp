#include "edge/store/memory/memory_store.h"

#include <mutex>
#include <utility>

#include "edge/store/memory/accounts.h"
#include "edge/store/memory/deliveries.h"
#include "edge/store/memory/tasks.h"

namespace rushes::store {
namespace {

template <class T>
Result<T> as_result(T value) {
  return Result<T>(std::move(value));
}
template <class T>
Result<T> as_result(Result<T> value) {
  return value;
}

// Every operation is one call under the lock, so it is one transaction.
class MemoryStore final : public Store {
 private:
  template <class Work>
  auto locked(Work work) {
    const std::lock_guard lock(mutex_);
    if constexpr (std::is_void_v<decltype(work())>) {
      work();
      return Result<void>{};
    } else {
      return as_result(work());
    }
  }
  Account with_money(Account account) const {
    tasks_.fill_in_money(account);
    return account;
  }

 public:
  explicit MemoryStore(const Outbox* outbox) : deliveries_(outbox) {}

  Awaitable<Result<Account>> ensure_account(std::string name, Timestamp now) override {
    co_return locked([&] { return with_money(accounts_.ensure(name, now)); });
  }
  Awaitable<Result<std::optional<Account>>> find_account(AccountId id) override {
    co_return locked([&] {
      std::optional<Account> account = accounts_.find(id);
      if (account) account = with_money(*std::move(account));
      return account;
    });
  }
  Awaitable<Result<std::vector<Account>>> list_accounts() override {
    co_return locked([&] {
      std::vector<Account> accounts;
      for (const Account& account : accounts_.list()) accounts.push_back(with_money(account));
      return accounts;
    });
  }
  Awaitable<Result<bool>> update_account(AccountId id, AccountSettings settings,
                                         Timestamp now) override {
    co_return locked([&] { return accounts_.update(id, std::move(settings), now); });
  }
  Awaitable<Result<void>> add_key(access::KeyRecord record) override {
    co_return locked([&] { return accounts_.add_key(std::move(record)); });
  }
  Awaitable<Result<std::optional<access::KeyRecord>>> find_key(access::KeyKind kind,
                                                               std::string lookup) override {
    co_return locked([&] { return accounts_.find_key(kind, lookup); });
  }
  Awaitable<Result<std::vector<access::KeyRecord>>> list_keys() override {
    co_return locked([&] { return accounts_.list_keys(); });
  }
  Awaitable<Result<bool>> revoke_key(KeyId id, Timestamp now) override {
    co_return locked([&] { return accounts_.revoke_key(id, now); });
  }
  Awaitable<Result<std::vector<WebhookSecret>>> list_webhook_secrets(AccountId account) override {
    co_return locked([&] { return accounts_.list_secrets(account); });
  }
  Awaitable<Result<WebhookSecret>> add_webhook_secret(
      AccountId account, std::string sealed, Timestamp now,
      std::optional<Timestamp> others_expire_at) override {
    co_return locked(
        [&] { return accounts_.add_secret(account, std::move(sealed), now, others_expire_at); });
  }
  Awaitable<Result<void>> remove_webhook_secrets(AccountId account, Timestamp) override {
    co_return locked([&] { return accounts_.remove_secrets(account); });
  }
  Awaitable<Result<void>> keep_pin(std::string fingerprint, std::string sealed) override {
    co_return locked([&] { return accounts_.keep_pin(std::move(fingerprint), std::move(sealed)); });
  }
  Awaitable<Result<std::optional<std::string>>> find_pin(std::string fingerprint) override {
    co_return locked([&] { return accounts_.find_pin(fingerprint); });
  }

  Awaitable<Result<Created>> create_task(std::unique_ptr<NewTask> wanted) override {
    co_return locked([&] { return tasks_.create(std::move(*wanted)); });
  }
  Awaitable<Result<std::optional<Task>>> find_task(AccountId account, TaskId id) override {
    co_return locked([&] { return tasks_.find(account, id); });
  }
  Awaitable<Result<std::optional<Task>>> find_task_by_external_id(
      AccountId account, std::string external_id) override {
    co_return locked([&] { return tasks_.find_by_external_id(account, external_id); });
  }
  Awaitable<Result<std::optional<Task>>> find_record(TaskId id) override {
    co_return locked([&] { return tasks_.find_record(id); });
  }
  Awaitable<Result<std::vector<Task>>> list_tasks(ListQuery query) override {
    co_return locked([&] { return tasks_.list(query); });
  }
  Awaitable<Result<bool>> request_cancel(AccountId account, TaskId id, Timestamp now) override {
    co_return locked([&] { return tasks_.request_cancel(account, id, now); });
  }
  Awaitable<Result<std::vector<TaskEvent>>> list_events(TaskId id) override {
    co_return locked([&] { return tasks_.list_events(id); });
  }
  Awaitable<Result<std::vector<LedgerLine>>> list_ledger(AccountId account, int limit) override {
    co_return locked([&] { return tasks_.list_ledger(account, limit); });
  }
  Awaitable<Result<std::optional<Created>>> find_replay(AccountId account,
                                                        Idempotency idempotency) override {
    co_return locked([&] { return tasks_.find_replay(account, idempotency); });
  }
  Awaitable<Result<std::optional<Artifact>>> find_artifact(TaskId artifact_id) override {
    co_return locked([&] { return tasks_.find_artifact(artifact_id); });
  }

  Awaitable<Result<std::vector<Task>>> claim_tasks(ClaimRequest request) override {
    co_return locked([&] { return tasks_.claim(request); });
  }
  Awaitable<Result<std::vector<std::string>>> list_queues() override {
    co_return locked([&] { return tasks_.queues(); });
  }
  Awaitable<Result<Heartbeat>> renew_leases(NodeId node, std::vector<TaskId> ids,
                                            Timestamp until) override {
    co_return locked([&] { return tasks_.renew_leases(node, ids, until); });
  }
  Awaitable<Result<void>> change_task(Change change) override {
    co_return locked([&] { return tasks_.change(std::move(change)); });
  }
  Awaitable<Result<void>> record_attempt(NodeId node, Attempt attempt) override {
    co_return locked([&] { return tasks_.record_attempt(node, std::move(attempt)); });
  }
  Awaitable<Result<void>> book_late(Attempt attempt) override {
    co_return locked([&] { return tasks_.book_late(std::move(attempt)); });
  }
  Awaitable<Result<std::vector<Attempt>>> list_attempts(TaskId id) override {
    co_return locked([&] { return tasks_.list_attempts(id); });
  }
  Awaitable<Result<void>> record_progress(TaskId id, int attempt, int percent) override {
    co_return locked([&] { return tasks_.record_progress(id, attempt, percent); });
  }
  Awaitable<Result<int>> requeue_abandoned(NodeId node, Timestamp now) override {
    co_return locked([&] { return tasks_.requeue_abandoned(node, now); });
  }
  Awaitable<Result<std::vector<Adopted>>> adopt_remote(AdoptRequest request) override {
    co_return locked([&] { return tasks_.adopt_remote(request); });
  }
  Awaitable<Result<void>> release_leases(NodeId node) override {
    co_return locked([&] { return tasks_.release_leases(node); });
  }
  Awaitable<Result<int>> count_unfinished() override {
    co_return locked([&] { return tasks_.count_unfinished(); });
  }
  Awaitable<Result<std::vector<StateCount>>> count_unfinished_by_state() override {
    co_return locked([&] { return tasks_.count_unfinished_by_state(); });
  }
  Awaitable<Result<std::vector<Task>>> list_expired(Timestamp before, int limit) override {
    co_return locked([&] { return tasks_.list_expired(before, limit); });
  }
  Awaitable<Result<void>> mark_purged(TaskId id, Timestamp now) override {
    co_return locked([&] { return tasks_.mark_purged(id, now); });
  }

  Awaitable<Result<std::vector<Delivery>>> claim_deliveries(ClaimDeliveries request) override {
    co_return locked([&] { return deliveries_.claim(request); });
  }
  Awaitable<Result<void>> finish_try(TryResult result) override {
    co_return locked([&] { return deliveries_.finish_try(std::move(result)); });
  }
  Awaitable<Result<std::optional<Timestamp>>> earliest_due_delivery() override {
    co_return locked([&] { return deliveries_.earliest_due(); });
  }
  Awaitable<Result<int>> requeue_deliveries(NodeId node) override {
    co_return locked([&] { return deliveries_.requeue(node); });
  }
  Awaitable<Result<std::vector<Delivery>>> list_deliveries(AccountId account,
                                                           std::optional<TaskId> task,
                                                           int limit) override {
    co_return locked([&] { return deliveries_.list(account, task, limit); });
  }
  Awaitable<Result<std::optional<Delivery>>> find_delivery(AccountId account,
                                                           TaskId delivery) override {
    co_return locked([&] { return deliveries_.find(account, delivery); });
  }
  Awaitable<Result<std::vector<DeliveryTry>>> list_tries(TaskId delivery) override {
    co_return locked([&] { return deliveries_.list_tries(delivery); });
  }
  Awaitable<Result<bool>> replay_delivery(AccountId account, TaskId delivery,
                                          Timestamp now) override {
    co_return locked([&] { return deliveries_.replay(account, delivery, now); });
  }
  Awaitable<Result<void>> add_delivery(Delivery delivery) override {
    co_return locked([&] { return deliveries_.add(std::move(delivery)); });
  }

  Result<void> health() const override { return {}; }

 private:
  std::mutex mutex_;  // guards the members below
  memory::Accounts accounts_;
  memory::Deliveries deliveries_;
  memory::Tasks tasks_{accounts_, deliveries_};
};

}  // namespace

std::unique_ptr<Store> make_memory_store(const Outbox* outbox) {
  return std::make_unique<MemoryStore>(outbox);
}

}  // namespace rushes::store
