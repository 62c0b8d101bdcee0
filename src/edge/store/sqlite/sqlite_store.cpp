#include "edge/store/sqlite/sqlite_store.h"

#include <algorithm>
#include <span>
#include <utility>

#include "core/task/transitions.h"
#include "edge/platform/files.h"
#include "edge/store/bounds.h"
#include "edge/store/sqlite/operations.h"
#include "edge/store/sqlite/readers.h"
#include "edge/store/sqlite/schema.h"
#include "edge/store/sqlite/writer.h"

namespace rushes::store {
namespace {

using sqlite::Connection;

// How far tasks in work are. Percents need not survive a crash: the work itself begins anew.
class ProgressBoard {
 public:
  void note(TaskId id, int attempt, int percent) {
    const std::lock_guard lock(mutex_);
    Entry& entry = entries_[id];
    if (entry.attempt != attempt) entry = {attempt, 0};
    entry.percent = std::max(entry.percent, percent);
  }

  void forget(TaskId id) {
    const std::lock_guard lock(mutex_);
    entries_.erase(id);
  }

  void fill_in(Task& task) const {
    if (!is_in_work(task.state)) return;
    const std::lock_guard lock(mutex_);
    const auto found = entries_.find(task.id);
    if (found != entries_.end() && found->second.attempt == task.attempt) {
      task.progress_percent = found->second.percent;
    }
  }

 private:
  struct Entry {
    int attempt = 0;
    int percent = 0;
  };
  mutable std::mutex mutex_;  // guards entries_
  std::unordered_map<TaskId, Entry> entries_;
};

class SqliteStore final : public Store {
 public:
  SqliteStore(std::optional<files::DirectoryLock> lock, std::unique_ptr<sqlite::Load> load,
              const Outbox* outbox, std::unique_ptr<Connection> writer,
              std::unique_ptr<Connection> checkpointer, Connection::Options reader_options)
      : lock_(std::move(lock)),
        load_(std::move(load)),
        outbox_(outbox),
        readers_(std::move(reader_options)),
        writer_(std::move(writer), std::move(checkpointer),
                [this](bool committed) { load_->end_group(committed); }) {}

  Awaitable<Result<Account>> ensure_account(std::string name, Timestamp now) override {
    if (name.empty() || name.size() > kNameBytesMax) {
      co_return fail_user(ErrorCode::kInvalidInput, "account name must have 1 to 255 bytes");
    }
    auto work = [name = std::move(name), now](Connection& db) {
      return sqlite::ensure_account(db, name, now);
    };
    CO_TRY(Account account, co_await writer_.write<Account>(std::move(work)));
    CO_TRY_VOID(fill_in_money(std::span(&account, 1)));
    co_return account;
  }

  Awaitable<Result<std::optional<Account>>> find_account(AccountId id) override {
    CO_TRY(auto account,
           readers_.read([&](Connection& db) { return sqlite::find_account(db, id); }));
    if (account) CO_TRY_VOID(fill_in_money(std::span(&*account, 1)));
    co_return account;
  }

  Awaitable<Result<std::vector<Account>>> list_accounts() override {
    CO_TRY(auto accounts, readers_.read([](Connection& db) { return sqlite::list_accounts(db); }));
    CO_TRY_VOID(fill_in_money(accounts));
    co_return accounts;
  }

  Awaitable<Result<bool>> update_account(AccountId id, AccountSettings settings,
                                         Timestamp now) override {
    CO_TRY_VOID(check_bounds(settings));
    auto work = [id = std::move(id), settings = std::move(settings),
                 now](sqlite::Transaction transaction) {
      return sqlite::update_account(transaction, id, settings, now);
    };
    co_return co_await change<bool>(std::move(work));
  }

  Awaitable<Result<std::vector<WebhookSecret>>> list_webhook_secrets(AccountId account) override {
    co_return readers_.read(
        [&](Connection& db) { return sqlite::list_webhook_secrets(db, account); });
  }

  Awaitable<Result<WebhookSecret>> add_webhook_secret(
      AccountId account, std::string sealed, Timestamp now,
      std::optional<Timestamp> others_expire_at) override {
    CO_TRY_VOID(check_sealed(account.value, sealed));
    sqlite::NewWebhookSecret wanted{std::move(account), std::move(sealed), now, others_expire_at};
    auto work = [wanted = std::move(wanted)](Connection& db) {
      return sqlite::add_webhook_secret(db, wanted);
    };
    co_return co_await writer_.write<WebhookSecret>(std::move(work));
  }

