#include "core/catalog/document.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/utf8.h"

namespace rushes::catalog {
namespace {

constexpr size_t kEchoCharactersMax = 64;

const json::Value kNothing;

std::string escape_pointer(std::string_view step) {
  std::string out;
  for (const char c : step) {
    if (c == '~') {
      out += "~0";
    } else if (c == '/') {
      out += "~1";
    } else {
      out += c;
    }
  }
  return out;
}

}  // namespace

Cursor::Cursor(const Cursor& parent, std::string_view step, const json::Value& value)
    : problem_(parent.problem_),
      document_(parent.document_),
      pointer_(parent.pointer_ + "/" + escape_pointer(step)),
      value_(&value) {}

Cursor Cursor::at(std::string_view member) const {
  if (auto found = find(member)) return *found;
  if (value_->as_object() && !problem_) {
    problem_ = fmt::format("{}: {}/{} is required", document_, pointer_, escape_pointer(member));
  }
  return Cursor(*this, member, kNothing);
}

std::optional<Cursor> Cursor::find(std::string_view member) const {
  if (!value_->as_object()) {
    refuse("an object");
    return std::nullopt;
  }
  if (const json::Value* value = value_->find(member)) return Cursor(*this, member, *value);
  return std::nullopt;
}

std::vector<std::pair<std::string, Cursor>> Cursor::members() const {
  std::vector<std::pair<std::string, Cursor>> all;
  if (!value_->as_object()) {
    refuse("an object");
    return all;
  }
  for (const auto& [name, value] : *value_->as_object()) {
    all.emplace_back(name, Cursor(*this, name, value));
  }
  return all;
}

std::vector<Cursor> Cursor::elements() const {
  std::vector<Cursor> all;
  if (!value_->as_array()) {
    refuse("an array");
    return all;
  }
  for (const json::Value& value : *value_->as_array()) {
    all.push_back(Cursor(*this, std::to_string(all.size()), value));
  }
  return all;
}

bool Cursor::is_text(std::string_view text) const {
  const std::string* own = value_->as_string();
  return own && *own == text;
}

std::string Cursor::text() const {
  const std::string* text = value_->as_string();
  if (text && !text->empty()) return *text;
  refuse("a text that is not empty");
  return {};
}

int64_t Cursor::integer(int64_t minimum, int64_t maximum) const {
  const auto number = value_->as_int();
  if (number && *number >= minimum && *number <= maximum) return *number;
  refuse(fmt::format("an integer from {} to {}", minimum, maximum));
  return minimum;
}

bool Cursor::boolean() const {
  if (const auto boolean = value_->as_bool()) return *boolean;
  refuse("true, false");
  return false;
}

std::vector<std::string> Cursor::texts() const {
  std::vector<std::string> all;
  for (const Cursor& element : elements()) all.push_back(element.text());
  return all;
}

std::vector<int> Cursor::integers(int64_t minimum, int64_t maximum) const {
  std::vector<int> all;
  for (const Cursor& element : elements()) {
    all.push_back(static_cast<int>(element.integer(minimum, maximum)));
  }
  if (all.empty()) refuse("an array with at least one integer");
  if (!std::is_sorted(all.begin(), all.end(), std::less_equal<int>())) {
    refuse("integers in ascending order, each once");
  }
  return all;
}

void Cursor::allow_only(std::initializer_list<std::string_view> names) const {
  for (const auto& [name, member] : members()) {
    if (std::find(names.begin(), names.end(), name) != names.end()) continue;
    if (!problem_) {
      problem_ = fmt::format("{}: {} is unknown, allowed is {}", document_, member.pointer_,
                             fmt::join(names, ", "));
    }
  }
}

void Cursor::refuse(std::string_view allowed) const {
  if (problem_) return;  // the first one is reported
  const std::string given = json::to_text(*value_);
  problem_ = fmt::format("{}: {} is {}, allowed is {}", document_,
                         pointer_.empty() ? "the document" : pointer_,
                         truncate_code_points(given, kEchoCharactersMax), allowed);
}

}  // namespace rushes::catalog
