// Stage: from meaning to a staged shot. The director: who stands where and does what, what the
// light is, where the camera stands and how it moves. Pure: the same scene, options and seed give
// the same shot, bit by bit.
#pragma once

#include <cstdint>

#include "previz/scene/scene.h"
#include "previz/scene/shot.h"

namespace rushes::previz {

struct StageOptions {
  int width = 1280, height = 720;  // of the frame: only the ratio matters
  int fps = 24;
  int first_frame = 0, frame_count = 120;  // within the clip
  uint64_t task_seed = 0;
  int shot_index = 0;  // within the clip
  CameraMove move;     // camera_control of the request; kNone: the director moves the camera
};

Shot stage_shot(const SceneIR& scene, const StageOptions& options);

// The look of a concept: the same in every shot of a task.
uint32_t concept_seed(uint64_t task_seed, std::string_view concept_name);

}  // namespace rushes::previz
