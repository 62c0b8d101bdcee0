#include "core/dialect/lenient.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>

#include "base/check.h"
#include "base/utf8.h"
#include "core/wire/message.h"

namespace rushes::dialect {
namespace {

constexpr size_t kIgnoredFieldsMax = 32;
// No create says that much, and each member is compared with every field.
constexpr size_t kBodyMembersMax = 256;

// All of `text` as a number of T; nothing otherwise.
template <class T>
std::optional<T> parse_all(std::string_view text) {
  T number{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (text.empty() || error != std::errc{} || end != text.data() + text.size()) {
    return std::nullopt;
  }
  return number;
}

}  // namespace

std::string echo(const json::Value& value) {
  const std::string text = value.as_string() ? *value.as_string() : json::to_text(value);
  return std::string(truncate_code_points(text, kEchoCharactersMax));
}

bool is_absent(const json::Value& value) {
  return value.is_null() || (value.as_string() && value.as_string()->empty());
}

std::optional<bool> read_bool(const json::Value& value) {
  if (value.as_bool()) return value.as_bool();
  if (!value.as_string()) return std::nullopt;
  if (wire::equal_ignoring_case(*value.as_string(), "true")) return true;
  if (wire::equal_ignoring_case(*value.as_string(), "false")) return false;
  return std::nullopt;
}

std::optional<double> read_number(const json::Value& value) {
  if (!value.as_string()) return value.as_double();
  const auto number = parse_all<double>(*value.as_string());
  return number && std::isfinite(*number) ? number : std::nullopt;
}

std::optional<int> read_integer(const json::Value& value) {
  const std::string* text = value.as_string();
  const std::optional<int64_t> number = text ? parse_all<int64_t>(*text) : value.as_int();
  if (!number || *number < std::numeric_limits<int>::min() ||
      *number > std::numeric_limits<int>::max()) {
    return std::nullopt;
  }
  return static_cast<int>(*number);
}

bool is_no_config(const json::Value* config) {
  return !config || config->is_null() || (config->as_string() && *config->as_string() == "None");
}

bool is_all_zero(const json::Value& config) {
  return config.as_object() && std::ranges::all_of(*config.as_object(), [](const auto& member) {
           return member.second.is_null() || read_number(member.second) == 0.0;
         });
}

const std::string* find_in_query(const std::vector<std::pair<std::string, std::string>>& query,
                                 std::string_view name) {
  const std::string* found = nullptr;
  for (const auto& [key, value] : query) {
    if (key == name) found = &value;
  }
  return found;
}

Extra collect_extra(std::string_view dialect, const json::Object& body,
                    std::span<const std::string_view> known) {
  Extra extra;
  if (body.size() > kBodyMembersMax) return {};
  for (const auto& [name, value] : body) {
    if (is_absent(value) || !may_pass_on(name, {}, known)) continue;
    if (extra.members.size() == kExtraMembersMax) return {};
    extra.members.emplace_back(name, value);
  }
  if (json::to_canonical_text(extra.members).size() > kExtraBytesMax) return {};
  std::erase_if(extra.members, [&](const json::Member& member) {
    return !may_pass_on(member.first, member.second, known);
  });
  if (extra.empty()) return {};
  // As a store reads them again: 5.0 is 5.
  auto stored = json::parse(json::to_text(extra.members));
  RUSHES_CHECK(stored && stored->as_object());
  return {.dialect = std::string(dialect), .members = std::move(*stored->as_object())};
}

void IgnoredFields::add(std::string_view name) {
  if (names_.size() == kIgnoredFieldsMax) return;
  names_.emplace_back(truncate_code_points(name, kEchoCharactersMax));
}

}  // namespace rushes::dialect
