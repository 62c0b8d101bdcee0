// Standard error as the log's sink.
#pragma once

#include <atomic>
#include <string_view>

namespace rushes::app {

// A reader that is gone loses the lines. One that does not read holds write() up, which is the
// logger's thread alone; after hurry() all further waiting together takes about a second, and then
// the rest is lost: a server must be able to stop.
class StandardError {
 public:
  void write(std::string_view lines);  // by one thread at a time
  void hurry() { hurried_ = true; }    // by any

 private:
  bool wait_for_reader();

  std::atomic<bool> hurried_ = false;
  int waits_left_ = 10;  // in a hurry
};

}  // namespace rushes::app
