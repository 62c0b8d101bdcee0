#include "edge/store/memory/memory_store.h"

#include <algorithm>
#include <map>
#include <mutex>
#include <tuple>
#include <utility>

#include "core/task/transitions.h"
#include "edge/store/bounds.h"
#include "edge/store/fairness.h"

namespace rushes::store {
namespace {

struct Row {
  Task task;
  Timestamp due{};
  NodeId node;  // empty: no lease
  Timestamp lease_until{};
  std::optional<Timestamp> ended_at;
  bool purged = false;
  std::vector<TaskEvent> events;
};

struct Replay {
  std::string fingerprint;
  TaskId task;
};

// The maps behind the lock. Every operation is one call, so it is one transaction.
class Tables {
 public:
  Account ensure_account(std::string name, Timestamp now) {
    const auto found = accounts_.find(name);
    if (found != accounts_.end()) return found->second;
    Account account{{"acc" + std::to_string(accounts_.size() + 1)}, name, now};
    return accounts_.emplace(std::move(name), std::move(account)).first->second;
  }

  Result<void> add_key(access::KeyRecord record) {
    for (const access::KeyRecord& other : keys_) {
      if (other.id == record.id || (other.kind == record.kind && other.lookup == record.lookup)) {
        return fail(ErrorCode::kAlreadyExists, "key " + record.id.value + " exists");
      }
    }
    keys_.push_back(std::move(record));
    return {};
  }

  std::optional<access::KeyRecord> find_key(access::KeyKind kind, const std::string& lookup) const {
    for (const access::KeyRecord& key : keys_) {
      if (key.kind == kind && key.lookup == lookup) return key;
    }
    return std::nullopt;
  }

  std::vector<access::KeyRecord> list_keys() const { return keys_; }

  bool revoke_key(const KeyId& id, Timestamp now) {
    for (access::KeyRecord& key : keys_) {
      if (key.id != id) continue;
      if (!key.revoked_at) key.revoked_at = now;
      return true;
    }
    return false;
  }

  std::optional<Created> find_replay(const AccountId& account, const Idempotency& asked) const {
    const auto found = replays_.find({account, asked.key});
    if (asked.key.empty() || found == replays_.end()) return std::nullopt;
    if (found->second.fingerprint != asked.fingerprint) {
      return Created{Created::Kind::kFingerprintMismatch, {}};
    }
    return Created{Created::Kind::kReplayed, rows_.at(found->second.task).task};
  }

  Result<Created> create_task(NewTask wanted) {
    Task& task = wanted.task;
    TRY_VOID(check_bounds(wanted, json::to_text(to_json(task.spec)).size()));
    if (auto replay = find_replay(task.account, wanted.idempotency)) return *std::move(replay);
    if (find_by_external_id(task.account, task.spec.external_task_id)) {
      return Created{Created::Kind::kDuplicateExternalId, {}};
    }
    if (is_full(wanted)) return Created{Created::Kind::kQueueFull, {}};
    if (rows_.contains(task.id)) return fail(ErrorCode::kAlreadyExists, "task id is taken");
    if (!wanted.idempotency.key.empty()) {
      replays_[{task.account, wanted.idempotency.key}] = {wanted.idempotency.fingerprint, task.id};
    }
    Row row;
    row.task = task;
    row.due = task.created_at;
    record(row, task.created_at, "submitted", "");
    rows_.emplace(task.id, std::move(row));
    return Created{Created::Kind::kNew, std::move(task)};
  }

  std::optional<Task> find_task(const AccountId& account, TaskId id) const {
    const auto found = rows_.find(id);
    if (found == rows_.end() || !is_visible(found->second, account)) return std::nullopt;
    return found->second.task;
  }

  std::optional<Task> find_by_external_id(const AccountId& account, const std::string& id) const {
    if (id.empty()) return std::nullopt;
    for (const auto& [task_id, row] : rows_) {
      if (is_visible(row, account) && row.task.spec.external_task_id == id) return row.task;
    }
    return std::nullopt;
  }

  std::vector<Task> list_tasks(const ListQuery& query) const {
    std::vector<const Task*> found;
    for (const auto& [id, row] : rows_) {
      if (is_visible(row, query.account) && row.task.family == query.family &&
          row.task.created_at >= query.created_from) {
        found.push_back(&row.task);
      }
    }
    std::ranges::sort(found, [](const Task* a, const Task* b) {
      return std::tie(a->created_at, a->id) > std::tie(b->created_at, b->id);
    });
    std::vector<Task> page;
    for (size_t i = static_cast<size_t>(std::max(query.offset, 0));
         i < found.size() && static_cast<int>(page.size()) < std::min(query.limit, kListLimitMax);
         ++i) {
      page.push_back(*found[i]);
    }
    return page;
  }

