#include "core/catalog/catalog.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace rushes::catalog {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

Catalog built_in() {
  auto catalog = Catalog::parse(Catalog::built_in());
  EXPECT_TRUE(catalog) << catalog.error().message;
  return std::move(*catalog);
}

Spec spec_of(std::string model, Mode mode = Mode::kStd, int duration_s = 5,
             Sound sound = Sound::kOff) {
  Spec spec;
  spec.model = std::move(model);
  spec.prompt = "clouds";
  spec.mode = mode;
  spec.duration_s = duration_s;
  spec.sound = sound;
  return spec;
}

std::string refusal(const Catalog& catalog, std::string_view profile, const Spec& spec) {
  const auto price = catalog.check(*catalog.find_profile("kling", profile), spec);
  return price ? "accepted" : price.error().user_message;
}

struct Priced {
  const char* model;
  Mode mode;
  int duration_s;
  Sound sound;
  const char* units;
};

TEST(CatalogTest, PricesFollowTheRateCardInIntegerTenths) {
  const Catalog catalog = built_in();
  const auto off = Sound::kOff, on = Sound::kOn;
  const auto std = Mode::kStd, pro = Mode::kPro, k4k = Mode::k4k;
  const Priced rows[] = {
      {"kling-v1", std, 5, off, "1"},
      {"kling-v1", std, 10, off, "2"},
      {"kling-v1", pro, 5, off, "3.5"},
      {"kling-v1", pro, 10, off, "7"},
      {"kling-v1-6", std, 5, off, "2"},
      {"kling-v1-6", pro, 10, off, "7"},
      {"kling-v2-master", std, 5, off, "10"},
      {"kling-v2-1-master", std, 10, off, "20"},
      {"kling-v2-5-turbo", std, 5, off, "1.5"},
      {"kling-v2-5-turbo", pro, 10, off, "5"},
      {"kling-v2-6", std, 5, off, "1.5"},
      {"kling-v2-6", pro, 5, off, "2.5"},
      {"kling-v2-6", pro, 5, on, "5"},
      {"kling-v3", std, 3, off, "1.8"},
      {"kling-v3", pro, 15, off, "12"},
      {"kling-v3", std, 5, on, "4.5"},
      {"kling-v3", pro, 5, on, "6"},
      {"kling-v3", k4k, 5, off, "15"},
      {"kling-v3", k4k, 5, on, "15"},
      // Off the list: a fifth of the 5 second price per second, rounded up to a tenth.
      {"kling-v1", std, 7, off, "1.4"},
      {"kling-v2-1-master", pro, 7, off, "14"},
      {"kling-v1", pro, 3, off, "2.1"},
      {"kling-v2-6", k4k, 5, off, "2.5"},
  };
  for (const Priced& row : rows) {
    EXPECT_EQ(format_units(*catalog.price(spec_of(row.model, row.mode, row.duration_s, row.sound))),
              row.units)
        << row.model << " " << to_string(row.mode) << " " << row.duration_s;
  }
}

TEST(CatalogTest, ALengthOffTheListRoundsUpToATenth) {
  Price price;
  price.by_duration_s[5] = 7;
  EXPECT_EQ(price.of(5, Sound::kOff), 7);
  EXPECT_EQ(price.of(3, Sound::kOff), 5);  // 4.2
  EXPECT_EQ(price.of(10, Sound::kOff), 14);
}

TEST(CatalogTest, OutputSizesFollowModeAspectAndModel) {
  const Catalog catalog = built_in();
  struct Row {
    const char* model;
    Mode mode;
    AspectRatio aspect;
    Size size;
    int fps;
  };
  const Row rows[] = {
      {"kling-v1", Mode::kPro, AspectRatio::k16x9, {1280, 720}, 30},  // 720p in both modes
      {"kling-v2-master", Mode::kPro, AspectRatio::k16x9, {1280, 720}, 24},
      {"kling-v2-1-master", Mode::kStd, AspectRatio::k9x16, {1080, 1920}, 24},
      {"kling-v2-6", Mode::kStd, AspectRatio::k1x1, {960, 960}, 24},
      {"kling-v2-6", Mode::kPro, AspectRatio::k1x1, {1440, 1440}, 24},
      {"kling-v2-6", Mode::k4k, AspectRatio::k16x9, {3840, 2160}, 24},  // by a page's rule
      {"kling-v3", Mode::k4k, AspectRatio::k1x1, {2880, 2880}, 24},
      {"kling-v3", Mode::kStd, AspectRatio::k9x16, {720, 1280}, 24},
  };
  for (const Row& row : rows) {
    Spec spec = spec_of(row.model, row.mode);
    spec.aspect_ratio = row.aspect;
    const Output output = *catalog.output(spec);
    EXPECT_EQ(output.size, row.size) << row.model << to_string(row.mode);
    EXPECT_EQ(output.fps, row.fps) << row.model;
    EXPECT_EQ(output.frame_count, row.fps * 5);
  }
}

