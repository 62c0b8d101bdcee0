// Deliveries in a simulated world: what a receiver sees, and what the log says of it.
#include "server/engine/deliver.h"

#include <gmock/gmock.h>

#include "edge/store/conformance.h"
#include "edge/store/memory/memory_store.h"
#include "testing/fake_clock.h"
#include "testing/fakes.h"
#include "testing/scripted_network.h"

namespace rushes::engine {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::Ge;
using ::testing::IsEmpty;
using ::testing::Le;
using ::testing::SizeIs;
using Network = rushes::testing::ScriptedNetwork;

const std::string kBody = R"({"task_id":"1","task_status":"succeed"})";

// One event a public state; enough of the real one for the store.
class PlainOutbox final : public store::Outbox {
 public:
  std::optional<store::Delivery> owed(const Task& after) const override {
    store::Delivery delivery;
    delivery.id = TaskId{++last_};
    delivery.task = after.id;
    delivery.account = after.account;
    delivery.event = to_string(public_state(after));
    delivery.terminal = is_terminal(after.state);
    delivery.url = after.spec.callback_url;
    delivery.host = "receiver.example:443";
    delivery.body = delivery.event;
    delivery.created_at = delivery.due_at = after.updated_at;
    return delivery;
  }

 private:
  mutable uint64_t last_ = 1'000'000;
};

class World {
 public:
  explicit World(DeliverOptions options = {}) : options_(std::move(options)) {}
  ~World() { crash(); }

  void start() {
    io_ = std::make_unique<boost::asio::io_context>(1);
    DeliverServices services{
        *store,
        network,
        clock,
        entropy,
        clock,
        logger_,
        [](const AccountId&, std::string_view sealed) { return open_secret(sealed); }};
    deliver_ = std::make_unique<Deliver>(std::move(services), options_, io_->get_executor());
    deliver_->start();
    settle();
  }
  void crash() {
    network.forget();
    deliver_.reset();
    io_.reset();
  }
  void settle() {
    while (io_->poll_one() > 0) io_->restart();
    io_->restart();
  }
  void pass(Millis duration) {
    const Timestamp end = clock.now() + duration;
    for (;;) {
      settle();
      const auto next = clock.next_deadline();
      if (!next || *next > end) break;
      clock.move_to(*next);
    }
    clock.move_to(end);
    settle();
  }

