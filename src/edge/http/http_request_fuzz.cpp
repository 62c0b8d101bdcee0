// The path from bytes to requests: it never crashes, holds its limits, and reads a stream the same
// in whatever pieces it comes.
#include <algorithm>
#include <string>
#include <vector>

#include "base/check.h"
#include "edge/http/request_parser.h"

using rushes::http::RequestParser;

namespace {

constexpr size_t kHeaderMax = 512;
constexpr size_t kBodyMax = 256;

// Everything that came out, as text.
std::vector<std::string> read_all(std::string_view bytes, size_t step) {
  RequestParser parser(kHeaderMax, kBodyMax);
  std::vector<std::string> seen;
  std::string pending;
  while (!bytes.empty()) {
    pending += bytes.substr(0, step);
    bytes.remove_prefix(std::min(step, bytes.size()));
    while (!pending.empty()) {
      const auto result = parser.parse(pending);
      RUSHES_CHECK(result.consumed_bytes <= pending.size());
      pending.erase(0, result.consumed_bytes);
      if (result.progress == RequestParser::Progress::kNeedMore) break;
      if (result.progress == RequestParser::Progress::kRefused) {
        RUSHES_CHECK(parser.refusal_status() >= 400 && parser.refusal_status() <= 505);
        seen.push_back("refused");  // limits may be noticed at different points
        return seen;
      }
      if (result.progress == RequestParser::Progress::kBodyFollows) continue;
      const auto request = parser.take_request();
      RUSHES_CHECK(request.body.size() <= kBodyMax);
      RUSHES_CHECK(request.target.starts_with('/') || request.target == "*");
      RUSHES_CHECK(request.headers.count("Host") <= 1);
      seen.push_back(request.method + " " + request.target + " " + request.body);
      parser.reset();
    }
    RUSHES_CHECK(pending.size() < kHeaderMax);
  }
  return seen;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  // No step is larger than what a connection's buffer has room for.
  RUSHES_CHECK(read_all(bytes, 1) == read_all(bytes, 64));
  return 0;
}
