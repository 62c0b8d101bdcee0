#include "edge/store/sqlite/rows.h"

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
};

Result<std::vector<std::string>> read_notes(std::string_view text) {
  std::vector<std::string> notes;
  if (text == "[]") return notes;
  TRY(const json::Value value, json::parse(text));
  if (value.as_array() == nullptr) return fail(ErrorCode::kCorrupt, "notes are no array");
  for (const json::Value& note : *value.as_array()) {
    if (note.as_string() != nullptr) notes.push_back(*note.as_string());
  }
  return notes;
}

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
  if (task.state == TaskState::kSucceeded) task.progress_percent = 100;

  Result<json::Value> document = json::parse(row.text_view(kSpec));
  if (!document) return std::unexpected(corrupt(task.id, std::move(document).error()));
  Result<Spec> spec = spec_from_json(*document);
  if (!spec) return std::unexpected(corrupt(task.id, std::move(spec).error()));
  task.spec = *std::move(spec);
  Result<std::vector<std::string>> notes = read_notes(row.text_view(kNotes));
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
  if (!row.is_null(7)) key.revoked_at = time_at(row, 7);
  return key;
}

std::string_view to_word(access::KeyKind kind) {
  return kind == access::KeyKind::kBearer ? "bearer" : "access_key";
}

std::string notes_to_text(const std::vector<std::string>& notes) {
  return json::to_text(json::Array(notes.begin(), notes.end()));
}

}  // namespace rushes::store::sqlite
