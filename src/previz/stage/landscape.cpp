// Framing of shots that have no subject: the biome's vantage point, a slow flight, camera words.
#include <algorithm>

#include "previz/scene/vantage.h"
#include "previz/stage/camera_words.h"
#include "previz/stage/framing.h"

namespace rushes::previz {
namespace {

// Moves are measured by a subject's distance; a landscape has its own.
constexpr float kLandscapeDistance = 14;
constexpr float kLowest = 0.5f;
constexpr Point kUp{0, 1, 0};

// Lifts the whole path so that no move takes it into the ground.
void lift(CameraPath& path, float duration) {
  constexpr int kSteps = 10;
  float lowest = 1e9f;
  for (int step = 0; step <= kSteps; ++step) {
    const float seconds = duration * static_cast<float>(step) / kSteps;
    lowest = std::min(lowest, camera_at(path, seconds, duration).position.y);
  }
  const Point up = kUp * std::max(0.0f, kLowest - lowest);
  for (Point* point :
       {&path.position_from, &path.position_to, &path.target_from, &path.target_to}) {
    *point = *point + up;
  }
}

void set_angle(Vantage& vantage, Angle angle) {
  switch (angle) {
    case Angle::kLow: vantage.position.y = std::max(0.6f, 0.4f * vantage.position.y); break;
    case Angle::kHigh:
      vantage.position.y += 4;
      vantage.target.y += 1;
      break;
    case Angle::kAerial:
      vantage.position.y += 14;
      vantage.target.y += 5;
      break;
    case Angle::kEye:
    case Angle::kOverShoulder:
    case Angle::kPov: break;
  }
}

}  // namespace

CameraPath frame_landscape(const Environment& environment, const FramingOptions& options) {
  Vantage vantage = landscape_vantage(environment, options.aspect < 0.9f);
  set_angle(vantage, options.angle);
  const bool is_requested = options.request.kind != CameraMoveKind::kNone;
  const Point view = vantage.target - vantage.position;
  CameraWords words{.position = vantage.position,
                    .forward = normalize(view),
                    .distance = kLandscapeDistance,
                    .lens = vantage.tan_half_fov};
  words.right = normalize(cross(kUp, words.forward));
  const bool drifts = !is_requested && options.move == Move::kAuto;
  CameraPath path = path_of(is_requested || drifts ? Move::kStatic : options.move, words);
  if (drifts) path.velocity = vantage.drift;
  path.move = options.request;
  lift(path, options.duration_seconds);
  return path;
}

}  // namespace rushes::previz
