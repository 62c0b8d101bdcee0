// The `rushes` program.
#include <variant>

#include "cli/command.h"
#include "cli/options.h"

int main(int argc, char** argv) {
  const auto parsed = rushes::cli::parse_options(argc, argv);
  if (const int* exit_code = std::get_if<int>(&parsed)) return *exit_code;
  const auto& options = std::get<rushes::cli::Options>(parsed);
  return std::visit(
      [&](const auto& command) { return rushes::cli::run(command, options.connection); },
      options.command);
}