  Awaitable<Result<void>> remove_webhook_secrets(AccountId account, Timestamp now) override {
    return writer_.write<void>([account = std::move(account), now](Connection& db) {
      return sqlite::remove_webhook_secrets(db, account, now);
    });
  }

  Awaitable<Result<void>> add_key(access::KeyRecord record) override {
    return writer_.write<void>(
        [record = std::move(record)](Connection& db) { return sqlite::add_key(db, record); });
  }

  Awaitable<Result<std::optional<access::KeyRecord>>> find_key(access::KeyKind kind,
                                                               std::string lookup) override {
    co_return readers_.read([&](Connection& db) { return sqlite::find_key(db, kind, lookup); });
  }

  Awaitable<Result<std::vector<access::KeyRecord>>> list_keys() override {
    co_return readers_.read([](Connection& db) { return sqlite::list_keys(db); });
  }

  Awaitable<Result<bool>> revoke_key(KeyId id, Timestamp now) override {
    return writer_.write<bool>(
        [id = std::move(id), now](Connection& db) { return sqlite::revoke_key(db, id, now); });
  }

  Awaitable<Result<Created>> create_task(std::unique_ptr<NewTask> wanted) override {
    std::string spec = to_json_text(wanted->task.spec);
    CO_TRY_VOID(check_bounds(*wanted, spec.size()));
    auto work = [wanted = std::move(wanted),
                 spec = std::move(spec)](sqlite::Transaction transaction) {
      return sqlite::create_task(transaction, std::move(*wanted), spec);
    };
    co_return co_await change<Created>(std::move(work), sqlite::Undo::kNotNeeded);
  }

  Awaitable<Result<std::optional<Task>>> find_task(AccountId account, TaskId id) override {
    co_return with_progress(
        readers_.read([&](Connection& db) { return sqlite::find_task(db, account, id); }));
  }

  Awaitable<Result<std::optional<Task>>> find_task_by_external_id(
      AccountId account, std::string external_id) override {
    if (external_id.empty()) co_return std::nullopt;
    co_return with_progress(readers_.read([&](Connection& db) {
      return sqlite::find_task_by_external_id(db, account, external_id);
    }));
  }

  Awaitable<Result<std::optional<Task>>> find_record(TaskId id) override {
    co_return with_progress(
        readers_.read([&](Connection& db) { return sqlite::find_record(db, id); }));
  }

  Awaitable<Result<std::vector<Task>>> list_tasks(ListQuery query) override {
    auto tasks = readers_.read([&](Connection& db) { return sqlite::list_tasks(db, query); });
    if (tasks) {
      for (Task& task : *tasks) progress_.fill_in(task);
    }
    co_return tasks;
  }

  Awaitable<Result<bool>> request_cancel(AccountId account, TaskId id, Timestamp now) override {
    return writer_.write<bool>([account = std::move(account), id, now](Connection& db) {
      return sqlite::request_cancel(db, account, id, now);
    });
  }

  Awaitable<Result<std::vector<TaskEvent>>> list_events(TaskId id) override {
    co_return readers_.read([id](Connection& db) { return sqlite::list_events(db, id); });
  }

  Awaitable<Result<std::vector<LedgerLine>>> list_ledger(AccountId account, int limit) override {
    co_return readers_.read(
        [&](Connection& db) { return sqlite::list_ledger(db, account, limit); });
  }

  Awaitable<Result<std::optional<Created>>> find_replay(AccountId account,
                                                        Idempotency idempotency) override {
    auto replay = readers_.read(
        [&](Connection& db) { return sqlite::find_replay(db, account, idempotency); });
    if (replay && *replay && (*replay)->task) progress_.fill_in(*(*replay)->task);
    co_return replay;
  }

  Awaitable<Result<std::optional<Artifact>>> find_artifact(TaskId artifact_id) override {
    co_return readers_.read(
        [artifact_id](Connection& db) { return sqlite::find_artifact(db, artifact_id); });
  }

  Awaitable<Result<std::vector<Task>>> claim_tasks(ClaimRequest request) override {
    return change<std::vector<Task>>(
        [request = std::move(request)](sqlite::Transaction transaction) {
          return sqlite::claim_tasks(transaction, request);
        });
  }

  Awaitable<Result<std::vector<std::string>>> list_queues() override {
    co_return readers_.read([](Connection& db) { return sqlite::list_queues(db); });
  }

  Awaitable<Result<Heartbeat>> renew_leases(NodeId node, std::vector<TaskId> ids,
                                            Timestamp until) override {
    return writer_.write<Heartbeat>(
        [node = std::move(node), ids = std::move(ids), until](Connection& db) {
          return sqlite::renew_leases(db, node, ids, until);
        });
  }

