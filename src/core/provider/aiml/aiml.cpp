#include "core/provider/aiml/aiml.h"

#include <fmt/format.h>

#include "base/check.h"
#include "base/json/writer.h"
#include "core/provider/aiml/offer.h"
#include "core/provider/settings.h"
#include "core/wire/url.h"

namespace rushes::provider::aiml {
namespace {

using catalog::Offer;

constexpr std::string_view kDialect = "aiml";
constexpr std::string_view kPath = "/v2/video/generations";
constexpr std::string_view kLogPath = "/v2/logs";

// The log is searched around the create: clocks differ, and a request may have waited.
constexpr Millis kLogBefore{60'000}, kLogAfter{240'000};
constexpr int kLogRowsMax = 100;

std::string url_of(const Settings& settings, std::string_view path) {
  return settings.base_url + settings.path_prefix + std::string(path);
}

Call call_of(const Context& context, std::string method, std::string url) {
  Call call{.method = std::move(method), .url = std::move(url)};
  call.headers.add("Authorization", "Bearer " + context.credential.api_key);
  call.headers.add("Accept", "application/json");
  return call;
}

std::string_view shot_type_of(const Offer& offer, Storyboard storyboard) {
  for (const auto& [word, meaning] : offer.shot_types) {
    if (meaning == storyboard) return word;
  }
  return {};
}

void write_shots(json::Writer& out, const Offer& offer, const Spec& spec) {
  if (const auto word = shot_type_of(offer, spec.storyboard); !word.empty()) {
    out.member("shot_type", word);
  }
  if (spec.storyboard != Storyboard::kCustomize) return;
  out.key("multi_prompt").begin_array();
  for (const Shot& shot : spec.shots) {
    if (offer.shots == Offer::ShotRule::kTimed) {
      out.begin_object()
          .member("prompt", shot.prompt)
          .member("duration", shot.duration_s)
          .end_object();
    } else {
      out.value(shot.prompt);
    }
  }
  out.end_array();
}

void write_camera(json::Writer& out, const CameraControl& camera) {
  if (camera.type != CameraType::kSimple) {
    out.member("camera_control", to_string(camera.type));
  } else if (const CameraAxis* axis = moving_axis(camera)) {
    out.key("advanced_camera_control")
        .begin_object()
        .member("movement_type", axis->name)
        .member("movement_value", static_cast<int>(camera.*axis->value))
        .end_object();
  }
}

std::string body_of(const Offer& offer, const Job& job) {
  const Spec& spec = job.spec;
  std::string body;
  json::Writer out(body);
  out.begin_object().member("model", offer.name);
  if (spec.storyboard != Storyboard::kSingle) write_shots(out, offer, spec);
  if (spec.storyboard != Storyboard::kCustomize) out.member("prompt", spec.prompt);
  out.member("aspect_ratio", to_string(spec.aspect_ratio)).member("duration", spec.duration_s);
  if (offer.negative_prompt && !spec.negative_prompt.empty()) {
    out.member("negative_prompt", spec.negative_prompt);
  }
  if (offer.cfg_scale && spec.cfg_scale) out.member("cfg_scale", *spec.cfg_scale);
  if (offer.camera && spec.camera && !job.drops(kCameraField)) write_camera(out, *spec.camera);
  // Its default is on, and off is what most specs want.
  if (offer.sound == Offer::SoundRule::kOnUnlessRefused) {
    out.member("generate_audio", spec.sound == Sound::kOn);
  }
  out.end_object();
  return body;
}

}  // namespace

Result<void> AimlAdapter::check_settings(const Settings& settings) const {
  TRY_VOID(check_address(settings));
  if (!settings.family.empty()) {
    return fail_user(ErrorCode::kInvalidInput,
                     fmt::format("family value '{}' is invalid: aiml has none", settings.family));
  }
  if (settings.lookup_by_handle) {
    return fail_user(ErrorCode::kInvalidInput,
                     "lookup_by_handle is not supported by aiml: its log proves no absence");
  }
  return {};
}

Result<void> AimlAdapter::check_credential(const Credential& credential) const {
  return check_key(credential);
}

Capabilities AimlAdapter::capabilities(const Settings& settings) const {
  return {.dialect = kDialect,
          .lookup_proves_presence = true,
          .free_to_repeat = settings.free_to_repeat,
          .volatile_store = settings.volatile_store};
}

Result<void> AimlAdapter::check(const Settings&, const catalog::Catalog& catalog,
                                const std::string& model, const Spec& spec,
                                std::vector<std::string>& dropped) const {
  const Offer* offer = find_offer(catalog, model, spec);
  if (!offer) return fail_user(ErrorCode::kUnsupported, "model is not supported");
  TRY_VOID(check_offer(catalog, *offer, spec));
  for (std::string& field : left_out(*offer, spec)) dropped.push_back(std::move(field));
  return {};
}

Call AimlAdapter::create(const Context& context, const Job& job) const {
  Call call = call_of(context, "POST", url_of(context.settings, kPath));
  call.headers.add("Content-Type", "application/json");
  call.headers.add("X-Client-Request-Id", job.handle);
  // An offer that is gone since the task was checked: the name alone, and the upstream decides.
  const Offer* offer = find_offer(catalog_, job.model, job.spec);
  call.body =
      with_extra(body_of(offer ? *offer : Offer{.name = job.model}, job), job.spec.extra, kDialect);
  return call;
}

Call AimlAdapter::poll(const Context& context, const std::string& upstream_id) const {
  return call_of(
      context, "GET",
      url_of(context.settings, kPath) + "?generation_id=" + wire::percent_encode(upstream_id));
}

Call AimlAdapter::lookup(const Context& context, const std::string&, Timestamp begun_at) const {
  const auto time = [](Timestamp at) { return wire::percent_encode(to_iso8601(at)); };
  return call_of(context, "GET",
                 fmt::format("{}?start={}&end={}&limit={}", url_of(context.settings, kLogPath),
                             time(begun_at - kLogBefore), time(begun_at + kLogAfter), kLogRowsMax));
}

// The API has none, and capabilities() says so.
Call AimlAdapter::cancel(const Context&, const std::string&) const {
  RUSHES_CHECK(!"aiml has no cancel");
  return {};
}

}  // namespace rushes::provider::aiml
