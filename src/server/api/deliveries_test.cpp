// Callbacks as deliveries, and the endpoints that show them.
#include <gmock/gmock.h>

#include "server/api/api_kit.h"
#include "server/api/callbacks.h"

namespace rushes::api {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::SizeIs;

constexpr std::string_view kUrl = "https://hooks.example.com/kling?key=1";

class CallbacksTest : public testing::Test {
 protected:
  CallbacksTest() { links_.set_base_url("https://video.example.com"); }

  static Task task_in(TaskState state) {
    Task task;
    task.id = TaskId{845809073525633086};
    task.account = {"acc1"};
    task.dialect = "kling";
    task.state = state;
    task.spec.callback_url = kUrl;
    task.spec.external_task_id = "mine";
    task.created_at = task.updated_at = from_unix_ms(1'800'000'000'000);
    return task;
  }

  CountingEntropy entropy_;
  const dialect::kling::KlingDialect dialect_;
  const access::ServerSecret secret_ = *access::ServerSecret::create(std::string(32, 's'));
  Links links_{secret_, Seconds{30 * 86'400}};
  Callbacks callbacks_{{&dialect_}, links_, entropy_};
};

TEST_F(CallbacksTest, AnEventHasTheStateTheAddressAndTheBodyOfItsMoment) {
  const struct {
    TaskState state;
    const char* event;
    bool terminal;
  } cases[] = {{TaskState::kQueued, "submitted", false},
               {TaskState::kRendering, "processing", false},
               {TaskState::kRunning, "processing", false},
               {TaskState::kSucceeded, "succeed", true},
               {TaskState::kFailed, "failed", true}};
  for (const auto& [state, event, terminal] : cases) {
    const Task task = task_in(state);
    const auto delivery = callbacks_.event_of(task);
    ASSERT_TRUE(delivery);
    EXPECT_EQ(delivery->event, event);
    EXPECT_EQ(delivery->terminal, terminal);
    EXPECT_EQ(delivery->task, task.id);
    EXPECT_EQ(delivery->account, task.account);
    EXPECT_EQ(delivery->url, kUrl);
    EXPECT_EQ(delivery->host, "hooks.example.com:443");
    EXPECT_EQ(delivery->due_at, task.updated_at);
    EXPECT_EQ(delivery->state, store::DeliveryState::kPending);
    EXPECT_EQ(delivery->body, dialect_.encode_callback(links_.view_of(task)));
  }
}

TEST_F(CallbacksTest, TheBodyHasSignedLinksToTheResults) {
  Task task = task_in(TaskState::kSucceeded);
  task.artifacts = {{.id = TaskId{845809073525633087}, .duration = Millis{5041}}};
  const auto body = json::parse(callbacks_.event_of(task)->body);
  const json::Value& video = body->find("task_result")->find("videos")->as_array()->front();
  const std::string url = video.string_or("url", "");
  ASSERT_TRUE(url.starts_with("https://video.example.com/files/"));
  EXPECT_EQ(links_.check(url.substr(25), task.updated_at).verdict, access::LinkVerdict::kValid);
}

TEST_F(CallbacksTest, NobodyIsToldWithoutAUrlThatCanBeCalled) {
  Task task = task_in(TaskState::kQueued);
  for (const char* url : {"", "nonsense", "ftp://example.com/"}) {
    task.spec.callback_url = url;
    EXPECT_FALSE(callbacks_.event_of(task)) << url;
  }
}

// A dialect whose vendor has no callbacks.
TEST_F(CallbacksTest, TheFirstDialectSpeaksForThoseWithoutCallbacks) {
  Task task = task_in(TaskState::kQueued);
  task.dialect = "aiml";
  EXPECT_EQ(callbacks_.event_of(task)->body, dialect_.encode_callback(links_.view_of(task)));
}

TEST_F(CallbacksTest, IdsOfOneMillisecondAreAllDifferentAndGrow) {
  const Task task = task_in(TaskState::kQueued);
  TaskId last;
  for (int i = 0; i < 1'000; ++i) {
    const TaskId id = callbacks_.event_of(task)->id;
    EXPECT_GT(id, last);
    last = id;
  }
}

TEST_F(CallbacksTest, OneTestEventInSixSecondsIsAllowed) {
  const Timestamp now = from_unix_ms(1'800'000'000'000);
  auto event = callbacks_.test_event({"acc1"}, std::string(kUrl), now);
  ASSERT_TRUE(event);
  EXPECT_EQ(event->event, "test");
  EXPECT_FALSE(event->terminal);
  EXPECT_THAT(event->body, HasSubstr(R"("task_status":"submitted")"));
  EXPECT_THAT(event->body, HasSubstr(R"("task_result":{})"));
  const std::vector newest{*callbacks_.event_of(task_in(TaskState::kQueued)), *event};
  EXPECT_FALSE(may_test(newest, now));
  EXPECT_FALSE(may_test(newest, now + kTestEventInterval - Millis{1}));
  EXPECT_TRUE(may_test(newest, now + kTestEventInterval));
  EXPECT_TRUE(may_test({}, now));
  EXPECT_FALSE(callbacks_.test_event({"acc1"}, "nonsense", now));
}

class DeliveriesTest : public ApiTest {
 protected:
  wire::Response test(std::string_view url) {
    return post(R"({"url":")" + std::string(url) + R"("})", "/rushes/v1/deliveries/test");
  }
  json::Array listed(const std::string& query = "", wire::Headers headers = {}) {
    const json::Value list = parsed(get("/rushes/v1/deliveries" + query, std::move(headers)));
    return *list.find("deliveries")->as_array();
  }
};

TEST_F(DeliveriesTest, ATestEventIsStoredAndShown) {
  const json::Value made = parsed(test(kUrl));
  EXPECT_EQ(made.string_or("event", ""), "test");
  EXPECT_EQ(made.string_or("state", ""), "pending");
  EXPECT_EQ(made.string_or("url", ""), kUrl);
  EXPECT_EQ(made.int_or("tries", -1), 0);
  EXPECT_TRUE(made.find("log")->as_array()->empty());
  const std::string id = made.string_or("id", "");
  EXPECT_EQ(parsed(get("/rushes/v1/deliveries/" + id)), made);
  ASSERT_THAT(listed(), SizeIs(1));
  EXPECT_EQ(listed()[0].string_or("id", ""), id);
  EXPECT_EQ(listed()[0].find("body"), nullptr) << "lists are short";
  EXPECT_EQ(summary(test(kUrl)).substr(0, 8), "429/1302");
  clock_.advance(kTestEventInterval);
  EXPECT_EQ(test(kUrl).status, 200);
  EXPECT_THAT(listed("?limit=1"), SizeIs(1));
  EXPECT_THAT(listed("?limit=500"), SizeIs(2));
}

TEST_F(DeliveriesTest, TheLogHasEveryTryAndAReplayIsDueAtOnce) {
  const std::string id = parsed(test(kUrl)).string_or("id", "");
  const store::ClaimDeliveries claim{{"n"}, clock_.now(), clock_.now() + Seconds{60}, 10, 10};
  ASSERT_THAT(*run(store_->claim_deliveries(claim)), SizeIs(1));
  store::TryResult result;
  result.node = {"n"};
  result.attempt = {*TaskId::parse(id), 1, clock_.now(), Millis{12}, 0, "unreachable", "a \"b\""};
  result.to = store::DeliveryState::kExhausted;
  ASSERT_TRUE(run(store_->finish_try(result)));
  json::Value shown = parsed(get("/rushes/v1/deliveries/" + id));
  EXPECT_EQ(shown.string_or("state", ""), "exhausted");
  EXPECT_EQ(shown.find("due_at"), nullptr);
  ASSERT_THAT(*shown.find("log")->as_array(), SizeIs(1));
  const json::Value& attempt = shown.find("log")->as_array()->front();
  EXPECT_EQ(attempt.int_or("number", 0), 1);
  EXPECT_EQ(attempt.int_or("duration_ms", 0), 12);
  EXPECT_EQ(attempt.find("status"), nullptr) << "there was no reply";
  EXPECT_EQ(attempt.string_or("error", ""), "unreachable");
  EXPECT_EQ(attempt.string_or("reply", ""), "a \"b\"");
  clock_.advance(Seconds{10});
  shown = parsed(post("", "/rushes/v1/deliveries/" + id + "/replay"));
  EXPECT_EQ(shown.string_or("state", ""), "pending");
  EXPECT_EQ(shown.int_or("due_at", 0), to_unix_ms(clock_.now()));
  EXPECT_EQ(shown.int_or("tries", 0), 1) << "tries go on counting";
}

TEST_F(DeliveriesTest, ForeignAndUnknownOnesLookTheSame) {
  const std::string id = parsed(test(kUrl)).string_or("id", "");
  const std::string other = make_key("other");
  for (const std::string& name : {id, std::string("1"), std::string("x"), std::string("-1")}) {
    const std::string path = "/rushes/v1/deliveries/" + name;
    EXPECT_EQ(summary(get(path, bearer(other))).substr(0, 8), "404/1203") << name;
    EXPECT_EQ(summary(post("", path + "/replay", bearer(other))).substr(0, 8), "404/1203") << name;
  }
  EXPECT_THAT(listed("", bearer(other)), SizeIs(0));
  EXPECT_EQ(get("/rushes/v1/deliveries", header("Authorization", "")).status, 401);
  EXPECT_EQ(summary(get("/rushes/v1/deliveries?task=x")).substr(0, 8), "404/1203");
  EXPECT_EQ(summary(get("/rushes/v1/deliveries?limit=501")),
            "400/1201 limit value '501' is invalid: 1 to 500");
}

TEST_F(DeliveriesTest, UrlsThatMayNotBeCalledAreRefused) {
  for (const char* url :
       {"http://127.0.0.1/", "http://10.0.0.1/", "https://localhost/", "nonsense",
        "https://user:word@example.com/", "http://[::1]/", "http://169.254.169.254/"}) {
    const std::string said = std::string(" value '") + url + "' is invalid: ";
    EXPECT_THAT(summary(test(url)), HasSubstr("400/1201 url" + said));
    EXPECT_THAT(summary(post(R"({"prompt":"x","callback_url":")" + std::string(url) + R"("})")),
                HasSubstr("400/1201 callback_url value '" + std::string(url) + "' is invalid"));
  }
  EXPECT_EQ(summary(test("")), "400/1201 url cannot be empty");
  for (const char* body : {"", "[]", "x"}) {
    EXPECT_EQ(post(body, "/rushes/v1/deliveries/test").status, 400) << body;
  }
  EXPECT_THAT(listed(), SizeIs(0));
  EXPECT_EQ(task_count(), 0u);
  EXPECT_FALSE(create(R"({"prompt":"x","callback_url":"https://hooks.example.com/"})").empty());
  EXPECT_FALSE(create(R"({"prompt":"x","callback_url":""})").empty());
}

}  // namespace
}  // namespace rushes::api
