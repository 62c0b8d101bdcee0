// Every rule of the create body: the lenient readings, the limits from both sides, the literal
// texts, and the order in which they are found.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "core/dialect/kling/kling.h"

namespace rushes::dialect::kling {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class DecodeTest : public testing::Test {
 protected:
  Answer<Spec> decode(std::string_view body, std::string_view profile = "official") const {
    wire::Request request;
    request.body = body;
    const auto json = dialect_.parse_body(request);
    if (!json) return std::unexpected(json.error());
    return dialect_.decode_create(*json, catalog_, *catalog_.find_profile("kling", profile));
  }
  // The message of the 1201, "accepted", or "1200".
  std::string answer(std::string_view body, std::string_view profile = "official") const {
    const auto spec = decode(body, profile);
    if (spec) return "accepted";
    return spec.error().reason == Reason::kBodyInvalid ? "1200" : spec.error().message;
  }
  // A body with a prompt and these members beside it; the last of a key wins.
  static std::string body(std::string_view members) {
    return R"({"model_name":"kling-v1","prompt":"clouds",)" + std::string(members) + "}";
  }

  const catalog::Catalog catalog_ = *catalog::Catalog::load({});
  const KlingDialect dialect_;
};

TEST_F(DecodeTest, AnythingButAJsonObjectIsAnInvalidBody) {
  for (const char* text : {"", " ", "[]", "null", "5", "\"x\"", "{", "{}x", "{\"prompt\":\"\xff\"}",
                           R"({"prompt":"\ud800"})", R"({"prompt":NaN})", "{'prompt':'x'}"}) {
    EXPECT_EQ(answer(text), "1200") << text;
  }
  std::string deep;
  for (int i = 0; i < 100; ++i) deep += "[";
  EXPECT_EQ(answer("{\"prompt\":" + deep), "1200");
}

TEST_F(DecodeTest, DefaultsAreTheVendors) {
  const auto spec = decode(R"({"prompt":"clouds"})");
  ASSERT_TRUE(spec);
  Spec expected;
  expected.model = "kling-v1";
  expected.prompt = "clouds";
  EXPECT_EQ(*spec, expected);
}

TEST_F(DecodeTest, TheOldModelFieldAloneMeansTheDefaultModel) {
  EXPECT_EQ(decode(R"({"model":"kling-v3","prompt":"x"})")->model, "kling-v1");
  EXPECT_EQ(decode(R"({"model":"kling-v3","model_name":"kling-v2-6","prompt":"x"})")->model,
            "kling-v2-6");
  EXPECT_EQ(decode(R"({"model":"nonsense","prompt":"x"})")->model, "kling-v1");
}

TEST_F(DecodeTest, EmptyTextsAndNullsAreAbsent) {
  const Spec plain = *decode(R"({"prompt":"clouds"})");
  EXPECT_EQ(*decode(R"({"prompt":"clouds","model_name":"","negative_prompt":"","sound":"",
      "mode":"","aspect_ratio":"","duration":"","callback_url":"","external_task_id":"",
      "shot_type":""})"),
            plain);
  EXPECT_EQ(*decode(R"({"prompt":"clouds","model_name":null,"negative_prompt":null,"sound":null,
      "mode":null,"aspect_ratio":null,"duration":null,"callback_url":null,"external_task_id":null,
      "cfg_scale":null,"camera_control":null,"watermark_info":null,"multi_shot":null,
      "shot_type":null,"multi_prompt":null})"),
            plain);
}

