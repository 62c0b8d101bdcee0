#include "previz/stage/stage.h"

#include <algorithm>
#include <string_view>

#include "base/check.h"
#include "previz/stage/blocking.h"
#include "previz/stage/environment.h"
#include "previz/stage/framing.h"

namespace rushes::previz {
namespace {

uint32_t fold(uint64_t seed) {
  return exact::hash(static_cast<uint32_t>(seed), static_cast<uint32_t>(seed >> 32));
}

// Through the eyes of the main subject: it leaves the picture and the camera takes its place.
CameraPath look_through(const Actor& main, const FramingOptions& options) {
  const Point eye = main.start + Point{0, std::max(0.4f, 0.85f * main.height_m), 0};
  const float side = options.side;
  Point ahead{0, -0.03f, 1};
  // A runner looks along its way, a little into the landscape.
  if (main.velocity.x != 0) ahead = normalize({side * 0.9f, -0.03f, 0.42f});
  CameraPath path;
  path.position_from = path.position_to = eye;
  path.target_from = path.target_to = eye + ahead * 10;
  path.velocity = main.velocity * options.speed;
  path.tan_half_fov_from = path.tan_half_fov_to = 0.55f;
  path.shake = main.velocity == Point{} ? 0.01f : 0.03f;
  path.move = options.request;
  return path;
}

}  // namespace

uint32_t concept_seed(uint64_t task_seed, std::string_view concept_name) {
  uint32_t hash = fold(task_seed);
  for (const char c : concept_name) hash = exact::hash(hash, static_cast<uint8_t>(c));
  return hash;
}

Shot stage_shot(const SceneIR& scene, const StageOptions& options) {
  RUSHES_CHECK(options.frame_count > 0 && options.fps > 0 && options.height > 0);
  Shot shot;
  shot.first_frame = options.first_frame;
  shot.frame_count = options.frame_count;
  shot.fps = options.fps;
  shot.speed = exact::clamp(scene.speed, 0.1f, 10);
  shot.seed = exact::hash(fold(options.task_seed), static_cast<uint32_t>(options.shot_index));
  shot.place_seed = exact::hash(fold(options.task_seed), 0);

  // The screen direction is the task's, so that it does not flip from shot to shot.
  const float side = (fold(options.task_seed) & 1) != 0 ? -1.0f : 1.0f;
  FramingOptions framing{
      .aspect = static_cast<float>(options.width) / static_cast<float>(options.height),
      .duration_seconds = shot.duration_seconds(),
      .speed = shot.speed,
      .shot = scene.shot,
      .angle = scene.angle,
      .move = scene.move,
      .request = options.move,
      .side = side,
      .biome = scene.biome};

  if (scene.subjects.empty()) {
    shot.environment = environment_of(scene, 0);
    shot.camera = frame_landscape(shot.environment, framing);
    return shot;
  }
  const bool is_held = options.move.kind == CameraMoveKind::kNone && scene.move == Move::kStatic;
  shot.actors = block(scene, {.duration_seconds = shot.duration_seconds() * shot.speed,
                              .side = side,
                              .upright = framing.aspect < 0.9f,
                              .camera_follows = !is_held,
                              .task_seed = options.task_seed,
                              .seed = shot.seed});
  shot.environment = environment_of(scene, side);
  if (scene.angle == Angle::kPov) {
    shot.camera = look_through(shot.actors.front(), framing);
    shot.actors.erase(shot.actors.begin());
  } else {
    shot.camera = frame_subjects(shot.actors, framing);
  }
  return shot;
}

}  // namespace rushes::previz
