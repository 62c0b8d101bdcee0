// A clean stop while something is asked of others: it ends in time, and nobody is blamed for what
// our own end cut off.
#include "testing/remote_world.h"

namespace rushes::engine {
namespace {

using http::Fault;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using Request = RemoteWorld::Request;
using MaybeReply = std::optional<RemoteWorld::Reply>;

// Neither a loop nor a task waits for anything: the thread of the engine would have ended.
void expect_ended(RemoteWorld& world) {
  EXPECT_EQ(world.clock.next_deadline(), std::nullopt);
  EXPECT_EQ(world.network.waiting(), 0u);
}

// One tick sees that the time is up, the next that nothing is left.
void pass_grace(RemoteWorld& world) {
  world.pass(world.options().stop_grace + 2 * world.options().tick);
}

// The next process, with an upstream that answers.
void start_again(RemoteWorld& world) {
  world.crash();
  world.on_create = world.on_query =
      world.on_download = [&](const Request& request) { return world.arrive(request); };
  world.start();
}

TEST(Stop, WhatIsAskedMayEndWithinTheGraceTime) {
  RemoteWorld world;
  world.on_create = [](const Request&) -> MaybeReply { return std::nullopt; };
  world.start();
  const TaskId id = world.submit();
  world.stop();
  world.pass(world.options().stop_grace - Millis{1});
  ASSERT_EQ(world.network.waiting(), 1u);
  world.network.reply(0, world.arrive(world.creates.at(0)));
  pass_grace(world);
  expect_ended(world);
  EXPECT_EQ(world.task(id).state, TaskState::kRunning);
  EXPECT_EQ(world.attempts(id).at(0).state, AttemptState::kBound);
}

TEST(Stop, ACreateThatIsCutOffStaysInDoubtAndIsLookedUp) {
  RemoteWorld world;
  world.on_create = [&](const Request& request) -> MaybeReply {
    world.arrive(request);
    return std::nullopt;
  };
  world.start();
  const TaskId id = world.submit();
  world.stop();
  EXPECT_EQ(world.network.waiting(), 1u);
  pass_grace(world);
  expect_ended(world);
  EXPECT_EQ(world.task(id).state, TaskState::kSubmitting);
  EXPECT_EQ(world.attempts(id).at(0).state, AttemptState::kPrepared);
  EXPECT_THAT(world.queries, IsEmpty()) << "who stops asks nothing more";
  start_again(world);
  world.pass(world.kLongEnough);
  expect_one_success(world, id);
  EXPECT_THAT(world.creates, SizeIs(1));
  EXPECT_EQ(world.task(id).failures, 0);
}

TEST(Stop, ACreateThatDidNotLeaveIsNoFaultOfTheProvider) {
  RemoteWorld world;
  world.on_create = [&](const Request&) -> MaybeReply {
    if (world.creates.size() == 3) return std::nullopt;
    return world.network.fault(Fault::kNotSent);
  };
  world.start();
  const TaskId id = world.submit();
  world.pass(Millis{10'000});
  ASSERT_THAT(world.creates, SizeIs(3)) << "one more fault, and it is another provider's turn";
  world.stop();
  ASSERT_EQ(world.network.waiting(), 1u);
  world.network.reply(world.network.exchanges.size() - 1, world.network.fault(Fault::kNotSent));
  pass_grace(world);
  expect_ended(world);
  EXPECT_EQ(world.task(id).state, TaskState::kSubmitting);
  EXPECT_EQ(world.attempts(id).at(0).state, AttemptState::kAbsent) << "no doubt is left";
  start_again(world);
  world.pass(world.kLongEnough);
  expect_one_success(world, id);
}

TEST(Stop, APollThatIsCutOffCostsNothing) {
  RemoteWorld world;
  world.on_query = [](const Request&) -> MaybeReply { return std::nullopt; };
  world.start();
  const TaskId id = world.submit();
  world.pass(Millis{20'000});
  ASSERT_EQ(world.network.waiting(), 1u);
  const Attempt before = world.attempts(id).at(0);
  world.stop();
  pass_grace(world);
  expect_ended(world);
  EXPECT_EQ(world.task(id).state, TaskState::kRunning);
  EXPECT_EQ(world.attempts(id).at(0).reason, before.reason);
  start_again(world);
  world.pass(world.kLongEnough);
  expect_one_success(world, id);
  EXPECT_EQ(world.task(id).failures, 0);
}

TEST(Stop, TheLastPollOfATaskThatIsCutOffIsNotItsEnd) {
  RemoteWorld world;
  world.start();
  const TaskId id = world.submit();
  const Timestamp horizon = world.task(id).created_at + world.kHorizon;
  world.on_query = [&](const Request&) -> MaybeReply {
    if (world.clock.now() >= horizon) return std::nullopt;
    return world.network.fault(Fault::kNotSent);
  };
  world.pass(world.kHorizon + 2 * world.kLongEnough);
  ASSERT_EQ(world.network.waiting(), 1u);
  world.stop();
  pass_grace(world);
  expect_ended(world);
  EXPECT_EQ(world.task(id).state, TaskState::kRunning);
  start_again(world);
  world.pass(world.kLongEnough);
  expect_one_success(world, id);
}

// Also past the horizon, where a fetch that fails is the end.
TEST(Stop, ADownloadThatIsCutOffIsBegunAgain) {
  for (const Millis age : {Millis{20'000}, RemoteWorld::kHorizon + Millis{1'000}}) {
    SCOPED_TRACE(age.count());
    RemoteWorld world;
    world.on_download = [](const Request&) -> MaybeReply { return std::nullopt; };
    world.start();
    const TaskId id = world.submit();
    world.pass(age);
    ASSERT_EQ(world.network.waiting(), 1u);
    ASSERT_THAT(world.downloads, SizeIs(1));
    world.stop();
    pass_grace(world);
    expect_ended(world);
    EXPECT_EQ(world.task(id).state, TaskState::kFetching);
    start_again(world);
    world.pass(world.kLongEnough);
    expect_one_success(world, id);
  }
}

TEST(Stop, NewsOfATaskThatIsOverIsCutOffToo) {
  RemoteWorld world({.render = 2 * RemoteWorld::kHorizon});
  world.start();
  const TaskId id = world.submit();
  world.pass(world.kHorizon + world.kLongEnough);
  ASSERT_EQ(world.task(id).failure_code, "expired");
  world.on_query = [](const Request&) -> MaybeReply { return std::nullopt; };
  EXPECT_TRUE(world.hint(id));
  ASSERT_EQ(world.network.waiting(), 1u);
  world.stop();
  pass_grace(world);
  expect_ended(world);
  EXPECT_EQ(world.attempts(id).at(0).state, AttemptState::kUnknown) << "the next hint asks again";
}

TEST(Stop, ACallbackThatIsCutOffStaysScheduledWithoutATry) {
  RemoteWorld world;
  world.network.answer = [](const Request&) -> MaybeReply { return std::nullopt; };
  store::Delivery owed;
  owed.id = TaskId{77};
  owed.task = TaskId{7};
  owed.account = {"alice"};
  owed.event = "succeed";
  owed.url = "https://receiver.example/hook";
  owed.host = "receiver.example:443";
  owed.body = "{}";
  owed.created_at = owed.due_at = world.clock.now();
  store::value_of(store::run(world.durable_store->add_delivery(owed)));
  world.start();
  ASSERT_EQ(world.network.waiting(), 1u);
  world.stop();
  pass_grace(world);
  expect_ended(world);
  const auto delivery = [&] {
    return store::value_of(store::run(world.durable_store->find_delivery({}, owed.id))).value();
  };
  EXPECT_EQ(delivery().state, store::DeliveryState::kPending);
  EXPECT_EQ(delivery().tries, 0);
  world.crash();
  world.network.answer = [&](const Request&) { return world.network.status(200); };
  world.start();
  EXPECT_EQ(delivery().state, store::DeliveryState::kDelivered);
  EXPECT_EQ(delivery().tries, 1);
  std::vector<std::string> ids;
  for (const auto& exchange : world.network.exchanges) {
    ids.push_back(*exchange->request.headers.find("webhook-id"));
  }
  EXPECT_THAT(ids, ElementsAre("77", "77")) << "at least once, and as one event";
}

}  // namespace
}  // namespace rushes::engine
