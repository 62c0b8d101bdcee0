// Extra: what a client's create says beyond the fields that its dialect knows. It is kept for a
// provider of the same dialect, whose API may know more than we do, and for nobody else. A value.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "base/json/value.h"

namespace rushes {

inline constexpr size_t kExtraMembersMax = 32;
inline constexpr size_t kExtraBytesMax = 16 * 1024;  // as canonical text

struct Extra {
  std::string dialect;   // in which it was said; empty: nothing was
  json::Object members;  // in their order

  bool empty() const { return members.empty(); }
  bool operator==(const Extra&) const = default;
};

// Whether two names mean one field to a receiver that is careless about case and separators:
// "model_name", "MODEL_NAME", "modelName".
bool is_same_field(std::string_view a, std::string_view b);

// Whether a client may say a member of that name to a provider past us. Never what is ours to
// decide, who pays, or what it costs; and only plain words, which no receiver folds into others.
bool may_pass_on(std::string_view name);
// Whether that holds for every name within `value` as well, and none is one of `known`: receivers
// unpack what they are given.
bool may_pass_on(std::string_view name, const json::Value& value,
                 std::span<const std::string_view> known);

}  // namespace rushes