TEST_F(DecodeTest, TheSloppyFormsOfOfficialClientsAreUnderstood) {
  EXPECT_EQ(decode(body(R"("duration":10)"))->duration_s, 10);
  EXPECT_EQ(decode(body(R"("duration":10.0)"))->duration_s, 10);
  EXPECT_EQ(decode(body(R"("duration":1e1)"))->duration_s, 10);
  EXPECT_EQ(decode(body(R"("duration":"10")"))->duration_s, 10);
  EXPECT_EQ(decode(body(R"("cfg_scale":"0.25")"))->cfg_scale, 0.25);
  EXPECT_EQ(decode(body(R"("cfg_scale":0)"))->cfg_scale, 0.0);
  EXPECT_EQ(decode(body(R"("watermark_info":{"enabled":"TRUE"})"))->watermark, Watermark::kOn);
  EXPECT_EQ(decode(body(R"("watermark_info":{"enabled":"False"})"))->watermark, Watermark::kOff);
  for (const char* camera :
       {R"({})", R"({"type":null})", R"({"type":""})", R"({"type":null,"config":{"pan":5}})"}) {
    EXPECT_FALSE(decode(body(std::string(R"("camera_control":)") + camera))->camera) << camera;
  }
  EXPECT_EQ(decode(body(R"("camera_control":{"type":"simple","config":{"pan":"-5","zoom":null}})"))
                ->camera,
            (CameraControl{.pan = -5}));
  EXPECT_EQ(decode(R"({"prompt":"first","prompt":"last"})")->prompt, "last");
}

TEST_F(DecodeTest, ANumberBeyondEveryTypeIsAWrongValueOfItsField) {
  EXPECT_EQ(answer(body(R"("duration":99999999999999999999999)")),
            "duration value '1e+23' is invalid");
  EXPECT_EQ(answer(body(R"("duration":-99999999999999999999999)")),
            "duration value '-1e+23' is invalid");
  EXPECT_THAT(answer(body(R"("cfg_scale":1e999)")), testing::StartsWith("cfg_scale value '"));
  EXPECT_EQ(answer(body(R"("wings":99999999999999999999999)")), "accepted");
  EXPECT_EQ(answer(body(R"("duration":099999999999999999999999)")), "1200");
}

TEST_F(DecodeTest, AWatermarkIsEchoedOnlyWhereItWasAskedFor) {
  EXPECT_FALSE(decode(body(R"("mode":"std")"))->watermark_requested);
  EXPECT_TRUE(decode(body(R"("watermark_info":{"enabled":false})"))->watermark_requested);
  EXPECT_TRUE(decode(body(R"("watermark_info":{})"))->watermark_requested);
}

TEST_F(DecodeTest, WhatHasNoEffectIsReported) {
  EXPECT_THAT(decode(body(R"("voice_list":[{"voice_id":"1"}],"x":1)"))->ignored_fields,
              ElementsAre("voice_list", "x"));
  EXPECT_THAT(decode(R"({"model":"kling-v1","prompt":"x"})")->ignored_fields, ElementsAre("model"));
  EXPECT_THAT(decode(body(R"("camera_control":{"config":{"pan":5}})"))->ignored_fields,
              ElementsAre("camera_control"));
  EXPECT_THAT(decode(body(R"("cfg_scale":0.5,"shot_type":"","multi_prompt":[])"))->ignored_fields,
              IsEmpty());
}

