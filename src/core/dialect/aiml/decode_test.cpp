// Every rule of the create body by model id: what is listed, the limits from both sides, both
// encodings of cameras and shots, and the texts of the refusals.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "core/dialect/aiml/aiml.h"

namespace rushes::dialect::aiml {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

constexpr const char* kV1 = "kling-video/v1/standard/text-to-video";
constexpr const char* kV16Std = "kling-video/v1.6/standard/text-to-video";
constexpr const char* kMaster = "klingai/v2.1-master-text-to-video";
constexpr const char* kTurbo25 = "klingai/v2.5-turbo/pro/text-to-video";
constexpr const char* kV26 = "klingai/video-v2-6-pro-text-to-video";
constexpr const char* kV3 = "klingai/video-v3-standard-text-to-video";
constexpr const char* kOmni = "klingai/video-v3-omni-720p-text-to-video";
constexpr const char* kTurbo = "klingai/video-v3-standard-turbo-text-to-video";

class DecodeTest : public testing::Test {
 protected:
  Answer<Spec> decode(std::string_view body, std::string_view profile = "aiml") const {
    wire::Request request;
    request.body = body;
    const auto json = dialect_.parse_body(request);
    if (!json) return std::unexpected(json.error());
    return dialect_.decode_create(*json, catalog_, *catalog_.find_profile("aiml", profile));
  }
  // What stands after the first line of the refusal, "accepted", or "no object".
  std::string answer(std::string_view body, std::string_view profile = "aiml") const {
    const auto spec = decode(body, profile);
    if (spec) return "accepted";
    if (spec.error().reason == Reason::kBodyInvalid) return "no object";
    const std::string first_line = "Body validation error\n";
    EXPECT_THAT(spec.error().message, StartsWith(first_line));
    return spec.error().message.substr(first_line.size());
  }
  // A body with a prompt and these members beside it.
  static std::string body(const std::string& model, const std::string& members) {
    return R"({"model":")" + model + R"(","prompt":"clouds")" + (members.empty() ? "" : ",") +
           members + "}";
  }
  static std::string shots(const std::string& model, const std::string& members) {
    return R"({"model":")" + model + R"(",)" + members + "}";
  }

