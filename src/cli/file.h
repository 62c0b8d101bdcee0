// Files that the command line names: what is read whole, and what will be written.
#pragma once

#include <string>

#include "base/result.h"

namespace rushes::cli {

// All of a file, or of standard input, at most 16 MiB. kInvalidInput: "cannot read FILE: …".
Result<std::string> read_input(const std::string& file);
Result<std::string> read_standard_input();

// Could `file` be made or replaced? Asked before the work that is to end there. kInvalidInput says
// what is in the way.
Result<void> check_output(const std::string& file);
// The same of a file in `folder` whose name is not known yet.
Result<void> check_output_folder(const std::string& folder);

}  // namespace rushes::cli
