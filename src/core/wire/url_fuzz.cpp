// The parsers of URLs, queries, paths and ranges: they never crash, and what they accept obeys its
// own rules.
#include <algorithm>

#include "base/check.h"
#include "base/utf8.h"
#include "core/wire/url.h"

using namespace rushes::wire;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto url = parse_url(text)) {
    RUSHES_CHECK(url->port != 0 && !url->host.empty() && url->target.starts_with('/'));
    const std::string host = url->host.contains(':') ? "[" + url->host + "]" : url->host;
    const auto again =
        parse_url(url->scheme + "://" + host + ":" + std::to_string(url->port) + url->target);
    if (again) RUSHES_CHECK(again->host == url->host && again->target == url->target);
  }
  if (const auto decoded = percent_decode(text)) {
    RUSHES_CHECK(rushes::is_valid_utf8(*decoded) && !decoded->contains('\0'));
    RUSHES_CHECK(percent_decode(percent_encode(*decoded)) == decoded);
  }
  if (const auto pairs = parse_query(text)) RUSHES_CHECK(pairs->size() <= 100);
  if (const auto segments = split_path(text)) {
    RUSHES_CHECK(
        std::ranges::none_of(*segments, [](const auto& s) { return s == ".." || s == "."; }));
  }
  for (const uint64_t total : {uint64_t{0}, uint64_t{1}, uint64_t{1000}, UINT64_MAX}) {
    const ByteRange range = parse_range(text, total);
    if (range.kind != ByteRange::Kind::kPart) continue;
    RUSHES_CHECK(range.size_bytes > 0 && range.first < total);
    RUSHES_CHECK(range.size_bytes <= total - range.first);
  }
  return 0;
}