  const catalog::Catalog catalog_ = *catalog::Catalog::load({});
  const AimlDialect dialect_;
};

TEST_F(DecodeTest, AnythingButAJsonObjectIsAnInvalidBody) {
  for (const char* text : {"", "[]", "null", "\"x\"", "{", "{}x", "{\"prompt\":\"\xff\"}"}) {
    EXPECT_EQ(answer(text), "no object") << text;
  }
}

struct ModelRow {
  const char *id, *model;
  Mode mode;
  const char* durations;  // the shortest and the longest
  bool camera, audio, shots;
  size_t prompt_max;
};

TEST_F(DecodeTest, EveryModelIdMeansItsModelAndTakesItsFields) {
  const auto std = Mode::kStd, pro = Mode::kPro;
  const ModelRow rows[] = {
      {"kling-video/v1/standard/text-to-video", "kling-v1", std, "5 10", true, false, false, 2500},
      {"kling-video/v1/pro/text-to-video", "kling-v1", pro, "5 10", true, false, false, 2500},
      {"kling-video/v1.5/pro/text-to-video", "kling-v1-5", pro, "5 10", true, false, false, 2500},
      {"kling-video/v1.6/standard/text-to-video", "kling-v1-6", std, "5 10", false, false, false,
       2500},
      {"kling-video/v1.6/pro/text-to-video", "kling-v1-6", pro, "5 10", true, false, false, 2500},
      {"klingai/v2-master-text-to-video", "kling-v2-master", std, "5 10", true, false, false, 2500},
      {"klingai/v2.1-master-text-to-video", "kling-v2-1-master", pro, "5 10", true, false, false,
       2500},
      {"klingai/v2.5-turbo/pro/text-to-video", "kling-v2-5-turbo", pro, "5 10", false, false, false,
       2500},
      {"klingai/video-v2-6-pro-text-to-video", "kling-v2-6", pro, "5 10", false, true, false, 2500},
      {"klingai/video-v3-standard-text-to-video", "kling-v3", std, "3 15", false, true, true, 2500},
      {"klingai/video-v3-pro-text-to-video", "kling-v3", pro, "3 15", false, true, true, 2500},
      {"klingai/video-v3-omni-720p-text-to-video", "kling-v3-omni", std, "3 15", false, true, true,
       2500},
      {"klingai/video-v3-omni-1080p-text-to-video", "kling-v3-omni", pro, "3 15", false, true, true,
       2500},
      {"klingai/video-v3-standard-turbo-text-to-video", "kling-3.0-turbo", std, "3 15", false, true,
       true, 3072},
      {"klingai/video-v3-turbo-pro-text-to-video", "kling-3.0-turbo", pro, "3 15", false, true,
       true, 3072},
  };
  EXPECT_EQ(catalog_.find_profile("aiml", "aiml")->offers.size(), std::size(rows));
  for (const ModelRow& row : rows) {
    for (const char* profile : {"aiml", "aiml-vendor"}) {
      const auto spec = decode(body(row.id, ""), profile);
      ASSERT_TRUE(spec) << row.id << spec.error().message;
      EXPECT_EQ(spec->model, row.model);
      EXPECT_EQ(spec->mode, row.mode) << row.id;
      EXPECT_EQ(spec->duration_s, 5) << row.id;
      EXPECT_EQ(spec->sound, row.audio ? Sound::kOn : Sound::kOff) << row.id;
      EXPECT_THAT(spec->ignored_fields, IsEmpty());
    }
    const auto camera = decode(body(row.id, R"("camera_control":"down_back")"));
    EXPECT_EQ(camera->camera.has_value(), row.camera) << row.id;
    EXPECT_EQ(camera->camera_optional, row.camera) << row.id;
    EXPECT_EQ(camera->ignored_fields.empty(), row.camera) << row.id;
    std::istringstream durations(row.durations);
    int shortest = 0, longest = 0;
    durations >> shortest >> longest;
    for (const int inside : {shortest, longest}) {
      EXPECT_EQ(answer(body(row.id, "\"duration\":" + std::to_string(inside))), "accepted");
    }
    for (const int outside : {shortest - 1, longest + 1}) {
      EXPECT_THAT(answer(body(row.id, "\"duration\":" + std::to_string(outside))),
                  StartsWith("Invalid enum value. Expected "));
    }
    const std::string multi = R"("multi_prompt":["a"])";
    const std::string timed = R"("multi_prompt":[{"prompt":"a"}])";
    const bool takes_shots =
        answer(shots(row.id, multi)) == "accepted" || answer(shots(row.id, timed)) == "accepted";
    EXPECT_EQ(takes_shots, row.shots) << row.id;
    const std::string model = R"({"model":")" + std::string(row.id) + R"(","prompt":")";
    EXPECT_EQ(answer(model + std::string(row.prompt_max, 'x') + "\"}"), "accepted") << row.id;
    EXPECT_EQ(answer(model + std::string(row.prompt_max + 1, 'x') + "\"}"),
              "String must contain at most " + std::to_string(row.prompt_max) +
                  " character(s) at \"prompt\"");
  }
}

TEST_F(DecodeTest, ARequestWithoutAKnownModelNamesThem) {
  EXPECT_EQ(answer("{}"), "Required at \"model\"");
  EXPECT_EQ(answer(R"({"model":""})"), "Required at \"model\"");
  EXPECT_EQ(answer(R"({"model":5})"), "Expected string, received number at \"model\"");
  const std::string unknown = answer(R"({"model":"kling-v1","prompt":"x"})");
  EXPECT_THAT(unknown, StartsWith("Invalid enum value. Expected "
                                  "'kling-video/v1/standard/text-to-video' | "));
  EXPECT_THAT(unknown, HasSubstr("received 'kling-v1' at \"model\""));
}

