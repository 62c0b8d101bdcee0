#include "server/config/config.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <charconv>
#include <functional>
#include <sstream>
#include <variant>
#include <vector>

#include <toml++/toml.h>

#include "base/check.h"
#include "server/config/provider_tables.h"

extern "C" const char rushes_embedded_default_toml_begin[], rushes_embedded_default_toml_end[];

namespace rushes::config {
namespace {

using Text = std::function<std::string&(Config&)>;
using Integer = std::function<int64_t&(Config&)>;
using Real = std::function<double&(Config&)>;
using Flag = std::function<bool&(Config&)>;
using Texts = std::function<std::vector<std::string>&(Config&)>;

struct Range {
  double low = 0, high = 0;
};

// One key of the file: where it lands and what is allowed.
struct Key {
  std::string_view section, name;
  std::variant<Text, Texts, Integer, Real, Flag> field;
  Range range{};                                // numbers
  std::vector<std::string_view> allowed_words;  // texts; empty: any
};

#define TEXT(member) Text([](Config& c) -> std::string& { return c.member; })
#define INTEGER(member) Integer([](Config& c) -> int64_t& { return c.member; })
#define REAL(member) Real([](Config& c) -> double& { return c.member; })
#define FLAG(member) Flag([](Config& c) -> bool& { return c.member; })
#define TEXTS(member) Texts([](Config& c) -> std::vector<std::string>& { return c.member; })

const std::vector<Key>& keys() {
  static const std::vector<Key> table = {
      {"server", "listen", TEXT(server.listen)},
      {"server", "data_dir", TEXT(server.data_dir)},
      {"server", "public_base_url", TEXT(server.public_base_url)},
      {"server", "role", TEXT(server.role), {}, {"all", "api", "worker"}},
      {"server", "threads", INTEGER(server.threads), {0, 256}},
      {"server", "development", FLAG(server.development)},
      {"server.tls", "certificate", TEXT(server.tls_certificate)},
      {"server.tls", "key", TEXT(server.tls_key)},
      {"limits", "header_bytes", INTEGER(limits.header_bytes), {1024, 1 << 20}},
      {"limits", "body_bytes", INTEGER(limits.body_bytes), {1024, 64 << 20}},
      {"limits", "connections", INTEGER(limits.connections), {1, 1'000'000}},
      {"limits", "idle_timeout_s", INTEGER(limits.idle_timeout_s), {1, 3600}},
      {"limits", "header_timeout_s", INTEGER(limits.header_timeout_s), {1, 3600}},
      {"limits", "body_timeout_s", INTEGER(limits.body_timeout_s), {1, 3600}},
      {"limits", "write_timeout_s", INTEGER(limits.write_timeout_s), {1, 3600}},
      {"limits", "requests_per_second", INTEGER(limits.requests_per_second), {0, 1'000'000}},
      {"limits", "shutdown_grace_s", INTEGER(limits.shutdown_grace_s), {0, 3600}},
      {"engine", "children", INTEGER(engine.children), {1, 64}},
      {"engine", "threads_per_child", INTEGER(engine.threads_per_child), {0, 256}},
      {"engine", "memory_mb", INTEGER(engine.memory_mb), {256, 1 << 20}},
      {"engine", "seconds_per_frame", INTEGER(engine.seconds_per_frame), {1, 3600}},
      {"engine", "attempts", INTEGER(engine.attempts), {1, 100}},
      {"engine", "queue_per_account", INTEGER(engine.queue_per_account), {1, 10'000'000}},
      {"engine", "lease_s", INTEGER(engine.lease_s), {5, 3600}},
      {"results", "retention_days", INTEGER(results.retention_days), {1, 36'500}},
      {"previz", "scale", REAL(previz.scale), {0.1, 1.0}},
      {"catalog", "directory", TEXT(catalog.directory)},
      {"log", "level", TEXT(log.level), {}, {"debug", "info", "warn", "error"}},
      {"egress", "allow", TEXTS(egress.allow)},
      {"egress", "proxy", TEXT(egress.proxy)},
      {"egress", "ca_file", TEXT(egress.ca_file)},
      {"upstream", "horizon_s", INTEGER(upstream.horizon_s), {60, 30 * 86'400}},
      {"upstream", "result_mb", INTEGER(upstream.result_mb), {1, 1 << 20}},
      {"upstream", "handle_prefix", TEXT(upstream.handle_prefix)},
  };
  return table;
}

#undef TEXT
#undef TEXTS
#undef INTEGER
#undef REAL
#undef FLAG

std::string full_name(const Key& key) { return fmt::format("{}.{}", key.section, key.name); }

Result<void> check_range(const Key& key, double value) {
  if (value >= key.range.low && value <= key.range.high) return {};
  return fail_user(ErrorCode::kInvalidInput,
                   fmt::format("{} is {}: allowed is {} to {}", full_name(key), value,
                               key.range.low, key.range.high));
}

Result<void> check_key(const Key& key, Config& config) {
  if (const auto* text = std::get_if<Text>(&key.field)) {
    const std::string& given = (*text)(config);
    if (key.allowed_words.empty()) return {};
    for (const std::string_view word : key.allowed_words) {
      if (word == given) return {};
    }
    return fail_user(ErrorCode::kInvalidInput,
                     fmt::format("{} is '{}': allowed is {}", full_name(key), given,
                                 fmt::join(key.allowed_words, ", ")));
  }
  if (const auto* integer = std::get_if<Integer>(&key.field)) {
    return check_range(key, static_cast<double>((*integer)(config)));
  }
  const auto* real = std::get_if<Real>(&key.field);
  return real ? check_range(key, (*real)(config)) : Result<void>();
}

struct KindMismatch {
  std::string_view expected;
};

std::optional<KindMismatch> assign(const Key& key, const toml::node& node, Config& config) {
  if (const auto* text = std::get_if<Text>(&key.field)) {
    const auto value = node.value_exact<std::string>();
    if (!value) return KindMismatch{"a text in quotes"};
    (*text)(config) = *value;
  } else if (const auto* texts = std::get_if<Texts>(&key.field)) {
    const toml::array* list = node.as_array();
    if (!list || (!list->empty() && !list->is_homogeneous<std::string>())) {
      return KindMismatch{"a list of texts in quotes"};
    }
    (*texts)(config).clear();
    for (const toml::node& one : *list) (*texts)(config).push_back(one.ref<std::string>());
  } else if (const auto* integer = std::get_if<Integer>(&key.field)) {
    const auto value = node.value_exact<int64_t>();
    if (!value) return KindMismatch{"a whole number"};
    (*integer)(config) = *value;
  } else if (const auto* flag = std::get_if<Flag>(&key.field)) {
    const auto value = node.value_exact<bool>();
    if (!value) return KindMismatch{"true or false"};
    (*flag)(config) = *value;
  } else {
    const auto value = node.value<double>();
    if (!value || node.is_boolean()) return KindMismatch{"a number"};
    std::get<Real>(key.field)(config) = *value;
  }
  return std::nullopt;
}

Result<void> apply_table(const toml::table& table, const std::string& section,
                         std::string_view origin, Config& config) {
  for (const auto& [name, node] : table) {
    const std::string path =
        section.empty() ? std::string(name.str()) : fmt::format("{}.{}", section, name.str());
    const auto where = fmt::format("{}:{}", origin, node.source().begin.line);
    if (const auto* nested = node.as_table()) {
      const bool known = std::any_of(keys().begin(), keys().end(), [&](const Key& key) {
        return key.section == path || key.section.starts_with(path + ".");
      });
      if (!known) {
        return fail_user(ErrorCode::kInvalidInput,
                         fmt::format("{}: unknown section [{}]", where, path));
      }
      TRY_VOID(apply_table(*nested, path, origin, config));
      continue;
    }
    const auto key = std::find_if(keys().begin(), keys().end(),
                                  [&](const Key& k) { return full_name(k) == path; });
    if (key == keys().end()) {
      return fail_user(
          ErrorCode::kInvalidInput,
          fmt::format("{}: unknown key '{}' (rushes config lists every key)", where, path));
    }
    if (const auto mismatch = assign(*key, node, config)) {
      return fail_user(ErrorCode::kInvalidInput,
                       fmt::format("{}: '{}' must be {}", where, path, mismatch->expected));
    }
    if (auto checked = check_key(*key, config); !checked) {
      return fail_user(ErrorCode::kInvalidInput,
                       fmt::format("{}: {}", where, checked.error().message));
    }
  }
  return {};
}

Result<void> overlay(std::string_view text, std::string_view origin, Config& config) {
  toml::table table;
  try {  // Debian's build of toml++ reports by exception; none leaves this function.
    table = toml::parse(text, origin);
  } catch (const toml::parse_error& error) {
    return fail_user(ErrorCode::kInvalidInput,
                     fmt::format("{}:{}: not valid TOML: {}", origin, error.source().begin.line,
                                 error.description()));
  }
  // Lists of tables are read apart: they have no defaults to overlay.
  TRY_VOID(read_providers(table, origin, config));
  TRY_VOID(read_routes(table, origin, config));
  table.erase("provider");
  table.erase("route");
  return apply_table(table, "", origin, config);
}

}  // namespace

std::string_view default_text() {
  return {rushes_embedded_default_toml_begin, rushes_embedded_default_toml_end};
}

Config defaults() {
  Config config;
  const auto read = overlay(default_text(), "rushes.default.toml", config);
  RUSHES_CHECK(read.has_value());
  return config;
}

Result<Config> parse(std::string_view text, std::string_view origin) {
  Config config = defaults();
  TRY_VOID(overlay(text, origin, config));
  TRY_VOID(validate(config));
  return config;
}

Result<void> validate(const Config& config) {
  Config copy = config;
  for (const Key& key : keys()) TRY_VOID(check_key(key, copy));
  TRY_VOID(parse_host_port(config.server.listen));
  if (config.server.tls_certificate.empty() != config.server.tls_key.empty()) {
    return fail_user(ErrorCode::kInvalidInput,
                     "server.tls needs both 'certificate' and 'key', or neither");
  }
  const std::string_view url = config.server.public_base_url;
  if (!url.empty() && !url.starts_with("http://") && !url.starts_with("https://")) {
    return fail_user(ErrorCode::kInvalidInput,
                     fmt::format("server.public_base_url is '{}': it must begin with http:// or "
                                 "https://",
                                 url));
  }
  if (url.find_first_of("?#") != std::string_view::npos) {
    return fail_user(ErrorCode::kInvalidInput,
                     fmt::format("server.public_base_url is '{}': paths are put behind it, so it "
                                 "takes no '?' and no '#'",
                                 url));
  }
  constexpr std::string_view kOfAHandle =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-";
  const std::string& prefix = config.upstream.handle_prefix;
  if (prefix.size() > 64 || prefix.find_first_not_of(kOfAHandle) != std::string::npos) {
    return fail_user(ErrorCode::kInvalidInput,
                     fmt::format("upstream.handle_prefix is '{}': allowed are up to 64 of A-Z a-z "
                                 "0-9 . _ -",
                                 prefix));
  }
  return check_providers(config);
}

json::Value to_json(const Config& config) {
  Config copy = config;
  json::Object sections;
  for (const Key& key : keys()) {
    if (sections.empty() || sections.back().first != key.section) {
      sections.emplace_back(key.section, json::Object{});
    }
    json::Value value;
    if (const auto* text = std::get_if<Text>(&key.field)) value = (*text)(copy);
    if (const auto* texts = std::get_if<Texts>(&key.field)) {
      json::Array list;
      for (const std::string& text : (*texts)(copy)) list.emplace_back(text);
      value = std::move(list);
    }
    if (const auto* integer = std::get_if<Integer>(&key.field)) value = (*integer)(copy);
    if (const auto* real = std::get_if<Real>(&key.field)) value = (*real)(copy);
    if (const auto* flag = std::get_if<Flag>(&key.field)) value = (*flag)(copy);
    sections.back().second.as_object()->emplace_back(key.name, std::move(value));
  }
  sections.emplace_back("provider", providers_to_json(config));
  sections.emplace_back("route", routes_to_json(config));
  return sections;
}

Result<HostPort> parse_host_port(std::string_view text) {
  const auto refuse = [&] {
    return fail_user(ErrorCode::kInvalidInput,
                     fmt::format("listen address '{}' is invalid: give HOST:PORT, such as "
                                 "127.0.0.1:8080 or [::1]:0",
                                 text));
  };
  const size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) return refuse();
  std::string_view host = text.substr(0, colon);
  const std::string_view digits = text.substr(colon + 1);
  HostPort out;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), out.port);
  if (digits.empty() || error != std::errc{} || end != digits.data() + digits.size()) {
    return refuse();
  }
  if (host.starts_with('[') && host.ends_with(']')) {
    host = host.substr(1, host.size() - 2);
  } else if (host.find(':') != std::string_view::npos) {
    return refuse();
  }
  if (host.empty()) return refuse();
  out.host = host;
  return out;
}

bool is_loopback(std::string_view host) {
  return host == "localhost" || host == "::1" || host.starts_with("127.");
}

}  // namespace rushes::config