TEST_F(DecodeTest, UnknownFieldsAreKeptForAProviderOfThisDialect) {
  const Spec spec = *decode(body(R"("wings":{"z":[1,null],"a":0},"MODE":"pro","voice_list":[],
      "model":"kling-v1","Callback_URL":"http://x/","":1,"none":null,"blank":"","loop":false)"));
  EXPECT_EQ(
      spec.extra,
      (Extra{.dialect = "kling",
             .members = {{"wings", *json::parse(R"({"z":[1,null],"a":0})")}, {"loop", false}}}));
  EXPECT_THAT(spec.ignored_fields, ElementsAre("wings", "MODE", "voice_list", "model",
                                               "Callback_URL", "", "none", "blank", "loop"));
  EXPECT_EQ(decode(body(R"("mode":"std","voice_list":[])"))->extra, Extra{});
  const Spec numbers = *decode(body(R"("wings":[5.0,-0.0,1e2,1e300,0.1,99999999999999999999])"));
  EXPECT_EQ(spec_from_json(json::parse(to_json_text(numbers)).value())->extra, numbers.extra);
  // Known, and not of the profile's business.
  EXPECT_EQ(decode(R"({"prompt":"x","sound":"loud","multi_shot":true})", "classic")->extra,
            Extra{});
}

TEST_F(DecodeTest, ExtraIsBoundedInNumberAndSize) {
  const auto count_of = [&](const std::string& members) {
    return decode(body(members))->extra.members.size();
  };
  std::string members = R"("mode":"std")";
  for (size_t i = 0; i < kExtraMembersMax; ++i) members += ",\"field" + std::to_string(i) + "\":1";
  EXPECT_EQ(count_of(members), kExtraMembersMax);
  EXPECT_EQ(count_of(members + R"(,"voice_list":[])"), kExtraMembersMax);
  // A body of 256 members is looked at, one of 257 is not: those here, the prompt and the wings.
  std::string many = R"("wings":1)";
  const size_t own = json::parse(body(many))->as_object()->size();
  for (size_t i = own; i < 256; ++i) many += ",\"model" + std::to_string(i) + "\":1";
  EXPECT_EQ(count_of(many), 1u);
  EXPECT_EQ(count_of(many + R"(,"model":"")"), 0u);
  EXPECT_EQ(count_of(members + R"(,"wings":1)"), 0u);
  const std::string text(kExtraBytesMax - std::string(R"({"wings":""})").size(), 'x');
  EXPECT_EQ(count_of(R"("wings":")" + text + "\""), 1u);
  const Spec larger = *decode(body(R"("wings":"x)" + text + "\""));
  EXPECT_EQ(larger.extra, Extra{});
  EXPECT_THAT(larger.ignored_fields, ElementsAre("wings"));
}

TEST_F(DecodeTest, ManyUnknownFieldsAreReportedInPart) {
  std::string members = R"("mode":"std")";
  for (int i = 0; i < 1000; ++i) members += ",\"field" + std::to_string(i) + "\":1";
  EXPECT_EQ(decode(body(members))->ignored_fields.size(), 32u);
  const std::string long_name(1000, 'x');
  EXPECT_THAT(decode(body("\"" + long_name + "\":1"))->ignored_fields,
              ElementsAre(long_name.substr(0, 64)));
}

TEST_F(DecodeTest, TheClassicProfileIgnoresNewerFieldsEvenIfMalformed) {
  const auto spec = decode(R"({"prompt":"x","sound":"loud","multi_shot":true,"shot_type":7,
      "multi_prompt":"no","watermark_info":5,"external_task_id":"my-id","duration":"10"})",
                           "classic");
  ASSERT_TRUE(spec);
  EXPECT_EQ(spec->sound, Sound::kOff);
  EXPECT_EQ(spec->storyboard, Storyboard::kSingle);
  EXPECT_FALSE(spec->watermark_requested);
  EXPECT_EQ(spec->external_task_id, "");
  EXPECT_EQ(spec->duration_s, 10);
  EXPECT_THAT(spec->ignored_fields, ElementsAre("sound", "multi_shot", "shot_type", "multi_prompt",
                                                "watermark_info", "external_task_id"));
  EXPECT_THAT(decode(R"({"prompt":"x","external_task_id":""})", "classic")->ignored_fields,
              IsEmpty());
}

TEST_F(DecodeTest, UnusedStoryboardFieldsAreNotJudged) {
  EXPECT_EQ(answer(body(R"("multi_shot":false,"shot_type":5,"multi_prompt":"x")")), "accepted");
  const auto customize = decode(R"({"model_name":"kling-v3","multi_shot":true,"prompt":5,
      "shot_type":"customize","duration":"5",
      "multi_prompt":[{"index":1,"prompt":"a","duration":"5"}]})");
  ASSERT_TRUE(customize);
  EXPECT_EQ(customize->prompt, "");
}

TEST_F(DecodeTest, ShotsAreSortedByIndex) {
  const auto spec = decode(R"({"model_name":"kling-v3","multi_shot":"true","shot_type":"customize",
      "duration":"5","multi_prompt":[{"index":2,"prompt":"b","duration":3},
      {"index":"1","prompt":"a","duration":"2"}]})");
  ASSERT_TRUE(spec);
  EXPECT_EQ(spec->storyboard, Storyboard::kCustomize);
  EXPECT_THAT(spec->shots, ElementsAre(Shot{"a", 2}, Shot{"b", 3}));
}

