#include "previz/render/renderer.h"

#include <fmt/format.h>

#include <bit>
#include <cmath>

#include "base/check.h"
#include "previz/render/biome/biomes.h"
#include "previz/render/enlarge.h"
#include "previz/render/post.h"

namespace rushes::previz {
namespace {

// Parts of a frame that the shutter is open. Half a frame is the 180-degree shutter of film; limbs
// are quicker than anything else and would show double in so few samples.
constexpr float kShutter = 0.5f, kPoseShutter = 0.125f;

Result<void> check(const Shot& shot, const RenderOptions& o) {
  auto within = [](std::string_view name, auto value, auto low, auto high) -> Result<void> {
    if (value >= low && value <= high) return {};
    return fail(ErrorCode::kInvalidInput,
                fmt::format("{} is {}: must be {} to {}", name, value, low, high));
  };
  TRY_VOID(within("width", o.width, 16, 4096));
  TRY_VOID(within("height", o.height, 16, 4096));
  TRY_VOID(within("samples", o.samples, 1, 16));
  TRY_VOID(within("threads", o.threads, 1, 64));
  TRY_VOID(within("internal_scale", o.internal_scale, 0.25f, 1.0f));
  TRY_VOID(within("frame_count", shot.frame_count, 1, 1 << 20));
  TRY_VOID(within("fps", shot.fps, 1, 240));
  return {};
}

int scaled(int size, float scale) {
  return std::max(8, static_cast<int>(std::floor(static_cast<float>(size) * scale + 0.5f)));
}

}  // namespace

Result<std::unique_ptr<Renderer>> Renderer::create(const Shot& shot, const RenderOptions& options) {
  TRY_VOID(check(shot, options));
  return std::unique_ptr<Renderer>(new Renderer(shot, options));
}

Renderer::Renderer(const Shot& shot, const RenderOptions& options)
    : shot_(shot),
      options_(options),
      light_(make_light(shot_.environment)),
      pool_(options.threads),
      planes_(scaled(options.width, options.internal_scale),
              scaled(options.height, options.internal_scale)),
      actors_cross_(actors_cross()),
      scene_(find_scene_maker(shot_.environment.biome)(SceneSetup{shot_, light_, pool_},
                                                       options.targets)) {}

Renderer::~Renderer() = default;

// Does an actor move across the picture while the shutter is open, by more than few samples can
// blur? Asked once for a shot, so that neighbouring frames look alike.
bool Renderer::actors_cross() const {
  constexpr int kLooks = 8;
  constexpr float kAllowed = 0.004f;  // of the picture's height
  for (int look = 0; look < kLooks; ++look) {
    const int frame = look * (shot_.frame_count - 1) / (kLooks - 1);
    const Moment begin = moment(frame, 0, 0), end = moment(frame, kShutter, 0);
    for (const Actor& actor : shot_.actors) {
      auto seen = [&](const Moment& m) {
        const Point middle = actor.start + actor.velocity * m.shot_seconds +
                             Point{0, actor.height_m * 0.5f, 0} - m.camera.position;
        const float depth = std::max(dot(middle, m.camera.forward), 0.1f) * m.camera.tan_half_fov;
        return Point{dot(middle, m.camera.right) / depth, dot(middle, m.camera.up) / depth, 0};
      };
      if (length(seen(end) - seen(begin)) > 2 * kAllowed) return true;
    }
  }
  return false;
}

// Time comes from integers and is never accumulated. `offset` is within the frame, 0..1.
Moment Renderer::moment(int frame, float offset, int sample) const {
  Moment m;
  m.frame = frame;
  m.sample = sample;
  m.shot_seconds = (static_cast<float>(frame) + offset) / static_cast<float>(shot_.fps);
  m.pose_seconds = (static_cast<float>(frame) + offset * kPoseShutter / kShutter) /
                   static_cast<float>(shot_.fps);
  m.seconds = m.shot_seconds * shot_.speed;
  m.progress = m.shot_seconds / shot_.duration_seconds();
  m.camera = camera_at(shot_.camera, m.shot_seconds, shot_.duration_seconds());
  m.width = planes_.width;
  m.height = planes_.height;
  // A low-discrepancy sequence in the pixel (Roberts' R2), the first sample in the middle.
  m.within_x = exact::fract(0.5f + static_cast<float>(sample) * 0.7548777f);
  m.within_y = exact::fract(0.5f + static_cast<float>(sample) * 0.5698403f);
  return m;
}

// Extra samples lie between the others, around the same middle: tiles with and without them show
// the set in the same place.
FramePlan Renderer::plan(int frame) const {
  const int n = options_.samples;
  FramePlan plan;
  for (int i = 0; i < n; ++i) {
    plan.samples.push_back(
        moment(frame, kShutter * static_cast<float>(i) / static_cast<float>(n), i));
  }
  for (int i = 0; actors_cross_ && n > 1 && i < n; ++i) {
    const float between =
        (static_cast<float>(i) + 0.5f) * static_cast<float>(n - 1) / static_cast<float>(n * n);
    plan.extra.push_back(moment(frame, kShutter * between, n + i));
  }
  return plan;
}

void Renderer::render(int frame, Picture& out) {
  RUSHES_CHECK(frame >= 0 && frame < shot_.frame_count);
  scene_->render(plan(frame), planes_);
  const PostOptions post{shot_.environment.grade, light_.exposure,
                         static_cast<uint32_t>(shot_.first_frame + frame), options_.targets};
  if (planes_.width == options_.width && planes_.height == options_.height) {
    tone_map(planes_, post, pool_, out);
    return;
  }
  tone_map(planes_, post, pool_, small_);
  out.resize(options_.width, options_.height);
  enlarge(small_, pool_, out);
}

std::vector<RenderTarget> render_targets() {
  std::vector<RenderTarget> targets;
  for (int64_t left = post_targets() & hwy::SupportedTargets(); left != 0; left &= left - 1) {
    const int64_t mask = left & -left;
    targets.push_back({hwy::TargetName(mask), mask});
  }
  return targets;
}

}  // namespace rushes::previz
