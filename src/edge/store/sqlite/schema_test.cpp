#include "edge/store/sqlite/schema.h"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <filesystem>

#include "edge/platform/files.h"
#include "edge/store/conformance.h"
#include "edge/store/sqlite/sqlite_store.h"

namespace rushes::store {
namespace {

using sqlite::Connection;
using ::testing::HasSubstr;

class Schema : public ::testing::Test {
 protected:
  // A database as version `version` of the schema left it, with what testdata has for it.
  void make_database(int version) {
    const auto connection = value_of(Connection::open({.path = path()}));
    value_of(sqlite::migrate(*connection, path(), version));
    const std::string rows = fmt::format("{}/schema/{:04}.sql", RUSHES_TESTDATA, version);
    if (version > 0) value_of(connection->execute(value_of(files::read(rows, 1 << 20))));
  }

  void execute(std::string_view script) {
    value_of(value_of(Connection::open({.path = path()}))->execute(script));
  }

  std::string path() const { return directory_.path() + "/rushes.db"; }

  TemporaryDirectory directory_;
};

TEST_F(Schema, EveryEarlierVersionIsMigratedWithItsRows) {
  for (int version = 0; version <= sqlite::kSchemaVersion; ++version) {
    SCOPED_TRACE(version);
    std::filesystem::remove(path());
    make_database(version);
    const auto store = value_of(open_sqlite_store({directory_.path(), ""}));
    if (version == 0) continue;
    const auto task = value_of(run(store->find_task({"acc1"}, TaskId{7})));
    ASSERT_TRUE(task);
    EXPECT_EQ(task->state, TaskState::kSucceeded);
    EXPECT_EQ(task->spec.prompt, "a fox");
    EXPECT_EQ(task->artifacts.size(), 1u);
    EXPECT_EQ(value_of(run(store->count_unfinished())), 1);
    EXPECT_EQ(value_of(run(store->ensure_account("default", {}))).id, AccountId{"acc1"});
  }
}

TEST_F(Schema, TasksOfTheFirstVersionBelongToTheBuiltInRenderer) {
  make_database(1);
  // One task in every state, each second one with a callback.
  const char* states[] = {"queued",   "submitting", "running", "rendering",
                          "fetching", "succeeded",  "failed"};
  for (int i = 0; i < 7; ++i) {
    const bool ended = i >= 5, in_work = i >= 1 && !ended;
    execute(fmt::format(
        "INSERT INTO task VALUES ({0}, 'acc2', 'text2video', '{1}', {2}, 0, NULL, 1800000000000, "
        "{3},"
        "{4}, 0, 1800000000000, 1800000000000, {5}, NULL);"
        "INSERT INTO task_body SELECT {0}, dialect, profile, replace(spec, '\"callback_url\":\"\"',"
        "'\"callback_url\":\"{6}\"'), '[]', '', '', 30, NULL FROM task_body WHERE id = 8;",
        100 + i, states[i], i == 0 ? 0 : 1, in_work ? "'local'" : "NULL",
        in_work ? "1800000030000" : "NULL", ended ? "1800000005000" : "NULL",
        i % 2 == 0 ? "http://a/" : ""));
  }
  // A record that cannot be read does not stop a migration.
  execute(
      "INSERT INTO task SELECT 200, account, family, 'queued', 0, 0, NULL, due_ms, NULL, NULL, 0,"
      "created_ms, updated_ms, NULL, NULL FROM task WHERE id = 8;"
      "INSERT INTO task_body SELECT 200, dialect, profile, '{', '[]', '', '', 30, NULL"
      "  FROM task_body WHERE id = 8");
  const PlainOutbox outbox;
  const auto store =
      value_of(open_sqlite_store({.directory = directory_.path(), .outbox = &outbox}));
  for (int i = 0; i < 7; ++i) {
    SCOPED_TRACE(states[i]);
    const auto task =
        value_of(run(store->find_task({"acc2"}, TaskId{100u + static_cast<uint64_t>(i)})));
    ASSERT_TRUE(task);
    EXPECT_EQ(task->provider, "previz");
    EXPECT_EQ(to_string(task->state), states[i]);
    EXPECT_EQ(task->begun, i > 0);
  }
  EXPECT_EQ(value_of(run(store->count_unfinished())), 7);
  const Account account = value_of(run(store->ensure_account("default", {})));
  EXPECT_EQ(account.spent, 30);
  EXPECT_EQ(account.reserved, 60);
  EXPECT_EQ(account.settings, AccountSettings{});

  // What waits is claimed from the renderer's queue, and owes its callbacks from now on.
  const auto now = from_unix_ms(1'900'000'000'000);
  EXPECT_EQ(value_of(run(store->requeue_abandoned({"local"}, now))), 2);
  const auto claimed =
      value_of(run(store->claim_tasks({{"n"}, now, now + Millis{1}, 9, "previz"})));
  EXPECT_EQ(claimed.size(), 3u) << "two that were rendered, one that waited; not the damaged one";
  const auto owed = value_of(run(store->list_deliveries({}, {}, 10)));
  ASSERT_EQ(owed.size(), 1u);
  EXPECT_EQ(owed[0].task, TaskId{100});
  EXPECT_EQ(owed[0].event, "processing");
}

TEST_F(Schema, WhatTheSecondVersionKeepsIsReadBack) {
  make_database(2);
  const auto store = value_of(open_sqlite_store({directory_.path(), ""}));
  const Account account = value_of(run(store->find_account({"acc1"}))).value();
  EXPECT_EQ(account.settings.budget, 900);
  EXPECT_EQ(account.settings.concurrency, 4);
  EXPECT_TRUE(account.settings.strict_concurrency);
  EXPECT_THAT(account.settings.networks, ::testing::ElementsAre("10.0.0.0/8"));
  EXPECT_THAT(account.settings.providers, ::testing::ElementsAre("previz"));
  EXPECT_EQ(account.spent, 30);
  EXPECT_EQ(account.reserved, 30);
  const auto attempts = value_of(run(store->list_attempts(TaskId{8})));
  ASSERT_EQ(attempts.size(), 1u);
  EXPECT_EQ(attempts[0].upstream_id, "upstream");
  EXPECT_EQ(value_of(run(store->find_pin("pin"))), "sealed");
  EXPECT_EQ(value_of(run(store->list_webhook_secrets({"acc1"}))).size(), 1u);
  const auto deliveries = value_of(run(store->list_deliveries({}, TaskId{7}, 10)));
  ASSERT_EQ(deliveries.size(), 1u);
  EXPECT_EQ(deliveries[0].tries, 1);
  EXPECT_EQ(value_of(run(store->list_tries(deliveries[0].id))).size(), 1u);
  const auto now = from_unix_ms(1'900'000'000'000);
  EXPECT_EQ(value_of(run(store->adopt_remote({{"n"}, false, now, now + Millis{1}, 10}))).size(),
            1u);
}

TEST_F(Schema, ANewerVersionIsRefusedNamingBothAndNothingIsChanged) {
  make_database(sqlite::kSchemaVersion);
  execute("PRAGMA user_version = 99");
  const auto opened = open_sqlite_store({directory_.path(), ""});
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, ErrorCode::kUnsupported);
  EXPECT_THAT(opened.error().message, HasSubstr("version 99"));
  EXPECT_THAT(opened.error().message, HasSubstr(fmt::format("up to {}", sqlite::kSchemaVersion)));
  const auto connection = value_of(Connection::open({.path = path()}));
  EXPECT_EQ(value_of(connection->query_integer("PRAGMA user_version")), 99);
}

TEST_F(Schema, AForeignDatabaseIsRefused) {
  execute("CREATE TABLE recipe(id INTEGER PRIMARY KEY)");
  const auto opened = open_sqlite_store({directory_.path(), ""});
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, ErrorCode::kCorrupt);
}

