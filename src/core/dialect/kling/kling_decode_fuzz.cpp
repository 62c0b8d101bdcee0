// Any body under any profile, and any query: an accepted spec passes the catalog's own check, has a
// price and pixels, and survives the store's JSON.
#include <cstdint>
#include <string_view>

#include "base/check.h"
#include "core/dialect/extra_check.h"
#include "core/dialect/kling/kling.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size_bytes) {
  using namespace rushes;
  static const catalog::Catalog catalog = *catalog::Catalog::load({});
  const dialect::kling::KlingDialect dialect;
  const std::string_view text(reinterpret_cast<const char*>(data), size_bytes);

  if (const auto read = dialect.decode_read({}, text)) {
    const auto* page = std::get_if<dialect::Page>(&*read);
    RUSHES_CHECK(!page || (page->offset >= 0 && page->limit >= 1 && page->limit <= 500));
  }
  RUSHES_CHECK(dialect.decode_read(std::string(text), {}).has_value());
  const bool has_window = dialect.decode_account_costs(text).has_value();
  RUSHES_CHECK(!has_window || size_bytes > 0);

  wire::Request request;
  request.body = text;
  const auto body = dialect.parse_body(request);
  if (!body) return 0;
  for (const catalog::Profile& profile : catalog.profiles()) {
    if (profile.dialect != dialect.name()) continue;
    const auto spec = dialect.decode_create(*body, catalog, profile);
    if (!spec) continue;
    RUSHES_CHECK(catalog.check(profile, *spec).has_value());
    RUSHES_CHECK(catalog.output(*spec).has_value());
    const auto stored = json::parse(to_json_text(*spec));
    RUSHES_CHECK(stored.has_value());
    const auto restored = spec_from_json(*stored);
    RUSHES_CHECK(restored && *restored == *spec);
    dialect::check_extra(
        spec->extra,
        {"model_name", "mode", "duration", "aspect_ratio", "sound", "multi_shot", "shot_type",
         "multi_prompt", "prompt", "negative_prompt", "cfg_scale", "camera_control",
         "watermark_info", "callback_url", "external_task_id", "model"});
    const std::string header = dialect::ignored_fields_header(spec->ignored_fields);
    for (const char c : header) RUSHES_CHECK(c >= ' ' && c <= '~');
  }
  return 0;
}
