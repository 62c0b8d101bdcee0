// Any reply of any status in every family: nothing is claimed that the reply does not carry.
// The input is the status, a line break and the body.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "base/check.h"
#include "core/provider/kling/kling.h"
#include "core/provider/kling/shape.h"
#include "core/wire/url.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size_bytes) {
  using namespace rushes;
  using namespace rushes::provider;
  const std::string_view text(reinterpret_cast<const char*>(data), size_bytes);
  const size_t line = text.find('\n');
  if (line == std::string_view::npos) return 0;
  const Reply reply{.status = std::atoi(std::string(text.substr(0, line)).c_str()),
                    .headers = {},
                    .body = std::string(text.substr(line + 1))};
  const kling::KlingAdapter adapter;
  const std::string handle = "867283741759111202";
  for (const kling::Shape& shape : kling::shapes()) {
    const Settings settings{.base_url = "https://gateway.example.com",
                            .family = std::string(shape.family)};
    const Outcome created = adapter.read_create(settings, reply);
    RUSHES_CHECK((created.verdict == Verdict::kAccepted) == !created.upstream_id.empty());
    RUSHES_CHECK(created.failure_code.empty() == (created.verdict != Verdict::kRejected));
    const Outcome polled = adapter.read_poll(settings, reply);
    RUSHES_CHECK((polled.verdict == Verdict::kSucceeded) == polled.media.has_value());
    RUSHES_CHECK(!polled.media || wire::parse_url(polled.media->url));
    RUSHES_CHECK(!polled.cost || *polled.cost >= 0);
    const Outcome found = adapter.read_lookup(settings, handle, reply);
    if (found.verdict == Verdict::kAccepted) {
      RUSHES_CHECK(reply.body.find(handle) != std::string::npos && !found.upstream_id.empty());
    }
    RUSHES_CHECK(adapter.read_lookup(settings, "", reply).verdict != Verdict::kAccepted);
  }
  return 0;
}
