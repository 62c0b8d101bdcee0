#include "base/check.h"
#include "core/task/transitions.h"
#include "edge/store/bounds.h"
#include "edge/store/sqlite/operations.h"
#include "edge/store/sqlite/rows.h"

namespace rushes::store::sqlite {
namespace {

// What a change finds and needs to know of its task.
struct Found {
  AccountId account;
  std::string provider;
  bool begun = false;
  bool has_callback = false;
};

Result<Found> find_expected(Connection& connection, const Change& change) {
  Statement select = connection.prepare(sql::select_expected);
  select.bind_all(to_column(change.id), to_string(change.from), int64_t{change.attempt});
  change.node.empty() ? select.bind_null() : select.bind(change.node.value);
  TRY(const bool row, select.step());
  if (!row || !is_allowed(change.from, change.to)) {
    return fail(ErrorCode::kConflict, "task " + change.id.to_string() + " is elsewhere");
  }
  return Found{{select.text(0)}, select.text(1), select.integer(2) != 0, select.integer(3) != 0};
}

bool shows_work(TaskState state) { return public_state(state) == PublicState::kProcessing; }

bool is_visible(const Found& found, const Change& change) {
  return is_terminal(change.to) || (shows_work(change.to) && !found.begun);
}

const std::string& next_provider(const Found& found, const Change& change) {
  const bool moves = change.to == TaskState::kQueued && !change.provider.empty();
  return moves ? change.provider : found.provider;
}

Result<void> update_hot_row(Connection& connection, const Found& found, const Change& change) {
  const std::optional<int64_t> none;
  const std::optional<int64_t> at = to_unix_ms(change.at);
  const bool is_requeued = change.to == TaskState::kQueued;
  Statement update = connection.prepare(sql::change_task);
  return update
      .bind_all(to_column(change.id), to_string(change.to), next_provider(found, change),
                is_visible(found, change) ? at : none,
                int64_t{found.begun || shows_work(change.to)},
                int64_t{change.counts_as_failure ? 1 : 0},
                is_requeued ? std::optional(to_unix_ms(change.due_at.value_or(change.at))) : none,
                is_terminal(change.to) ? at : none, int64_t{is_in_work(change.to) ? 1 : 0})
      .run();
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

// Answers the price_estimate, which is reserved no longer.
Result<UnitTenths> finish_body(Connection& connection, const Change& change, UnitTenths price) {
  Statement update = connection.prepare(sql::finish_body);
  update.bind_all(to_column(change.id), change.failure_code, change.failure_message,
                  int64_t{price});
  TRY(const bool row, update.step());
  return row ? update.integer(0) : 0;
}

Result<void> settle(Connection& connection, const Change& change, const AccountId& account,
                    UnitTenths price) {
  std::optional<UnitTenths> upstream_cost;
  if (change.attempt_record) upstream_cost = change.attempt_record->cost;
  {
    Statement insert = connection.prepare(sql::insert_ledger);
    TRY_VOID(insert
                 .bind_all(to_column(change.id), account.value, int64_t{price},
                           to_unix_ms(change.at), upstream_cost)
                 .run());
  }
  if (price == 0) return {};
  Statement add = connection.prepare(sql::add_spending);
  return add.bind_all(account.value, int64_t{price}).run();
}

Result<void> write_callback(Transaction transaction, TaskId id) {
  Result<Task> after = select_task(transaction.connection, id);
  if (after) return write_owed(transaction, *after);
  // A callback says what the record says: without a record there is none, and the task still ends.
  if (is_unreadable(transaction.connection, after.error())) return {};
  return std::unexpected(std::move(after).error());
}

Result<void> apply(Transaction transaction, const Found& found, const Change& change) {
  Connection& connection = transaction.connection;
  TRY_VOID(update_hot_row(connection, found, change));
  if (!change.notes.empty()) {
    const std::string notes = texts_to_column(change.notes);
    Statement update = connection.prepare(sql::update_notes);
    TRY_VOID(update.bind_all(to_column(change.id), notes).run());
  }
  if (change.attempt_record) TRY_VOID(store_attempt(connection, *change.attempt_record));
  const UnitTenths price = change.price_final.value_or(0);
  UnitTenths reserved = 0;
  if (is_terminal(change.to)) {
    TRY(reserved, finish_body(connection, change, price));
    TRY_VOID(insert_artifacts(connection, change));
    TRY_VOID(settle(connection, change, found.account, price));
  }
  TRY_VOID(add_event(connection, change.id, change.at, change.event_name, change.event_detail));
  if (found.has_callback && is_visible(found, change)) {
    TRY_VOID(write_callback(transaction, change.id));
  }
  if (is_terminal(change.to)) {
    transaction.load.end(found.account, {change.from, found.provider}, reserved, price);
  } else {
    transaction.load.move(found.account, {change.from, found.provider},
                          {change.to, next_provider(found, change)});
  }
  return {};
}

}  // namespace

Result<void> change_task(Transaction transaction, const Change& change) {
  RUSHES_CHECK(!change.attempt_record || change.attempt_record->task == change.id);
  TRY(const Found found, find_expected(transaction.connection, change));
  return apply(transaction, found, change);
}

Result<Task> select_task(Connection& connection, TaskId id) {
  Statement select = connection.prepare(sql::select_task);
  TRY(const bool row, select.bind(to_column(id)).step());
  if (!row) return fail(ErrorCode::kCorrupt, "task " + id.to_string() + " has no body");
  return read_whole_task(connection, select);
}

Result<void> fail_unreadable(Transaction transaction, TaskId id, const Error& reason,
                             Timestamp now) {
  if (!is_unreadable(transaction.connection, reason)) return std::unexpected(reason);
  Change change;
  change.id = id;
  change.to = TaskState::kFailed;
  change.at = now;
  change.event_name = "corrupt";
  change.event_detail = reason.message;
  change.failure_code = "corrupt";
  change.failure_message = "The record of the task is damaged";
  Found found;
  {
    Statement select = transaction.connection.prepare(sql::select_place);
    TRY(const bool row, select.bind(to_column(id)).step());
    const auto state = row ? parse_task_state(select.text_view(0)) : std::nullopt;
    if (!state) return std::unexpected(reason);
    change.from = *state;
    found = {.account = {select.text(1)}, .provider = select.text(2)};
  }
  return apply(transaction, found, within_bounds(std::move(change)));
}

}  // namespace rushes::store::sqlite
