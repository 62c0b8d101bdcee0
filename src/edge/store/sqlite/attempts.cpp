#include "edge/store/sqlite/operations.h"
#include "edge/store/sqlite/rows.h"

namespace rushes::store::sqlite {

Result<void> store_attempt(Connection& connection, const Attempt& attempt) {
  Statement insert = connection.prepare(sql::store_attempt);
  return insert
      .bind_all(to_column(attempt.task), int64_t{attempt.number}, to_string(attempt.state),
                attempt.provider, attempt.credential, attempt.pin, attempt.model, attempt.handle,
                attempt.upstream_id, attempt.upstream_request_id, attempt.status, attempt.reason,
                attempt.cost, to_unix_ms(attempt.begun_at), to_column(attempt.bound_at),
                to_column(attempt.ended_at), int64_t{attempt.absent_lookups},
                to_column(attempt.first_lookup_at))
      .run();
}

Result<void> record_attempt(Connection& connection, const NodeId& node, const Attempt& attempt) {
  {
    Statement select = connection.prepare(sql::select_work);
    select.bind_all(to_column(attempt.task), int64_t{attempt.number}, node.value);
    TRY(const bool row, select.step());
    if (!row) {
      return fail(ErrorCode::kConflict, "task " + attempt.task.to_string() + " is elsewhere");
    }
  }
  return store_attempt(connection, attempt);
}

Result<void> book_late(Connection& connection, const Attempt& attempt) {
  {
    Statement select = connection.prepare(sql::select_given_up);
    select.bind_all(to_column(attempt.task), int64_t{attempt.number});
    TRY(const bool row, select.step());
    if (!row) {
      return fail(ErrorCode::kConflict,
                  "no attempt of an ended task was given up under that number");
    }
  }
  return store_attempt(connection, attempt);
}

Result<std::optional<Attempt>> find_attempt(Connection& connection, TaskId id, int number) {
  Statement select = connection.prepare(sql::select_attempt);
  TRY(const bool row, select.bind_all(to_column(id), int64_t{number}).step());
  if (!row) return std::nullopt;
  return read_attempt(select);
}

Result<std::vector<Attempt>> list_attempts(Connection& connection, TaskId id) {
  Statement select = connection.prepare(sql::select_attempts);
  select.bind(to_column(id));
  std::vector<Attempt> attempts;
  for (;;) {
    TRY(const bool row, select.step());
    if (!row) return attempts;
    TRY(Attempt attempt, read_attempt(select));
    attempts.push_back(std::move(attempt));
  }
}

}  // namespace rushes::store::sqlite
