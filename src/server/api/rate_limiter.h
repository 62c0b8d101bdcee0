// RateLimiter: a token bucket for each account. Shared by every thread.
#pragma once

#include <mutex>
#include <unordered_map>

#include "core/access/rate.h"
#include "core/task/task.h"

namespace rushes::api {

class RateLimiter {
 public:
  explicit RateLimiter(double per_second) : per_second_(per_second) {}

  // True if one more request of `account` may pass.
  bool take(const AccountId& account, Timestamp now) {
    if (per_second_ <= 0) return true;
    const std::lock_guard lock(mutex_);
    // Accounts are few, since a request without a key never gets here; the bound is for safety.
    if (buckets_.size() > kAccountsMax) buckets_.clear();
    return buckets_[account.value].take(now, per_second_);
  }

 private:
  static constexpr size_t kAccountsMax = 100'000;

  const double per_second_;
  std::mutex mutex_;  // guards buckets_
  std::unordered_map<std::string, access::TokenBucket> buckets_;
};

}  // namespace rushes::api