struct Ruled {
  const char* profile;
  Spec spec;
  const char* answer;
};

TEST(CatalogTest, RefusesWhatAProfileDoesNotOfferInTheVendorsWords) {
  const Catalog catalog = built_in();
  const char* kCamera =
      "camera_control is only supported in std mode with 5s duration and kling-v1";
  const auto with_camera = [](Spec spec) {
    spec.camera = CameraControl{};
    return spec;
  };
  const auto with_shots = [](Spec spec) {
    spec.storyboard = Storyboard::kIntelligence;
    return spec;
  };
  const auto std = Mode::kStd, pro = Mode::kPro, k4k = Mode::k4k;
  const auto on = Sound::kOn;
  const std::vector<Ruled> rows = {
      {"official", spec_of("kling-v9"), "model_name value 'kling-v9' is invalid"},
      {"official", spec_of("kling-v1-5"), "model is not supported"},
      {"official", spec_of("kling-v2-1"), "model is not supported"},
      {"official", spec_of("kling-v3-omni"), "model is not supported"},
      {"powertokens", spec_of("kling-v1-5"), "accepted"},
      {"powertokens", spec_of("kling-video-o1"), "model is not supported"},
      {"classic", spec_of("kling-v2-6"), "model is not supported"},
      {"official", spec_of("kling-v2-6", k4k),
       "mode value '4k' is invalid: kling-v2-6 supports std, pro"},
      {"official", spec_of("kling-v3", k4k), "accepted"},
      {"official", spec_of("kling-v2-master", k4k), "accepted"},  // its mode is ignored
      {"powertokens", spec_of("kling-v2-6", k4k), "accepted"},
      {"classic", spec_of("kling-v1", k4k),
       "mode value '4k' is invalid: kling-v1 supports std, pro"},
      {"official", spec_of("kling-v2-6", std, 7),
       "duration value '7' is invalid: kling-v2-6 supports 5, 10"},
      {"official", spec_of("kling-v3", std, 3), "accepted"},
      {"official", spec_of("kling-v3", std, 15), "accepted"},
      {"official", spec_of("kling-v3", std, 2),
       "duration value '2' is invalid: kling-v3 supports 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, "
       "15"},
      {"powertokens", spec_of("kling-v2-1-master", std, 7), "accepted"},
      {"official", spec_of("kling-v2-6", pro, 5, on), "accepted"},
      {"official", spec_of("kling-v2-6", std, 5, on),
       "model/mode(kling-v2-6/std) is not supported with sound on"},
      {"official", spec_of("kling-v2-1-master", pro, 5, on),
       "model/mode(kling-v2-1-master/pro) is not supported with sound on"},
      {"official", spec_of("kling-v3", std, 5, on), "accepted"},
      {"powertokens", spec_of("kling-v2-1-master", std, 5, on), "accepted"},
      {"official", with_shots(spec_of("kling-v2-6")),
       "Multi shot is not supported by the current model"},
      {"official", with_shots(spec_of("kling-v3")), "accepted"},
      {"official", with_camera(spec_of("kling-v1")), "accepted"},
      {"official", with_camera(spec_of("kling-v1", pro)), kCamera},
      {"official", with_camera(spec_of("kling-v1", std, 10)), kCamera},
      {"official", with_camera(spec_of("kling-v3")), kCamera},
      {"powertokens", with_camera(spec_of("kling-v3", pro, 15)), "accepted"},
  };
  for (const Ruled& row : rows) {
    EXPECT_EQ(refusal(catalog, row.profile, row.spec), row.answer)
        << row.profile << " " << row.spec.model;
  }
}