  bool request_cancel(const AccountId& account, TaskId id, Timestamp now) {
    const auto found = rows_.find(id);
    if (found == rows_.end() || !is_visible(found->second, account)) return false;
    if (is_terminal(found->second.task.state)) return false;
    if (std::exchange(found->second.task.cancel_requested, true)) return true;
    record(found->second, now, "cancel_requested", "");
    return true;
  }

  std::vector<TaskEvent> list_events(TaskId id) const {
    const auto found = rows_.find(id);
    return found == rows_.end() ? std::vector<TaskEvent>{} : found->second.events;
  }

  std::vector<LedgerLine> list_ledger(const AccountId& account, int limit) const {
    std::vector<LedgerLine> lines;
    for (const auto& [task, line] : ledger_) {
      if (line.account == account) lines.push_back(line);
    }
    std::ranges::sort(lines, [](const LedgerLine& a, const LedgerLine& b) {
      return std::tie(a.at, a.task) > std::tie(b.at, b.task);
    });
    if (static_cast<int>(lines.size()) > limit) lines.resize(static_cast<size_t>(limit));
    return lines;
  }

  std::optional<Artifact> find_artifact(TaskId artifact_id) const {
    for (const auto& [id, row] : rows_) {
      for (const Artifact& artifact : row.task.artifacts) {
        if (artifact.id == artifact_id && !row.purged) return artifact;
      }
    }
    return std::nullopt;
  }

  std::vector<Task> claim_tasks(const ClaimRequest& request) {
    std::map<AccountId, AccountQueue> queues;
    for (const auto& [id, row] : rows_) {
      if (is_terminal(row.task.state)) continue;
      AccountQueue& queue = queues[row.task.account];
      if (row.task.state != TaskState::kQueued) {
        ++queue.in_work;
      } else if (row.due <= request.now) {
        queue.due.push_back({row.due, id});
      }
    }
    std::vector<AccountQueue> sorted;
    for (auto& [account, queue] : queues) {
      queue.account = account;
      std::ranges::sort(queue.due);
      sorted.push_back(std::move(queue));
    }
    std::vector<Task> claimed;
    for (const TaskId id : choose_fairly(std::move(sorted), request.limit)) {
      Row& row = rows_.at(id);
      row.task.state = *next_state(row.task.state, TaskEventKind::kClaimLocal);
      ++row.task.attempt;
      row.task.progress_percent = 0;
      row.task.updated_at = request.now;
      row.node = request.node;
      row.lease_until = request.lease_until;
      record(row, request.now, "claimed", request.node.value);
      claimed.push_back(row.task);
    }
    return claimed;
  }

  Store::Heartbeat renew_leases(const NodeId& node, const std::vector<TaskId>& ids,
                                Timestamp until) {
    Store::Heartbeat heartbeat;
    for (const TaskId id : ids) {
      const auto found = rows_.find(id);
      if (found == rows_.end() || found->second.node != node) continue;
      found->second.lease_until = until;
      heartbeat.held.push_back(id);
      if (found->second.task.cancel_requested) heartbeat.cancel_requested.push_back(id);
    }
    return heartbeat;
  }

  Result<void> change_task(Change change) {
    const auto found = rows_.find(change.id);
    if (found == rows_.end() || !is_expected(found->second, change)) {
      return fail(ErrorCode::kConflict, "task " + change.id.to_string() + " is elsewhere");
    }
    change = within_bounds(std::move(change));
    Row& row = found->second;
    Task& task = row.task;
    task.state = change.to;
    task.updated_at = change.at;
    task.failures += change.counts_as_failure ? 1 : 0;
    if (!change.notes.empty()) task.notes = std::move(change.notes);
    if (change.to == TaskState::kQueued) row.due = change.due_at.value_or(change.at);
    if (!is_in_work(change.to)) row.node = {};
    if (is_terminal(change.to)) {
      row.ended_at = change.at;
      task.failure_code = std::move(change.failure_code);
      task.failure_message = std::move(change.failure_message);
      task.artifacts = std::move(change.artifacts);
      task.price_final = change.price_final.value_or(0);
      if (change.to == TaskState::kSucceeded) task.progress_percent = 100;
      ledger_.emplace(task.id, LedgerLine{task.id, task.account, *task.price_final, change.at});
    }
    record(row, change.at, std::move(change.event_name), std::move(change.event_detail));
    return {};
  }

