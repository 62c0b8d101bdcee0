// Accounts as the store keeps them: what an operator allows each, and what it has used.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/task/task.h"

namespace rushes::store {

struct AccountSettings {
  std::string status = "active";       // active | suspended | arrears
  std::optional<UnitTenths> budget;    // in all, since the account exists; empty: none
  std::optional<int> concurrency;      // tasks in work at once; empty: no limit
  bool strict_concurrency = false;     // more is refused instead of queued
  std::vector<std::string> networks;   // CIDRs that its keys may be used from; empty: any
  std::vector<std::string> models;     // empty: all
  std::vector<std::string> providers;  // instead of a route's own, in this order; empty: those
  bool operator==(const AccountSettings&) const = default;
};

struct Account {
  AccountId id;
  std::string name;
  Timestamp created_at{};
  AccountSettings settings;
  UnitTenths spent = 0;                // the sum of its ledger
  UnitTenths reserved = 0;             // the sum of price_estimate of its unfinished tasks
  std::optional<Timestamp> budget_at;  // when the budget was last changed
};

// What callbacks of the account are signed with.
struct WebhookSecret {
  int64_t number = 0;  // grows with each of the store
  std::string sealed;
  Timestamp created_at{};
  std::optional<Timestamp> expires_at;
  bool operator==(const WebhookSecret&) const = default;
};

}  // namespace rushes::store
