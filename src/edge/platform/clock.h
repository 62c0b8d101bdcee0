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
  // For what everybody may see, as ids are: may be read ahead.
  virtual void fill_public(std::span<uint8_t> bytes) { fill(bytes); }

  std::string bytes(size_t count);  // by fill: keys, nonces
  uint64_t next_u64();              // these two by fill_public
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
  void fill(std::span<uint8_t> bytes) override;  // getrandom(2)
  void fill_public(std::span<uint8_t> bytes) override;
};

}  // namespace rushes