TEST_F(DecodeTest, PlainFieldsAreReadAsLenientlyAsTheOfficialOnes) {
  Spec expected;
  expected.model = "kling-v2-1-master";
  expected.mode = Mode::kPro;
  expected.prompt = "clouds";
  EXPECT_EQ(*decode(body(kMaster, "")), expected);
  EXPECT_EQ(*decode(body(kMaster, R"("aspect_ratio":"","duration":null,"negative_prompt":"",
      "cfg_scale":null,"camera_control":{},"advanced_camera_control":null,"provider":"")")),
            expected);
  EXPECT_EQ(decode(body(kMaster, R"("duration":"10")"))->duration_s, 10);
  EXPECT_EQ(decode(body(kMaster, R"("duration":10.0)"))->duration_s, 10);
  EXPECT_EQ(decode(body(kMaster, R"("cfg_scale":"0.25")"))->cfg_scale, 0.25);
  EXPECT_EQ(decode(body(kMaster, R"("cfg_scale":0)"))->cfg_scale, 0.0);
  EXPECT_EQ(decode(body(kMaster, R"("negative_prompt":"rain")"))->negative_prompt, "rain");
  EXPECT_EQ(decode(body(kMaster, R"("aspect_ratio":"9:16")"))->aspect_ratio, AspectRatio::k9x16);
  EXPECT_EQ(decode(body(kV26, R"("generate_audio":false)"))->sound, Sound::kOff);
  EXPECT_EQ(decode(body(kV26, R"("generate_audio":"FALSE")"))->sound, Sound::kOff);
  EXPECT_EQ(decode(body(kV26, R"("generate_audio":null)"))->sound, Sound::kOn);
  EXPECT_EQ(decode(body(kTurbo, R"("generate_audio":false)"))->sound, Sound::kOn);
}

TEST_F(DecodeTest, WrongValuesAreRefusedInTheValidatorsWords) {
  const struct {
    const char *model, *members, *answer;
  } rows[] = {
      {kMaster, R"("duration":7)",
       "Invalid enum value. Expected 5 | 10, received '7' at \"duration\""},
      {kMaster, R"("duration":5.5)",
       "Invalid enum value. Expected 5 | 10, received '5.5' at \"duration\""},
      {kMaster, R"("duration":"five")",
       "Invalid enum value. Expected 5 | 10, received 'five' at \"duration\""},
      {kMaster, R"("aspect_ratio":"4:3")",
       "Invalid enum value. Expected '16:9' | '9:16' | '1:1', received '4:3' at \"aspect_ratio\""},
      {kMaster, R"("aspect_ratio":1)", "Expected string, received number at \"aspect_ratio\""},
      {kMaster, R"("negative_prompt":["x"])",
       "Expected string, received array at \"negative_prompt\""},
      {kMaster, R"("cfg_scale":1.01)", "Number must be less than or equal to 1 at \"cfg_scale\""},
      {kMaster, R"("cfg_scale":-0.01)",
       "Number must be greater than or equal to 0 at \"cfg_scale\""},
      {kMaster, R"("cfg_scale":"half")", "Expected number, received string at \"cfg_scale\""},
      {kMaster, R"("cfg_scale":true)", "Expected number, received boolean at \"cfg_scale\""},
      {kV26, R"("generate_audio":1)", "Expected boolean, received number at \"generate_audio\""},
      {kV3, R"("shot_type":"smart")",
       "Invalid enum value. Expected 'customize' | 'intelligent', received 'smart' at "
       "\"shot_type\""},
      {kOmni, R"("shot_type":"smart")",
       "Invalid enum value. Expected 'customize' | 'intelligent' | 'intelligence', received "
       "'smart' at \"shot_type\""},
  };
  for (const auto& row : rows) {
    EXPECT_EQ(answer(body(row.model, row.members)), row.answer) << row.members;
  }
  EXPECT_EQ(answer(shots(kMaster, R"("prompt":" ")")),
            "String must contain at least 1 character(s) at \"prompt\"");
  EXPECT_EQ(answer(shots(kMaster, R"("prompt":"")")), "Required at \"prompt\"");
  EXPECT_EQ(answer(shots(kMaster, R"("prompt":{})")),
            "Expected string, received object at \"prompt\"");
  const std::string long_text(2500, 'x');
  EXPECT_EQ(answer(body(kMaster, R"("negative_prompt":")" + long_text + "\"")), "accepted");
  EXPECT_EQ(answer(body(kMaster, R"("negative_prompt":"y)" + long_text + "\"")),
            "String must contain at most 2500 character(s) at \"negative_prompt\"");
}

