// For the fuzz targets of the decoders.
#pragma once

#include <initializer_list>
#include <string_view>

#include "base/check.h"
#include "core/task/extra.h"

namespace rushes::dialect {

// What a client says past us is bounded, and never one of the fields that the dialect knows.
inline void check_extra(const Extra& extra, std::initializer_list<std::string_view> ours) {
  RUSHES_CHECK(extra.members.size() <= kExtraMembersMax);
  RUSHES_CHECK(json::to_canonical_text(extra.members).size() <= kExtraBytesMax);
  for (const auto& [name, value] : extra.members) {
    RUSHES_CHECK(may_pass_on(name));
    for (const std::string_view field : ours) RUSHES_CHECK(!is_same_field(name, field));
  }
}

}  // namespace rushes::dialect
