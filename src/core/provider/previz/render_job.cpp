#include "core/provider/previz/render_job.h"

#include <algorithm>
#include <array>

#include "base/crypto/digest.h"
#include "base/words.h"

namespace rushes::provider::previz {
namespace {

constexpr int kSideMin = 16;

// More samples for better modes; 4k is rendered smaller and enlarged, as its pixels allow.
constexpr Words<Mode, 3> kQualities{
    {{Mode::kStd, "standard"}, {Mode::kPro, "high"}, {Mode::k4k, "ultra"}}};

int scaled(int side, double scale) {
  const int half = static_cast<int>(side * scale / 2 + 0.5);
  return std::max(kSideMin, half * 2);
}

// The files name their seed. It is not the id itself: where this server is somebody's provider, the
// people behind them are not to see its ids.
uint64_t seed_of(TaskId id) {
  uint64_t seed = 0;
  for (const char byte : sha256(id.to_string()).substr(0, sizeof seed)) {
    seed = seed << 8 | static_cast<uint8_t>(byte);
  }
  return seed;
}

// At most one axis is set; none is "no movement", which is still a request: the director stands
// still.
json::Object camera_job(const CameraControl& camera) {
  if (camera.type != CameraType::kSimple) {
    return {{"kind", to_string(camera.type)}, {"value", 0.0}};
  }
  for (const CameraAxis& axis : kCameraAxes) {
    const double value = camera.*axis.value;
    if (value != 0) return {{"kind", axis.name}, {"value", value}};
  }
  return {{"kind", "horizontal"}, {"value", 0.0}};
}

}  // namespace

json::Value render_job(const Task& task, const catalog::Output& output, RenderOptions options) {
  const Spec& spec = task.spec;
  json::Object job{
      {"prompt", spec.storyboard == Storyboard::kCustomize ? "" : spec.prompt},
      {"negative_prompt", spec.negative_prompt},
      {"storyboard", to_string(spec.storyboard)},
      {"width", scaled(output.size.width, options.scale)},
      {"height", scaled(output.size.height, options.scale)},
      {"fps", output.fps},
      {"duration_s", spec.duration_s},
      {"sound", spec.sound == Sound::kOn},
      {"watermark", spec.watermark == Watermark::kOn},
      {"quality", word_of(kQualities, spec.mode)},
      // As text: a JSON number cannot carry every 64-bit value.
      {"seed", std::to_string(spec.seed ? *spec.seed : seed_of(task.id))},
      {"threads", options.threads},
  };
  json::Array shots;
  for (const Shot& shot : spec.shots) {
    shots.push_back(json::Object{{"prompt", shot.prompt}, {"duration_s", shot.duration_s}});
  }
  job.emplace_back("shots", std::move(shots));
  if (spec.camera) job.emplace_back("camera", camera_job(*spec.camera));
  return job;
}

}  // namespace rushes::provider::previz