TEST_F(DecodeTest, UnknownFieldsAreKeptForAProviderOfThisDialect) {
  const Spec spec = *decode(body(kTurbo25, R"("wings":[{"a":1.5}],"provider":"fal","PROMPT":"y",
      "shotType":"x","external_id":"e","generate_audio":true,"camera_control":7,"none":null)"));
  EXPECT_EQ(spec.extra,
            (Extra{.dialect = "aiml", .members = {{"wings", *json::parse(R"([{"a":1.5}])")}}}));
  EXPECT_THAT(spec.ignored_fields, ElementsAre("wings", "provider", "PROMPT", "shotType",
                                               "external_id", "generate_audio", "camera_control"));
  std::string many = R"("wings":1)";
  for (size_t i = 1; i < kExtraMembersMax; ++i) many += ",\"field" + std::to_string(i) + "\":1";
  EXPECT_EQ(decode(body(kTurbo25, many))->extra.members.size(), kExtraMembersMax);
  EXPECT_EQ(decode(body(kTurbo25, many + R"(,"more":1)"))->extra, Extra{});
}

TEST_F(DecodeTest, FieldsThatAModelDoesNotListAreReportedAndNotJudged) {
  EXPECT_THAT(decode(body(kTurbo25, R"("camera_control":7,"generate_audio":"x","provider":"fal",
      "multi_prompt":5,"type":"x","ratio":"x","external_task_id":"e","wings":2)"))
                  ->ignored_fields,
              ElementsAre("camera_control", "generate_audio", "provider", "multi_prompt", "type",
                          "ratio", "external_task_id", "wings"));
  EXPECT_THAT(decode(body(kV16Std, R"("advanced_camera_control":{},"wings":null)"))->ignored_fields,
              ElementsAre("advanced_camera_control"));
  EXPECT_THAT(decode(body(kTurbo, R"("negative_prompt":"x","cfg_scale":2)"))->ignored_fields,
              ElementsAre("negative_prompt", "cfg_scale"));
  EXPECT_EQ(decode(body(kMaster, R"("external_task_id":"e")"))->external_task_id, "");
}

TEST_F(DecodeTest, TheOlderPathHasItsOlderFields) {
  const char* vendor = "aiml-vendor";
  EXPECT_EQ(answer(body(kMaster, R"("type":"text-to-video")"), vendor), "accepted");
  EXPECT_EQ(answer(body(kMaster, R"("type":"image-to-video")"), vendor),
            "Invalid enum value. Expected 'text-to-video', received 'image-to-video' at \"type\"");
  EXPECT_EQ(decode(body(kMaster, R"("ratio":"1:1")"), vendor)->aspect_ratio, AspectRatio::k1x1);
  EXPECT_EQ(answer(body(kMaster, R"("ratio":"2:1")"), vendor),
            "Invalid enum value. Expected '16:9' | '9:16' | '1:1', received '2:1' at \"ratio\"");
  const Spec both = *decode(body(kMaster, R"("ratio":"1:1","aspect_ratio":"9:16")"), vendor);
  EXPECT_EQ(both.aspect_ratio, AspectRatio::k9x16);
  EXPECT_THAT(both.ignored_fields, ElementsAre("ratio"));
  const auto id = [&](std::string text) {
    return body(kMaster, R"("external_task_id":")" + std::move(text) + "\"");
  };
  EXPECT_EQ(decode(id("order 17"), vendor)->external_task_id, "order 17");
  EXPECT_EQ(decode(id(""), vendor)->external_task_id, "");
  EXPECT_EQ(answer(id(std::string(256, 'e')), vendor), "accepted");
  EXPECT_EQ(answer(id(std::string(257, 'e')), vendor),
            "String must contain at most 256 character(s) at \"external_task_id\"");
  EXPECT_EQ(answer(id("a\\u0007"), vendor),
            "String must not contain control characters at \"external_task_id\"");
}

TEST_F(DecodeTest, ACameraIsAWordOrOneAxis) {
  for (const CameraType type : {CameraType::kDownBack, CameraType::kForwardUp,
                                CameraType::kRightTurnForward, CameraType::kLeftTurnForward}) {
    const std::string word(to_string(type));
    EXPECT_EQ(decode(body(kMaster, R"("camera_control":")" + word + "\""))->camera,
              (CameraControl{.type = type}));
  }
  for (const CameraAxis& axis : kCameraAxes) {
    const auto camera = [&](std::string value) {
      return body(kV1, R"("advanced_camera_control":{"movement_type":")" + std::string(axis.name) +
                           R"(","movement_value":)" + std::move(value) + "}");
    };
    for (const double inside : {-10.0, 0.0, 10.0}) {
      CameraControl expected;
      expected.*axis.value = inside;
      EXPECT_EQ(decode(camera(std::to_string(static_cast<int>(inside))))->camera, expected);
    }
    for (const char* outside : {"-11", "11", "0.5", "\"x\"", "null", "true"}) {
      EXPECT_THAT(answer(camera(outside)),
                  HasSubstr("at \"advanced_camera_control.movement_value\""));
    }
  }
  const struct {
    const char *members, *answer;
  } rows[] = {
      {R"("camera_control":"simple")",
       "Invalid enum value. Expected 'down_back' | 'forward_up' | 'right_turn_forward' | "
       "'left_turn_forward', received 'simple' at \"camera_control\""},
      {R"("camera_control":7)", "Expected string, received number at \"camera_control\""},
      {R"("camera_control":{"type":"down_back"})",
       "Expected string, received object at \"camera_control\""},
      {R"("advanced_camera_control":"pan")",
       "Expected object, received string at \"advanced_camera_control\""},
      {R"("advanced_camera_control":{})", "Required at \"advanced_camera_control.movement_type\""},
      {R"("advanced_camera_control":{"movement_type":"pan"})",
       "Required at \"advanced_camera_control.movement_value\""},
      {R"("advanced_camera_control":{"movement_type":"dolly","movement_value":1})",
       "Invalid enum value. Expected 'horizontal' | 'vertical' | 'pan' | 'tilt' | 'roll' | 'zoom', "
       "received 'dolly' at \"advanced_camera_control.movement_type\""},
      {R"("camera_control":"down_back",
          "advanced_camera_control":{"movement_type":"pan","movement_value":1})",
       "Either camera_control or advanced_camera_control is allowed, not both at "
       "\"advanced_camera_control\""},
  };
  for (const auto& row : rows) EXPECT_EQ(answer(body(kMaster, row.members)), row.answer);
}

