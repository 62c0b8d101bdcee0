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

bool Gate::is_out_of_reach() const { return failures_ >= kFailuresToClose; }

Timestamp Gate::closed_until() const {
  return std::max({out_of_reach_until_, parked_until_, busy_until_});
}

int Gate::room(Timestamp now) const {
  if (now < closed_until()) return 0;
  const int free = std::max(0, limits_.concurrency - open_);
  const bool on_trial = parked_ || is_out_of_reach();
  return on_trial ? std::min(free, 1) : free;
}

Millis Gate::take_turn(Timestamp now, Turn turn) {
  if (limits_.requests_per_second <= 0) return Millis{0};
  const microseconds gap{static_cast<int64_t>(1e6 / limits_.requests_per_second)};
  const auto mine = std::max<std::chrono::sys_time<microseconds>>(next_turn_, now);
  next_turn_ = mine + gap;
  return turn == Turn::kNow ? Millis{0} : std::chrono::ceil<Millis>(mine - now);
}

bool Gate::worked() {
  const bool is_news = is_out_of_reach();
  failures_ = 0;
  parked_ = false;
  out_of_reach_until_ = {};
  return is_news;
}

bool Gate::failed(Timestamp now) {
  ++failures_;
  if (!is_out_of_reach()) return false;
  const int doublings = std::min(failures_ - kFailuresToClose, kDoublingsMax);
  out_of_reach_until_ = now + std::min(kLongestPause, kFirstPause * (1 << doublings));
  return failures_ == kFailuresToClose;
}

bool Gate::park(Timestamp now) {
  const bool is_news = now >= parked_until_;
  parked_ = true;
  parked_until_ = now + kLongestPause;
  return is_news;
}

void Gate::slow_down(Timestamp now, Millis pause) {
  busy_until_ = std::max(busy_until_, now + std::min(pause, kLongestPause));
}

}  // namespace rushes::engine
