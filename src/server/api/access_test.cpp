// Who may ask, and in which order a request is judged.
#include <gmock/gmock.h>

#include "server/api/api_kit.h"

namespace rushes::api {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr const char* kNotServed = "404/1203 This API is not available";
constexpr const char* kWrongMethod = "404/1202 The requested method is invalid";

class AccessTest : public ApiTest {};

TEST_F(AccessTest, TheAuthorizationHeaderIsReadAsTheVendorDoes) {
  const struct {
    const char *value, *answer;
  } rows[] = {
      {"", "401/1001 Authorization is empty"},
      {"Bearer", "401/1002 Authorization is invalid"},
      {"Bearer ", "401/1002 Authorization is invalid"},
      {"Bearer  x", "401/1002 Authorization is invalid"},
      {"Bearer a b", "401/1002 Authorization is invalid"},
      {"Basic dTpw", "401/1002 Authorization is invalid"},
      {"rk_abc", "401/1002 Authorization is invalid"},
      {"Bearer \xc3\xa9", "401/1002 Authorization is invalid"},
      {"Bearer nope", "401/1002 api key not found"},
      {"Bearer a.b.c", "401/1002 api key not found"},
  };
  for (const auto& row : rows) {
    EXPECT_EQ(summary(get(kOfficial, header("Authorization", row.value))), row.answer) << row.value;
  }
  EXPECT_EQ(summary(get(kOfficial)), "200/0 SUCCEED");
  EXPECT_EQ(summary(get(kOfficial, header("authorization", "bearer " + key_))), "200/0 SUCCEED");
  wire::Headers twice = bearer(key_);
  twice.add("Authorization", "Bearer " + key_);
  EXPECT_EQ(summary(get(kOfficial, twice)), "401/1002 Authorization is invalid");
}

TEST_F(AccessTest, WithoutTheHeaderItIsEmpty) {
  wire::Request request;
  request.method = "GET";
  request.target = kOfficial;
  EXPECT_EQ(summary(run(api_->handle(request))), "401/1001 Authorization is empty");
}

TEST_F(AccessTest, SignedTokensAreVerified) {
  const access::KeyPair pair = make_pair("default");
  const auto ask = [&](std::string_view access_key, std::string_view secret_key, Seconds shift) {
    return summary(
        get(kOfficial, bearer(access::sign_token(access_key, secret_key, clock_.now() + shift))));
  };
  const std::string failed = "401/1000 Authentication failed";
  EXPECT_EQ(ask(pair.access_key, pair.secret_key, Seconds(0)), "200/0 SUCCEED");
  EXPECT_EQ(ask(pair.access_key, "wrong", Seconds(0)), failed);
  EXPECT_EQ(ask("unknown", pair.secret_key, Seconds(0)), failed);
  EXPECT_EQ(ask(pair.access_key, pair.secret_key, Seconds(-1861)),
            "401/1004 Authorization has expired");
  EXPECT_EQ(ask(pair.access_key, pair.secret_key, Seconds(-1859)), "200/0 SUCCEED");
  EXPECT_EQ(ask(pair.access_key, pair.secret_key, Seconds(66)),
            "401/1003 Authorization is not yet valid");
  EXPECT_EQ(ask(pair.access_key, pair.secret_key, Seconds(65)), "200/0 SUCCEED");
  EXPECT_EQ(ask(pair.access_key, pair.secret_key, Seconds(90'000)),
            "401/1002 Authorization is invalid");
  // The SecretKey is no bearer key, and the AccessKey alone opens nothing.
  EXPECT_EQ(summary(get(kOfficial, bearer(pair.secret_key))), "401/1002 api key not found");
  EXPECT_EQ(summary(get(kOfficial, bearer(pair.access_key))), "401/1002 api key not found");
}

TEST_F(AccessTest, ARevokedKeyStopsWithinASecond) {
  const std::string key = make_key("default");
  EXPECT_EQ(get(kOfficial, bearer(key)).status, 200);
  const auto keys = run(store_->list_keys());
  for (const access::KeyRecord& record : *keys) {
    if (record.lookup == access::bearer_lookup(key)) {
      EXPECT_TRUE(*run(store_->revoke_key(record.id, clock_.now())));
    }
  }
  clock_.advance(Millis(1000));
  EXPECT_EQ(summary(get(kOfficial, bearer(key))), "401/1002 api key not found");
}

TEST_F(AccessTest, UnknownPathsAndMethodsAreJson404s) {
  for (const std::string path :
       {"/v1/videos/image2video", "/v1/videos/omni-video/1", "/v1/models", "/v1", "//", "/v9",
        "/v1/videos/text2video/", "/v1/videos/text2video/a/b", "/V1/videos/text2video", "/tasks",
        "/files", "/files/1", "/kling/v1/videos/image2video", "/rushes/v1"}) {
    EXPECT_EQ(summary(get(path)), kNotServed) << path;
    EXPECT_EQ(summary(post("{}", path)), kNotServed) << path;
  }
  for (const std::string path :
       {"*", "/v1/videos/text2video/%zz", "/v1/videos/text2video/%00", "/v1/%ff"}) {
    EXPECT_EQ(summary(get(path)), "404/1203 The requested resource does not exist") << path;
  }
  for (const std::string_view mount : {kOfficial, kPowertokens, kClassic}) {
    for (const char* method : {"PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"}) {
      EXPECT_EQ(summary(send(method, mount)), kWrongMethod) << method;
      EXPECT_EQ(summary(send(method, std::string(mount) + "/1")), kWrongMethod) << method;
    }
    EXPECT_EQ(summary(post("{}", std::string(mount) + "/1")), kWrongMethod);
  }
  EXPECT_EQ(summary(post("{}", "/account/costs")), kWrongMethod);
  EXPECT_EQ(summary(post("", "/healthz")), kWrongMethod);
}

TEST_F(AccessTest, HeadIsAnsweredLikeGet) {
  EXPECT_EQ(send("HEAD", kOfficial).status, 200);
  EXPECT_EQ(send("HEAD", "/healthz").status, 200);
  EXPECT_EQ(summary(send("HEAD", "/rushes/v1/check")), kWrongMethod);
}

// Wrong in every way at once, then one thing put right at a time.
TEST_F(AccessTest, ARequestIsJudgedInThePromisedOrder) {
  const wire::Headers no_key = header("Authorization", "");
  const std::string too_large(1024 * 1024 + 1, 'x');
  EXPECT_EQ(summary(send("PUT", "/v1/nothing", too_large, no_key)), kNotServed);
  EXPECT_EQ(summary(send("PUT", kOfficial, too_large, no_key)), kWrongMethod);
  EXPECT_EQ(summary(send("POST", kOfficial, too_large, no_key)), "401/1001 Authorization is empty");
  EXPECT_EQ(summary(post(too_large)), "413/1200 Invalid request parameters");
  EXPECT_EQ(summary(post("[]", kOfficial, header("Idempotency-Key", "k"))),
            "400/1200 Invalid request parameters");
  EXPECT_EQ(summary(post(R"({"prompt":"a","external_task_id":"taken"})", kOfficial,
                         header("Idempotency-Key", "k"))),
            "200/0 SUCCEED");
  EXPECT_EQ(summary(post(R"({"model_name":"x"})", kOfficial, header("Idempotency-Key", "k"))),
            "400/1201 Idempotency-Key was used with a different request");
  EXPECT_EQ(summary(post(R"({"model_name":"x","external_task_id":"taken"})")),
            "400/1201 model_name value 'x' is invalid");
  EXPECT_EQ(summary(post(R"({"prompt":"b","external_task_id":"taken"})")),
            "400/1201 external_task_id already exists");
  EXPECT_EQ(task_count(), 1u);
}

TEST_F(AccessTest, ABodyOfExactlyTheLimitIsRead) {
  std::string body = R"({"prompt":"clouds"})";
  body.append(1024 * 1024 - body.size(), ' ');
  EXPECT_EQ(summary(post(body)), "200/0 SUCCEED");
}

TEST_F(AccessTest, EveryReplyHasAFreshRequestIdOfOurs) {
  const wire::Response first = get(kOfficial, [&] {
    wire::Headers headers = bearer(key_);
    headers.add("X-Request-Id", "theirs");
    return headers;
  }());
  const std::string id = parsed(first).string_or("request_id", "");
  EXPECT_EQ(id.size(), 36u);
  EXPECT_EQ(id[14], '4');
  EXPECT_EQ(*first.headers.find("X-Request-Id"), id);
  EXPECT_NE(parsed(get("/nothing")).string_or("request_id", ""), id);
}

TEST_F(AccessTest, TheLogHasOneLineARequestWithoutSecretsAndPrompts) {
  post(R"({"prompt":"a very private prompt","external_task_id":"private-id"})");
  get(std::string(kOfficial) + "/private-id");
  get(kOfficial, bearer("rk_somebodys_secret"));
  ASSERT_EQ(logger_.lines.size(), 3u);
  EXPECT_THAT(
      logger_.lines[0],
      testing::AllOf(HasSubstr("info request request_id="), HasSubstr("method=POST"),
                     HasSubstr("route=/v1/videos/text2video "), HasSubstr("status=200"),
                     HasSubstr("duration_ms="), HasSubstr("account="), HasSubstr("task_id=")));
  EXPECT_THAT(logger_.lines[1], HasSubstr("route=/v1/videos/text2video/{id}"));
  for (const std::string& line : logger_.lines) {
    EXPECT_THAT(line, Not(HasSubstr("private")));
    EXPECT_THAT(line, Not(HasSubstr(key_)));
    EXPECT_THAT(line, Not(HasSubstr("somebodys_secret")));
  }
}

TEST_F(AccessTest, AnUnexpectedExceptionEndsOneRequestOnly) {
  engine_.throws = true;
  const wire::Response response = post(R"({"prompt":"x"})");
  EXPECT_EQ(summary(response), "500/5000 Server internal error");
  EXPECT_THAT(response.body, Not(HasSubstr("a bug")));
  EXPECT_THAT(logger_.lines.back(), testing::AllOf(HasSubstr("error request"), HasSubstr("a bug")));
  engine_.throws = false;
  EXPECT_EQ(summary(post(R"({"prompt":"x"})")), "200/0 SUCCEED");
}

TEST_F(AccessTest, AStoreThatCannotWriteIsReportedAsMaintenance) {
  engine_.failure = Error{ErrorCode::kUnavailable, "disk is full: /data/rushes.db", ""};
  const wire::Response response = post(R"({"prompt":"x"})");
  EXPECT_EQ(summary(response), "503/5001 Server temporarily unavailable");
  EXPECT_NE(response.headers.find("Retry-After"), nullptr);
  EXPECT_THAT(response.body, Not(HasSubstr("disk")));
  EXPECT_THAT(logger_.lines.back(), HasSubstr("disk is full"));
}

TEST_F(AccessTest, BytesThatNeverBecameARequestAreRefusedInTheSameShape) {
  const std::pair<int, const char*> rows[] = {{400, "400/1200 Invalid request parameters"},
                                              {413, "413/1200 Invalid request parameters"},
                                              {431, "431/1200 Invalid request parameters"},
                                              {501, "501/1200 Invalid request parameters"},
                                              {505, "505/1200 Invalid request parameters"},
                                              {408, "408/5002 Server internal timeout"},
                                              {500, "500/5000 Server internal error"},
                                              {503, "503/5001 Server temporarily unavailable"}};
  for (const auto& [status, answer] : rows) {
    const wire::Response response = api_->refuse(status, "/v1/videos/text2video");
    EXPECT_EQ(summary(response), answer);
    EXPECT_EQ(parsed(response).find("data"), nullptr);
    EXPECT_EQ(logger_.lines.back().find("limits.") != std::string::npos,
              status == 408 || status == 413 || status == 431 || status == 503)
        << logger_.lines.back();
    EXPECT_EQ(parsed(response).string_or("request_id", "").size(), 36u);
  }
}

class RateTest : public ApiTest {
 protected:
  RateTest() : ApiTest({.version = "", .requests_per_second = 2}) {}
};

TEST_F(RateTest, AnAccountBeyondItsRateIsTurnedAwayAndOthersAreNot) {
  EXPECT_EQ(get(kOfficial).status, 200);
  EXPECT_EQ(get(kOfficial).status, 200);
  const wire::Response response = get(kOfficial);
  EXPECT_EQ(summary(response), "429/1302 Too many requests");
  EXPECT_EQ(*response.headers.find("Retry-After"), "1");
  EXPECT_EQ(get(kOfficial, bearer(make_key("other"))).status, 200);
  EXPECT_EQ(get("/healthz").status, 200);
  clock_.advance(Millis(500));
  EXPECT_EQ(get(kOfficial).status, 200);
  EXPECT_EQ(get(kOfficial).status, 429);
}

class SmallQueueTest : public ApiTest {
 protected:
  SmallQueueTest() : ApiTest({.version = "", .queue_per_account = 2}) {}
};

TEST_F(SmallQueueTest, AFullQueueRefusesWithTheCanonicalTextAndStoresNothing) {
  const std::string first = create();
  create();
  const wire::Response response = post(R"({"prompt":"x","external_task_id":"third"})");
  EXPECT_EQ(summary(response), "429/1303 parallel task over resource pack limit");
  EXPECT_EQ(*response.headers.find("Retry-After"), "5");
  EXPECT_EQ(task_count(), 2u);
  EXPECT_EQ(get(std::string(kOfficial) + "/third").status, 404);
  succeed(first);
  EXPECT_EQ(summary(post(R"({"prompt":"x","external_task_id":"third"})")), "200/0 SUCCEED");
}

}  // namespace
}  // namespace rushes::api
