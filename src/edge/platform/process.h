// Child processes: started with limits, read line by line, ended as a group.
//
// A Child belongs to one io_context and is used on its thread only. Destroying it kills the whole
// process group at once, and the kernel kills the child when the thread that started it dies, so a
// crash of the server leaves nobody behind.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "edge/platform/async.h"

namespace rushes::process {

struct Options {
  std::vector<std::string> argv;         // argv[0] is a path
  std::vector<std::string> environment;  // "NAME=value", all there is
  std::string working_directory;         // empty: the parent's
  int nice = 0;                          // 0..19
  uint64_t memory_bytes_max = 0;         // of address space; 0: no limit
};

inline constexpr size_t kLineSizeMax = 4096;   // of standard output; longer lines are cut
inline constexpr size_t kErrorTailMax = 4096;  // what is kept of standard error

struct Exit {
  int code = -1;           // of exit(); -1 if a signal ended it
  int signal = 0;          // that ended it
  std::string error_tail;  // the last bytes it wrote to standard error
  bool ok() const { return code == 0; }
};

using OnLine = std::function<void(std::string_view)>;

class Child {
 public:
  virtual ~Child() = default;

  // `on_line` gets each line of standard output, without its end, on the executor's thread while
  // wait() runs.
  static Result<std::unique_ptr<Child>> start(Options options, Executor executor, OnLine on_line);

  // Completes when the process has ended and its output is read. Once; the Child must outlive it.
  virtual Awaitable<Exit> wait() = 0;
  // SIGKILL to the group; a process that has ended is no error.
  virtual void kill() = 0;
  virtual int pid() const = 0;
};

// NAME=value of this process, for those of `names` that are set: what a child may inherit.
std::vector<std::string> inherited_environment(const std::vector<std::string>& names);

}  // namespace rushes::process
