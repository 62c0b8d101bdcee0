// TokenBucket: so many requests a second, with bursts of one second's worth. A value; its owner
// keeps one per account and brings the time.
#pragma once

#include <algorithm>

#include "base/time.h"

namespace rushes::access {

class TokenBucket {
 public:
  // True if one more request may pass at `now`; times must not go back (earlier ones add nothing).
  bool take(Timestamp now, double per_second) {
    if (last_ == Timestamp{}) {
      tokens_ = per_second;
    } else if (now > last_) {
      const double elapsed_s = static_cast<double>((now - last_).count()) / 1000.0;
      tokens_ = std::min(per_second, tokens_ + elapsed_s * per_second);
    }
    last_ = std::max(last_, now);
    if (tokens_ < 1) return false;
    tokens_ -= 1;
    return true;
  }

 private:
  double tokens_ = 0;
  Timestamp last_{};
};

}  // namespace rushes::access
