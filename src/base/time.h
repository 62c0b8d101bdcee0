// Points in time as values. Nothing here reads a clock: clocks live in edge/platform/clock.h.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace rushes {

using Millis = std::chrono::milliseconds;
using Seconds = std::chrono::seconds;

// Wall-clock time, UTC, to the millisecond: what the API shows and the store keeps.
using Timestamp = std::chrono::sys_time<Millis>;

constexpr int64_t to_unix_ms(Timestamp at) { return at.time_since_epoch().count(); }
constexpr Timestamp from_unix_ms(int64_t ms) { return Timestamp{Millis{ms}}; }
constexpr int64_t to_unix_s(Timestamp at) {
  return std::chrono::floor<Seconds>(at).time_since_epoch().count();
}

// "2026-01-31T12:34:56.789Z"
std::string to_iso8601(Timestamp at);

}  // namespace rushes