  void record_progress(TaskId id, int attempt, int percent) {
    const auto found = rows_.find(id);
    if (found == rows_.end() || !is_in_work(found->second.task.state)) return;
    Task& task = found->second.task;
    if (task.attempt == attempt) task.progress_percent = std::max(task.progress_percent, percent);
  }

  int requeue_abandoned(const NodeId& node, Timestamp now) {
    int count = 0;
    for (auto& [id, row] : rows_) {
      const bool own = !node.empty() && row.node == node;
      if (row.node.empty() || !(own || row.lease_until <= now)) continue;
      const auto to = next_state(row.task.state, TaskEventKind::kAbandon);
      if (!to) continue;
      record(row, now, own ? "abandoned" : "lease_expired", row.node.value);
      row.task.state = *to;
      row.task.updated_at = now;
      row.task.progress_percent = 0;
      row.node = {};
      row.due = row.task.created_at;
      ++count;
    }
    return count;
  }

  std::vector<Store::StateCount> count_unfinished_by_state() const {
    std::map<TaskState, int64_t> counts;
    for (const auto& [id, row] : rows_) {
      if (!row.ended_at) ++counts[row.task.state];
    }
    std::vector<Store::StateCount> list;
    for (const auto& [state, count] : counts) list.push_back({state, count});
    return list;
  }

  int count_unfinished() const {
    return static_cast<int>(
        std::ranges::count_if(rows_, [](const auto& entry) { return !entry.second.ended_at; }));
  }

  std::vector<Task> list_expired(Timestamp before, int limit) const {
    std::vector<const Row*> found;
    for (const auto& [id, row] : rows_) {
      if (row.ended_at && *row.ended_at < before && !row.purged) found.push_back(&row);
    }
    std::ranges::sort(found, [](const Row* a, const Row* b) {
      return std::tie(*a->ended_at, a->task.id) < std::tie(*b->ended_at, b->task.id);
    });
    std::vector<Task> tasks;
    for (const Row* row : found) {
      if (static_cast<int>(tasks.size()) < limit) tasks.push_back(row->task);
    }
    return tasks;
  }

  Result<void> mark_purged(TaskId id, Timestamp now) {
    const auto found = rows_.find(id);
    if (found == rows_.end() || !found->second.ended_at) {
      return fail(ErrorCode::kConflict, "task " + id.to_string() + " is not over");
    }
    if (std::exchange(found->second.purged, true)) return {};
    found->second.task.artifacts.clear();
    std::erase_if(replays_, [id](const auto& entry) { return entry.second.task == id; });
    record(found->second, now, "purged", "");
    return {};
  }

 private:
  static bool is_visible(const Row& row, const AccountId& account) {
    return row.task.account == account && !row.purged;
  }

  static bool is_expected(const Row& row, const Change& change) {
    return row.task.state == change.from && row.task.attempt == change.attempt &&
           row.node == change.node && is_allowed(change.from, change.to);
  }

  bool is_full(const NewTask& wanted) const {
    int own = 0, total = 0;
    for (const auto& [id, row] : rows_) {
      if (row.ended_at) continue;
      ++total;
      if (row.task.account == wanted.task.account) ++own;
    }
    return (wanted.queue_depth_max > 0 && own >= wanted.queue_depth_max) ||
           (wanted.queue_depth_total_max > 0 && total >= wanted.queue_depth_total_max);
  }

  void record(Row& row, Timestamp at, std::string name, std::string detail) {
    row.events.push_back({++sequence_, at, std::move(name), std::move(detail)});
  }

  std::map<std::string, Account> accounts_;  // by name
  std::vector<access::KeyRecord> keys_;
  std::map<TaskId, Row> rows_;
  std::map<std::pair<AccountId, std::string>, Replay> replays_;
  std::map<TaskId, LedgerLine> ledger_;
  int64_t sequence_ = 0;
};

template <class T>
Result<T> as_result(T value) {
  return Result<T>(std::move(value));
}
template <class T>
Result<T> as_result(Result<T> value) {
  return value;
}

class MemoryStore final : public Store {
 private:
  template <class Work>
  auto locked(Work work) {
    const std::lock_guard lock(mutex_);
    return as_result(work());
  }

