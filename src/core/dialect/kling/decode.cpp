// What a create asks for. The official samples and clients are sloppy about types, so the reading
// is lenient exactly where they are, and nowhere else.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "base/utf8.h"
#include "core/dialect/kling/kling.h"
#include "core/dialect/lenient.h"
#include "core/wire/url.h"

namespace rushes::dialect::kling {
namespace {

using catalog::Question;

constexpr double kCameraAxisMax = 10;

// What the decoding of one body works on.
struct Draft {
  const json::Value& body;
  const catalog::Profile& profile;
  Spec spec;
};

std::unexpected<Error> invalid(std::string_view field, const json::Value& value) {
  return fail_user(ErrorCode::kInvalidInput,
                   fmt::format("{} value '{}' is invalid", field, echo(value)));
}

std::unexpected<Error> refuse_field(std::string message) {
  return fail_user(ErrorCode::kInvalidInput, std::move(message));
}

bool is_ignored(const catalog::Profile& profile, std::string_view field) {
  return std::ranges::find(profile.ignored_fields, field) != profile.ignored_fields.end();
}

// The field's value; null if it is absent, null, or none of this profile's business.
const json::Value* field(const Draft& draft, std::string_view name) {
  if (is_ignored(draft.profile, name)) return nullptr;
  const json::Value* value = draft.body.find(name);
  return value && !value->is_null() ? value : nullptr;
}

// Official clients send "" for what they do not set: it means absent.
Result<std::optional<std::string>> optional_text(const Draft& draft, std::string_view name) {
  const json::Value* value = field(draft, name);
  if (!value) return std::nullopt;
  if (!value->as_string()) return invalid(name, *value);
  if (value->as_string()->empty()) return std::nullopt;
  return *value->as_string();
}

Result<void> decode_model(Draft& draft) {
  // `model`, the field's old name, has no effect: alone it means the default model.
  TRY(const auto name, optional_text(draft, "model_name"));
  draft.spec.model = name.value_or(draft.profile.default_model);
  return {};
}

Result<void> decode_mode(Draft& draft) {
  TRY(const auto word, optional_text(draft, "mode"));
  if (!word) return {};
  const auto mode = parse_mode(*word);
  if (!mode) return invalid("mode", *word);
  draft.spec.mode = *mode;
  return {};
}

Result<void> decode_duration(Draft& draft) {
  const json::Value* value = field(draft, "duration");
  if (!value || (value->as_string() && value->as_string()->empty())) return {};
  const auto duration_s = read_integer(*value);
  if (!duration_s) return invalid("duration", *value);
  draft.spec.duration_s = *duration_s;
  return {};
}

Result<void> decode_aspect_ratio(Draft& draft) {
  TRY(const auto word, optional_text(draft, "aspect_ratio"));
  if (!word) return {};
  const auto aspect = parse_aspect_ratio(*word);
  if (!aspect) return invalid("aspect_ratio", *word);
  draft.spec.aspect_ratio = *aspect;
  return {};
}

Result<void> decode_sound(Draft& draft) {
  TRY(const auto word, optional_text(draft, "sound"));
  if (!word || *word == "off") return {};
  if (*word != "on") return invalid("sound", *word);
  draft.spec.sound = Sound::kOn;
  return {};
}

Result<void> decode_multi_shot(Draft& draft) {
  const json::Value* value = field(draft, "multi_shot");
  if (!value) return {};
  const auto multi_shot = read_bool(*value);
  if (!multi_shot) return invalid("multi_shot", *value);
  // Which of the two is decided by shot_type, the next field.
  if (*multi_shot) draft.spec.storyboard = Storyboard::kIntelligence;
  return {};
}

Result<void> decode_shot_type(Draft& draft) {
  if (draft.spec.storyboard == Storyboard::kSingle) return {};
  TRY(const auto word, optional_text(draft, "shot_type"));
  if (!word) return refuse_field("shot_type must be specified when multi_shot is true");
  const auto storyboard = parse_storyboard(*word);
  if (!storyboard || *storyboard == Storyboard::kSingle) return invalid("shot_type", *word);
  draft.spec.storyboard = *storyboard;
  return {};
}

struct IndexedShot {
  int index = 0;
  Shot shot;
};

Result<IndexedShot> decode_shot(const std::string& path, const json::Value& value) {
  static const json::Value kNull;
  if (!value.as_object()) return invalid(path, value);
  const auto member = [&](std::string_view name) -> const json::Value& {
    const json::Value* found = value.find(name);
    return found ? *found : kNull;
  };
  IndexedShot shot;
  const auto index = read_integer(member("index"));
  if (!index) return invalid(path + ".index", member("index"));
  shot.index = *index;
  if (const json::Value& prompt = member("prompt"); prompt.as_string()) {
    shot.shot.prompt = *prompt.as_string();
  } else if (!prompt.is_null()) {
    return invalid(path + ".prompt", prompt);
  }
  const auto duration_s = read_integer(member("duration"));
  if (!duration_s) return invalid(path + ".duration", member("duration"));
  shot.shot.duration_s = *duration_s;
  return shot;
}

Result<void> decode_multi_prompt(Draft& draft) {
  if (draft.spec.storyboard != Storyboard::kCustomize) return {};
  const json::Value* value = field(draft, "multi_prompt");
  if (!value) return {};  // the catalog refuses a storyboard without shots
  if (!value->as_array()) return invalid("multi_prompt", *value);
  const json::Array& elements = *value->as_array();
  if (elements.size() > static_cast<size_t>(draft.profile.limits.shots)) {
    return refuse_field(
        fmt::format("multi_prompt must contain 1 to {} shots", draft.profile.limits.shots));
  }
  std::vector<IndexedShot> shots;
  for (size_t i = 0; i < elements.size(); ++i) {
    TRY(IndexedShot shot, decode_shot(fmt::format("multi_prompt[{}]", i), elements[i]));
    shots.push_back(std::move(shot));
  }
  std::ranges::sort(shots, {}, &IndexedShot::index);
  for (size_t i = 0; i < shots.size(); ++i) {
    if (shots[i].index != static_cast<int>(i) + 1) {
      return refuse_field("multi_prompt index must start at 1 and be consecutive");
    }
    draft.spec.shots.push_back(std::move(shots[i].shot));
  }
  return {};
}

Result<void> decode_prompt(Draft& draft) {
  if (draft.spec.storyboard == Storyboard::kCustomize) return {};  // ignored, even if malformed
  TRY(auto prompt, optional_text(draft, "prompt"));
  draft.spec.prompt = std::move(prompt).value_or("");
  return {};
}

Result<void> decode_negative_prompt(Draft& draft) {
  TRY(auto prompt, optional_text(draft, "negative_prompt"));
  draft.spec.negative_prompt = std::move(prompt).value_or("");
  return {};
}

Result<void> decode_cfg_scale(Draft& draft) {
  const json::Value* value = field(draft, "cfg_scale");
  if (!value) return {};
  draft.spec.cfg_scale = read_number(*value);
  if (!draft.spec.cfg_scale) return invalid("cfg_scale", *value);
  return {};
}

// The type member; null if there is no camera_control: {} and a null or empty type mean absent (the
// official ComfyUI client sends {"type":null} when its input is unset).
const json::Value* camera_type(const json::Value& camera) {
  const json::Value* type = camera.find("type");
  if (!type || type->is_null()) return nullptr;
  return type->as_string() && type->as_string()->empty() ? nullptr : type;
}

Result<void> decode_camera_type(Draft& draft) {
  const json::Value* camera = field(draft, "camera_control");
  if (!camera) return {};
  if (!camera->as_object()) return invalid("camera_control", *camera);
  const json::Value* type = camera_type(*camera);
  if (!type) return {};
  const auto known =
      type->as_string() ? parse_camera_type(*type->as_string()) : std::optional<CameraType>();
  if (!known) return invalid("camera_control.type", *type);
  draft.spec.camera = CameraControl{.type = *known};
  return {};
}

Result<void> decode_camera_config(Draft& draft) {
  if (!draft.spec.camera) return {};
  CameraControl& camera = *draft.spec.camera;
  const json::Value* config = field(draft, "camera_control")->find("config");
  if (camera.type != CameraType::kSimple) {
    if (is_no_config(config) || is_all_zero(*config)) return {};
    return refuse_field(
        fmt::format("camera_control.config is not allowed for type {}", to_string(camera.type)));
  }
  if (is_no_config(config)) {
    return refuse_field("camera_control.config is required when type is simple");
  }
  if (!config->as_object()) return invalid("camera_control.config", *config);
  int moving_count = 0;
  for (const CameraAxis& axis : kCameraAxes) {
    const json::Value* value = config->find(axis.name);
    if (!value || value->is_null()) continue;
    const auto number = read_number(*value);
    if (!number || std::abs(*number) > kCameraAxisMax) {
      return invalid(fmt::format("camera_control.config.{}", axis.name), *value);
    }
    camera.*axis.value = *number;
    if (*number != 0) ++moving_count;
  }
  if (moving_count > 1) {
    return refuse_field("only one camera_control.config value can be non-zero");
  }
  return {};
}

Result<void> decode_watermark(Draft& draft) {
  const json::Value* watermark = field(draft, "watermark_info");
  if (!watermark) return {};
  if (!watermark->as_object()) return invalid("watermark_info", *watermark);
  draft.spec.watermark_requested = true;
  const json::Value* enabled = watermark->find("enabled");
  if (!enabled || enabled->is_null()) return {};
  const auto on = read_bool(*enabled);
  if (!on) return invalid("watermark_info.enabled", *enabled);
  draft.spec.watermark = *on ? Watermark::kOn : Watermark::kOff;
  return {};
}

Result<void> decode_callback_url(Draft& draft) {
  TRY(auto text, optional_text(draft, "callback_url"));
  if (!text) return {};
  const auto characters_max = static_cast<size_t>(draft.profile.limits.callback_url_characters);
  // A name and password in a URL would end up in logs; no receiver needs them.
  const auto url = wire::parse_url(*text);
  if (!url || url->has_userinfo || count_code_points(*text) > characters_max) {
    return invalid("callback_url", *text);
  }
  draft.spec.callback_url = std::move(*text);
  return {};
}

Result<void> decode_external_task_id(Draft& draft) {
  TRY(auto id, optional_text(draft, "external_task_id"));
  if (!id) return {};
  const auto characters_max = static_cast<size_t>(draft.profile.limits.external_task_id_characters);
  if (count_code_points(*id) > characters_max || has_control_characters(*id)) {
    return invalid("external_task_id", *id);
  }
  draft.spec.external_task_id = std::move(*id);
  return {};
}

// The promised order of the checks: each field is read, then the catalog is asked about it.
struct Step {
  std::string_view field;
  Result<void> (*decode)(Draft&);
  std::optional<Question> question = std::nullopt;
};
constexpr Step kSteps[] = {
    {"model_name", decode_model, Question::kModel},
    {"mode", decode_mode, Question::kMode},
    {"duration", decode_duration, Question::kDuration},
    {"aspect_ratio", decode_aspect_ratio},
    {"sound", decode_sound, Question::kSound},
    {"multi_shot", decode_multi_shot, Question::kMultiShot},
    {"shot_type", decode_shot_type},
    {"multi_prompt", decode_multi_prompt, Question::kShots},
    {"prompt", decode_prompt, Question::kPrompt},
    {"negative_prompt", decode_negative_prompt, Question::kNegativePrompt},
    {"cfg_scale", decode_cfg_scale, Question::kCfgScale},
    {"camera_control", decode_camera_type, Question::kCamera},
    {"camera_control", decode_camera_config},
    {"watermark_info", decode_watermark},
    {"callback_url", decode_callback_url},
    {"external_task_id", decode_external_task_id},
};

std::vector<std::string_view> field_names() {
  std::vector<std::string_view> names;
  for (const Step& step : kSteps) names.push_back(step.field);
  return names;
}

// Whatever the client sent that has no effect here. A camera without a type is among it: the config
// would otherwise be lost in silence.
std::vector<std::string> list_ignored(const Draft& draft) {
  IgnoredFields ignored;
  for (const auto& [name, value] : *draft.body.as_object()) {
    const bool known = std::ranges::find(kSteps, name, &Step::field) != std::end(kSteps);
    const bool dropped_by_profile = is_ignored(draft.profile, name) && !is_absent(value);
    const bool camera_without_type = name == "camera_control" && !draft.spec.camera &&
                                     value.find("config") && !is_no_config(value.find("config"));
    if (known && !dropped_by_profile && !camera_without_type) continue;
    ignored.add(name);
  }
  return ignored.take();
}

}  // namespace

Answer<json::Value> KlingDialect::parse_body(const wire::Request& request) const {
  // The Content-Type is not asked for: what parses as a JSON object is one.
  auto body = json::parse(request.body);
  if (!body) {
    return std::unexpected(Refusal{.reason = Reason::kBodyInvalid, .detail = body.error().message});
  }
  if (!body->as_object()) return refuse(Reason::kBodyInvalid);
  return std::move(*body);
}

Answer<Spec> KlingDialect::decode_create(const json::Value& body, const catalog::Catalog& catalog,
                                         const catalog::Profile& profile) const {
  if (!body.as_object()) return refuse(Reason::kBodyInvalid);
  Draft draft{.body = body, .profile = profile, .spec = {}};
  for (const Step& step : kSteps) {
    auto decoded = step.decode(draft);
    if (decoded && step.question) decoded = catalog.ask(*step.question, profile, draft.spec);
    if (!decoded) return std::unexpected(to_refusal(std::move(decoded).error()));
  }
  draft.spec.ignored_fields = list_ignored(draft);
  draft.spec.extra = collect_extra(name(), *body.as_object(), field_names());
  return std::move(draft.spec);
}

}  // namespace rushes::dialect::kling
