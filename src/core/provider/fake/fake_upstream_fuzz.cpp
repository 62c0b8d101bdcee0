// Any request to the twin: it answers, never accepts a handle twice, and rules are read or refused.
// The input is the target, the rules and the body, one a line.
#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/check.h"
#include "core/provider/fake/upstream.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size_bytes) {
  using namespace rushes;
  using namespace rushes::provider::fake;
  std::string_view text(reinterpret_cast<const char*>(data), size_bytes);
  const auto take_line = [&] {
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
    return std::string(line);
  };
  wire::Request request{.method = "POST", .target = take_line()};
  request.headers.add("Authorization", "Bearer key");
  if (std::string rules = take_line(); !rules.empty()) {
    request.headers.add(std::string(kRuleHeader), std::move(rules));
  }
  request.body = text;
  FakeUpstream upstream({.make_video = [](const VideoWanted&) { return std::string("v"); }});
  constexpr Timestamp kNow = from_unix_ms(1'800'000'000'000);
  for (int i = 0; i < 2; ++i) {
    const Answer answer = upstream.answer(request, kNow);
    RUSHES_CHECK(answer.response.status >= 200 && answer.response.status <= 599);
  }
  const auto body = json::parse(request.body);
  if (body && !body->string_or("external_task_id", "").empty()) {
    RUSHES_CHECK(upstream.accepted(body->string_or("external_task_id", "")) <= 1);
  }
  request.method = "GET";
  request.target += "/900000000000000001";
  const auto polled = json::parse(upstream.handle(request, kNow + Millis{3'600'000}).body);
  RUSHES_CHECK(!polled || polled->as_object() != nullptr);
  upstream.take_callbacks(kNow + Millis{3'600'000});
  return 0;
}
