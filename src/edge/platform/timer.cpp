#include "edge/platform/timer.h"

#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/redirect_error.hpp>
#include <utility>

namespace rushes {
namespace {

using SteadyTimer = boost::asio::basic_waitable_timer<
    std::chrono::steady_clock, boost::asio::wait_traits<std::chrono::steady_clock>, Executor>;

class SystemTimer final : public Timer {
 public:
  explicit SystemTimer(Executor executor) : timer_(executor) {}

  Awaitable<> wait(Millis duration) override {
    if (!std::exchange(woken_, false)) {
      timer_.expires_after(duration);
      boost::system::error_code cancelled;
      const boost::asio::use_awaitable_t<Executor> token;
      co_await timer_.async_wait(boost::asio::redirect_error(token, cancelled));
      woken_ = false;
    }
  }

  void wake() override {
    woken_ = true;
    timer_.cancel();
  }

 private:
  SteadyTimer timer_;
  bool woken_ = false;
};

}  // namespace

std::unique_ptr<Timer> SystemTimers::make(Executor executor) {
  return std::make_unique<SystemTimer>(executor);
}

}  // namespace rushes
