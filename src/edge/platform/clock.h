// Wall clock and randomness as interfaces, handed in by server/app. Everything else asks these;
// tools/tidy refuses direct reads of the real clock elsewhere.
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "base/time.h"

namespace rushes {

// Thread-safe.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual Timestamp now() const = 0;
  // Never goes back; for measuring and for deadlines.
  virtual std::chrono::steady_clock::time_point monotonic() const = 0;
};

// Thread-safe source of unpredictable bytes.
class Entropy {
 public:
  virtual ~Entropy() = default;
  virtual void fill(std::span<uint8_t> bytes) = 0;

  uint64_t next_u64();
  std::string bytes(size_t count);
  std::string uuid_v4();
};

// The operating system's; they have no state.
class SystemClock final : public Clock {
 public:
  Timestamp now() const override;
  std::chrono::steady_clock::time_point monotonic() const override;
};

class SystemEntropy final : public Entropy {
 public:
  void fill(std::span<uint8_t> bytes) override;  // getrandom(2), read ahead for small pieces
};

}  // namespace rushes
