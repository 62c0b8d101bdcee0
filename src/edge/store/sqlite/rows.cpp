#include "edge/store/sqlite/rows.h"

#include <charconv>
#include <utility>

#include "base/json/value.h"

namespace rushes::store::sqlite {
namespace {

// The columns of the view task_full, in its order.
enum TaskColumn {
  kId,
  kAccount,
  kFamily,
  kState,
  kAttempt,
  kFailures,
  kCancelRequested,
  kCreated,
  kUpdated,
  kDialect,
  kProfile,
  kSpec,
  kNotes,
  kFailureCode,
  kFailureMessage,
  kPriceEstimate,
  kPriceFinal,
  kProvider,
  kBegun,
};

Result<std::vector<Artifact>> read_artifacts(Connection& connection, TaskId task) {
  Statement select = connection.prepare(sql::select_artifacts);
  select.bind(to_column(task));
  std::vector<Artifact> artifacts;
  for (;;) {
    TRY(const bool row, select.step());
    if (!row) return artifacts;
    TRY(Artifact artifact, read_artifact(select));
    artifacts.push_back(std::move(artifact));
  }
}

Error corrupt(TaskId id, Error error) {
  error.code = ErrorCode::kCorrupt;
  return std::move(error).with_context("stored task " + id.to_string());
}

}  // namespace

// Ids have 63 bits, so they fit SQLite's signed integers.
int64_t to_column(TaskId id) { return static_cast<int64_t>(id.value); }

TaskId task_id_at(const Statement& row, int column) {
  return {static_cast<uint64_t>(row.integer(column))};
}

Timestamp time_at(const Statement& row, int column) { return from_unix_ms(row.integer(column)); }

std::optional<int64_t> to_column(const std::optional<Timestamp>& at) {
  if (!at) return std::nullopt;
  return to_unix_ms(*at);
}

std::optional<Timestamp> optional_time_at(const Statement& row, int column) {
  if (row.is_null(column)) return std::nullopt;
  return time_at(row, column);
}

Result<Task> read_task(const Statement& row) {
  Task task;
  task.id = task_id_at(row, kId);
  task.account = {row.text(kAccount)};
  task.family = row.text(kFamily);
  const auto state = parse_task_state(row.text_view(kState));
  if (!state) return std::unexpected(corrupt(task.id, {.message = "unknown state"}));
  task.state = *state;
  task.attempt = static_cast<int>(row.integer(kAttempt));
  task.failures = static_cast<int>(row.integer(kFailures));
  task.cancel_requested = row.integer(kCancelRequested) != 0;
  task.created_at = time_at(row, kCreated);
  task.updated_at = time_at(row, kUpdated);
  task.dialect = row.text(kDialect);
  task.profile = row.text(kProfile);
  task.failure_code = row.text(kFailureCode);
  task.failure_message = row.text(kFailureMessage);
  task.price_estimate = row.integer(kPriceEstimate);
  if (!row.is_null(kPriceFinal)) task.price_final = row.integer(kPriceFinal);
  task.provider = row.text(kProvider);
  task.begun = row.integer(kBegun) != 0;
  if (task.state == TaskState::kSucceeded) task.progress_percent = 100;

  Result<json::Value> document = json::parse(row.text_view(kSpec));
  if (!document) return std::unexpected(corrupt(task.id, std::move(document).error()));
  Result<Spec> spec = spec_from_json(*document);
  if (!spec) return std::unexpected(corrupt(task.id, std::move(spec).error()));
  task.spec = *std::move(spec);
  Result<std::vector<std::string>> notes = read_texts(row.text_view(kNotes));
  if (!notes) return std::unexpected(corrupt(task.id, std::move(notes).error()));
  task.notes = *std::move(notes);
  return task;
}

Result<Task> read_whole_task(Connection& connection, const Statement& row) {
  TRY(Task task, read_task(row));
  if (task.state == TaskState::kSucceeded) {
    TRY(task.artifacts, read_artifacts(connection, task.id));
  }
  return task;
}

Result<Task> read_remains(Connection& connection, const Statement& row) {
  Result<Task> task = read_whole_task(connection, row);
  if (task || !is_unreadable(connection, task.error())) return task;
  Task remains;
  remains.id = task_id_at(row, kId);
  remains.account = {row.text(kAccount)};
  remains.family = row.text(kFamily);
  remains.state = parse_task_state(row.text_view(kState)).value_or(TaskState::kFailed);
  remains.attempt = static_cast<int>(row.integer(kAttempt));
  return remains;
}

bool is_unreadable(const Connection& connection, const Error& error) {
  return error.code == ErrorCode::kCorrupt && !connection.breakage();
}

Result<Artifact> read_artifact(const Statement& row) {
  Artifact artifact;
  artifact.id = task_id_at(row, 0);
  const auto kind = parse_artifact_kind(row.text_view(1));
  if (!kind) {
    return fail(ErrorCode::kCorrupt, "stored artifact " + artifact.id.to_string() + ": kind");
  }
  artifact.kind = *kind;
  artifact.blob_key = row.text(2);
  artifact.content_type = row.text(3);
  artifact.size_bytes = static_cast<uint64_t>(row.integer(4));
  artifact.sha256 = row.text(5);
  artifact.duration = Millis{row.integer(6)};
  return artifact;
}

access::KeyRecord read_key(const Statement& row) {
  access::KeyRecord key;
  key.id = {row.text(0)};
  key.account = {row.text(1)};
  key.kind = row.text_view(2) == to_word(access::KeyKind::kBearer) ? access::KeyKind::kBearer
                                                                   : access::KeyKind::kAccessKey;
  key.label = row.text(3);
  key.lookup = row.text(4);
  key.sealed_secret = row.text(5);
  key.created_at = time_at(row, 6);
  key.revoked_at = optional_time_at(row, 7);
  return key;
}

std::string_view to_word(access::KeyKind kind) {
  return kind == access::KeyKind::kBearer ? "bearer" : "access_key";
}

Result<Account> read_account(const Statement& row) {
  Account account;
  account.id = {"acc" + std::to_string(row.integer(0))};
  account.name = row.text(1);
  account.created_at = time_at(row, 2);
  AccountSettings& settings = account.settings;
  settings.status = row.text(3);
  if (!row.is_null(4)) settings.budget = row.integer(4);
  if (!row.is_null(5)) settings.concurrency = static_cast<int>(row.integer(5));
  settings.strict_concurrency = row.integer(6) != 0;
  TRY(settings.networks, read_texts(row.text_view(7)));
  TRY(settings.models, read_texts(row.text_view(8)));
  TRY(settings.providers, read_texts(row.text_view(9)));
  account.budget_at = optional_time_at(row, 10);
  return account;
}

std::optional<int64_t> account_number(const AccountId& id) {
  std::string_view text = id.value;
  if (!text.starts_with("acc")) return std::nullopt;
  text.remove_prefix(3);
  int64_t number = 0;
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || stop != text.data() + text.size()) return std::nullopt;
  return number;
}

