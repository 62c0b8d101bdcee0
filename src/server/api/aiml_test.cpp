// The AI/ML API dialect through the whole Api: both paths, both dialects on one store, errors.
#include <gmock/gmock.h>

#include "server/api/api_kit.h"

namespace rushes::api {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

constexpr std::string_view kBody =
    R"({"model":"klingai/v2.1-master-text-to-video","prompt":"clouds","duration":"5"})";

class AimlTest : public ApiTest {
 protected:
  std::string generate(std::string_view body = kBody, std::string_view mount = kUniversal) {
    const wire::Response response = post(body, mount);
    EXPECT_EQ(response.status, 200) << response.body;
    return parsed(response).string_or("id", "");
  }
  wire::Response poll(std::string_view id, std::string_view mount = kUniversal,
                      wire::Headers headers = {}) {
    return get(std::string(mount) + "?generation_id=" + std::string(id), std::move(headers));
  }
  static std::string header_of(const wire::Response& response, std::string_view name) {
    const std::string* value = response.headers.find(name);
    return value ? *value : "(none)";
  }
};

TEST_F(AimlTest, BothPathsCreateAndReadTheSameTasks) {
  for (const std::string_view mount : {kUniversal, kVendor}) {
    const std::string id = generate(kBody, mount);
    for (const std::string_view other : {kUniversal, kVendor}) {
      const json::Value generation = parsed(poll(id, other));
      EXPECT_EQ(generation.string_or("id", ""), id);
      EXPECT_EQ(generation.string_or("status", ""), "queued");
      EXPECT_EQ(generation.find("video"), nullptr);
      EXPECT_EQ(generation.find("error"), nullptr);
    }
  }
}

TEST_F(AimlTest, AGenerationGoesFromQueuedToCompletedWithADownloadableVideo) {
  const std::string id = generate();
  claim(*TaskId::parse(id));
  EXPECT_EQ(poll(id).body, R"({"id":")" + id + R"(","status":"generating"})");
  const std::string done = generate();
  succeed(done);
  const wire::Response reply = poll(done);
  const json::Value generation = parsed(reply);
  EXPECT_EQ(generation.string_or("status", ""), "completed");
  const json::Value& video = *generation.find("video");
  EXPECT_EQ(video.string_or("content_type", ""), "video/mp4");
  EXPECT_EQ(video.string_or("file_name", ""), done + ".mp4");
  EXPECT_EQ(video.int_or("file_size", 0), 10);
  EXPECT_EQ(video.double_or("duration", 0), 5.0);
  EXPECT_EQ(get(target_of(video.string_or("url", ""))).status, 200);
  EXPECT_EQ(generation.find("meta")->find("usage")->int_or("credits_used", 0), 2'800'000);
  EXPECT_EQ(header_of(reply, "x-aimlapi-usd-spent"), "1.4");
}

TEST_F(AimlTest, AFailureIsAnAnswerAndCostsNothing) {
  const std::string id = generate();
  fail_task(id, "Failure to pass the risk control system");
  const wire::Response reply = poll(id);
  EXPECT_EQ(reply.status, 200);
  const json::Value generation = parsed(reply);
  EXPECT_EQ(generation.string_or("status", ""), "error");
  EXPECT_EQ(generation.find("error")->string_or("name", ""), "GenerationError");
  EXPECT_EQ(generation.find("error")->string_or("message", ""),
            "Failure to pass the risk control system");
  EXPECT_EQ(header_of(reply, "x-aimlapi-credits-used"), "0");
}

TEST_F(AimlTest, IdsAreAcceptedAsClientsSpellThem) {
  const std::string id = generate();
  for (const std::string& spelling :
       {id, id + ":kling-video/v2.1/master/text-to-video",
        id + "%3Akling-video%2Fv2.1%2Fmaster%2Ftext-to-video", id + ":"}) {
    EXPECT_EQ(parsed(poll(spelling)).string_or("id", ""), id) << spelling;
  }
  EXPECT_EQ(poll("1" + id).status, 404);
  EXPECT_EQ(poll("nothing").status, 404);
  const wire::Response missing = get(kUniversal);
  EXPECT_EQ(missing.status, 400);
  EXPECT_THAT(parsed(missing).string_or("message", ""), HasSubstr("Required at \"generation_id\""));
}

TEST_F(AimlTest, AClientsOwnIdIsUniqueAndReadsTheTaskOnTheOlderPath) {
  const std::string_view body =
      R"({"model":"klingai/v2.1-master-text-to-video","prompt":"x","external_task_id":"a:1"})";
  const std::string id = generate(body, kVendor);
  EXPECT_EQ(parsed(poll("a%3A1", kVendor)).string_or("id", ""), id);
  EXPECT_EQ(parsed(poll("a%3A1")).string_or("id", ""), id);
  const wire::Response again = post(body, kVendor);
  EXPECT_EQ(again.status, 400);
  EXPECT_EQ(parsed(again).string_or("message", ""), "external_task_id already exists");
  EXPECT_EQ(header_of(post(body, kUniversal), "X-Rushes-Ignored-Fields"), "external_task_id");
}

TEST_F(AimlTest, ATaskIsSeenInBothDialectsInTheWordsOfEach) {
  const std::string ours = generate();
  json::Value seen = task(ours);
  EXPECT_EQ(seen.string_or("task_id", ""), ours);
  EXPECT_EQ(seen.string_or("task_status", ""), "submitted");
  EXPECT_TRUE(seen.find("created_at")->as_int().has_value());
  succeed(ours);
  seen = task(ours);
  EXPECT_EQ(seen.string_or("task_status", ""), "succeed");
  EXPECT_EQ(seen.string_or("final_unit_deduction", ""), "10");
  EXPECT_EQ(seen.find("task_result")->find("videos")->as_array()->front().string_or("duration", ""),
            "5");

  const std::string theirs = create(R"({"prompt":"x","external_task_id":"mine"})");
  EXPECT_EQ(parsed(poll(theirs)).string_or("status", ""), "queued");
  EXPECT_EQ(parsed(poll("mine")).string_or("id", ""), theirs);
  fail_task(theirs, "Task was cancelled");
  EXPECT_EQ(parsed(poll(theirs)).string_or("status", ""), "error");
  const wire::Response native = get("/rushes/v1/tasks/" + ours);
  EXPECT_EQ(parsed(native).string_or("dialect", ""), "aiml");
}

TEST_F(AimlTest, UnknownForeignAndUnservedLookAlikeInThisDialectsShape) {
  const std::string id = generate();
  const std::string other = make_key("other");
  for (const wire::Response& reply : {poll(id, kUniversal, bearer(other)), poll("12345"),
                                      get("/v2/video/other"), get("/v2/nothing?generation_id=5")}) {
    EXPECT_EQ(reply.status, 404);
    const json::Value error = parsed(reply);
    EXPECT_EQ(error.int_or("statusCode", 0), 404) << reply.body;
    EXPECT_EQ(error.string_or("timestamp", ""), "2027-01-15T08:00:00.000Z");
    EXPECT_EQ(error.string_or("requestId", ""), header_of(reply, "X-Request-Id"));
  }
  EXPECT_EQ(parsed(poll("12345")).string_or("path", ""), kUniversal);
  EXPECT_EQ(summary(get("/v1/nothing")), "404/1203 This API is not available");
  EXPECT_EQ(summary(get("/nothing")), "404/1203 This API is not available");
  const wire::Response put = send("PUT", kUniversal);
  EXPECT_EQ(put.status, 404);
  EXPECT_EQ(parsed(put).string_or("message", ""), "Cannot PUT /v2/video/generations");
}

TEST_F(AimlTest, RefusalsHaveTheVendorsShape) {
  const wire::Response unknown = poll("1", kUniversal, bearer("nope"));
  EXPECT_EQ(unknown.status, 401);
  EXPECT_EQ(parsed(unknown).string_or("message", ""), "This request requires a valid API key.");
  const wire::Response wrong = post(R"({"model":"x","prompt":"y"})", kUniversal);
  EXPECT_EQ(wrong.status, 400);
  EXPECT_THAT(parsed(wrong).string_or("message", ""),
              StartsWith("Body validation error\nInvalid enum value. Expected 'kling-video/v1/"));
  const wire::Response large = post(std::string(1024 * 1024 + 1, ' '), kUniversal);
  EXPECT_EQ(large.status, 413);
  EXPECT_EQ(parsed(large).int_or("statusCode", 0), 413);
  const wire::Response unread = api_->refuse(413, std::string(kUniversal) + "?a=b");
  EXPECT_EQ(unread.status, 413);
  EXPECT_EQ(parsed(unread).int_or("statusCode", 0), 413);
  EXPECT_EQ(task_count(), 0u);
}

TEST_F(AimlTest, TracingAndIgnoredFieldsTravelInHeaders) {
  wire::Headers headers = header("X-Client-Request-Id", "trace-1");
  const wire::Response created = post(
      R"({"model":"klingai/v2.5-turbo/pro/text-to-video","prompt":"x","provider":"fal","wings":2})",
      kUniversal, headers);
  EXPECT_EQ(header_of(created, "x-client-request-id"), "trace-1");
  EXPECT_EQ(header_of(created, "x-inference-id"), parsed(created).string_or("id", ""));
  EXPECT_EQ(header_of(created, "X-Rushes-Ignored-Fields"), "provider, wings");
  EXPECT_EQ(header_of(post("[]", kUniversal, headers), "x-client-request-id"), "trace-1");
}

TEST_F(AimlTest, AnIdempotencyKeyGivesTheFirstGenerationAgain) {
  const wire::Headers key = header("Idempotency-Key", "k");
  const wire::Response first = post(kBody, kUniversal, key);
  const wire::Response again = post(kBody, kUniversal, key);
  EXPECT_EQ(first.body, again.body);
  EXPECT_EQ(header_of(again, "Idempotent-Replayed"), "true");
  EXPECT_EQ(post(kBody, kVendor, key).status, 400);
}

TEST_F(AimlTest, ACheckAndTheModelListKnowTheNamesOfThisDialect) {
  const json::Value verdict = parsed(send("POST", "/rushes/v1/check?profile=aiml", kBody));
  EXPECT_EQ(verdict.string_or("units", ""), "10");
  const json::Value list = parsed(get("/rushes/v1/models?profile=aiml"));
  const json::Value& models = *list.find("profiles")->as_array()->front().find("models");
  ASSERT_EQ(models.as_array()->size(), 15u);
  EXPECT_EQ(models.as_array()->front().string_or("name", ""),
            "kling-video/v1/standard/text-to-video");
}

}  // namespace
}  // namespace rushes::api
