// Accounts of a data directory, for the command line; safe beside a running server, which notices
// within about a second.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "edge/store/store.h"
#include "server/config/config.h"

namespace rushes::app {

Result<std::vector<store::Account>> list_accounts(const config::Config& config);

// What to change; what is not set stays. A list that is set replaces the old one.
struct AccountChange {
  std::optional<std::string> status;       // active, suspended or arrears
  std::optional<std::string> budget;       // units, such as "200" or "0.5"; "none"
  std::optional<std::string> concurrency;  // tasks in work at once; "none"
  std::optional<bool> strict_concurrency;
  std::optional<std::vector<std::string>> networks, models, providers;
};

// The account afterwards; it is made if it is new. kInvalidInput says what is allowed.
Result<store::Account> change_account(const config::Config& config, std::string name,
                                      const AccountChange& change);

}  // namespace rushes::app
