#include "testing/fake_clock.h"

#include <algorithm>
#include <utility>

namespace rushes::testing {

class FakeClock::FakeTimer final : public Timer {
 public:
  explicit FakeTimer(FakeClock& clock) : clock_(clock) {}
  ~FakeTimer() override { clock_.waiting_.remove(this); }

  Awaitable<> wait(Millis duration) override {
    if (std::exchange(woken_, false)) co_return;
    deadline_ = clock_.now() + duration;
    auto start = [this](Completion<bool> done) {
      done_ = std::move(done);
      clock_.waiting_.push_back(this);
    };
    co_await await_completion<bool>(std::move(start));
  }

  void wake() override {
    if (done_) {
      end();
    } else {
      woken_ = true;
    }
  }

  Timestamp deadline() const { return deadline_; }

  // What waits may own this timer, and goes with what is returned.
  Completion<bool> forget() {
    clock_.waiting_.remove(this);
    return std::exchange(done_, nullptr);
  }

  void end() {
    clock_.waiting_.remove(this);
    std::exchange(done_, nullptr)(true);
  }

 private:
  FakeClock& clock_;
  Timestamp deadline_{};
  Completion<bool> done_;
  bool woken_ = false;
};

std::unique_ptr<Timer> FakeClock::make(Executor) { return std::make_unique<FakeTimer>(*this); }

std::optional<Timestamp> FakeClock::next_deadline() const {
  std::optional<Timestamp> earliest;
  for (const FakeTimer* timer : waiting_) {
    if (!earliest || timer->deadline() < *earliest) earliest = timer->deadline();
  }
  return earliest;
}

void FakeClock::move_to(Timestamp now) {
  now_ = std::max(now_, now);
  const std::list<FakeTimer*> waiting = waiting_;
  for (FakeTimer* timer : waiting) {
    if (timer->deadline() <= now_) timer->end();
  }
}

void FakeClock::forget_waits() {
  while (!waiting_.empty()) {
    const Completion<bool> forgotten = waiting_.front()->forget();
  }
}

}  // namespace rushes::testing
