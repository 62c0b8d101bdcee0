#include "edge/platform/clock.h"

#include <sys/random.h>

#include <algorithm>
#include <array>

#include "base/bytes.h"
#include "base/check.h"

namespace rushes {
namespace {

void read_system(std::span<uint8_t> bytes) {
  while (!bytes.empty()) {
    const ssize_t got = ::getrandom(bytes.data(), bytes.size(), 0);
    RUSHES_CHECK(got > 0 || errno == EINTR);
    if (got > 0) bytes = bytes.subspan(static_cast<size_t>(got));
  }
}

// Every request draws a few small numbers: a system call for each would cost more than the rest of
// drawing them. What was handed out is wiped.
class ReadAhead {
 public:
  void take(std::span<uint8_t> bytes) {
    if (bytes.size() > bytes_.size() - next_) {
      read_system(bytes_);
      next_ = 0;
    }
    const auto taken = std::span(bytes_).subspan(next_, bytes.size());
    std::ranges::copy(taken, bytes.begin());
    std::ranges::fill(taken, 0);
    next_ += bytes.size();
  }

 private:
  std::array<uint8_t, 512> bytes_{};
  size_t next_ = bytes_.size();
};

constexpr size_t kReadAheadMax = 16;  // larger pieces are keys and the like

}  // namespace

uint64_t Entropy::next_u64() {
  uint8_t raw[8];
  fill(raw);
  uint64_t value = 0;
  for (const uint8_t byte : raw) value = (value << 8) | byte;
  return value;
}

std::string Entropy::bytes(size_t count) {
  std::string out(count, '\0');
  fill({reinterpret_cast<uint8_t*>(out.data()), out.size()});
  return out;
}

std::string Entropy::uuid_v4() {
  std::string raw = bytes(16);
  raw[6] = static_cast<char>((raw[6] & 0x0f) | 0x40);
  raw[8] = static_cast<char>((raw[8] & 0x3f) | 0x80);
  std::string text = to_hex(raw);
  for (const size_t at : {8u, 13u, 18u, 23u}) text.insert(at, 1, '-');
  return text;
}

Timestamp SystemClock::now() const {
  return std::chrono::floor<Millis>(std::chrono::system_clock::now());
}

std::chrono::steady_clock::time_point SystemClock::monotonic() const {
  return std::chrono::steady_clock::now();
}

void SystemEntropy::fill(std::span<uint8_t> bytes) {
  if (bytes.size() > kReadAheadMax) return read_system(bytes);
  thread_local ReadAhead ahead;
  ahead.take(bytes);
}

}  // namespace rushes
