// Everything here that reads foreign bytes: headers of a callback that comes in, secrets that
// people paste, Retry-After.
#include <cstdint>
#include <vector>

#include "base/check.h"
#include "core/webhook/schedule.h"
#include "core/webhook/signature.h"

using namespace rushes;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const Timestamp now = from_unix_ms(1'781'080'794'000);
  if (const auto wait = webhook::parse_retry_after(text, now)) {
    RUSHES_CHECK(*wait >= Seconds{0} && *wait <= webhook::kRetryAfterMax);
  }
  if (const auto secret = webhook::Secret::parse(text)) {
    RUSHES_CHECK(secret->to_string() == text);
  }
  // Lines: id, timestamp, signatures; the rest is the body.
  wire::Headers headers;
  std::string_view rest = text;
  for (const std::string_view name :
       {webhook::kIdHeader, webhook::kTimestampHeader, webhook::kSignatureHeader}) {
    const size_t end = rest.find('\n');
    headers.add(std::string(name), std::string(rest.substr(0, end)));
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
  }
  const std::vector secrets{webhook::Secret::make(std::string(24, 'k'))};
  const auto verdict = webhook::verify(headers, rest, secrets, now);
  RUSHES_CHECK(!webhook::to_string(verdict).empty());
  return 0;
}
