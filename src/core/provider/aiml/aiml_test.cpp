#include "core/provider/aiml/aiml.h"

#include <gtest/gtest.h>

#include "core/provider/aiml/offer.h"

namespace rushes::provider::aiml {
namespace {

constexpr Timestamp kNow = from_unix_ms(1'800'000'000'000);
constexpr std::string_view kV1 = "kling-video/v1/standard/text-to-video";
constexpr std::string_view kV3 = "klingai/video-v3-standard-text-to-video";
constexpr std::string_view kTurbo = "klingai/video-v3-standard-turbo-text-to-video";
constexpr std::string_view kV26 = "klingai/video-v2-6-pro-text-to-video";

const catalog::Catalog& built_in() {
  static const catalog::Catalog catalog = *catalog::Catalog::load({});
  return catalog;
}

const AimlAdapter& adapter() {
  static const AimlAdapter adapter(built_in());
  return adapter;
}

const Settings kSettings{.name = "aiml", .adapter = "aiml", .base_url = "https://api.aimlapi.com"};
const Credential kKey{.label = "main", .api_key = "key"};
const Context kContext{kSettings, kKey, kNow};

Spec spec_of(std::string model) {
  Spec spec;
  spec.model = std::move(model);
  spec.prompt = "A red fox";
  return spec;
}

std::string body_of(std::string_view upstream, const Spec& spec) {
  const Job job{.spec = spec, .model = std::string(upstream), .handle = "1-2"};
  return adapter().create(kContext, job).body;
}

TEST(AimlRequest, CreateCarriesOurHandleAsTheRequestId) {
  const Spec spec = spec_of("kling-v1");
  const Job job{.spec = spec, .model = std::string(kV1), .handle = "867283741759111202-2"};
  const Call call = adapter().create(kContext, job);
  EXPECT_EQ(call.method, "POST");
  EXPECT_EQ(call.url, "https://api.aimlapi.com/v2/video/generations");
  EXPECT_EQ(*call.headers.find("X-Client-Request-Id"), "867283741759111202-2");
  EXPECT_EQ(*call.headers.find("Authorization"), "Bearer key");
  EXPECT_EQ(call.body, R"({"model":"kling-video/v1/standard/text-to-video","prompt":"A red fox",)"
                       R"("aspect_ratio":"16:9","duration":5})");
}

TEST(AimlRequest, CatalogModelMeansItsOfferForTheMode) {
  Spec spec = spec_of("kling-v3");
  EXPECT_TRUE(body_of("kling-v3", spec).contains(R"("model":"klingai/video-v3-standard-text)"));
  spec.mode = Mode::kPro;
  EXPECT_TRUE(body_of("kling-v3", spec).contains(R"("model":"klingai/video-v3-pro-text)"));
  // A model whose mode is ignored has one offer, whatever the mode.
  EXPECT_TRUE(body_of("kling-v2-master", spec).contains("klingai/v2-master-text-to-video"));
  spec.mode = Mode::k4k;
  EXPECT_EQ(find_offer(built_in(), "kling-v3", spec), nullptr);
}

TEST(AimlRequest, SoundIsSaidWhereItsDefaultIsOn) {
  Spec spec = spec_of("kling-v2-6");
  EXPECT_TRUE(body_of(kV26, spec).contains(R"("generate_audio":false)"));
  spec.sound = Sound::kOn;
  EXPECT_TRUE(body_of(kV26, spec).contains(R"("generate_audio":true)"));
  EXPECT_FALSE(body_of(kV1, spec).contains("generate_audio"));
  EXPECT_FALSE(body_of(kTurbo, spec).contains("generate_audio"));
}

TEST(AimlRequest, CameraHasTwoEncodings) {
  Spec spec = spec_of("kling-v1");
  spec.camera = CameraControl{.type = CameraType::kForwardUp};
  EXPECT_TRUE(body_of(kV1, spec).contains(R"("camera_control":"forward_up")"));
  spec.camera = CameraControl{.zoom = -7};
  EXPECT_TRUE(body_of(kV1, spec).contains(
      R"("advanced_camera_control":{"movement_type":"zoom","movement_value":-7})"));
  spec.camera = CameraControl{};
  EXPECT_FALSE(body_of(kV1, spec).contains("camera"));
}

TEST(AimlRequest, ShotsHaveTwoEncodings) {
  Spec spec = spec_of("kling-v3");
  spec.storyboard = Storyboard::kCustomize;
  spec.duration_s = 5;
  spec.shots = {{"one", 3}, {"two", 2}};
  EXPECT_EQ(body_of(kV3, spec),
            R"({"model":"klingai/video-v3-standard-text-to-video","shot_type":"customize",)"
            R"("multi_prompt":["one","two"],"aspect_ratio":"16:9","duration":5,)"
            R"("generate_audio":false})");
  EXPECT_TRUE(
      body_of(kTurbo, spec)
          .contains(
              R"("multi_prompt":[{"prompt":"one","duration":3},{"prompt":"two","duration":2}])"));
  spec.storyboard = Storyboard::kIntelligence;
  spec.shots.clear();
  EXPECT_TRUE(body_of(kV3, spec).contains(R"("shot_type":"intelligent","prompt":"A red fox")"));
}

TEST(AimlRequest, WhatTheOfferHasNoPlaceForStaysAway) {
  Spec spec = spec_of("kling-v3");
  spec.negative_prompt = "snow";
  spec.cfg_scale = 0.0;
  EXPECT_TRUE(body_of(kV3, spec).contains(R"("negative_prompt":"snow","cfg_scale":0,)"));
  const std::string turbo = body_of(kTurbo, spec);
  EXPECT_FALSE(turbo.contains("snow"));
  EXPECT_FALSE(turbo.contains("cfg_scale"));
}

TEST(AimlRequest, PollNamesTheIdInTheQueryAndTheLogIsAskedAroundTheCreate) {
  EXPECT_EQ(adapter().poll(kContext, "uuid:kling-video/v2.1/master/text-to-video").url,
            "https://api.aimlapi.com/v2/video/generations?generation_id="
            "uuid%3Akling-video%2Fv2.1%2Fmaster%2Ftext-to-video");
  EXPECT_EQ(adapter().lookup(kContext, "1-2", from_unix_ms(1'774'805'076'166)).url,
            "https://api.aimlapi.com/v2/logs?start=2026-03-29T17%3A23%3A36.166Z"
            "&end=2026-03-29T17%3A28%3A36.166Z&limit=100");
}

TEST(AimlSettings, HasNoFamilyAndNoHandleThatCouldBeVouchedFor) {
  EXPECT_TRUE(adapter().check_settings(kSettings));
  Settings settings = kSettings;
  settings.family = "official";
  EXPECT_FALSE(adapter().check_settings(settings));
  settings = kSettings;
  settings.lookup_by_handle = true;
  EXPECT_FALSE(adapter().check_settings(settings));
  EXPECT_FALSE(adapter().check_credential({.access_key = "a", .secret_key = "b"}));
  const Capabilities can = adapter().capabilities(kSettings);
  EXPECT_FALSE(can.lookup_by_handle || can.callback || can.cancel || can.free_to_repeat);
  EXPECT_TRUE(can.lookup_proves_presence);
}

struct CheckCase {
  std::string_view upstream;
  std::string_view refusal;  // empty: it may be made
  void (*change)(Spec&);
  std::string_view dropped = "";
};

TEST(AimlCheck, AsksTheOfferAndNamesTheModelOfTheClient) {
  constexpr std::string_view kNoShots = "Multi shot is not supported by the current model";
  const auto even = [](Spec& spec) {
    spec.storyboard = Storyboard::kCustomize;
    spec.shots = {{"one", 3}, {"two", 2}};
  };
  const auto uneven = [](Spec& spec) {
    spec.storyboard = Storyboard::kCustomize;
    spec.shots = {{"one", 2}, {"two", 3}};
  };
  const auto planned = [](Spec& spec) { spec.storyboard = Storyboard::kIntelligence; };
  const auto sound = [](Spec& spec) { spec.sound = Sound::kOn; };
  const auto pan = [](Spec& spec) { spec.camera = CameraControl{.pan = 2}; };
  const CheckCase cases[] = {
      {kV3, "", [](Spec&) {}},
      {"kling-v3", "", [](Spec&) {}},
      {"klingai/unheard-of", "model is not supported", [](Spec&) {}},
      {kV3, "mode value 'pro' is invalid: kling-v3 supports std",
       [](Spec& spec) { spec.mode = Mode::kPro; }},
      {kV1, "duration value '7' is invalid: kling-v3 supports 5, 10",
       [](Spec& spec) { spec.duration_s = 7; }},
      {kV3, "", [](Spec& spec) { spec.duration_s = 7; }},
      {kV1, "model/mode(kling-v3/std) is not supported with sound on", sound},
      {kV3, "", sound},
      {kTurbo, "", sound},
      {kV1, kNoShots, even},
      {kV3, "", even},
      {kTurbo, "", even},
      {kV3, "multi_prompt[0].duration value '2' is invalid: kling-v3 supports 3", uneven},
      {kTurbo, "", uneven},
      {kV3, "", planned},
      {kTurbo, kNoShots, planned},
      {kV1, "", pan},
      {kV3, "camera_control is not supported by the current model", pan},
      {kV3, "", [](Spec& spec) { spec.camera = CameraControl{}; }},
      {kV1, "camera_control.config.pan value '2.5' is invalid: kling-v3 supports whole numbers",
       [](Spec& spec) { spec.camera = CameraControl{.pan = 2.5}; }},
      {kV3, "prompt exceeds 2500 characters",
       [](Spec& spec) { spec.prompt = std::string(2501, 'x'); }},
      {kTurbo, "", [](Spec& spec) { spec.prompt = std::string(3072, 'x'); }},
      {kTurbo, "prompt exceeds 3072 characters",
       [](Spec& spec) { spec.prompt = std::string(3073, 'x'); }},
      {kTurbo, "", [](Spec& spec) { spec.negative_prompt = "snow"; }, "negative_prompt"},
      {kTurbo, "", [](Spec& spec) { spec.cfg_scale = 0.5; }, "cfg_scale"},
      {kV3, "", [](Spec& spec) { spec.cfg_scale = 0.5; }},
      {kV3, "", [](Spec& spec) { spec.watermark = Watermark::kOn; }, "watermark_info"},
  };
  for (const CheckCase& row : cases) {
    Spec spec = spec_of("kling-v3");
    row.change(spec);
    std::vector<std::string> dropped;
    const auto judged =
        adapter().check(kSettings, built_in(), std::string(row.upstream), spec, dropped);
    EXPECT_EQ(judged ? "" : judged.error().user_message, row.refusal) << row.upstream;
    if (!judged) {
      EXPECT_EQ(judged.error().code, ErrorCode::kUnsupported);
    }
    EXPECT_EQ(dropped.empty() ? "" : dropped.front(), row.dropped) << row.upstream;
  }
}

TEST(AimlCheck, AnOptionalCameraIsLeftOutWhereTheOfferHasNone) {
  Spec spec = spec_of("kling-v3");
  spec.camera_optional = true;
  const auto dropped_by = [&](std::string_view upstream, CameraControl camera) {
    spec.camera = camera;
    std::vector<std::string> dropped;
    EXPECT_TRUE(adapter().check(kSettings, built_in(), std::string(upstream), spec, dropped));
    return dropped;
  };
  const std::vector<std::string> camera{"camera_control"}, nothing;
  EXPECT_EQ(dropped_by(kV1, {.pan = 2}), nothing);
  EXPECT_EQ(dropped_by(kV1, {.pan = 2.5}), camera);
  EXPECT_EQ(dropped_by(kV3, {.pan = 2}), camera);
  EXPECT_EQ(dropped_by(kV3, {.type = CameraType::kDownBack}), camera);

  const Job job{.spec = spec, .model = std::string(kV1), .handle = "1", .dropped = camera};
  EXPECT_FALSE(adapter().create({kSettings, kKey, kNow}, job).body.contains("camera_control"));
}

// What this dialect of ours lets pass for an offer is what the upstream takes under that name.
TEST(AimlCheck, EveryOfferCanBeAskedForByItsOwnName) {
  const catalog::Profile* profile = built_in().find_profile("aiml", "aiml");
  ASSERT_NE(profile, nullptr);
  EXPECT_EQ(profile->offers.size(), 15u);
  for (const catalog::Offer& offer : profile->offers) {
    Spec spec = spec_of(offer.model);
    spec.mode = offer.mode;
    std::vector<std::string> dropped;
    EXPECT_TRUE(adapter().check(kSettings, built_in(), offer.name, spec, dropped)) << offer.name;
    EXPECT_EQ(find_offer(built_in(), offer.model, spec), &offer) << offer.name;
  }
}

TEST(AimlShots, AreSplitEvenlyWithTheRemainderInFront) {
  EXPECT_EQ(even_split(5, 2), (std::vector<int>{3, 2}));
  EXPECT_EQ(even_split(15, 6), (std::vector<int>{3, 3, 3, 2, 2, 2}));
  EXPECT_EQ(even_split(5, 5), std::vector<int>(5, 1));
  EXPECT_EQ(even_split(5, 0), std::vector<int>{});
}

}  // namespace
}  // namespace rushes::provider::aiml