  TaskId add(std::string host = "receiver.example:443", std::string event = "succeed") {
    store::Delivery delivery;
    delivery.id = TaskId{++last_id_};
    delivery.task = TaskId{10'000 + last_id_};
    delivery.account = {"alice"};
    delivery.event = std::move(event);
    delivery.url = "https://" + host + "/hook?key=1";
    delivery.host = std::move(host);
    delivery.body = kBody;
    delivery.created_at = delivery.due_at = clock.now();
    const TaskId id = delivery.id;
    EXPECT_TRUE(store::run(store->add_delivery(std::move(delivery))));
    return id;
  }
  // As the engine does after a change.
  void wake() {
    deliver_->wake();
    settle();
  }

  store::Delivery delivery(TaskId id) {
    return store::value_of(store::run(store->find_delivery({}, id))).value();
  }
  std::vector<store::DeliveryTry> tries(TaskId id) {
    return store::value_of(store::run(store->list_tries(id)));
  }
  void add_secret(const webhook::Secret& secret, std::optional<Timestamp> others_until = {}) {
    EXPECT_TRUE(store::run(store->add_webhook_secret({"alice"}, "sealed " + secret.to_string(),
                                                     clock.now(), others_until)));
  }
  webhook::Verdict verdict(size_t index, const webhook::Secret& secret) const {
    const http::OutboundRequest& request = network.exchanges.at(index)->request;
    return webhook::verify(request.headers, request.body, std::vector{secret}, clock.now());
  }
  Deliver& deliver() { return *deliver_; }

  std::unique_ptr<store::Store> store = store::make_memory_store(&outbox_);
  rushes::testing::FakeClock clock;
  rushes::testing::SeededEntropy entropy;
  Network network;

 private:
  static Result<webhook::Secret> open_secret(std::string_view sealed) {
    if (!sealed.starts_with("sealed ")) return fail(ErrorCode::kCorrupt, "not ours");
    return webhook::Secret::parse(sealed.substr(7));
  }

  PlainOutbox outbox_;
  rushes::testing::SilentLogger logger_;
  DeliverOptions options_;
  std::unique_ptr<boost::asio::io_context> io_;
  std::unique_ptr<Deliver> deliver_;
  uint64_t last_id_ = 0;
};

webhook::Secret secret_of(char letter) { return webhook::Secret::make(std::string(32, letter)); }

TEST(Deliver, ADueEventIsPostedAtOnceAndItsResultRecorded) {
  World world;
  world.start();
  world.network.answer = [&](const http::OutboundRequest&) {
    http::OutboundReply reply = Network::status(204);
    reply.body = "thanks \xff";
    return reply;
  };
  const TaskId id = world.add();
  world.wake();
  ASSERT_THAT(world.network.exchanges, SizeIs(1));
  const http::OutboundRequest& sent = world.network.exchanges[0]->request;
  EXPECT_EQ(sent.method, "POST");
  EXPECT_EQ(sent.url, "https://receiver.example:443/hook?key=1");
  EXPECT_EQ(sent.body, kBody);
  EXPECT_EQ(sent.egress, http::Egress::kGuarded);
  EXPECT_EQ(sent.timeout, Millis{15'000});
  EXPECT_EQ(sent.body_bytes_max, 4096u);
  EXPECT_TRUE(sent.cut_body);
  EXPECT_EQ(sent.redirects_max, 0);
  EXPECT_EQ(*sent.headers.find("webhook-id"), id.to_string());
  EXPECT_EQ(*sent.headers.find("webhook-timestamp"), std::to_string(to_unix_s(world.clock.now())));
  EXPECT_EQ(sent.headers.find("webhook-signature"), nullptr) << "the account has no secret";
  EXPECT_EQ(*sent.headers.find("Content-Type"), "application/json; charset=utf-8");
  EXPECT_EQ(world.delivery(id).state, store::DeliveryState::kDelivered);
  ASSERT_THAT(world.tries(id), SizeIs(1));
  EXPECT_EQ(world.tries(id)[0].status, 204);
  EXPECT_EQ(world.tries(id)[0].reply, "thanks \xEF\xBF\xBD");
  world.pass(std::chrono::hours(100));
  EXPECT_THAT(world.network.exchanges, SizeIs(1)) << "never again";
}

TEST(Deliver, WhatComesBackDecides) {
  wire::Headers patience, elsewhere;
  patience.add("Retry-After", "3600");
  elsewhere.add("Location", "https://elsewhere.example/");
  http::OutboundReply closed = Network::fault(http::Fault::kAmbiguous);
  closed.status = 200;
  const struct {
    const char* what;
    http::OutboundReply reply;
    store::DeliveryState state;
    Seconds wait;
    int status;
    const char* error;
  } cases[] = {
      {"down", Network::fault(http::Fault::kNotSent), store::DeliveryState::kPending, Seconds{5}, 0,
       "unreachable"},
      {"500", Network::status(500), store::DeliveryState::kPending, Seconds{5}, 500, ""},
      {"slow", Network::fault(http::Fault::kAmbiguous, Millis{15'000}),
       store::DeliveryState::kPending, Seconds{5}, 0, "timed_out"},
      {"301", Network::status(301, elsewhere), store::DeliveryState::kPending, Seconds{5}, 301, ""},
      {"429", Network::status(429, patience), store::DeliveryState::kPending, Seconds{3600}, 429,
       ""},
      {"closes after headers", closed, store::DeliveryState::kPending, Seconds{5}, 0, "broken_off"},
      {"private address", Network::fault(http::Fault::kRefused), store::DeliveryState::kPending,
       Seconds{5}, 0, "address_refused"},
      {"410", Network::status(410), store::DeliveryState::kGone, Seconds{0}, 410, ""},
      {"204", Network::status(204), store::DeliveryState::kDelivered, Seconds{0}, 204, ""},
  };
  for (const auto& expected : cases) {
    SCOPED_TRACE(expected.what);
    World world;
    world.start();
    world.network.answer = [&](const http::OutboundRequest&) { return expected.reply; };
    const TaskId id = world.add();
    world.wake();
    const store::Delivery after = world.delivery(id);
    EXPECT_EQ(after.state, expected.state);
    EXPECT_EQ(after.tries, 1);
    ASSERT_THAT(world.tries(id), SizeIs(1));
    EXPECT_EQ(world.tries(id)[0].status, expected.status);
    EXPECT_EQ(world.tries(id)[0].error, expected.error);
    world.network.answer = [](const http::OutboundRequest&) { return Network::status(200); };
    if (expected.state == store::DeliveryState::kPending) {
      const bool exact = expected.wait > Seconds{5};  // Retry-After has no jitter
      EXPECT_THAT(after.due_at - world.clock.now(),
                  AllOf(Ge(exact ? expected.wait : Millis{4'500}),
                        Le(exact ? expected.wait : Millis{5'500})));
      world.pass(after.due_at - world.clock.now() - Millis{1});
      EXPECT_THAT(world.network.exchanges, SizeIs(1)) << "not before its time";
      world.pass(Millis{1});
      EXPECT_EQ(world.delivery(id).state, store::DeliveryState::kDelivered);
    } else {
      world.pass(std::chrono::hours(100));
      EXPECT_THAT(world.network.exchanges, SizeIs(1)) << "never again";
    }
  }
}

TEST(Deliver, TheScheduleEndsAfterTenTriesWithTheSameIdAndBytes) {
  World world;
  const webhook::Secret secret = secret_of('a');
  world.add_secret(secret);
  world.network.answer = [&](const http::OutboundRequest& request) {
    EXPECT_EQ(webhook::verify(request.headers, request.body, std::vector{secret}, world.clock.now(),
                              Seconds{0}),
              webhook::Verdict::kValid);
    EXPECT_EQ(request.body, kBody);
    return Network::status(500);
  };
  const TaskId id = world.add();
  world.start();
  world.pass(std::chrono::hours(100));
  EXPECT_EQ(world.delivery(id).state, store::DeliveryState::kExhausted);
  ASSERT_THAT(world.network.exchanges, SizeIs(10));
  for (const auto& exchange : world.network.exchanges) {
    EXPECT_EQ(*exchange->request.headers.find("webhook-id"), id.to_string());
  }
  const auto tries = world.tries(id);
  ASSERT_THAT(tries, SizeIs(10));
  const int64_t delays_s[] = {5, 300, 1800, 7200, 18'000, 36'000, 50'400, 72'000, 86'400};
  for (size_t i = 1; i < tries.size(); ++i) {
    const auto waited = static_cast<double>((tries[i].at - tries[i - 1].at).count()) / 1000;
    const auto planned = static_cast<double>(delays_s[i - 1]);
    EXPECT_THAT(waited, AllOf(Ge(planned * 0.9), Le(planned * 1.1 + 0.001)));
    EXPECT_EQ(tries[i].number, static_cast<int>(i) + 1);
  }
}

TEST(Deliver, AfterACrashBetweenThePostAndItsRecordItIsSentAgainUnchanged) {
  World world;
  const webhook::Secret secret = secret_of('a');
  world.add_secret(secret);
  const TaskId id = world.add();
  world.network.answer = [](const http::OutboundRequest&) { return std::nullopt; };
  world.start();
  ASSERT_THAT(world.network.exchanges, SizeIs(1)) << "the receiver has it";
  world.crash();
  world.clock.move_to(world.clock.now() + Seconds{2});
  world.network.answer = [](const http::OutboundRequest&) { return Network::status(200); };
  world.start();
  ASSERT_THAT(world.network.exchanges, SizeIs(2)) << "at once, without waiting for its lease";
  const auto& first = world.network.exchanges[0]->request;
  const auto& second = world.network.exchanges[1]->request;
  EXPECT_EQ(first.body, second.body);
  EXPECT_EQ(*first.headers.find("webhook-id"), *second.headers.find("webhook-id"));
  EXPECT_NE(*first.headers.find("webhook-timestamp"), *second.headers.find("webhook-timestamp"));
  EXPECT_EQ(world.verdict(0, secret), webhook::Verdict::kValid);
  EXPECT_EQ(world.verdict(1, secret), webhook::Verdict::kValid);
  EXPECT_EQ(world.delivery(id).state, store::DeliveryState::kDelivered);
  EXPECT_THAT(world.tries(id), SizeIs(1));
}

TEST(Deliver, WorkOfAnotherNodeIsTakenOverWhenItsLeaseRunsOut) {
  World world;
  const TaskId id = world.add();
  store::ClaimDeliveries other;
  other.node = {"other"};
  other.now = world.clock.now();
  other.lease_until = world.clock.now() + Seconds{60};
  other.limit = other.per_host_max = 10;
  ASSERT_THAT(store::value_of(store::run(world.store->claim_deliveries(other))), SizeIs(1));
  world.start();
  world.pass(Seconds{59});
  EXPECT_THAT(world.network.exchanges, IsEmpty());
  world.pass(Seconds{2});
  EXPECT_EQ(world.delivery(id).state, store::DeliveryState::kDelivered);
}

TEST(Deliver, ARotatedSecretSignsBesideTheNewOneUntilItExpires) {
  World world;
  const webhook::Secret old_secret = secret_of('o'), new_secret = secret_of('n');
  world.add_secret(old_secret);
  world.network.answer = [](const http::OutboundRequest&) { return Network::status(500); };
  world.add();
  world.start();
  EXPECT_EQ(world.verdict(0, old_secret), webhook::Verdict::kValid);
  world.pass(Seconds{2});
  world.add_secret(new_secret, world.clock.now() + Seconds{200});
  world.pass(Seconds{8});
  ASSERT_THAT(world.network.exchanges, SizeIs(2));
  EXPECT_EQ(world.verdict(1, old_secret), webhook::Verdict::kValid);
  EXPECT_EQ(world.verdict(1, new_secret), webhook::Verdict::kValid);
  world.pass(Seconds{290});
  while (world.network.exchanges.size() < 3) world.pass(Seconds{10});
  EXPECT_EQ(world.verdict(2, old_secret), webhook::Verdict::kNoMatch);
  EXPECT_EQ(world.verdict(2, new_secret), webhook::Verdict::kValid);
}

TEST(Deliver, ASecretThatDiedAtOnceSignsNothingASecondLater) {
  World world;
  const webhook::Secret old_secret = secret_of('o'), new_secret = secret_of('n');
  world.add_secret(old_secret);
  world.start();
  world.add();
  world.wake();
  EXPECT_EQ(world.verdict(0, old_secret), webhook::Verdict::kValid);
  world.add_secret(new_secret, world.clock.now());
  world.pass(Seconds{1});
  world.add();
  world.wake();
  EXPECT_EQ(world.verdict(1, old_secret), webhook::Verdict::kNoMatch);
  EXPECT_EQ(world.verdict(1, new_secret), webhook::Verdict::kValid);
}

TEST(Deliver, WithoutItsSecretNothingIsSentUnsigned) {
  World world;
  EXPECT_TRUE(store::run(
      world.store->add_webhook_secret({"alice"}, "of another server", world.clock.now(), {})));
  const TaskId id = world.add();
  world.start();
  EXPECT_THAT(world.network.exchanges, IsEmpty());
  EXPECT_EQ(world.delivery(id).state, store::DeliveryState::kPending);
  ASSERT_THAT(world.tries(id), SizeIs(1));
  EXPECT_EQ(world.tries(id)[0].error, "secret_unreadable");
}

TEST(Deliver, ADeadReceiverWithAThousandEventsSlowsNobody) {
  World world;
  world.network.answer =
      [](const http::OutboundRequest& request) -> std::optional<http::OutboundReply> {
    if (request.url.contains("dead")) return std::nullopt;
    return Network::status(200);
  };
  for (int i = 0; i < 1'000; ++i) world.add("dead.example:443");
  const TaskId early = world.add("alive.example:443");
  world.start();
  EXPECT_EQ(world.delivery(early).state, store::DeliveryState::kDelivered);
  EXPECT_EQ(world.network.waiting(), 16u) << "no more at once to one host";
  for (int i = 0; i < 100; ++i) {
    const TaskId later = world.add("alive.example:443");
    world.wake();
    ASSERT_EQ(world.delivery(later).state, store::DeliveryState::kDelivered);
  }
  EXPECT_EQ(world.network.waiting(), 16u);
}

TEST(Deliver, AtMostAsManyTriesAtOnceAsAllowed) {
  World world({.parallel_max = 5, .per_host_max = 3});
  world.network.answer = [](const http::OutboundRequest&) { return std::nullopt; };
  for (int host = 0; host < 4; ++host) {
    for (int i = 0; i < 4; ++i) world.add("h" + std::to_string(host) + ".example:443");
  }
  world.start();
  EXPECT_EQ(world.network.waiting(), 5u);
  world.network.reply(0, Network::status(200));
  world.settle();
  EXPECT_EQ(world.network.waiting(), 5u) << "the next one takes the free place";
  for (size_t i = 1; i < 16; ++i) {
    world.network.reply(i, Network::status(200));
    world.settle();
  }
  EXPECT_THAT(world.network.exchanges, SizeIs(16));
  EXPECT_TRUE(world.deliver().idle());
}

TEST(Deliver, EventsOfATaskComeInOrderAndTheLastOneDropsThoseBeforeIt) {
  World world;
  std::vector<std::string> received;
  bool up = true;
  world.network.answer = [&](const http::OutboundRequest& request) {
    if (up) received.push_back(request.body);
    return Network::status(up ? 200 : 500);
  };
  world.start();
  store::NewTask wanted;
  wanted.task.id = TaskId{7};
  wanted.task.account = {"alice"};
  wanted.task.provider = "previz";
  wanted.task.spec.callback_url = "https://receiver.example/hook";
  wanted.task.created_at = wanted.task.updated_at = world.clock.now();
  ASSERT_TRUE(store::run(world.store->create_task(std::make_unique<store::NewTask>(wanted))));
  world.wake();
  EXPECT_THAT(received, ElementsAre("submitted"));
  up = false;
  store::ClaimRequest claim{.node = {"n"},
                            .now = world.clock.now(),
                            .lease_until = world.clock.now() + std::chrono::hours(9),
                            .limit = 1};
  claim.provider = "previz";
  const auto claimed = store::value_of(store::run(world.store->claim_tasks(claim)));
  ASSERT_THAT(claimed, SizeIs(1));
  world.wake();
  world.pass(Seconds{60});
  EXPECT_THAT(world.network.exchanges, SizeIs(3)) << "processing, twice in vain";
  store::Change change;
  change.id = TaskId{7};
  change.from = TaskState::kRendering;
  change.attempt = claimed[0].attempt;
  change.node = {"n"};
  change.to = TaskState::kFailed;
  change.at = world.clock.now();
  change.event_name = "failed";
  change.price_final = 0;
  ASSERT_TRUE(store::run(world.store->change_task(change)));
  up = true;
  world.wake();
  world.pass(std::chrono::hours(100));
  EXPECT_THAT(received, ElementsAre("submitted", "failed"));
  const auto all =
      store::value_of(store::run(world.store->list_deliveries({"alice"}, TaskId{7}, 10)));
  ASSERT_THAT(all, SizeIs(3));
  EXPECT_EQ(all[0].state, store::DeliveryState::kDelivered);
  EXPECT_EQ(all[1].state, store::DeliveryState::kSuperseded);
  EXPECT_EQ(all[1].event, "processing");
}

TEST(Deliver, AReplaySendsTheSameEventOnceMore) {
  World world;
  const TaskId id = world.add();
  world.start();
  world.pass(Seconds{30});
  EXPECT_TRUE(
      store::value_of(store::run(world.store->replay_delivery({"alice"}, id, world.clock.now()))));
  world.wake();
  ASSERT_THAT(world.network.exchanges, SizeIs(2));
  const auto& first = world.network.exchanges[0]->request;
  const auto& second = world.network.exchanges[1]->request;
  EXPECT_EQ(first.body, second.body);
  EXPECT_EQ(*first.headers.find("webhook-id"), *second.headers.find("webhook-id"));
  EXPECT_EQ(world.delivery(id).state, store::DeliveryState::kDelivered);
  EXPECT_EQ(world.tries(id).back().number, 2);
}

TEST(Deliver, AReplayAfterTheScheduleEndedIsOneTry) {
  World world;
  world.network.answer = [](const http::OutboundRequest&) { return Network::status(500); };
  const TaskId id = world.add();
  world.start();
  world.pass(std::chrono::hours(100));
  ASSERT_THAT(world.network.exchanges, SizeIs(10));
  EXPECT_TRUE(store::value_of(store::run(world.store->replay_delivery({}, id, world.clock.now()))));
  world.pass(std::chrono::hours(100));
  EXPECT_THAT(world.network.exchanges, SizeIs(11));
  EXPECT_EQ(world.delivery(id).state, store::DeliveryState::kExhausted);
}

TEST(Deliver, ATestEventIsTriedOnce) {
  World world;
  world.network.answer = [](const http::OutboundRequest&) { return Network::status(500); };
  const TaskId id = world.add("receiver.example:443", "test");
  world.start();
  world.pass(std::chrono::hours(100));
  EXPECT_THAT(world.network.exchanges, SizeIs(1));
  EXPECT_EQ(world.delivery(id).state, store::DeliveryState::kExhausted);
}

TEST(Deliver, WhatAnotherProcessAddsIsNoticedWithinASecond) {
  World world;
  world.start();
  world.pass(Seconds{10});
  world.add();
  world.pass(Seconds{1});
  EXPECT_THAT(world.network.exchanges, SizeIs(1));
}

TEST(Deliver, StopLetsTriesRecordTheirResultAndClaimsNoMore) {
  World world;
  world.network.answer = [](const http::OutboundRequest&) { return std::nullopt; };
  const TaskId first = world.add();
  world.start();
  world.deliver().start();
  world.deliver().stop();
  world.deliver().stop();
  const TaskId second = world.add();
  world.wake();
  EXPECT_FALSE(world.deliver().idle());
  world.network.reply(0, Network::status(200));
  world.settle();
  EXPECT_TRUE(world.deliver().idle());
  EXPECT_EQ(world.delivery(first).state, store::DeliveryState::kDelivered);
  EXPECT_EQ(world.delivery(second).tries, 0);
  EXPECT_EQ(world.clock.next_deadline(), std::nullopt) << "nothing waits any more";
}

TEST(Deliver, ATryThatOurOwnEndCutsShortIsNoFailureOfTheReceiver) {
  World world;
  world.network.answer = [](const http::OutboundRequest&) { return std::nullopt; };
  const TaskId id = world.add();
  world.start();
  world.deliver().stop();
  world.network.reply(0, Network::fault(http::Fault::kAmbiguous));
  world.settle();
  EXPECT_TRUE(world.deliver().idle());
  EXPECT_THAT(world.tries(id), IsEmpty());
  world.crash();
  world.network.answer = [](const http::OutboundRequest&) { return Network::status(200); };
  world.start();
  EXPECT_EQ(world.delivery(id).state, store::DeliveryState::kDelivered);
}

}  // namespace
}  // namespace rushes::engine
