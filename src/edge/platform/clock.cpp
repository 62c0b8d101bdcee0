#include "edge/platform/clock.h"

#include <sys/random.h>

#include <algorithm>
#include <array>

#include "base/bytes.h"
#include "base/check.h"

namespace rushes {
namespace {

// Every request draws a few small numbers: a system call for each costs more than all the rest.
struct ReadAhead {
  std::array<uint8_t, 512> bytes{};
  size_t next = bytes.size();
};

}  // namespace

uint64_t Entropy::next_u64() {
  uint8_t raw[8];
  fill_public(raw);
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
  std::array<uint8_t, 16> raw;
  fill_public(raw);
  raw[6] = static_cast<uint8_t>((raw[6] & 0x0f) | 0x40);
  raw[8] = static_cast<uint8_t>((raw[8] & 0x3f) | 0x80);
  const std::string digits = to_hex({reinterpret_cast<const char*>(raw.data()), raw.size()});
  std::string text;
  text.reserve(36);
  size_t from = 0;
  for (const size_t group : {8u, 4u, 4u, 4u, 12u}) {
    if (from > 0) text += '-';
    text.append(digits, from, group);
    from += group;
  }
  return text;
}

Timestamp SystemClock::now() const {
  return std::chrono::floor<Millis>(std::chrono::system_clock::now());
}

std::chrono::steady_clock::time_point SystemClock::monotonic() const {
  return std::chrono::steady_clock::now();
}

void SystemEntropy::fill(std::span<uint8_t> bytes) {
  while (!bytes.empty()) {
    const ssize_t got = ::getrandom(bytes.data(), bytes.size(), 0);
    RUSHES_CHECK(got > 0 || errno == EINTR);
    if (got > 0) bytes = bytes.subspan(static_cast<size_t>(got));
  }
}

void SystemEntropy::fill_public(std::span<uint8_t> bytes) {
  thread_local ReadAhead ahead;
  if (bytes.size() > ahead.bytes.size()) return fill(bytes);
  if (bytes.size() > ahead.bytes.size() - ahead.next) {
    fill(ahead.bytes);
    ahead.next = 0;
  }
  std::ranges::copy(std::span(ahead.bytes).subspan(ahead.next, bytes.size()), bytes.begin());
  ahead.next += bytes.size();
}

}  // namespace rushes
