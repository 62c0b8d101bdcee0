// Following one task to its end, for `generate` and `tasks watch`.
#pragma once

#include <string>

#include "base/json/value.h"
#include "base/result.h"
#include "cli/session.h"
#include "cli/terminal.h"

namespace rushes::cli {

enum class OnInterrupt { kCancelTask, kLeaveTask };

// The finished task (native view, GET /rushes/v1/tasks/ID); kCancelled if SIGINT or SIGTERM came
// first.
Result<json::Value> watch_task(Session& session, const std::string& id, Signals& signals,
                               OnInterrupt on_interrupt);

}  // namespace rushes::cli