Result<Attempt> read_attempt(const Statement& row) {
  Attempt attempt;
  attempt.task = task_id_at(row, 0);
  attempt.number = static_cast<int>(row.integer(1));
  const auto state = parse_attempt_state(row.text_view(2));
  if (!state) return std::unexpected(corrupt(attempt.task, {.message = "state of an attempt"}));
  attempt.state = *state;
  attempt.provider = row.text(3);
  attempt.credential = row.text(4);
  attempt.pin = row.text(5);
  attempt.model = row.text(6);
  attempt.handle = row.text(7);
  attempt.upstream_id = row.text(8);
  attempt.upstream_request_id = row.text(9);
  attempt.status = row.text(10);
  attempt.reason = row.text(11);
  if (!row.is_null(12)) attempt.cost = row.integer(12);
  attempt.begun_at = time_at(row, 13);
  attempt.bound_at = optional_time_at(row, 14);
  attempt.ended_at = optional_time_at(row, 15);
  attempt.absent_lookups = static_cast<int>(row.integer(16));
  attempt.first_lookup_at = optional_time_at(row, 17);
  return attempt;
}

Result<Delivery> read_delivery(const Statement& row) {
  Delivery delivery;
  delivery.id = task_id_at(row, 0);
  delivery.task = task_id_at(row, 1);
  delivery.account = {row.text(2)};
  delivery.event = row.text(3);
  delivery.terminal = row.integer(4) != 0;
  delivery.url = row.text(5);
  delivery.host = row.text(6);
  delivery.body = row.text(7);
  delivery.created_at = time_at(row, 8);
  const auto state = parse_delivery_state(row.text_view(9));
  if (!state) {
    return fail(ErrorCode::kCorrupt, "stored delivery " + delivery.id.to_string() + ": state");
  }
  delivery.state = *state;
  delivery.tries = static_cast<int>(row.integer(10));
  delivery.due_at = time_at(row, 11);
  return delivery;
}

DeliveryTry read_try(const Statement& row) {
  return {.delivery = task_id_at(row, 0),
          .number = static_cast<int>(row.integer(1)),
          .at = time_at(row, 2),
          .duration = Millis{row.integer(3)},
          .status = static_cast<int>(row.integer(4)),
          .error = row.text(5),
          .reply = row.text(6)};
}

std::string texts_to_column(const std::vector<std::string>& texts) {
  return json::to_text(json::Array(texts.begin(), texts.end()));
}

Result<std::vector<std::string>> read_texts(std::string_view column) {
  std::vector<std::string> texts;
  if (column == "[]") return texts;
  TRY(const json::Value value, json::parse(column));
  if (value.as_array() == nullptr) return fail(ErrorCode::kCorrupt, "a list is no array");
  for (const json::Value& text : *value.as_array()) {
    if (text.as_string() != nullptr) texts.push_back(*text.as_string());
  }
  return texts;
}

}  // namespace rushes::store::sqlite
