// The built-in renderer's words: a task as the job that `rushes render --job` reads. Pure.
//
// The format is that of previz/job.h, which core may not see; a test of server/app reads one with
// the other.
#pragma once

#include "base/json/value.h"
#include "core/catalog/catalog.h"
#include "core/task/task.h"

namespace rushes::provider::previz {

struct RenderOptions {
  double scale = 1;  // of the pixel size, (0, 1]; sides stay even
  int threads = 0;   // of the child; 0: one per core
};

// Same spec and seed, same frames. A spec without a seed gets a digest of the task's id.
json::Value render_job(const Task& task, const catalog::Output& output, RenderOptions options);

}  // namespace rushes::provider::previz