TEST_F(DecodeTest, IntelligenceTakesThePrompt) {
  const auto spec = decode(
      R"({"model_name":"kling-v3","multi_shot":true,"shot_type":"intelligence","prompt":"a tale"})");
  ASSERT_TRUE(spec);
  EXPECT_EQ(spec->storyboard, Storyboard::kIntelligence);
  EXPECT_EQ(spec->prompt, "a tale");
}

struct Row {
  const char* members;
  const char* answer;
};

TEST_F(DecodeTest, RefusalsNameTheFieldAndTheValue) {
  const Row rows[] = {
      {R"("model_name":"kling-v2-5")", "model_name value 'kling-v2-5' is invalid"},
      {R"("model_name":"KLING-V1")", "model_name value 'KLING-V1' is invalid"},
      {R"("model_name":" kling-v1")", "model_name value ' kling-v1' is invalid"},
      {R"("model_name":5)", "model_name value '5' is invalid"},
      {R"("model_name":"kling-v1-5")", "model is not supported"},
      {R"("mode":"standard")", "mode value 'standard' is invalid"},
      {R"_("mode":"std (high performance)")_", "mode value 'std (high performance)' is invalid"},
      {R"("mode":1)", "mode value '1' is invalid"},
      {R"("mode":"4k")", "mode value '4k' is invalid: kling-v1 supports std, pro"},
      {R"("model_name":"kling-v2-master","mode":"best")", "mode value 'best' is invalid"},
      {R"("model_name":"kling-v2-master","mode":"4k")", "accepted"},
      {R"("duration":"7")", "duration value '7' is invalid: kling-v1 supports 5, 10"},
      {R"("duration":0)", "duration value '0' is invalid: kling-v1 supports 5, 10"},
      {R"("duration":-5)", "duration value '-5' is invalid: kling-v1 supports 5, 10"},
      {R"("duration":5.5)", "duration value '5.5' is invalid"},
      {R"("duration":"5.5")", "duration value '5.5' is invalid"},
      {R"("duration":"5s")", "duration value '5s' is invalid"},
      {R"("duration":" 5")", "duration value ' 5' is invalid"},
      {R"("duration":"99999999999999999999")", "duration value '99999999999999999999' is invalid"},
      {R"("duration":1e300)", "duration value '1e+300' is invalid"},
      {R"("duration":true)", "duration value 'true' is invalid"},
      {R"("duration":["5"])", "duration value '[\"5\"]' is invalid"},
      {R"("aspect_ratio":"4:3")", "aspect_ratio value '4:3' is invalid"},
      {R"("aspect_ratio":"9:16")", "accepted"},
      {R"("aspect_ratio":"1:1")", "accepted"},
      {R"("sound":"On")", "sound value 'On' is invalid"},
      {R"("sound":true)", "sound value 'true' is invalid"},
      {R"("sound":"on")", "model/mode(kling-v1/std) is not supported with sound on"},
      {R"("multi_shot":1)", "multi_shot value '1' is invalid"},
      {R"("multi_shot":0)", "multi_shot value '0' is invalid"},
      {R"("multi_shot":"yes")", "multi_shot value 'yes' is invalid"},
      {R"("multi_shot":true)", "Multi shot is not supported by the current model"},
      {R"("prompt":"")", "prompt must not be empty"},
      {R"("prompt":" \n\t")", "prompt must not be empty"},
      {R"("prompt":null)", "prompt must not be empty"},
      {R"("prompt":5)", "prompt value '5' is invalid"},
      {R"("prompt":{"text":"x"})", "prompt value '{\"text\":\"x\"}' is invalid"},
      {R"("negative_prompt":["blur"])", "negative_prompt value '[\"blur\"]' is invalid"},
      {R"("cfg_scale":1.01)", "cfg_scale value '1.01' is invalid"},
      {R"("cfg_scale":-1)", "cfg_scale value '-1' is invalid"},
      {R"("cfg_scale":"nan")", "cfg_scale value 'nan' is invalid"},
      {R"("cfg_scale":"")", "cfg_scale value '' is invalid"},
      {R"("cfg_scale":true)", "cfg_scale value 'true' is invalid"},
      {R"("cfg_scale":1)", "accepted"},
      {R"("model_name":"kling-v2-6","cfg_scale":0.5)", "accepted"},
      {R"("model_name":"kling-v2-6","cfg_scale":2)", "cfg_scale value '2' is invalid"},
      {R"("watermark_info":true)", "watermark_info value 'true' is invalid"},
      {R"("watermark_info":{"enabled":1})", "watermark_info.enabled value '1' is invalid"},
      {R"("watermark_info":{"enabled":null})", "accepted"},
      {R"("callback_url":"example.com/hook")", "callback_url value 'example.com/hook' is invalid"},
      {R"("callback_url":"ftp://example.com/")",
       "callback_url value 'ftp://example.com/' is invalid"},
      {R"("callback_url":"http://u:p@example.com/")",
       "callback_url value 'http://u:p@example.com/' is invalid"},
      {R"("callback_url":7)", "callback_url value '7' is invalid"},
      {R"("callback_url":"https://example.com/hook?a=1")", "accepted"},
      {R"("external_task_id":12)", "external_task_id value '12' is invalid"},
      {R"("external_task_id":"a\u0007b")", "external_task_id value 'a\ab' is invalid"},
      {R"("external_task_id":"shot/1 é")", "accepted"},
  };
  for (const Row& row : rows) EXPECT_EQ(answer(body(row.members)), row.answer) << row.members;
}

TEST_F(DecodeTest, AnEchoedValueIsCutAt64CodePoints) {
  std::string given, echoed;
  for (int i = 0; i < 70; ++i) given += "é";
  for (int i = 0; i < 64; ++i) echoed += "é";
  EXPECT_EQ(answer(body("\"mode\":\"" + given + "\"")), "mode value '" + echoed + "' is invalid");
}

TEST_F(DecodeTest, AnExternalIdHasAtMost256CodePoints) {
  std::string id;
  for (int i = 0; i < 256; ++i) id += "é";
  EXPECT_EQ(decode(body("\"external_task_id\":\"" + id + "\""))->external_task_id, id);
  EXPECT_NE(answer(body("\"external_task_id\":\"" + id + "x\"")), "accepted");
}

TEST_F(DecodeTest, CameraRules) {
  const Row rows[] = {
      {R"({"type":"simple","config":{"horizontal":10}})", "accepted"},
      {R"({"type":"simple","config":{"horizontal":-10.0}})", "accepted"},
      {R"({"type":"simple","config":{"pan":0,"zoom":0}})", "accepted"},
      {R"({"type":"simple","config":{}})", "accepted"},
      {R"({"type":"simple","config":{"pan":10.5}})",
       "camera_control.config.pan value '10.5' is invalid"},
      {R"({"type":"simple","config":{"tilt":-11}})",
       "camera_control.config.tilt value '-11' is invalid"},
      {R"({"type":"simple","config":{"roll":"much"}})",
       "camera_control.config.roll value 'much' is invalid"},
      {R"({"type":"simple","config":{"pan":1,"tilt":1}})",
       "only one camera_control.config value can be non-zero"},
      {R"({"type":"simple","config":{"horizontal":-10,"vertical":-10,"pan":-10,"tilt":-10,"roll":-10,
          "zoom":-10}})",
       "only one camera_control.config value can be non-zero"},
      {R"({"type":"simple"})", "camera_control.config is required when type is simple"},
      {R"({"type":"simple","config":null})",
       "camera_control.config is required when type is simple"},
      {R"({"type":"simple","config":[1]})", "camera_control.config value '[1]' is invalid"},
      {R"({"type":"forward_up"})", "accepted"},
      {R"({"type":"down_back","config":null})", "accepted"},
      {R"({"type":"right_turn_forward","config":"None"})", "accepted"},
      {R"({"type":"left_turn_forward","config":{}})", "accepted"},
      {R"({"type":"down_back","config":{"pan":0,"zoom":"0"}})", "accepted"},
      {R"({"type":"down_back","config":{"pan":1}})",
       "camera_control.config is not allowed for type down_back"},
      {R"({"type":"down_back","config":"none"})",
       "camera_control.config is not allowed for type down_back"},
      {R"({"type":"spin"})", "camera_control.type value 'spin' is invalid"},
      {R"({"type":5})", "camera_control.type value '5' is invalid"},
      {R"("simple")", "camera_control value 'simple' is invalid"},
  };
  for (const Row& row : rows) {
    EXPECT_EQ(answer(body(std::string(R"("camera_control":)") + row.members)), row.answer)
        << row.members;
  }
}

