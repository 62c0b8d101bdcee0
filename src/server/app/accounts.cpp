#include "server/app/accounts.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "edge/http/egress_guard.h"
#include "edge/platform/blocking.h"
#include "edge/platform/clock.h"
#include "server/app/catalog_files.h"
#include "server/app/guest_store.h"

namespace rushes::app {
namespace {

constexpr std::string_view kNone = "none";
constexpr std::array<std::string_view, 3> kStatuses{"active", "suspended", "arrears"};
constexpr int kConcurrencyMax = 100'000;

std::unexpected<Error> refuse(std::string_view what, std::string_view given,
                              std::string_view allowed) {
  return fail_user(ErrorCode::kInvalidInput,
                   fmt::format("{} '{}' is invalid: {}", what, given, allowed));
}

template <class Number>
std::optional<Number> parse_number(std::string_view text) {
  Number number{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (text.empty() || error != std::errc{} || end != text.data() + text.size()) return {};
  return number;
}

// Units with at most one decimal, as tenths.
std::optional<UnitTenths> parse_units(std::string_view text) {
  const size_t point = text.find('.');
  const auto whole = parse_number<int64_t>(text.substr(0, point));
  if (!whole || *whole < 0 || *whole > 1'000'000'000) return std::nullopt;
  if (point == text.npos) return *whole * 10;
  const std::string_view decimals = text.substr(point + 1);
  if (decimals.size() != 1 || decimals[0] < '0' || decimals[0] > '9') return std::nullopt;
  return *whole * 10 + (decimals[0] - '0');
}

Result<void> apply_limits(const AccountChange& change, store::AccountSettings& settings) {
  if (change.status) {
    if (std::ranges::find(kStatuses, *change.status) == kStatuses.end()) {
      return refuse("status", *change.status, "active, suspended or arrears");
    }
    settings.status = *change.status;
  }
  if (change.budget) {
    settings.budget = parse_units(*change.budget);
    if (!settings.budget && *change.budget != kNone) {
      return refuse("budget", *change.budget, "units such as 200 or 0.5, or none");
    }
  }
  if (change.concurrency) {
    settings.concurrency = parse_number<int>(*change.concurrency);
    const bool in_range = settings.concurrency && *settings.concurrency >= 1 &&
                          *settings.concurrency <= kConcurrencyMax;
    if (!in_range && *change.concurrency != kNone) {
      return refuse("concurrency", *change.concurrency, "1 to 100000, or none");
    }
  }
  if (change.strict_concurrency) settings.strict_concurrency = *change.strict_concurrency;
  return {};
}

Result<void> apply_lists(const config::Config& config, const AccountChange& change,
                         store::AccountSettings& settings) {
  if (change.networks) {
    for (const std::string& network : *change.networks) TRY_VOID(http::Network::parse(network));
    settings.networks = *change.networks;
  }
  if (change.models) {
    TRY(const catalog::Catalog catalog, load_catalog(config));
    for (const std::string& model : *change.models) {
      if (catalog.find_model(model) == nullptr) {
        return refuse("model", model, "`rushes models` lists them");
      }
    }
    settings.models = *change.models;
  }
  if (change.providers) {
    for (const std::string& provider : *change.providers) {
      const bool known =
          provider == "previz" ||
          std::ranges::find(config.providers, provider, &config::Config::Provider::name) !=
              config.providers.end();
      if (!known) return refuse("provider", provider, "name a [[provider]] of the configuration");
    }
    settings.providers = *change.providers;
  }
  return {};
}

}  // namespace

Result<std::vector<store::Account>> list_accounts(const config::Config& config) {
  TRY(auto store, open_guest_store(config));
  return run_to_end(store->list_accounts());
}

Result<store::Account> change_account(const config::Config& config, std::string name,
                                      const AccountChange& change) {
  TRY(auto store, open_guest_store(config));
  store::AccountSettings judged;  // before anything is made
  TRY_VOID(apply_limits(change, judged));
  TRY_VOID(apply_lists(config, change, judged));
  const Timestamp now = SystemClock().now();
  TRY(store::Account account, run_to_end(store->ensure_account(std::move(name), now)));
  TRY_VOID(apply_limits(change, account.settings));
  TRY_VOID(apply_lists(config, change, account.settings));
  TRY(const bool changed, run_to_end(store->update_account(account.id, account.settings, now)));
  if (!changed) return fail(ErrorCode::kInternal, "the account vanished");
  TRY(auto found, run_to_end(store->find_account(account.id)));
  return found ? *std::move(found) : std::move(account);
}

}  // namespace rushes::app
