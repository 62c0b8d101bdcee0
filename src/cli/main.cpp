// The `rushes` program.
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <string>
#include <system_error>
#include <variant>

#include "cli/command.h"
#include "cli/options.h"
#include "cli/terminal.h"

namespace {

int run_command(int argc, char** argv) {
  const auto parsed = rushes::cli::parse_options(argc, argv);
  if (const int* exit_code = std::get_if<int>(&parsed)) return *exit_code;
  const auto& options = std::get<rushes::cli::Options>(parsed);
  return std::visit(
      [&](const auto& command) { return rushes::cli::run(command, options.connection); },
      options.command);
}

}  // namespace

int main(int argc, char** argv) {
  using rushes::cli::kDone, rushes::cli::kFailed, rushes::cli::complain;
  int exit_code = kFailed;
  std::string reason;
  try {
    exit_code = run_command(argc, argv);
  } catch (const std::system_error& error) {
    // fmt::print's, which knows no name for the standard output that it could not write; else of
    // something that the system refused, such as a thread, in words of its own.
    reason = std::ferror(stdout) != 0 ? error.code().message() : error.what();
  }
  // What is lost in the buffer is lost output all the same, whichever command wrote it.
  errno = 0;
  const bool flushed = std::fflush(stdout) == 0;
  if (!flushed && reason.empty()) reason = std::strerror(errno);
  if (!flushed || std::ferror(stdout) != 0) {
    complain("cannot write standard output" + (reason.empty() ? reason : ": " + reason));
    return exit_code == kDone ? kFailed : exit_code;
  }
  if (!reason.empty()) complain(reason);
  return exit_code;
}
