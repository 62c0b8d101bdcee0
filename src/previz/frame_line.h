// FrameLine: a conveyor between the thread that renders and the thread that encodes, so that both
// work at once. A few pictures long: a slow encoder holds the renderer up instead of filling the
// memory.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

#include "base/result.h"
#include "previz/render/picture.h"

namespace rushes::previz {

class FrameLine {
 public:
  // Called on the line's own thread, in order, until it fails once.
  using Consumer = std::function<Result<void>(const Picture&)>;

  explicit FrameLine(Consumer consumer);
  // Drops what is still on the line.
  ~FrameLine();
  FrameLine(const FrameLine&) = delete;
  FrameLine& operator=(const FrameLine&) = delete;

  // Hands a picture over and gives back another one to draw the next into. Waits while the line is
  // full; returns the consumer's error once it has failed.
  Result<void> push(Picture& picture);

  // Waits until everything was consumed. The last call.
  Result<void> finish();

 private:
  void run();

  const Consumer consumer_;
  std::mutex mutex_;  // guards everything below but thread_
  std::condition_variable changed_;
  std::deque<Picture> waiting_;
  std::vector<Picture> spare_;
  bool ending_ = false;    // no more pushes
  bool dropping_ = false;  // what waits is not wanted any more
  Result<void> outcome_;
  std::thread thread_;
};

}  // namespace rushes::previz
