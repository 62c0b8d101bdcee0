// How fast SQLite takes the rows of a server's creates when nothing stands before it:
//
//   bench_raw_sqlite DATABASE NEW_DATABASE CREATES_PER_GROUP
//
// copies what each create wrote in DATABASE (read only) into NEW_DATABASE, which may not exist yet:
// in the same order, with SQLite's defaults but WAL and synchronous=FULL, one transaction and one
// fsync a group. Reading is not counted. Prints "creates N" and "creates a second N".
//
// It calls SQLite itself, not through edge/store: the peer owes nothing to what it is held against.
#include <fmt/format.h>
#include <sqlite3.h>

#include <charconv>
#include <chrono>
#include <filesystem>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace rushes {
namespace {

struct Free {
  void operator()(sqlite3* database) const { sqlite3_close(database); }
  void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
  void operator()(sqlite3_value* value) const { sqlite3_value_free(value); }
};
using Database = std::unique_ptr<sqlite3, Free>;
using Statement = std::unique_ptr<sqlite3_stmt, Free>;
using Row = std::vector<std::unique_ptr<sqlite3_value, Free>>;

void require(bool ok, sqlite3* database) {
  if (!ok) throw std::runtime_error(sqlite3_errmsg(database));
}

Database open(const std::string& path, int flags) {
  sqlite3* handle = nullptr;
  const int code = sqlite3_open_v2(path.c_str(), &handle, flags, nullptr);
  Database database(handle);
  if (code != SQLITE_OK) throw std::runtime_error(path + ": " + sqlite3_errmsg(handle));
  return database;
}

void execute(const Database& database, const char* sql) {
  const int code = sqlite3_exec(database.get(), sql, nullptr, nullptr, nullptr);
  require(code == SQLITE_OK, database.get());
}

Statement prepare(const Database& database, const std::string& sql) {
  sqlite3_stmt* handle = nullptr;
  const int code = sqlite3_prepare_v2(database.get(), sql.c_str(), -1, &handle, nullptr);
  require(code == SQLITE_OK, database.get());
  return Statement(handle);
}

// False at the end.
bool step(const Statement& statement) {
  const int code = sqlite3_step(statement.get());
  require(code == SQLITE_ROW || code == SQLITE_DONE, sqlite3_db_handle(statement.get()));
  return code == SQLITE_ROW;
}

// Tables and indexes as they are, so that a row costs the same work in both.
void copy_schema(const Database& from, const Database& to) {
  const Statement select = prepare(
      from, "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%'");
  while (step(select)) {
    execute(to, reinterpret_cast<const char*>(sqlite3_column_text(select.get(), 0)));
  }
}

// One of the tables that a create writes a row to, in the order of the creates.
class Table {
 public:
  Table(const Database& from, const Database& to, const std::string& name, const std::string& match)
      : select_(prepare(from, fmt::format("SELECT t.* FROM event e JOIN {} t ON {} "
                                          "WHERE e.name = 'submitted' ORDER BY e.sequence",
                                          name, match))),
        columns_(sqlite3_column_count(select_.get())) {
    std::string places = "?";
    for (int column = 1; column < columns_; ++column) places += ", ?";
    insert_ = prepare(to, fmt::format("INSERT INTO {} VALUES({})", name, places));
  }

  // The next `count` rows; fewer at the end, after which it is not called again.
  std::vector<Row> read(size_t count) {
    std::vector<Row> rows;
    while (rows.size() < count && step(select_)) {
      Row& row = rows.emplace_back();
      for (int column = 0; column < columns_; ++column) {
        row.emplace_back(sqlite3_value_dup(sqlite3_column_value(select_.get(), column)));
      }
    }
    return rows;
  }

  void write(const Row& row) {
    for (int column = 0; column < columns_; ++column) {
      const sqlite3_value* value = row[static_cast<size_t>(column)].get();
      require(sqlite3_bind_value(insert_.get(), column + 1, value) == SQLITE_OK,
              sqlite3_db_handle(insert_.get()));
    }
    step(insert_);
    sqlite3_reset(insert_.get());
  }

 private:
  Statement select_, insert_;
  int columns_;
};

void run(const std::string& source, const std::string& path, size_t group_size) {
  using Clock = std::chrono::steady_clock;
  if (std::filesystem::exists(path)) throw std::runtime_error(path + " exists already");
  const Database from = open(source, SQLITE_OPEN_READONLY);
  const Database to = open(path, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
  execute(to, "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL");
  copy_schema(from, to);
  std::vector<Table> tables;
  tables.emplace_back(from, to, "task", "t.id = e.task");
  tables.emplace_back(from, to, "task_body", "t.id = e.task");
  tables.emplace_back(from, to, "event", "t.sequence = e.sequence");

  const size_t ahead = group_size * 100;
  size_t creates = 0, count = ahead;
  std::chrono::duration<double> spent{0};
  while (count == ahead) {
    std::vector<std::vector<Row>> rows;
    for (Table& table : tables) rows.push_back(table.read(ahead));
    count = rows[0].size();
    const auto start = Clock::now();
    for (size_t create = 0; create < count; ++create) {
      if (create % group_size == 0) execute(to, "BEGIN IMMEDIATE");
      for (size_t i = 0; i < tables.size(); ++i) tables[i].write(rows[i].at(create));
      if ((create + 1) % group_size == 0 || create + 1 == count) execute(to, "COMMIT");
    }
    spent += Clock::now() - start;
    creates += count;
  }
  if (creates == 0) throw std::runtime_error(source + " has no creates");
  fmt::print("creates {}\ncreates a second {:.0f}\n", creates,
             static_cast<double>(creates) / spent.count());
}

}  // namespace
}  // namespace rushes

int main(int argc, char** argv) {
  const std::string_view number = argc == 4 ? argv[3] : "";
  size_t group_size = 0;
  const char* end = number.data() + number.size();
  if (std::from_chars(number.data(), end, group_size).ptr != end || group_size == 0) {
    fmt::print(stderr, "usage: bench_raw_sqlite DATABASE NEW_DATABASE CREATES_PER_GROUP\n");
    return 2;
  }
  try {
    rushes::run(argv[1], argv[2], group_size);
    return 0;
  } catch (const std::runtime_error& error) {
    fmt::print(stderr, "bench_raw_sqlite: {}\n", error.what());
    return 1;
  }
}
