#include "server/app/standard_error.h"

#include <limits.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>

namespace rushes::app {
namespace {

constexpr int kWaitMs = 100;

}  // namespace

// In pieces that a pipe takes whole once poll() says that there is room: a longer write could block
// for good.
void StandardError::write(std::string_view lines) {
  while (!lines.empty() && wait_for_reader()) {
    const size_t size = std::min<size_t>(lines.size(), PIPE_BUF);
    const ssize_t written = ::write(STDERR_FILENO, lines.data(), size);
    if (written <= 0) return;
    lines.remove_prefix(static_cast<size_t>(written));
  }
}

bool StandardError::wait_for_reader() {
  for (int wait_ms = 0;; wait_ms = kWaitMs) {
    pollfd room{.fd = STDERR_FILENO, .events = POLLOUT, .revents = 0};
    if (::poll(&room, 1, wait_ms) != 0) return true;
    if (hurried_ && waits_left_-- <= 0) return false;
  }
}

}  // namespace rushes::app
