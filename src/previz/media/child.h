// Child: one process of another program (ffmpeg, espeak-ng) that we feed through a pipe.
//
// Everything the program says is read while we write to it, so neither side can block the other for
// ever: the last lines of its standard error go into error messages, its standard output is kept up
// to a bound. A child never outlives us: destroying a Child kills it, and the kernel kills it when
// the thread that started it ends, however that happens. Start children on a thread that lives
// longer than they do. One thread at a time may use a Child.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"

namespace rushes::previz {

struct ChildOptions {
  std::vector<std::string> command;  // the program, looked up in PATH, and its arguments
  size_t output_bytes_max = 0;       // of its standard output; more is an error
  // Longest time without any sign of life while we wait for it.
  std::chrono::milliseconds patience = std::chrono::minutes(5);
};

class Child {
 public:
  // kUnsupported if there is no such program; the message says what to install.
  static Result<std::unique_ptr<Child>> start(ChildOptions options);
  ~Child();
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  // Feeds its standard input. Errors: what finish() would say if the program has gone.
  Result<void> write(std::span<const uint8_t> bytes);

  // Closes its input, waits for its end and returns what it wrote to its standard output.
  // kUnavailable with the program's last words if it failed, kLimitExceeded if it ran out of disk
  // space or wrote more than it may, kDeadlineExceeded if it hung (it is killed).
  Result<std::string> finish();

 private:
  // A file descriptor that closes itself.
  class Descriptor {
   public:
    Descriptor() = default;
    ~Descriptor() { reset(); }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    void reset(int value = -1);
    int get() const { return value_; }
    bool is_open() const { return value_ >= 0; }

   private:
    int value_ = -1;
  };

  explicit Child(ChildOptions options) : options_(std::move(options)) {}
  Result<void> launch();
  Result<void> wait_for_io(bool wants_to_write);
  Result<void> wait_for_end();
  void drain(Descriptor& from, std::string& into, size_t size_max, bool keep_tail);
  void kill_and_reap();
  [[nodiscard]] std::unexpected<Error> ended_badly() const;
  const std::string& program() const { return options_.command.front(); }

  ChildOptions options_;
  pid_t pid_ = -1;
  int status_ = 0;  // of waitpid, once pid_ is -1
  Descriptor input_, output_, errors_;
  std::string output_text_, error_text_;
  bool output_overflowed_ = false;
};

// Runs a program to its end: feeds it `input`, returns its standard output.
Result<std::string> run_program(ChildOptions options, std::span<const uint8_t> input = {});

}  // namespace rushes::previz
