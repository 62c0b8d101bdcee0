// The time-outs of one thread's connections, to the tick. All deadlines of a kind are equally long,
// so each kind's queue is in order by itself: arming is O(1), a tick looks at what is due only, and
// no operation has a timer of its own.
#pragma once

#include <array>
#include <boost/intrusive/list.hpp>
#include <chrono>
#include <cstdint>

#include "edge/http/server.h"

namespace rushes::http {

constexpr std::chrono::milliseconds kTick{250};
// How long a refused client may take to read the refusal and go.
constexpr std::chrono::milliseconds kLingerTimeout{2'000};

enum class Deadline { kIdle, kHeader, kBody, kWrite, kLinger };

// What can be late: a base of Connection. Leaves its queue when destroyed.
class Late : public boost::intrusive::list_base_hook<
                 boost::intrusive::link_mode<boost::intrusive::auto_unlink>> {
 public:
  virtual void expire() = 0;

 protected:
  ~Late() = default;

 private:
  friend class Deadlines;
  uint64_t due_tick_ = 0;
};

class Deadlines {
 public:
  explicit Deadlines(const ServerLimits& limits)
      : ticks_{to_ticks(limits.idle_timeout), to_ticks(limits.header_timeout),
               to_ticks(limits.body_timeout), to_ticks(limits.write_timeout),
               to_ticks(kLingerTimeout)} {}

  // Replaces the deadline that `late` has, if any.
  void arm(Late& late, Deadline kind) {
    disarm(late);
    const auto index = static_cast<size_t>(kind);
    late.due_tick_ = now_tick_ + ticks_[index];
    queues_[index].push_back(late);
  }
  static void disarm(Late& late) {
    if (late.is_linked()) late.unlink();
  }
  // One tick has passed: expires, and disarms, what is due.
  void tick() {
    ++now_tick_;
    for (Queue& queue : queues_) {
      while (!queue.empty() && queue.front().due_tick_ <= now_tick_) {
        Late& late = queue.front();
        late.unlink();
        late.expire();
      }
    }
  }

 private:
  using Queue = boost::intrusive::list<Late, boost::intrusive::constant_time_size<false>>;

  // Rounded up, and one more because the current tick is already running.
  static uint64_t to_ticks(std::chrono::milliseconds timeout) {
    return static_cast<uint64_t>((timeout + kTick - std::chrono::milliseconds{1}) / kTick) + 1;
  }

  const std::array<uint64_t, 5> ticks_;
  std::array<Queue, 5> queues_;
  uint64_t now_tick_ = 0;
};

}  // namespace rushes::http
