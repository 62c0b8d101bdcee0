// The conformance of every store: callbacks that are owed, their order, their tries.
#include <algorithm>
#include <set>

#include "edge/store/bounds.h"
#include "edge/store/stores_under_test.h"

namespace rushes::store {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;
using State = DeliveryState;

class StoreDeliveries : public StoreConformance {
 protected:
  std::vector<Delivery> claim_due(int64_t now_ms = 5'000'000, int limit = 100, int per_host = 100,
                                  std::string node = "n1") {
    return value_of(run(store_->claim_deliveries(
        {{std::move(node)}, at(now_ms), at(now_ms + 30'000), limit, per_host})));
  }
  static TryResult try_of(const Delivery& delivery, State to, std::string node = "n1") {
    TryResult result;
    result.node = {std::move(node)};
    result.attempt = {delivery.id, delivery.tries + 1, at(5'000'001), Millis{12}, 500, "", "no"};
    result.to = to;
    result.due_at = at(6'000'000);
    return result;
  }
  void end(const Delivery& delivery, State to) {
    value_of(run(store_->finish_try(try_of(delivery, to))));
  }
  // "event state" of each of the task's deliveries, oldest first.
  std::vector<std::string> states(TaskId task) {
    std::vector<std::string> found;
    for (const Delivery& delivery :
         value_of(run(store_->list_deliveries({}, task, kListLimitMax)))) {
      found.push_back(delivery.event + " " + std::string(to_string(delivery.state)));
    }
    std::ranges::reverse(found);
    return found;
  }
  TaskId add_with_callback(const std::string& url = "http://a/") {
    return create(new_task_with_callback(url)).task->id;
  }
  Delivery test_event(uint64_t id, const std::string& account = "alice") {
    Delivery delivery;
    delivery.id = delivery.task = TaskId{id};
    delivery.account = {account};
    delivery.event = "test";
    delivery.url = delivery.host = "http://t/";
    delivery.body = "{}";
    delivery.created_at = delivery.due_at = at(1);
    return delivery;
  }
};

INSTANTIATE_TEST_SUITE_P(Stores, StoreDeliveries, ::testing::ValuesIn(all_stores()), name_of);

TEST_P(StoreDeliveries, EveryChangeThatAClientCanSeeOwesOne) {
  const TaskId id = add_with_callback();
  EXPECT_THAT(states(id), ElementsAre("submitted pending"));
  const Task task = claim_one();
  EXPECT_THAT(states(id), ElementsAre("submitted pending", "processing pending"));
  value_of(apply(change(task, TaskState::kQueued)));
  claim(1, 3'000'000);
  EXPECT_THAT(states(id), SizeIs(2)) << "a retry is not seen";
  finish(*find(id));
  EXPECT_THAT(states(id),
              ElementsAre("submitted superseded", "processing superseded", "succeed pending"));
  const auto all = value_of(run(store_->list_deliveries({}, id, 10)));
  EXPECT_EQ(all[0].body, "succeed of 1 with 1 artifacts") << "the task as it is after the change";
  EXPECT_EQ(all[0].account, AccountId{"alice"});
  EXPECT_TRUE(all[0].terminal);
  EXPECT_EQ(all[0].created_at, at(2'000'000));
  EXPECT_EQ(all[1].created_at, at(1'000'000));
}

TEST_P(StoreDeliveries, OfARemoteTaskProcessingIsOwedAtTheBind) {
  NewTask wanted = new_task_with_callback();
  wanted.task.provider = "vendor";
  const TaskId id = create(wanted).task->id;
  Task task = claim_from("vendor", TaskState::kSubmitting).at(0);
  EXPECT_THAT(states(id), ElementsAre("submitted pending"));
  value_of(apply(change(task, TaskState::kRunning)));
  EXPECT_THAT(states(id), ElementsAre("submitted pending", "processing pending"));
  value_of(apply(change(*find(id), TaskState::kFetching)));
  EXPECT_THAT(states(id), SizeIs(2));
  value_of(apply(change(*find(id), TaskState::kFailed)));
  EXPECT_THAT(states(id),
              ElementsAre("submitted superseded", "processing superseded", "failed pending"));
}

TEST_P(StoreDeliveries, NothingIsOwedWithoutACallbackOrWhereTheOutboxSaysSo) {
  const TaskId silent = add();
  const TaskId refused = add_with_callback("http://nobody/");
  for (const Task& task : claim(2)) finish(task);
  EXPECT_THAT(states(silent), IsEmpty());
  EXPECT_THAT(states(refused), IsEmpty());
  EXPECT_THAT(value_of(run(store_->list_deliveries({}, {}, 10))), IsEmpty());
}

TEST_P(StoreDeliveries, ARefusedCreateOrChangeOwesNothing) {
  add_with_callback();
  NewTask again = new_task_with_callback();
  again.queue_depth_max = 1;
  EXPECT_EQ(create(again).kind, Created::Kind::kQueueFull);
  const Task task = claim_one();
  EXPECT_FALSE(apply(change(task, TaskState::kFailed, "n2")));
  EXPECT_THAT(value_of(run(store_->list_deliveries({}, {}, 10))), SizeIs(2));
}

TEST_P(StoreDeliveries, EveryDeliveryHasAnIdOfItsOwn) {
  const TaskId id = add_with_callback();
  finish(claim_one());
  std::set<TaskId> ids;
  for (const Delivery& delivery : value_of(run(store_->list_deliveries({}, id, 10)))) {
    EXPECT_TRUE(ids.insert(delivery.id).second);
  }
  EXPECT_THAT(ids, SizeIs(3));
}

TEST_P(StoreDeliveries, OfATaskTheyGoOutInOrderOneAtATime) {
  const TaskId id = add_with_callback();
  claim_one();
  const auto first = claim_due();
  ASSERT_THAT(first, SizeIs(1));
  EXPECT_EQ(first[0].event, "submitted");
  EXPECT_EQ(first[0].tries, 0);
  EXPECT_THAT(claim_due(), IsEmpty());
  end(first[0], State::kPending);
  EXPECT_THAT(claim_due(5'999'999), IsEmpty()) << "the second waits with the first";
  const auto again = claim_due(6'000'000);
  ASSERT_THAT(again, SizeIs(1));
  EXPECT_EQ(again[0].id, first[0].id);
  EXPECT_EQ(again[0].body, first[0].body);
  EXPECT_EQ(again[0].tries, 1);
  end(again[0], State::kDelivered);
  const auto second = claim_due();
  ASSERT_THAT(second, SizeIs(1));
  EXPECT_EQ(second[0].event, "processing");
  end(second[0], State::kExhausted);
  EXPECT_THAT(states(id), ElementsAre("submitted delivered", "processing exhausted"));
  EXPECT_THAT(claim_due(9'000'000), IsEmpty());
}

TEST_P(StoreDeliveries, OneUnderWayIsSupersededOnlyWhenItsTryFails) {
  const TaskId failing = add_with_callback();
  const TaskId working = add_with_callback();
  const std::vector<Task> tasks = claim(2);
  // Under way when the tasks end: the lease is of a later time than the end.
  const auto sent = claim_due(2'000'000);
  ASSERT_THAT(sent, SizeIs(2));
  for (const Task& task : tasks) finish(task);
  EXPECT_THAT(states(failing),
              ElementsAre("submitted pending", "processing superseded", "succeed pending"));
  EXPECT_THAT(claim_due(2'000'001), IsEmpty()) << "one at a time";
  end(sent[0], State::kPending);
  end(sent[1], State::kDelivered);
  EXPECT_EQ(states(failing)[0], "submitted superseded");
  EXPECT_EQ(states(working)[0], "submitted delivered");
  EXPECT_THAT(value_of(run(store_->list_tries(sent[0].id))), SizeIs(1)) << "the try is on record";
  const auto last = claim_due(2'000'001);
  ASSERT_THAT(last, SizeIs(2));
  EXPECT_EQ(last[0].event, "succeed");
}

TEST_P(StoreDeliveries, ALeaseThatRanOutGivesItToAnotherNodeAndTheFirstCannotReport) {
  add_with_callback();
  const auto first = claim_due(5'000'000, 100, 100, "n1");
  ASSERT_THAT(first, SizeIs(1));
  EXPECT_THAT(claim_due(5'029'999, 100, 100, "n2"), IsEmpty());
  EXPECT_EQ(value_of(run(store_->earliest_due_delivery())), at(5'030'000));
  const auto second = claim_due(5'030'000, 100, 100, "n2");
  ASSERT_THAT(second, SizeIs(1));
  EXPECT_EQ(second[0].id, first[0].id);
  EXPECT_EQ(run(store_->finish_try(try_of(first[0], State::kDelivered))).error().code,
            ErrorCode::kConflict);
  value_of(run(store_->finish_try(try_of(second[0], State::kDelivered, "n2"))));
  EXPECT_EQ(run(store_->finish_try(try_of(second[0], State::kDelivered, "n2"))).error().code,
            ErrorCode::kConflict)
      << "it is over";
  EXPECT_THAT(value_of(run(store_->list_tries(first[0].id))), SizeIs(1));
}

TEST_P(StoreDeliveries, WhatWasUnderWayWhenItsNodeDiedIsSupersededIfTheTaskIsOver) {
  const TaskId id = add_with_callback();
  const Task task = claim_one();
  ASSERT_THAT(claim_due(2'000'000), SizeIs(1));
  finish(task);
  EXPECT_EQ(value_of(run(store_->requeue_deliveries({"n2"}))), 0);
  EXPECT_EQ(value_of(run(store_->requeue_deliveries({"n1"}))), 1);
  EXPECT_EQ(states(id)[0], "submitted superseded");
  EXPECT_EQ(claim_due(2'000'000).at(0).event, "succeed");
}

TEST_P(StoreDeliveries, ARestartedNodeSendsItsOwnAgainAtOnce) {
  add_with_callback();
  const auto first = claim_due(2'000'000);
  EXPECT_EQ(value_of(run(store_->requeue_deliveries({"n1"}))), 1);
  const auto again = claim_due(2'000'001);
  ASSERT_THAT(again, SizeIs(1));
  EXPECT_EQ(again[0], first[0]);
}

TEST_P(StoreDeliveries, AWrongTryIsRefusedAndNothingIsWritten) {
  add_with_callback();
  const Delivery delivery = claim_due().at(0);
  TryResult early = try_of(delivery, State::kDelivered);
  early.attempt.number = 2;
  TryResult late = try_of(delivery, State::kDelivered);
  late.attempt.number = 0;
  TryResult unknown = try_of(delivery, State::kDelivered);
  unknown.attempt.delivery = TaskId{999};
  for (const TryResult& wrong : {early, late, unknown, try_of(delivery, State::kDelivered, "n2"),
                                 try_of(delivery, State::kDelivered, "")}) {
    EXPECT_EQ(run(store_->finish_try(wrong)).error().code, ErrorCode::kConflict);
  }
  EXPECT_THAT(value_of(run(store_->list_tries(delivery.id))), IsEmpty());
  end(delivery, State::kDelivered);
}

TEST_P(StoreDeliveries, AHostGetsNoMoreThanItsShareAndHostsTakeTurns) {
  std::vector<TaskId> slow, quick;
  for (int i = 0; i < 5; ++i) slow.push_back(add_with_callback("http://slow/"));
  for (int i = 0; i < 2; ++i) quick.push_back(add_with_callback("http://quick/"));
  const auto tasks_of = [](const std::vector<Delivery>& deliveries) {
    std::vector<TaskId> tasks;
    for (const Delivery& delivery : deliveries) tasks.push_back(delivery.task);
    return tasks;
  };
  const auto first = claim_due(5'000'000, 3, 2);
  EXPECT_THAT(tasks_of(first), ElementsAre(slow[0], quick[0], slow[1]));
  EXPECT_THAT(tasks_of(claim_due(5'000'000, 9, 2)), ElementsAre(quick[1])) << "slow has its two";
  end(first[0], State::kDelivered);
  EXPECT_THAT(tasks_of(claim_due(5'000'000, 9, 2)), ElementsAre(slow[2]));
  EXPECT_THAT(claim_due(5'000'000, 9, 0), IsEmpty());
  EXPECT_THAT(claim_due(5'000'000, 0, 9), IsEmpty());
  EXPECT_THAT(tasks_of(claim_due(5'000'000, 9, 3, "n2")), ElementsAre(slow[3]))
      << "all nodes share it";
}

TEST_P(StoreDeliveries, WhenTheNextIsDueIsKnown) {
  EXPECT_EQ(value_of(run(store_->earliest_due_delivery())), std::nullopt);
  const TaskId id = add_with_callback();
  EXPECT_EQ(value_of(run(store_->earliest_due_delivery())), find(id)->created_at);
  EXPECT_THAT(claim_due(0), IsEmpty()) << "before it is due";
  const Delivery delivery = claim_due().at(0);
  end(delivery, State::kPending);
  EXPECT_EQ(value_of(run(store_->earliest_due_delivery())), at(6'000'000));
  end(claim_due(6'000'000).at(0), State::kDelivered);
  EXPECT_EQ(value_of(run(store_->earliest_due_delivery())), std::nullopt);
}

TEST_P(StoreDeliveries, AReceiverThatIsGoneHearsNoMoreOfThatTask) {
  const TaskId id = add_with_callback();
  const TaskId other = add_with_callback();
  const std::vector<Task> tasks = claim(2);
  for (const Delivery& delivery : claim_due(2'000'000)) {
    end(delivery, delivery.task == id ? State::kGone : State::kDelivered);
  }
  EXPECT_THAT(states(id), ElementsAre("submitted gone", "processing gone"));
  for (const Task& task : tasks) finish(task);
  EXPECT_EQ(states(id).back(), "succeed gone");
  EXPECT_EQ(states(other).back(), "succeed pending");
}

TEST_P(StoreDeliveries, AReplayHasTheSameIdAndBodyAndItsTriesGoOnCounting) {
  const TaskId id = add_with_callback();
  const Delivery sent = claim_due().at(0);
  end(sent, State::kExhausted);
  EXPECT_FALSE(value_of(run(store_->replay_delivery({"bob"}, sent.id, at(7'000'000)))));
  EXPECT_FALSE(value_of(run(store_->replay_delivery({}, TaskId{999}, at(7'000'000)))));
  EXPECT_THAT(claim_due(7'000'000), IsEmpty());
  EXPECT_TRUE(value_of(run(store_->replay_delivery({"alice"}, sent.id, at(7'000'000)))));
  EXPECT_THAT(claim_due(6'999'999), IsEmpty());
  const Delivery again = claim_due(7'000'000).at(0);
  EXPECT_EQ(again.id, sent.id);
  EXPECT_EQ(again.body, sent.body);
  EXPECT_EQ(again.tries, 1);
  EXPECT_TRUE(value_of(run(store_->replay_delivery({}, sent.id, at(8'000'000)))))
      << "it is being sent already";
  end(again, State::kPending);
  EXPECT_TRUE(value_of(run(store_->replay_delivery({}, sent.id, at(5'500'000)))))
      << "one that waits is brought forward";
  end(claim_due(5'500'000).at(0), State::kDelivered);
  const auto tries = value_of(run(store_->list_tries(sent.id)));
  ASSERT_THAT(tries, SizeIs(3));
  EXPECT_EQ(tries[2].number, 3);
  EXPECT_THAT(states(id), ElementsAre("submitted delivered"));
}

TEST_P(StoreDeliveries, AReplayWaitsBehindWhatItsTaskStillOwes) {
  const TaskId id = add_with_callback();
  const Delivery sent = claim_due().at(0);
  end(sent, State::kDelivered);
  finish(claim_one());
  EXPECT_TRUE(value_of(run(store_->replay_delivery({}, sent.id, at(5'000'000)))));
  const auto next = claim_due();
  ASSERT_THAT(next, SizeIs(1));
  EXPECT_EQ(next[0].event, "succeed");
  end(next[0], State::kDelivered);
  const Delivery again = claim_due().at(0);
  EXPECT_EQ(again.id, sent.id);
  end(again, State::kPending);
  EXPECT_THAT(states(id),
              ElementsAre("processing superseded", "succeed delivered", "submitted pending"))
      << "a replay is tried to its end";
}

TEST_P(StoreDeliveries, TriesAreKeptWholeWithinTheirBounds) {
  add_with_callback();
  const Delivery delivery = claim_due().at(0);
  TryResult result = try_of(delivery, State::kPending);
  result.attempt.status = 0;
  result.attempt.error = "timeout: 15 s";
  result.attempt.reply = std::string(kReplyBytesMax + 1, 'r');
  value_of(run(store_->finish_try(result)));
  DeliveryTry expected = result.attempt;
  expected.reply.resize(kReplyBytesMax);
  EXPECT_THAT(value_of(run(store_->list_tries(delivery.id))), ElementsAre(expected));
  for (int i = 0; i < kTriesKeptMax; ++i) end(claim_due(6'000'000).at(0), State::kPending);
  const auto kept = value_of(run(store_->list_tries(delivery.id)));
  ASSERT_THAT(kept, SizeIs(kTriesKeptMax));
  EXPECT_EQ(kept.front().number, 2);
  EXPECT_EQ(kept.back().number, kTriesKeptMax + 1);
}

TEST_P(StoreDeliveries, TheyAreListedNewestFirstForOneAccountOrAll) {
  const TaskId first = add_with_callback();
  NewTask wanted = new_task("bob");
  wanted.task.spec.callback_url = "http://b/";
  const TaskId bobs = create(wanted).task->id;
  const TaskId last = add_with_callback();
  const auto listed = [&](std::string account, std::optional<TaskId> task, int limit) {
    std::vector<TaskId> tasks;
    for (const Delivery& delivery :
         value_of(run(store_->list_deliveries({std::move(account)}, task, limit)))) {
      tasks.push_back(delivery.task);
    }
    return tasks;
  };
  EXPECT_THAT(listed("", {}, 10), ElementsAre(last, bobs, first));
  EXPECT_THAT(listed("", {}, 2), ElementsAre(last, bobs));
  EXPECT_THAT(listed("alice", {}, 10), ElementsAre(last, first));
  EXPECT_THAT(listed("alice", first, 10), ElementsAre(first));
  EXPECT_THAT(listed("", bobs, 10), ElementsAre(bobs));
  EXPECT_THAT(listed("alice", bobs, 10), IsEmpty());
  EXPECT_THAT(listed("", {}, 0), IsEmpty());
  const Delivery one = value_of(run(store_->list_deliveries({}, first, 1))).at(0);
  EXPECT_EQ(value_of(run(store_->find_delivery({}, one.id))), one);
  EXPECT_EQ(value_of(run(store_->find_delivery({"alice"}, one.id))), one);
  EXPECT_EQ(value_of(run(store_->find_delivery({"bob"}, one.id))), std::nullopt);
  EXPECT_EQ(value_of(run(store_->find_delivery({}, TaskId{999}))), std::nullopt);
}

TEST_P(StoreDeliveries, ATestEventIsDeliveredLikeAnyOther) {
  value_of(run(store_->add_delivery(test_event(77))));
  EXPECT_EQ(run(store_->add_delivery(test_event(77))).error().code, ErrorCode::kAlreadyExists);
  const auto claimed = claim_due();
  ASSERT_THAT(claimed, SizeIs(1));
  EXPECT_EQ(claimed[0], test_event(77));
  end(claimed[0], State::kDelivered);
  Delivery large = test_event(78);
  large.body = std::string(kBodyBytesMax, 'b');
  value_of(run(store_->add_delivery(large)));
  large = test_event(79);
  large.body = std::string(kBodyBytesMax + 1, 'b');
  EXPECT_EQ(run(store_->add_delivery(large)).error().code, ErrorCode::kLimitExceeded);
}

TEST_P(StoreDeliveries, OnlyTheNewestTestEventsOfAnAccountAreKept) {
  value_of(run(store_->add_delivery(test_event(999, "bob"))));
  for (int i = 1; i <= kTestDeliveriesMax + 1; ++i) {
    value_of(run(store_->add_delivery(test_event(static_cast<uint64_t>(i)))));
    if (i == 1) end(claim_due(5'000'000, 1).at(0), State::kDelivered);
  }
  const auto kept = value_of(run(store_->list_deliveries({"alice"}, {}, kListLimitMax)));
  ASSERT_THAT(kept, SizeIs(kTestDeliveriesMax));
  EXPECT_EQ(kept.back().id, TaskId{2});
  EXPECT_THAT(value_of(run(store_->list_deliveries({"bob"}, {}, 10))), SizeIs(1));
}

TEST_P(StoreDeliveries, APurgeTakesTheDeliveriesAndTheirTriesAndLeavesTheAttempts) {
  NewTask wanted = new_task_with_callback();
  wanted.task.provider = "vendor";
  create(wanted);
  const TaskId other = add_with_callback();
  const Task task = claim_from("vendor", TaskState::kSubmitting).at(0);
  Attempt attempt;
  attempt.task = task.id;
  attempt.number = 1;
  value_of(run(store_->record_attempt({"n1"}, attempt)));
  value_of(apply(change(task, TaskState::kFailed)));
  std::optional<Delivery> sent;
  for (const Delivery& delivery : claim_due()) {
    if (delivery.task == task.id) sent = delivery;
  }
  ASSERT_TRUE(sent);
  end(*sent, State::kPending);
  value_of(run(store_->mark_purged(task.id, at(9'000'000))));
  EXPECT_THAT(states(task.id), IsEmpty());
  EXPECT_THAT(value_of(run(store_->list_tries(sent->id))), IsEmpty());
  EXPECT_THAT(states(other), SizeIs(1));
  EXPECT_THAT(value_of(run(store_->list_attempts(task.id))), ElementsAre(attempt));
  EXPECT_EQ(run(store_->finish_try(try_of(*sent, State::kDelivered))).error().code,
            ErrorCode::kConflict);
}

}  // namespace
}  // namespace rushes::store