TEST_F(DecodeTest, OnTheOlderPathACameraIsAnObject) {
  const auto object = [&](const char* camera) {
    return body(kMaster, R"("camera_control":)" + std::string(camera));
  };
  const struct {
    const char *camera, *answer;
  } rows[] = {
      {R"({"type":"simple","config":{"pan":-10}})", "accepted"},
      {R"({"type":"simple","config":{"pan":"5","zoom":0,"roll":null}})", "accepted"},
      {R"({"type":"down_back","config":"None"})", "accepted"},
      {R"({"type":"down_back","config":{"pan":0}})", "accepted"},
      {R"("down_back")", "accepted"},
      {R"({"type":"simple"})", "Required at \"camera_control.config\""},
      {R"({"type":"simple","config":[]})",
       "Expected object, received array at \"camera_control.config\""},
      {R"({"type":"simple","config":{"pan":11}})",
       "Number must be from -10 to 10 at \"camera_control.config.pan\""},
      {R"({"type":"simple","config":{"pan":"x"}})",
       "Expected number, received string at \"camera_control.config.pan\""},
      {R"({"type":"simple","config":{"pan":1,"zoom":1}})",
       "Only one value can be non-zero at \"camera_control.config\""},
      {R"({"type":"forward_up","config":{"pan":1}})",
       "Only the type 'simple' has a config at \"camera_control.config\""},
      {R"({"type":"orbit"})",
       "Invalid enum value. Expected 'simple' | 'down_back' | 'forward_up' | 'right_turn_forward' "
       "| 'left_turn_forward', received 'orbit' at \"camera_control.type\""},
  };
  for (const auto& row : rows) {
    EXPECT_EQ(answer(object(row.camera), "aiml-vendor"), row.answer) << row.camera;
  }
  EXPECT_EQ(decode(object(rows[0].camera), "aiml-vendor")->camera, (CameraControl{.pan = -10}));
  for (const char* profile : {"aiml", "aiml-vendor"}) {
    const Spec spec = *decode(object(R"({"type":null,"config":{"pan":5}})"), profile);
    EXPECT_FALSE(spec.camera);
    EXPECT_THAT(spec.ignored_fields, ElementsAre("camera_control"));
  }
}

