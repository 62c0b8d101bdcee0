// The replies, byte for byte as the vendor's clients have seen them.
#include <gtest/gtest.h>

#include <cctype>
#include <fstream>
#include <sstream>

#include "core/dialect/kling/kling.h"

namespace rushes::dialect::kling {
namespace {

constexpr std::string_view kRequestId = "c0656403-1e6e-4b7e-b8f8-2cdd2595f2b9";
const wire::Request kRequest;
const ReplyContext kContext{.request_id = kRequestId, .request = kRequest};
const ReplyContext kPlain{.request_id = "id", .request = kRequest};

Task task_in(TaskState state) {
  Task task;
  task.id = TaskId{845809073525633086};
  task.state = state;
  task.spec.external_task_id = "my-id-1";
  task.created_at = from_unix_ms(1769685116248);
  task.updated_at = from_unix_ms(1769685162155);
  return task;
}

Task succeeded(Millis duration, UnitTenths units) {
  Task task = task_in(TaskState::kSucceeded);
  task.price_final = units;
  task.artifacts = {
      {.id = TaskId{845809073525633088}, .kind = ArtifactKind::kPoster},
      {.id = TaskId{845809073525633087}, .kind = ArtifactKind::kVideo, .duration = duration}};
  return task;
}

TaskView view_of(const Task& task) {
  TaskView view{.task = &task, .artifact_urls = {}};
  for (const Artifact& artifact : task.artifacts) {
    view.artifact_urls.push_back("https://video.example.com/files/" + artifact.id.to_string());
  }
  return view;
}

// A golden of testdata/replies without the layout that makes it readable.
std::string golden(const std::string& name) {
  std::ifstream file(std::string(RUSHES_TESTDATA) + "/replies/" + name);
  EXPECT_TRUE(file) << name;
  std::stringstream text;
  text << file.rdbuf();
  const auto value = json::parse(text.str());
  EXPECT_TRUE(value) << name;
  return json::to_text(*value);
}

TEST(EncodeTest, RepliesAreTheGoldenOnes) {
  const KlingDialect dialect;
  Task created = task_in(TaskState::kQueued);
  EXPECT_EQ(dialect.encode_created(kContext, created).body, golden("created.json"));
  created.spec.external_task_id.clear();
  EXPECT_EQ(dialect.encode_created(kContext, created).body, golden("created_plain.json"));

  const Task queued = task_in(TaskState::kQueued), rendering = task_in(TaskState::kRendering);
  EXPECT_EQ(dialect.encode_task(kContext, view_of(queued)).body, golden("submitted.json"));
  EXPECT_EQ(dialect.encode_task(kContext, view_of(rendering)).body, golden("processing.json"));

  Task done = succeeded(Millis(5041), 40);
  done.spec.watermark_requested = true;
  done.spec.watermark = Watermark::kOn;
  done.artifacts.push_back(
      {.id = TaskId{845809073525633089}, .kind = ArtifactKind::kWatermarkedVideo});
  EXPECT_EQ(dialect.encode_task(kContext, view_of(done)).body, golden("succeed.json"));

  Task failed = task_in(TaskState::kFailed);
  failed.failure_message = "Failure to pass the risk control system";
  EXPECT_EQ(dialect.encode_task(kContext, view_of(failed)).body, golden("failed.json"));

  const std::vector<TaskView> list{view_of(failed), view_of(queued)};
  EXPECT_EQ(dialect.encode_tasks(kContext, list).body, golden("list.json"));
  EXPECT_EQ(dialect.encode_tasks(kContext, {}).body, golden("list_empty.json"));
  EXPECT_EQ(dialect.encode_account_costs(kContext, {}).body, golden("account_costs.json"));
  const ResourcePack packs[] = {{.id = "509f3fd3d4ab4a3f9eec5db27aa44f27",
                                 .name = "Video Generation",
                                 .total = 2000,
                                 .remaining = 1185,
                                 .purchased_at = from_unix_ms(1726124664368)},
                                {.id = "x", .name = "Spent", .total = 5}};
  EXPECT_EQ(dialect.encode_account_costs(kContext, packs).body, golden("account_costs_packs.json"));
}

TEST(EncodeTest, AReplayShowsTheTaskAsItWasCreated) {
  const KlingDialect dialect;
  EXPECT_EQ(dialect.encode_created(kContext, succeeded(Millis(5000), 10)).body,
            golden("created.json"));
}

TEST(EncodeTest, ACallbackIsTheTaskOfTheQueryWithoutItsEnvelope) {
  const KlingDialect dialect;
  Task done = succeeded(Millis(5041), 40);
  done.spec.watermark = Watermark::kOn;
  done.artifacts.push_back(
      {.id = TaskId{845809073525633089}, .kind = ArtifactKind::kWatermarkedVideo});
  EXPECT_EQ(dialect.encode_callback(view_of(done)), golden("callback_succeed.json"));
  Task failed = task_in(TaskState::kFailed);
  failed.spec.external_task_id.clear();
  failed.failure_message = "Failure to pass the risk control system";
  EXPECT_EQ(dialect.encode_callback(view_of(failed)), golden("callback_failed.json"));
  for (const TaskState state : {TaskState::kQueued, TaskState::kRendering}) {
    const Task task = task_in(state);
    const std::string reply = dialect.encode_task(kPlain, view_of(task)).body;
    const std::string body = dialect.encode_callback(view_of(task)).value();
    EXPECT_EQ(reply, R"({"code":0,"message":"SUCCEED","request_id":"id","data":)" + body + "}");
  }
}

TEST(EncodeTest, LengthsAndDeductionsAreMinimalDecimalTexts) {
  const KlingDialect dialect;
  const std::pair<int, const char*> lengths[] = {{5041, R"("duration":"5.041")"},
                                                 {5100, R"("duration":"5.1")"},
                                                 {5000, R"("duration":"5")"},
                                                 {10040, R"("duration":"10.04")"},
                                                 {15003, R"("duration":"15.003")"}};
  for (const auto& [ms, text] : lengths) {
    const Task task = succeeded(Millis(ms), 18);
    const std::string body = dialect.encode_task(kContext, view_of(task)).body;
    EXPECT_NE(body.find(text), std::string::npos) << body;
    EXPECT_NE(body.find(R"("final_unit_deduction":"1.8")"), std::string::npos) << body;
  }
}

TEST(EncodeTest, EveryReplyIsPlainJsonWithStatus200) {
  const KlingDialect dialect;
  const Task task = task_in(TaskState::kQueued);
  for (const wire::Response& response :
       {dialect.encode_created(kContext, task), dialect.encode_task(kContext, view_of(task)),
        dialect.encode_tasks(kContext, {}), dialect.encode_account_costs(kContext, {})}) {
    EXPECT_EQ(response.status, 200);
    EXPECT_EQ(*response.headers.find("content-type"), "application/json");
  }
}

TEST(EncodeTest, IgnoredFieldsTravelInAHeaderThatCannotBeBroken) {
  const KlingDialect dialect;
  Task task = task_in(TaskState::kQueued);
  EXPECT_EQ(dialect.encode_created(kContext, task).headers.find("X-Rushes-Ignored-Fields"),
            nullptr);
  task.spec.ignored_fields = {"voice_list", "a\r\nSet-Cookie: x", "é", std::string(100, 'x')};
  EXPECT_EQ(*dialect.encode_created(kContext, task).headers.find("X-Rushes-Ignored-Fields"),
            "voice_list, a%0D%0ASet-Cookie%3A%20x, %C3%A9, " + std::string(64, 'x'));
}

struct ErrorRow {
  Reason reason;
  int status;
  int code;
  const char* message;
  const char* retry_after;
};

TEST(EncodeTest, EveryReasonHasItsStatusCodeAndLiteralText) {
  const KlingDialect dialect;
  const ErrorRow rows[] = {
      {Reason::kAuthenticationFailed, 401, 1000, "Authentication failed", nullptr},
      {Reason::kAuthorizationMissing, 401, 1001, "Authorization is empty", nullptr},
      {Reason::kAuthorizationInvalid, 401, 1002, "Authorization is invalid", nullptr},
      {Reason::kKeyUnknown, 401, 1002, "api key not found", nullptr},
      {Reason::kNotYetValid, 401, 1003, "Authorization is not yet valid", nullptr},
      {Reason::kExpired, 401, 1004, "Authorization has expired", nullptr},
      {Reason::kAccountSuspended, 429, 1100, "Abnormal account status", nullptr},
      {Reason::kAccountInArrears, 429, 1101, "Account in arrears", nullptr},
      {Reason::kBalanceExhausted, 429, 1102, "Account balance not enough", nullptr},
      {Reason::kPermissionDenied, 403, 1103, "Unauthorized access to requested resource", nullptr},
      {Reason::kBodyInvalid, 400, 1200, "Invalid request parameters", nullptr},
      {Reason::kFieldInvalid, 400, 1201, "Invalid request parameters", nullptr},
      {Reason::kMethodInvalid, 404, 1202, "The requested method is invalid", nullptr},
      {Reason::kNotFound, 404, 1203, "The requested resource does not exist", nullptr},
      {Reason::kRateLimited, 429, 1302, "Too many requests", "1"},
      {Reason::kConcurrencyExceeded, 429, 1303, "parallel task over resource pack limit", "5"},
      {Reason::kAddressBlocked, 429, 1304, "Request blocked by the IP whitelist policy", nullptr},
      {Reason::kQueueFull, 429, 1303, "parallel task over resource pack limit", "5"},
      {Reason::kInternal, 500, 5000, "Server internal error", nullptr},
      {Reason::kUnavailable, 503, 5001, "Server temporarily unavailable", "5"},
      {Reason::kTimeout, 504, 5002, "Server internal timeout", nullptr},
  };
  for (const ErrorRow& row : rows) {
    const wire::Response response = dialect.encode_refusal(kContext, {.reason = row.reason});
    EXPECT_EQ(response.status, row.status) << row.message;
    EXPECT_EQ(response.body, "{\"code\":" + std::to_string(row.code) + ",\"message\":\"" +
                                 row.message + "\",\"request_id\":\"" + std::string(kRequestId) +
                                 "\"}");
    const std::string* wait = response.headers.find("Retry-After");
    EXPECT_EQ(wait ? *wait : "", row.retry_after ? row.retry_after : "") << row.message;
  }
}

TEST(EncodeTest, ARefusalsOwnTextAndStatusReplaceTheTables) {
  const KlingDialect dialect;
  const wire::Response response =
      dialect.encode_refusal(kPlain, {.reason = Reason::kBodyInvalid, .status = 413});
  EXPECT_EQ(response.status, 413);
  EXPECT_EQ(response.body,
            R"({"code":1200,"message":"Invalid request parameters","request_id":"id"})");
  EXPECT_EQ(
      dialect.encode_refusal(kPlain, {.reason = Reason::kFieldInvalid, .message = "a \"b\""}).body,
      R"({"code":1201,"message":"a \"b\"","request_id":"id"})");
}

TEST(EncodeTest, AnInsideErrorShowsNothingOfTheInside) {
  const KlingDialect dialect;
  for (const ErrorCode code : {ErrorCode::kCorrupt, ErrorCode::kInternal, ErrorCode::kInvalidInput,
                               ErrorCode::kUnavailable, ErrorCode::kDeadlineExceeded}) {
    const Refusal refusal = to_refusal(Error{code, "database at path x", ""});
    EXPECT_EQ(refusal.detail, "database at path x");
    EXPECT_EQ(dialect.encode_refusal(kPlain, refusal).body.find("database"), std::string::npos);
  }
}

}  // namespace
}  // namespace rushes::dialect::kling
