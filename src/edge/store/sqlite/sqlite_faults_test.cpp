// P1 for real: full disks, failing writes and fsyncs, kill -9.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>

#include "edge/store/conformance.h"
#include "edge/store/sqlite/faulty_vfs.h"
#include "edge/store/sqlite/sqlite_store.h"

namespace rushes::store {
namespace {

using ::testing::HasSubstr;

NewTask task_of(uint64_t id) {
  NewTask wanted;
  wanted.task.id = TaskId{id};
  wanted.task.account = {"alice"};
  wanted.task.spec.prompt = "a fox";
  wanted.task.created_at = wanted.task.updated_at =
      from_unix_ms(1'800'000'000'000 + static_cast<int64_t>(id));
  return wanted;
}

bool exists(Store& store, uint64_t id) {
  return value_of(run(store.find_task({"alice"}, TaskId{id}))).has_value();
}

class SqliteFaults : public ::testing::TestWithParam<FaultyVfs::Fault> {
 protected:
  std::unique_ptr<Store> open() {
    return value_of(open_sqlite_store({directory_.path(), FaultyVfs::kName}));
  }

  FaultyVfs vfs_;
  TemporaryDirectory directory_;
};

INSTANTIATE_TEST_SUITE_P(Faults, SqliteFaults,
                         ::testing::Values(FaultyVfs::Fault::kDiskFull,
                                           FaultyVfs::Fault::kWriteError,
                                           FaultyVfs::Fault::kSyncError));

TEST_P(SqliteFaults, AFailedWriteRefusesEverythingUntilRestartAndLosesNothing) {
  auto store = open();
  value_of(run(store->create_task(task_of(1))));
  vfs_.set(GetParam());
  const Result<Created> refused = run(store->create_task(task_of(2)));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::kUnavailable);
  ASSERT_FALSE(store->health());
  EXPECT_THAT(store->health().error().message, HasSubstr("read-only until restart"));

  vfs_.set(FaultyVfs::Fault::kNone);  // the disk is well again, but what it holds is not known
  EXPECT_EQ(run(store->create_task(task_of(3))).error().code, ErrorCode::kUnavailable);
  EXPECT_EQ(run(store->claim_tasks({{"n"}, from_unix_ms(1'900'000'000'000), {}, 1})).error().code,
            ErrorCode::kUnavailable);
  EXPECT_TRUE(exists(*store, 1)) << "reads go on";
  EXPECT_FALSE(exists(*store, 2));
  EXPECT_EQ(value_of(run(store->count_unfinished())), 1);

  store.reset();
  store = open();
  EXPECT_TRUE(store->health());
  EXPECT_TRUE(exists(*store, 1));
  EXPECT_FALSE(exists(*store, 3));
  EXPECT_EQ(value_of(run(store->create_task(task_of(4)))).kind, Created::Kind::kNew);
}

TEST(SqliteCrash, EveryAcknowledgedTaskIsThereAfterKillNine) {
  constexpr int kRounds = 3, kPerRound = 200;
  TemporaryDirectory directory;
  uint64_t acknowledged = 0;
  for (int round = 0; round < kRounds; ++round) {
    int ends[2];
    ASSERT_EQ(::pipe(ends), 0);
    const pid_t child = ::fork();
    if (child == 0) {
      auto store = value_of(open_sqlite_store({directory.path(), ""}));
      for (uint64_t id = acknowledged + 1;; ++id) {
        value_of(run(store->create_task(task_of(id))));
        if (::write(ends[1], &id, sizeof id) != sizeof id) ::_exit(1);
      }
    }
    ::close(ends[1]);
    uint64_t id = 0;
    for (int i = 0; i < kPerRound && ::read(ends[0], &id, sizeof id) == sizeof id; ++i) {
      acknowledged = id;
    }
    ::kill(child, SIGKILL);
    ::waitpid(child, nullptr, 0);
    while (::read(ends[0], &id, sizeof id) == sizeof id) acknowledged = id;
    ::close(ends[0]);
    const auto store = value_of(open_sqlite_store({directory.path(), ""}));
    for (uint64_t i = 1; i <= acknowledged; ++i) ASSERT_TRUE(exists(*store, i)) << i;
    // The one in flight may have landed too.
    const int count = value_of(run(store->count_unfinished()));
    EXPECT_GE(count, static_cast<int>(acknowledged));
    EXPECT_LE(count, static_cast<int>(acknowledged) + 1);
    acknowledged = static_cast<uint64_t>(count);
  }
}

}  // namespace
}  // namespace rushes::store
