// Tasks at remote providers from their bind to their end, under faults (docs/faults.md).
#include "server/engine/remote.h"

#include "testing/remote_world.h"

namespace rushes::engine {
namespace {

using http::Fault;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;
using ::testing::StartsWith;
using Request = RemoteWorld::Request;
using Reply = RemoteWorld::Reply;
using Rules = RemoteWorld::Rules;
using MaybeReply = std::optional<Reply>;

constexpr Millis kMinute{60'000};

TEST(Remote, ATaskIsMadeByItsProvider) {
  RemoteWorld world;
  world.start();
  const TaskId id = world.submit();
  EXPECT_EQ(world.task(id).state, TaskState::kRunning);
  world.pass(world.kLongEnough);
  expect_one_success(world, id);
  const auto attempts = world.attempts(id);
  ASSERT_THAT(attempts, SizeIs(1));
  EXPECT_EQ(attempts[0].state, AttemptState::kSucceeded);
  EXPECT_EQ(attempts[0].cost, 30);
}

// Polls.

TEST(Remote, EveryCreateIsSeenAtOnceNotOnlyTheFirst) {
  RemoteWorld world;
  world.start();
  for (int i = 1; i <= 3; ++i) {
    world.submit();
    world.settle();
    EXPECT_EQ(world.upstream().accepted(), i) << "without any time passing";
  }
}

TEST(Remote, EveryNewStateIsToldToTheClientAtOnce) {
  RemoteWorld world;
  world.start();
  world.submit_with([](Spec& spec) { spec.callback_url = "https://client.test/hook"; });
  const auto told = [&] {
    std::vector<std::string> states;
    for (const Request& request : world.callbacks) {
      states.push_back(request.body.substr(0, request.body.find(' ')));
    }
    return states;
  };
  world.settle();
  EXPECT_THAT(told(), ElementsAre("submitted", "processing"));
  world.pass(world.kLongEnough);
  EXPECT_THAT(told(), ElementsAre("submitted", "processing", "succeed"));
}

TEST(RemotePoll, AWordThatNobodyKnowsMeansThatTheJobGoesOn) {
  RemoteWorld world(Rules{.unknown_word_every = 1});
  world.start();
  const TaskId id = world.submit();
  world.pass(Millis{10'500});
  EXPECT_EQ(world.task(id).state, TaskState::kRunning);
  EXPECT_EQ(world.attempts(id).at(0).state, AttemptState::kBound);
  world.pass(world.kLongEnough);
  expect_one_success(world, id);
}

TEST(RemotePoll, SuccessWithoutAUrlIsNotSuccess) {
  RemoteWorld world(Rules{.no_url_every = 1, .no_url = 5 * kMinute});
  world.start();
  const TaskId id = world.submit();
  world.pass(4 * kMinute);
  EXPECT_EQ(world.task(id).state, TaskState::kRunning);
  world.pass(2 * kMinute);
  expect_one_success(world, id);
}

TEST(RemotePoll, ErrorsOfAQueryAreNoVerdict) {
  RemoteWorld world;
  int queries = 0;
  world.on_query = [&](const Request& request) {
    const Reply answers[] = {RemoteWorld::refusal(500, 5000), RemoteWorld::refusal(404, 1203),
                             RemoteWorld::refusal(401, 1002),
                             world.network.fault(Fault::kAmbiguous),
                             world.network.fault(Fault::kNotSent)};
    return queries < 5 ? answers[queries++] : world.arrive(request);
  };
  world.start();
  const TaskId id = world.submit();
  world.pass(10 * kMinute);
  EXPECT_EQ(queries, 5);
  expect_one_success(world, id);
}

TEST(RemotePoll, AJobThatAVolatileProviderForgotIsMadeAnew) {
  for (const bool is_volatile : {true, false}) {
    SCOPED_TRACE(is_volatile);
    RemoteWorld world;
    world.known("vendor").settings.volatile_store = is_volatile;
    world.use({"vendor"});
    world.start();
    const TaskId id = world.submit();
    world.upstream().restart();
    world.pass(5 * kMinute);
    if (is_volatile) {
      EXPECT_EQ(world.task(id).state, TaskState::kSucceeded);
      EXPECT_EQ(world.task(id).failures, 1);
      EXPECT_EQ(world.attempts(id).at(1).handle, id.to_string() + "-2");
      EXPECT_EQ(world.upstream().accepted(id.to_string() + "-2"), 1);
    } else {
      EXPECT_EQ(world.task(id).state, TaskState::kRunning) << "404 proves nothing there";
      EXPECT_THAT(world.creates, SizeIs(1));
    }
  }
}

TEST(RemotePoll, PastTheHorizonItIsAskedOnceMoreAndThenExpires) {
  RemoteWorld world(Rules{.hang_every = 1});
  world.start();
  const TaskId id = world.submit();
  world.pass(world.kHorizon - Millis{1});
  EXPECT_EQ(world.task(id).state, TaskState::kRunning) << "overdue is not failed";
  const size_t asked = world.queries.size();
  world.pass(kMinute);
  const Task task = world.task(id);
  EXPECT_EQ(world.queries.size(), asked + 1);
  EXPECT_EQ(task.failure_code, "expired");
  EXPECT_EQ(task.failure_message, "Task expired");
  EXPECT_EQ(task.price_final, 0);
  EXPECT_EQ(world.attempts(id).at(0).state, AttemptState::kUnknown);
}

TEST(RemotePoll, ASuccessThatTheLastQuestionBringsIsAccepted) {
  RemoteWorld world(Rules{.render = RemoteWorld::kHorizon - Millis{2'000}});
  bool down = false;
  world.on_query = [&](const Request& request) {
    return down ? world.network.fault(Fault::kNotSent) : world.arrive(request);
  };
  world.start();
  const TaskId id = world.submit();
  world.pass(60 * kMinute);
  world.crash();  // down over the horizon
  world.clock.move_to(world.clock.now() + world.kHorizon);
  world.start();
  world.pass(kMinute);
  expect_one_success(world, id);
}

TEST(RemotePoll, AFailureIsFinalFreeAndInOurWords) {
  RemoteWorld world(Rules{.fail_every = 1});
  world.start();
  const TaskId id = world.submit();
  world.pass(world.kLongEnough);
  const Task task = world.task(id);
  EXPECT_EQ(task.state, TaskState::kFailed);
  EXPECT_EQ(task.failure_code, "content_policy");
  EXPECT_EQ(task.price_final, 0);
  EXPECT_EQ(world.attempts(id).at(0).state, AttemptState::kFailed);
}

// What the operator learns of polls that bring nothing.

TEST(RemoteTrouble, AWordThatNobodyKnowsIsToldAndKeptOnceForEach) {
  RemoteWorld world(Rules{.hang_every = 1});
  std::string word = "reviewing";
  world.on_query = [&](const Request& request) {
    Reply reply = world.arrive(request);
    const size_t at = reply.body.find("processing");
    if (at != reply.body.npos) reply.body.replace(at, 10, word);
    return reply;
  };
  world.start();
  const TaskId id = world.submit();
  world.pass(5 * kMinute);
  const std::string prefix = "warn unexpected_status task=" + id.to_string() +
                             " attempt=1 provider=vendor reason=the status '";
  EXPECT_THAT(world.log.lines_of("unexpected_status"),
              ElementsAre(prefix + "reviewing' is unknown"));
  EXPECT_EQ(world.attempts(id).at(0).status, "reviewing");
  EXPECT_EQ(world.attempts(id).at(0).reason, "the status 'reviewing' is unknown");

  word = "paused";
  world.pass(kMinute);
  EXPECT_EQ(world.attempts(id).at(0).status, "paused");
  word = "processing";
  world.pass(kMinute);
  EXPECT_EQ(world.attempts(id).at(0).status, "processing");
  EXPECT_EQ(world.attempts(id).at(0).reason, "") << "it is over";
  word = "reviewing";
  world.pass(kMinute);
  EXPECT_EQ(world.attempts(id).at(0).status, "reviewing");
  EXPECT_THAT(world.log.lines_of("unexpected_status"),
              ElementsAre(prefix + "reviewing' is unknown", prefix + "paused' is unknown"));
  EXPECT_THAT(world.log.lines_of("poll_failed"), IsEmpty());
}

TEST(RemoteTrouble, AnUpstreamWithEndlessWordsDoesNotFillTheLog) {
  RemoteWorld world(Rules{.hang_every = 1});
  int polls = 0;
  world.on_query = [&](const Request& request) {
    Reply reply = world.arrive(request);
    const size_t at = reply.body.find("processing");
    if (at != reply.body.npos) reply.body.replace(at, 10, "word" + std::to_string(++polls));
    return reply;
  };
  world.start();
  world.submit();
  world.pass(60 * kMinute);
  EXPECT_GT(polls, 100);
  EXPECT_THAT(world.log.lines_of("unexpected_status"), SizeIs(10));
}

TEST(RemoteTrouble, SuccessWithoutAUrlIsTold) {
  RemoteWorld world(Rules{.no_url_every = 1, .no_url = 5 * kMinute});
  world.start();
  const TaskId id = world.submit();
  world.pass(4 * kMinute);
  EXPECT_THAT(world.log.lines_of("unexpected_status"),
              ElementsAre(HasSubstr("reason=success without the URL of a video")));
  EXPECT_EQ(world.attempts(id).at(0).reason, "success without the URL of a video");
  world.pass(2 * kMinute);
  expect_one_success(world, id);
  EXPECT_EQ(world.attempts(id).at(0).reason, "");
}

TEST(RemoteTrouble, APollThatFailsIsToldAndKeptWhenItBegins) {
  RemoteWorld world(Rules{.hang_every = 1});
  bool down = true;
  Reply answer = RemoteWorld::refusal(400, 1200, "what?");
  world.on_query = [&](const Request& request) { return down ? answer : world.arrive(request); };
  world.start();
  const TaskId id = world.submit();
  world.pass(10 * kMinute);
  EXPECT_THAT(world.log.lines_of("poll_failed"),
              ElementsAre("warn poll_failed task=" + id.to_string() +
                          " attempt=1 provider=vendor reason=what?"));
  EXPECT_EQ(world.attempts(id).at(0).status, "1200");
  EXPECT_EQ(world.attempts(id).at(0).reason, "what?");

  answer = RemoteWorld::refusal(404, 1203, "no such task");
  world.pass(10 * kMinute);
  EXPECT_THAT(world.log.lines_of("job_not_found"), SizeIs(1)) << "trouble of another kind";
  EXPECT_EQ(world.attempts(id).at(0).reason, "no such task");

  down = false;
  world.pass(2 * kMinute);
  EXPECT_EQ(world.attempts(id).at(0).status, "processing");
  EXPECT_EQ(world.attempts(id).at(0).reason, "");
  down = true;
  world.pass(2 * kMinute);
  EXPECT_THAT(world.log.lines_of("job_not_found"), SizeIs(2));
  EXPECT_THAT(world.log.lines_of("poll_failed"), SizeIs(1));
}

TEST(RemoteTrouble, AStoreThatRefusesARemarkDoesNotCostTheTask) {
  RemoteWorld world;
  int queries = 0;
  world.on_query = [&](const Request& request) {
    world.store.refuses_writes = ++queries == 1;
    return queries == 1 ? RemoteWorld::refusal(500, 5000) : world.arrive(request);
  };
  world.start();
  const TaskId id = world.submit();
  EXPECT_TRUE(world.store.refuses_writes);
  EXPECT_EQ(world.attempts(id).at(0).reason, "");
  world.pass(2 * kMinute);
  expect_one_success(world, id);
  EXPECT_THAT(world.log.lines_of("task_lost"), IsEmpty());
}

// Gates.

TEST(RemoteGate, AProviderOutOfReachIsToldWhenItGoesAndWhenItComesBack) {
  for (const auto& [outage, kind] :
       {std::pair{testing::ScriptedNetwork::fault(Fault::kNotSent),
                  "not_sent: a reason for the operator"},
        std::pair{testing::ScriptedNetwork::status(503), "HTTP 503"}}) {
    SCOPED_TRACE(kind);
    RemoteWorld world(Rules{.hang_every = 1});
    std::optional<Reply> answer = outage;
    world.on_query = [&](const Request& request) {
      return answer ? *answer : world.arrive(request);
    };
    world.start();
    world.submit();
    world.submit();
    world.pass(Millis{10'000});
    EXPECT_THAT(world.log.lines_of("provider_unreachable"), IsEmpty()) << "four are bad luck";
    world.pass(30 * kMinute);
    ASSERT_THAT(world.log.lines_of("provider_unreachable"), SizeIs(1));
    const std::string line = world.log.lines_of("provider_unreachable")[0];
    EXPECT_THAT(line, StartsWith("error provider_unreachable provider=vendor credential=first "
                                 "reason=" +
                                 std::string(kind) + " until="));
    EXPECT_THAT(line, Not(HasSubstr("key-of-first"))) << "never the secret";
    answer.reset();
    world.pass(2 * kMinute);
    EXPECT_THAT(world.log.lines_of("provider_back"),
                ElementsAre("info provider_back provider=vendor credential=first"));
    EXPECT_THAT(world.log.lines_of("provider_unreachable"), SizeIs(1));
  }
}

TEST(RemoteGate, ARefusedCredentialIsToldOnceForAllItsTasks) {
  RemoteWorld world(Rules{.hang_every = 1});
  world.start();
  world.submit();
  world.submit();
  world.on_query = [](const Request&) { return RemoteWorld::refusal(401, 1002, "who are you"); };
  world.pass(30 * kMinute);
  ASSERT_THAT(world.log.lines_of("credential_refused"), SizeIs(1));
  EXPECT_THAT(world.log.lines_of("credential_refused")[0],
              StartsWith("error credential_refused provider=vendor credential=first "
                         "reason=who are you until="));
  EXPECT_THAT(world.log.lines_of("poll_failed"), SizeIs(2)) << "one for each";
  EXPECT_THAT(world.log.lines_of("provider_back"), IsEmpty());
}

// Hints.

TEST(RemoteHint, WakesThePollAndAWrongSecretDoesNothing) {
  RemoteWorld world;
  world.start();
  const TaskId id = world.submit();
  world.pass(Millis{5'000});
  const size_t asked = world.queries.size();
  const std::string secret = world.secret_of(world.creates.at(0));
  EXPECT_FALSE(world.engine().hint(id, 1, "wrong"));
  EXPECT_FALSE(world.engine().hint(id, 1, ""));
  EXPECT_FALSE(world.engine().hint(id, 2, secret)) << "it is for one attempt";
  EXPECT_FALSE(world.engine().hint(TaskId{id.value + 1}, 1, secret)) << "and for one task";
  world.settle();
  EXPECT_EQ(world.queries.size(), asked);
  EXPECT_TRUE(world.hint(id));
  EXPECT_EQ(world.queries.size(), asked + 1) << "at once";
  EXPECT_EQ(world.task(id).state, TaskState::kRunning) << "and nothing else is believed";
}

TEST(RemoteHint, WithoutAPublicAddressNoneIsAskedFor) {
  Options options = RemoteWorld::patient();
  options.callback_base_url.clear();
  RemoteWorld world({}, std::move(options));
  world.start();
  const TaskId id = world.submit();
  EXPECT_EQ(world.posted(world.creates.at(0), "callback_url"), "");
  world.pass(world.kLongEnough);
  expect_one_success(world, id);
}

// P4: one end, one ledger line.

TEST(RemoteSettlement, PollAndDuplicateCallbacksReportSuccessTogetherAndItEndsOnce) {
  RemoteWorld world;
  world.on_query = [&](const Request&) -> MaybeReply { return std::nullopt; };
  world.start();
  const TaskId id = world.submit();
  world.pass(Millis{20'000});
  ASSERT_EQ(world.network.waiting(), 1u) << "a poll is under way";
  EXPECT_TRUE(world.hint(id));
  EXPECT_TRUE(world.hint(id));
  world.on_query = [&](const Request& request) { return world.arrive(request); };
  world.network.reply(world.network.exchanges.size() - 1, world.arrive(world.queries.back()));
  world.settle();
  EXPECT_TRUE(world.hint(id)) << "it is known, even when it is over";
  world.pass(world.kLongEnough);
  expect_one_success(world, id);
  EXPECT_THAT(world.downloads, SizeIs(1));
}

TEST(RemoteSettlement, SuccessAndCancelTogetherEndItOnce) {
  RemoteWorld world;
  world.on_download = [](const Request&) -> MaybeReply { return std::nullopt; };
  world.start();
  const TaskId id = world.submit();
  world.pass(Millis{20'000});
  ASSERT_THAT(world.downloads, SizeIs(1));
  EXPECT_EQ(world.task(id).state, TaskState::kFetching);
  // The mark of a cancel that another node accepted a moment ago.
  EXPECT_TRUE(store::value_of(
      store::run(world.durable_store->request_cancel({"alice"}, id, world.clock.now()))));
  world.network.reply(world.network.exchanges.size() - 1,
                      RemoteWorld::file(world.downloads[0], "a video"));
  world.pass(world.kLongEnough);
  expect_one_success(world, id);
}

TEST(RemoteSettlement, ANodeThatLostItsLeaseWhileItFetchedSettlesNothing) {
  RemoteWorld world;
  world.on_download = [](const Request&) -> MaybeReply { return std::nullopt; };
  world.start();
  const TaskId id = world.submit();
  world.pass(Millis{20'000});
  ASSERT_THAT(world.downloads, SizeIs(1));
  // Another node finds the lease expired.
  const Timestamp later = world.clock.now() + 60 * kMinute;
  const auto adopted = store::value_of(store::run(
      world.durable_store->adopt_remote({{"other"}, false, later, later + kMinute, 10})));
  ASSERT_THAT(adopted, SizeIs(1));
  world.network.reply(world.network.exchanges.size() - 1,
                      RemoteWorld::file(world.downloads[0], "a video"));
  world.settle();
  EXPECT_EQ(world.task(id).state, TaskState::kFetching) << "the write of the first was refused";
  EXPECT_THAT(world.ledger(), IsEmpty());
  store::Change change;
  change.id = id;
  change.from = TaskState::kFetching;
  change.attempt = 1;
  change.node = {"other"};
  change.to = TaskState::kFailed;
  change.at = later;
  change.event_name = "failed";
  change.price_final = 0;
  store::value_of(store::run(world.durable_store->change_task(std::move(change))));
  EXPECT_THAT(world.ledger(), SizeIs(1));
}

TEST(RemoteSettlement, ASuccessAfterTheHorizonIsBookedForTheOperatorOnly) {
  for (const bool fails : {false, true}) {
    SCOPED_TRACE(fails ? "failed there" : "succeeded there");
    Rules rules{.render = RemoteWorld::kHorizon + 10 * kMinute};
    rules.fail_every = fails ? 1 : 0;
    RemoteWorld world(rules);
    world.start();
    const TaskId id = world.submit();
    world.pass(world.kHorizon + kMinute);
    const Task expired = world.task(id);
    ASSERT_EQ(expired.failure_message, "Task expired");
    EXPECT_TRUE(world.hint(id)) << "it goes on there: asked, and nothing is known yet";
    EXPECT_EQ(world.attempts(id).at(0).state, AttemptState::kUnknown);
    world.pass(20 * kMinute);
    const size_t asked = world.queries.size();
    EXPECT_TRUE(world.hint(id));
    EXPECT_EQ(world.queries.size(), asked + 1);
    const Attempt attempt = world.attempts(id).at(0);
    EXPECT_EQ(attempt.state, fails ? AttemptState::kFailed : AttemptState::kSucceeded);
    EXPECT_EQ(attempt.cost, fails ? 0 : 30);
    EXPECT_TRUE(world.hint(id));
    EXPECT_EQ(world.queries.size(), asked + 1) << "it is booked, nobody asks again";
    const Task after = world.task(id);
    EXPECT_EQ(after.state, TaskState::kFailed);
    EXPECT_EQ(after.price_final, 0);
    EXPECT_EQ(after.updated_at, expired.updated_at);
    ASSERT_THAT(world.ledger(), SizeIs(1));
    EXPECT_EQ(world.ledger()[0].units, 0);
    EXPECT_THAT(world.downloads, IsEmpty());
  }
}

TEST(RemoteSettlement, AFailureReportedAfterSuccessChangesNothing) {
  RemoteWorld world;
  world.start();
  const TaskId id = world.submit();
  world.pass(world.kLongEnough);
  const Task done = world.task(id);
  const size_t asked = world.queries.size();
  world.on_query = [](const Request&) { return RemoteWorld::refusal(400, 1301); };
  EXPECT_TRUE(world.hint(id));
  world.pass(world.kLongEnough);
  EXPECT_EQ(world.queries.size(), asked);
  EXPECT_EQ(world.task(id).updated_at, done.updated_at);
  expect_one_success(world, id);
}

}  // namespace
}  // namespace rushes::engine
