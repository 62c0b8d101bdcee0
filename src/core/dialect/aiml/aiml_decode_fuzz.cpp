// Any body under any profile, and any query: an accepted spec passes the catalog's own check, has a
// price and pixels, and survives the store's JSON; every reply is JSON.
#include <cstdint>
#include <string_view>

#include "base/check.h"
#include "core/dialect/aiml/aiml.h"
#include "core/dialect/extra_check.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size_bytes) {
  using namespace rushes;
  static const catalog::Catalog catalog = *catalog::Catalog::load({});
  const dialect::aiml::AimlDialect dialect;
  const std::string_view text(reinterpret_cast<const char*>(data), size_bytes);

  if (const auto read = dialect.decode_read({}, text)) {
    const auto* reference = std::get_if<dialect::TaskReference>(&*read);
    RUSHES_CHECK(reference && (reference->id || size_bytes > 0));
  }
  wire::Request request;
  request.method = "GET";
  request.target = "/v2/video/generations?" + std::string(text);
  request.headers.add("X-Client-Request-Id", std::string(text));
  request.body = text;
  const dialect::ReplyContext context{.request_id = "id", .request = request};
  const auto check_refusal = [&](const dialect::Refusal& refusal) {
    RUSHES_CHECK(json::parse(dialect.encode_refusal(context, refusal).body).has_value());
  };
  check_refusal({.reason = dialect::Reason::kMethodInvalid});
  request.target = text;
  check_refusal({.reason = dialect::Reason::kNotFound});

  const auto body = dialect.parse_body(request);
  if (!body) return 0;
  for (const catalog::Profile& profile : catalog.profiles()) {
    if (profile.dialect != dialect.name()) continue;
    const auto spec = dialect.decode_create(*body, catalog, profile);
    if (!spec) {
      check_refusal(spec.error());
      continue;
    }
    RUSHES_CHECK(catalog.check(profile, *spec).has_value());
    RUSHES_CHECK(catalog.output(*spec).has_value());
    const auto stored = json::parse(to_json_text(*spec));
    RUSHES_CHECK(stored.has_value());
    const auto restored = spec_from_json(*stored);
    RUSHES_CHECK(restored && *restored == *spec);
    dialect::check_extra(
        spec->extra, {"model", "type", "duration", "aspect_ratio", "ratio", "generate_audio",
                      "shot_type", "multi_prompt", "prompt", "negative_prompt", "cfg_scale",
                      "camera_control", "advanced_camera_control", "external_task_id", "provider"});
    const std::string header = dialect::ignored_fields_header(spec->ignored_fields);
    for (const char c : header) RUSHES_CHECK(c >= ' ' && c <= '~');
  }
  return 0;
}
