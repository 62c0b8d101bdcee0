// Standard error as the log's sink.
#pragma once

#include <atomic>
#include <string_view>

namespace rushes::app {

// A reader that is gone loses the lines. One that does not read holds write() up, which is the
// logger's thread alone; once hurry() was called for no longer than a second, and then the rest is
// lost: a server must be able to stop.
class StandardError {
 public:
  void write(std::string_view lines);
  void hurry() { hurried_ = true; }

 private:
  bool wait_for_reader() const;

  std::atomic<bool> hurried_ = false;
};

}  // namespace rushes::app
