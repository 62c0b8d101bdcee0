// SQLite's C API as values that clean up after themselves. One connection belongs to one thread at
// a time; its prepared statements are kept.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/result.h"
#include "edge/store/sqlite/sql.h"

struct sqlite3;
struct sqlite3_stmt;

namespace rushes::store::sqlite {

class Connection;

// A prepared statement in use. It is reset, and its values forgotten, when it leaves the scope; at
// most one of each text is in use on a connection.
class Statement {
 public:
  ~Statement();
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;

  // In the order of ?1, ?2, ... Text and blobs must live until the last step.
  Statement& bind(int64_t value);
  Statement& bind(std::string_view text);
  Statement& bind_null();
  template <class T>
  Statement& bind(const std::optional<T>& value) {
    return value ? bind(*value) : bind_null();
  }
  template <class... Values>
  Statement& bind_all(const Values&... values) {
    (bind(values), ...);
    return *this;
  }

  // True: a row can be read. kAlreadyExists for a broken uniqueness, else see Connection::breakage.
  Result<bool> step();
  // For statements without rows.
  Result<void> run();

  int64_t integer(int column) const;
  std::string text(int column) const;
  std::string_view text_view(int column) const;  // until the next step
  bool is_null(int column) const;

 private:
  friend class Connection;
  Statement(Connection& connection, sqlite3_stmt* handle)
      : connection_(connection), handle_(handle) {}

  Connection& connection_;
  sqlite3_stmt* handle_;  // null: it could not be prepared
  int bound_ = 0;
};

class Connection {
 public:
  enum class Access { kReadWrite, kReadOnly };
  struct Options {
    std::string path;
    Access access = Access::kReadWrite;
    std::string vfs;  // empty: the system's
  };
  static Result<std::unique_ptr<Connection>> open(Options options);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  Statement prepare(const Sql& sql);
  // Statements without values or rows, separated by semicolons.
  Result<void> execute(std::string_view script);
  // The first column of the first row of a pragma.
  Result<int64_t> query_integer(std::string_view text);

  // Rows that the last INSERT, UPDATE or DELETE touched.
  int changes() const;
  // Rows that all of them together touched.
  int64_t total_changes() const;
  bool is_in_transaction() const;

  // The first failure that is not the caller's doing: full disk, I/O, corruption, memory.
  const std::optional<Error>& breakage() const { return breakage_; }
  // Turns SQLite's result code into an Error and notes whether the connection is broken.
  std::unexpected<Error> failure(int code, std::string_view doing);

  // Called on this thread after each commit with the pages that the write-ahead log then has.
  void on_commit(std::function<void(int pages)> observer);
  // Moves pages from the log into the database, as far as readers and writers allow without being
  // waited for. True: all of them; the log starts over with the next write that no reader is in the
  // way of.
  Result<bool> checkpoint();

 private:
  explicit Connection(sqlite3* handle) : handle_(handle) {}

  sqlite3* handle_;
  std::optional<Error> breakage_;
  std::unordered_map<const char*, sqlite3_stmt*> statements_;  // by Sql::name
  std::function<void(int)> commit_observer_;
};

}  // namespace rushes::store::sqlite
