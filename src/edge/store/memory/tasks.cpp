#include "edge/store/memory/tasks.h"

#include <algorithm>
#include <set>
#include <tuple>
#include <utility>

#include "base/check.h"
#include "core/task/transitions.h"
#include "edge/store/bounds.h"

namespace rushes::store::memory {

std::optional<Created> Tasks::find_replay(const AccountId& account,
                                          const Idempotency& asked) const {
  const auto found = replays_.find({account, asked.key});
  if (asked.key.empty() || found == replays_.end()) return std::nullopt;
  if (found->second.fingerprint != asked.fingerprint) {
    return Created{Created::Kind::kFingerprintMismatch, {}};
  }
  return Created{Created::Kind::kReplayed,
                 std::make_unique<Task>(rows_.at(found->second.task).task)};
}

Result<Created> Tasks::create(NewTask&& wanted) {
  Task& task = wanted.task;
  TRY_VOID(check_bounds(wanted, to_json_text(task.spec).size()));
  if (auto replay = find_replay(task.account, wanted.idempotency)) return *std::move(replay);
  if (const auto refusal = find_refusal(wanted)) return Created{*refusal, {}};
  while (rows_.contains(task.id)) ++task.id.value;
  if (!wanted.idempotency.key.empty()) {
    replays_[{task.account, wanted.idempotency.key}] = {wanted.idempotency.fingerprint, task.id};
  }
  Row row;
  row.task = task;
  row.due = task.created_at;
  record(row, task.created_at, "submitted", "");
  rows_.emplace(task.id, std::move(row));
  deliveries_.write_owed(task);
  return Created{Created::Kind::kNew, std::make_unique<Task>(std::move(task))};
}

std::optional<Created::Kind> Tasks::find_refusal(const NewTask& wanted) const {
  const Task& task = wanted.task;
  const std::string& name = task.spec.external_task_id;
  const auto has_name = [&](const auto& entry) {
    const Task& other = entry.second.task;
    return other.account == task.account && other.spec.external_task_id == name;
  };
  if (!name.empty() && std::ranges::any_of(rows_, has_name)) {
    return Created::Kind::kDuplicateExternalId;
  }
  int own = 0, total = 0;
  for (const auto& [id, row] : rows_) {
    if (row.ended_at) continue;
    ++total;
    if (row.task.account == task.account) ++own;
  }
  if (auto account = accounts_.find(task.account)) {
    fill_in_money(*account);
    const AccountSettings& settings = account->settings;
    const UnitTenths wished = account->spent + account->reserved + task.price_estimate;
    if (settings.budget && wished > *settings.budget) return Created::Kind::kBudgetExhausted;
    if (settings.strict_concurrency && settings.concurrency && own >= *settings.concurrency) {
      return Created::Kind::kConcurrencyReached;
    }
  }
  if ((wanted.queue_depth_max > 0 && own >= wanted.queue_depth_max) ||
      (wanted.queue_depth_total_max > 0 && total >= wanted.queue_depth_total_max)) {
    return Created::Kind::kQueueFull;
  }
  return std::nullopt;
}

std::optional<Task> Tasks::find(const AccountId& account, TaskId id) const {
  const auto found = rows_.find(id);
  if (found == rows_.end() || !is_visible(found->second, account)) return std::nullopt;
  return found->second.task;
}

std::optional<Task> Tasks::find_by_external_id(const AccountId& account,
                                               const std::string& id) const {
  if (id.empty()) return std::nullopt;
  for (const auto& [task_id, row] : rows_) {
    if (is_visible(row, account) && row.task.spec.external_task_id == id) return row.task;
  }
  return std::nullopt;
}

std::optional<Task> Tasks::find_record(TaskId id) const {
  const auto found = rows_.find(id);
  if (found == rows_.end()) return std::nullopt;
  return found->second.task;
}

std::vector<Task> Tasks::list(const ListQuery& query) const {
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
       i < found.size() && std::cmp_less(page.size(), std::min(query.limit, kListLimitMax)); ++i) {
    page.push_back(*found[i]);
  }
  return page;
}

