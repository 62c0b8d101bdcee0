// No credential crashes the parser, and none verifies without the secret.
#include <cstddef>
#include <cstdint>

#include "base/check.h"
#include "core/access/file_url.h"
#include "core/access/token.h"

using namespace rushes;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const Timestamp now = from_unix_ms(1'800'000'000'000);
  const bool looks = access::looks_like_token(text);
  if (const auto token = access::parse_token(text); token && looks) {
    const auto verdict = access::verify_token(*token, "a secret that no input knows", now);
    RUSHES_CHECK(verdict != access::TokenVerdict::kValid);
  }
  RUSHES_CHECK(access::check_file_path(text, "another", now).verdict !=
               access::LinkVerdict::kValid);
  return 0;
}
