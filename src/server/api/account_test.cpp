// What an operator may set for an account, as its clients meet it, in the order of the checks.
#include <gmock/gmock.h>

#include "server/api/api_kit.h"
#include "server/api/caller.h"

namespace rushes::api {
namespace {

constexpr const char* kBody = R"({"prompt":"x"})";
constexpr const char* kSuspended = "429/1100 Abnormal account status";
constexpr const char* kInArrears = "429/1101 Account in arrears";
constexpr const char* kNoBalance = "429/1102 Account balance not enough";
constexpr const char* kNoPermission = "403/1103 Unauthorized access to requested resource";
constexpr const char* kBlocked = "429/1304 Request blocked by the IP whitelist policy";
constexpr const char* kTooMany = "429/1303 parallel task over resource pack limit";
constexpr const char* kDone = "200/0 SUCCEED";
constexpr const char* kGeneration =
    R"({"model":"kling-video/v1/standard/text-to-video","prompt":"x"})";

class AccountTest : public ApiTest {
 protected:
  // In force once what is remembered of a key is forgotten.
  void set(const store::AccountSettings& settings) {
    const auto account = run(store_->ensure_account("default", clock_.now()));
    EXPECT_TRUE(*run(store_->update_account(account->id, settings, clock_.now())));
    clock_.advance(Seconds(1));
  }
  static std::string generation_summary(const wire::Response& response) {
    return std::to_string(response.status) + " " + parsed(response).string_or("message", "");
  }
  json::Value costs(std::string_view window = "start_time=0&end_time=9999999999999") {
    const wire::Response response = get("/account/costs?" + std::string(window));
    EXPECT_EQ(summary(response), kDone);
    return *parsed(response).find("data");
  }
};

TEST_F(AccountTest, ASuspendedAccountMayNothingAndLearnsItBeforeItsBodyIsRead) {
  const std::string id = create();
  set({.status = "suspended"});
  EXPECT_EQ(summary(post(kBody)), kSuspended);
  EXPECT_EQ(summary(post("no json")), kSuspended);
  EXPECT_EQ(summary(get(std::string(kOfficial) + "/" + id)), kSuspended);
  EXPECT_EQ(summary(get("/rushes/v1/tasks")), kSuspended);
  EXPECT_EQ(generation_summary(post(kGeneration, kUniversal)), "403 Your account is suspended.");
  EXPECT_EQ(summary(get(kOfficial, bearer("nope"))), "401/1002 api key not found");
  EXPECT_EQ(get("/healthz").status, 200);
  EXPECT_EQ(summary(post(kBody, kOfficial, bearer(make_key("other")))), kDone);
  set({.status = "active"});
  EXPECT_EQ(summary(post(kBody)), kDone);
}

TEST_F(AccountTest, AStatusThatThisVersionDoesNotKnowIsNoPermission) {
  EXPECT_EQ(Caller(store::Account{.settings = {.status = "on_holiday"}}).status(),
            Caller::Status::kSuspended);
}

TEST_F(AccountTest, ArrearsEndCreatesOnlyAndOnlyGoodOnes) {
  const std::string id = create(R"({"prompt":"x","external_task_id":"e"})");
  set({.status = "arrears"});
  EXPECT_EQ(summary(post(kBody)), kInArrears);
  EXPECT_EQ(summary(post(R"({"prompt":""})")), "400/1201 prompt must not be empty");
  EXPECT_EQ(summary(post(R"({"prompt":"x","external_task_id":"e"})")),
            "400/1201 external_task_id already exists");
  EXPECT_EQ(summary(post(R"({"prompt":"x","external_task_id":"f"})")), kInArrears);
  EXPECT_EQ(summary(get(std::string(kOfficial) + "/" + id)), kDone);
  EXPECT_EQ(generation_summary(post(kGeneration, kUniversal)),
            "403 Your account has an unpaid balance.");
}

TEST_F(AccountTest, AReplayIsAnsweredWhateverTheBalance) {
  const wire::Headers key = header("Idempotency-Key", "k");
  const wire::Response first = post(kBody, kOfficial, key);
  set({.status = "arrears", .budget = 0});
  const wire::Response again = post(kBody, kOfficial, key);
  EXPECT_EQ(summary(again), kDone);
  EXPECT_EQ(parsed(again).find("data")->string_or("task_id", "?"),
            parsed(first).find("data")->string_or("task_id", ""));
}

TEST_F(AccountTest, KeysWorkFromTheAllowedNetworksOnly) {
  set({.networks = {"10.0.0.0/8", "127.0.0.1"}});  // the requests of this test come from there
  EXPECT_EQ(summary(post(kBody)), kDone);
  set({.networks = {"10.0.0.0/8", "2001:db8::/32"}});
  EXPECT_EQ(summary(post(kBody)), kBlocked);
  EXPECT_EQ(summary(get(kOfficial)), kBlocked);
  EXPECT_EQ(generation_summary(get(std::string(kUniversal) + "?generation_id=1")),
            "403 This API key may not be used from this address.");
  set({.status = "suspended", .networks = {"10.0.0.0/8"}});
  EXPECT_EQ(summary(get(kOfficial)), kSuspended);
  const Caller caller(store::Account{.settings = {.networks = {"2001:db8::/32", "nonsense"}}});
  EXPECT_TRUE(caller.may_call_from("2001:db8::1"));
  for (const char* peer : {"2001:db9::1", "192.0.2.1", "", "nonsense"}) {
    EXPECT_FALSE(caller.may_call_from(peer)) << peer;
  }
  EXPECT_FALSE(
      Caller(store::Account{.settings = {.networks = {"nonsense"}}}).may_call_from("192.0.2.1"));
}

TEST_F(AccountTest, AModelOutsideTheAccountsListIsNoPermissionOnceTheFieldsAreRight) {
  set({.models = {"kling-v1", "kling-v3"}});
  EXPECT_EQ(summary(post(kBody)), kDone);
  EXPECT_EQ(summary(post(R"({"model_name":"kling-v2-6","prompt":"x"})")), kNoPermission);
  EXPECT_EQ(summary(post(R"({"model_name":"kling-v2-6","prompt":""})")),
            "400/1201 prompt must not be empty");
  EXPECT_EQ(summary(post(R"({"model_name":"kling-v9","prompt":"x"})")),
            "400/1201 model_name value 'kling-v9' is invalid");
  EXPECT_EQ(post(kGeneration, kUniversal).status, 200);
  EXPECT_EQ(generation_summary(post(
                R"({"model":"klingai/v2.5-turbo/pro/text-to-video","prompt":"x"})", kUniversal)),
            "403 This API key has no access to the requested resource.");
  set({.status = "arrears", .models = {"kling-v3"}});
  EXPECT_EQ(summary(post(kBody)), kNoPermission);
}

TEST_F(AccountTest, ABudgetIsReservedAtCreateAndReturnedByAFailure) {
  set({.budget = 20});  // kling-v1 std 5 s is one unit
  const std::string first = create();
  create();
  EXPECT_EQ(summary(post(kBody)), kNoBalance);
  EXPECT_EQ(summary(post(R"({"prompt":""})")), "400/1201 prompt must not be empty");
  EXPECT_EQ(generation_summary(post(kGeneration, kUniversal)), "403 You've run out of credits.");
  fail_task(first, "no");
  EXPECT_EQ(summary(post(kBody)), kDone);
  EXPECT_EQ(summary(post(kBody)), kNoBalance);
}

TEST_F(AccountTest, AStrictAccountIsRefusedAtItsConcurrencyOthersWait) {
  set({.concurrency = 1});
  const std::string first = create();
  create();
  set({.concurrency = 2, .strict_concurrency = true});
  EXPECT_EQ(summary(post(kBody)), kTooMany);
  EXPECT_EQ(*post(kBody).headers.find("Retry-After"), "5");
  EXPECT_EQ(generation_summary(post(kGeneration, kUniversal)), "429 Too Many Requests");
  succeed(first);
  EXPECT_EQ(summary(post(kBody)), kDone);
}

TEST_F(AccountTest, ABudgetIsSeenAsAResourcePack) {
  EXPECT_EQ(costs().find("resource_pack_subscribe_infos"), nullptr);
  set({.budget = 25});
  const int64_t purchased = to_unix_ms(clock_.now() - Seconds(1));
  const std::string spent = create();
  create();
  succeed(spent);
  const json::Value data = costs();
  const json::Array& packs = *data.find("resource_pack_subscribe_infos")->as_array();
  ASSERT_EQ(packs.size(), 1u);
  EXPECT_EQ(packs[0].double_or("total_quantity", 0), 2.5);
  EXPECT_EQ(packs[0].double_or("remaining_quantity", 0), 0.5);
  EXPECT_EQ(packs[0].int_or("purchase_time", 0), purchased);
  EXPECT_EQ(packs[0].string_or("status", ""), "online");
  EXPECT_EQ(packs[0].string_or("resource_pack_id", "").size(), 32u);
  set({.budget = 5});
  const json::Value lowered = costs();
  const json::Value& pack = lowered.find("resource_pack_subscribe_infos")->as_array()->front();
  EXPECT_EQ(pack.double_or("remaining_quantity", -1), 0.0);
  EXPECT_EQ(pack.string_or("status", ""), "runOut");
}

TEST_F(AccountTest, PacksAreFilteredByPurchaseTimeAndName) {
  set({.budget = 25});
  const int64_t at = to_unix_ms(clock_.now() - Seconds(1));
  const auto shown = [&](int64_t from, int64_t to, const std::string& name = "") {
    const json::Value data =
        costs("start_time=" + std::to_string(from) + "&end_time=" + std::to_string(to) +
              (name.empty() ? "" : "&resource_pack_name=" + name));
    return data.find("resource_pack_subscribe_infos") != nullptr;
  };
  EXPECT_TRUE(shown(at, at));
  EXPECT_FALSE(shown(at + 1, at + 2));
  EXPECT_FALSE(shown(at - 2, at - 1));
  EXPECT_TRUE(shown(at, at, "Video%20Generation"));
  EXPECT_FALSE(shown(at, at, "Another"));
  EXPECT_EQ(summary(get("/account/costs?start_time=2&end_time=1")),
            "400/1201 end_time value '1' is invalid");
}

}  // namespace
}  // namespace rushes::api