TEST_F(DecodeTest, ShotsAsTextsShareTheLengthAndTheFirstGetTheRest) {
  const auto lengths = [&](int duration_s, size_t count) {
    std::string list;
    for (size_t i = 0; i < count; ++i) list += (i ? "," : "") + std::string("\"shot\"");
    const auto spec = decode(shots(
        kV3, R"("duration":)" + std::to_string(duration_s) + R"(,"multi_prompt":[)" + list + "]"));
    std::vector<int> found;
    for (const Shot& shot : spec->shots) found.push_back(shot.duration_s);
    EXPECT_EQ(spec->storyboard, Storyboard::kCustomize);
    EXPECT_EQ(spec->duration_s, duration_s);
    return found;
  };
  EXPECT_THAT(lengths(8, 3), ElementsAre(3, 3, 2));
  EXPECT_THAT(lengths(5, 1), ElementsAre(5));
  EXPECT_THAT(lengths(15, 6), ElementsAre(3, 3, 3, 2, 2, 2));
  EXPECT_THAT(lengths(3, 3), ElementsAre(1, 1, 1));
  const struct {
    const char *members, *answer;
  } rows[] = {
      {R"("duration":3,"multi_prompt":["a","b","c","d"])",
       "Array must contain at most 3 element(s) in 3 seconds at \"multi_prompt\""},
      {R"("duration":15,"multi_prompt":["a","b","c","d","e","f","g"])",
       "Array must contain at most 6 element(s) at \"multi_prompt\""},
      {R"("multi_prompt":[])", "Array must contain at least 1 element(s) at \"multi_prompt\""},
      {R"("multi_prompt":"a")", "Expected array, received string at \"multi_prompt\""},
      {R"("multi_prompt":[{"prompt":"a"}])",
       "Expected string, received object at \"multi_prompt[0]\""},
      {R"("multi_prompt":["a"," "])",
       "String must contain at least 1 character(s) at \"multi_prompt[1]\""},
      {R"("multi_prompt":["a"],"prompt":"b")",
       "Either prompt or multi_prompt is allowed, not both at \"multi_prompt\""},
      {R"("multi_prompt":["a"],"prompt":"")", "accepted"},
      {R"("multi_prompt":["a"],"shot_type":"customize")", "accepted"},
      {R"("multi_prompt":["a"],"shot_type":"intelligent")",
       "multi_prompt needs the shot_type 'customize' at \"shot_type\""},
      {R"("multi_prompt":null)", "Required, unless multi_prompt is given at \"prompt\""},
      {R"("duration":5)", "Required, unless multi_prompt is given at \"prompt\""},
  };
  for (const auto& row : rows) EXPECT_EQ(answer(shots(kV3, row.members)), row.answer);
  EXPECT_EQ(answer(shots(kV3, R"("multi_prompt":[")" + std::string(512, 'x') + "\"]")), "accepted");
  EXPECT_EQ(answer(shots(kV3, R"("multi_prompt":[")" + std::string(513, 'x') + "\"]")),
            "String must contain at most 512 character(s) at \"multi_prompt[0]\"");
}

TEST_F(DecodeTest, AStoryboardLeftToTheModelHasOnePrompt) {
  EXPECT_EQ(decode(body(kV3, R"("shot_type":"intelligent")"))->storyboard,
            Storyboard::kIntelligence);
  EXPECT_EQ(decode(body(kOmni, R"("shot_type":"intelligence")"))->storyboard,
            Storyboard::kIntelligence);
  EXPECT_THAT(answer(body(kV3, R"("shot_type":"intelligence")")), StartsWith("Invalid enum"));
  EXPECT_EQ(decode(body(kV3, R"("shot_type":"customize")"))->storyboard, Storyboard::kSingle);
}

