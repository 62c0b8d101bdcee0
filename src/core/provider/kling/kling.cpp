#include "core/provider/kling/kling.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/check.h"
#include "base/json/writer.h"
#include "core/access/token.h"
#include "core/provider/kling/shape.h"
#include "core/provider/settings.h"
#include "core/wire/url.h"

namespace rushes::provider::kling {
namespace {

constexpr std::string_view kDialect = "kling";
constexpr std::string_view kPath = "/v1/videos/text2video";

std::string base_of(const Settings& settings) {
  return settings.base_url + settings.path_prefix + std::string(kPath);
}

std::string authorization_of(const Context& context) {
  const Credential& credential = context.credential;
  if (!credential.api_key.empty()) return "Bearer " + credential.api_key;
  return "Bearer " + access::sign_token(credential.access_key, credential.secret_key, context.now);
}

Call call_of(const Context& context, std::string method, std::string url) {
  Call call{.method = std::move(method), .url = std::move(url)};
  call.headers.add("Authorization", authorization_of(context));
  call.headers.add("Accept", "application/json");
  return call;
}

void write_shots(json::Writer& out, const Spec& spec) {
  out.member("multi_shot", true).member("shot_type", to_string(spec.storyboard));
  if (spec.storyboard != Storyboard::kCustomize) return;
  out.key("multi_prompt").begin_array();
  int index = 0;
  for (const Shot& shot : spec.shots) {
    out.begin_object()
        .member("index", ++index)
        .member("prompt", shot.prompt)
        .member("duration", std::to_string(shot.duration_s))
        .end_object();
  }
  out.end_array();
}

// All six axes, zeros included: some receivers take a missing one for a mistake.
void write_camera(json::Writer& out, const CameraControl& camera) {
  out.key("camera_control").begin_object().member("type", to_string(camera.type));
  if (camera.type == CameraType::kSimple) {
    out.key("config").begin_object();
    for (const CameraAxis& axis : kCameraAxes) out.member(axis.name, camera.*axis.value);
    out.end_object();
  }
  out.end_object();
}

// Built from what was judged; what the client said beyond it comes behind. Everything with a
// default that gateways change is said outright.
std::string body_of(const Shape& shape, const Job& job) {
  const Spec& spec = job.spec;
  std::string body;
  json::Writer out(body);
  out.begin_object().member("model_name", job.model);
  if (shape.both_model_names) out.member("model", job.model);
  if (spec.storyboard != Storyboard::kSingle) write_shots(out, spec);
  if (spec.storyboard != Storyboard::kCustomize) out.member("prompt", spec.prompt);
  if (!spec.negative_prompt.empty()) out.member("negative_prompt", spec.negative_prompt);
  out.member("mode", to_string(spec.mode))
      .member("aspect_ratio", to_string(spec.aspect_ratio))
      .member("duration", std::to_string(spec.duration_s));
  if (spec.sound == Sound::kOn) out.member("sound", "on");
  if (spec.cfg_scale) out.member("cfg_scale", *spec.cfg_scale);
  if (spec.camera && !job.drops(kCameraField)) write_camera(out, *spec.camera);
  if (spec.watermark_requested) {
    out.key("watermark_info")
        .begin_object()
        .member("enabled", spec.watermark == Watermark::kOn)
        .end_object();
  }
  if (!job.callback_url.empty()) out.member("callback_url", job.callback_url);
  out.member("external_task_id", job.handle).end_object();
  return body;
}

}  // namespace

Result<void> KlingAdapter::check_settings(const Settings& settings) const {
  TRY_VOID(check_address(settings));
  if (find_shape(settings.family)) return {};
  std::vector<std::string_view> families;
  for (const Shape& shape : shapes()) families.push_back(shape.family);
  return fail_user(ErrorCode::kInvalidInput,
                   fmt::format("family value '{}' is invalid: kling supports {}", settings.family,
                               fmt::join(families, ", ")));
}

Result<void> KlingAdapter::check_credential(const Credential& credential) const {
  return check_key_or_pair(credential);
}

Capabilities KlingAdapter::capabilities(const Settings& settings) const {
  const Shape* shape = find_shape(settings.family);
  return {.dialect = kDialect,
          .lookup_by_handle = settings.lookup_by_handle || (shape && shape->lookup_by_handle),
          .callback = true,
          .free_to_repeat = settings.free_to_repeat,
          .volatile_store = settings.volatile_store};
}

Result<void> KlingAdapter::check(const Settings& settings, const catalog::Catalog& catalog,
                                 const std::string& model, const Spec& spec,
                                 std::vector<std::string>& dropped) const {
  const catalog::Profile* official = catalog.find_profile("kling", "official");
  if (!official) return fail(ErrorCode::kUnsupported, "the catalog has no profile kling/official");
  const Shape* shape = find_shape(settings.family);
  if (shape && !shape->shots_without_prompt && spec.storyboard == Storyboard::kCustomize) {
    return fail_user(ErrorCode::kUnsupported, "Multi shot is not supported by the current model");
  }
  catalog::Profile profile = *official;
  Spec mapped = spec;
  if (catalog.find_model(model)) {
    mapped.model = model;
  } else if (catalog.find_model(spec.model)) {
    // A name of the gateway's own: what it stands for is judged by the rules of the model that it
    // is to make.
    profile.models.push_back(spec.model);
  }
  const auto judged = catalog.check(profile, mapped);
  if (judged) return {};
  if (mapped.camera && mapped.camera_optional) {
    mapped.camera.reset();
    if (catalog.check(profile, mapped)) {
      dropped.emplace_back(kCameraField);
      return {};
    }
  }
  return fail_user(ErrorCode::kUnsupported,
                   replace_word(judged.error().user_message, mapped.model, spec.model));
}

Call KlingAdapter::create(const Context& context, const Job& job) const {
  const Shape* shape = find_shape(context.settings.family);
  RUSHES_CHECK(shape != nullptr);
  Call call = call_of(context, "POST", base_of(context.settings));
  call.headers.add("Content-Type", "application/json");
  call.body = with_extra(body_of(*shape, job), job.spec.extra, kDialect);
  return call;
}

Call KlingAdapter::poll(const Context& context, const std::string& upstream_id) const {
  return call_of(context, "GET",
                 base_of(context.settings) + "/" + wire::percent_encode(upstream_id));
}

Call KlingAdapter::lookup(const Context& context, const std::string& handle, Timestamp) const {
  return poll(context, handle);
}

// The API has none, and capabilities() says so.
Call KlingAdapter::cancel(const Context&, const std::string&) const {
  RUSHES_CHECK(!"kling has no cancel");
  return {};
}

}  // namespace rushes::provider::kling
