// P1 for real: full disks, failing writes and fsyncs, kill -9, power cuts.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <functional>
#include <thread>

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
                                           FaultyVfs::Fault::kTornWrite,
                                           FaultyVfs::Fault::kSyncError));

TEST_P(SqliteFaults, AFailedWriteRefusesEverythingUntilRestartAndLosesNothing) {
  auto store = open();
  value_of(run(store->create_task(std::make_unique<NewTask>(task_of(1)))));
  vfs_.set(GetParam());
  const Result<Created> refused = run(store->create_task(std::make_unique<NewTask>(task_of(2))));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::kUnavailable);
  ASSERT_FALSE(store->health());
  EXPECT_THAT(store->health().error().message, HasSubstr("read-only until restart"));

  vfs_.set(FaultyVfs::Fault::kNone);  // the disk is well again, but what it holds is not known
  EXPECT_EQ(run(store->create_task(std::make_unique<NewTask>(task_of(3)))).error().code,
            ErrorCode::kUnavailable);
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
  EXPECT_EQ(value_of(run(store->create_task(std::make_unique<NewTask>(task_of(4))))).kind,
            Created::Kind::kNew);
}

// Everything of a store that anybody can see, as one text.
std::string picture_of(Store& store) {
  std::string picture;
  for (uint64_t id = 1; id <= 4; ++id) {
    const auto task = value_of(run(store.find_task({"acc1"}, TaskId{id})));
    picture += fmt::format("task {}: {}\n", id,
                           !task ? "none"
                                 : fmt::format("{} {} {} {}", to_string(task->state), task->attempt,
                                               task->provider, task->artifacts.size()));
    for (const TaskEvent& event : value_of(run(store.list_events(TaskId{id})))) {
      picture += "  " + event.name + "\n";
    }
    for (const Attempt& attempt : value_of(run(store.list_attempts(TaskId{id})))) {
      picture += fmt::format("  attempt {} {}\n", attempt.number, to_string(attempt.state));
    }
  }
  for (const Delivery& delivery : value_of(run(store.list_deliveries({}, {}, 100)))) {
    picture += fmt::format("delivery {} {} {} {} {}\n", delivery.task.value, delivery.event,
                           to_string(delivery.state), delivery.tries,
                           value_of(run(store.list_tries(delivery.id))).size());
  }
  const Account account = value_of(run(store.find_account({"acc1"}))).value();
  picture += fmt::format("spent {}, reserved {}, status {}\n", account.spent, account.reserved,
                         account.settings.status);
  for (const LedgerLine& line : value_of(run(store.list_ledger({"acc1"}, 100)))) {
    picture += fmt::format("ledger {} {}\n", line.task.value, line.units);
  }
  for (const WebhookSecret& secret : value_of(run(store.list_webhook_secrets({"acc1"})))) {
    picture += "secret " + secret.sealed + "\n";
  }
  picture += "pin " + value_of(run(store.find_pin("f"))).value_or("none") + "\n";
  return picture;
}

// Every kind of change, in an order in which each has something to do.
class SqliteTransactions : public SqliteFaults {
 protected:
  using Step = std::function<Result<void>(Store&)>;
  static Timestamp at(int64_t ms) { return from_unix_ms(1'800'000'000'000 + ms); }

  template <class T>
  static Result<void> ended(Result<T> result) {
    if (!result) return std::unexpected(std::move(result).error());
    return {};
  }

  static Change change(TaskState from, TaskState to) {
    Change made;
    made.id = TaskId{1};
    made.from = from;
    made.attempt = 1;
    made.node = {"n"};
    made.to = to;
    made.at = at(3000);
    made.event_name = std::string(to_string(to));
    made.attempt_record = attempt(AttemptState::kBound);
    if (is_terminal(to)) made.price_final = 20;
    return made;
  }
  static Attempt attempt(AttemptState state) {
    Attempt made;
    made.task = TaskId{1};
    made.number = 1;
    made.state = state;
    return made;
  }

