#include "core/task/spec.h"

#include <gtest/gtest.h>

namespace rushes {
namespace {

Spec full_spec() {
  Spec spec;
  spec.model = "kling-v1";
  spec.prompt = "a fox";
  spec.negative_prompt = "snow";
  spec.storyboard = Storyboard::kCustomize;
  spec.shots = {{"one", 2}, {"two", 3}};
  spec.mode = Mode::kPro;
  spec.aspect_ratio = AspectRatio::k1x1;
  spec.sound = Sound::kOn;
  spec.watermark = Watermark::kOn;
  spec.watermark_requested = true;
  spec.cfg_scale = 0.25;
  spec.camera = CameraControl{.pan = -2.5};
  spec.camera_optional = true;
  spec.callback_url = "https://example.com/hook";
  spec.external_task_id = "mine";
  spec.seed = 18'446'744'073'709'551'615u;
  spec.fake_rule = "fail_every=1";
  spec.ignored_fields = {"wings"};
  spec.extra = {.dialect = "kling",
                .members = {{"b", json::Array{1, 2.5, nullptr}}, {"a", json::Object{{"x", "y"}}}}};
  return spec;
}

json::Value stored(const Spec& spec) { return json::parse(to_json_text(spec)).value(); }

TEST(Spec, WhatIsStoredIsReadAgain) {
  for (const Spec& spec : {Spec{}, full_spec()}) {
    const auto read = spec_from_json(stored(spec));
    ASSERT_TRUE(read);
    EXPECT_EQ(*read, spec);
  }
}

// Tasks of earlier versions have no such member.
TEST(Spec, ACameraIsOptionalOnlyIfItSaysSo) {
  Spec spec = full_spec();
  spec.camera_optional = false;
  EXPECT_EQ(stored(spec).find("camera_optional"), nullptr);
  EXPECT_FALSE(spec_from_json(stored(spec))->camera_optional);
}

TEST(Spec, ASpecWithoutExtraReadsAsOfEarlierVersionsAndABrokenOneIsCorrupt) {
  Spec spec = full_spec();
  spec.extra = {};
  const json::Value without = stored(spec);
  EXPECT_EQ(without.find("extra"), nullptr);
  EXPECT_EQ(spec_from_json(without)->extra, Extra{});
  for (const char* members : {"", "[1]", "{\"a\":"}) {
    json::Value broken = without;
    broken.as_object()->emplace_back("extra", json::Object{{"members", members}});
    const auto read = spec_from_json(broken);
    ASSERT_FALSE(read) << members;
    EXPECT_EQ(read.error().code, ErrorCode::kCorrupt);
  }
}

// A body may be as deep as JSON is read, and the spec stands inside of other documents.
TEST(Spec, ExtraOfAnyDepthIsReadAgain) {
  const std::string deep =
      std::string(json::kDepthMax - 1, '[') + std::string(json::kDepthMax - 1, ']');
  Spec spec = full_spec();
  spec.extra.members = *json::parse("{\"a\":" + deep + "}")->as_object();
  EXPECT_EQ(*spec_from_json(stored(spec)), spec);
}

}  // namespace
}  // namespace rushes
