#include "edge/store/sqlite/writer.h"

#include <gmock/gmock.h>

#include <filesystem>

#include "edge/store/conformance.h"

namespace rushes::store::sqlite {
namespace {

// Rows of 100 KB: enough to begin a checkpoint many times over. A log that is never started over
// would be as large as all of them.
constexpr int kManyRows = 1'000;
constexpr uintmax_t kLogBytesMax = 50'000'000;

class WriterTest : public ::testing::Test {
 protected:
  WriterTest() {
    auto setup = connect();
    value_of(setup->execute("PRAGMA journal_mode = WAL; CREATE TABLE t(content BLOB);"));
    writer_ = std::make_unique<Writer>(connect(), connect(), [](bool) {});
  }

  std::unique_ptr<Connection> connect() {
    auto connection = value_of(Connection::open({.path = path()}));
    value_of(connection->execute("PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 0"));
    return connection;
  }

  void write(std::string statement, Undo undo = Undo::kSavepoint) {
    value_of(try_to_write(std::move(statement), undo));
  }

  Result<void> try_to_write(std::string statement, Undo undo = Undo::kSavepoint) {
    return run(writer_->write<void>(
        [statement = std::move(statement)](Connection& db) { return db.execute(statement); },
        undo));
  }

  int64_t rows() { return value_of(connect()->query_integer("SELECT count(*) FROM t")); }
  std::string path() const { return directory_.path() + "/test.db"; }
  uintmax_t log_bytes() const { return std::filesystem::file_size(path() + "-wal"); }

  TemporaryDirectory directory_;
  std::unique_ptr<Writer> writer_;
};

TEST_F(WriterTest, TheLogStaysShortUnderABusyWriter) {
  for (int i = 0; i < kManyRows; ++i) write("INSERT INTO t VALUES(zeroblob(100000))");
  EXPECT_LE(log_bytes(), kLogBytesMax);
  EXPECT_EQ(rows(), kManyRows);
}

TEST_F(WriterTest, AReaderHoldsUpTheLogButNobody) {
  write("INSERT INTO t VALUES('first')");
  auto reader = connect();
  value_of(reader->execute("BEGIN; SELECT * FROM t"));
  for (int i = 0; i < kManyRows; ++i) write("INSERT INTO t VALUES(zeroblob(100000))");
  EXPECT_GT(log_bytes(), kLogBytesMax) << "what the reader sees cannot be overwritten";
  EXPECT_EQ(value_of(reader->query_integer("SELECT count(*) FROM t")), 1);
  value_of(reader->execute("COMMIT"));
  const uintmax_t before = log_bytes();
  for (int i = 0; i < kManyRows; ++i) write("INSERT INTO t VALUES(zeroblob(100000))");
  EXPECT_LT(log_bytes(), before + kLogBytesMax) << "it starts over in the same place";
}

TEST_F(WriterTest, AFailingOperationLeavesNothingAndTheOthersGoOn) {
  write("INSERT INTO t(rowid, content) VALUES(1, 'first')");
  const auto refused = try_to_write(
      "INSERT INTO t VALUES('lost'); INSERT INTO t(rowid, content) VALUES(1, 'taken')");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::kAlreadyExists);
  EXPECT_EQ(rows(), 1);
  write("INSERT INTO t VALUES('second')");
  EXPECT_EQ(rows(), 2);
}

TEST_F(WriterTest, OneWithoutSavepointMayFailAsLongAsItWroteNothing) {
  const auto refuse = [](Connection&) -> Result<void> {
    return fail(ErrorCode::kConflict, "somebody else was first");
  };
  EXPECT_EQ(run(writer_->write<void>(refuse, Undo::kNotNeeded)).error().code, ErrorCode::kConflict);
  write("INSERT INTO t VALUES('kept')", Undo::kNotNeeded);
  EXPECT_EQ(rows(), 1);
}

TEST(WriterDeathTest, OneWithoutSavepointThatWroteMayNotFail) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");  // the child needs a writer's thread of its own
  const auto connect = [] { return value_of(Connection::open({.path = ":memory:"})); };
  const auto write_and_refuse = [](Connection& db) -> Result<void> {
    value_of(db.execute("CREATE TABLE t(content TEXT); INSERT INTO t VALUES('left behind')"));
    return fail(ErrorCode::kConflict, "too late");
  };
  Writer writer(connect(), connect(), [](bool) {});
  EXPECT_DEATH(ignore_error(run(writer.write<void>(write_and_refuse, Undo::kNotNeeded)),
                            "it does not return"),
               "total_changes");
}

}  // namespace
}  // namespace rushes::store::sqlite
