#include "edge/store/sqlite/connection.h"

#include <fmt/format.h>
#include <sqlite3.h>

#include "base/check.h"

namespace rushes::store::sqlite {
namespace {

ErrorCode error_code(int code) {
  switch (code & 0xff) {
    case SQLITE_CONSTRAINT: return ErrorCode::kAlreadyExists;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB: return ErrorCode::kCorrupt;
    default: return ErrorCode::kUnavailable;
  }
}

bool breaks(int code) {
  const int primary = code & 0xff;
  return primary != SQLITE_CONSTRAINT && primary != SQLITE_BUSY && primary != SQLITE_LOCKED;
}

}  // namespace

Statement::~Statement() {
  if (handle_ == nullptr) return;
  sqlite3_reset(handle_);
  sqlite3_clear_bindings(handle_);
}

Statement& Statement::bind(int64_t value) {
  if (handle_ != nullptr) RUSHES_CHECK(sqlite3_bind_int64(handle_, ++bound_, value) == SQLITE_OK);
  return *this;
}

Statement& Statement::bind(std::string_view text) {
  if (handle_ == nullptr) return *this;
  const char* data = text.data() != nullptr ? text.data() : "";
  RUSHES_CHECK(sqlite3_bind_text64(handle_, ++bound_, data, text.size(), SQLITE_STATIC,
                                   SQLITE_UTF8) == SQLITE_OK);
  return *this;
}

Statement& Statement::bind_null() {
  if (handle_ != nullptr) RUSHES_CHECK(sqlite3_bind_null(handle_, ++bound_) == SQLITE_OK);
  return *this;
}

Result<bool> Statement::step() {
  if (handle_ == nullptr) return fail(ErrorCode::kUnavailable, "sqlite: statement not prepared");
  const int code = sqlite3_step(handle_);
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) return false;
  return connection_.failure(code, sqlite3_sql(handle_));
}

Result<void> Statement::run() {
  TRY(const bool row, step());
  RUSHES_CHECK(!row);
  return {};
}

int64_t Statement::integer(int column) const { return sqlite3_column_int64(handle_, column); }

std::string_view Statement::text_view(int column) const {
  const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(handle_, column));
  if (text == nullptr) return {};
  return {text, static_cast<size_t>(sqlite3_column_bytes(handle_, column))};
}

std::string Statement::text(int column) const { return std::string(text_view(column)); }

bool Statement::is_null(int column) const {
  return sqlite3_column_type(handle_, column) == SQLITE_NULL;
}

Result<std::unique_ptr<Connection>> Connection::open(Options options) {
  sqlite3* handle = nullptr;
  const int flags = SQLITE_OPEN_NOMUTEX | (options.access == Access::kReadOnly
                                               ? SQLITE_OPEN_READONLY
                                               : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
  const int code = sqlite3_open_v2(options.path.c_str(), &handle, flags,
                                   options.vfs.empty() ? nullptr : options.vfs.c_str());
  std::unique_ptr<Connection> connection(new Connection(handle));
  if (code != SQLITE_OK) return connection->failure(code, "open " + options.path);
  sqlite3_extended_result_codes(handle, 1);
  sqlite3_busy_timeout(handle, 5000);
  return connection;
}

Connection::~Connection() {
  for (const auto& [name, statement] : statements_) sqlite3_finalize(statement);
  sqlite3_close_v2(handle_);
}

Statement Connection::prepare(const Sql& sql) {
  sqlite3_stmt*& handle = statements_[sql.name];
  if (handle == nullptr) {
    const int code = sqlite3_prepare_v3(handle_, sql.text.data(), static_cast<int>(sql.text.size()),
                                        SQLITE_PREPARE_PERSISTENT, &handle, nullptr);
    if (code != SQLITE_OK) ignore_error<void>(failure(code, sql.name), "step() reports it");
  }
  return Statement(*this, handle);
}

Result<void> Connection::execute(std::string_view script) {
  const std::string text(script);
  const int code = sqlite3_exec(handle_, text.c_str(), nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) return failure(code, script.substr(0, 60));
  return {};
}

Result<int64_t> Connection::query_integer(std::string_view text) {
  sqlite3_stmt* handle = nullptr;
  const int code =
      sqlite3_prepare_v2(handle_, text.data(), static_cast<int>(text.size()), &handle, nullptr);
  if (code != SQLITE_OK) return failure(code, text);
  Result<int64_t> value = 0;
  const int stepped = sqlite3_step(handle);
  if (stepped == SQLITE_ROW) {
    value = sqlite3_column_int64(handle, 0);
  } else if (stepped != SQLITE_DONE) {
    value = failure(stepped, text);
  }
  sqlite3_finalize(handle);
  return value;
}

int Connection::changes() const { return sqlite3_changes(handle_); }

int64_t Connection::total_changes() const { return sqlite3_total_changes64(handle_); }

bool Connection::is_in_transaction() const { return sqlite3_get_autocommit(handle_) == 0; }

std::unexpected<Error> Connection::failure(int code, std::string_view doing) {
  const char* words = handle_ != nullptr ? sqlite3_errmsg(handle_) : sqlite3_errstr(code);
  auto error = fail(error_code(code), fmt::format("sqlite: {}: {} ({})", doing, words, code));
  if (breaks(code) && !breakage_) breakage_ = error.error();
  return error;
}

void Connection::on_commit(std::function<void(int pages)> observer) {
  commit_observer_ = std::move(observer);
  sqlite3_wal_hook(
      handle_,
      [](void* context, sqlite3*, const char*, int pages) {
        (*static_cast<std::function<void(int)>*>(context))(pages);
        return SQLITE_OK;
      },
      &commit_observer_);
}

Result<bool> Connection::checkpoint() {
  int in_log = 0, moved = 0;
  const int code =
      sqlite3_wal_checkpoint_v2(handle_, nullptr, SQLITE_CHECKPOINT_PASSIVE, &in_log, &moved);
  if ((code & 0xff) == SQLITE_BUSY) return false;
  if (code != SQLITE_OK) return failure(code, "checkpoint");
  return moved == in_log;
}

}  // namespace rushes::store::sqlite
