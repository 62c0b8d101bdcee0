#include "server/app/providers.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "edge/platform/files.h"
#include "edge/platform/process.h"
#include "server/app/fake_network.h"

namespace rushes::app {
namespace {

using config::Config;

constexpr std::string_view kPreviz = "previz";
constexpr std::string_view kFake = "fake";
constexpr int kFakeConcurrency = 100;
constexpr size_t kSecretBytesMax = 16 * 1024;

// What the operator reads says where to look.
std::unexpected<Error> refuse_at(std::string_view place, std::string_view name, Error error) {
  const std::string where = fmt::format("{} '{}'", place, name);
  if (!error.user_message.empty()) error.user_message.insert(0, where + ": ");
  return std::unexpected(std::move(error).with_context(where));
}

Result<std::string> read_secret(const std::string& text) {
  if (text.starts_with("env:")) {
    const std::string name = text.substr(4);
    for (const std::string& variable : process::inherited_environment({name})) {
      if (variable.size() > name.size() + 1) return variable.substr(name.size() + 1);
    }
    return fail_user(ErrorCode::kInvalidInput,
                     fmt::format("the environment variable {} is not set", name));
  }
  if (text.starts_with("file:")) {
    TRY(std::string secret, files::read(text.substr(5), kSecretBytesMax));
    while (!secret.empty() && (secret.back() == '\n' || secret.back() == '\r')) secret.pop_back();
    return secret;
  }
  return text;
}

Result<engine::ConfiguredCredential> load_credential(const Config::Credential& given,
                                                     const provider::Adapter& adapter) {
  engine::ConfiguredCredential loaded;
  loaded.concurrency = static_cast<int>(given.concurrency);
  loaded.credential.label = given.label;
  TRY(loaded.credential.api_key, read_secret(given.api_key));
  TRY(loaded.credential.access_key, read_secret(given.access_key));
  TRY(loaded.credential.secret_key, read_secret(given.secret_key));
  TRY_VOID(adapter.check_credential(loaded.credential));
  return loaded;
}

// What the offline twin needs no configuration for: an address and an account.
Result<void> apply_fake(const Config::Provider& given, engine::ConfiguredProvider& loaded) {
  if (is_in_process(given)) {
    TRY(FakeSite site, load_fake_site(given));
    loaded.settings.base_url = std::move(site.origin);
    loaded.settings.volatile_store = true;  // it forgets with this process
  } else if (!given.rules.is_null()) {
    return fail_user(ErrorCode::kInvalidInput,
                     "rules are of no use: only the adapter fake without a base_url has them");
  }
  if (given.adapter == kFake && given.credentials.empty()) {
    engine::ConfiguredCredential anybody;
    anybody.credential.label = "main";
    anybody.concurrency = kFakeConcurrency;
    loaded.credentials.push_back(std::move(anybody));
  }
  return {};
}

Result<engine::ConfiguredProvider> load_provider(const Config::Provider& given,
                                                 const engine::Providers& providers) {
  engine::ConfiguredProvider loaded;
  loaded.adapter = providers.find_adapter(given.adapter);
  if (loaded.adapter == nullptr) {
    std::vector<std::string_view> names;
    for (const provider::Adapter* adapter : providers.adapters) names.push_back(adapter->name());
    return fail_user(ErrorCode::kInvalidInput,
                     fmt::format("adapter value '{}' is invalid: there are {}", given.adapter,
                                 fmt::join(names, ", ")));
  }
  loaded.settings = {.name = given.name,
                     .adapter = given.adapter,
                     .base_url = given.base_url,
                     .path_prefix = given.path_prefix,
                     .family = given.family,
                     .lookup_by_handle = given.lookup_by_handle,
                     .free_to_repeat = given.free_to_repeat,
                     .volatile_store = given.volatile_store};
  TRY_VOID(apply_fake(given, loaded));
  TRY_VOID(loaded.adapter->check_settings(loaded.settings));
  loaded.requests_per_second = given.requests_per_second;
  loaded.poll_interval = Millis{given.poll_interval_ms};
  loaded.request_timeout = Seconds{given.request_timeout_s};
  loaded.overdue_after = Seconds{given.overdue_after_s};
  loaded.ambiguity_limit = Seconds{given.ambiguity_limit_s};
  for (const Config::Credential& credential : given.credentials) {
    auto checked = load_credential(credential, *loaded.adapter);
    if (!checked) {
      return refuse_at("credential", credential.label, std::move(checked).error());
    }
    loaded.credentials.push_back(std::move(*checked));
  }
  const bool is_local = loaded.adapter->capabilities(loaded.settings).local;
  if (!is_local && loaded.credentials.empty()) {
    return fail_user(ErrorCode::kInvalidInput,
                     "it needs a [[provider.credential]] with its api_key, or access_key and "
                     "secret_key");
  }
  return loaded;
}

// With providers but without routes, every model goes to the providers in their order, under its
// own name.
Result<provider::Routes> load_routes(const Config& config, const catalog::Catalog& catalog,
                                     const engine::Providers& providers) {
  std::vector<provider::Maker> makers;
  for (const engine::ConfiguredProvider& one : providers.list) {
    makers.push_back({one.settings, one.adapter});
  }
  std::vector<provider::RouteRule> rules;
  for (const Config::Route& route : config.routes) {
    provider::RouteRule rule{route.model, {}};
    for (const Config::Target& target : route.to) {
      provider::Target made;
      made.provider = target.provider;
      made.model = target.model;
      made.rank = static_cast<int>(target.rank);
      made.weight = static_cast<int>(target.weight);
      rule.targets.push_back(std::move(made));
    }
    rules.push_back(std::move(rule));
  }
  if (rules.empty() && !config.providers.empty()) {
    provider::RouteRule rule{"*", {}};
    for (const Config::Provider& one : config.providers) {
      provider::Target made;
      made.provider = one.name;
      rule.targets.push_back(std::move(made));
    }
    rules.push_back(std::move(rule));
  }
  return provider::Routes::create(catalog, std::move(rules), std::move(makers));
}

}  // namespace

Result<engine::Providers> load_providers(const Config& config, const catalog::Catalog& catalog,
                                         const Adapters& adapters) {
  engine::Providers providers;
  providers.adapters = adapters.all();
  for (const Config::Provider& given : config.providers) {
    auto loaded = load_provider(given, providers);
    if (!loaded) return refuse_at("provider", given.name, std::move(loaded).error());
    providers.list.push_back(std::move(*loaded));
  }
  if (providers.find(kPreviz) == nullptr) {
    engine::ConfiguredProvider built_in;
    built_in.settings.name = built_in.settings.adapter = kPreviz;
    built_in.adapter = &adapters.previz;
    providers.list.push_back(std::move(built_in));
  }
  TRY(providers.routes, load_routes(config, catalog, providers));
  return providers;
}

}  // namespace rushes::app
