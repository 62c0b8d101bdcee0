// Between rows and values: the columns of the statements in sql/ as tasks, artifacts and keys.
#pragma once

#include "edge/store/sqlite/connection.h"
#include "edge/store/store.h"

namespace rushes::store::sqlite {

int64_t to_column(TaskId id);
TaskId task_id_at(const Statement& row, int column);
Timestamp time_at(const Statement& row, int column);

// A row of task_full. The artifacts are not in it.
Result<Task> read_task(const Statement& row);
// The artifacts too, by a second look-up where the task can have any.
Result<Task> read_whole_task(Connection& connection, const Statement& row);

Result<Artifact> read_artifact(const Statement& row);
access::KeyRecord read_key(const Statement& row);
std::string_view to_word(access::KeyKind kind);

std::string notes_to_text(const std::vector<std::string>& notes);

}  // namespace rushes::store::sqlite
