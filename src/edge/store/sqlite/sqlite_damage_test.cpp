// One damaged record costs its own task, not the work of everybody.
#include "edge/store/conformance.h"
#include "edge/store/sqlite/connection.h"
#include "edge/store/sqlite/sqlite_store.h"

namespace rushes::store {
namespace {

using sqlite::Connection;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class SqliteDamage : public ::testing::TestWithParam<std::string> {
 protected:
  static Timestamp at(int64_t ms) { return from_unix_ms(1'800'000'000'000 + ms); }

  TaskId add(uint64_t id, std::string provider = "previz") {
    NewTask wanted;
    wanted.task.id = TaskId{id};
    wanted.task.account = {"alice"};
    wanted.task.provider = std::move(provider);
    wanted.task.price_estimate = 30;
    wanted.task.spec.callback_url = "http://a/";
    wanted.task.created_at = wanted.task.updated_at = at(static_cast<int64_t>(id));
    return value_of(run(store_->create_task(std::make_unique<NewTask>(wanted)))).task->id;
  }
  std::vector<Task> claim(std::string provider, TaskState to) {
    return value_of(
        run(store_->claim_tasks({{"n1"}, at(1000), at(2000), 10, std::move(provider), to})));
  }
  void damage(TaskId id) {
    const auto connection = value_of(Connection::open({.path = directory_.path() + "/rushes.db"}));
    value_of(connection->execute(GetParam() + " WHERE id = " + id.to_string()));
  }
  std::vector<std::string> event_names(TaskId id) {
    std::vector<std::string> names;
    for (const TaskEvent& event : value_of(run(store_->list_events(id)))) {
      names.push_back(event.name);
    }
    return names;
  }

  TemporaryDirectory directory_;
  PlainOutbox outbox_;
  std::unique_ptr<Store> store_ =
      value_of(open_sqlite_store({.directory = directory_.path(), .outbox = &outbox_}));
};

INSTANTIATE_TEST_SUITE_P(Records, SqliteDamage,
                         ::testing::Values("UPDATE task_body SET spec = '{\"model\":'",
                                           "UPDATE task_body SET spec = '[]'",
                                           "UPDATE task_body SET notes = 'none'",
                                           "DELETE FROM task_body"));

TEST_P(SqliteDamage, AClaimEndsTheDamagedTaskAndTakesTheOthers) {
  const TaskId damaged = add(1), whole = add(2);
  damage(damaged);
  const std::vector<Task> claimed = claim("previz", TaskState::kRendering);
  ASSERT_THAT(claimed, SizeIs(1));
  EXPECT_EQ(claimed[0].id, whole);
  EXPECT_THAT(event_names(damaged), ElementsAre("submitted", "corrupt"));
  EXPECT_EQ(value_of(run(store_->count_unfinished())), 1);
  const auto lines = value_of(run(store_->list_ledger({"alice"}, 10)));
  ASSERT_THAT(lines, SizeIs(1));
  EXPECT_EQ(lines[0].task, damaged);
  EXPECT_EQ(lines[0].units, 0);
  EXPECT_TRUE(store_->health());
}

TEST_P(SqliteDamage, ARepeatedCreateIsAnErrorOfItsOwn) {
  NewTask wanted;
  wanted.task.id = TaskId{1};
  wanted.task.account = {"alice"};
  wanted.task.created_at = wanted.task.updated_at = at(1);
  wanted.idempotency = {.key = "mine", .fingerprint = "f"};
  value_of(run(store_->create_task(std::make_unique<NewTask>(wanted))));
  damage(TaskId{1});
  for (int i = 0; i < 2; ++i) {
    const Result<Created> again = run(store_->create_task(std::make_unique<NewTask>(wanted)));
    ASSERT_FALSE(again);
    EXPECT_EQ(again.error().code, ErrorCode::kCorrupt);
  }
  add(2);
  EXPECT_TRUE(store_->health());
  EXPECT_EQ(value_of(run(store_->count_unfinished())), 2);
}

TEST_P(SqliteDamage, AListLeavesItOut) {
  const TaskId first = add(1), damaged = add(2), last = add(3);
  damage(damaged);
  std::vector<TaskId> listed;
  for (const Task& task : value_of(run(store_->list_tasks({{"alice"}, "text2video"})))) {
    listed.push_back(task.id);
  }
  EXPECT_THAT(listed, ElementsAre(last, first));
}

TEST_P(SqliteDamage, AnAdoptionEndsTheDamagedTaskAndTakesTheOthers) {
  const TaskId damaged = add(1, "vendor"), whole = add(2, "vendor");
  claim("vendor", TaskState::kSubmitting);
  damage(damaged);
  const auto adopted = value_of(run(store_->adopt_remote({{"n2"}, false, at(2000), at(3000), 10})));
  ASSERT_THAT(adopted, SizeIs(1));
  EXPECT_EQ(adopted[0].task.id, whole);
  EXPECT_THAT(event_names(damaged), ElementsAre("submitted", "claimed", "corrupt"));
}

TEST_P(SqliteDamage, ATaskDamagedWhileInWorkStillEndsAndIsPurged) {
  const TaskId damaged = add(1);
  const Task task = claim("previz", TaskState::kRendering).at(0);
  damage(damaged);
  Change failed;
  failed.id = task.id;
  failed.from = task.state;
  failed.attempt = task.attempt;
  failed.node = {"n1"};
  failed.to = TaskState::kFailed;
  failed.at = at(1500);
  failed.event_name = "failed";
  value_of(run(store_->change_task(failed)));
  EXPECT_EQ(value_of(run(store_->count_unfinished())), 0);
  const auto expired = value_of(run(store_->list_expired(at(5000), 10)));
  if (GetParam().starts_with("DELETE")) return;  // of a record without a body nothing is left
  ASSERT_THAT(expired, SizeIs(1));
  EXPECT_EQ(expired[0].id, damaged);
  EXPECT_EQ(expired[0].attempt, 1);
  EXPECT_EQ(expired[0].account, AccountId{"alice"});
  value_of(run(store_->mark_purged(damaged, at(6000))));
  EXPECT_THAT(value_of(run(store_->list_expired(at(5000), 10))), IsEmpty());
}

}  // namespace
}  // namespace rushes::store
