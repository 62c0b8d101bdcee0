// Files that the command line names: what is read whole, and what will be written.
#pragma once

#include <string>

#include "base/result.h"

namespace rushes::cli {

// All of a file, at most 16 MiB; "-" is standard input. kInvalidInput: "cannot read FILE: …".
Result<std::string> read_input(const std::string& file);

// Could `file` be made or replaced? Asked before the work that is to end there. kInvalidInput says
// what is in the way.
Result<void> check_output(const std::string& file);

}  // namespace rushes::cli
