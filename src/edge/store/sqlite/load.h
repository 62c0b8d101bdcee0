// How many unfinished tasks there are, where, and what they cost, kept beside the tables so that
// bounds, budgets and fairness cost no counting.
//
// The writer's thread changes and reads it, takes back what an operation did that failed, and says
// how the group ended. Other threads read what is committed.
#pragma once

#include <map>
#include <mutex>
#include <string>
#include <unordered_map>
#include <vector>

#include "edge/store/sqlite/connection.h"
#include "edge/store/store.h"

namespace rushes::store::sqlite {

struct AccountLimits {
  std::optional<UnitTenths> budget;
  std::optional<int> concurrency;
  bool strict_concurrency = false;
};

class Load {
 public:
  struct Share {
    int64_t unfinished = 0;
    int64_t in_work = 0;
    std::map<std::string, int64_t, std::less<>> in_work_at;  // by provider
    UnitTenths reserved = 0;
    UnitTenths spent = 0;
  };
  struct Place {
    TaskState state = TaskState::kQueued;
    std::string provider;
  };

  Result<void> count(Connection& connection);  // at start-up

  // The writer's thread.
  void add(const Task& task);  // one more, queued
  void move(const AccountId& account, Place from, Place to);
  // It ended: `reserved` is its price_estimate.
  void end(const AccountId& account, Place from, UnitTenths reserved, UnitTenths spent);
  size_t mark() const { return open_.size(); }
  void undo_to(size_t mark);       // what was done since then
  void end_group(bool committed);  // false: nothing since the last end was
  const Share& of(const AccountId& account) const;
  // The limits of an account. Nobody else can change them while a group is open, so each group
  // looks them up once.
  Result<AccountLimits> limits_of(Connection& connection, const AccountId& account);
  void forget_limits() { limits_.clear(); }
  int64_t total() const { return working_.unfinished; }

  // Any thread.
  Share committed(const AccountId& account) const;
  int64_t committed_total() const;
  std::vector<Store::StateCount> by_state() const;

 private:
  struct Step {
    std::string account;
    std::optional<Place> from, to;  // none: not there yet, or ended
    UnitTenths reserved = 0;
    UnitTenths spent = 0;
    int64_t count = 1;
  };
  struct Sums {
    std::unordered_map<std::string, Share> shares;
    std::map<TaskState, int64_t> by_state;
    int64_t unfinished = 0;
    void apply(const Step& step, int64_t sign);
  };
  void take(Step step);

  Sums working_;                                           // the writer's
  std::unordered_map<std::string, AccountLimits> limits_;  // the writer's: of this group
  std::vector<Step> open_;                                 // the writer's: of this group
  mutable std::mutex mutex_;                               // guards committed_
  Sums committed_;
};

}  // namespace rushes::store::sqlite
