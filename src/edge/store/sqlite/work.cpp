#include <algorithm>
#include <map>

#include "core/task/transitions.h"
#include "edge/store/fairness.h"
#include "edge/store/sqlite/operations.h"
#include "edge/store/sqlite/rows.h"

namespace rushes::store::sqlite {
namespace {

Result<std::vector<AccountQueue>> queued_accounts(Connection& connection) {
  std::map<std::string, int, std::less<>> in_work;
  Statement count = connection.prepare(sql::count_in_work);
  for (;;) {
    TRY(const bool row, count.step());
    if (!row) break;
    in_work[count.text(0)] = static_cast<int>(count.integer(1));
  }
  std::vector<AccountQueue> queues;
  Statement select = connection.prepare(sql::select_queued_accounts);
  for (;;) {
    TRY(const bool row, select.step());
    if (!row) return queues;
    const auto found = in_work.find(select.text_view(0));
    queues.push_back({{select.text(0)}, found == in_work.end() ? 0 : found->second, {}});
  }
}

Result<std::vector<DueTask>> due_tasks(Connection& connection, const AccountId& account,
                                       const ClaimRequest& request) {
  Statement select = connection.prepare(sql::select_due);
  select.bind_all(account.value, to_unix_ms(request.now), int64_t{request.limit});
  std::vector<DueTask> due;
  for (;;) {
    TRY(const bool row, select.step());
    if (!row) return due;
    due.push_back({time_at(select, 0), task_id_at(select, 1)});
  }
}

Result<Task> select_task(Connection& connection, TaskId id) {
  Statement select = connection.prepare(sql::select_task);
  TRY(const bool row, select.bind(to_column(id)).step());
  if (!row) return fail(ErrorCode::kCorrupt, "task " + id.to_string() + " has no body");
  return read_whole_task(connection, select);
}

Result<Task> claim(Connection& connection, TaskId id, const ClaimRequest& request) {
  const TaskState to = *next_state(TaskState::kQueued, TaskEventKind::kClaimLocal);
  {
    Statement update = connection.prepare(sql::claim_task);
    TRY_VOID(update
                 .bind_all(to_column(id), to_string(to), request.node.value,
                           to_unix_ms(request.lease_until), to_unix_ms(request.now))
                 .run());
  }
  TRY_VOID(add_event(connection, id, request.now, "claimed", request.node.value));
  return select_task(connection, id);
}

// Answers the account of the task that was changed.
Result<AccountId> update_hot_row(Connection& connection, const Change& change) {
  const int64_t at = to_unix_ms(change.at);
  const std::optional<int64_t> none;
  const bool requeued = change.to == TaskState::kQueued;
  Statement update = connection.prepare(sql::change_task);
  update.bind_all(to_column(change.id), to_string(change.from), int64_t{change.attempt});
  change.node.empty() ? update.bind_null() : update.bind(change.node.value);
  update.bind_all(to_string(change.to), at, int64_t{change.counts_as_failure ? 1 : 0},
                  requeued ? std::optional(to_unix_ms(change.due_at.value_or(change.at))) : none,
                  is_terminal(change.to) ? std::optional(at) : none,
                  int64_t{is_in_work(change.to) ? 1 : 0});
  TRY(const bool row, update.step());
  if (!row) return fail(ErrorCode::kConflict, "task " + change.id.to_string() + " is elsewhere");
  return AccountId{update.text(0)};
}

Result<void> insert_artifacts(Connection& connection, const Change& change) {
  int64_t position = 0;
  for (const Artifact& artifact : change.artifacts) {
    Statement insert = connection.prepare(sql::insert_artifact);
    TRY_VOID(insert
                 .bind_all(to_column(artifact.id), to_column(change.id), position++,
                           to_string(artifact.kind), artifact.blob_key, artifact.content_type,
                           static_cast<int64_t>(artifact.size_bytes), artifact.sha256,
                           int64_t{artifact.duration.count()})
                 .run());
  }
  return {};
}

Result<void> finish(Connection& connection, const Change& change, const AccountId& account) {
  const UnitTenths price = change.price_final.value_or(0);
  {
    Statement update = connection.prepare(sql::finish_body);
    TRY_VOID(update
                 .bind_all(to_column(change.id), change.failure_code, change.failure_message,
                           int64_t{price})
                 .run());
  }
  TRY_VOID(insert_artifacts(connection, change));
  Statement insert = connection.prepare(sql::insert_ledger);
  return insert.bind_all(to_column(change.id), account.value, int64_t{price}, to_unix_ms(change.at))
      .run();
}

struct Abandoned {
  TaskId id;
  AccountId account;
  TaskState state;
  std::string node;
};

Result<std::vector<Abandoned>> abandoned_tasks(Connection& connection, const NodeId& node,
                                               Timestamp now) {
  Statement select = connection.prepare(sql::select_abandoned);
  select.bind_all(node.value, to_unix_ms(now));
  std::vector<Abandoned> found;
  for (;;) {
    TRY(const bool row, select.step());
    if (!row) return found;
    const auto state = parse_task_state(select.text_view(1));
    if (!state) return fail(ErrorCode::kCorrupt, "stored task: unknown state");
    found.push_back({task_id_at(select, 0), {select.text(3)}, *state, select.text(2)});
  }
}

}  // namespace

Result<std::vector<Task>> claim_tasks(Connection& connection, Load& load,
                                      const ClaimRequest& request) {
  TRY(std::vector<AccountQueue> queues, queued_accounts(connection));
  for (AccountQueue& queue : queues) {
    TRY(queue.due, due_tasks(connection, queue.account, request));
  }
  std::vector<Task> claimed;
  for (const TaskId id : choose_fairly(std::move(queues), request.limit)) {
    TRY(Task task, claim(connection, id, request));
    claimed.push_back(std::move(task));
  }
  for (const Task& task : claimed) load.move(task.account, TaskState::kQueued, task.state);
  return claimed;
}

Result<Store::Heartbeat> renew_leases(Connection& connection, const NodeId& node,
                                      const std::vector<TaskId>& ids, Timestamp until) {
  Store::Heartbeat heartbeat;
  for (const TaskId id : ids) {
    Statement update = connection.prepare(sql::renew_lease);
    TRY(const bool row, update.bind_all(to_column(id), node.value, to_unix_ms(until)).step());
    if (!row) continue;
    heartbeat.held.push_back(id);
    if (update.integer(0) != 0) heartbeat.cancel_requested.push_back(id);
  }
  return heartbeat;
}

Result<void> change_task(Connection& connection, Load& load, const Change& change) {
  if (!is_allowed(change.from, change.to)) {
    return fail(ErrorCode::kConflict, "no task goes from " + std::string(to_string(change.from)) +
                                          " to " + std::string(to_string(change.to)));
  }
  TRY(const AccountId account, update_hot_row(connection, change));
  if (!change.notes.empty()) {
    const std::string notes = notes_to_text(change.notes);
    Statement update = connection.prepare(sql::update_notes);
    TRY_VOID(update.bind_all(to_column(change.id), notes).run());
  }
  if (is_terminal(change.to)) TRY_VOID(finish(connection, change, account));
  TRY_VOID(add_event(connection, change.id, change.at, change.event_name, change.event_detail));
  if (is_terminal(change.to)) {
    load.remove(account, change.from);
  } else {
    load.move(account, change.from, change.to);
  }
  return {};
}

Result<int> requeue_abandoned(Connection& connection, Load& load, const NodeId& node,
                              Timestamp now) {
  TRY(const std::vector<Abandoned> found, abandoned_tasks(connection, node, now));
  std::vector<const Abandoned*> requeued;
  for (const Abandoned& abandoned : found) {
    const auto to = next_state(abandoned.state, TaskEventKind::kAbandon);
    if (!to) continue;
    {
      Statement update = connection.prepare(sql::requeue_task);
      TRY_VOID(update.bind_all(to_column(abandoned.id), to_string(*to), to_unix_ms(now)).run());
    }
    const bool own = !node.empty() && abandoned.node == node.value;
    TRY_VOID(add_event(connection, abandoned.id, now, own ? "abandoned" : "lease_expired",
                       abandoned.node));
    requeued.push_back(&abandoned);
  }
  for (const Abandoned* task : requeued) {
    load.move(task->account, task->state, TaskState::kQueued);
  }
  return static_cast<int>(requeued.size());
}

Result<std::vector<Task>> list_expired(Connection& connection, Timestamp before, int limit) {
  Statement select = connection.prepare(sql::select_expired);
  select.bind_all(to_unix_ms(before), int64_t{std::max(limit, 0)});
  std::vector<Task> tasks;
  for (;;) {
    TRY(const bool row, select.step());
    if (!row) return tasks;
    TRY(Task task, read_whole_task(connection, select));
    tasks.push_back(std::move(task));
  }
}

Result<void> mark_purged(Connection& connection, TaskId id, Timestamp now) {
  {
    Statement select = connection.prepare(sql::select_ended);
    TRY(const bool row, select.bind(to_column(id)).step());
    if (!row) return fail(ErrorCode::kConflict, "task " + id.to_string() + " is not over");
    if (!select.is_null(0)) return {};
  }
  {
    Statement update = connection.prepare(sql::purge_task);
    TRY_VOID(update.bind_all(to_column(id), to_unix_ms(now)).run());
  }
  for (const Sql& sql : {sql::delete_artifacts, sql::delete_idempotency}) {
    Statement remove = connection.prepare(sql);
    TRY_VOID(remove.bind(to_column(id)).run());
  }
  return add_event(connection, id, now, "purged", "");
}

}  // namespace rushes::store::sqlite