bool Tasks::request_cancel(const AccountId& account, TaskId id, Timestamp now) {
  const auto found = rows_.find(id);
  if (found == rows_.end() || !is_visible(found->second, account)) return false;
  if (is_terminal(found->second.task.state)) return false;
  if (std::exchange(found->second.task.cancel_requested, true)) return true;
  record(found->second, now, "cancel_requested", "");
  return true;
}

std::vector<TaskEvent> Tasks::list_events(TaskId id) const {
  const auto found = rows_.find(id);
  return found == rows_.end() ? std::vector<TaskEvent>{} : found->second.events;
}

std::vector<LedgerLine> Tasks::list_ledger(const AccountId& account, int limit) const {
  std::vector<LedgerLine> lines;
  for (const auto& [task, line] : ledger_) {
    if (line.account == account) lines.push_back(line);
  }
  std::ranges::sort(lines, [](const LedgerLine& a, const LedgerLine& b) {
    return std::tie(a.at, a.task) > std::tie(b.at, b.task);
  });
  if (std::cmp_greater(lines.size(), limit)) lines.resize(static_cast<size_t>(limit));
  return lines;
}

std::optional<Artifact> Tasks::find_artifact(TaskId artifact_id) const {
  for (const auto& [id, row] : rows_) {
    for (const Artifact& artifact : row.task.artifacts) {
      if (artifact.id == artifact_id && !row.purged) return artifact;
    }
  }
  return std::nullopt;
}

void Tasks::fill_in_money(Account& account) const {
  account.spent = account.reserved = 0;
  for (const auto& [task, line] : ledger_) {
    if (line.account == account.id) account.spent += line.units;
  }
  for (const auto& [id, row] : rows_) {
    if (row.task.account == account.id && !row.ended_at) {
      account.reserved += row.task.price_estimate;
    }
  }
}

std::vector<FairQueue> Tasks::waiting_queues(const ClaimRequest& request) const {
  std::map<AccountId, FairQueue> queues;
  std::map<AccountId, int> in_work;  // over all providers
  for (const auto& [id, row] : rows_) {
    const Task& task = row.task;
    const bool is_in_queue = task.provider == request.provider;
    if (is_in_work(task.state)) {
      ++in_work[task.account];
      if (is_in_queue) ++queues[task.account].in_work;
    } else if (task.state == TaskState::kQueued && is_in_queue && row.due <= request.now) {
      queues[task.account].due.push_back({row.due, id.value});
    }
  }
  std::vector<FairQueue> sorted;
  for (auto& [id, queue] : queues) {
    std::ranges::sort(queue.due);
    const auto account = accounts_.find(id);
    if (account && account->settings.concurrency) {
      const int room = std::max(*account->settings.concurrency - in_work[id], 0);
      if (std::cmp_greater(queue.due.size(), room)) queue.due.resize(static_cast<size_t>(room));
    }
    sorted.push_back(std::move(queue));
  }
  return sorted;
}

std::vector<std::string> Tasks::queues() const {
  std::set<std::string> names;
  for (const auto& [id, row] : rows_) {
    if (row.task.state == TaskState::kQueued) names.insert(row.task.provider);
  }
  return {names.begin(), names.end()};
}

std::vector<Task> Tasks::claim(const ClaimRequest& request) {
  RUSHES_CHECK(request.to == TaskState::kRendering || request.to == TaskState::kSubmitting);
  std::vector<Task> claimed;
  for (const uint64_t id : choose_fairly(waiting_queues(request), request.limit)) {
    Row& row = rows_.at(TaskId{id});
    ++row.task.attempt;
    row.task.progress_percent = 0;
    row.node = request.node;
    row.lease_until = request.lease_until;
    record(row, request.now, "claimed", request.node.value);
    if (enter(row.task, request.to, request.now)) deliveries_.write_owed(row.task);
    claimed.push_back(row.task);
  }
  return claimed;
}