TEST_F(DecodeTest, CameraControlOutsideItsOneCombinationIsRefusedNotDropped) {
  const char* kText = "camera_control is only supported in std mode with 5s duration and kling-v1";
  const std::string camera = R"("camera_control":{"type":"forward_up"})";
  EXPECT_EQ(answer(body(camera)), "accepted");
  EXPECT_EQ(answer(body(camera + R"(,"mode":"pro")")), kText);
  EXPECT_EQ(answer(body(camera + R"(,"duration":"10")")), kText);
  EXPECT_EQ(answer(body(camera + R"(,"model_name":"kling-v3")")), kText);
  EXPECT_EQ(answer(body(camera + R"(,"model_name":"kling-v3","mode":"4k")"), "powertokens"),
            "accepted");
}

TEST_F(DecodeTest, StoryboardRules) {
  const Row rows[] = {
      {R"("multi_shot":true)", "shot_type must be specified when multi_shot is true"},
      {R"("multi_shot":true,"shot_type":"auto")", "shot_type value 'auto' is invalid"},
      {R"("multi_shot":true,"shot_type":"single")", "shot_type value 'single' is invalid"},
      {R"("multi_shot":true,"shot_type":"customize")", "multi_prompt must contain 1 to 6 shots"},
      {R"("multi_shot":true,"shot_type":"customize","multi_prompt":[])",
       "multi_prompt must contain 1 to 6 shots"},
      {R"("multi_shot":true,"shot_type":"customize","multi_prompt":[1,2,3,4,5,6,7])",
       "multi_prompt must contain 1 to 6 shots"},
      {R"("multi_shot":true,"shot_type":"customize","multi_prompt":{"index":1})",
       "multi_prompt value '{\"index\":1}' is invalid"},
      {R"("multi_shot":true,"shot_type":"customize","multi_prompt":["a"])",
       "multi_prompt[0] value 'a' is invalid"},
      {R"("multi_shot":true,"shot_type":"customize","multi_prompt":[
          {"index":0,"prompt":"a","duration":"2"},{"index":1,"prompt":"b","duration":"3"}])",
       "multi_prompt index must start at 1 and be consecutive"},
      {R"("multi_shot":true,"shot_type":"customize","multi_prompt":[
          {"index":1,"prompt":"a","duration":"2"},{"index":3,"prompt":"b","duration":"3"}])",
       "multi_prompt index must start at 1 and be consecutive"},
      {R"("multi_shot":true,"shot_type":"customize","multi_prompt":[
          {"index":1,"prompt":"a","duration":"2"},{"index":1,"prompt":"b","duration":"3"}])",
       "multi_prompt index must start at 1 and be consecutive"},
      {R"("multi_shot":true,"shot_type":"customize","multi_prompt":[
          {"index":1,"prompt":"a","duration":"2"},{"index":2,"prompt":"b","duration":"x"}])",
       "multi_prompt[1].duration value 'x' is invalid"},
      {R"("multi_shot":true,"shot_type":"customize","multi_prompt":[
          {"index":1,"prompt":"a","duration":"0"},{"index":2,"prompt":"b","duration":"5"}])",
       "multi_prompt[0].duration value '0' is invalid"},
      {R"("multi_shot":true,"shot_type":"customize","multi_prompt":[
          {"index":1,"prompt":"a","duration":"2"},{"index":2,"prompt":"b","duration":"2"}])",
       "sum of multi_prompt durations must equal duration"},
      {R"("multi_shot":true,"shot_type":"customize","multi_prompt":[
          {"index":1,"prompt":"","duration":"5"}])",
       "multi_prompt[0].prompt must not be empty"},
      {R"("multi_shot":true,"shot_type":"customize","multi_prompt":[
          {"index":1,"prompt":7,"duration":"5"}])",
       "multi_prompt[0].prompt value '7' is invalid"},
      {R"("multi_shot":true,"shot_type":"customize","multi_prompt":[
          {"index":1.5,"prompt":"a","duration":"5"}])",
       "multi_prompt[0].index value '1.5' is invalid"},
      {R"("multi_shot":true,"shot_type":"intelligence","prompt":"")", "prompt must not be empty"},
  };
  for (const Row& row : rows) {
    EXPECT_EQ(answer(body(std::string(R"("model_name":"kling-v3",)") + row.members)), row.answer)
        << row.members;
  }
}

