#include "server/engine/gate.h"

#include <algorithm>

namespace rushes::engine {
namespace {

using std::chrono::microseconds;

constexpr int kFailuresToClose = 5;
constexpr Millis kFirstPause{30'000};
constexpr Millis kLongestPause{300'000};
constexpr int kDoublingsMax = 4;

}  // namespace

int Gate::room(Timestamp now) const {
  if (now < closed_until_) return 0;
  const int free = std::max(0, limits_.concurrency - open_);
  const bool on_trial = parked_ || failures_ >= kFailuresToClose;
  return on_trial ? std::min(free, 1) : free;
}

Millis Gate::take_turn(Timestamp now, Turn turn) {
  if (limits_.requests_per_second <= 0) return Millis{0};
  const microseconds gap{static_cast<int64_t>(1e6 / limits_.requests_per_second)};
  const auto mine = std::max<std::chrono::sys_time<microseconds>>(next_turn_, now);
  next_turn_ = mine + gap;
  return turn == Turn::kNow ? Millis{0} : std::chrono::ceil<Millis>(mine - now);
}

void Gate::worked() {
  failures_ = 0;
  parked_ = false;
}

void Gate::failed(Timestamp now) {
  ++failures_;
  if (failures_ < kFailuresToClose) return;
  const int doublings = std::min(failures_ - kFailuresToClose, kDoublingsMax);
  close(now + std::min(kLongestPause, kFirstPause * (1 << doublings)));
}

void Gate::park(Timestamp now) {
  parked_ = true;
  close(now + kLongestPause);
}

void Gate::slow_down(Timestamp now, Millis pause) { close(now + std::min(pause, kLongestPause)); }

void Gate::close(Timestamp until) { closed_until_ = std::max(closed_until_, until); }

}  // namespace rushes::engine
