#include "previz/scene/scene.h"

#include <gtest/gtest.h>

#include <functional>

namespace rushes::previz {
namespace {

SceneIR full_scene() {
  SceneIR scene;
  scene.biome = Biome::kBeach;
  scene.biome_variant = "tropical";
  scene.time = TimeOfDay::kSunset;
  scene.weather = Weather::kStorm;
  scene.season = Season::kWinter;
  scene.grade = Grade::kWatercolour;
  scene.mood = "calm";
  scene.cloud_amount = 0.7f;
  scene.fog_amount = 0.1f;
  scene.speed = 0.4f;
  Subject rex{.concept_name = "t-rex", .form = {FormKind::kCard, "t-rex", false}};
  rex.colours = {{1, 0.2f, 0.1f}};
  rex.accessories = {{"sunglasses", {FormKind::kCard, "sunglasses", false}, Colour{0, 0, 0}},
                     {"hat", {FormKind::kCard, "top-hat", true}, std::nullopt}};
  rex.action = Action::kLie;
  rex.relation = Relation::kOn;
  rex.relative_to = 1;
  rex.size_scale = 2.5f;
  scene.subjects = {rex, {.concept_name = "sun lounger", .form = {FormKind::kProp, "sun_lounger"}}};
  scene.shot = ShotSize::kMedium;
  scene.angle = Angle::kOverShoulder;
  scene.move = Move::kFlyOver;
  scene.dialogue = {"Roar, \"politely\""};
  scene.excluded = {"cloud"};
  scene.notes = {"not removed: sky (part of every picture)"};
  scene.unused = {"jaws"};
  return scene;
}

TEST(Scene, TextOfASceneReadsBackAsTheSameScene) {
  for (const SceneIR& scene : {SceneIR{}, full_scene()}) {
    const auto parsed = json::parse(json::to_text(to_json(scene)));
    ASSERT_TRUE(parsed.has_value());
    const auto back = scene_from_json(*parsed);
    ASSERT_TRUE(back.has_value()) << back.error().message;
    EXPECT_EQ(*back, scene);
  }
}

TEST(Scene, EveryValueOfAnEnumerationHasItsOwnWord) {
  EXPECT_EQ(to_string(Biome::kSea), "sea");
  EXPECT_EQ(to_string(TimeOfDay::kNight), "night");
  EXPECT_EQ(to_string(Weather::kFog), "fog");
  EXPECT_EQ(to_string(Season::kWinter), "winter");
  EXPECT_EQ(to_string(Grade::kWatercolour), "watercolour");
  EXPECT_EQ(to_string(Action::kApproach), "approach");
  EXPECT_EQ(to_string(Relation::kAt), "at");
  EXPECT_EQ(to_string(FormKind::kProp), "prop");
  EXPECT_EQ(to_string(ShotSize::kLandscape), "landscape");
  EXPECT_EQ(to_string(Angle::kPov), "pov");
  EXPECT_EQ(to_string(Move::kFlyOver), "fly_over");
}

json::Value* member(json::Value& object, std::string_view key) {
  for (auto& [name, value] : *object.as_object()) {
    if (name == key) return &value;
  }
  return nullptr;
}

TEST(Scene, RefusesWhatItDidNotWriteAndNamesTheMember) {
  struct Case {
    std::function<void(json::Value&)> spoil;
    std::string_view problem;
  };
  const auto subject = [](json::Value& scene) -> json::Value& {
    return (*member(scene, "subjects")->as_array())[0];
  };
  const Case cases[] = {
      {[](json::Value& v) { v = 3; }, "scene must be an object"},
      {[](json::Value& v) { *member(v, "biome") = "moon"; }, "biome has the unknown value 'moon'"},
      {[](json::Value& v) { *member(v, "move") = 7; }, "move must be a string"},
      {[](json::Value& v) { *member(v, "speed") = -1; }, "speed must be a number"},
      {[](json::Value& v) { *member(v, "cloud_amount") = 1.01; }, "cloud_amount must be a number"},
      {[](json::Value& v) { *member(v, "unused") = "x"; }, "unused must be an array"},
      {[](json::Value& v) { *member(v, "excluded") = json::Array{1}; }, "excluded[0] must be"},
      {[](json::Value& v) { v.as_object()->pop_back(); }, "unused must be an array"},
      {[](json::Value& v) { v.as_object()->emplace_back("more", 1); }, "scene must have 18"},
      {[&](json::Value& v) { *member(subject(v), "count") = 0; }, "subjects[0].count must be"},
      {[&](json::Value& v) { *member(subject(v), "count") = 13; }, "subjects[0].count must be"},
      {[&](json::Value& v) { *member(subject(v), "relative_to") = 2; }, "relative_to names no"},
      {[&](json::Value& v) { *member(subject(v), "form") = nullptr; }, "subjects[0].form must be"},
      {[&](json::Value& v) { *member(subject(v), "colours") = json::Array{json::Array{1, 2}}; },
       "subjects[0].colours[0] must be three"},
  };
  for (const Case& wrong : cases) {
    json::Value value = to_json(full_scene());
    wrong.spoil(value);
    const auto scene = scene_from_json(value);
    ASSERT_FALSE(scene.has_value()) << wrong.problem;
    EXPECT_EQ(scene.error().code, ErrorCode::kCorrupt);
    EXPECT_NE(scene.error().message.find(wrong.problem), std::string::npos)
        << scene.error().message;
  }
}

}  // namespace
}  // namespace rushes::previz
