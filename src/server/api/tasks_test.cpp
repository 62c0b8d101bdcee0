// Create, query, list: through the whole Api.
#include <gmock/gmock.h>

#include "server/api/api_kit.h"

namespace rushes::api {
namespace {

using testing::ElementsAre;

constexpr const char* kNotFound = "404/1203 The requested resource does not exist";

class TasksTest : public ApiTest {
 protected:
  std::vector<std::string> ids_at(std::string_view target, wire::Headers headers = {}) {
    std::vector<std::string> ids;
    const json::Value reply = parsed(get(target, std::move(headers)));
    for (const json::Value& task : *reply.find("data")->as_array()) {
      ids.push_back(task.string_or("task_id", ""));
    }
    return ids;
  }
};

TEST_F(TasksTest, EveryMountCreatesAndReadsTheSameTasks) {
  for (const std::string_view mount : {kOfficial, kPowertokens, kClassic}) {
    const std::string id = create(R"({"prompt":"clouds"})", mount);
    for (const std::string_view other : {kOfficial, kPowertokens, kClassic}) {
      EXPECT_EQ(task(id, other).string_or("task_status", ""), "submitted");
    }
  }
}

TEST_F(TasksTest, ATaskIsFoundByEitherIdPercentDecodedAndByQuery) {
  const std::string id = create(R"({"prompt":"x","external_task_id":"order 17/ä"})");
  const std::string encoded = wire::percent_encode("order 17/ä");
  for (const std::string& target :
       {std::string(kOfficial) + "/" + id, std::string(kOfficial) + "/" + encoded,
        std::string(kOfficial) + "?external_task_id=" + encoded}) {
    const json::Value data = *parsed(get(target)).find("data");
    EXPECT_EQ(data.string_or("task_id", ""), id) << target;
    EXPECT_EQ(data.find("task_info")->string_or("external_task_id", ""), "order 17/ä");
  }
}

TEST_F(TasksTest, ATaskIdIsTriedBeforeAnExternalIdOfTheSameText) {
  const std::string first = create();
  const std::string second = create("{\"prompt\":\"x\",\"external_task_id\":\"" + first + "\"}");
  EXPECT_EQ(task(first).string_or("task_id", ""), first);
  const json::Value by_query =
      *parsed(get(std::string(kOfficial) + "?external_task_id=" + first)).find("data");
  EXPECT_EQ(by_query.string_or("task_id", ""), second);
}

TEST_F(TasksTest, UnknownForeignAndMalformedIdsLookAlike) {
  const std::string id = create(R"({"prompt":"x","external_task_id":"mine"})");
  const std::string other = make_key("other");
  for (const std::string& path : {id, std::string("mine")}) {
    EXPECT_EQ(summary(get(std::string(kOfficial) + "/" + path, bearer(other))), kNotFound);
  }
  for (const char* path :
       {"1", "0", "nothing", "18446744073709551615", "99999999999999999999", "-1", "%20", "%ff"}) {
    EXPECT_EQ(summary(get(std::string(kOfficial) + "/" + path)), kNotFound) << path;
  }
  EXPECT_THAT(ids_at(kOfficial, bearer(other)), ElementsAre());
  EXPECT_EQ(summary(get(std::string(kOfficial) + "?external_task_id=mine", bearer(other))),
            kNotFound);
}

TEST_F(TasksTest, ExternalIdsAreUniqueWithinAnAccountOnly) {
  const char* body = R"({"prompt":"x","external_task_id":"mine"})";
  const std::string id = create(body);
  EXPECT_EQ(summary(post(body)), "400/1201 external_task_id already exists");
  EXPECT_EQ(summary(post(body, kPowertokens)), "400/1201 external_task_id already exists");
  EXPECT_EQ(summary(post(body, kOfficial, bearer(make_key("other")))), "200/0 SUCCEED");
  EXPECT_EQ(task("mine").string_or("task_id", ""), id);
  create(R"({"prompt":"x","external_task_id":""})");
  create(R"({"prompt":"x","external_task_id":""})");
}

TEST_F(TasksTest, TheListIsNewestFirstAndPaged) {
  std::vector<std::string> ids;
  for (int i = 0; i < 5; ++i) {
    clock_.advance(Millis(1));
    ids.push_back(create());
  }
  EXPECT_THAT(ids_at(kOfficial), ElementsAre(ids[4], ids[3], ids[2], ids[1], ids[0]));
  const std::string list(kOfficial);
  EXPECT_THAT(ids_at(list + "?pageNum=1&pageSize=2"), ElementsAre(ids[4], ids[3]));
  EXPECT_THAT(ids_at(list + "?pageNum=3&pageSize=2"), ElementsAre(ids[0]));
  EXPECT_THAT(ids_at(list + "?pageNum=4&pageSize=2"), ElementsAre());
  EXPECT_THAT(ids_at(list + "?pageNum=1000&pageSize=500"), ElementsAre());
  EXPECT_EQ(summary(get(list + "?pageSize=501")), "400/1201 pageSize value '501' is invalid");
  EXPECT_EQ(summary(get(list + "?pageNum=0")), "400/1201 pageNum value '0' is invalid");
  EXPECT_EQ(summary(get(list + "?%zz")), "400/1200 Invalid request parameters");
}

TEST_F(TasksTest, TheListShowsThirtyDays) {
  const std::string id = create();
  clock_.advance(Seconds(30 * 86400));
  EXPECT_THAT(ids_at(kOfficial), ElementsAre(id));
  clock_.advance(Millis(1));
  EXPECT_THAT(ids_at(kOfficial), ElementsAre());
}

TEST_F(TasksTest, ARefusedRequestStoresNothing) {
  for (const char* body :
       {"", "[]", "{\"prompt\":\"\xff\"}", R"({"prompt":""})",
        R"({"prompt":"x","mode":"standard"})", R"({"prompt":"x","callback_url":"nonsense"})"}) {
    EXPECT_EQ(post(body, kOfficial, header("Idempotency-Key", "k")).status, 400) << body;
  }
  EXPECT_EQ(task_count(), 0u);
  // The key is still free.
  EXPECT_EQ(summary(post(R"({"prompt":"x"})", kOfficial, header("Idempotency-Key", "k"))),
            "200/0 SUCCEED");
}

TEST_F(TasksTest, ARepeatedIdempotencyKeyGivesTheFirstReply) {
  const wire::Headers key = header("Idempotency-Key", "order 1");
  const wire::Response first =
      post(R"({"prompt":"once","external_task_id":"e","wings":2})", kOfficial, key);
  EXPECT_EQ(first.headers.find("Idempotent-Replayed"), nullptr);
  clock_.advance(Seconds(100));
  succeed(parsed(first).find("data")->string_or("task_id", ""));
  // The same request, however it is laid out.
  const wire::Response again =
      post(R"( {"wings":2, "external_task_id":"e","prompt":"once"} )", kOfficial, key);
  EXPECT_EQ(summary(again), "200/0 SUCCEED");
  EXPECT_EQ(*again.headers.find("Idempotent-Replayed"), "true");
  EXPECT_EQ(*parsed(again).find("data"), *parsed(first).find("data"));
  EXPECT_EQ(*again.headers.find("X-Rushes-Ignored-Fields"), "wings");
  EXPECT_EQ(task_count(), 1u);
}

TEST_F(TasksTest, AnIdempotencyKeyBelongsToOneRequestOfOneAccount) {
  const char* mismatch = "400/1201 Idempotency-Key was used with a different request";
  const auto key = [] { return header("Idempotency-Key", "k"); };
  EXPECT_EQ(summary(post(R"({"prompt":"a"})", kOfficial, key())), "200/0 SUCCEED");
  EXPECT_EQ(summary(post(R"({"prompt":"b"})", kOfficial, key())), mismatch);
  EXPECT_EQ(summary(post(R"({"prompt":"a"})", kPowertokens, key())), mismatch);
  wire::Headers seeded = key();
  seeded.add("X-Rushes-Seed", "5");
  EXPECT_EQ(summary(post(R"({"prompt":"a"})", kOfficial, seeded)), mismatch);
  wire::Headers other = bearer(make_key("other"));
  other.add("Idempotency-Key", "k");
  EXPECT_EQ(summary(post(R"({"prompt":"b"})", kOfficial, other)), "200/0 SUCCEED");
}

TEST_F(TasksTest, AnIdempotencyKeyHasAtMost255VisibleCharacters) {
  const auto ask = [&](std::string key) {
    return summary(post(R"({"prompt":"a"})", kOfficial, header("Idempotency-Key", std::move(key))));
  };
  EXPECT_EQ(ask(std::string(255, 'k')), "200/0 SUCCEED");
  EXPECT_EQ(ask(std::string(256, 'k')),
            "400/1201 Idempotency-Key value '" + std::string(64, 'k') + "' is invalid");
  EXPECT_EQ(ask("\xff"), "400/1201 Idempotency-Key value '' is invalid");
  EXPECT_EQ(ask(""), "200/0 SUCCEED");
  EXPECT_EQ(ask(""), "200/0 SUCCEED");
  EXPECT_EQ(task_count(), 3u);
}

TEST_F(TasksTest, ASeedIsAnUnsigned64BitNumber) {
  const auto ask = [&](std::string seed) {
    return post(R"({"prompt":"a"})", kOfficial, header("X-Rushes-Seed", std::move(seed)));
  };
  const wire::Response largest = ask("18446744073709551615");
  const std::string id = parsed(largest).find("data")->string_or("task_id", "");
  EXPECT_EQ(parsed(get("/rushes/v1/tasks/" + id)).string_or("seed", ""), "18446744073709551615");
  for (const char* seed : {"18446744073709551616", "-1", "x", "", "1.5"}) {
    EXPECT_EQ(summary(ask(seed)), "400/1201 X-Rushes-Seed value '" + std::string(seed) +
                                      "' is invalid: 0 to 18446744073709551615");
  }
}

TEST_F(TasksTest, ATaskIsReadThroughItsLife) {
  const std::string id = create(R"({"prompt":"x","watermark_info":{"enabled":true}})");
  json::Value data = task(id);
  EXPECT_EQ(data.string_or("task_status", ""), "submitted");
  EXPECT_EQ(*data.find("task_result"), json::Value(json::Object{}));
  EXPECT_EQ(data.find("final_unit_deduction"), nullptr);
  claim(*TaskId::parse(id));
  EXPECT_EQ(task(id).string_or("task_status", ""), "processing");
  succeed(id);
  data = task(id);
  EXPECT_EQ(data.string_or("task_status", ""), "succeed");
  EXPECT_EQ(data.string_or("final_unit_deduction", ""), "1");
  const json::Value video = data.find("task_result")->find("videos")->as_array()->front();
  EXPECT_EQ(video.string_or("duration", ""), "5");
  EXPECT_NE(video.string_or("url", ""), video.string_or("watermark_url", ""));
  EXPECT_EQ(get(target_of(video.string_or("url", ""))).status, 200);
  EXPECT_EQ(get(target_of(video.string_or("watermark_url", ""))).status, 200);
}

TEST_F(TasksTest, AFailedTaskIsAReplyNotAnError) {
  const std::string id = create();
  fail_task(id, "The renderer ended unexpectedly");
  const json::Value data = task(id);
  EXPECT_EQ(data.string_or("task_status", ""), "failed");
  EXPECT_EQ(data.string_or("task_status_msg", ""), "The renderer ended unexpectedly");
  EXPECT_EQ(data.string_or("final_unit_deduction", ""), "0");
  EXPECT_EQ(*data.find("task_result"), json::Value(json::Object{}));
}

TEST_F(TasksTest, AccountCostsAnswerWithoutPacks) {
  for (const std::string path : {"/account/costs", "/v1/account/costs"}) {
    const wire::Response response = get(path + "?start_time=0&end_time=9999999999999");
    EXPECT_EQ(summary(response), "200/0 SUCCEED");
    EXPECT_EQ(*parsed(response).find("data"),
              json::Value(json::Object{{"code", 0}, {"msg", "success"}}));
    EXPECT_EQ(summary(get(path)), "400/1201 start_time value '' is invalid");
    EXPECT_EQ(get(path, header("Authorization", "")).status, 401);
  }
}

TEST_F(TasksTest, IgnoredFieldsAreReportedOnTheReplyAndOnTheTask) {
  const wire::Response response = post(R"({"prompt":"x","wings":2,"voice_list":[]})");
  EXPECT_EQ(*response.headers.find("X-Rushes-Ignored-Fields"), "wings, voice_list");
}

TEST_F(TasksTest, AFakeRuleMeansNothingOutsideOfDevelopment) {
  const wire::Response response =
      post(R"({"prompt":"x"})", kOfficial, header("X-Rushes-Fake", "nonsense"));
  EXPECT_EQ(summary(response), "200/0 SUCCEED");
  EXPECT_EQ(response.headers.find("X-Rushes-Fake"), nullptr);
}

class DevelopmentTest : public ApiTest {
 protected:
  DevelopmentTest()
      : ApiTest(
            {.version = "0.0.0-test", .check_fake_rule = [](std::string_view rule) -> Result<void> {
               if (rule == "slow" || rule == "quick") return {};
               return fail_user(ErrorCode::kInvalidInput, "rule is unknown");
             }}) {}
};

TEST_F(DevelopmentTest, AFakeRuleIsJudgedAndKeptWithTheTask) {
  const auto ask = [&](std::string rule) {
    wire::Headers headers = header("X-Rushes-Fake", std::move(rule));
    headers.add("Idempotency-Key", "k");
    return post(R"({"prompt":"x"})", kOfficial, headers);
  };
  EXPECT_EQ(summary(ask("odd")), "400/1201 X-Rushes-Fake: rule is unknown");
  const wire::Response made = ask("slow");
  EXPECT_EQ(summary(made), "200/0 SUCCEED");
  EXPECT_EQ(made.headers.find("X-Rushes-Fake"), nullptr);
  const TaskId id = *TaskId::parse(parsed(made).find("data")->string_or("task_id", ""));
  EXPECT_EQ(claim(id).spec.fake_rule, "slow");
  EXPECT_EQ(summary(ask("quick")), "400/1201 Idempotency-Key was used with a different request");
}

}  // namespace
}  // namespace rushes::api
