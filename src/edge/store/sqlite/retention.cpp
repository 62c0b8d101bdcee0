#include <algorithm>

#include "edge/store/sqlite/operations.h"
#include "edge/store/sqlite/rows.h"

namespace rushes::store::sqlite {

Result<std::vector<Task>> list_expired(Connection& connection, Timestamp before, int limit) {
  Statement select = connection.prepare(sql::select_expired);
  select.bind_all(to_unix_ms(before), int64_t{std::max(limit, 0)});
  std::vector<Task> tasks;
  for (;;) {
    TRY(const bool row, select.step());
    if (!row) return tasks;
    TRY(Task task, read_remains(connection, select));
    tasks.push_back(std::move(task));
  }
}

Result<void> mark_purged(Connection& connection, TaskId id, Timestamp now) {
  bool has_callback = false;
  {
    Statement select = connection.prepare(sql::select_ended);
    TRY(const bool row, select.bind(to_column(id)).step());
    if (!row) return fail(ErrorCode::kConflict, "task " + id.to_string() + " is not over");
    if (!select.is_null(0)) return {};
    has_callback = select.integer(1) != 0;
  }
  {
    Statement update = connection.prepare(sql::purge_task);
    TRY_VOID(update.bind_all(to_column(id), to_unix_ms(now)).run());
  }
  for (const Sql& sql : {sql::delete_artifacts, sql::delete_idempotency}) {
    Statement remove = connection.prepare(sql);
    TRY_VOID(remove.bind(to_column(id)).run());
  }
  if (has_callback) TRY_VOID(delete_deliveries(connection, id));
  return add_event(connection, id, now, "purged", "");
}

}  // namespace rushes::store::sqlite
