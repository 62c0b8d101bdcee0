// Scene: one staged shot in one biome, compiled for one vector target. Made by the list in
// biome/biomes.h, owned by a Renderer; used by one thread, which shares work through its pool.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "previz/render/light.h"
#include "previz/render/picture.h"
#include "previz/render/threads.h"
#include "previz/scene/shot.h"

namespace rushes::previz {

// What a biome or an actor is built from. References outlive the scene.
struct SceneSetup {
  const Shot& shot;
  const Light& light;
  ThreadPool& pool;
};

// One sample of a frame: when, from where, and which point of the pixel.
struct Moment {
  int frame = 0;      // within the shot
  int sample = 0;     // 0 .. samples - 1
  float seconds = 0;  // of the shot's own time (already scaled by Shot::speed): poses, wind, waves
  float shot_seconds = 0;  // of the film: cameras, tracking
  float pose_seconds = 0;  // of the film: limbs, which see a shorter shutter
  float progress = 0;      // 0..1 through the shot
  Camera camera;
  int width = 0, height = 0;  // of the picture, pixels
  float within_x = 0.5f, within_y = 0.5f;
};

// The samples of one frame. All cover the shutter's opening, half a frame long (an eighth to
// limbs).
struct FramePlan {
  std::vector<Moment> samples;  // at least one
  std::vector<Moment> extra;    // for pixels near actors only, where one crosses the picture
};

class Scene {
 public:
  virtual ~Scene() = default;

  // Renders a frame into `light` (linear, averaged over its samples) and sets light.extra to the
  // distance of the first surface in metres, kFarAway for the sky.
  virtual void render(const FramePlan& plan, Planes& light) = 0;
};

inline constexpr float kFarAway = 60000.0f;

}  // namespace rushes::previz
