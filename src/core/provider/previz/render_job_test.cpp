#include "core/provider/previz/render_job.h"

#include <gtest/gtest.h>

namespace rushes::provider::previz {
namespace {

constexpr catalog::Output kOutput{{1280, 720}, 24, 120};

Task task_of(Spec spec) {
  Task task;
  task.id = TaskId{867283741759111202};
  task.spec = std::move(spec);
  return task;
}

TEST(RenderJob, CarriesWhatTheSpecAsksFor) {
  Spec spec;
  spec.prompt = "A fox";
  spec.negative_prompt = "snow";
  spec.sound = Sound::kOn;
  spec.watermark = Watermark::kOn;
  const json::Value job = render_job(task_of(spec), kOutput, {.threads = 2});
  EXPECT_EQ(json::to_text(job),
            R"({"prompt":"A fox","negative_prompt":"snow","storyboard":"single","width":1280,)"
            R"("height":720,"fps":24,"duration_s":5,"sound":true,"watermark":true,)"
            R"("quality":"standard","seed":"1189804319988630646","threads":2,"shots":[]})");
}

TEST(RenderJob, SeedOfTheSpecWinsOverTheTaskId) {
  Spec spec;
  spec.seed = 18446744073709551615ull;
  EXPECT_EQ(render_job(task_of(spec), kOutput, {}).string_or("seed", ""), "18446744073709551615");
  spec.seed = 0;
  EXPECT_EQ(render_job(task_of(spec), kOutput, {}).string_or("seed", ""), "0");
}

TEST(RenderJob, ShotsReplaceThePromptOnlyWhenTheyAreGiven) {
  Spec spec;
  spec.prompt = "ignored";
  spec.storyboard = Storyboard::kCustomize;
  spec.shots = {{"one", 2}, {"two", 3}};
  const json::Value job = render_job(task_of(spec), kOutput, {});
  EXPECT_EQ(job.string_or("prompt", "?"), "");
  EXPECT_EQ(json::to_text(*job.find("shots")),
            R"([{"prompt":"one","duration_s":2},{"prompt":"two","duration_s":3}])");
  spec.storyboard = Storyboard::kIntelligence;
  spec.shots.clear();
  EXPECT_EQ(render_job(task_of(spec), kOutput, {}).string_or("prompt", "?"), "ignored");
}

TEST(RenderJob, CameraIsOneMoveWithItsValue) {
  Spec spec;
  EXPECT_EQ(render_job(task_of(spec), kOutput, {}).find("camera"), nullptr);
  spec.camera = CameraControl{.tilt = -4};
  EXPECT_EQ(json::to_text(*render_job(task_of(spec), kOutput, {}).find("camera")),
            R"({"kind":"tilt","value":-4})");
  spec.camera = CameraControl{.type = CameraType::kDownBack};
  EXPECT_EQ(json::to_text(*render_job(task_of(spec), kOutput, {}).find("camera")),
            R"({"kind":"down_back","value":0})");
  spec.camera = CameraControl{};
  EXPECT_EQ(json::to_text(*render_job(task_of(spec), kOutput, {}).find("camera")),
            R"({"kind":"horizontal","value":0})");
}

TEST(RenderJob, ScaledSidesAreEvenAndNeverTooSmall) {
  const json::Value small = render_job(task_of({}), {{1080, 1920}, 24, 120}, {.scale = 0.1});
  EXPECT_EQ(small.int_or("width", 0), 108);
  EXPECT_EQ(small.int_or("height", 0), 192);
  const json::Value tiny = render_job(task_of({}), {{100, 50}, 24, 120}, {.scale = 0.1});
  EXPECT_EQ(tiny.int_or("width", 0), 16);
  EXPECT_EQ(tiny.int_or("height", 0), 16);
}

TEST(RenderJob, BetterModesGetMoreSamples) {
  Spec spec;
  for (const auto& [mode, quality] :
       {std::pair{Mode::kStd, "standard"}, {Mode::kPro, "high"}, {Mode::k4k, "ultra"}}) {
    spec.mode = mode;
    EXPECT_EQ(render_job(task_of(spec), kOutput, {}).string_or("quality", ""), quality);
  }
}

}  // namespace
}  // namespace rushes::provider::previz
