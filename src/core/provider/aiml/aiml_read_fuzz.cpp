// Any reply of any status: nothing is claimed that the reply does not carry. The input is the
// status, a line break and the body.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "base/check.h"
#include "core/provider/aiml/aiml.h"
#include "core/wire/url.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size_bytes) {
  using namespace rushes;
  using namespace rushes::provider;
  static const catalog::Catalog catalog = *catalog::Catalog::load({});
  const std::string_view text(reinterpret_cast<const char*>(data), size_bytes);
  const size_t line = text.find('\n');
  if (line == std::string_view::npos) return 0;
  const Reply reply{.status = std::atoi(std::string(text.substr(0, line)).c_str()),
                    .headers = {},
                    .body = std::string(text.substr(line + 1))};
  const aiml::AimlAdapter adapter(catalog);
  const std::string handle = "867283741759111202";
  const Outcome created = adapter.read_create({}, reply);
  RUSHES_CHECK((created.verdict == Verdict::kAccepted) == !created.upstream_id.empty());
  const Outcome polled = adapter.read_poll({}, reply);
  RUSHES_CHECK((polled.verdict == Verdict::kSucceeded) == polled.media.has_value());
  RUSHES_CHECK(!polled.media || wire::parse_url(polled.media->url));
  RUSHES_CHECK(!polled.cost || *polled.cost >= 0);
  const Outcome found = adapter.read_lookup({}, handle, reply);
  RUSHES_CHECK(found.verdict != Verdict::kAbsent);
  if (found.verdict == Verdict::kAccepted) {
    RUSHES_CHECK(reply.body.find(handle) != std::string::npos && !found.upstream_id.empty());
  }
  RUSHES_CHECK(adapter.read_lookup({}, "", reply).verdict != Verdict::kAccepted);
  return 0;
}