TEST_F(Schema, AFileThatIsNoDatabaseIsRefused) {
  value_of(files::write_atomically(path(), std::string(8192, 'x')));
  const auto opened = open_sqlite_store({directory_.path(), ""});
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, ErrorCode::kCorrupt);
}

TEST_F(Schema, AMigrationThatFailsLeavesTheDatabaseAsItWas) {
  execute("PRAGMA application_id = 1381323592; CREATE TABLE ledger(other TEXT)");
  EXPECT_FALSE(open_sqlite_store({directory_.path(), ""}));
  const auto connection = value_of(Connection::open({.path = path()}));
  EXPECT_EQ(value_of(connection->query_integer("PRAGMA user_version")), 0);
  EXPECT_EQ(value_of(connection->query_integer("SELECT count(*) FROM sqlite_schema")), 1);
}

TEST_F(Schema, ADirectoryBelongsToOneStoreAtATime) {
  auto first = value_of(open_sqlite_store({directory_.path(), ""}));
  const auto second = open_sqlite_store({directory_.path(), ""});
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, ErrorCode::kConflict);
  EXPECT_THAT(second.error().message, HasSubstr(directory_.path()));
  EXPECT_THAT(second.error().message, HasSubstr(std::to_string(::getpid())));
  first.reset();
  EXPECT_TRUE(open_sqlite_store({directory_.path(), ""}));
}

}  // namespace
}  // namespace rushes::store
