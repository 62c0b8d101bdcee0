#include "previz/job.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace rushes::previz {
namespace {

using ::testing::HasSubstr;

Result<Job> read(std::string_view text) {
  auto value = json::parse(text);
  EXPECT_TRUE(value.has_value()) << text;
  return job_from_json(*value);
}

TEST(Job, survives_the_way_through_json) {
  Job job;
  job.prompt = "a fox, \"quick\" 狐狸";
  job.negative_prompt = "snow";
  job.storyboard = StoryboardKind::kCustomize;
  job.shots = {{"one", 2}, {"two", 5}};
  job.camera = {CameraMoveKind::kRightTurnForward, -7.5f};
  job.width = 720;
  job.height = 1280;
  job.fps = 30;
  job.duration_s = 7;
  job.sound = job.watermark = true;
  job.quality = Quality::kUltra;
  job.seed = 18446744073709551615ull;
  job.threads = 3;
  const std::string text = json::to_text(to_json(job));
  const auto again = read(text);
  ASSERT_TRUE(again.has_value()) << again.error().message;
  EXPECT_EQ(json::to_text(to_json(*again)), text);
  EXPECT_EQ(again->seed, job.seed);
  EXPECT_EQ(again->shots.size(), 2u);
  EXPECT_EQ(again->camera.kind, CameraMoveKind::kRightTurnForward);
}

TEST(Job, every_member_has_a_default) {
  const auto job = read("{}");
  ASSERT_TRUE(job.has_value());
  EXPECT_EQ(json::to_text(to_json(*job)), json::to_text(to_json(Job())));
}

struct Line {
  const char* json;
  const char* message;  // null: accepted
};

TEST(Job, is_refused_by_the_name_of_the_member_and_its_bounds) {
  const Line lines[] = {
      {R"([])", "the job is not a JSON object"},
      {R"({"width":16})", nullptr},
      {R"({"width":14})", "'width' value 14 is invalid: an integer from 16 to 4096 is needed"},
      {R"({"width":4096})", nullptr},
      {R"({"width":4098})", "'width' value 4098"},
      {R"({"width":17})", "'width' value 17 is invalid: odd"},
      {R"({"height":15})", "'height'"},
      {R"({"height":721})", "'height' value 721 is invalid: odd"},
      {R"({"height":"720"})", "'height' value \"720\""},
      {R"({"fps":60})", nullptr},
      {R"({"fps":61})", "'fps' value 61 is invalid: an integer from 1 to 60 is needed"},
      {R"({"fps":0})", "'fps' value 0"},
      {R"({"fps":23.976})", "'fps' value 23.976"},
      {R"({"duration_s":60})", nullptr},
      {R"({"duration_s":61})", "'duration_s'"},
      {R"({"duration_s":0})", "'duration_s'"},
      {R"({"threads":256})", nullptr},
      {R"({"threads":257})", "'threads'"},
      {R"({"seed":12})", nullptr},
      {R"({"seed":"18446744073709551615"})", nullptr},
      {R"({"seed":"18446744073709551616"})", "'seed' must be a whole number"},
      {R"({"seed":-1})", "'seed'"},
      {R"({"seed":"12x"})", "'seed'"},
      {R"({"sound":"on"})", "'sound' must be true or false"},
      {R"({"quality":"best"})",
       "'quality' value \"best\" is invalid: one of draft, standard, high, ultra is needed"},
      {R"({"storyboard":7})", "'storyboard' value 7"},
      {R"({"prompt":7})", "'prompt' must be a string"},
      {R"({"colour":"red"})", "'colour' is not a member"},
      {R"({"camera":{"kind":"pan","value":10}})", nullptr},
      {R"({"camera":{"kind":"pan","value":10.1}})",
       "'camera.value' value 10.1 is invalid: a number from -10 to 10 is needed"},
      {R"({"camera":{"kind":"dolly"}})", "'camera.kind' value \"dolly\""},
      {R"({"camera":{"speed":1}})", "'camera.speed' is not a member"},
      {R"({"camera":7})", "'camera' is not an object"},
      {R"({"shots":[{"prompt":"x","duration_s":5}]})", "'shots' needs storyboard"},
      {R"({"storyboard":"customize"})", "'shots' is empty"},
      {R"({"storyboard":"customize","shots":{}})", "'shots' must be an array"},
      {R"({"storyboard":"customize","shots":[{"prompt":"x","duration_s":5}]})", nullptr},
      {R"({"storyboard":"customize","shots":[{"prompt":"x","duration_s":4}]})",
       "'shots' last 4 seconds together: duration_s is 5"},
      {R"({"storyboard":"customize","shots":[{"prompt":"x"}]})",
       "'shots[0].duration_s' is missing"},
      {R"({"storyboard":"customize","shots":[{"prompt":"x","duration_s":5,"a":1}]})",
       "'shots[0].a' is not a member"},
  };
  for (const Line& line : lines) {
    const auto job = read(line.json);
    if (line.message == nullptr) {
      EXPECT_TRUE(job.has_value()) << line.json << ": " << job.error().message;
      continue;
    }
    ASSERT_FALSE(job.has_value()) << line.json;
    EXPECT_EQ(job.error().code, ErrorCode::kInvalidInput);
    EXPECT_THAT(job.error().user_message, HasSubstr(line.message)) << line.json;
  }
}

TEST(Job, takes_a_prompt_of_the_longest_size_and_refuses_one_byte_more) {
  const auto with = [](size_t size) {
    return job_from_json(json::Object{{"prompt", std::string(size, 'a')}});
  };
  EXPECT_TRUE(with(kPromptBytesMax).has_value());
  const auto refused = with(kPromptBytesMax + 1);
  ASSERT_FALSE(refused.has_value());
  EXPECT_THAT(refused.error().message, HasSubstr("'prompt' is 20001 bytes long"));
}

TEST(JobResult, survives_the_way_through_json) {
  JobResult result{120, 24, {"raccoon: rig raccoon"}, {"glorp"}, {"no speech"}};
  const auto again = job_result_from_json(to_json(result));
  ASSERT_TRUE(again.has_value());
  EXPECT_EQ(json::to_text(to_json(*again)), json::to_text(to_json(result)));
}

TEST(JobResult, is_corrupt_when_a_member_is_not_what_it_must_be) {
  for (const char* text : {
           "[]",
           R"({"frame_count":0,"fps":24,"drawn":[],"ignored":[],"notes":[]})",
           R"({"frame_count":3601,"fps":24,"drawn":[],"ignored":[],"notes":[]})",
           R"({"frame_count":120,"fps":61,"drawn":[],"ignored":[],"notes":[]})",
           R"({"frame_count":120,"fps":24,"drawn":[1],"ignored":[],"notes":[]})",
           R"({"frame_count":120,"fps":24,"drawn":[],"ignored":[]})",
       }) {
    const auto value = json::parse(text);
    ASSERT_TRUE(value.has_value());
    const auto result = job_result_from_json(*value);
    ASSERT_FALSE(result.has_value()) << text;
    EXPECT_EQ(result.error().code, ErrorCode::kCorrupt);
  }
}

}  // namespace
}  // namespace rushes::previz
