#include "previz/media/child.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <string_view>
#include <utility>

#include "base/check.h"

namespace rushes::previz {
namespace {

constexpr size_t kErrorTextMax = 2048;
constexpr int kPipeBytes = 1 << 20;  // a frame in few system calls
constexpr int kExecFailed = 127;

// Writing to a program that has gone must be an error, not our end.
class NoPipeSignal {
 public:
  NoPipeSignal() {
    sigemptyset(&pipe_);
    sigaddset(&pipe_, SIGPIPE);
    sigset_t pending;
    sigpending(&pending);
    was_pending_ = sigismember(&pending, SIGPIPE) == 1;
    pthread_sigmask(SIG_BLOCK, &pipe_, &before_);
  }
  ~NoPipeSignal() {
    constexpr timespec kNow{0, 0};
    if (!was_pending_) {
      while (sigtimedwait(&pipe_, nullptr, &kNow) == -1 && errno == EINTR) {
      }
    }
    pthread_sigmask(SIG_SETMASK, &before_, nullptr);
  }
  NoPipeSignal(const NoPipeSignal&) = delete;
  NoPipeSignal& operator=(const NoPipeSignal&) = delete;

 private:
  sigset_t pipe_, before_;
  bool was_pending_ = false;
};

struct Pipe {
  int read_end = -1, write_end = -1;
};

Result<Pipe> make_pipe() {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) {
    return fail(ErrorCode::kUnavailable, fmt::format("pipe: {}", std::strerror(errno)));
  }
  return Pipe{ends[0], ends[1]};
}

// Between fork and exec: async-signal-safe calls only.
[[noreturn]] void become_program(char* const* arguments, int input, int output, int errors,
                                 int failure, pid_t parent) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != parent) _exit(kExecFailed);  // the parent went before the line above
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  signal(SIGPIPE, SIG_DFL);
  if (dup2(input, 0) == 0 && dup2(output, 1) == 1 && dup2(errors, 2) == 2) {
    execvp(arguments[0], arguments);
  }
  const int reason = errno;
  [[maybe_unused]] const ssize_t told = ::write(failure, &reason, sizeof reason);
  _exit(kExecFailed);
}

std::string_view last_lines(std::string_view text) {
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.remove_suffix(1);
  return text;
}

}  // namespace

void Child::Descriptor::reset(int value) {
  if (value_ >= 0) ::close(value_);
  value_ = value;
}

Result<std::unique_ptr<Child>> Child::start(ChildOptions options) {
  RUSHES_CHECK(!options.command.empty());
  std::unique_ptr<Child> child(new Child(std::move(options)));
  TRY_VOID(child->launch());
  return child;
}

Result<void> Child::launch() {
  // The child's ends close with this scope, in the parent, whatever happens.
  Descriptor child_input, child_output, child_errors, failure_read, failure_write;
  TRY(const Pipe in, make_pipe());
  child_input.reset(in.read_end);
  input_.reset(in.write_end);
  TRY(const Pipe out, make_pipe());
  output_.reset(out.read_end);
  child_output.reset(out.write_end);
  TRY(const Pipe err, make_pipe());
  errors_.reset(err.read_end);
  child_errors.reset(err.write_end);
  TRY(const Pipe failure, make_pipe());
  failure_read.reset(failure.read_end);
  failure_write.reset(failure.write_end);
  for (const int ours : {input_.get(), output_.get(), errors_.get()}) {
    fcntl(ours, F_SETFL, O_NONBLOCK);
  }
  fcntl(input_.get(), F_SETPIPE_SZ, kPipeBytes);  // best effort: users have a quota of pipe memory

  std::vector<char*> arguments;
  for (std::string& argument : options_.command) arguments.push_back(argument.data());
  arguments.push_back(nullptr);
  const pid_t parent = getpid();
  pid_ = fork();
  if (pid_ == 0) {
    become_program(arguments.data(), child_input.get(), child_output.get(), child_errors.get(),
                   failure_write.get(), parent);
  }
  if (pid_ < 0) {
    return fail(ErrorCode::kUnavailable,
                fmt::format("cannot start '{}': {}", program(), std::strerror(errno)));
  }
  failure_write.reset();
  int reason = 0;
  ssize_t got;
  do {
    got = ::read(failure_read.get(), &reason, sizeof reason);
  } while (got < 0 && errno == EINTR);
  if (got != sizeof reason) return {};  // closed by exec: it runs
  kill_and_reap();
  if (reason == ENOENT) {
    return fail(ErrorCode::kUnsupported,
                fmt::format("'{0}' is not installed: install the package '{0}'", program()));
  }
  return fail(ErrorCode::kUnsupported,
              fmt::format("cannot run '{}': {}", program(), std::strerror(reason)));
}

