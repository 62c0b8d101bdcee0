// Submission at remote providers: what faults may do to it, and what they may not
// (docs/faults.md).
#include "server/engine/submission.h"

#include "testing/remote_world.h"

namespace rushes::engine {
namespace {

using http::Fault;
using ::testing::Contains;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;
using Request = RemoteWorld::Request;
using Reply = RemoteWorld::Reply;
using MaybeReply = std::optional<Reply>;

constexpr Millis kMinute{60'000};

// P2: killed between the record of the attempt and the reply.

TEST(RemoteSubmission, KilledAtAnyDurablePointTheUpstreamHasOneJobAndTheTaskEndsOnce) {
  bool crashed = true;
  for (int pass = 1; crashed; ++pass) {
    SCOPED_TRACE(pass);
    ASSERT_LT(pass, 200);
    RemoteWorld world;
    world.start();
    world.point.arm(pass);
    const auto created =
        world.ask(world.engine().submit(std::make_unique<store::NewTask>(world.new_task())));
    if (!world.point.crashed()) world.pass(world.kLongEnough);
    crashed = world.point.crashed();
    world.crash();
    world.start();
    world.pass(10 * kMinute);
    const auto tasks =
        store::value_of(store::run(world.durable_store->list_tasks({{"alice"}, "text2video"})));
    if (tasks.empty()) {
      EXPECT_FALSE(created) << "an id was given out and lost";
      continue;
    }
    ASSERT_THAT(tasks, SizeIs(1));
    expect_one_success(world, tasks[0].id);
    if (::testing::Test::HasFailure()) break;
  }
}

TEST(RemoteSubmission, AJobThatWasAcceptedBeforeACrashIsFoundByItsHandle) {
  RemoteWorld world;
  world.on_create = [&](const Request& request) -> MaybeReply {
    world.arrive(request);
    return std::nullopt;  // the reply is still on its way when we die
  };
  world.start();
  const TaskId id = world.submit();
  ASSERT_THAT(world.attempts(id), SizeIs(1)) << "written before the request leaves";
  EXPECT_EQ(world.attempts(id)[0].state, AttemptState::kPrepared);
  EXPECT_EQ(world.task(id).state, TaskState::kSubmitting);
  world.pass(Millis{1'000});
  world.crash();
  world.start();
  EXPECT_EQ(world.task(id).state, TaskState::kRunning) << "asked at once";
  world.pass(world.kLongEnough);
  expect_one_success(world, id);
  EXPECT_THAT(world.creates, SizeIs(1));
}

TEST(RemoteSubmission, ACrashBeforeThePostLeavesTheUpstreamWithOneJob) {
  RemoteWorld world;
  world.on_create = [](const Request&) -> MaybeReply { return std::nullopt; };  // never arrives
  world.start();
  const TaskId id = world.submit();
  world.crash();
  world.on_create = [&](const Request& request) { return world.arrive(request); };
  world.start();
  world.pass(kMinute - Millis{1});
  EXPECT_THAT(world.creates, SizeIs(1)) << "absence is not proven yet";
  world.pass(kMinute);
  expect_one_success(world, id);
  ASSERT_THAT(world.creates, SizeIs(2));
  EXPECT_EQ(world.posted(world.creates[0], "external_task_id"),
            world.posted(world.creates[1], "external_task_id"));
}

// P2: the upstream accepts, and we do not learn of it.

TEST(RemoteSubmission, AnAcceptedJobWhoseReplyIsLostIsFoundByItsHandle) {
  const auto reset = [](const Reply&) {
    return testing::ScriptedNetwork::fault(Fault::kAmbiguous);
  };
  const auto page = [](const Reply&) {
    Reply reply = testing::ScriptedNetwork::status(504);
    reply.body = "<html><title>504 Gateway Time-out</title></html>";
    return reply;
  };
  const std::pair<const char*, std::function<Reply(const Reply&)>> losses[] = {
      {"reset or time-out", reset},
      {"504 with a page", page},
      {"200 with a page",
       [&](const Reply& reply) {
         Reply spoilt = page(reply);
         spoilt.status = 200;
         return spoilt;
       }},
      {"cut off",
       [](const Reply& reply) {
         Reply cut = reply;
         cut.body.resize(cut.body.size() / 2);
         return cut;
       }},
      {"no id",
       [](const Reply& reply) {
         Reply bare = reply;
         bare.body = R"({"code":0,"message":"SUCCEED","data":{}})";
         return bare;
       }},
      {"a reply larger than any",
       [](const Reply&) { return testing::ScriptedNetwork::fault(Fault::kTooLarge); }},
      {"code 5000", [](const Reply&) { return RemoteWorld::refusal(500, 5000); }},
      {"code 5002", [](const Reply&) { return RemoteWorld::refusal(504, 5002); }},
  };
  for (const auto& [name, spoil] : losses) {
    SCOPED_TRACE(name);
    RemoteWorld world;
    world.on_create = [&](const Request& request) { return spoil(world.arrive(request)); };
    world.start();
    const TaskId id = world.submit();
    world.pass(world.kLongEnough);
    expect_one_success(world, id);
    EXPECT_THAT(world.creates, SizeIs(1));
  }
}

TEST(RemoteSubmission, AReplyThatComesAfterOurTimeoutChangesNothing) {
  RemoteWorld world;
  world.on_create = [&](const Request& request) -> MaybeReply {
    world.arrive(request);
    return std::nullopt;
  };
  world.start();
  const TaskId id = world.submit();
  world.pass(kMinute);
  EXPECT_EQ(world.task(id).state, TaskState::kSubmitting) << "half-open: nothing is known";
  EXPECT_THAT(world.creates, SizeIs(1));
  world.network.reply(0, world.network.fault(Fault::kAmbiguous, kMinute));
  world.settle();
  EXPECT_EQ(world.attempts(id).at(0).handle, id.to_string());
  world.pass(world.kLongEnough);
  expect_one_success(world, id);
}

TEST(RemoteSubmission, WhatNeverArrivedIsProvenAbsentByThreeLookUpsAndSentOnceMore) {
  RemoteWorld world;
  int tries = 0;
  world.on_create = [&](const Request& request) {
    return ++tries == 1 ? world.network.fault(Fault::kAmbiguous) : world.arrive(request);
  };
  world.start();
  const TaskId id = world.submit();
  world.pass(kMinute - Millis{1});
  EXPECT_THAT(world.creates, SizeIs(1)) << "not within a minute";
  EXPECT_THAT(world.queries, SizeIs(2));
  world.pass(Millis{1});
  EXPECT_THAT(world.creates, SizeIs(2));
  ASSERT_THAT(world.queries, SizeIs(4)) << "three look-ups, and the first poll";
  for (size_t i = 0; i < 3; ++i) {
    EXPECT_TRUE(world.queries[i].url.ends_with("/" + id.to_string())) << world.queries[i].url;
  }
  for (const Request& create : world.creates) {
    EXPECT_EQ(world.posted(create, "external_task_id"), id.to_string()) << "the same handle";
  }
  world.pass(world.kLongEnough);
  expect_one_success(world, id);
  EXPECT_EQ(world.attempts(id).size(), 1u);
}

TEST(RemoteSubmission, LookUpsWithoutAnAnswerProveNothing) {
  RemoteWorld world;
  world.on_create = [&](const Request&) { return world.network.fault(Fault::kAmbiguous); };
  world.on_query = [](const Request&) { return RemoteWorld::refusal(503, 5001); };
  world.start();
  const TaskId id = world.submit();
  world.pass(60 * kMinute);
  EXPECT_THAT(world.creates, SizeIs(1));
  EXPECT_EQ(world.task(id).state, TaskState::kSubmitting);
  EXPECT_EQ(world.attempts(id).at(0).reason, "a reason for the operator");
  world.pass(world.kHorizon);
  EXPECT_EQ(world.task(id).failure_code, "unknown_submission");
}

TEST(RemoteSubmission, ADuplicateRefusalSendsBackToTheLookUp) {
  RemoteWorld world;
  world.on_create = [&](const Request& request) {
    world.arrive(request);
    return world.arrive(request);  // sent twice by a proxy: the second reply says duplicate
  };
  world.start();
  const TaskId id = world.submit();
  world.pass(world.kLongEnough);
  expect_one_success(world, id);
}

TEST(RemoteSubmission, AJobThatDoesNotNameOurHandleIsNotAdopted) {
  RemoteWorld world;
  world.on_create = [&](const Request&) { return world.network.fault(Fault::kAmbiguous); };
  world.on_query = [&](const Request&) {
    Reply reply = world.network.status(200);
    reply.body = R"({"code":0,"data":{"task_id":"4711","task_status":"succeed",)"
                 R"("task_info":{"external_task_id":"somebody-else"}}})";
    return reply;
  };
  world.start();
  const TaskId id = world.submit();
  world.pass(30 * kMinute);
  EXPECT_EQ(world.task(id).state, TaskState::kSubmitting);
  EXPECT_THAT(world.attempts(id).at(0).upstream_id, IsEmpty());
  EXPECT_THAT(world.creates, SizeIs(1));
}

TEST(RemoteSubmission, WithoutAHandleAnAmbiguousCreateIsNeverRepeatedAndCostsNothing) {
  RemoteWorld world;
  world.add("vendor", "new-api");
  world.use({"vendor", "previz"});
  world.on_create = [&](const Request& request) {
    world.arrive(request);
    return world.network.fault(Fault::kAmbiguous);
  };
  world.start();
  const TaskId id = world.submit();
  world.pass(2 * world.kHorizon);
  EXPECT_THAT(world.creates, SizeIs(1));
  EXPECT_THAT(world.renderer.renders, IsEmpty()) << "nobody else makes it either";
  const Task task = world.task(id);
  EXPECT_EQ(task.state, TaskState::kFailed);
  EXPECT_EQ(task.failure_code, "unknown_submission");
  EXPECT_EQ(task.price_final, 0);
  ASSERT_THAT(world.ledger(), SizeIs(1));
  EXPECT_EQ(world.ledger()[0].units, 0);
  ASSERT_THAT(world.attempts(id), SizeIs(1));
  EXPECT_EQ(world.attempts(id)[0].state, AttemptState::kUnknown) << "kept for the operator";
}

TEST(RemoteSubmission, AnUpstreamThatIsFreeMayBeAskedTwice) {
  RemoteWorld world;
  world.add("vendor", "new-api").settings.free_to_repeat = true;
  world.use({"vendor"});
  int tries = 0;
  world.on_create = [&](const Request& request) {
    return ++tries == 1 ? world.network.fault(Fault::kAmbiguous) : world.arrive(request);
  };
  world.start();
  const TaskId id = world.submit();
  world.pass(world.kLongEnough);
  expect_one_success(world, id);
  EXPECT_THAT(world.creates, SizeIs(2));
}

TEST(RemoteSubmission, AHintDuringDoubtAsksOnceAndNotWithoutEnd) {
  RemoteWorld world;
  world.on_create = [&](const Request&) { return world.network.fault(Fault::kAmbiguous); };
  world.start();
  const TaskId id = world.submit();
  ASSERT_THAT(world.queries, SizeIs(1));
  EXPECT_TRUE(world.hint(id));
  EXPECT_THAT(world.queries, SizeIs(2)) << "at once, and once";
  world.pass(Millis{29'000});
  EXPECT_THAT(world.queries, SizeIs(2));
}

// P2: the configuration changes between crash and restart.

TEST(RemoteSubmission, AnAttemptIsPolledWhereItWasMadeWhateverTheConfigurationSaysLater) {
  for (const bool bound : {true, false}) {
    SCOPED_TRACE(bound ? "bound" : "ambiguous");
    RemoteWorld world;
    world.add("spare");
    if (!bound) {
      world.on_create = [&](const Request& request) -> MaybeReply {
        world.arrive(request);
        return std::nullopt;
      };
    }
    world.start();
    const TaskId id = world.submit();
    world.crash();
    world.queries.clear();
    world.known("vendor").settings.base_url = "https://elsewhere.test";
    world.known("vendor").credentials[0].credential.api_key = "another key";
    if (bound) {
      world.use({"vendor", "spare"});
    } else {
      world.use({"spare"});  // the provider is gone altogether
    }
    world.start();
    world.pass(world.kLongEnough);
    expect_one_success(world, id);
    ASSERT_THAT(world.queries, Not(IsEmpty()));
    for (const Request& query : world.queries) {
      EXPECT_TRUE(query.url.starts_with("https://vendor.test/")) << query.url;
      EXPECT_EQ(*query.headers.find("Authorization"), "Bearer key-of-first");
    }
    EXPECT_THAT(world.creates, SizeIs(1));
  }
}

// Refusals and outages.

TEST(RemoteSubmission, AFullResourcePackNeverFailsATask) {
  RemoteWorld world;
  bool full = true;
  world.on_create = [&](const Request& request) {
    return full ? RemoteWorld::refusal(429, 1303, "parallel task over resource pack limit")
                : world.arrive(request);
  };
  world.start();
  const TaskId id = world.submit();
  world.pass(60 * kMinute);
  EXPECT_FALSE(is_terminal(world.task(id).state));
  EXPECT_EQ(world.task(id).failures, 0);
  EXPECT_LT(world.creates.size(), 80u) << "and is not hammered";
  full = false;
  world.pass(10 * kMinute);
  expect_one_success(world, id);
}

TEST(RemoteSubmission, ARefusedCredentialIsParkedAndAnotherOneTakesItsPlace) {
  RemoteWorld world;
  RemoteWorld::add_key(world.known("vendor"), "second");
  world.use({"vendor", "previz"});
  world.on_create = [&](const Request& request) {
    const bool refused = *request.headers.find("Authorization") == "Bearer key-of-first";
    return refused ? RemoteWorld::refusal(401, 1002) : world.arrive(request);
  };
  world.start();
  const TaskId first = world.submit();
  world.pass(world.kLongEnough);
  expect_one_success(world, first);
  const auto attempts = world.attempts(first);
  ASSERT_THAT(attempts, SizeIs(2));
  EXPECT_EQ(attempts[0].state, AttemptState::kAbsent);
  EXPECT_EQ(attempts[1].credential, "second");
  EXPECT_EQ(attempts[1].handle, first.to_string() + "-2");
  world.submit();
  EXPECT_EQ(*world.creates.back().headers.find("Authorization"), "Bearer key-of-second")
      << "nobody tries the parked one meanwhile";
  EXPECT_THAT(world.creates, SizeIs(3));
  EXPECT_THAT(world.renderer.renders, IsEmpty());
}

TEST(RemoteSubmission, ARefusedCredentialWithoutAnotherFallsOverToTheNextProvider) {
  RemoteWorld world;
  world.add("spare");
  world.use({"vendor", "spare"});
  world.on_create = [&](const Request& request) {
    const bool refused = request.url.starts_with("https://vendor.test");
    return refused ? RemoteWorld::refusal(429, 1102) : world.arrive(request);
  };
  world.start();
  const TaskId id = world.submit();
  world.pass(world.kLongEnough);
  EXPECT_EQ(world.task(id).state, TaskState::kSucceeded);
  EXPECT_EQ(world.upstream("vendor").accepted(), 0);
  EXPECT_EQ(world.upstream("spare").accepted(), 1);
  EXPECT_EQ(world.task(id).failures, 0);
}

TEST(RemoteSubmission, AnUnreachableProviderIsLeftAfterThreeTries) {
  RemoteWorld world;
  world.add("spare");
  world.use({"vendor", "spare"});
  world.on_create = [&](const Request& request) {
    const bool down = request.url.starts_with("https://vendor.test");
    return down ? world.network.fault(Fault::kNotSent) : world.arrive(request);
  };
  world.start();
  const TaskId id = world.submit();
  world.pass(2 * kMinute);
  EXPECT_EQ(world.task(id).state, TaskState::kSucceeded);
  EXPECT_THAT(world.creates, SizeIs(4));
  EXPECT_THAT(world.events(id), Contains("provider_unreachable"));
}

TEST(RemoteSubmission, AnUnreachableProviderWithoutAnotherIsTriedUntilItIsBack) {
  RemoteWorld world;
  bool down = true;
  world.on_create = [&](const Request& request) {
    return down ? world.network.fault(Fault::kNotSent) : world.arrive(request);
  };
  world.start();
  const TaskId id = world.submit();
  world.pass(30 * kMinute);
  EXPECT_EQ(world.task(id).failures, 0) << "an outage is no failure of the task";
  down = false;
  world.pass(10 * kMinute);
  EXPECT_EQ(world.task(id).state, TaskState::kSucceeded);
}

TEST(RemoteSubmission, AStaleSignatureIsSignedAnewOnce) {
  RemoteWorld world;
  int tries = 0;
  world.on_create = [&](const Request& request) {
    return ++tries == 1 ? RemoteWorld::refusal(401, 1004) : world.arrive(request);
  };
  world.start();
  const TaskId id = world.submit();
  world.pass(world.kLongEnough);
  expect_one_success(world, id);
  EXPECT_THAT(world.creates, SizeIs(2));
}

TEST(RemoteSubmission, AContentRefusalIsFinalAndFree) {
  RemoteWorld world;
  world.on_create = [](const Request&) {
    return RemoteWorld::refusal(400, 1301, "Failure to pass the risk control system");
  };
  world.start();
  const TaskId id = world.submit();
  const Task task = world.task(id);
  EXPECT_EQ(task.state, TaskState::kFailed);
  EXPECT_EQ(task.failure_code, "content_policy");
  EXPECT_EQ(task.price_final, 0);
  EXPECT_THAT(world.creates, SizeIs(1));
}

TEST(RemoteSubmission, WhatAProviderWasNeverGivenIsReroutedOnceTheConfigurationDropsIt) {
  for (const bool queued : {true, false}) {
    SCOPED_TRACE(queued ? "in its queue" : "attempted, and proven absent");
    RemoteWorld world;
    world.add("spare");
    if (queued) world.known("vendor").credentials[0].concurrency = 0;
    world.use({"vendor"});
    const RemoteWorld::Handler arrive = world.on_create;
    world.on_create = [](const Request&) { return RemoteWorld::refusal(429, 1303); };
    world.start();
    const TaskId id = world.submit();
    world.pass(Millis{1'000});
    EXPECT_EQ(world.task(id).state, queued ? TaskState::kQueued : TaskState::kSubmitting);
    EXPECT_EQ(world.task(id).provider, "vendor");
    world.crash();
    world.on_create = arrive;
    world.use({"spare"});
    world.start();
    world.pass(5 * kMinute);
    EXPECT_EQ(world.task(id).state, TaskState::kSucceeded);
    EXPECT_EQ(world.task(id).provider, "spare");
    EXPECT_EQ(world.upstream("spare").accepted(), 1);
    EXPECT_EQ(world.upstream("vendor").accepted(), 0);
  }
}

TEST(RemoteSubmission, NoMoreJobsAreOpenThanTheCredentialAllows) {
  RemoteWorld world;
  world.known("vendor").credentials[0].concurrency = 2;
  world.use({"vendor"});
  world.start();
  for (int i = 0; i < 5; ++i) world.submit();
  world.settle();
  EXPECT_EQ(world.upstream().accepted(), 2);
  world.pass(10 * kMinute);
  EXPECT_EQ(world.upstream().accepted(), 5);
}

// Cancel.

TEST(RemoteCancel, BeforeAnythingWasSentItEndsAndNothingIsPaid) {
  RemoteWorld world;
  world.on_create = [](const Request&) { return RemoteWorld::refusal(429, 1303); };
  world.start();
  const TaskId id = world.submit();
  EXPECT_EQ(world.ask(world.engine().cancel({"alice"}, id)), Cancel::kWillEnd);
  world.settle();
  EXPECT_EQ(world.task(id).failure_code, "cancelled");
  EXPECT_EQ(world.ledger().at(0).units, 0);
  EXPECT_EQ(world.upstream().accepted(), 0);
}

TEST(RemoteCancel, AfterTheProviderHasItItIsTooLateAndTheTaskGoesOn) {
  RemoteWorld world;
  world.start();
  const TaskId id = world.submit();
  EXPECT_EQ(world.ask(world.engine().cancel({"alice"}, id)), Cancel::kTooLate);
  world.pass(world.kLongEnough);
  expect_one_success(world, id);
}

TEST(RemoteCancel, WhileNobodyKnowsWhetherItWasAcceptedNothingIsSentAgain) {
  RemoteWorld world;
  world.on_create = [&](const Request&) { return world.network.fault(Fault::kAmbiguous); };
  world.start();
  const TaskId id = world.submit();
  EXPECT_EQ(world.ask(world.engine().cancel({"alice"}, id)), Cancel::kWillEnd);
  world.pass(3 * kMinute);
  EXPECT_THAT(world.creates, SizeIs(1)) << "absence was proven, and nobody wants it any more";
  EXPECT_EQ(world.task(id).failure_code, "cancelled");
  EXPECT_EQ(world.attempts(id).at(0).state, AttemptState::kAbsent);
}

}  // namespace
}  // namespace rushes::engine