  Awaitable<Result<void>> change_task(Change change) override {
    const TaskId id = change.id;
    auto work = [change = within_bounds(std::move(change))](sqlite::Transaction transaction) {
      return sqlite::change_task(transaction, change);
    };
    const Result<void> changed = co_await this->change<void>(std::move(work));
    if (changed) progress_.forget(id);
    co_return changed;
  }

  Awaitable<Result<void>> record_attempt(NodeId node, Attempt attempt) override {
    attempt = within_bounds(std::move(attempt));
    auto work = [node = std::move(node), attempt = std::move(attempt)](Connection& db) {
      return sqlite::record_attempt(db, node, attempt);
    };
    co_return co_await writer_.write<void>(std::move(work));
  }

  Awaitable<Result<void>> book_late(Attempt attempt) override {
    auto work = [attempt = within_bounds(std::move(attempt))](Connection& db) {
      return sqlite::book_late(db, attempt);
    };
    co_return co_await writer_.write<void>(std::move(work));
  }

  Awaitable<Result<std::vector<Attempt>>> list_attempts(TaskId id) override {
    co_return readers_.read([id](Connection& db) { return sqlite::list_attempts(db, id); });
  }

  Awaitable<Result<void>> record_progress(TaskId id, int attempt, int percent) override {
    progress_.note(id, attempt, percent);
    co_return Result<void>{};
  }

  Awaitable<Result<int>> requeue_abandoned(NodeId node, Timestamp now) override {
    return change<int>([node = std::move(node), now](sqlite::Transaction transaction) {
      return sqlite::requeue_abandoned(transaction, node, now);
    });
  }

  Awaitable<Result<std::vector<Adopted>>> adopt_remote(AdoptRequest request) override {
    return change<std::vector<Adopted>>(
        [request = std::move(request)](sqlite::Transaction transaction) {
          return sqlite::adopt_remote(transaction, request);
        });
  }

  Awaitable<Result<void>> release_leases(NodeId node) override {
    return writer_.write<void>(
        [node = std::move(node)](Connection& db) { return sqlite::release_leases(db, node); });
  }

  Awaitable<Result<void>> keep_pin(std::string fingerprint, std::string sealed) override {
    CO_TRY_VOID(check_sealed(fingerprint, sealed));
    auto work = [fingerprint = std::move(fingerprint), sealed = std::move(sealed)](Connection& db) {
      return sqlite::keep_pin(db, fingerprint, sealed);
    };
    co_return co_await writer_.write<void>(std::move(work));
  }

  Awaitable<Result<std::optional<std::string>>> find_pin(std::string fingerprint) override {
    co_return readers_.read([&](Connection& db) { return sqlite::find_pin(db, fingerprint); });
  }

  Awaitable<Result<int>> count_unfinished() override {
    co_return static_cast<int>(load_->committed_total());
  }

  Awaitable<Result<std::vector<StateCount>>> count_unfinished_by_state() override {
    co_return load_->by_state();
  }

  Awaitable<Result<std::vector<Task>>> list_expired(Timestamp before, int limit) override {
    co_return readers_.read(
        [=](Connection& db) { return sqlite::list_expired(db, before, limit); });
  }

  Awaitable<Result<void>> mark_purged(TaskId id, Timestamp now) override {
    return writer_.write<void>(
        [id, now](Connection& db) { return sqlite::mark_purged(db, id, now); });
  }

  Awaitable<Result<std::vector<Delivery>>> claim_deliveries(ClaimDeliveries request) override {
    return writer_.write<std::vector<Delivery>>([request = std::move(request)](Connection& db) {
      return sqlite::claim_deliveries(db, request);
    });
  }

  Awaitable<Result<void>> finish_try(TryResult result) override {
    result.attempt = within_bounds(std::move(result.attempt));
    auto work = [result = std::move(result)](Connection& db) {
      return sqlite::finish_try(db, result);
    };
    co_return co_await writer_.write<void>(std::move(work));
  }

  Awaitable<Result<std::optional<Timestamp>>> earliest_due_delivery() override {
    co_return readers_.read([](Connection& db) { return sqlite::earliest_due_delivery(db); });
  }

  Awaitable<Result<int>> requeue_deliveries(NodeId node) override {
    return writer_.write<int>(
        [node = std::move(node)](Connection& db) { return sqlite::requeue_deliveries(db, node); });
  }

