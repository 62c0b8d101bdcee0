// A clock that stands still until a test moves it, and the timers that follow it.
#pragma once

#include <list>
#include <memory>
#include <optional>

#include "edge/platform/clock.h"
#include "edge/platform/timer.h"

namespace rushes::testing {

// One thread. It outlives its timers.
class FakeClock final : public Clock, public Timers {
 public:
  explicit FakeClock(Timestamp start = from_unix_ms(1'800'000'000'000)) : now_(start) {}

  Timestamp now() const override { return now_; }
  std::chrono::steady_clock::time_point monotonic() const override {
    return std::chrono::steady_clock::time_point{now_.time_since_epoch()};
  }
  std::unique_ptr<Timer> make(Executor executor) override;

  // The earliest moment that somebody waits for.
  std::optional<Timestamp> next_deadline() const;
  // Moves on and ends the waits that are due. Never back.
  void move_to(Timestamp now);
  // The process is gone: whoever waits is forgotten, with the coroutine that does.
  void forget_waits();

 private:
  class FakeTimer;

  Timestamp now_;
  std::list<FakeTimer*> waiting_;
};

}  // namespace rushes::testing
