// Whatever an upstream says, what the client reads is short, valid UTF-8 and free of anything that
// could name the upstream: links, hosts, addresses, ids.
#include <cstdint>
#include <string>
#include <string_view>

#include "base/check.h"
#include "base/utf8.h"
#include "core/provider/provider.h"

namespace {

bool is_alphanumeric(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

void check_harmless(std::string_view text) {
  using rushes::count_code_points;
  RUSHES_CHECK(rushes::is_valid_utf8(text));
  RUSHES_CHECK(!text.empty() && count_code_points(text) <= 400);
  for (const std::string_view hint :
       {"://", "::", "@", "www.", "\n", "\t", "<", "account ", "request_id:"}) {
    RUSHES_CHECK(text.find(hint) == std::string_view::npos);
  }
  size_t run = 0, digits = 0;
  for (const char c : text) {
    const bool counts = is_alphanumeric(c);
    run = counts ? run + 1 : 0;
    digits = !counts ? 0 : digits + (c >= '0' && c <= '9');
    RUSHES_CHECK(run < 8 || digits == 0);
    RUSHES_CHECK(run < 17);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size_bytes) {
  const std::string_view raw(reinterpret_cast<const char*>(data), size_bytes);
  const std::string text = rushes::provider::public_reason(raw);
  check_harmless(text);
  // What is known stays known, so that a second server in the chain passes it on.
  RUSHES_CHECK(rushes::provider::public_reason(text) == text);
  check_harmless(rushes::provider::public_reason(raw, "kling-v2-6", "kling-v1"));
  return 0;
}