TEST_F(DecodeTest, TimedShotsMakeTheLength) {
  const Spec spec = *decode(shots(kTurbo, R"("duration":5,"multi_prompt":[
      {"prompt":"a","duration":"3"},{"prompt":"b"},{"prompt":"c","duration":7}])"));
  EXPECT_EQ(spec.duration_s, 15);
  EXPECT_THAT(spec.shots, ElementsAre(Shot{"a", 3}, Shot{"b", 5}, Shot{"c", 7}));
  EXPECT_THAT(spec.ignored_fields, ElementsAre("duration"));
  EXPECT_THAT(
      decode(shots(kTurbo, R"("duration":5,"multi_prompt":[{"prompt":"b"}])"))->ignored_fields,
      IsEmpty());
  for (const char* given : {"99", "\"long\"", "3"}) {
    const Spec shorter =
        *decode(shots(kTurbo, R"("multi_prompt":[{"prompt":"a","duration":8}],"duration":)" +
                                  std::string(given)));
    EXPECT_EQ(shorter.duration_s, 8) << given;
    EXPECT_THAT(shorter.ignored_fields, ElementsAre("duration")) << given;
  }
  const struct {
    const char *members, *answer;
  } rows[] = {
      {R"("multi_prompt":[{"prompt":"a","duration":3}])", "accepted"},
      {R"("multi_prompt":[{"prompt":"a","duration":15}])", "accepted"},
      {R"("multi_prompt":[{"prompt":"a","duration":1},{"prompt":"b","duration":2}])", "accepted"},
      {R"("multi_prompt":[{"prompt":"a","duration":2}])",
       "Invalid total duration. Expected 3 | 4 | 5 | 6 | 7 | 8 | 9 | 10 | 11 | 12 | 13 | 14 | 15, "
       "received 2 at \"multi_prompt\""},
      {R"("multi_prompt":[{"prompt":"a","duration":8},{"prompt":"a","duration":8}])",
       "Invalid total duration. Expected 3 | 4 | 5 | 6 | 7 | 8 | 9 | 10 | 11 | 12 | 13 | 14 | 15, "
       "received 16 at \"multi_prompt\""},
      {R"("multi_prompt":[{"prompt":"a","duration":0}])",
       "Expected an integer from 1 to 15, received '0' at \"multi_prompt[0].duration\""},
      {R"("multi_prompt":[{"prompt":"a","duration":16}])",
       "Expected an integer from 1 to 15, received '16' at \"multi_prompt[0].duration\""},
      {R"("multi_prompt":[{"prompt":"a","duration":1.5}])",
       "Expected an integer from 1 to 15, received '1.5' at \"multi_prompt[0].duration\""},
      {R"("multi_prompt":[{"duration":5}])", "Required at \"multi_prompt[0].prompt\""},
      {R"("multi_prompt":[{"prompt":5}])",
       "Expected string, received number at \"multi_prompt[0].prompt\""},
      {R"("multi_prompt":[{"prompt":""}])",
       "String must contain at least 1 character(s) at \"multi_prompt[0].prompt\""},
      {R"("multi_prompt":["a"])", "Expected object, received string at \"multi_prompt[0]\""},
  };
  for (const auto& row : rows) EXPECT_EQ(answer(shots(kTurbo, row.members)), row.answer);
}

TEST_F(DecodeTest, TheSampleBodiesOfTheVendorsPagesAreAccepted) {
  for (const char* name : {"v2_1_master.json", "v2_master.json", "v3_multi_shot.json",
                           "all_fields_of_the_older_path.json"}) {
    std::ifstream file(std::string(RUSHES_TESTDATA) + "/requests/" + name);
    ASSERT_TRUE(file) << name;
    std::stringstream text;
    text << file.rdbuf();
    for (const char* profile : {"aiml", "aiml-vendor"}) {
      const bool older =
          std::string_view(name).starts_with("all_") && profile == std::string("aiml");
      EXPECT_EQ(answer(text.str(), profile),
                older ? "Expected string, received object at \"camera_control\"" : "accepted");
    }
  }
}

TEST_F(DecodeTest, AReadAsksForOneTaskByEitherId) {
  const auto read = [&](std::string_view query) {
    return std::get<TaskReference>(*dialect_.decode_read({}, query));
  };
  EXPECT_EQ(read("generation_id=867283741759111202").id, TaskId{867283741759111202});
  for (const char* query :
       {"generation_id=867283741759111202:kling-video/v2.1/master/text-to-video",
        "generation_id=867283741759111202%3Akling-video%2Fv2.1%2Fmaster%2Ftext-to-video",
        "generation_id=867283741759111202%3A"}) {
    EXPECT_EQ(read(query).id, TaskId{867283741759111202}) << query;
  }
  EXPECT_FALSE(read("generation_id=order%3A17").id);
  EXPECT_EQ(read("generation_id=order%3A17").external_id, "order:17");
  EXPECT_FALSE(read("generation_id=" + std::string(257, 'x')).id);
  EXPECT_EQ(read("generation_id=" + std::string(257, 'x')).external_id, "");
  for (const char* query : {"", "generation_id=", "id=5"}) {
    EXPECT_EQ(dialect_.decode_read({}, query).error().message,
              "Query validation error\nRequired at \"generation_id\"");
  }
  EXPECT_EQ(dialect_.decode_read({}, "generation_id=%zz").error().reason, Reason::kBodyInvalid);
}

}  // namespace
}  // namespace rushes::dialect::aiml
