#include "server/app/accounts.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/json/value.h"
#include "cli/command.h"
#include "cli/session.h"
#include "cli/terminal.h"

namespace rushes::cli {
namespace {

json::Value account_json(const store::Account& account) {
  const store::AccountSettings& settings = account.settings;
  json::Object object{{"id", account.id.value},
                      {"name", account.name},
                      {"created_at", to_iso8601(account.created_at)},
                      {"status", settings.status},
                      {"spent", format_units(account.spent)},
                      {"reserved", format_units(account.reserved)},
                      {"strict_concurrency", settings.strict_concurrency}};
  if (settings.budget) object.emplace_back("budget", format_units(*settings.budget));
  if (settings.concurrency) object.emplace_back("concurrency", *settings.concurrency);
  const auto add_list = [&](std::string_view name, const std::vector<std::string>& list) {
    if (!list.empty()) object.emplace_back(name, json::Array(list.begin(), list.end()));
  };
  add_list("networks", settings.networks);
  add_list("models", settings.models);
  add_list("providers", settings.providers);
  return object;
}

void print_accounts(const std::vector<store::Account>& accounts) {
  std::vector<std::vector<std::string>> rows{
      {"ACCOUNT", "STATUS", "SPENT", "RESERVED", "BUDGET", "CONCURRENCY", "ONLY"}};
  for (const store::Account& account : accounts) {
    const store::AccountSettings& settings = account.settings;
    std::vector<std::string> only = settings.models;
    only.insert(only.end(), settings.providers.begin(), settings.providers.end());
    only.insert(only.end(), settings.networks.begin(), settings.networks.end());
    rows.push_back({account.name, settings.status, format_units(account.spent),
                    format_units(account.reserved),
                    settings.budget ? format_units(*settings.budget) : "-",
                    settings.concurrency ? fmt::format("{}{}", *settings.concurrency,
                                                       settings.strict_concurrency ? " strict" : "")
                                         : "-",
                    fmt::format("{}", fmt::join(only, " "))});
  }
  print_table(rows);
}

int set(const Accounts& options, bool as_json, const config::Config& config) {
  const auto given = [](const std::string& text) {
    return text.empty() ? std::nullopt : std::optional(text);
  };
  app::AccountChange change;
  change.status = given(options.status);
  change.budget = given(options.budget);
  change.concurrency = given(options.concurrency);
  if (!options.strict.empty()) change.strict_concurrency = options.strict == "on";
  change.networks = options.networks;
  change.models = options.models;
  change.providers = options.providers;
  const auto account = app::change_account(config, options.name, change);
  if (!account) return report(account.error());
  if (as_json) {
    fmt::print("{}\n", json::to_text(account_json(*account)));
  } else {
    print_accounts({*account});
  }
  return kDone;
}

}  // namespace

int run(const Accounts& options, const Connection& connection) {
  const auto config = load_config(connection);
  if (!config) return report(config.error());
  if (options.verb == Accounts::Verb::kSet) return set(options, connection.json, *config);
  if (const auto there = require_data(*config); !there) return report(there.error());
  const auto accounts = app::list_accounts(*config);
  if (!accounts) return report(accounts.error());
  if (connection.json) {
    json::Array array;
    for (const store::Account& account : *accounts) array.push_back(account_json(account));
    fmt::print("{}\n", json::to_text(std::move(array)));
  } else {
    print_accounts(*accounts);
  }
  return kDone;
}

}  // namespace rushes::cli
