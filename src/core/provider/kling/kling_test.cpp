#include "core/provider/kling/kling.h"

#include <gtest/gtest.h>

#include "base/json/value.h"
#include "core/provider/kling/shape.h"

namespace rushes::provider::kling {
namespace {

constexpr Timestamp kNow = from_unix_ms(1'800'000'000'000);

const catalog::Catalog& built_in() {
  static const catalog::Catalog catalog = *catalog::Catalog::load({});
  return catalog;
}

const Settings kOfficial{
    .name = "kling", .adapter = "kling", .base_url = "https://api-singapore.klingai.com"};
const Settings kGateway{.name = "gateway",
                        .adapter = "kling",
                        .base_url = "https://gateway.example.com",
                        .path_prefix = "/kling",
                        .family = "new-api"};
const Credential kKey{.label = "main", .api_key = "api-key-kling-1"};

Spec spec_of(std::string model = "kling-v2-6") {
  Spec spec;
  spec.model = std::move(model);
  spec.prompt = "A red fox";
  return spec;
}

json::Value body_of(const Spec& spec, const Settings& settings = kOfficial) {
  const Job job{.spec = spec, .model = "mapped", .handle = "867283741759111202"};
  const Call call = KlingAdapter().create({settings, kKey, kNow}, job);
  return *json::parse(call.body);
}

TEST(KlingRequest, CreateIsBuiltFromTheSpecWithOurIds) {
  Spec spec = spec_of();
  spec.callback_url = "https://client.example.com/hook";
  spec.external_task_id = "client-1";
  const Job job{.spec = spec,
                .model = "kling-v2-5-turbo",
                .handle = "867283741759111202-2",
                .callback_url = "https://rushes.example.com/hooks/secret"};
  const Call call = KlingAdapter().create({kOfficial, kKey, kNow}, job);
  EXPECT_EQ(call.method, "POST");
  EXPECT_EQ(call.url, "https://api-singapore.klingai.com/v1/videos/text2video");
  EXPECT_EQ(*call.headers.find("authorization"), "Bearer api-key-kling-1");
  EXPECT_EQ(*call.headers.find("content-type"), "application/json");
  EXPECT_EQ(call.body, R"({"model_name":"kling-v2-5-turbo","prompt":"A red fox","mode":"std",)"
                       R"("aspect_ratio":"16:9","duration":"5",)"
                       R"("callback_url":"https://rushes.example.com/hooks/secret",)"
                       R"("external_task_id":"867283741759111202-2"})");
}

TEST(KlingRequest, WithoutAPublicAddressThereIsNoCallback) {
  Spec spec = spec_of();
  spec.callback_url = "https://client.example.com/hook";
  EXPECT_EQ(body_of(spec).find("callback_url"), nullptr);
}

TEST(KlingRequest, ZeroesSurvive) {
  Spec spec = spec_of();
  spec.cfg_scale = 0.0;
  spec.camera = CameraControl{.pan = -2.5};
  const json::Value body = body_of(spec);
  EXPECT_EQ(json::to_text(*body.find("cfg_scale")), "0");
  EXPECT_EQ(json::to_text(*body.find("camera_control")),
            R"({"type":"simple","config":{"horizontal":0,"vertical":0,"pan":-2.5,"tilt":0,)"
            R"("roll":0,"zoom":0}})");
  spec.camera = CameraControl{.type = CameraType::kDownBack};
  EXPECT_EQ(json::to_text(*body_of(spec).find("camera_control")), R"({"type":"down_back"})");
}

TEST(KlingRequest, MultiShotNeedsNoPrompt) {
  Spec spec = spec_of("kling-v3");
  spec.storyboard = Storyboard::kCustomize;
  spec.shots = {{"one", 2}, {"two", 3}};
  const json::Value body = body_of(spec);
  EXPECT_EQ(body.find("prompt"), nullptr);
  EXPECT_EQ(json::to_text(*body.find("multi_prompt")),
            R"([{"index":1,"prompt":"one","duration":"2"},{"index":2,"prompt":"two",)"
            R"("duration":"3"}])");
  EXPECT_EQ(body.string_or("shot_type", ""), "customize");
  EXPECT_TRUE(body.bool_or("multi_shot", false));

  spec.storyboard = Storyboard::kIntelligence;
  spec.shots.clear();
  const json::Value planned = body_of(spec);
  EXPECT_EQ(planned.string_or("prompt", ""), "A red fox");
  EXPECT_EQ(planned.string_or("shot_type", ""), "intelligence");
  EXPECT_EQ(planned.find("multi_prompt"), nullptr);
}

TEST(KlingRequest, EverythingElseThatWasAskedForIsSaid) {
  Spec spec = spec_of();
  spec.negative_prompt = "snow";
  spec.mode = Mode::kPro;
  spec.sound = Sound::kOn;
  spec.aspect_ratio = AspectRatio::k9x16;
  spec.duration_s = 10;
  spec.watermark_requested = true;
  EXPECT_EQ(json::to_text(body_of(spec)),
            R"({"model_name":"mapped","prompt":"A red fox","negative_prompt":"snow",)"
            R"("mode":"pro","aspect_ratio":"9:16","duration":"10","sound":"on",)"
            R"("watermark_info":{"enabled":false},"external_task_id":"867283741759111202"})");
}

TEST(KlingRequest, GatewaysGetBothNamesOfTheModel) {
  const json::Value body = body_of(spec_of(), kGateway);
  EXPECT_EQ(body.string_or("model", ""), "mapped");
  EXPECT_EQ(body.string_or("model_name", ""), "mapped");
  EXPECT_EQ(body_of(spec_of()).find("model"), nullptr);
}

// The vector of the vendor's page "Authentication" as the API reference has it.
TEST(KlingRequest, AccessKeyAndSecretKeySignEveryRequest) {
  const Credential pair{.label = "pair", .access_key = "test-ak", .secret_key = "test-sk"};
  const Call call = KlingAdapter().poll({kOfficial, pair, kNow}, "845809073525633086");
  EXPECT_EQ(*call.headers.find("Authorization"),
            "Bearer eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9."
            "eyJpc3MiOiJ0ZXN0LWFrIiwiZXhwIjoxODAwMDAxODAwLCJuYmYiOjE3OTk5OTk5OTV9."
            "-ysO57l1tH_VVSxKpUUQR_c4ppqfuYY782OI95Gfd4c");
  const Call later = KlingAdapter().poll({kOfficial, pair, kNow + Seconds{1}}, "1");
  EXPECT_NE(*later.headers.find("Authorization"), *call.headers.find("Authorization"));
}

TEST(KlingRequest, PollAndLookupAskByEitherIdInThePath) {
  const KlingAdapter adapter;
  const Context context{kGateway, kKey, kNow};
  EXPECT_EQ(adapter.poll(context, "task_a/b?c").url,
            "https://gateway.example.com/kling/v1/videos/text2video/task_a%2Fb%3Fc");
  const Call lookup = adapter.lookup(context, "867283741759111202-2", kNow);
  EXPECT_EQ(lookup.method, "GET");
  EXPECT_EQ(lookup.url,
            "https://gateway.example.com/kling/v1/videos/text2video/867283741759111202-2");
  EXPECT_TRUE(lookup.body.empty());
}

TEST(KlingCapabilities, OnlyTheOfficialShapeProvesAbsenceUnlessTheOperatorVouches) {
  const KlingAdapter adapter;
  EXPECT_TRUE(adapter.capabilities(kOfficial).lookup_by_handle);
  EXPECT_FALSE(adapter.capabilities(kGateway).lookup_by_handle);
  Settings vouched = kGateway;
  vouched.lookup_by_handle = vouched.free_to_repeat = vouched.volatile_store = true;
  EXPECT_TRUE(adapter.capabilities(vouched).lookup_by_handle);
  EXPECT_TRUE(adapter.capabilities(vouched).free_to_repeat);
  EXPECT_TRUE(adapter.capabilities(vouched).volatile_store);
  EXPECT_FALSE(adapter.capabilities(kOfficial).free_to_repeat);
  EXPECT_FALSE(adapter.capabilities(kOfficial).cancel);
}

TEST(KlingSettings, FamilyIsOneOfTheTable) {
  Settings settings = kOfficial;
  for (const char* family : {"", "official", "new-api", "new-api-legacy"}) {
    settings.family = family;
    EXPECT_TRUE(KlingAdapter().check_settings(settings)) << family;
  }
  settings.family = "newapi";
  EXPECT_EQ(KlingAdapter().check_settings(settings).error().user_message,
            "family value 'newapi' is invalid: kling supports official, new-api, new-api-legacy");
}

struct CheckCase {
  std::string_view upstream;
  std::string_view refusal;  // empty: it may be made
  void (*change)(Spec&);
};

TEST(KlingCheck, RefusesWhatTheMappedModelCannotDoInTheWordsOfTheVendor) {
  const CheckCase cases[] = {
      {"kling-v2-6", "", [](Spec&) {}},
      {"kling-v2-6", "duration value '7' is invalid: kling-v2-1-master supports 5, 10",
       [](Spec& spec) { spec.duration_s = 7; }},
      {"kling-v3", "", [](Spec& spec) { spec.duration_s = 7; }},
      {"kling-v3",
       "duration value '16' is invalid: kling-v2-1-master supports 3, 4, 5, 6, 7, 8, "
       "9, 10, 11, 12, 13, 14, 15",
       [](Spec& spec) { spec.duration_s = 16; }},
      {"kling-v2-6", "mode value '4k' is invalid: kling-v2-1-master supports std, pro",
       [](Spec& spec) { spec.mode = Mode::k4k; }},
      {"kling-v3", "", [](Spec& spec) { spec.mode = Mode::k4k; }},
      {"kling-v2-6", "model/mode(kling-v2-1-master/std) is not supported with sound on",
       [](Spec& spec) { spec.sound = Sound::kOn; }},
      {"kling-v3", "", [](Spec& spec) { spec.sound = Sound::kOn; }},
      {"kling-v2-6", "Multi shot is not supported by the current model",
       [](Spec& spec) { spec.storyboard = Storyboard::kIntelligence; }},
      {"kling-v3", "", [](Spec& spec) { spec.storyboard = Storyboard::kIntelligence; }},
      {"kling-v1", "", [](Spec& spec) { spec.camera = CameraControl{.pan = 1}; }},
      {"kling-v2-6", "camera_control is only supported in std mode with 5s duration and kling-v1",
       [](Spec& spec) { spec.camera = CameraControl{.pan = 1}; }},
      {"kling-v1-5", "model is not supported", [](Spec&) {}},
      {"kling-v3-omni", "model is not supported", [](Spec&) {}},
      // A gateway's own name: the rules of what the client asked for.
      {"kwai-2.1", "", [](Spec&) {}},
      {"kwai-2.1", "duration value '7' is invalid: kling-v2-1-master supports 5, 10",
       [](Spec& spec) { spec.duration_s = 7; }},
      {"kwai-1.5", "", [](Spec& spec) { spec.model = "kling-v1-5"; }},
  };
  for (const CheckCase& row : cases) {
    Spec spec = spec_of("kling-v2-1-master");
    row.change(spec);
    std::vector<std::string> dropped;
    const auto judged =
        KlingAdapter().check(kOfficial, built_in(), std::string(row.upstream), spec, dropped);
    EXPECT_EQ(judged ? "" : judged.error().user_message, row.refusal) << row.upstream;
    if (!judged) {
      EXPECT_EQ(judged.error().code, ErrorCode::kUnsupported);
    }
    EXPECT_TRUE(dropped.empty());
  }
}

TEST(KlingCheck, AnOptionalCameraIsLeftOutWhereTheModelHasNone) {
  const KlingAdapter adapter;
  Spec spec = spec_of("kling-v2-6");
  spec.camera = CameraControl{.pan = 1};
  spec.camera_optional = true;
  std::vector<std::string> dropped;
  EXPECT_TRUE(adapter.check(kOfficial, built_in(), "kling-v1", spec, dropped));
  EXPECT_TRUE(dropped.empty());
  EXPECT_TRUE(adapter.check(kOfficial, built_in(), "kling-v2-6", spec, dropped));
  EXPECT_EQ(dropped, (std::vector<std::string>{"camera_control"}));
  spec.duration_s = 7;  // another reason to refuse it is not overlooked
  EXPECT_FALSE(adapter.check(kOfficial, built_in(), "kling-v2-6", spec, dropped));

  Job job{.spec = spec, .model = "kling-v2-6", .handle = "1"};
  EXPECT_TRUE(adapter.create({kOfficial, kKey, kNow}, job).body.contains("camera_control"));
  job.dropped = {"camera_control"};
  EXPECT_FALSE(adapter.create({kOfficial, kKey, kNow}, job).body.contains("camera_control"));
}

TEST(KlingCheck, OlderGatewaysTakeNoShotsWithoutAPrompt) {
  Spec spec = spec_of("kling-v3");
  spec.storyboard = Storyboard::kCustomize;
  spec.shots = {{"one", 2}, {"two", 3}};
  Settings legacy = kGateway;
  legacy.family = "new-api-legacy";
  std::vector<std::string> dropped;
  const KlingAdapter adapter;
  EXPECT_TRUE(adapter.check(kGateway, built_in(), "kling-v3", spec, dropped));
  const auto refused = adapter.check(legacy, built_in(), "kling-v3", spec, dropped);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().user_message, "Multi shot is not supported by the current model");
  spec.storyboard = Storyboard::kIntelligence;
  EXPECT_TRUE(adapter.check(legacy, built_in(), "kling-v3", spec, dropped));
}

// Section "Error codes": each code, after a create and after a GET, with the status it comes with.
TEST(KlingErrors, EveryCodeOfTheTableHasItsVerdict) {
  struct Row {
    int status, code;
    Verdict create, query;
  };
  constexpr Row kRows[] = {
      {401, 1000, Verdict::kCredential, Verdict::kCredential},
      {401, 1001, Verdict::kCredential, Verdict::kCredential},
      {401, 1002, Verdict::kCredential, Verdict::kCredential},
      {401, 1003, Verdict::kSignAgain, Verdict::kSignAgain},
      {401, 1004, Verdict::kSignAgain, Verdict::kSignAgain},
      {429, 1100, Verdict::kCredential, Verdict::kCredential},
      {429, 1101, Verdict::kCredential, Verdict::kCredential},
      {429, 1102, Verdict::kCredential, Verdict::kCredential},
      {403, 1103, Verdict::kCredential, Verdict::kCredential},
      {400, 1200, Verdict::kRejected, Verdict::kRetry},
      {400, 1201, Verdict::kRejected, Verdict::kRetry},
      {404, 1202, Verdict::kRejected, Verdict::kRetry},
      {404, 1203, Verdict::kRejected, Verdict::kAbsent},
      {400, 1300, Verdict::kRejected, Verdict::kRetry},
      {400, 1301, Verdict::kRejected, Verdict::kRetry},
      {429, 1302, Verdict::kRetry, Verdict::kRetry},
      {429, 1303, Verdict::kRetry, Verdict::kRetry},
      {429, 1304, Verdict::kCredential, Verdict::kCredential},
      {500, 5000, Verdict::kUnknown, Verdict::kRetry},
      {503, 5001, Verdict::kUnknown, Verdict::kRetry},
      {504, 5002, Verdict::kUnknown, Verdict::kRetry},
  };
  const KlingAdapter adapter;
  for (const Row& row : kRows) {
    for (const char* quote : {"", "\""}) {
      const std::string code = std::to_string(row.code);
      const Reply reply{.status = row.status,
                        .headers = {},
                        .body = R"({"code":)" + (quote + code) + quote +
                                R"(,"message":"text","request_id":"r-1"})"};
      const Outcome create = adapter.read_create(kOfficial, reply);
      EXPECT_EQ(create.verdict, row.create) << code;
      EXPECT_EQ(create.status, code);
      EXPECT_EQ(create.reason, "text");
      EXPECT_EQ(create.request_id, "r-1");
      EXPECT_EQ(create.failure_code.empty(), create.verdict != Verdict::kRejected) << code;
      EXPECT_EQ(adapter.read_poll(kOfficial, reply).verdict, row.query) << code;
      EXPECT_EQ(adapter.read_lookup(kOfficial, "1", reply).verdict, row.query) << code;
      EXPECT_EQ(adapter.read_create(kGateway, reply).verdict, row.create) << code;
    }
    EXPECT_NE(find_code(row.code), nullptr);
  }
}

TEST(KlingErrors, DuplicateExternalIdMeansThatItWasAcceptedBefore) {
  const auto verdict_of = [](std::string_view message) {
    return KlingAdapter()
        .read_create(kOfficial, {.status = 400,
                                 .headers = {},
                                 .body = R"({"code":1201,"message":")" + std::string(message) +
                                         R"(","request_id":"r"})"})
        .verdict;
  };
  EXPECT_EQ(verdict_of("external_task_id already exists"), Verdict::kDuplicate);
  EXPECT_EQ(verdict_of("Duplicate external task id"), Verdict::kDuplicate);
  EXPECT_EQ(verdict_of("external_task_id is not unique"), Verdict::kDuplicate);
  EXPECT_EQ(verdict_of("external_task_id value '' is invalid"), Verdict::kRejected);
  EXPECT_EQ(verdict_of("prompt already exists"), Verdict::kRejected);
}

TEST(KlingErrors, NotYetValidIsSignedAgainAfterSixSeconds) {
  Reply reply{.status = 401, .headers = {}, .body = R"({"code":1003,"message":"nbf"})"};
  EXPECT_EQ(KlingAdapter().read_create(kOfficial, reply).retry_after, Millis{6'000});
  reply.headers.add("Retry-After", "9");
  EXPECT_EQ(KlingAdapter().read_create(kOfficial, reply).retry_after, Millis{9'000});
}

}  // namespace
}  // namespace rushes::provider::kling