  // Ids of deliveries are those of PlainOutbox: task + 500'000, then the next free ones.
  static std::vector<Step> steps() {
    return {
        [](Store& s) { return ended(run(s.ensure_account("default", at(0)))); },
        [](Store& s) {
          AccountSettings settings;
          settings.status = "arrears";
          settings.budget = 1000;
          return ended(run(s.update_account({"acc1"}, settings, at(1))));
        },
        [](Store& s) { return ended(run(s.add_webhook_secret({"acc1"}, "one", at(2), {}))); },
        [](Store& s) { return ended(run(s.keep_pin("f", "sealed"))); },
        [](Store& s) {
          NewTask wanted = task_of(1);
          wanted.task.account = {"acc1"};
          wanted.task.provider = "vendor";
          wanted.task.price_estimate = 30;
          wanted.task.spec.callback_url = "http://a/";
          return ended(run(s.create_task(std::make_unique<NewTask>(wanted))));
        },
        [](Store& s) {
          return ended(
              run(s.claim_tasks({{"n"}, at(1000), at(2000), 1, "vendor", TaskState::kSubmitting})));
        },
        [](Store& s) { return run(s.record_attempt({"n"}, attempt(AttemptState::kPrepared))); },
        [](Store& s) {
          return run(s.change_task(change(TaskState::kSubmitting, TaskState::kRunning)));
        },
        [](Store& s) { return run(s.release_leases({"n"})); },
        [](Store& s) { return ended(run(s.adopt_remote({{"n"}, false, at(1500), at(2500), 10}))); },
        [](Store& s) {
          return ended(run(s.claim_deliveries({{"n"}, at(5000), at(6000), 10, 10})));
        },
        [](Store& s) {
          TryResult result{{"n"}, {TaskId{500'001}, 1, at(5001), Millis{1}, 500, "", "no"}};
          result.to = DeliveryState::kPending;
          result.due_at = at(7000);
          return run(s.finish_try(result));
        },
        [](Store& s) { return ended(run(s.replay_delivery({}, TaskId{500'001}, at(5002)))); },
        [](Store& s) {
          return run(s.change_task(change(TaskState::kRunning, TaskState::kFetching)));
        },
        [](Store& s) {
          Change done = change(TaskState::kFetching, TaskState::kSucceeded);
          done.artifacts = {{TaskId{9}, ArtifactKind::kVideo, "k", "video/mp4", 1, "x", Millis{1}}};
          return run(s.change_task(done));
        },
        [](Store& s) {
          Delivery test;
          test.id = test.task = TaskId{77};
          test.account = {"acc1"};
          test.event = "test";
          return run(s.add_delivery(test));
        },
        [](Store& s) {
          return ended(run(s.claim_deliveries({{"n"}, at(5000), at(6000), 10, 10})));
        },
        [](Store& s) { return ended(run(s.requeue_deliveries({"n"}))); },
        [](Store& s) { return run(s.remove_webhook_secrets({"acc1"}, at(9))); },
        [](Store& s) { return run(s.mark_purged(TaskId{1}, at(9000))); },
    };
  }
  std::unique_ptr<Store> open_with_outbox() {
    return value_of(open_sqlite_store(
        {.directory = directory_.path(), .vfs = FaultyVfs::kName, .outbox = &outbox_}));
  }
  PlainOutbox outbox_;
};

INSTANTIATE_TEST_SUITE_P(Faults, SqliteTransactions,
                         ::testing::Values(FaultyVfs::Fault::kDiskFull,
                                           FaultyVfs::Fault::kWriteError,
                                           FaultyVfs::Fault::kTornWrite,
                                           FaultyVfs::Fault::kSyncError));

TEST_P(SqliteTransactions, AFailingOneLosesNothingTearsNothingAndSucceedsAfterTheRestart) {
  constexpr int kPassesMax = 2;
  const bool may_land = GetParam() == FaultyVfs::Fault::kSyncError;
  const std::vector<Step> all = steps();
  for (size_t index = 0; index < all.size(); ++index) {
    bool is_done = false;
    for (int passes = 0; passes <= kPassesMax && !is_done; ++passes) {
      SCOPED_TRACE(fmt::format("step {} after {} passes", index, passes));
      auto store = open_with_outbox();
      const std::string before = index > 0 ? picture_of(*store) : "";
      vfs_.set(GetParam(), passes);
      const Result<void> refused = all[index](*store);
      vfs_.set(FaultyVfs::Fault::kNone);
      is_done = refused.has_value();
      if (is_done) {
        EXPECT_GT(passes, 0) << "a change was promised that no disk holds";
        break;
      }
      EXPECT_EQ(refused.error().code, ErrorCode::kUnavailable);
      const auto picture = [&] { return index > 0 ? picture_of(*store) : ""; };
      EXPECT_EQ(picture(), before) << "reads go on";
      store.reset();
      store = open_with_outbox();
      EXPECT_TRUE(store->health());
      // What could not be made durable may still have landed, as a whole.
      is_done = picture() != before;
      EXPECT_TRUE(!is_done || may_land);
    }
    if (!is_done) value_of(all[index](*open_with_outbox()));
  }
  EXPECT_NE(picture_of(*open_with_outbox()).find("task 1: none"), std::string::npos) << "purged";
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
        value_of(run(store->create_task(std::make_unique<NewTask>(task_of(id)))));
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

TEST(SqlitePowerLoss, TakesNothingThatWasAcknowledged) {
  constexpr uint64_t kCuts = 24;
  FaultyVfs vfs;
  TemporaryDirectory directory;
  auto store = value_of(open_sqlite_store({directory.path(), FaultyVfs::kName}));
  std::atomic<uint64_t> acknowledged{0};
  std::atomic<bool> enough{false};
  std::thread writer([&] {
    for (uint64_t id = 1; !enough; ++id) {
      value_of(run(store->create_task(std::make_unique<NewTask>(task_of(id)))));
      acknowledged = id;
      acknowledged.notify_one();
    }
  });
  constexpr uint64_t kKept[] = {0, 0x9E37'79B9'7F4A'7C15, 0x5555'5555'5555'5555,
                                0xF0F0'F0F0'0F0F'0F0F};
  std::vector<std::unique_ptr<TemporaryDirectory>> left_behind;
  std::vector<uint64_t> promised;
  for (uint64_t cut = 0; cut < kCuts; ++cut) {
    // The log is moved into the database now and then: cuts on both sides of it.
    const uint64_t due = cut * 50 + cut * 37 % 50;
    for (uint64_t now; (now = acknowledged) < due;) acknowledged.wait(now);
    promised.push_back(acknowledged);
    left_behind.push_back(std::make_unique<TemporaryDirectory>());
    FaultyVfs::copy_after_power_loss(directory.path(), left_behind.back()->path(),
                                     kKept[cut % std::size(kKept)]);
  }
  enough = true;
  writer.join();
  for (size_t i = 0; i < left_behind.size(); ++i) {
    const auto after = value_of(open_sqlite_store({left_behind[i]->path(), ""}));
    for (uint64_t id = 1; id <= promised[i]; ++id)
      ASSERT_TRUE(exists(*after, id)) << i << ": " << id;
    EXPECT_GE(value_of(run(after->count_unfinished())), static_cast<int>(promised[i]));
  }
}

}  // namespace
}  // namespace rushes::store
