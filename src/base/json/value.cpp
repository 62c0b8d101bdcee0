#include "base/json/value.h"

#include <fmt/format.h>
#include <simdjson.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <numeric>

#include "base/json/writer.h"
#include "base/utf8.h"

namespace rushes::json {
namespace {

namespace dom = simdjson::dom;

constexpr size_t kFewMembers = 16;  // up to here comparing each with each beats sorting

bool is_small_without_duplicates(const Object& object) {
  if (object.size() > kFewMembers) return false;
  for (auto member = object.begin(); member != object.end(); ++member) {
    const auto same = [&](const Member& other) { return other.first == member->first; };
    if (std::any_of(object.begin(), member, same)) return false;
  }
  return true;
}

// Of members with the same key only the last stays. Sorted, so that a hostile object of many keys
// costs n log n.
void merge_duplicates(Object& object) {
  if (is_small_without_duplicates(object)) return;
  std::vector<size_t> order(object.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](size_t a, size_t b) { return object[a].first < object[b].first; });
  std::vector<bool> overridden(object.size(), false);
  bool any = false;
  for (size_t i = 0; i + 1 < order.size(); ++i) {
    const bool same = object[order[i]].first == object[order[i + 1]].first;
    overridden[order[i]] = same;
    any = any || same;
  }
  if (!any) return;
  Object unique;
  for (size_t i = 0; i < object.size(); ++i) {
    if (!overridden[i]) unique.push_back(std::move(object[i]));
  }
  object = std::move(unique);
}

// simdjson accepts a lone low surrogate escape and emits it as three invalid bytes.
Result<std::string> checked_string(std::string_view text) {
  if (!is_valid_utf8(text)) return fail(ErrorCode::kInvalidInput, "a string has a lone surrogate");
  return std::string(text);
}

// Recursion is bounded by kDepthMax, which the parser enforced before this runs.
Result<Value> convert(const dom::element& element) {
  switch (element.type()) {
    case dom::element_type::ARRAY: {
      Array array;
      array.reserve(dom::array(element).size());
      for (const dom::element item : dom::array(element)) {
        TRY(array.emplace_back(), convert(item));
      }
      return Value(std::move(array));
    }
    case dom::element_type::OBJECT: {
      Object object;
      object.reserve(dom::object(element).size());
      for (const dom::key_value_pair member : dom::object(element)) {
        TRY(std::string key, checked_string(member.key));
        TRY(Value value, convert(member.value));
        object.emplace_back(std::move(key), std::move(value));
      }
      merge_duplicates(object);
      return Value(std::move(object));
    }
    case dom::element_type::STRING: {
      TRY(std::string text, checked_string(std::string_view(element)));
      return Value(std::move(text));
    }
    case dom::element_type::INT64: return Value(int64_t(element));
    case dom::element_type::UINT64: return Value(static_cast<double>(uint64_t(element)));
    case dom::element_type::DOUBLE: return Value(double(element));
    case dom::element_type::BOOL: return Value(bool(element));
    case dom::element_type::NULL_VALUE: return Value();
  }
  return Value();
}

void write_value(Writer& out, const Value& value, bool sorted) {
  if (const auto* array = value.as_array()) {
    out.begin_array();
    for (const Value& item : *array) write_value(out, item, sorted);
    out.end_array();
  } else if (const auto* object = value.as_object()) {
    std::vector<const Member*> members;
    for (const Member& member : *object) members.push_back(&member);
    if (sorted) {
      std::sort(members.begin(), members.end(),
                [](const Member* a, const Member* b) { return a->first < b->first; });
    }
    out.begin_object();
    for (const Member* member : members) {
      out.key(member->first);
      write_value(out, member->second, sorted);
    }
    out.end_object();
  } else if (const auto* text = value.as_string()) {
    out.value(*text);
  } else if (const auto boolean = value.as_bool()) {
    out.value(*boolean);
  } else if (const auto integer = value.as_int()) {
    out.value(*integer);
  } else if (const auto number = value.as_double()) {
    out.value(*number);
  } else {
    out.null();
  }
}

// The length of the number at the start of `text` by the grammar of RFC 8259; 0 if there is none.
size_t number_size(std::string_view text) {
  size_t at = text.starts_with('-') ? 1 : 0;
  const auto digits = [&] {
    const size_t first = at;
    while (at < text.size() && text[at] >= '0' && text[at] <= '9') ++at;
    return at - first;
  };
  const bool leading_zero = text.substr(at).starts_with('0');
  const size_t integer_digits = digits();
  if (integer_digits == 0 || (leading_zero && integer_digits > 1)) return 0;
  if (text.substr(at).starts_with('.')) {
    ++at;
    if (digits() == 0) return 0;
  }
  if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
    ++at;
    if (at < text.size() && (text[at] == '+' || text[at] == '-')) ++at;
    if (digits() == 0) return 0;
  }
  return at;
}

