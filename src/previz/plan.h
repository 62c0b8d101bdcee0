// Plan: what a job means: its shots with their exact frames, and what will and will not be drawn.
// Pure.
#pragma once

#include <string>
#include <vector>

#include "previz/job.h"
#include "previz/scene/scene.h"
#include "previz/scene/shot.h"

namespace rushes::previz {

struct PlannedShot {
  SceneIR scene;
  Shot shot;
};

struct Plan {
  std::vector<PlannedShot> shots;  // at least one; frames follow each other without gaps
  int frame_count = 0;             // fps * seconds
  std::vector<std::string> drawn, ignored, notes;  // as in JobResult
};

Plan plan_job(const Job& job);

// The only metadata of the files: says what made them, from which seed and which prompt (its hash).
std::string provenance(const Job& job);

}  // namespace rushes::previz
