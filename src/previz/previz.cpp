#include "previz/previz.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <thread>
#include <utility>

#include "previz/frame_line.h"
#include "previz/output.h"
#include "previz/plan.h"
#include "previz/render/renderer.h"
#include "previz/sound_stage.h"

namespace rushes::previz {
namespace {

constexpr int kRenderThreadsMax = 64;

RenderOptions render_options(const Job& job) {
  RenderOptions options{.width = job.width, .height = job.height};
  switch (job.quality) {
    case Quality::kDraft:
      options.samples = 1;
      options.internal_scale = 0.75f;
      break;
    case Quality::kStandard: options.samples = 2; break;
    case Quality::kHigh: options.samples = 4; break;
    case Quality::kUltra:
      options.samples = 2;
      options.internal_scale = 2.0f / 3;
      break;
  }
  const int cores = static_cast<int>(std::thread::hardware_concurrency());
  options.threads = std::clamp(job.threads > 0 ? job.threads : cores, 1, kRenderThreadsMax);
  return options;
}

OutputOptions output_options(const Job& job, const Plan& plan, const RunOptions& run,
                             const std::optional<Soundtrack>& sound) {
  OutputOptions options{.directory = run.output_dir,
                        .encoder = run.encoder,
                        .width = job.width,
                        .height = job.height,
                        .fps = job.fps,
                        .frame_count = plan.frame_count,
                        .comment = provenance(job),
                        .watermark = job.watermark,
                        .sound = sound ? &*sound : nullptr};
  for (size_t i = 1; i < plan.shots.size(); ++i) {
    options.cuts.push_back(plan.shots[i].shot.first_frame);
  }
  return options;
}

// Renders every frame of the plan, while the line encodes the ones before.
Result<void> render_frames(const Job& job, const Plan& plan, const RunOptions& run,
                           FrameLine& line) {
  Picture picture;
  for (const PlannedShot& planned : plan.shots) {
    TRY(const auto renderer, Renderer::create(planned.shot, render_options(job)));
    for (int frame = 0; frame < planned.shot.frame_count; ++frame) {
      renderer->render(frame, picture);
      TRY_VOID(line.push(picture));
      if (run.on_frame) run.on_frame(planned.shot.first_frame + frame + 1, plan.frame_count);
    }
  }
  return line.finish();
}

}  // namespace

Result<JobResult> run_job(const Job& job, const RunOptions& options) {
  Plan plan = plan_job(job);
  std::optional<Soundtrack> sound;
  if (job.sound) {
    TRY(sound, make_soundtrack(plan, job.seed, options.speaker));
  }
  TRY(const auto output, Output::open(output_options(job, plan, options, sound)));
  FrameLine line([&output](const Picture& picture) { return output->write(picture); });
  TRY_VOID(render_frames(job, plan, options, line));
  JobResult result{.frame_count = plan.frame_count,
                   .fps = job.fps,
                   .drawn = std::move(plan.drawn),
                   .ignored = std::move(plan.ignored),
                   .notes = std::move(plan.notes)};
  TRY_VOID(output->finish(result));
  return result;
}

}  // namespace rushes::previz