Store::Heartbeat Tasks::renew_leases(const NodeId& node, const std::vector<TaskId>& ids,
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

Result<void> Tasks::change(Change change) {
  RUSHES_CHECK(!change.attempt_record || change.attempt_record->task == change.id);
  const auto found = rows_.find(change.id);
  const bool is_expected = found != rows_.end() && found->second.task.state == change.from &&
                           found->second.task.attempt == change.attempt &&
                           found->second.node == change.node && is_allowed(change.from, change.to);
  if (!is_expected) {
    return fail(ErrorCode::kConflict, "task " + change.id.to_string() + " is elsewhere");
  }
  change = within_bounds(std::move(change));
  Row& row = found->second;
  const bool is_visible_change = enter(row.task, change.to, change.at);
  row.task.failures += change.counts_as_failure ? 1 : 0;
  if (!change.notes.empty()) row.task.notes = std::move(change.notes);
  if (change.to == TaskState::kQueued) {
    row.due = change.due_at.value_or(change.at);
    if (!change.provider.empty()) row.task.provider = std::move(change.provider);
  }
  if (!is_in_work(change.to)) row.node = {};
  if (is_terminal(change.to)) finish(row, change);
  if (change.attempt_record) {
    row.attempts[change.attempt_record->number] = *std::move(change.attempt_record);
  }
  record(row, change.at, std::move(change.event_name), std::move(change.event_detail));
  if (is_visible_change) deliveries_.write_owed(row.task);
  return {};
}

void Tasks::finish(Row& row, Change& change) {
  Task& task = row.task;
  row.ended_at = change.at;
  task.failure_code = std::move(change.failure_code);
  task.failure_message = std::move(change.failure_message);
  task.artifacts = std::move(change.artifacts);
  task.price_final = change.price_final.value_or(0);
  if (change.to == TaskState::kSucceeded) task.progress_percent = 100;
  LedgerLine line{task.id, task.account, *task.price_final, change.at};
  if (change.attempt_record) line.upstream_cost = change.attempt_record->cost;
  ledger_.emplace(task.id, std::move(line));
}

Result<void> Tasks::record_attempt(const NodeId& node, Attempt attempt) {
  const auto found = rows_.find(attempt.task);
  if (found == rows_.end() || node.empty() || found->second.node != node ||
      found->second.task.attempt != attempt.number) {
    return fail(ErrorCode::kConflict, "task " + attempt.task.to_string() + " is elsewhere");
  }
  const int number = attempt.number;
  found->second.attempts[number] = within_bounds(std::move(attempt));
  return {};
}

Result<void> Tasks::book_late(Attempt attempt) {
  const auto row = rows_.find(attempt.task);
  if (row != rows_.end() && is_terminal(row->second.task.state)) {
    const auto found = row->second.attempts.find(attempt.number);
    if (found != row->second.attempts.end() && found->second.state == AttemptState::kUnknown) {
      found->second = within_bounds(std::move(attempt));
      return {};
    }
  }
  return fail(ErrorCode::kConflict, "no attempt of an ended task was given up under that number");
}

std::vector<Attempt> Tasks::list_attempts(TaskId id) const {
  std::vector<Attempt> attempts;
  const auto found = rows_.find(id);
  if (found == rows_.end()) return attempts;
  for (const auto& [number, attempt] : found->second.attempts) attempts.push_back(attempt);
  return attempts;
}

void Tasks::record_progress(TaskId id, int attempt, int percent) {
  const auto found = rows_.find(id);
  if (found == rows_.end() || !is_in_work(found->second.task.state)) return;
  Task& task = found->second.task;
  if (task.attempt == attempt) task.progress_percent = std::max(task.progress_percent, percent);
}

int Tasks::requeue_abandoned(const NodeId& node, Timestamp now) {
  int count = 0;
  for (auto& [id, row] : rows_) {
    const bool own = !node.empty() && row.node == node;
    if (row.node.empty() || !(own || row.lease_until <= now)) continue;
    const auto to = next_state(row.task.state, TaskEventKind::kAbandon);
    if (!to) continue;
    record(row, now, own ? "abandoned" : "lease_expired", row.node.value);
    row.task.state = *to;
    row.task.progress_percent = 0;
    row.node = {};
    row.due = row.task.created_at;
    ++count;
  }
  return count;
}

std::vector<Adopted> Tasks::adopt_remote(const AdoptRequest& request) {
  std::vector<Adopted> adopted;
  for (auto& [id, row] : rows_) {
    if (std::cmp_greater_equal(adopted.size(), request.limit)) break;
    if (row.node.empty() || row.task.state == TaskState::kRendering) continue;
    const bool own =
        request.own && row.node == request.node && row.lease_until != request.lease_until;
    if (!own && row.lease_until > request.now) continue;
    row.node = request.node;
    row.lease_until = request.lease_until;
    record(row, request.now, "adopted", request.node.value);
    const auto attempt = row.attempts.find(row.task.attempt);
    adopted.push_back(
        {row.task, attempt == row.attempts.end() ? std::nullopt : std::optional(attempt->second)});
  }
  return adopted;
}

void Tasks::release_leases(const NodeId& node) {
  for (auto& [id, row] : rows_) {
    const bool is_remote = is_in_work(row.task.state) && row.task.state != TaskState::kRendering;
    if (is_remote && row.node == node) row.lease_until = {};
  }
}

std::vector<Store::StateCount> Tasks::count_unfinished_by_state() const {
  std::map<TaskState, int64_t> counts;
  for (const auto& [id, row] : rows_) {
    if (!row.ended_at) ++counts[row.task.state];
  }
  std::vector<Store::StateCount> list;
  for (const auto& [state, count] : counts) list.push_back({state, count});
  return list;
}

int Tasks::count_unfinished() const {
  return static_cast<int>(
      std::ranges::count_if(rows_, [](const auto& entry) { return !entry.second.ended_at; }));
}

std::vector<Task> Tasks::list_expired(Timestamp before, int limit) const {
  std::vector<const Row*> found;
  for (const auto& [id, row] : rows_) {
    if (row.ended_at && *row.ended_at < before && !row.purged) found.push_back(&row);
  }
  std::ranges::sort(found, [](const Row* a, const Row* b) {
    return std::tie(*a->ended_at, a->task.id) < std::tie(*b->ended_at, b->task.id);
  });
  std::vector<Task> tasks;
  for (const Row* row : found) {
    if (std::cmp_less(tasks.size(), limit)) tasks.push_back(row->task);
  }
  return tasks;
}

Result<void> Tasks::mark_purged(TaskId id, Timestamp now) {
  const auto found = rows_.find(id);
  if (found == rows_.end() || !found->second.ended_at) {
    return fail(ErrorCode::kConflict, "task " + id.to_string() + " is not over");
  }
  if (std::exchange(found->second.purged, true)) return {};
  found->second.task.artifacts.clear();
  std::erase_if(replays_, [id](const auto& entry) { return entry.second.task == id; });
  deliveries_.purge(id);
  record(found->second, now, "purged", "");
  return {};
}

bool Tasks::is_visible(const Row& row, const AccountId& account) {
  return row.task.account == account && !row.purged;
}

bool Tasks::enter(Task& task, TaskState to, Timestamp at) {
  const PublicState before = public_state(task);
  task.state = to;
  task.begun = task.begun || public_state(to) == PublicState::kProcessing;
  const bool is_visible_change = public_state(task) != before;
  if (is_visible_change) task.updated_at = at;
  return is_visible_change;
}

void Tasks::record(Row& row, Timestamp at, std::string name, std::string detail) {
  row.events.push_back({++sequence_, at, std::move(name), std::move(detail)});
}

}  // namespace rushes::store::memory
