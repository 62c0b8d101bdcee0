// The soundtrack of a plan: ambience from its shots, dialogue spoken by a program.
#pragma once

#include <cstdint>
#include <string>

#include "base/result.h"
#include "previz/plan.h"
#include "previz/sound/soundtrack.h"

namespace rushes::previz {

// Adds a note to the plan for every line that could not be spoken; that is no error.
Result<Soundtrack> make_soundtrack(Plan& plan, uint64_t seed, const std::string& speaker);

}  // namespace rushes::previz
