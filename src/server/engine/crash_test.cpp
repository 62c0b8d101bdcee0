// Killed at every durable point, in an order that a seed decides: each task still ends exactly
// once, with all of its files.
#include "base/bytes.h"
#include "base/crypto/digest.h"
#include "testing/engine_world.h"

namespace rushes::engine {
namespace {

constexpr int kTasks = 6;
constexpr int kCrashesMax = 40;

void expect_everything_ended_once(World& world, const std::vector<TaskId>& ids) {
  for (const TaskId id : ids) {
    const Task task = world.task(id);
    EXPECT_EQ(task.state, TaskState::kSucceeded);
    EXPECT_EQ(task.failures, 0) << "a crash of ours is no failure of the renderer";
    ASSERT_EQ(task.artifacts.size(), 2u);
    for (const Artifact& artifact : task.artifacts) {
      const auto found = world.durable_blobs.blobs.find(artifact.blob_key);
      ASSERT_NE(found, world.durable_blobs.blobs.end());
      EXPECT_EQ(to_hex(sha256(found->second)), artifact.sha256);
    }
    const auto names = world.events(id);
    EXPECT_EQ(std::ranges::count(names, "succeeded"), 1);
    EXPECT_EQ(std::ranges::count(names, "submitted"), 1);
  }
  EXPECT_EQ(world.ledger().size(), ids.size());
}

void live_through_crashes(uint64_t seed) {
  SCOPED_TRACE(seed);
  World world({.children_max = 2}, seed);
  world.renderer.succeeds_with_frames = world.frame_count;
  world.start();
  std::vector<TaskId> ids;
  for (int crash = 0; crash < kCrashesMax; ++crash) {
    world.point.arm(1 + world.entropy.below(25));
    while (static_cast<int>(ids.size()) < kTasks && !world.point.crashed()) {
      const auto created =
          world.ask(world.engine().submit(std::make_unique<store::NewTask>(world.new_task())));
      if (created) ids.push_back(created->task->id);
    }
    world.pass(Millis{1 + world.entropy.below(20'000)});
    if (!world.point.crashed()) break;
    world.crash();
    world.start();
  }
  world.point.arm(0);
  while (static_cast<int>(ids.size()) < kTasks) ids.push_back(world.submit());
  world.pass(Millis{300'000});

  // A create that crashed after its commit left a task whose id nobody holds: it ends like the
  // rest.
  std::vector<TaskId> all;
  for (const Task& task :
       store::value_of(store::run(world.durable_store->list_tasks({{"alice"}, "text2video"})))) {
    all.push_back(task.id);
  }
  for (const TaskId id : ids) {
    EXPECT_NE(std::ranges::find(all, id), all.end()) << "an id was given out and lost";
  }
  expect_everything_ended_once(world, all);

  world.restart_after(world.options().retention + Millis{1});
  EXPECT_TRUE(world.durable_blobs.blobs.empty()) << "bytes that nobody names are left";
}

TEST(EngineCrash, EveryTaskEndsExactlyOnceWhereverTheProcessIsKilled) {
  for (uint64_t seed = 1; seed <= 30; ++seed) {
    live_through_crashes(seed);
    if (::testing::Test::HasFailure()) break;
  }
}

}  // namespace
}  // namespace rushes::engine
