// The result of a provider becomes ours, or the task does not succeed.
#include "server/engine/fetch.h"

#include "testing/remote_world.h"

namespace rushes::engine {
namespace {

using http::Egress;
using http::Fault;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::StartsWith;
using Request = RemoteWorld::Request;
using Reply = RemoteWorld::Reply;

constexpr Millis kMinute{60'000};

Reply gone() { return testing::ScriptedNetwork::status(403); }

TEST(Fetch, TheBytesAreOursAndTheirNumberIsKept) {
  RemoteWorld world;
  world.start();
  const TaskId id = world.submit();
  world.pass(world.kLongEnough);
  const Task task = world.task(id);
  ASSERT_THAT(task.artifacts, SizeIs(1));
  EXPECT_EQ(world.durable_blobs.blobs.at(task.artifacts[0].blob_key), "a video");
  EXPECT_EQ(task.artifacts[0].size_bytes, 7u);
  EXPECT_EQ(task.artifacts[0].duration, Millis{5'000});
  EXPECT_TRUE(std::filesystem::is_empty(world.options().work_directory)) << "nothing is left";
}

TEST(Fetch, ASlowResultHoldsNoPlaceAtTheProvider) {
  RemoteWorld world;
  world.known("vendor").credentials[0].concurrency = 1;
  world.use({"vendor"});
  world.on_download = [](const Request&) -> std::optional<Reply> { return std::nullopt; };
  world.start();
  const TaskId first = world.submit(), second = world.submit();
  world.pass(world.kLongEnough);
  EXPECT_EQ(world.task(first).state, TaskState::kFetching);
  EXPECT_EQ(world.task(second).state, TaskState::kFetching);
  EXPECT_EQ(world.upstream().accepted(), 2);
}

TEST(Fetch, ADeadLinkIsAskedForAnew) {
  RemoteWorld world;
  int downloads = 0;
  world.on_download = [&](const Request& request) {
    return ++downloads == 1 ? gone() : world.arrive(request);
  };
  world.start();
  const TaskId id = world.submit();
  world.pass(Millis{20'000});
  const size_t asked = world.queries.size();
  world.pass(world.kLongEnough);
  EXPECT_EQ(world.task(id).state, TaskState::kSucceeded);
  EXPECT_EQ(downloads, 2);
  EXPECT_GE(world.queries.size(), asked);
  EXPECT_EQ(world.upstream().accepted(), 1);
}

TEST(Fetch, WhatIsNoVideoIsNoSuccessAndIsTriedAgain) {
  const std::pair<const char*, std::function<Reply(const Request&)>> spoilt[] = {
      {"empty", [](const Request& request) { return RemoteWorld::file(request, ""); }},
      {"a page", [](const Request& request) { return RemoteWorld::file(request, "<html>"); }},
      {"too large",
       [](const Request&) { return testing::ScriptedNetwork::fault(Fault::kTooLarge); }},
      {"a forbidden redirect",
       [](const Request&) { return testing::ScriptedNetwork::fault(Fault::kRefused); }},
      {"gone", [](const Request&) { return gone(); }},
  };
  for (const auto& [name, spoil] : spoilt) {
    SCOPED_TRACE(name);
    RemoteWorld world;
    int downloads = 0;
    world.on_download = [&](const Request& request) {
      return ++downloads <= 3 ? spoil(request) : world.arrive(request);
    };
    world.start();
    const TaskId healed = world.submit();
    world.pass(5 * kMinute);
    EXPECT_EQ(world.task(healed).state, TaskState::kSucceeded);
    EXPECT_EQ(downloads, 4);

    world.on_download = [&](const Request& request) { return ++downloads, spoil(request); };
    const TaskId hopeless = world.submit();
    world.pass(30 * kMinute);
    const Task task = world.task(hopeless);
    EXPECT_EQ(task.state, TaskState::kFailed);
    EXPECT_EQ(task.failure_code, "result_unavailable");
    EXPECT_EQ(task.price_final, 0);
    EXPECT_EQ(downloads, 4 + world.options().download_tries_max);
    EXPECT_EQ(world.attempts(hopeless).at(0).cost, 30) << "the operator paid for it";
    EXPECT_EQ(world.upstream().accepted(), 2) << "and not twice";
  }
}

TEST(Fetch, AnOutageOfTheFileHostIsWaitedOut) {
  for (const Reply& outage :
       {testing::ScriptedNetwork::fault(Fault::kNotSent),
        testing::ScriptedNetwork::fault(Fault::kAmbiguous), testing::ScriptedNetwork::status(503),
        testing::ScriptedNetwork::status(429)}) {
    SCOPED_TRACE(outage.status);
    RemoteWorld world;
    bool down = true;
    world.on_download = [&](const Request& request) {
      return down ? outage : world.arrive(request);
    };
    world.start();
    const TaskId id = world.submit();
    world.pass(60 * kMinute);
    EXPECT_EQ(world.task(id).state, TaskState::kFetching);
    EXPECT_THAT(world.attempts(id).at(0).reason, StartsWith("download: ")) << "for the operator";
    down = false;
    world.pass(2 * kMinute);
    EXPECT_EQ(world.task(id).state, TaskState::kSucceeded);
    EXPECT_EQ(world.attempts(id).at(0).reason, "") << "it came to a good end";
  }
}

TEST(Fetch, AFullDiskOfOursIsWaitedOut) {
  RemoteWorld world;
  world.durable_blobs.refuses_writes = true;
  world.start();
  const TaskId id = world.submit();
  world.pass(60 * kMinute);
  EXPECT_EQ(world.task(id).state, TaskState::kFetching);
  world.durable_blobs.refuses_writes = false;
  world.pass(2 * kMinute);
  EXPECT_EQ(world.task(id).state, TaskState::kSucceeded);
}

TEST(Fetch, NothingIsBegunWhileManyResultsAreOnTheirWay) {
  RemoteWorld world;
  world.known("vendor").credentials[0].concurrency = 100;
  world.use({"vendor"});
  bool slow = true;
  world.on_download = [&](const Request& request) -> std::optional<Reply> {
    if (slow) return std::nullopt;
    return world.arrive(request);
  };
  world.start();
  for (int i = 0; i < 400; ++i) world.submit();
  world.pass(10 * kMinute);
  EXPECT_EQ(world.upstream().accepted(), 300) << "at 200 it goes on, at 300 there are too many";
  slow = false;
  for (size_t i = 0; i < world.network.exchanges.size(); ++i) {
    const auto exchange = world.network.exchanges[i];
    if (exchange->done) world.network.reply(i, world.arrive(exchange->request));
  }
  world.pass(10 * kMinute);
  EXPECT_EQ(world.upstream().accepted(), 400);
}

TEST(Fetch, ResultsThatCannotBeKeptHoldTheirPlacesSoThatNoMoreArePaidFor) {
  RemoteWorld world;
  world.known("vendor").credentials[0].concurrency = 1;
  world.use({"vendor"});
  world.durable_blobs.refuses_writes = true;
  world.start();
  for (int i = 0; i < 5; ++i) world.submit();
  world.pass(60 * kMinute);
  EXPECT_LE(world.upstream().accepted(), 2) << "one before the first was seen to fail";
  world.durable_blobs.refuses_writes = false;
  world.pass(30 * kMinute);
  EXPECT_EQ(world.upstream().accepted(), 5);
}

TEST(Fetch, APollWithoutAnAnswerDuringTheFetchIsNoVerdict) {
  RemoteWorld world;
  bool down = false;
  int downloads = 0;
  world.on_query = [&](const Request& request) {
    return down ? RemoteWorld::refusal(500, 5000) : world.arrive(request);
  };
  world.on_download = [&](const Request& request) {
    down = ++downloads == 1;
    return down ? gone() : world.arrive(request);
  };
  world.start();
  const TaskId id = world.submit();
  world.pass(60 * kMinute);
  EXPECT_EQ(world.task(id).state, TaskState::kFetching);
  down = false;
  world.pass(2 * kMinute);
  EXPECT_EQ(world.task(id).state, TaskState::kSucceeded);
}

TEST(Fetch, PastTheHorizonTheWaitEndsFree) {
  RemoteWorld world;
  world.on_download = [&](const Request&) { return world.network.fault(Fault::kNotSent); };
  world.start();
  const TaskId id = world.submit();
  world.pass(world.kHorizon + 2 * kMinute);
  const Task task = world.task(id);
  EXPECT_EQ(task.failure_code, "result_unavailable");
  EXPECT_EQ(task.price_final, 0);
  EXPECT_THAT(world.ledger(), SizeIs(1));
}

TEST(Fetch, ADownloadIsBoundedInSizeTimeAndSteps) {
  RemoteWorld world;
  world.start();
  world.submit();
  world.pass(world.kLongEnough);
  ASSERT_THAT(world.downloads, SizeIs(1));
  const Request& download = world.downloads[0];
  EXPECT_EQ(download.body_bytes_max, world.options().download_bytes_max);
  EXPECT_EQ(download.timeout, world.options().download_timeout);
  EXPECT_EQ(download.stall_timeout, world.options().download_stall);
  EXPECT_EQ(download.redirects_max, 3);
  EXPECT_FALSE(download.cut_body);
}

TEST(Fetch, OnlyTheHostThatTheOperatorNamedMayBeAnyAddress) {
  for (const auto& [host, egress] : {std::pair{"https://vendor.test", Egress::kOperator},
                                     std::pair{"https://cdn.vendor.test", Egress::kGuarded},
                                     std::pair{"https://vendor.test:8443", Egress::kGuarded},
                                     std::pair{"http://vendor.test", Egress::kGuarded},
                                     std::pair{"https://169.254.169.254", Egress::kGuarded}}) {
    SCOPED_TRACE(host);
    RemoteWorld world;
    world.on_query = [&](const Request& request) {
      Reply reply = world.arrive(request);
      const std::string named = "https://vendor.test/media";
      if (const size_t at = reply.body.find(named); at != reply.body.npos) {
        reply.body.replace(at, named.size(), std::string(host) + "/media");
      }
      return reply;
    };
    world.on_download = [&](const Request& request) {
      return RemoteWorld::file(request, "a video");
    };
    world.start();
    const TaskId id = world.submit();
    world.pass(world.kLongEnough);
    ASSERT_THAT(world.downloads, SizeIs(1));
    EXPECT_EQ(world.downloads[0].egress, egress);
    EXPECT_EQ(world.downloads[0].headers.find("Authorization"), nullptr);
    EXPECT_EQ(world.task(id).state, TaskState::kSucceeded);
  }
}

TEST(Fetch, TheWatermarkedFileIsKeptWhereItWasAskedFor) {
  RemoteWorld world;
  world.start();
  const TaskId id = world.submit_with([](Spec& spec) {
    spec.watermark = Watermark::kOn;
    spec.watermark_requested = true;
  });
  world.pass(world.kLongEnough);
  ASSERT_THAT(world.task(id).artifacts, SizeIs(2));
  EXPECT_EQ(world.task(id).artifacts[1].kind, ArtifactKind::kWatermarkedVideo);
  EXPECT_THAT(world.task(id).notes, IsEmpty());
}

TEST(Fetch, AMissingWatermarkedFileIsNotedAndTheVideoIsKept) {
  RemoteWorld world;
  world.start();
  const TaskId id = world.submit_with([](Spec& spec) { spec.watermark = Watermark::kOn; });
  world.pass(world.kLongEnough);
  EXPECT_THAT(world.task(id).artifacts, SizeIs(1));
  EXPECT_THAT(world.task(id).notes, ElementsAre("the provider gave no watermarked file"));
}

TEST(Fetch, AnotherLengthThanWasAskedForIsNotedBeyondAQuarterOfASecond) {
  for (const auto& [length, noted] :
       {std::pair{4'750, false}, {4'749, true}, {5'250, false}, {5'251, true}}) {
    SCOPED_TRACE(length);
    RemoteWorld world;
    world.media.duration = Millis{length};
    world.start();
    const TaskId id = world.submit();
    world.pass(world.kLongEnough);
    EXPECT_EQ(world.task(id).artifacts.at(0).duration, Millis{length});
    EXPECT_EQ(!world.task(id).notes.empty(), noted);
    if (noted) {
      EXPECT_THAT(world.task(id).notes.at(0), HasSubstr("5000 ms were asked for"));
    }
  }
}

TEST(Fetch, ACrashDuringTheDownloadBeginsItAgainWithANewLink) {
  RemoteWorld world;
  world.on_download = [](const Request&) -> std::optional<Reply> { return std::nullopt; };
  world.start();
  const TaskId id = world.submit();
  world.pass(Millis{20'000});
  ASSERT_EQ(world.task(id).state, TaskState::kFetching);
  world.crash();
  world.on_download = [&](const Request& request) { return world.arrive(request); };
  const size_t asked = world.queries.size();
  world.start();
  EXPECT_EQ(world.task(id).state, TaskState::kSucceeded) << "at once";
  EXPECT_EQ(world.queries.size(), asked + 1);
  EXPECT_THAT(world.ledger(), SizeIs(1));
}

}  // namespace
}  // namespace rushes::engine
