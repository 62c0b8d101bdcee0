// URLs and queries as values. Parsers of foreign bytes: they refuse instead of guessing.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

namespace rushes::wire {

// An absolute http or https URL.
struct Url {
  std::string scheme;  // "http" or "https", lower case
  std::string host;    // lower case; IPv6 without brackets
  uint16_t port = 0;   // always set: the scheme's default if absent
  std::string target;  // path and query, at least "/"
  bool has_userinfo = false;
};
Result<Url> parse_url(std::string_view text);

// Decodes %XX; nothing for a malformed escape, a NUL byte or invalid UTF-8. '+' stays '+' in a path
// and is a space in a query.
std::optional<std::string> percent_decode(std::string_view text);
std::string percent_encode(std::string_view text);  // everything but unreserved characters

// Name and value pairs of a query in their order; nothing if malformed or more than 100 pairs.
std::optional<std::vector<std::pair<std::string, std::string>>> parse_query(std::string_view query);

// The segments of a path, decoded: "/a/b%2Fc" is {"a", "b/c"}; nothing if malformed.
std::optional<std::vector<std::string>> split_path(std::string_view path);

// A single byte range of a resource of `size_bytes` (RFC 9110 section 14). kAbsent: no, malformed
// or multiple ranges: send all of it. kUnsatisfiable: 416.
struct ByteRange {
  enum class Kind { kAbsent, kPart, kUnsatisfiable };
  Kind kind = Kind::kAbsent;
  uint64_t first = 0, size_bytes = 0;
};
ByteRange parse_range(std::string_view header, uint64_t size_bytes);

}  // namespace rushes::wire