TEST(CatalogTest, AnOfferAllowsWhatItsPageListsWhateverTheModelCanDo) {
  const Catalog catalog = built_in();
  const Profile& profile = *catalog.find_profile("aiml", "aiml");
  const auto answer = [&](const Spec& spec) {
    const auto price = catalog.check(profile, spec);
    return price ? "accepted" : price.error().user_message;
  };
  const auto pro = Mode::kPro;
  Spec spec = spec_of("kling-v2-1-master", pro, 10);
  spec.camera = CameraControl{};
  EXPECT_EQ(answer(spec), "accepted");
  spec = spec_of("kling-v2-5-turbo", pro);
  EXPECT_EQ(answer(spec), "accepted");
  spec.camera = CameraControl{};
  EXPECT_EQ(answer(spec),
            "camera_control is not supported by klingai/v2.5-turbo/pro/text-to-video");
  EXPECT_EQ(answer(spec_of("kling-v2-5-turbo")),
            "mode value 'std' is invalid: kling-v2-5-turbo supports pro");
  EXPECT_EQ(answer(spec_of("kling-v2-5-turbo", pro, 7)),
            "duration value '7' is invalid: kling-v2-5-turbo supports 5, 10");
  EXPECT_EQ(answer(spec_of("kling-v2-5-turbo", pro, 5, Sound::kOn)),
            "model/mode(kling-v2-5-turbo/pro) is not supported with sound on");
  EXPECT_EQ(answer(spec_of("kling-v2-1")), "model is not supported");
  spec = spec_of("kling-3.0-turbo", Mode::kStd, 5, Sound::kOn);
  spec.prompt = std::string(3072, 'x');
  EXPECT_EQ(answer(spec), "accepted");
  spec.prompt += 'x';
  EXPECT_EQ(answer(spec), "prompt exceeds 3072 characters");
  spec.storyboard = Storyboard::kCustomize;
  spec.shots = {{"a", 5}};
  EXPECT_EQ(answer(spec), "accepted");
  spec = spec_of("kling-v2-6", pro);
  spec.storyboard = Storyboard::kIntelligence;
  EXPECT_EQ(answer(spec), "Multi shot is not supported by the current model");
}

TEST(CatalogTest, TextLimitsCountCodePointsAndDifferByProfile) {
  const Catalog catalog = built_in();
  const auto repeated = [](int count) {
    std::string text;
    for (int i = 0; i < count; ++i) text += "é";
    return text;
  };
  Spec spec = spec_of("kling-v1");
  for (const auto& [profile, prompt_max, negative_max] :
       {std::tuple{"official", 2500, 2500}, {"powertokens", 2500, 2500}, {"classic", 500, 200}}) {
    spec.prompt = repeated(prompt_max);
    spec.negative_prompt = repeated(negative_max);
    EXPECT_EQ(refusal(catalog, profile, spec), "accepted");
    spec.negative_prompt += "é";
    EXPECT_EQ(refusal(catalog, profile, spec),
              "negative_prompt exceeds " + std::to_string(negative_max) + " characters");
    spec.prompt += "é";
    EXPECT_EQ(refusal(catalog, profile, spec),
              "prompt exceeds " + std::to_string(prompt_max) + " characters");
  }
  spec.prompt = " \t\xe3\x80\x80";
  EXPECT_EQ(refusal(catalog, "official", spec), "prompt must not be empty");
}

TEST(CatalogTest, ShotsAreOneToSixAndAddUp) {
  const Catalog catalog = built_in();
  Spec spec = spec_of("kling-v3", Mode::kStd, 15);
  spec.prompt.clear();
  spec.storyboard = Storyboard::kCustomize;
  EXPECT_EQ(refusal(catalog, "official", spec), "multi_prompt must contain 1 to 6 shots");
  spec.shots = {{"a", 2}, {"b", 3}, {"c", 3}, {"d", 3}, {"e", 3}, {"f", 1}};
  EXPECT_EQ(refusal(catalog, "official", spec), "accepted");
  spec.shots[5].duration_s = 2;
  EXPECT_EQ(refusal(catalog, "official", spec),
            "sum of multi_prompt durations must equal duration");
  spec.shots[5].duration_s = 16;
  EXPECT_EQ(refusal(catalog, "official", spec), "multi_prompt[5].duration value '16' is invalid");
  spec.shots[5] = {std::string(513, 'x'), 1};
  EXPECT_EQ(refusal(catalog, "official", spec), "multi_prompt[5].prompt exceeds 512 characters");
  spec.shots[5] = {std::string(512, 'x'), 1};
  EXPECT_EQ(refusal(catalog, "official", spec), "accepted");
  spec.shots[5].prompt = " ";
  EXPECT_EQ(refusal(catalog, "official", spec), "multi_prompt[5].prompt must not be empty");
  spec.shots.push_back({"g", 1});
  EXPECT_EQ(refusal(catalog, "official", spec), "multi_prompt must contain 1 to 6 shots");
}

TEST(CatalogTest, CfgScaleIsRangeCheckedForEveryModel) {
  const Catalog catalog = built_in();
  Spec spec = spec_of("kling-v3");
  for (const double inside : {0.0, 0.5, 1.0}) {
    spec.cfg_scale = inside;
    EXPECT_EQ(refusal(catalog, "official", spec), "accepted");
  }
  spec.cfg_scale = 1.5;
  EXPECT_EQ(refusal(catalog, "official", spec), "cfg_scale value '1.5' is invalid");
  spec.cfg_scale = -0.1;
  EXPECT_EQ(refusal(catalog, "official", spec), "cfg_scale value '-0.1' is invalid");
}

