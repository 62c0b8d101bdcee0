// Timer: waiting as a service, so that tests can hand in one whose time is simulated.
#pragma once

#include <memory>

#include "base/time.h"
#include "edge/platform/async.h"

namespace rushes {

// Belongs to one io_context; one waiter at a time.
class Timer {
 public:
  virtual ~Timer() = default;
  // Completes after `duration`, or as soon as wake() is called. A wake() that found nobody waiting
  // ends the next wait at once.
  virtual Awaitable<> wait(Millis duration) = 0;
  virtual void wake() = 0;
};

class Timers {
 public:
  virtual ~Timers() = default;
  virtual std::unique_ptr<Timer> make(Executor executor) = 0;
};

class SystemTimers final : public Timers {
 public:
  std::unique_ptr<Timer> make(Executor executor) override;
};

}  // namespace rushes
