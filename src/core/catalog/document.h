// Reads one JSON document against its schema: typed access that remembers the first thing wrong,
// with the document's path, the JSON pointer and what is allowed there.
//
//   Cursor root(problem, "models/x.json", value);
//   model.name = root.at("name").text();
//   root.allow_only({"name"});
//   if (problem) ...
//
// After the first problem every read answers a harmless default; nobody reads the result then.
#pragma once

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/json/value.h"

namespace rushes::catalog {

using Problem = std::optional<std::string>;

class Cursor {
 public:
  Cursor(Problem& problem, std::string document, const json::Value& value)
      : problem_(problem), document_(std::move(document)), value_(&value) {}

  // Members of an object: required, or only if present.
  Cursor at(std::string_view member) const;
  std::optional<Cursor> find(std::string_view member) const;
  // All members with their names, all elements of an array.
  std::vector<std::pair<std::string, Cursor>> members() const;
  std::vector<Cursor> elements() const;

  bool is_text(std::string_view text) const;
  std::string text() const;  // not empty
  int64_t integer(int64_t minimum, int64_t maximum) const;
  bool boolean() const;
  std::vector<std::string> texts() const;
  std::vector<int> integers(int64_t minimum, int64_t maximum) const;

  // Refuses every other member: a misspelt one must not pass unnoticed.
  void allow_only(std::initializer_list<std::string_view> names) const;
  // "models/x.json: /models/0/fps is 0, allowed is 1 to 120"
  void refuse(std::string_view allowed) const;

 private:
  Cursor(const Cursor& parent, std::string_view step, const json::Value& value);

  Problem& problem_;
  std::string document_;
  std::string pointer_;  // RFC 6901
  const json::Value* value_;
};

}  // namespace rushes::catalog