// Each body is wrong from one field on; the first of the promised order is the one reported.
TEST_F(DecodeTest, TheFirstWrongFieldInThePromisedOrderIsReported) {
  const std::pair<const char*, const char*> wrong[] = {
      {R"("model_name":"x")", "model_name value 'x' is invalid"},
      {R"("mode":"x")", "mode value 'x' is invalid"},
      {R"("duration":"x")", "duration value 'x' is invalid"},
      {R"("aspect_ratio":"x")", "aspect_ratio value 'x' is invalid"},
      {R"("sound":"x")", "sound value 'x' is invalid"},
      {R"("multi_shot":"x")", "multi_shot value 'x' is invalid"},
      {R"("prompt":"")", "prompt must not be empty"},
      {R"("negative_prompt":1)", "negative_prompt value '1' is invalid"},
      {R"("cfg_scale":"x")", "cfg_scale value 'x' is invalid"},
      {R"("camera_control":"x")", "camera_control value 'x' is invalid"},
      {R"("watermark_info":"x")", "watermark_info value 'x' is invalid"},
      {R"("callback_url":"x")", "callback_url value 'x' is invalid"},
      {R"("external_task_id":1)", "external_task_id value '1' is invalid"},
  };
  std::string members = R"("x":1)";
  for (int i = std::size(wrong) - 1; i >= 0; --i) {
    members += std::string(",") + wrong[i].first;  // later in the text, earlier in the order
    EXPECT_EQ(answer(body(members)), wrong[i].second);
  }
}

