#include "server/engine/engine.h"

#include <filesystem>

#include "testing/engine_world.h"

namespace rushes::engine {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

TEST(Engine, EveryNewStateIsToldToTheClientAtOnce) {
  World world;
  std::vector<std::string> told;
  world.network.answer = [&](const http::OutboundRequest& request) {
    told.push_back(request.body.substr(0, request.body.find(' ')));
    return testing::ScriptedNetwork::status(200);
  };
  world.start();
  store::NewTask wanted = world.new_task();
  wanted.task.spec.callback_url = "https://client.test/hook";
  world.ask(world.engine().submit(std::make_unique<store::NewTask>(std::move(wanted))));
  EXPECT_THAT(told, ElementsAre("submitted", "processing"));
  world.renderer.succeed(0, world.frame_count);
  world.settle();
  EXPECT_THAT(told, ElementsAre("submitted", "processing", "succeed"));
}

TEST(Engine, ASubmittedTaskIsRenderedAtOnceAndSucceedsWithItsFiles) {
  World world;
  world.start();
  const TaskId id = world.submit();
  ASSERT_THAT(world.renderer.renders, SizeIs(1)) << "without any time passing";
  EXPECT_EQ(world.task(id).state, TaskState::kRendering);
  world.renderer.succeed(0, world.frame_count);
  world.settle();
  const Task done = world.task(id);
  EXPECT_EQ(done.state, TaskState::kSucceeded);
  EXPECT_EQ(done.price_final, 30);
  EXPECT_THAT(done.notes, ElementsAre("drawn: fox"));
  ASSERT_THAT(done.artifacts, SizeIs(2));
  EXPECT_EQ(done.artifacts[0].kind, ArtifactKind::kVideo);
  EXPECT_EQ(done.artifacts[0].duration, Millis{world.frame_count * 1000 / 24});
  EXPECT_EQ(done.artifacts[1].kind, ArtifactKind::kPoster);
  for (const Artifact& artifact : done.artifacts) {
    EXPECT_TRUE(world.durable_blobs.blobs.contains(artifact.blob_key));
  }
  EXPECT_THAT(world.events(id), ElementsAre("submitted", "claimed", "succeeded"));
  EXPECT_TRUE(std::filesystem::is_empty(world.options().work_directory));
}

TEST(Engine, TheWatermarkedFileIsKeptWhereItWasAskedFor) {
  World world;
  world.renderer.succeeds_with_frames = world.frame_count;
  world.start();
  store::NewTask wanted = world.new_task();
  wanted.task.spec.watermark = Watermark::kOn;
  const TaskId id =
      world.ask(world.engine().submit(std::make_unique<store::NewTask>(wanted))).value().task->id;
  ASSERT_THAT(world.task(id).artifacts, SizeIs(3));
  EXPECT_EQ(world.task(id).artifacts[1].kind, ArtifactKind::kWatermarkedVideo);
}

TEST(Engine, RendersAtMostAsManyAtOnceAsAllowedAndTakesTurnsBetweenAccounts) {
  World world({.children_max = 2});
  world.start();
  for (int i = 0; i < 5; ++i) world.submit("alice");
  const TaskId bobs = world.submit("bob");
  EXPECT_THAT(world.renderer.renders, SizeIs(2));
  world.renderer.succeed(0, world.frame_count);
  world.settle();
  EXPECT_THAT(world.renderer.renders, SizeIs(3));
  EXPECT_EQ(world.task(bobs, "bob").state, TaskState::kRendering);
}

TEST(Engine, AFailedRenderIsTriedAgainLaterAndTheThirdFailureIsFinal) {
  World world;
  world.start();
  const TaskId id = world.submit();
  for (size_t attempt = 0; attempt < 3; ++attempt) {
    ASSERT_THAT(world.renderer.renders, SizeIs(attempt + 1));
    world.renderer.fail(attempt, "exit code 1: out of memory at 0xdead");
    world.settle();
    EXPECT_THAT(world.renderer.renders, SizeIs(attempt + 1)) << "not before its delay";
    world.pass(Millis{30'000});
  }
  const Task failed = world.task(id);
  EXPECT_EQ(failed.state, TaskState::kFailed);
  EXPECT_EQ(failed.failure_code, "render_failed");
  EXPECT_EQ(failed.failure_message, "The video could not be rendered");
  EXPECT_EQ(failed.price_final, 0);
  EXPECT_THAT(world.ledger(), SizeIs(1));
  EXPECT_THAT(world.renderer.renders, SizeIs(3));
}

TEST(Engine, SuccessWithoutAllFramesOrWithoutAFileIsAFailure) {
  World world;
  world.start();
  const TaskId id = world.submit();
  world.renderer.succeed(0, world.frame_count - 1);
  world.pass(Millis{10'000});
  EXPECT_EQ(world.task(id).failures, 1);
  ASSERT_THAT(world.renderer.renders, SizeIs(2));
  const std::string directory = world.renderer.renders[1]->request.work_directory;
  world.renderer.succeed(1, world.frame_count);
  std::filesystem::remove(directory + "/video.mp4");
  world.pass(Millis{10'000});
  EXPECT_EQ(world.task(id).failures, 2);
  ASSERT_THAT(world.renderer.renders, SizeIs(3));
  world.renderer.succeed(2, world.frame_count);
  world.settle();
  EXPECT_EQ(world.task(id).state, TaskState::kSucceeded);
}

TEST(Engine, ACancelOfAQueuedTaskEndsItAtOnce) {
  World world;
  world.start();
  world.submit();
  const TaskId second = world.submit();
  EXPECT_EQ(world.ask(world.engine().cancel({"alice"}, second)), Cancel::kWillEnd);
  EXPECT_EQ(world.task(second).failure_code, "cancelled");
  EXPECT_EQ(world.task(second).failure_message, "Task was cancelled");
  EXPECT_THAT(world.ledger(), SizeIs(1));
}

TEST(Engine, ACancelOfARunningTaskStopsItsRenderWithoutWaiting) {
  World world;
  world.start();
  const TaskId id = world.submit();
  EXPECT_EQ(world.ask(world.engine().cancel({"alice"}, id)), Cancel::kWillEnd);
  EXPECT_TRUE(world.renderer.renders[0]->stopped);
  EXPECT_EQ(world.task(id).state, TaskState::kFailed);
  EXPECT_EQ(world.task(id).failure_code, "cancelled");
  EXPECT_EQ(world.ask(world.engine().cancel({"alice"}, id)), Cancel::kUnknown);
}

TEST(Engine, ACancelOfAForeignOrUnknownTaskIsRefused) {
  World world;
  world.start();
  const TaskId id = world.submit();
  EXPECT_EQ(world.ask(world.engine().cancel({"bob"}, id)), Cancel::kUnknown);
  EXPECT_EQ(world.ask(world.engine().cancel({"alice"}, TaskId{1})), Cancel::kUnknown);
  EXPECT_EQ(world.task(id).state, TaskState::kRendering);
}

TEST(Engine, ProgressIsVisibleWithinATick) {
  World world;
  world.start();
  const TaskId id = world.submit();
  world.renderer.renders[0]->on_progress(40);
  world.pass(world.options().tick);
  EXPECT_EQ(world.task(id).progress_percent, 40);
}

TEST(Engine, ALongRenderKeepsItsLease) {
  World world;
  world.start();
  const TaskId id = world.submit();
  world.pass(world.options().lease * 5);
  EXPECT_EQ(world.task(id).attempt, 1);
  EXPECT_THAT(world.renderer.renders, SizeIs(1));
}

TEST(Engine, ARenderBeyondItsTimeLimitIsStoppedAndCountsAsAFailure) {
  World world({.seconds_per_frame = Millis{100}, .start_allowance = Millis{1000}});
  world.start();
  const TaskId id = world.submit();
  const Millis limit = Millis{1000} + Millis{100} * world.frame_count;
  world.pass(limit);
  EXPECT_FALSE(world.renderer.renders[0]->stopped);
  world.pass(world.options().tick);
  EXPECT_TRUE(world.renderer.renders[0]->stopped);
  EXPECT_EQ(world.task(id).failures, 1);
}

TEST(Engine, AStopHandsTheTaskBackWithoutAFailureAndTheNextStartRendersItFirst) {
  World world;
  world.start();
  const TaskId first = world.submit();
  world.pass(Millis{1});
  world.submit();
  world.stop();
  EXPECT_TRUE(world.renderer.renders[0]->stopped);
  EXPECT_EQ(world.task(first).state, TaskState::kQueued);
  EXPECT_EQ(world.task(first).failures, 0);
  world.crash();
  world.start();
  EXPECT_EQ(world.task(first).state, TaskState::kRendering);
  EXPECT_EQ(world.task(first).attempt, 2);
}

TEST(Engine, AKilledProcessTakesItsWorkBackAtTheNextStartWithoutWaiting) {
  World world;
  world.start();
  const TaskId id = world.submit();
  const std::string left = world.options().work_directory + "/left-over";
  std::filesystem::create_directories(left);
  world.crash();
  world.renderer.succeeds_with_frames = world.frame_count;
  world.start();
  EXPECT_EQ(world.task(id).state, TaskState::kSucceeded);
  EXPECT_EQ(world.task(id).attempt, 2);
  EXPECT_FALSE(std::filesystem::exists(left));
}

TEST(Engine, AnExpiredLeaseOfAnotherNodeIsTakenOver) {
  World world;
  world.start();
  world.stop();
  world.crash();
  store::NewTask foreign = world.new_task();
  foreign.task.id = TaskId{77};
  foreign.task.created_at = foreign.task.updated_at = world.clock.now();
  store::value_of(
      store::run(world.durable_store->create_task(std::make_unique<store::NewTask>(foreign))));
  store::value_of(store::run(world.durable_store->claim_tasks(
      {{"other"}, world.clock.now(), world.clock.now() + Millis{10'000}, 1})));
  world.renderer.succeeds_with_frames = world.frame_count;
  world.start();
  EXPECT_EQ(world.task(TaskId{77}).state, TaskState::kRendering);
  world.pass(world.options().lease * 3);
  EXPECT_EQ(world.task(TaskId{77}).state, TaskState::kSucceeded);
  EXPECT_THAT(world.events(TaskId{77}), Contains("lease_expired"));
}

TEST(Engine, AStoreThatRefusesForAWhileStopsNothingForGood) {
  World world;
  world.start();
  const TaskId id = world.submit();
  world.store.refuses_writes = true;
  EXPECT_FALSE(world.ask(world.engine().submit(std::make_unique<store::NewTask>(world.new_task())))
                   .has_value());
  world.renderer.succeed(0, world.frame_count);
  world.pass(Millis{60'000});
  EXPECT_EQ(world.task(id).state, TaskState::kRendering);
  world.store.refuses_writes = false;
  world.renderer.succeeds_with_frames = world.frame_count;
  world.pass(Millis{120'000});
  EXPECT_EQ(world.task(id).state, TaskState::kSucceeded);
  EXPECT_EQ(world.task(id).failures, 0);
  EXPECT_THAT(world.ledger(), SizeIs(1));
}

TEST(Engine, AFullDiskUnderTheBlobsIsNoFailureOfTheTask) {
  World world;
  world.durable_blobs.refuses_writes = true;
  world.renderer.succeeds_with_frames = world.frame_count;
  world.start();
  const TaskId id = world.submit();
  world.pass(Millis{20'000});
  EXPECT_EQ(world.task(id).failures, 0);
  EXPECT_FALSE(is_terminal(world.task(id).state));
  world.durable_blobs.refuses_writes = false;
  world.pass(Millis{20'000});
  EXPECT_EQ(world.task(id).state, TaskState::kSucceeded);
}

TEST(Engine, ResultsAndRecordsGoAfterTheirRetention) {
  World world;
  world.renderer.succeeds_with_frames = world.frame_count;
  world.start();
  const TaskId id = world.submit();
  world.restart_after(world.options().retention);
  EXPECT_THAT(world.durable_blobs.blobs, SizeIs(2));
  world.pass(world.options().clean_interval);
  EXPECT_THAT(world.durable_blobs.blobs, IsEmpty());
  EXPECT_FALSE(store::value_of(store::run(world.durable_store->find_task({"alice"}, id))));
}

TEST(Engine, AReplayAndAFullQueueAreAnswers) {
  World world;
  world.start();
  store::NewTask wanted = world.new_task();
  wanted.idempotency = {"key", "print"};
  wanted.queue_depth_max = 1;
  const auto first = world.ask(world.engine().submit(std::make_unique<store::NewTask>(wanted)));
  const auto again = world.ask(world.engine().submit(std::make_unique<store::NewTask>(wanted)));
  EXPECT_EQ(again->kind, store::Created::Kind::kReplayed);
  EXPECT_EQ(again->task->id, first->task->id);
  wanted.idempotency = {};
  EXPECT_EQ(world.ask(world.engine().submit(std::make_unique<store::NewTask>(wanted)))->kind,
            store::Created::Kind::kQueueFull);
}

}  // namespace
}  // namespace rushes::engine
