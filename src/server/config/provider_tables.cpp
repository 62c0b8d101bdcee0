#include "server/config/provider_tables.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <variant>

namespace rushes::config {
namespace {

// A member of a table by its name, of one of these types; numbers have a range.
template <class T>
struct Field {
  std::string_view name;
  std::variant<std::string T::*, int64_t T::*, double T::*, bool T::*> member;
  double low = 0, high = 0;
};

using Provider = Config::Provider;
const std::array kProviderFields = std::to_array<Field<Provider>>({
    {"name", &Provider::name},
    {"adapter", &Provider::adapter},
    {"base_url", &Provider::base_url},
    {"path_prefix", &Provider::path_prefix},
    {"family", &Provider::family},
    {"lookup_by_handle", &Provider::lookup_by_handle},
    {"free_to_repeat", &Provider::free_to_repeat},
    {"volatile_store", &Provider::volatile_store},
    {"requests_per_second", &Provider::requests_per_second, 0, 100'000},
    {"poll_interval_ms", &Provider::poll_interval_ms, 100, 3'600'000},
    {"request_timeout_s", &Provider::request_timeout_s, 1, 600},
    {"overdue_after_s", &Provider::overdue_after_s, 1, 30 * 86'400},
    {"ambiguity_limit_s", &Provider::ambiguity_limit_s, 1, 30 * 86'400},
});

using Credential = Config::Credential;
const std::array kCredentialFields = std::to_array<Field<Credential>>({
    {"label", &Credential::label},
    {"api_key", &Credential::api_key},
    {"access_key", &Credential::access_key},
    {"secret_key", &Credential::secret_key},
    {"concurrency", &Credential::concurrency, 1, 100'000},
});

using Target = Config::Target;
const std::array kTargetFields = std::to_array<Field<Target>>({
    {"provider", &Target::provider},
    {"model", &Target::model},
    {"rank", &Target::rank, 0, 1'000},
    {"weight", &Target::weight, 1, 1'000'000},
});

// Where a message points to.
struct Place {
  std::string_view origin, table;

  std::unexpected<Error> refuse(const toml::node& node, std::string what) const {
    return fail_user(ErrorCode::kInvalidInput,
                     fmt::format("{}:{}: {}: {}", origin, node.source().begin.line, table, what));
  }
};

template <class T>
Result<void> assign(const Field<T>& field, const toml::node& node, const Place& place, T& out) {
  const auto mismatch = [&](std::string_view expected) {
    return place.refuse(node, fmt::format("'{}' must be {}", field.name, expected));
  };
  const auto check = [&](double value) -> Result<void> {
    if (value >= field.low && value <= field.high) return {};
    return place.refuse(node, fmt::format("'{}' is {}: allowed is {} to {}", field.name, value,
                                          field.low, field.high));
  };
  if (const auto* text = std::get_if<std::string T::*>(&field.member)) {
    const auto value = node.value_exact<std::string>();
    if (!value) return mismatch("a text in quotes");
    out.** text = *value;
    return {};
  }
  if (const auto* integer = std::get_if<int64_t T::*>(&field.member)) {
    const auto value = node.value_exact<int64_t>();
    if (!value) return mismatch("a whole number");
    out.** integer = *value;
    return check(static_cast<double>(*value));
  }
  if (const auto* real = std::get_if<double T::*>(&field.member)) {
    const auto value = node.value<double>();
    if (!value || node.is_boolean()) return mismatch("a number");
    out.** real = *value;
    return check(*value);
  }
  const auto value = node.value_exact<bool>();
  if (!value) return mismatch("true or false");
  out.*std::get<bool T::*>(field.member) = *value;
  return {};
}

// Every key of `table` but those in `others`, which the caller reads.
template <class T, size_t N>
Result<void> read_fields(const toml::table& table, const std::array<Field<T>, N>& fields,
                         const Place& place, std::initializer_list<std::string_view> others,
                         T& out) {
  for (const auto& [key, node] : table) {
    const std::string_view name = key.str();
    if (std::ranges::find(others, name) != others.end()) continue;
    const auto field = std::ranges::find(fields, name, &Field<T>::name);
    if (field == fields.end()) return place.refuse(node, fmt::format("unknown key '{}'", name));
    TRY_VOID(assign(*field, node, place, out));
  }
  return {};
}

json::Value to_json(const toml::node& node) {
  if (const auto* table = node.as_table()) {
    json::Object object;
    for (const auto& [key, value] : *table) {
      object.emplace_back(std::string(key.str()), to_json(value));
    }
    return object;
  }
  if (const auto* list = node.as_array()) {
    json::Array array;
    for (const toml::node& value : *list) array.push_back(to_json(value));
    return array;
  }
  if (const auto text = node.value_exact<std::string>()) return *text;
  if (const auto flag = node.value_exact<bool>()) return *flag;
  if (const auto integer = node.value_exact<int64_t>()) return *integer;
  if (const auto real = node.value<double>()) return *real;
  return nullptr;
}

// The tables of `[[name]]`; null if the file has none.
Result<const toml::array*> tables_of(const toml::table& file, std::string_view name,
                                     const Place& place) {
  const toml::node* node = file.get(name);
  if (node == nullptr) return nullptr;
  const toml::array* list = node->as_array();
  const bool right = list != nullptr && std::ranges::all_of(*list, [](const toml::node& element) {
                       return element.is_table();
                     });
  if (!right) return place.refuse(*node, fmt::format("write it as [[{}]]", name));
  return list;
}

Result<Provider> read_provider(const toml::table& table, const Place& place) {
  Provider provider;
  provider.requests_per_second = 20;
  provider.poll_interval_ms = 5'000;
  provider.request_timeout_s = 30;
  provider.overdue_after_s = provider.ambiguity_limit_s = 3'600;
  TRY_VOID(read_fields(table, kProviderFields, place, {"credential", "rules"}, provider));
  if (provider.name.empty()) return place.refuse(table, "'name' is missing");
  if (provider.adapter.empty()) return place.refuse(table, "'adapter' is missing");
  while (provider.base_url.ends_with('/')) provider.base_url.pop_back();
  if (const toml::node* rules = table.get("rules")) provider.rules = to_json(*rules);
  TRY(const toml::array* credentials,
      (tables_of(table, "credential", {place.origin, "[[provider.credential]]"})));
  if (credentials == nullptr) return provider;
  for (const toml::node& element : *credentials) {
    Credential credential;
    credential.label = "main";
    credential.concurrency = 5;
    TRY_VOID(read_fields(*element.as_table(), kCredentialFields,
                         {place.origin, "[[provider.credential]]"}, {}, credential));
    provider.credentials.push_back(std::move(credential));
  }
  return provider;
}

Result<Config::Route> read_route(const toml::table& table, const Place& place) {
  Config::Route route;
  for (const auto& [key, node] : table) {
    if (key.str() == "model" && node.is_string()) {
      route.model = *node.value_exact<std::string>();
      continue;
    }
    const toml::array* list = node.as_array();
    if (key.str() != "to" || list == nullptr) {
      return place.refuse(node,
                          "a route has 'model', a text, and 'to', a list of "
                          "{ provider = ..., model = ..., weight = ... }");
    }
    for (const toml::node& element : *list) {
      const toml::table* target_table = element.as_table();
      if (target_table == nullptr) return place.refuse(element, "a target is { provider = ... }");
      Target target;
      TRY_VOID(read_fields(*target_table, kTargetFields, place, {}, target));
      if (target.provider.empty()) return place.refuse(element, "a target needs 'provider'");
      route.to.push_back(std::move(target));
    }
  }
  if (route.model.empty()) return place.refuse(table, "'model' is missing");
  if (route.to.empty()) return place.refuse(table, "'to' is missing or empty");
  return route;
}

std::string shown_secret(const std::string& text) {
  const bool reference = text.empty() || text.starts_with("env:") || text.starts_with("file:");
  return reference ? text : "(hidden)";
}

template <class T, size_t N>
json::Object to_json(const std::array<Field<T>, N>& fields, const T& value) {
  json::Object object;
  for (const Field<T>& field : fields) {
    object.emplace_back(
        std::string(field.name),
        std::visit([&](auto member) { return json::Value(value.*member); }, field.member));
  }
  return object;
}

}  // namespace

Result<void> read_providers(const toml::table& file, std::string_view origin, Config& config) {
  const Place place{origin, "[[provider]]"};
  TRY(const toml::array* tables, tables_of(file, "provider", place));
  if (tables == nullptr) return {};
  config.providers.clear();
  for (const toml::node& element : *tables) {
    TRY(Provider provider, read_provider(*element.as_table(), place));
    config.providers.push_back(std::move(provider));
  }
  return {};
}

Result<void> read_routes(const toml::table& file, std::string_view origin, Config& config) {
  const Place place{origin, "[[route]]"};
  TRY(const toml::array* tables, tables_of(file, "route", place));
  if (tables == nullptr) return {};
  config.routes.clear();
  for (const toml::node& element : *tables) {
    TRY(Config::Route route, read_route(*element.as_table(), place));
    config.routes.push_back(std::move(route));
  }
  return {};
}

Result<void> check_providers(const Config& config) {
  for (size_t i = 0; i < config.providers.size(); ++i) {
    const Provider& provider = config.providers[i];
    for (size_t j = 0; j < i; ++j) {
      if (config.providers[j].name == provider.name) {
        return fail_user(ErrorCode::kInvalidInput,
                         fmt::format("two providers are named '{}'", provider.name));
      }
    }
    for (size_t k = 0; k < provider.credentials.size(); ++k) {
      for (size_t l = 0; l < k; ++l) {
        if (provider.credentials[k].label == provider.credentials[l].label) {
          return fail_user(ErrorCode::kInvalidInput,
                           fmt::format("provider '{}': two credentials are labelled '{}'",
                                       provider.name, provider.credentials[k].label));
        }
      }
    }
  }
  for (const Config::Route& route : config.routes) {
    for (const Target& target : route.to) {
      const bool known = target.provider == "previz" ||
                         std::ranges::find(config.providers, target.provider, &Provider::name) !=
                             config.providers.end();
      if (!known) {
        return fail_user(ErrorCode::kInvalidInput,
                         fmt::format("the route of '{}' names provider '{}', which is not there",
                                     route.model, target.provider));
      }
    }
  }
  return {};
}

json::Value providers_to_json(const Config& config) {
  json::Array list;
  for (const Provider& provider : config.providers) {
    json::Object object = to_json(kProviderFields, provider);
    if (!provider.rules.is_null()) object.emplace_back("rules", provider.rules);
    json::Array credentials;
    for (Credential shown : provider.credentials) {
      for (auto secret : {&Credential::api_key, &Credential::access_key, &Credential::secret_key}) {
        shown.*secret = shown_secret(shown.*secret);
      }
      credentials.push_back(to_json(kCredentialFields, shown));
    }
    object.emplace_back("credential", std::move(credentials));
    list.push_back(std::move(object));
  }
  return list;
}

json::Value routes_to_json(const Config& config) {
  json::Array list;
  for (const Config::Route& route : config.routes) {
    json::Array targets;
    for (const Target& target : route.to) targets.push_back(to_json(kTargetFields, target));
    list.push_back(json::Object{{"model", route.model}, {"to", std::move(targets)}});
  }
  return list;
}

}  // namespace rushes::config