 public:
  Awaitable<Result<Account>> ensure_account(std::string name, Timestamp now) override {
    co_return locked([&] { return tables_.ensure_account(std::move(name), now); });
  }
  Awaitable<Result<void>> add_key(access::KeyRecord record) override {
    co_return locked([&] { return tables_.add_key(std::move(record)); });
  }
  Awaitable<Result<std::optional<access::KeyRecord>>> find_key(access::KeyKind kind,
                                                               std::string lookup) override {
    co_return locked([&] { return tables_.find_key(kind, lookup); });
  }
  Awaitable<Result<std::vector<access::KeyRecord>>> list_keys() override {
    co_return locked([&] { return tables_.list_keys(); });
  }
  Awaitable<Result<bool>> revoke_key(KeyId id, Timestamp now) override {
    co_return locked([&] { return tables_.revoke_key(id, now); });
  }
  Awaitable<Result<Created>> create_task(NewTask task) override {
    co_return locked([&] { return tables_.create_task(std::move(task)); });
  }
  Awaitable<Result<std::optional<Task>>> find_task(AccountId account, TaskId id) override {
    co_return locked([&] { return tables_.find_task(account, id); });
  }
  Awaitable<Result<std::optional<Task>>> find_task_by_external_id(
      AccountId account, std::string external_id) override {
    co_return locked([&] { return tables_.find_by_external_id(account, external_id); });
  }
  Awaitable<Result<std::vector<Task>>> list_tasks(ListQuery query) override {
    co_return locked([&] { return tables_.list_tasks(query); });
  }
  Awaitable<Result<bool>> request_cancel(AccountId account, TaskId id, Timestamp now) override {
    co_return locked([&] { return tables_.request_cancel(account, id, now); });
  }
  Awaitable<Result<std::vector<TaskEvent>>> list_events(TaskId id) override {
    co_return locked([&] { return tables_.list_events(id); });
  }
  Awaitable<Result<std::vector<LedgerLine>>> list_ledger(AccountId account, int limit) override {
    co_return locked([&] { return tables_.list_ledger(account, limit); });
  }
  Awaitable<Result<std::optional<Created>>> find_replay(AccountId account,
                                                        Idempotency idempotency) override {
    co_return locked([&] { return tables_.find_replay(account, idempotency); });
  }
  Awaitable<Result<std::optional<Artifact>>> find_artifact(TaskId artifact_id) override {
    co_return locked([&] { return tables_.find_artifact(artifact_id); });
  }
  Awaitable<Result<std::vector<Task>>> claim_tasks(ClaimRequest request) override {
    co_return locked([&] { return tables_.claim_tasks(request); });
  }
  Awaitable<Result<Heartbeat>> renew_leases(NodeId node, std::vector<TaskId> ids,
                                            Timestamp until) override {
    co_return locked([&] { return tables_.renew_leases(node, ids, until); });
  }
  Awaitable<Result<void>> change_task(Change change) override {
    co_return locked([&] { return tables_.change_task(std::move(change)); });
  }
  Awaitable<Result<void>> record_progress(TaskId id, int attempt, int percent) override {
    const std::lock_guard lock(mutex_);
    tables_.record_progress(id, attempt, percent);
    co_return Result<void>{};
  }
  Awaitable<Result<int>> requeue_abandoned(NodeId node, Timestamp now) override {
    co_return locked([&] { return tables_.requeue_abandoned(node, now); });
  }
  Awaitable<Result<int>> count_unfinished() override {
    co_return locked([&] { return tables_.count_unfinished(); });
  }
  Awaitable<Result<std::vector<StateCount>>> count_unfinished_by_state() override {
    co_return locked([&] { return tables_.count_unfinished_by_state(); });
  }
  Awaitable<Result<std::vector<Task>>> list_expired(Timestamp before, int limit) override {
    co_return locked([&] { return tables_.list_expired(before, limit); });
  }
  Awaitable<Result<void>> mark_purged(TaskId id, Timestamp now) override {
    co_return locked([&] { return tables_.mark_purged(id, now); });
  }
  Result<void> health() const override { return {}; }

 private:
  std::mutex mutex_;  // guards tables_
  Tables tables_;
};

}  // namespace

std::unique_ptr<Store> make_memory_store() { return std::make_unique<MemoryStore>(); }

}  // namespace rushes::store