TEST(CatalogTest, ATaskOfAModelThatIsGoneIsUnsupported) {
  const Catalog catalog = built_in();
  EXPECT_EQ(catalog.output(spec_of("kling-v0")).error().code, ErrorCode::kUnsupported);
  EXPECT_EQ(catalog.price(spec_of("kling-v0")).error().code, ErrorCode::kUnsupported);
}

TEST(CatalogTest, ANameIsEchoedOnlyInPart) {
  const Catalog catalog = built_in();
  EXPECT_EQ(refusal(catalog, "official", spec_of(std::string(70, 'x'))),
            "model_name value '" + std::string(64, 'x') + "' is invalid");
}

TEST(CatalogTest, EveryProfileListsItsModelsWithPricesAndSizes) {
  const Catalog catalog = built_in();
  ASSERT_EQ(catalog.profiles().size(), 5u);
  for (const Profile& profile : catalog.profiles()) {
    const json::Value listing = catalog.to_json(profile);
    ASSERT_EQ(listing.find("models")->as_array()->size(),
              profile.models.size() + profile.offers.size());
    for (const json::Value& model : *listing.find("models")->as_array()) {
      for (const auto& [mode, offered] : *model.find("modes")->as_object()) {
        EXPECT_EQ(offered.find("sizes")->as_object()->size(), 3u);
        EXPECT_EQ(offered.find("price_units")->as_object()->size(),
                  model.find("durations_s")->as_array()->size());
      }
    }
  }
}

TEST(CatalogTest, AListingOffersNothingThatItsProfileDropsFromARequest) {
  const Catalog catalog = built_in();
  for (const auto& [name, offered] : {std::pair{"classic", false}, {"powertokens", true}}) {
    const json::Value listing = catalog.to_json(*catalog.find_profile("kling", name));
    for (const json::Value& model : *listing.find("models")->as_array()) {
      EXPECT_EQ(model.bool_or("multi_shot", !offered), offered) << name;
      for (const auto& [mode, entry] : *model.find("modes")->as_object()) {
        EXPECT_EQ(entry.bool_or("sound", !offered), offered) << name << mode;
        EXPECT_EQ(entry.find("price_units_with_sound") != nullptr, offered) << name << mode;
      }
    }
  }
}

// Replaces `from` by `to` in the built-in document `path` and loads the result.
std::string load_with(const std::string& path, const std::string& from, const std::string& to) {
  for (Document document : Catalog::built_in()) {
    if (document.path != path) continue;
    const size_t at = document.text.find(from);
    EXPECT_NE(at, std::string::npos) << from;
    document.text.replace(at, from.size(), to);
    const auto catalog = Catalog::load({document});
    return catalog ? "loaded" : catalog.error().message;
  }
  return "no such document";
}