Child::~Child() {
  if (pid_ > 0) kill_and_reap();
}

void Child::kill_and_reap() {
  kill(pid_, SIGKILL);
  while (waitpid(pid_, &status_, 0) < 0 && errno == EINTR) {
  }
  pid_ = -1;
}

void Child::drain(Descriptor& from, std::string& into, size_t size_max, bool keep_tail) {
  std::array<char, 65536> buffer;
  for (;;) {
    const ssize_t got = ::read(from.get(), buffer.data(), buffer.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0 && errno == EAGAIN) return;
    if (got <= 0) return from.reset();
    into.append(buffer.data(), static_cast<size_t>(got));
    if (into.size() <= size_max) continue;
    if (keep_tail) {
      into.erase(0, into.size() - size_max);
    } else {
      into.resize(size_max);
      output_overflowed_ = true;
    }
  }
}

// Waits until something can be written, or (if not) until the program said something or closed.
Result<void> Child::wait_for_io(bool wants_to_write) {
  std::array<pollfd, 3> polled{{{wants_to_write ? input_.get() : -1, POLLOUT, 0},
                                {output_.get(), POLLIN, 0},
                                {errors_.get(), POLLIN, 0}}};
  int ready;
  do {
    ready = poll(polled.data(), polled.size(), static_cast<int>(options_.patience.count()));
  } while (ready < 0 && errno == EINTR);
  if (ready == 0) {
    kill_and_reap();
    return fail(
        ErrorCode::kDeadlineExceeded,
        fmt::format("'{}' made no progress for {} s", program(), options_.patience.count() / 1000));
  }
  if (polled[1].revents != 0) drain(output_, output_text_, options_.output_bytes_max, false);
  if (polled[2].revents != 0) drain(errors_, error_text_, kErrorTextMax, true);
  return {};
}

Result<void> Child::write(std::span<const uint8_t> bytes) {
  if (pid_ < 0) return ended_badly();
  const NoPipeSignal guard;
  while (!bytes.empty()) {
    const ssize_t put = ::write(input_.get(), bytes.data(), bytes.size());
    if (put >= 0) {
      bytes = bytes.subspan(static_cast<size_t>(put));
    } else if (errno == EAGAIN) {
      TRY_VOID(wait_for_io(true));
    } else if (errno != EINTR) {
      input_.reset();
      TRY_VOID(wait_for_end());
      return ended_badly();
    }
  }
  return {};
}

Result<void> Child::wait_for_end() {
  while (output_.is_open() || errors_.is_open()) TRY_VOID(wait_for_io(false));
  // It closed both; its end follows at once, or it is stuck.
  constexpr int kStepMs = 5;
  for (int64_t waited_ms = 0; waited_ms <= options_.patience.count(); waited_ms += kStepMs) {
    const pid_t ended = waitpid(pid_, &status_, WNOHANG);
    if (ended == pid_) {
      pid_ = -1;
      return {};
    }
    poll(nullptr, 0, waited_ms == 0 ? 1 : kStepMs);
  }
  kill_and_reap();
  return fail(ErrorCode::kDeadlineExceeded, fmt::format("'{}' did not end", program()));
}

Result<std::string> Child::finish() {
  if (pid_ > 0) {
    input_.reset();
    TRY_VOID(wait_for_end());
  }
  if (!WIFEXITED(status_) || WEXITSTATUS(status_) != 0) return ended_badly();
  if (output_overflowed_) {
    return fail(ErrorCode::kLimitExceeded,
                fmt::format("'{}' wrote more than {} bytes", program(), options_.output_bytes_max));
  }
  return std::move(output_text_);
}

std::unexpected<Error> Child::ended_badly() const {
  std::string how = WIFSIGNALED(status_)
                        ? fmt::format("was ended by signal {}", WTERMSIG(status_))
                        : fmt::format("ended with exit code {}", WEXITSTATUS(status_));
  const std::string_view words = last_lines(error_text_);
  const bool disk_full = words.find(std::strerror(ENOSPC)) != std::string_view::npos;
  return fail(disk_full ? ErrorCode::kLimitExceeded : ErrorCode::kUnavailable,
              fmt::format("'{}' {}{}{}", program(), how, words.empty() ? "" : ": ", words));
}

Result<std::string> run_program(ChildOptions options, std::span<const uint8_t> input) {
  TRY(const std::unique_ptr<Child> child, Child::start(std::move(options)));
  TRY_VOID(child->write(input));
  return child->finish();
}

}  // namespace rushes::previz