// The nearest finite double, spelled so that the parser takes it for one.
std::string nearest_double(const std::string& number) {
  constexpr double kMax = std::numeric_limits<double>::max();
  return fmt::format("{:.17e}", std::clamp(std::strtod(number.c_str(), nullptr), -kMax, kMax));
}

bool fits_an_integer(std::string_view number) {
  int64_t integer = 0;
  uint64_t positive = 0;
  const char* end = number.data() + number.size();
  const auto fits = [end](std::from_chars_result read) {
    return read.ec == std::errc{} && read.ptr == end;
  };
  return fits(std::from_chars(number.data(), end, integer)) ||
         fits(std::from_chars(number.data(), end, positive));
}

// simdjson refuses numbers that its types cannot hold. The text with these replaced; all else,
// malformed numbers among it, stays as it is.
std::string with_numbers_that_fit(std::string_view text) {
  std::string out;
  size_t at = 0;
  while (at < text.size()) {
    if (text[at] == '"') {
      size_t end = at + 1;
      while (end < text.size() && text[end] != '"') end += text[end] == '\\' ? 2 : 1;
      end = std::min(end + 1, text.size());
      out.append(text.substr(at, end - at));
      at = end;
      continue;
    }
    const size_t size = number_size(text.substr(at));
    // What starts no number is passed over digits and all, or many digits would be read many times.
    const size_t digits_end = std::min(text.find_first_not_of("0123456789", at), text.size());
    const size_t skipped = std::max<size_t>(digits_end - at, 1);
    const std::string_view token = text.substr(at, size > 0 ? size : skipped);
    if (size == 0 || fits_an_integer(token)) {
      out.append(token);
    } else {
      out.append(nearest_double(std::string(token)));
    }
    at += token.size();
  }
  return out;
}

std::string to_text(const Value& value, bool sorted) {
  std::string text;
  Writer writer(text);
  write_value(writer, value, sorted);
  return text;
}

}  // namespace

std::optional<bool> Value::as_bool() const {
  if (const auto* value = std::get_if<bool>(&data_)) return *value;
  return std::nullopt;
}

std::optional<int64_t> Value::as_int() const {
  if (const auto* value = std::get_if<int64_t>(&data_)) return *value;
  if (const auto* value = std::get_if<double>(&data_)) {
    constexpr double kExactMax = 9007199254740992.0;  // 2^53
    if (std::abs(*value) <= kExactMax && std::trunc(*value) == *value) {
      return static_cast<int64_t>(*value);
    }
  }
  return std::nullopt;
}

std::optional<double> Value::as_double() const {
  if (const auto* value = std::get_if<double>(&data_)) return *value;
  if (const auto* value = std::get_if<int64_t>(&data_)) return static_cast<double>(*value);
  return std::nullopt;
}

const Value* Value::find(std::string_view key) const {
  if (const auto* object = as_object()) {
    for (const Member& member : *object) {
      if (member.first == key) return &member.second;
    }
  }
  return nullptr;
}

std::string Value::string_or(std::string_view key, std::string_view fallback) const {
  const Value* member = find(key);
  const std::string* text = member ? member->as_string() : nullptr;
  return text ? *text : std::string(fallback);
}

int64_t Value::int_or(std::string_view key, int64_t fallback) const {
  const Value* member = find(key);
  return member ? member->as_int().value_or(fallback) : fallback;
}

double Value::double_or(std::string_view key, double fallback) const {
  const Value* member = find(key);
  return member ? member->as_double().value_or(fallback) : fallback;
}

bool Value::bool_or(std::string_view key, bool fallback) const {
  const Value* member = find(key);
  return member ? member->as_bool().value_or(fallback) : fallback;
}

Result<Value> parse(std::string_view text) {
  // One parser per thread: it keeps its buffers, so a small document allocates nothing here.
  thread_local dom::parser parser;
  if (parser.max_depth() != kDepthMax) {
    if (parser.allocate(4096, kDepthMax)) return fail(ErrorCode::kInternal, "out of memory");
  }
  dom::element root;
  auto error = parser.parse(text.data(), text.size()).get(root);
  if (error == simdjson::NUMBER_ERROR) {
    const std::string fitting = with_numbers_that_fit(text);
    error = parser.parse(fitting).get(root);
  }
  if (error) {
    return fail(ErrorCode::kInvalidInput,
                std::string("not valid JSON: ") + simdjson::error_message(error));
  }
  return convert(root);
}

std::string to_text(const Value& value) { return to_text(value, false); }
std::string to_canonical_text(const Value& value) { return to_text(value, true); }

}  // namespace rushes::json
