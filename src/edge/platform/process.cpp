#include "edge/platform/process.h"

#include <fcntl.h>
#include <linux/close_range.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/posix/basic_stream_descriptor.hpp>
#include <boost/asio/redirect_error.hpp>
#include <cerrno>
#include <cstdlib>

#include "edge/platform/files.h"

namespace rushes::process {
namespace {

using Stream = boost::asio::posix::basic_stream_descriptor<Executor>;
constexpr int kExecFailed = 127;  // as a shell says it

class Descriptor {
 public:
  Descriptor() = default;
  explicit Descriptor(int value) : value_(value) {}
  Descriptor(Descriptor&& other) noexcept : value_(other.release()) {}
  Descriptor& operator=(Descriptor&&) = delete;
  ~Descriptor() {
    if (value_ >= 0) ::close(value_);
  }
  int get() const { return value_; }
  int release() { return std::exchange(value_, -1); }

 private:
  int value_ = -1;
};

struct Pipe {
  Descriptor read_end, write_end;
};

Result<Pipe> open_pipe() {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) return files::system_error("make a pipe", errno);
  return Pipe{Descriptor(ends[0]), Descriptor(ends[1])};
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> out;
  for (std::string& text : texts) out.push_back(text.data());
  out.push_back(nullptr);
  return out;
}

struct Launch {
  const Options* options = nullptr;
  char* const* argv = nullptr;
  char* const* environment = nullptr;
  int output = -1, errors = -1;
  pid_t parent = 0;
};

// Between fork and exec in a process that has threads: async-signal-safe calls only.
[[noreturn]] void become_child(const Launch& launch) {
  const Options& options = *launch.options;
  ::setpgid(0, 0);
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != launch.parent) ::_exit(kExecFailed);  // it died before the line above
  sigset_t none;
  ::sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  ::signal(SIGPIPE, SIG_DFL);
  if (options.nice > 0) ::setpriority(PRIO_PROCESS, 0, options.nice);
  if (options.memory_bytes_max > 0) {
    const rlimit bytes{options.memory_bytes_max, options.memory_bytes_max};
    ::setrlimit(RLIMIT_AS, &bytes);
  }
  const rlimit no_core{0, 0};
  ::setrlimit(RLIMIT_CORE, &no_core);
  if (!options.working_directory.empty() && ::chdir(options.working_directory.c_str()) != 0) {
    ::_exit(kExecFailed);
  }
  ::dup2(::open("/dev/null", O_RDONLY | O_CLOEXEC), STDIN_FILENO);
  ::dup2(launch.output, STDOUT_FILENO);
  ::dup2(launch.errors, STDERR_FILENO);
  // Ours are close-on-exec; this is for those of libraries that are not.
  ::syscall(SYS_close_range, 3u, ~0u, CLOSE_RANGE_CLOEXEC);
  ::execve(launch.argv[0], launch.argv, launch.environment);
  ::_exit(kExecFailed);
}

auto redirect(boost::system::error_code& error) {
  return boost::asio::redirect_error(boost::asio::use_awaitable_t<Executor>(), error);
}

class OsChild final : public Child {
 public:
  OsChild(pid_t pid, Descriptor ended, Descriptor output, Descriptor errors, Executor executor,
          OnLine on_line)
      : pid_(pid),
        ended_(executor, ended.release()),
        output_(executor, output.release()),
        errors_(executor, errors.release()),
        on_line_(std::move(on_line)) {}

  ~OsChild() override {
    kill();
    if (!reaped_) ::waitpid(pid_, nullptr, 0);
  }

  Awaitable<Exit> wait() override {
    using boost::asio::experimental::awaitable_operators::operator&&;
    // Both at once: a child that fills one pipe must not block on it while we read the other.
    Awaitable<> both = read_lines() && read_errors();
    co_await std::move(both);
    boost::system::error_code ignored;
    co_await ended_.async_wait(Stream::wait_read, redirect(ignored));
    co_return reap();
  }

  void kill() override {
    if (!reaped_) ::kill(-pid_, SIGKILL);
  }
  int pid() const override { return pid_; }

 private:
  Awaitable<> read_lines() {
    std::array<char, 4096> buffer;
    std::string line;
    for (;;) {
      boost::system::error_code error;
      const size_t got =
          co_await output_.async_read_some(boost::asio::buffer(buffer), redirect(error));
      if (error) break;
      for (const char c : std::string_view(buffer.data(), got)) {
        if (c == '\n') {
          on_line_(line);
          line.clear();
        } else if (line.size() < kLineSizeMax) {
          line += c;
        }
      }
    }
    if (!line.empty()) on_line_(line);
  }

  Awaitable<> read_errors() {
    std::array<char, 4096> buffer;
    for (;;) {
      boost::system::error_code error;
      const size_t got =
          co_await errors_.async_read_some(boost::asio::buffer(buffer), redirect(error));
      if (error) break;
      error_tail_.append(buffer.data(), got);
      if (error_tail_.size() > kErrorTailMax) {
        error_tail_.erase(0, error_tail_.size() - kErrorTailMax);
      }
    }
  }

  Exit reap() {
    // Grandchildren that keep running are ended with their group, before its number is free again.
    ::kill(-pid_, SIGKILL);
    int status = 0;
    while (::waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
    }
    reaped_ = true;
    Exit exit;
    if (WIFEXITED(status)) exit.code = WEXITSTATUS(status);
    if (WIFSIGNALED(status)) exit.signal = WTERMSIG(status);
    exit.error_tail = std::move(error_tail_);
    return exit;
  }

  const pid_t pid_;
  bool reaped_ = false;
  Stream ended_;  // the pidfd: readable when the process has ended
  Stream output_, errors_;
  OnLine on_line_;
  std::string error_tail_;
};

}  // namespace

Result<std::unique_ptr<Child>> Child::start(Options options, Executor executor, OnLine on_line) {
  if (options.argv.empty()) return fail(ErrorCode::kInvalidInput, "no program to start");
  TRY(Pipe output, open_pipe());
  TRY(Pipe errors, open_pipe());
  const std::vector<char*> argv = pointers(options.argv);
  const std::vector<char*> environment = pointers(options.environment);
  const Launch launch{
      &options,  argv.data(), environment.data(), output.write_end.get(), errors.write_end.get(),
      ::getpid()};
  const pid_t pid = ::fork();
  if (pid < 0) return files::system_error("start " + options.argv[0], errno);
  if (pid == 0) become_child(launch);
  ::setpgid(pid, pid);  // in both: whoever is first, kill(-pid) works from here on
  Descriptor ended(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)));
  if (ended.get() < 0) {
    const int why = errno;
    ::kill(pid, SIGKILL);
    ::waitpid(pid, nullptr, 0);
    return files::system_error("watch " + options.argv[0], why);
  }
  return std::make_unique<OsChild>(pid, std::move(ended), std::move(output.read_end),
                                   std::move(errors.read_end), executor, std::move(on_line));
}

std::vector<std::string> inherited_environment(const std::vector<std::string>& names) {
  std::vector<std::string> environment;
  for (const std::string& name : names) {
    if (const char* value = std::getenv(name.c_str())) environment.push_back(name + "=" + value);
  }
  return environment;
}

}  // namespace rushes::process
