// Between rows and values: the columns of the statements in sql/ as tasks, attempts, deliveries and
// the rest.
#pragma once

#include "edge/store/sqlite/connection.h"
#include "edge/store/store.h"

namespace rushes::store::sqlite {

int64_t to_column(TaskId id);
TaskId task_id_at(const Statement& row, int column);
Timestamp time_at(const Statement& row, int column);
std::optional<int64_t> to_column(const std::optional<Timestamp>& at);
std::optional<Timestamp> optional_time_at(const Statement& row, int column);

// A row of task_full. The artifacts are not in it.
Result<Task> read_task(const Statement& row);
// The artifacts too, by a second look-up where the task can have any.
Result<Task> read_whole_task(Connection& connection, const Statement& row);

// What is left to purge of a task: the whole of it, or id, account, family, state and attempt if
// the rest cannot be read.
Result<Task> read_remains(Connection& connection, const Statement& row);
// One record is damaged, the database is not: `error` came of reading a row.
bool is_unreadable(const Connection& connection, const Error& error);

Result<Artifact> read_artifact(const Statement& row);
access::KeyRecord read_key(const Statement& row);
std::string_view to_word(access::KeyKind kind);

// The columns of select_account; without money.
Result<Account> read_account(const Statement& row);
// The number in "acc7"; nothing for an account that this store did not make.
std::optional<int64_t> account_number(const AccountId& id);

Result<Attempt> read_attempt(const Statement& row);
Result<Delivery> read_delivery(const Statement& row);
DeliveryTry read_try(const Statement& row);

// A JSON array of strings and back.
std::string texts_to_column(const std::vector<std::string>& texts);
Result<std::vector<std::string>> read_texts(std::string_view column);

}  // namespace rushes::store::sqlite