TEST(CatalogTest, SchemaErrorsNameFilePointerAndWhatIsAllowed) {
  const char* v1 = "models/kling-v1.json";
  const char* official = "profiles/official.json";
  const char* aiml = "profiles/aiml.json";
  const char* offers = "offers/aiml.json";
  struct Row {
    const char *path, *from, *to, *message;
  };
  const Row rows[] = {
      {v1, "\"fps\": 30", "\"fps\": 0",
       "catalog/models/kling-v1.json: /models/0/fps is 0, allowed is an integer from 1 to 120"},
      {v1, "\"fps\": 30", "\"fpz\": 30",
       "catalog/models/kling-v1.json: /models/0/fpz is unknown, allowed is name, aliases, since, "
       "note, fps, durations_s, cfg_scale, multi_shot, camera, mode_is_ignored, modes"},
      {v1, "\"cfg_scale\": true", "\"cfg_scale\": 1",
       "catalog/models/kling-v1.json: /models/0/cfg_scale is 1, allowed is true, false"},
      {v1, "\"std\": {", "\"standard\": {",
       "catalog/models/kling-v1.json: /models/0/modes/standard is "},
      {v1, "[5, 10]", "[10, 5]",
       "catalog/models/kling-v1.json: /models/0/durations_s is [10,5], allowed is integers in "
       "ascending order, each once"},
      {v1, "{\"5\": 10, ", "{\"6\": 10, ",
       "catalog/models/kling-v1.json: /models/0/modes/std/price/tenths_by_duration_s is "},
      {v1, "\"kling-v1-6\"", "\"kling-v1\"",
       "catalog/models/kling-v1.json: /models/2/name is \"kling-v1\", allowed is a name that no "
       "other model or alias has"},
      {v1, "\"resolution\": \"720p\"", "\"resolution\": \"480p\"",
       "catalog/models: kling-v1 has the resolution 480p, which resolutions.json lacks"},
      {official, "\"of_the_model\"", "5",
       "catalog/profiles/official.json: /capabilities is 5, allowed is an object"},
      {official, "\"kling-v3\"", "\"kling-v4\"",
       "catalog/profiles/official.json: /models has kling-v4, allowed is "},
      {official, "\"default_model\": \"kling-v1\"", "\"default_model\": \"kling-v9\"",
       "catalog/profiles/official.json: /default_model is \"kling-v9\", allowed is one of this "
       "profile's models"},
      {official, "\"mount\": \"/v1/videos/text2video\"", "\"mount\": \"v1\"",
       "catalog/profiles/official.json: /mount is \"v1\", allowed is a path such as"},
      {official, "\"/v1/videos/text2video\"", "\"/kling/v1/videos/text2video\"",
       "catalog/profiles/powertokens.json: /kling/v1/videos/text2video is mounted twice"},
      {aiml, "\"offers\": \"aiml\"", "\"offers\": \"other\"",
       "catalog/profiles/aiml.json: /offers names offers/other.json, which has none"},
      {aiml, "\"offers\": \"aiml\"", "\"offers\": \"aiml\", \"models\": []",
       "catalog/profiles/aiml.json: /models is [], allowed is nothing beside offers"},
      {offers, "\"model\": \"kling-v1\"", "\"model\": \"kling-v0\"",
       "catalog/offers/aiml.json: kling-video/v1/standard/text-to-video is the mode std of "
       "kling-v0, which no model has"},
      {offers, "v1/pro/text", "v1/standard/text",
       "catalog/offers/aiml.json: kling-video/v1/standard/text-to-video has the name, or the model "
       "and mode, of another offer"},
      {offers, "\"durations_s\": [5, 10]", "\"durations_s\": [10]",
       "catalog/offers/aiml.json: /offers/0/durations_s is [10], allowed is a list with "
       "default_duration_s, which is 5 if absent"},
      {offers, "\"sound\": \"on_unless_refused\"", "\"sound\": \"maybe\"",
       "catalog/offers/aiml.json: /offers/8/sound is \"maybe\", allowed is off, on, "
       "on_unless_refused"},
      {offers, "\"customize\": \"customize\"", "\"customize\": \"single\"",
       "catalog/offers/aiml.json: /offers/9/shot_types/customize is \"single\", allowed is "
       "customize, intelligence"},
      {"resolutions.json", "[1280, 720]", "[1281, 720]",
       "catalog/resolutions.json: /sizes/720p/16:9 is [1281,720], allowed is even numbers"},
      {"resolutions.json", "\"std\": \"720p\", ", "",
       "catalog/resolutions.json: /modes/std must name one of its sizes"},
  };
  for (const Row& row : rows) {
    EXPECT_THAT(load_with(row.path, row.from, row.to), StartsWith(row.message));
  }
  EXPECT_THAT(load_with(v1, "{", "["), HasSubstr("catalog/models/kling-v1.json: "));
}

TEST(CatalogTest, ADirectoryAddsModelsAndReplacesProfiles) {
  const Document model{"models/house.json", R"({"models": [{"name": "house-1",
      "aliases": ["house-latest"], "since": "2026-01-01", "fps": 24, "durations_s": [5],
      "modes": {"std": {"resolution": "720p", "price": {"tenths_per_second": 1}}}}]})"};
  std::string official;
  for (const Document& document : Catalog::built_in()) {
    if (document.path == "profiles/official.json") official = document.text;
  }
  official.replace(official.find("\"kling-v3\""), 10, "\"kling-v3\", \"house-latest\"");
  const auto catalog = Catalog::load({model, {"profiles/official.json", official}});
  ASSERT_TRUE(catalog) << catalog.error().message;
  EXPECT_EQ(catalog->find_model("house-latest")->name, "house-1");
  EXPECT_EQ(refusal(*catalog, "official", spec_of("house-latest")), "accepted");
  EXPECT_EQ(refusal(*catalog, "official", spec_of("house-1")), "model is not supported");
  const auto unknown = Catalog::load({{"models.json", "{}"}});
  ASSERT_FALSE(unknown);
  EXPECT_THAT(unknown.error().message, HasSubstr("models.json: unknown document"));
}

}  // namespace
}  // namespace rushes::catalog
