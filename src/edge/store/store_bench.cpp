// Durable creates a second: 64 concurrent clients of the store, held against the same rows written
// straight through SQLite in groups of 64 (one fsync a group).
//
//   store_bench [DIRECTORY] [CLIENTS] [CREATES] [raw]      raw: only those straight through SQLite
#include <fmt/format.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <string_view>

#include "base/check.h"
#include "edge/platform/clock.h"
#include "edge/store/sqlite/operations.h"
#include "edge/store/sqlite/schema.h"
#include "edge/store/sqlite/sqlite_store.h"

namespace rushes::store {
namespace {

using sqlite::Connection;

NewTask task_of(int64_t number) {
  NewTask wanted;
  wanted.task.id = TaskId{static_cast<uint64_t>(number)};
  wanted.task.account = {"acc1"};
  wanted.task.dialect = "kling";
  wanted.task.profile = "official";
  wanted.task.spec.model = "kling-v2-6";
  wanted.task.spec.prompt = "A cheerful white raccoon running through a sequoia forest";
  wanted.task.created_at = wanted.task.updated_at = from_unix_ms(1'800'000'000'000 + number);
  return wanted;
}

double seconds_since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(SystemClock().monotonic() - start).count();
}

Awaitable<> client(Store& store, int64_t& next, int64_t last) {
  while (next <= last) {
    auto wanted = std::make_unique<NewTask>(task_of(next++));
    const Result<Created> created = co_await store.create_task(std::move(wanted));
    RUSHES_CHECK(created && created->kind == Created::Kind::kNew);
  }
}

double creates_per_second(const std::string& directory, int clients, int64_t creates) {
  auto store = open_sqlite_store({directory, ""});
  RUSHES_CHECK(store.has_value());
  boost::asio::io_context io{1};
  int64_t next = 1;
  const auto start = SystemClock().monotonic();
  for (int i = 0; i < clients; ++i) {
    boost::asio::co_spawn(io, client(**store, next, creates), boost::asio::detached);
  }
  io.run();
  return static_cast<double>(creates) / seconds_since(start);
}

double raw_rows_per_second(const std::string& directory, int group_size, int64_t creates) {
  const std::string path = directory + "/raw.db";
  auto connection = Connection::open({.path = path});
  RUSHES_CHECK(connection && sqlite::migrate(**connection, path) &&
               (*connection)->execute("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL"));
  const auto start = SystemClock().monotonic();
  const std::string spec = to_json_text(task_of(1).task.spec);
  sqlite::Load load;
  for (int64_t number = 1; number <= creates;) {
    RUSHES_CHECK((*connection)->execute("BEGIN IMMEDIATE").has_value());
    for (int i = 0; i < group_size && number <= creates; ++i) {
      RUSHES_CHECK(sqlite::create_task({**connection, load}, task_of(number++), spec).has_value());
    }
    RUSHES_CHECK((*connection)->execute("COMMIT").has_value());
    load.end_group(true);
  }
  return static_cast<double>(creates) / seconds_since(start);
}

}  // namespace
}  // namespace rushes::store

int main(int argc, char** argv) {
  const std::string directory =
      argc > 1 ? argv[1] : (std::filesystem::temp_directory_path() / "rushes-bench").string();
  const int clients = argc > 2 ? std::atoi(argv[2]) : 64;
  const int64_t creates = argc > 3 ? std::atoll(argv[3]) : 50'000;
  const bool raw_only = argc > 4 && std::string_view(argv[4]) == "raw";
  std::filesystem::remove_all(directory);
  std::filesystem::create_directories(directory);
  const double raw = rushes::store::raw_rows_per_second(directory, clients, creates);
  fmt::print("raw SQLite, groups of {}:      {:.0f}\n", clients, raw);
  if (!raw_only) {
    const double store = rushes::store::creates_per_second(directory, clients, creates);
    fmt::print("durable creates/s, {} clients: {:.0f}\n", clients, store);
    fmt::print("ratio (goal >= 0.5):           {:.2f}\n", store / raw);
  }
  std::filesystem::remove_all(directory);
  return 0;
}
