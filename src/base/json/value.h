// JSON as a value: strict parsing of foreign text into a tree, and the canonical text of a tree.
//
// Parsing is RFC 8259 to the letter: UTF-8 only, no lone surrogates, no trailing bytes, no NaN, at
// most kDepthMax levels. Numbers that no type holds become the nearest double. Where an object
// repeats a key the last one wins.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/result.h"

namespace rushes::json {

inline constexpr int kDepthMax = 64;

class Value;
using Array = std::vector<Value>;
using Member = std::pair<std::string, Value>;
// In the order of the text; keys are unique.
using Object = std::vector<Member>;

class Value {
 public:
  Value() = default;  // null
  Value(std::nullptr_t) {}
  Value(bool value) : data_(value) {}
  Value(int value) : data_(int64_t{value}) {}
  Value(int64_t value) : data_(value) {}
  Value(double value) : data_(value) {}
  Value(const char* value) : data_(std::string(value)) {}
  Value(std::string_view value) : data_(std::string(value)) {}
  Value(std::string value) : data_(std::move(value)) {}
  Value(Array value) : data_(std::move(value)) {}
  Value(Object value) : data_(std::move(value)) {}

  bool is_null() const { return std::holds_alternative<std::monostate>(data_); }
  bool is_number() const { return as_double().has_value(); }

  std::optional<bool> as_bool() const;
  // A number without a fraction that fits, however it was written (5, 5.0, 5e0).
  std::optional<int64_t> as_int() const;
  std::optional<double> as_double() const;
  const std::string* as_string() const { return std::get_if<std::string>(&data_); }
  const Array* as_array() const { return std::get_if<Array>(&data_); }
  const Object* as_object() const { return std::get_if<Object>(&data_); }
  Array* as_array() { return std::get_if<Array>(&data_); }
  Object* as_object() { return std::get_if<Object>(&data_); }

  // The member of an object; null if this is no object or has no such member.
  const Value* find(std::string_view key) const;

  // Reading trusted documents (our own): the value or `fallback` if absent or of another type.
  std::string string_or(std::string_view key, std::string_view fallback) const;
  int64_t int_or(std::string_view key, int64_t fallback) const;
  double double_or(std::string_view key, double fallback) const;
  bool bool_or(std::string_view key, bool fallback) const;

  bool operator==(const Value&) const = default;

 private:
  std::variant<std::monostate, bool, int64_t, double, std::string, Array, Object> data_;
};

// kInvalidInput, with the reason and the byte offset where known, if `text` is not JSON.
Result<Value> parse(std::string_view text);

// Compact text: no spaces, members in their order, shortest round-trip numbers.
std::string to_text(const Value& value);

// Compact text with the members of every object sorted by key: equal values give equal bytes.
std::string to_canonical_text(const Value& value);

}  // namespace rushes::json
