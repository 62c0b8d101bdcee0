// The readings that sloppy clients need, in every dialect alike: each is accepted on purpose and
// nothing else is.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/json/value.h"
#include "core/task/extra.h"

namespace rushes::dialect {

inline constexpr size_t kEchoCharactersMax = 64;  // of a client's value in a message

// A value as a message shows it: cut, texts without quotes.
std::string echo(const json::Value& value);

// Official clients send "" and null for what they do not set: both mean absent.
bool is_absent(const json::Value& value);

// A bool, or "true" and "false" in any case.
std::optional<bool> read_bool(const json::Value& value);
// A finite number or a numeric text.
std::optional<double> read_number(const json::Value& value);
// An integer, an integral float, or a text of digits: 5, 5.0, "5".
std::optional<int> read_integer(const json::Value& value);

// The ways in which clients write that a camera has no config, and that it does not move.
bool is_no_config(const json::Value* config);
bool is_all_zero(const json::Value& config);

// The last pair of that name, as with JSON keys; null if there is none.
const std::string* find_in_query(const std::vector<std::pair<std::string, std::string>>& query,
                                 std::string_view name);

// The members of a create body that are none of the `known` fields of `dialect`, and that may be
// passed on. More than are kept (core/task/extra.h): none.
Extra collect_extra(std::string_view dialect, const json::Object& body,
                    std::span<const std::string_view> known);

// Members of a create body that had no effect, for X-Rushes-Ignored-Fields.
class IgnoredFields {
 public:
  void add(std::string_view name);
  std::vector<std::string> take() { return std::move(names_); }

 private:
  std::vector<std::string> names_;  // bounded: more are dropped from the report only
};

}  // namespace rushes::dialect
