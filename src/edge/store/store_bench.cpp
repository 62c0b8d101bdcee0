// Durable creates a second by concurrent clients of the store, held against the same rows written
// straight through SQLite: one transaction and one fsync for as many rows as there are clients.
//
//   store_bench DIRECTORY CLIENTS CREATES     creates through the store, then its rows through
//   SQLite store_bench DIRECTORY CLIENTS DATABASE    only the rows of a database that somebody else
//   filled
#include <fmt/format.h>
#include <sqlite3.h>

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <charconv>
#include <chrono>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "base/check.h"
#include "edge/platform/clock.h"
#include "edge/store/sqlite/connection.h"
#include "edge/store/sqlite/schema.h"
#include "edge/store/sqlite/sqlite_store.h"

namespace rushes::store {
namespace {

using Seconds = std::chrono::duration<double>;

std::unique_ptr<NewTask> task_of(uint32_t number) {
  auto wanted = std::make_unique<NewTask>();
  Task& task = wanted->task;
  const Timestamp now = SystemClock().now();
  task.id = TaskId::make(now, number);
  task.account = {"acc1"};
  task.dialect = "kling";
  task.profile = "official";
  task.provider = "previz";
  task.spec.model = "kling-v2-6";
  task.spec.prompt = "A cheerful white raccoon running through a sequoia forest";
  task.created_at = task.updated_at = now;
  return wanted;
}

Awaitable<> client(Store& store, uint32_t& next, uint32_t last) {
  while (next <= last) {
    auto wanted = task_of(next++);
    const Result<Created> created = co_await store.create_task(std::move(wanted));
    RUSHES_CHECK(created && created->kind == Created::Kind::kNew);
  }
}

double creates_per_second(const std::string& directory, int clients, uint32_t creates) {
  auto store = open_sqlite_store({directory, ""});
  RUSHES_CHECK(store.has_value());
  boost::asio::io_context io{1};
  uint32_t next = 1;
  const auto start = SystemClock().monotonic();
  for (int i = 0; i < clients; ++i) {
    boost::asio::co_spawn(io, client(**store, next, creates), boost::asio::detached);
  }
  io.run();
  return creates / Seconds(SystemClock().monotonic() - start).count();
}

struct Free {
  void operator()(sqlite3* database) const { sqlite3_close(database); }
  void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
  void operator()(sqlite3_value* value) const { sqlite3_value_free(value); }
};
using Database = std::unique_ptr<sqlite3, Free>;
using Handle = std::unique_ptr<sqlite3_stmt, Free>;
using Row = std::vector<std::unique_ptr<sqlite3_value, Free>>;

Database open(const std::string& path) {
  sqlite3* database = nullptr;
  RUSHES_CHECK(sqlite3_open(path.c_str(), &database) == SQLITE_OK);
  return Database(database);
}

void execute(const Database& database, const char* sql) {
  RUSHES_CHECK(sqlite3_exec(database.get(), sql, nullptr, nullptr, nullptr) == SQLITE_OK);
}

Handle prepare(const Database& database, const std::string& sql) {
  sqlite3_stmt* statement = nullptr;
  RUSHES_CHECK(sqlite3_prepare_v2(database.get(), sql.c_str(), -1, &statement, nullptr) ==
               SQLITE_OK);
  return Handle(statement);
}

// One of the tables that a create writes to, in the order of the creates.
class Table {
 public:
  Table(const Database& from, const Database& to, const std::string& name, const std::string& key)
      : select_(prepare(from, fmt::format("SELECT t.* FROM event e JOIN {} t ON t.{} = e.task "
                                          "WHERE e.name = 'submitted' ORDER BY e.sequence",
                                          name, key))),
        columns_(sqlite3_column_count(select_.get())) {
    std::string places = "?";
    for (int column = 1; column < columns_; ++column) places += ", ?";
    insert_ = prepare(to, fmt::format("INSERT INTO {} VALUES({})", name, places));
  }

  // The next `count` rows; fewer at the end.
  std::vector<Row> read(size_t count) {
    std::vector<Row> rows(count);
    for (size_t i = 0; i < count; ++i) {
      if (sqlite3_step(select_.get()) != SQLITE_ROW) {
        rows.resize(i);
        break;
      }
      for (int column = 0; column < columns_; ++column) {
        rows[i].emplace_back(sqlite3_value_dup(sqlite3_column_value(select_.get(), column)));
      }
    }
    return rows;
  }

  void write(const Row& row) {
    for (int column = 0; column < columns_; ++column) {
      sqlite3_bind_value(insert_.get(), column + 1, row[static_cast<size_t>(column)].get());
    }
    RUSHES_CHECK(sqlite3_step(insert_.get()) == SQLITE_DONE);
    sqlite3_reset(insert_.get());
  }

 private:
  Handle select_, insert_;
  int columns_;
};

// Reading is not counted: it is done a few thousand rows ahead.
double raw_creates_per_second(const std::string& source, const std::string& directory,
                              size_t group_size) {
  constexpr size_t kGroupsAhead = 100;
  const std::string path = directory + "/raw.db";
  auto schema = sqlite::Connection::open({.path = path});
  RUSHES_CHECK(schema && sqlite::migrate(**schema, path));
  schema->reset();
  const Database from = open(source), to = open(path);
  execute(to, "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL");
  Table tables[] = {
      {from, to, "task", "id"}, {from, to, "task_body", "id"}, {from, to, "event", "task"}};
  const size_t ahead = group_size * kGroupsAhead;
  size_t creates = 0, count = ahead;
  Seconds spent{0};
  while (count == ahead) {
    std::vector<Row> rows[std::size(tables)];
    for (size_t i = 0; i < std::size(tables); ++i) rows[i] = tables[i].read(ahead);
    count = rows[0].size();
    const auto start = SystemClock().monotonic();
    for (size_t row = 0; row < count; ++row) {
      if (row % group_size == 0) execute(to, "BEGIN IMMEDIATE");
      for (size_t i = 0; i < std::size(tables); ++i) tables[i].write(rows[i].at(row));
      if ((row + 1) % group_size == 0 || row + 1 == count) execute(to, "COMMIT");
    }
    spent += SystemClock().monotonic() - start;
    creates += count;
  }
  RUSHES_CHECK(creates > 0);
  return static_cast<double>(creates) / spent.count();
}

int run(const std::string& directory, int clients, std::string_view creates_or_database) {
  std::string source(creates_or_database);
  uint32_t creates = 0;
  const char* end = source.data() + source.size();
  const bool fills = std::from_chars(source.data(), end, creates).ptr == end;
  std::filesystem::remove_all(directory);
  std::filesystem::create_directories(directory);
  double ours = 0;
  if (fills) {
    ours = creates_per_second(directory, clients, creates);
    source = directory + "/rushes.db";
  }
  const double raw = raw_creates_per_second(source, directory, static_cast<size_t>(clients));
  fmt::print("raw SQLite, groups of {}:      {:.0f}\n", clients, raw);
  if (fills) {
    fmt::print("durable creates/s, {} clients: {:.0f}\n", clients, ours);
    fmt::print("ratio (goal >= 0.5):           {:.2f}\n", ours / raw);
  }
  std::filesystem::remove_all(directory);
  return 0;
}

}  // namespace
}  // namespace rushes::store

int main(int argc, char** argv) {
  if (argc != 4) {
    fmt::print(stderr, "usage: store_bench DIRECTORY CLIENTS CREATES|DATABASE\n");
    return 2;
  }
  return rushes::store::run(argv[1], std::atoi(argv[2]), argv[3]);
}
