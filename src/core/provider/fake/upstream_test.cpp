#include "core/provider/fake/upstream.h"

#include <gtest/gtest.h>

namespace rushes::provider::fake {
namespace {

constexpr Timestamp kStart = from_unix_ms(1'800'000'000'000);
const Rules kQuick{.queue = Millis{100}, .render = Millis{1'000}};

wire::Request request_of(std::string method, std::string target, std::string body = {}) {
  wire::Request request{.method = std::move(method), .target = std::move(target)};
  request.headers.add("Authorization", "Bearer key");
  request.body = std::move(body);
  return request;
}

// The reply's envelope, or what it was where it is none.
struct Seen {
  int status = 0;
  json::Value body;
  int64_t code() const { return body.int_or("code", -1); }
  std::string message() const { return body.string_or("message", ""); }
  const json::Value& data() const { return *body.find("data"); }
  std::string word() const { return data().string_or("task_status", ""); }
};

class FakeUpstreamTest : public testing::Test {
 protected:
  explicit FakeUpstreamTest() { use(kQuick); }

  void use(Rules rules) { use(RuleBook(std::move(rules))); }
  void use(RuleBook book) {
    FakeUpstream::Options options{.rules = std::move(book)};
    options.make_video = [](const VideoWanted& wanted) {
      return std::to_string(wanted.duration.count()) + " " + std::to_string(wanted.width) + "x" +
             std::to_string(wanted.height) + (wanted.watermarked ? " marked" : "");
    };
    upstream_ = std::make_unique<FakeUpstream>(std::move(options));
  }

  Seen send(const wire::Request& request, Millis after = Millis{0}) {
    const wire::Response response = upstream_->handle(request, kStart + after);
    const auto body = json::parse(response.body);
    return {response.status, body ? *body : json::Value()};
  }
  Seen create(std::string external_id = "h-1", std::string more = {}, std::string rule = {}) {
    auto request = request_of("POST", "/kling/v1/videos/text2video",
                              R"({"model_name":"kling-v3","prompt":"fox","external_task_id":")" +
                                  external_id + "\"" + more + "}");
    if (!rule.empty()) request.headers.add("x-rushes-fake", rule);
    return send(request);
  }
  Seen get(const std::string& id, Millis after) {
    return send(request_of("GET", "/kling/v1/videos/text2video/" + id), after);
  }

  std::unique_ptr<FakeUpstream> upstream_;
};

TEST_F(FakeUpstreamTest, AJobGoesThroughTheFourWordsOfTheVendor) {
  const Seen created = create();
  EXPECT_EQ(created.status, 200);
  EXPECT_EQ(created.code(), 0);
  EXPECT_EQ(created.word(), "submitted");
  const std::string id = created.data().string_or("task_id", "");
  EXPECT_EQ(id.size(), 18u);
  EXPECT_EQ(get(id, Millis{99}).word(), "submitted");
  EXPECT_EQ(get(id, Millis{100}).word(), "processing");
  EXPECT_EQ(get(id, Millis{600}).data().int_or("progress", -1), 50);
  EXPECT_EQ(get(id, Millis{1'099}).word(), "processing");
  const Seen done = get("h-1", Millis{1'100});
  EXPECT_EQ(done.word(), "succeed");
  EXPECT_EQ(done.data().string_or("task_id", ""), id);
  EXPECT_EQ(done.data().string_or("final_unit_deduction", ""), "3");
  EXPECT_EQ(json::to_text(*done.data().find("task_result")),
            R"({"videos":[{"id":")" + id + R"(","url":"http://fake.invalid/media/)" + id +
                R"(.mp4?token=fake","duration":"5.041"}]})");
}

TEST_F(FakeUpstreamTest, TimeScaleShortensEverythingButTheLatency) {
  Rules rules = kQuick;
  rules.time_scale = 10;
  rules.latency = Millis{50};
  use(rules);
  create();
  EXPECT_EQ(get("h-1", Millis{109}).word(), "processing");
  EXPECT_EQ(get("h-1", Millis{110}).word(), "succeed");
  EXPECT_EQ(upstream_->answer(request_of("GET", "/v1/videos/text2video/x"), kStart).latency,
            Millis{50});
}

TEST_F(FakeUpstreamTest, ASecondExternalIdIsRefusedAndCountedOnce) {
  create();
  const Seen again = create();
  EXPECT_EQ(again.status, 400);
  EXPECT_EQ(again.code(), 1201);
  EXPECT_EQ(again.message(), "external_task_id already exists");
  EXPECT_EQ(upstream_->accepted("h-1"), 1);
  EXPECT_EQ(create("").code(), 0);
  EXPECT_EQ(create("").code(), 0);
  EXPECT_EQ(upstream_->accepted(), 3);
  EXPECT_EQ(upstream_->accepted("h-2"), 0);
}

TEST_F(FakeUpstreamTest, TheModelOf30FramesASecondHasThreeMore) {
  const auto request = request_of("POST", "/kling/v1/videos/text2video",
                                  R"({"model_name":"kling-v1","prompt":"fox","duration":"10"})");
  const std::string id = send(request).data().string_or("task_id", "");
  const Seen ended = get(id, Millis{1'100});
  const std::string result = json::to_text(*ended.data().find("task_result"));
  EXPECT_NE(result.find(R"("duration":"10.1")"), std::string::npos) << result;
  const auto video =
      upstream_->handle(request_of("GET", "/media/" + id + ".mp4"), kStart + Millis{1'100});
  EXPECT_EQ(video.body, "10100 1280x720");
}

TEST_F(FakeUpstreamTest, VideosAreThereWhenTheJobHasSucceeded) {
  const std::string id =
      create("h", R"(,"mode":"pro","aspect_ratio":"1:1","watermark_info":{"enabled":true})")
          .data()
          .string_or("task_id", "");
  const wire::Request request = request_of("GET", "/media/" + id + ".mp4?token=fake");
  EXPECT_EQ(upstream_->handle(request, kStart + Millis{1'099}).status, 404);
  const wire::Response video = upstream_->handle(request, kStart + Millis{1'100});
  EXPECT_EQ(video.status, 200);
  EXPECT_EQ(video.body, "5041 1440x1440");
  EXPECT_EQ(
      upstream_
          ->handle(request_of("GET", "/media/" + id + "_watermark.mp4"), kStart + Millis{1'100})
          .body,
      "5041 1440x1440 marked");
  EXPECT_EQ(upstream_->handle(request_of("GET", "/media/1.mp4"), kStart).status, 404);
  EXPECT_EQ(upstream_->handle(request_of("GET", "/media/" + id), kStart).status, 404);
}

TEST_F(FakeUpstreamTest, EveryNthFails) {
  Rules rules = kQuick;
  rules.fail_every = 2;
  rules.fail_reason = "bad luck";
  use(rules);
  create("a");
  create("b");
  EXPECT_EQ(get("a", Millis{1'100}).word(), "succeed");
  const Seen failed = get("b", Millis{1'100});
  EXPECT_EQ(failed.word(), "failed");
  EXPECT_EQ(failed.data().string_or("task_status_msg", ""), "bad luck");
  EXPECT_EQ(failed.data().string_or("final_unit_deduction", ""), "0");
}

TEST_F(FakeUpstreamTest, AnswersOfAnErrorAcceptNothing) {
  Rules rules = kQuick;
  rules.answer_every = {{1303, 2}, {5000, 3}};
  use(rules);
  EXPECT_EQ(create("a").code(), 0);
  const Seen full = create("b");
  EXPECT_EQ(full.status, 429);
  EXPECT_EQ(full.message(), "parallel task over resource pack limit");
  EXPECT_EQ(create("c").status, 500);
  EXPECT_EQ(upstream_->accepted(), 1);
  EXPECT_EQ(get("b", Millis{0}).code(), 1203);
}

TEST_F(FakeUpstreamTest, LostAndGarbledRepliesHaveAcceptedTheJob) {
  Rules rules = kQuick;
  rules.drop_reply_every = 2;
  rules.html_every = 3;
  use(rules);
  create("a");
  const auto request = [](const std::string& id) {
    return request_of("POST", "/v1/videos/text2video",
                      R"({"model_name":"m","prompt":"p","external_task_id":")" + id + "\"}");
  };
  EXPECT_TRUE(upstream_->answer(request("b"), kStart).dropped);
  const Answer garbled = upstream_->answer(request("c"), kStart);
  EXPECT_FALSE(garbled.dropped);
  EXPECT_EQ(garbled.response.status, 504);
  EXPECT_TRUE(garbled.response.body.starts_with("<html>"));
  EXPECT_EQ(upstream_->accepted("b"), 1);
  EXPECT_EQ(get("c", Millis{0}).word(), "submitted");
}

TEST_F(FakeUpstreamTest, JobsHangComeLateOrAreForgotten) {
  Rules rules = kQuick;
  rules.late = Millis{60'000};
  rules.forget_after = Millis{500};
  const auto book = RuleBook(rules);
  use(book);
  create("hangs", "", "hang_every=1");
  create("late", "", "late_every=1");
  create("gone", "", "forget_every=1");
  EXPECT_EQ(get("hangs", Millis{86'400'000}).word(), "processing");
  EXPECT_EQ(get("late", Millis{61'099}).word(), "processing");
  EXPECT_EQ(get("late", Millis{61'100}).word(), "succeed");
  EXPECT_EQ(get("gone", Millis{499}).word(), "processing");
  EXPECT_EQ(get("gone", Millis{500}).status, 404);
  EXPECT_EQ(get("gone", Millis{500}).code(), 1203);
  EXPECT_EQ(upstream_->accepted("gone"), 1);
}

TEST_F(FakeUpstreamTest, WordsAndUrlsCanBeMissing) {
  create("word", "", "unknown_word_every=1");
  create("url", "", "no_url_every=1, no_url_ms=1000");
  create("never", "", "no_url_every=1");
  EXPECT_EQ(get("word", Millis{500}).word(), "reviewing");
  EXPECT_EQ(get("word", Millis{1'100}).word(), "succeed");
  const auto has_url = [&](const std::string& id, Millis after) {
    const Seen seen = get(id, after);
    EXPECT_EQ(seen.word(), "succeed");
    return json::to_text(seen.data()).contains("\"url\":");
  };
  EXPECT_FALSE(has_url("url", Millis{2'099}));
  EXPECT_TRUE(has_url("url", Millis{2'100}));
  EXPECT_FALSE(has_url("never", Millis{86'400'000}));
}

TEST_F(FakeUpstreamTest, QueriesCanBeRefusedToo) {
  Rules rules = kQuick;
  rules.query_answer_every = {{1302, 2}};
  rules.query_html_every = 3;
  use(rules);
  create("a");
  EXPECT_EQ(get("a", Millis{0}).code(), 0);
  EXPECT_EQ(get("a", Millis{0}).code(), 1302);
  EXPECT_EQ(get("a", Millis{0}).status, 504);
}

TEST_F(FakeUpstreamTest, CallbacksFollowTheStatesOnceOrTwice) {
  const std::string hook = R"(,"callback_url":"http://rushes/hook")";
  create("a", hook);
  create("b", hook, "duplicate_callbacks=true");
  create("c", hook, "hang_every=1");
  create("d");
  EXPECT_EQ(upstream_->next_callback_at(), kStart);
  EXPECT_EQ(upstream_->take_callbacks(kStart).size(), 4u);
  EXPECT_TRUE(upstream_->take_callbacks(kStart + Millis{99}).empty());
  EXPECT_EQ(upstream_->next_callback_at(), kStart + Millis{100});
  EXPECT_EQ(upstream_->take_callbacks(kStart + Millis{100}).size(), 4u);
  const auto last = upstream_->take_callbacks(kStart + Millis{5'000});
  ASSERT_EQ(last.size(), 3u);
  EXPECT_EQ(last[0].url, "http://rushes/hook");
  EXPECT_EQ(json::parse(last[0].body)->string_or("task_status", ""), "succeed");
  EXPECT_EQ(last[1].body, last[2].body);
  EXPECT_EQ(upstream_->next_callback_at(), std::nullopt);
}

TEST_F(FakeUpstreamTest, ARestartForgetsTheJobsButNotWhatWasCounted) {
  create();
  upstream_->restart();
  EXPECT_EQ(get("h-1", Millis{0}).code(), 1203);
  EXPECT_EQ(create().code(), 0);
  EXPECT_EQ(upstream_->accepted("h-1"), 2);
}

TEST_F(FakeUpstreamTest, RequestsThatAreNotTheVendorsAreRefusedAsTheVendorDoes) {
  wire::Request anonymous{.method = "POST", .target = "/v1/videos/text2video"};
  EXPECT_EQ(send(anonymous).code(), 1001);
  anonymous.headers.add("Authorization", "key");
  EXPECT_EQ(send(anonymous).code(), 1002);
  EXPECT_EQ(send(request_of("POST", "/v1/videos/text2video", "[]")).code(), 1200);
  EXPECT_EQ(send(request_of("POST", "/v1/videos/text2video", "{}")).code(), 1201);
  EXPECT_EQ(send(request_of("DELETE", "/v1/videos/text2video/1")).code(), 1202);
  EXPECT_EQ(send(request_of("GET", "/v1/videos/text2video/1%")).code(), 1203);
  EXPECT_EQ(send(request_of("GET", "/v1/videos/text2videos")).code(), 1203);
  EXPECT_EQ(send(request_of("GET", "/")).code(), 1203);
  EXPECT_EQ(create("a", R"(,"duration":"16")").code(), 1201);
  EXPECT_EQ(create("a", R"(,"duration":15)").code(), 0);
  const Seen unknown = create("b", "", "unheard_of");
  EXPECT_EQ(unknown.code(), 1201);
  EXPECT_TRUE(unknown.message().contains("unheard_of"));
}

TEST_F(FakeUpstreamTest, AFullStoreTakesNoMoreUntilItsJobsAreOld) {
  FakeUpstream small({.rules = RuleBook(kQuick), .make_video = {}, .jobs_max = 1});
  const auto post = [&](Millis after) {
    return small
        .handle(request_of("POST", "/v1/videos/text2video", R"({"model_name":"m","prompt":"p"})"),
                kStart + after)
        .status;
  };
  EXPECT_EQ(post(Millis{0}), 200);
  EXPECT_EQ(post(Millis{1}), 429);
  EXPECT_EQ(post(std::chrono::days{30}), 200);
}

}  // namespace
}  // namespace rushes::provider::fake
