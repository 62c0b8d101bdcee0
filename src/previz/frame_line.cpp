#include "previz/frame_line.h"

#include <utility>

namespace rushes::previz {
namespace {

constexpr size_t kLengthMax = 3;

}  // namespace

FrameLine::FrameLine(Consumer consumer)
    : consumer_(std::move(consumer)), thread_([this] { run(); }) {}

FrameLine::~FrameLine() {
  {
    const std::lock_guard lock(mutex_);
    ending_ = dropping_ = true;
  }
  changed_.notify_all();
  if (thread_.joinable()) thread_.join();
}

Result<void> FrameLine::push(Picture& picture) {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return waiting_.size() < kLengthMax || !outcome_; });
  if (!outcome_) return outcome_;
  waiting_.push_back(std::move(picture));
  picture = Picture();
  if (!spare_.empty()) {
    picture = std::move(spare_.back());
    spare_.pop_back();
  }
  changed_.notify_all();
  return {};
}

Result<void> FrameLine::finish() {
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
  }
  changed_.notify_all();
  thread_.join();
  return outcome_;
}

void FrameLine::run() {
  std::unique_lock lock(mutex_);
  for (;;) {
    changed_.wait(lock, [this] { return !waiting_.empty() || ending_; });
    if (waiting_.empty() || dropping_) return;
    Picture picture = std::move(waiting_.front());
    waiting_.pop_front();
    lock.unlock();
    changed_.notify_all();
    Result<void> done = consumer_(picture);
    lock.lock();
    if (!done) {
      outcome_ = std::move(done);
      changed_.notify_all();
      return;
    }
    spare_.push_back(std::move(picture));
  }
}

}  // namespace rushes::previz
