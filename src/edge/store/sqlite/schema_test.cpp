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
