// The replies, byte for byte; errors and tracing headers.
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "core/dialect/aiml/aiml.h"

namespace rushes::dialect::aiml {
namespace {

constexpr std::string_view kRequestId = "c0656403-1e6e-4b7e-b8f8-2cdd2595f2b9";
constexpr std::string_view kPath = "/v2/video/generations";

wire::Request request_of(std::string method, std::string target, std::string client_id = {}) {
  wire::Request request;
  request.method = std::move(method);
  request.target = std::move(target);
  if (!client_id.empty()) request.headers.add("X-Client-Request-Id", std::move(client_id));
  return request;
}

class EncodeTest : public testing::Test {
 protected:
  ReplyContext context() const { return {kRequestId, request_, from_unix_ms(1769685116248)}; }
  static std::string header(const wire::Response& response, std::string_view name) {
    const std::string* value = response.headers.find(name);
    return value ? *value : "(none)";
  }

  wire::Request request_ = request_of("POST", std::string(kPath));
  const AimlDialect dialect_;
};

Task task_in(TaskState state) {
  Task task;
  task.id = TaskId{845809073525633086};
  task.state = state;
  task.spec.external_task_id = "my-id-1";
  task.price_estimate = 100;
  return task;
}

TaskView view_of(const Task& task) {
  TaskView view{.task = &task, .artifact_urls = {}};
  for (const Artifact& artifact : task.artifacts) {
    view.artifact_urls.push_back("https://video.example.com/files/" + artifact.id.to_string());
  }
  return view;
}

Task succeeded() {
  Task task = task_in(TaskState::kSucceeded);
  task.price_final = 100;
  task.artifacts = {{.id = TaskId{88}, .kind = ArtifactKind::kPoster},
                    {.id = TaskId{87},
                     .kind = ArtifactKind::kVideo,
                     .content_type = "video/mp4",
                     .size_bytes = 15676617,
                     .duration = Millis(5041)},
                    {.id = TaskId{89}, .kind = ArtifactKind::kWatermarkedVideo}};
  return task;
}

std::string golden(const std::string& name) {
  std::ifstream file(std::string(RUSHES_TESTDATA) + "/replies/" + name);
  EXPECT_TRUE(file) << name;
  std::stringstream text;
  text << file.rdbuf();
  const auto value = json::parse(text.str());
  EXPECT_TRUE(value) << name;
  return json::to_text(*value);
}

TEST_F(EncodeTest, RepliesAreTheGoldenOnesByState) {
  EXPECT_EQ(dialect_.encode_created(context(), task_in(TaskState::kQueued)).body,
            golden("created.json"));
  const auto shown = [&](const Task& task) {
    return dialect_.encode_task(context(), view_of(task)).body;
  };
  EXPECT_EQ(shown(task_in(TaskState::kQueued)), golden("queued.json"));
  EXPECT_EQ(shown(task_in(TaskState::kRendering)), golden("generating.json"));
  EXPECT_EQ(shown(task_in(TaskState::kFetching)), golden("generating.json"));
  EXPECT_EQ(shown(succeeded()), golden("completed.json"));
  Task failed = task_in(TaskState::kFailed);
  failed.failure_message = "Failure to pass the risk control system";
  failed.price_final = 0;
  EXPECT_EQ(shown(failed), golden("error.json"));
}

TEST_F(EncodeTest, AReplayShowsTheTaskAsItWasCreated) {
  EXPECT_EQ(dialect_.encode_created(context(), succeeded()).body, golden("created.json"));
}

TEST_F(EncodeTest, TracingHeadersTellTheTaskAndItsCost) {
  const wire::Response created = dialect_.encode_created(context(), task_in(TaskState::kQueued));
  EXPECT_EQ(created.status, 200);
  EXPECT_EQ(header(created, "content-type"), "application/json");
  EXPECT_EQ(header(created, "x-inference-id"), "845809073525633086");
  EXPECT_EQ(header(created, "x-aimlapi-credits-used"), "2800000");
  EXPECT_EQ(header(created, "x-aimlapi-usd-spent"), "1.4");
  EXPECT_EQ(header(created, "access-control-expose-headers"),
            "x-inference-id, x-client-request-id, x-aimlapi-credits-used, x-aimlapi-usd-spent");
  const wire::Response running =
      dialect_.encode_task(context(), view_of(task_in(TaskState::kRendering)));
  EXPECT_EQ(header(running, "x-inference-id"), "845809073525633086");
  EXPECT_EQ(header(running, "x-aimlapi-credits-used"), "(none)");
  Task cheap = succeeded();
  cheap.price_final = 18;
  const wire::Response done = dialect_.encode_task(context(), view_of(cheap));
  EXPECT_EQ(header(done, "x-aimlapi-credits-used"), "504000");
  EXPECT_EQ(header(done, "x-aimlapi-usd-spent"), "0.252");
}

TEST_F(EncodeTest, AClientsOwnRequestIdComesBackIfItIsWellFormed) {
  const auto echoed = [&](std::string id) {
    request_ = request_of("POST", std::string(kPath), std::move(id));
    return header(dialect_.encode_created(context(), task_in(TaskState::kQueued)),
                  "x-client-request-id");
  };
  EXPECT_EQ(echoed("Order.17_a:b-C"), "Order.17_a:b-C");
  EXPECT_EQ(echoed(std::string(128, 'x')), std::string(128, 'x'));
  for (const std::string& bad :
       {std::string(), std::string(129, 'x'), std::string("a b"), std::string("a/b"),
        std::string("a\r\nSet-Cookie: x"), std::string("\xc3\xa9")}) {
    EXPECT_EQ(echoed(bad), "(none)") << bad;
  }
}

struct ErrorRow {
  Reason reason;
  int status;
  const char* message;
  const char* retry_after;
};

TEST_F(EncodeTest, EveryReasonHasItsStatusAndText) {
  const char* key = "This request requires a valid API key.";
  const ErrorRow rows[] = {
      {Reason::kAuthenticationFailed, 401, key, nullptr},
      {Reason::kAuthorizationMissing, 401, key, nullptr},
      {Reason::kAuthorizationInvalid, 401, key, nullptr},
      {Reason::kKeyUnknown, 401, key, nullptr},
      {Reason::kNotYetValid, 401, key, nullptr},
      {Reason::kExpired, 401, key, nullptr},
      {Reason::kAccountSuspended, 403, "Your account is suspended.", nullptr},
      {Reason::kAccountInArrears, 403, "Your account has an unpaid balance.", nullptr},
      {Reason::kBalanceExhausted, 403, "You've run out of credits.", nullptr},
      {Reason::kAddressBlocked, 403, "This API key may not be used from this address.", nullptr},
      {Reason::kPermissionDenied, 403, "This API key has no access to the requested resource.",
       nullptr},
      {Reason::kBodyInvalid, 400, "Body validation error\nExpected a JSON object", nullptr},
      {Reason::kFieldInvalid, 400, "Body validation error", nullptr},
      {Reason::kMethodInvalid, 404, "Cannot POST /v2/video/generations", nullptr},
      {Reason::kNotFound, 404, "Not Found", nullptr},
      {Reason::kRateLimited, 429, "Too Many Requests", "1"},
      {Reason::kConcurrencyExceeded, 429, "Too Many Requests", "5"},
      {Reason::kQueueFull, 429, "Too Many Requests", "5"},
      {Reason::kInternal, 500, "Internal server error", nullptr},
      {Reason::kUnavailable, 503, "Service unavailable", "5"},
      {Reason::kTimeout, 504, "Generation timeout", nullptr},
  };
  for (const ErrorRow& row : rows) {
    const wire::Response response = dialect_.encode_refusal(context(), {.reason = row.reason});
    EXPECT_EQ(response.status, row.status) << row.message;
    const json::Value expected = json::Object{{"message", row.message},
                                              {"path", kPath},
                                              {"requestId", kRequestId},
                                              {"statusCode", row.status},
                                              {"timestamp", "2026-01-29T11:11:56.248Z"}};
    EXPECT_EQ(response.body, json::to_text(expected));
    EXPECT_EQ(header(response, "Retry-After"), row.retry_after ? row.retry_after : "(none)");
    EXPECT_NE(header(response, "access-control-expose-headers"), "(none)");
  }
}

TEST_F(EncodeTest, ARefusalsOwnTextAndStatusReplaceTheTables) {
  const auto message = [&](const Refusal& refusal) {
    return json::parse(dialect_.encode_refusal(context(), refusal).body)->string_or("message", "");
  };
  EXPECT_EQ(message({.reason = Reason::kBodyInvalid, .status = 431}),
            std::string(wire::reason_phrase(431)));
  EXPECT_EQ(message({.reason = Reason::kFieldInvalid, .message = "a \"b\""}), "a \"b\"");
}

TEST_F(EncodeTest, ARefusedPollNamesTheTaskUnlessTheIdIsMalformed) {
  const auto named = [&](std::string method, std::string_view query) {
    request_ = request_of(std::move(method), std::string(kPath) + std::string(query));
    return header(dialect_.encode_refusal(context(), {.reason = Reason::kNotFound}),
                  "x-inference-id");
  };
  EXPECT_EQ(named("GET", "?generation_id=845809073525633086"), "845809073525633086");
  EXPECT_EQ(named("GET", "?generation_id=845809073525633086%3Ax"), "845809073525633086");
  EXPECT_EQ(named("GET", "?generation_id=order"), "(none)");
  EXPECT_EQ(named("GET", ""), "(none)");
  EXPECT_EQ(named("POST", "?generation_id=845809073525633086"), "(none)");
}

TEST_F(EncodeTest, AnyTargetMakesValidJson) {
  request_ = request_of("GET", "/v2/\xff?generation_id=1");
  const wire::Response response = dialect_.encode_refusal(context(), {.reason = Reason::kNotFound});
  EXPECT_EQ(json::parse(response.body)->string_or("path", "?"), "");
}

}  // namespace
}  // namespace rushes::dialect::aiml