TEST_F(DecodeTest, ThePageOfTheGatewayIsLegalForEveryModel) {
  for (const char* model : {"kling-v1", "kling-v1-5", "kling-v1-6", "kling-v2-master",
                            "kling-v2-1-master", "kling-v2-5-turbo", "kling-v2-6", "kling-v3"}) {
    for (int duration = 3; duration <= 15; ++duration) {
      const std::string text = std::string(R"("model_name":")") + model + R"(","duration":")" +
                               std::to_string(duration) + R"(","sound":"on","mode":"4k")";
      EXPECT_EQ(answer(body(text), "powertokens"), "accepted") << text;
    }
  }
  EXPECT_EQ(answer(body(R"("duration":"2")"), "powertokens"),
            "duration value '2' is invalid: kling-v1 supports 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, "
            "14, 15");
  EXPECT_EQ(
      answer(body(R"("duration":"16")"), "powertokens"),
      "duration value '16' is invalid: kling-v1 supports 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, "
      "14, 15");
}

std::string sample(const std::string& name) {
  std::ifstream file(std::string(RUSHES_TESTDATA) + "/requests/" + name);
  EXPECT_TRUE(file) << name;
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

TEST_F(DecodeTest, TheSamplesOfTheVendorsPagesBehave) {
  const struct {
    const char *file, *profile, *answer;
  } rows[] = {
      {"powertokens_master.json", "powertokens", "accepted"},
      {"powertokens_master.json", "official", "accepted"},
      {"powertokens_master.json", "classic", "model is not supported"},
      {"official_sample.json", "official", "accepted"},
      {"official_sample.json", "powertokens", "accepted"},
      {"official_six_shots.json", "official", "accepted"},
      {"official_six_shots.json", "powertokens", "accepted"},
      {"classic_legal.json", "classic", "accepted"},
      {"classic_legal.json", "powertokens", "accepted"},
      {"classic_legal.json", "official",
       "camera_control is only supported in std mode with 5s duration and kling-v1"},
      {"classic_as_printed.json", "classic", "model_name value 'string' is invalid"},
  };
  for (const auto& row : rows) {
    EXPECT_EQ(answer(sample(row.file), row.profile), row.answer) << row.file << row.profile;
  }
  const Spec shots = *decode(sample("official_six_shots.json"));
  EXPECT_EQ(shots.shots.size(), 6u);
  EXPECT_EQ(shots.shots[5], (Shot{"It lies down", 1}));
  EXPECT_EQ(decode(sample("classic_legal.json"), "classic")->camera, (CameraControl{.pan = -10}));
}

TEST_F(DecodeTest, ReadsAskForOneTaskOrAPage) {
  const auto one = dialect_.decode_read("867283741759111202", "");
  EXPECT_EQ(std::get<TaskReference>(*one).id, TaskId{867283741759111202});
  EXPECT_EQ(std::get<TaskReference>(*one).external_id, "867283741759111202");
  const auto external = dialect_.decode_read("my/id", "");
  EXPECT_FALSE(std::get<TaskReference>(*external).id);
  const auto by_query = dialect_.decode_read({}, "external_task_id=123");
  EXPECT_FALSE(std::get<TaskReference>(*by_query).id);
  EXPECT_EQ(std::get<TaskReference>(*by_query).external_id, "123");

  const auto page = [&](std::string_view query) {
    const auto read = dialect_.decode_read({}, query);
    if (!read) return read.error().message;
    const Page found = std::get<Page>(*read);
    return std::to_string(found.offset) + "+" + std::to_string(found.limit);
  };
  EXPECT_EQ(page(""), "0+30");
  EXPECT_EQ(page("external_task_id="), "0+30");
  EXPECT_EQ(page("pageNum=1&pageSize=1"), "0+1");
  EXPECT_EQ(page("pageNum=1000&pageSize=500"), "499500+500");
  EXPECT_EQ(page("pageNum=0"), "pageNum value '0' is invalid");
  EXPECT_EQ(page("pageNum=1001"), "pageNum value '1001' is invalid");
  EXPECT_EQ(page("pageSize=0"), "pageSize value '0' is invalid");
  EXPECT_EQ(page("pageSize=501"), "pageSize value '501' is invalid");
  EXPECT_EQ(page("pageSize="), "pageSize value '' is invalid");
  EXPECT_EQ(page("pageNum=1.0"), "pageNum value '1.0' is invalid");
  EXPECT_EQ(page("pageNum=-1"), "pageNum value '-1' is invalid");
  EXPECT_EQ(page("other=%zz"), "");  // not a query: 1200
}

TEST_F(DecodeTest, AccountCostsNeedAWindow) {
  const auto answer_to = [&](std::string_view query) {
    const auto costs = dialect_.decode_account_costs(query);
    return costs ? "accepted" : costs.error().message;
  };
  EXPECT_EQ(answer_to("start_time=1726124664368&end_time=1727366400000"), "accepted");
  EXPECT_EQ(answer_to("start_time=5&end_time=5&resource_pack_name=x"), "accepted");
  const auto asked = dialect_.decode_account_costs("start_time=5&end_time=6&resource_pack_name=x");
  EXPECT_EQ(asked->from, from_unix_ms(5));
  EXPECT_EQ(asked->to, from_unix_ms(6));
  EXPECT_EQ(asked->pack_name, "x");
  EXPECT_EQ(answer_to("start_time=5&end_time=4"), "end_time value '4' is invalid");
  EXPECT_EQ(answer_to("start_time=-1&end_time=4"), "start_time value '-1' is invalid");
  EXPECT_EQ(answer_to("end_time=4"), "start_time value '' is invalid");
  EXPECT_EQ(answer_to("start_time=4"), "end_time value '' is invalid");
}

}  // namespace
}  // namespace rushes::dialect::kling
