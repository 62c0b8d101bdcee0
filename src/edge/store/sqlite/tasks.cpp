#include <algorithm>

#include "edge/store/bounds.h"
#include "edge/store/sqlite/operations.h"
#include "edge/store/sqlite/rows.h"

namespace rushes::store::sqlite {
namespace {

Result<std::optional<Task>> first_task(Connection& connection, Statement& select) {
  TRY(const bool row, select.step());
  if (!row) return std::nullopt;
  return read_whole_task(connection, select);
}

Result<bool> is_external_id_taken(Connection& connection, const Task& task) {
  if (task.spec.external_task_id.empty()) return false;
  Statement select = connection.prepare(sql::select_external_id);
  return select.bind_all(task.account.value, task.spec.external_task_id).step();
}

// False: there is one of that id.
Result<bool> insert_task(Connection& connection, const Task& task) {
  const std::string& external = task.spec.external_task_id;
  Statement insert = connection.prepare(sql::insert_task);
  insert.bind_all(to_column(task.id), task.account.value, task.family);
  external.empty() ? insert.bind_null() : insert.bind(external);
  insert.bind_all(to_unix_ms(task.created_at), to_unix_ms(task.updated_at), task.provider,
                  int64_t{!task.spec.callback_url.empty()});
  TRY_VOID(insert.run());
  return connection.changes() == 1;
}

Result<void> insert_under_free_id(Connection& connection, Task& task) {
  for (;; ++task.id.value) {
    TRY(const bool inserted, insert_task(connection, task));
    if (inserted) return {};
  }
}

Result<void> insert_body(Connection& connection, const Task& task, const std::string& spec_text) {
  Statement insert = connection.prepare(sql::insert_task_body);
  return insert
      .bind_all(to_column(task.id), task.dialect, task.profile, spec_text, task.price_estimate)
      .run();
}

Result<void> insert_idempotency(Connection& connection, const Task& task,
                                const Idempotency& given) {
  if (given.key.empty()) return {};
  Statement insert = connection.prepare(sql::insert_idempotency);
  return insert.bind_all(task.account.value, given.key, given.fingerprint, to_column(task.id))
      .run();
}

bool reaches(int64_t count, int max) { return max > 0 && count >= max; }

// Why the account may not have this task as well; nothing if it may.
Result<std::optional<Created::Kind>> find_refusal(Transaction transaction, const NewTask& wanted) {
  const Task& task = wanted.task;
  TRY(const bool taken, is_external_id_taken(transaction.connection, task));
  if (taken) return Created::Kind::kDuplicateExternalId;
  TRY(const AccountLimits limits, transaction.load.limits_of(transaction.connection, task.account));
  const Load::Share& share = transaction.load.of(task.account);
  if (limits.budget && share.spent + share.reserved + task.price_estimate > *limits.budget) {
    return Created::Kind::kBudgetExhausted;
  }
  if (limits.strict_concurrency && limits.concurrency && share.unfinished >= *limits.concurrency) {
    return Created::Kind::kConcurrencyReached;
  }
  if (reaches(share.unfinished, wanted.queue_depth_max) ||
      reaches(transaction.load.total(), wanted.queue_depth_total_max)) {
    return Created::Kind::kQueueFull;
  }
  return std::nullopt;
}

}  // namespace

Result<std::optional<Created>> find_replay(Connection& connection, const AccountId& account,
                                           const Idempotency& asked) {
  if (asked.key.empty()) return std::nullopt;
  Statement select = connection.prepare(sql::select_idempotency);
  TRY(const bool row, select.bind_all(account.value, asked.key).step());
  if (!row) return std::nullopt;
  if (select.text_view(0) != asked.fingerprint) {
    return Created{Created::Kind::kFingerprintMismatch, {}};
  }
  TRY(auto task, find_task(connection, account, task_id_at(select, 1)));
  // A key is purged together with its task.
  if (!task) return fail(ErrorCode::kCorrupt, "the task of an Idempotency-Key cannot be read");
  return Created{Created::Kind::kReplayed, std::make_unique<Task>(*std::move(task))};
}

Result<Created> create_task(Transaction transaction, NewTask&& wanted,
                            const std::string& spec_text) {
  Connection& connection = transaction.connection;
  Task& task = wanted.task;
  TRY(auto replay, find_replay(connection, task.account, wanted.idempotency));
  if (replay) return *std::move(replay);
  TRY(const auto refusal, find_refusal(transaction, wanted));
  if (refusal) return Created{*refusal, {}};
  TRY_VOID(insert_under_free_id(connection, task));
  TRY_VOID(insert_body(connection, task, spec_text));
  TRY_VOID(insert_idempotency(connection, task, wanted.idempotency));
  TRY_VOID(add_event(connection, task.id, task.created_at, "submitted", ""));
  if (!task.spec.callback_url.empty()) TRY_VOID(write_owed(transaction, task));
  transaction.load.add(task);
  return Created{Created::Kind::kNew, std::make_unique<Task>(std::move(task))};
}

Result<std::optional<Task>> find_task(Connection& connection, const AccountId& account, TaskId id) {
  Statement select = connection.prepare(sql::select_own_task);
  select.bind_all(to_column(id), account.value);
  return first_task(connection, select);
}

Result<std::optional<Task>> find_task_by_external_id(Connection& connection,
                                                     const AccountId& account,
                                                     const std::string& external_id) {
  Statement select = connection.prepare(sql::select_task_by_external_id);
  select.bind_all(account.value, external_id);
  return first_task(connection, select);
}

Result<std::optional<Task>> find_record(Connection& connection, TaskId id) {
  Statement select = connection.prepare(sql::select_task);
  select.bind(to_column(id));
  return first_task(connection, select);
}

Result<std::vector<Task>> list_tasks(Connection& connection, const ListQuery& query) {
  Statement select = connection.prepare(sql::select_page);
  select.bind_all(query.account.value, query.family, to_unix_ms(query.created_from),
                  int64_t{std::clamp(query.limit, 0, kListLimitMax)},
                  int64_t{std::max(query.offset, 0)});
  std::vector<Task> tasks;
  for (;;) {
    TRY(const bool row, select.step());
    if (!row) return tasks;
    Result<Task> task = read_whole_task(connection, select);
    if (task) {
      tasks.push_back(*std::move(task));
    } else if (!is_unreadable(connection, task.error())) {
      return std::unexpected(std::move(task).error());
    }
  }
}

Result<std::optional<Artifact>> find_artifact(Connection& connection, TaskId artifact_id) {
  Statement select = connection.prepare(sql::select_artifact);
  TRY(const bool row, select.bind(to_column(artifact_id)).step());
  if (!row) return std::nullopt;
  return read_artifact(select);
}

Result<bool> request_cancel(Connection& connection, const AccountId& account, TaskId id,
                            Timestamp now) {
  {
    Statement select = connection.prepare(sql::select_cancel_requested);
    TRY(const bool row, select.bind_all(to_column(id), account.value).step());
    if (!row) return false;
    if (select.integer(0) != 0) return true;
  }
  {
    Statement update = connection.prepare(sql::request_cancel);
    TRY_VOID(update.bind(to_column(id)).run());
  }
  TRY_VOID(add_event(connection, id, now, "cancel_requested", ""));
  return true;
}

Result<std::vector<TaskEvent>> list_events(Connection& connection, TaskId id) {
  Statement select = connection.prepare(sql::select_events);
  select.bind(to_column(id));
  std::vector<TaskEvent> events;
  for (;;) {
    TRY(const bool row, select.step());
    if (!row) return events;
    events.push_back({select.integer(0), time_at(select, 1), select.text(2), select.text(3)});
  }
}

Result<std::vector<LedgerLine>> list_ledger(Connection& connection, const AccountId& account,
                                            int limit) {
  Statement select = connection.prepare(sql::select_ledger);
  select.bind_all(account.value, int64_t{std::max(limit, 0)});
  std::vector<LedgerLine> lines;
  for (;;) {
    TRY(const bool row, select.step());
    if (!row) return lines;
    LedgerLine line{task_id_at(select, 0), {select.text(1)}, select.integer(2), time_at(select, 3)};
    if (!select.is_null(4)) line.upstream_cost = select.integer(4);
    lines.push_back(std::move(line));
  }
}

Result<void> add_event(Connection& connection, TaskId id, Timestamp at, std::string_view name,
                       std::string_view detail) {
  Statement insert = connection.prepare(sql::insert_event);
  return insert.bind_all(to_column(id), to_unix_ms(at), name, detail).run();
}

}  // namespace rushes::store::sqlite