  Awaitable<Result<std::vector<Delivery>>> list_deliveries(AccountId account,
                                                           std::optional<TaskId> task,
                                                           int limit) override {
    const sqlite::DeliveryQuery query{std::move(account), task, limit};
    co_return readers_.read([&](Connection& db) { return sqlite::list_deliveries(db, query); });
  }

  Awaitable<Result<std::optional<Delivery>>> find_delivery(AccountId account,
                                                           TaskId delivery) override {
    co_return readers_.read(
        [&](Connection& db) { return sqlite::find_delivery(db, account, delivery); });
  }

  Awaitable<Result<std::vector<DeliveryTry>>> list_tries(TaskId delivery) override {
    co_return readers_.read([&](Connection& db) { return sqlite::list_tries(db, delivery); });
  }

  Awaitable<Result<bool>> replay_delivery(AccountId account, TaskId delivery,
                                          Timestamp now) override {
    return writer_.write<bool>([account = std::move(account), delivery, now](Connection& db) {
      return sqlite::replay_delivery(db, account, delivery, now);
    });
  }

  Awaitable<Result<void>> add_delivery(Delivery delivery) override {
    CO_TRY_VOID(check_bounds(delivery));
    auto work = [delivery = std::move(delivery)](Connection& db) {
      return sqlite::add_delivery(db, delivery);
    };
    co_return co_await writer_.write<void>(std::move(work));
  }

  Result<void> health() const override { return writer_.health(); }

 private:
  // A change that the counts follow: what it did to them is undone if it fails.
  template <class T, class Work>
  Awaitable<Result<T>> change(Work work, sqlite::Undo undo = sqlite::Undo::kSavepoint) {
    auto counted = [this, work = std::move(work)](Connection& db) mutable {
      const size_t mark = load_->mark();
      Result<T> result = work(sqlite::Transaction{db, *load_, outbox_});
      if (!result) load_->undo_to(mark);
      return result;
    };
    return writer_.write<T>(std::move(counted), undo);
  }

  // A guest counts anew: the owner's counts are in another process.
  Result<void> fill_in_money(std::span<Account> accounts) {
    sqlite::Load counted;
    if (!lock_) {
      TRY_VOID(readers_.read([&](Connection& db) { return counted.count(db); }));
    }
    const sqlite::Load& load = lock_ ? *load_ : counted;
    for (Account& account : accounts) {
      const sqlite::Load::Share share = load.committed(account.id);
      account.spent = share.spent;
      account.reserved = share.reserved;
    }
    return {};
  }

  Result<std::optional<Task>> with_progress(Result<std::optional<Task>> task) const {
    if (task && *task) progress_.fill_in(**task);
    return task;
  }

  // In the order of construction; the writer, which uses all of it, ends first.
  std::optional<files::DirectoryLock> lock_;
  std::unique_ptr<sqlite::Load> load_;
  const Outbox* outbox_;
  ProgressBoard progress_;
  sqlite::Readers readers_;
  sqlite::Writer writer_;
};

Result<void> prepare_for_writing(Connection& connection) {
  return connection.execute(
      "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 0;"
      "PRAGMA journal_size_limit = 67108864; PRAGMA temp_store = MEMORY");
}

}  // namespace

Result<std::unique_ptr<Store>> open_sqlite_store(SqliteOptions options) {
  TRY_VOID(files::ensure_directory(options.directory, 0700));
  std::optional<files::DirectoryLock> lock;
  if (options.sharing == SqliteOptions::Sharing::kOwner) {
    TRY(files::DirectoryLock acquired, files::DirectoryLock::acquire(options.directory));
    lock.emplace(std::move(acquired));
  }
  const std::string path = options.directory + "/rushes.db";
  Connection::Options connection{.path = path, .vfs = options.vfs};
  TRY(std::unique_ptr<Connection> writer, Connection::open(connection));
  // First of all: nothing is changed in a file that is not ours to change.
  TRY_VOID(sqlite::migrate(*writer, path));
  TRY_VOID(prepare_for_writing(*writer));
  TRY(std::unique_ptr<Connection> checkpointer, Connection::open(connection));
  TRY_VOID(prepare_for_writing(*checkpointer));
  // SQLite makes its files durable, and the name of the log; the database's own name is up to us.
  TRY_VOID(files::sync_directory(options.directory));

  auto load = std::make_unique<sqlite::Load>();
  TRY_VOID(load->count(*writer));
  connection.access = Connection::Access::kReadOnly;
  return std::make_unique<SqliteStore>(std::move(lock), std::move(load), options.outbox,
                                       std::move(writer), std::move(checkpointer),
                                       std::move(connection));
}

}  // namespace rushes::store
