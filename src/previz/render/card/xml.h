// A reader for the small XML that icons are made of: elements, attributes, comments. Entities,
// processing instructions and text are skipped, since no icon draws anything with them.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

namespace rushes::previz::card {

struct Element {
  std::string_view name;
  std::vector<std::pair<std::string_view, std::string_view>> attributes;
  std::vector<Element> children;

  // The attribute's value; empty if it is absent.
  std::string_view get(std::string_view attribute) const;
};

// The top-level elements. Views point into `text`. kCorrupt beyond 64 levels or 20,000 elements,
// or where tags do not match.
Result<std::vector<Element>> parse_xml(std::string_view text);

}  // namespace rushes::previz::card
