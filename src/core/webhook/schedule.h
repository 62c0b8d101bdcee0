// Schedule: what follows from one try of a delivery. The suggested times of Standard
// Webhooks 1.0.0: at once, then 5 s, 5 min, 30 min, 2 h, 5 h, 10 h, 14 h, 20 h and 24 h after the
// one before.
//
// Pure; any thread.
#pragma once

#include <optional>
#include <string_view>

#include "base/time.h"

namespace rushes::webhook {

// After that many failed tries a delivery is exhausted.
inline constexpr int kTriesMax = 10;
// A receiver that asks for more patience than this is asked again after this.
inline constexpr Seconds kRetryAfterMax{24 * 3600};
// Both ways, so that what failed together does not come back together.
inline constexpr double kJitter = 0.1;

// How one try ended.
struct TryOutcome {
  int status = 0;  // 0: no reply
  std::optional<Seconds> retry_after;
};

struct Judgement {
  enum class Kind {
    kDelivered,  // 2xx
    kGone,       // 410: the receiver wants no more of it
    kAgain,      // everything else, redirects too, as long as the schedule lasts
    kExhausted,
  };
  Kind kind = Kind::kAgain;
  Millis delay{0};  // for kAgain: until the next try
};

// `number` is that of the try, from 1; `tries_max` <= kTriesMax. `chance` in [0, 1) is where in the
// jitter the next try falls. Retry-After moves it later, never earlier.
Judgement judge(const TryOutcome& outcome, int number, double chance, int tries_max = kTriesMax);

// RFC 9110 section 10.2.3: seconds, or a date in its preferred form ("Sun, 06 Nov 1994 08:49:37
// GMT"), which is taken relative to `now`; one that has passed is 0. Nothing if malformed. Longer
// than kRetryAfterMax is cut to it.
std::optional<Seconds> parse_retry_after(std::string_view text, Timestamp now);

}  // namespace rushes::webhook
