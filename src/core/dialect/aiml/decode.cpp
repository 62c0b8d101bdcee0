// What a create asks for. Which fields a model id takes is the catalog's: a field that the offer
// does not list is unknown, has no effect and is reported. The texts are those of the vendor's
// validator, with the field's name behind them.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/utf8.h"
#include "core/dialect/aiml/aiml.h"
#include "core/dialect/lenient.h"

namespace rushes::dialect::aiml {
namespace {

using catalog::Offer;

constexpr double kCameraAxisMax = 10;
constexpr int kShotDurationDefaultS = 5;
constexpr std::string_view kType = "text-to-video";

// What the decoding of one body works on.
struct Draft {
  const json::Value& body;
  const catalog::Profile& profile;
  const Offer* offer = nullptr;  // set by the first step
  Spec spec;
  IgnoredFields ignored;
};

std::unexpected<Error> issue(std::string_view path, std::string_view text) {
  return fail_user(ErrorCode::kInvalidInput,
                   fmt::format("Body validation error\n{} at \"{}\"", text, path));
}

std::string_view type_name(const json::Value& value) {
  if (value.is_null()) return "null";
  if (value.as_bool()) return "boolean";
  if (value.as_string()) return "string";
  if (value.as_array()) return "array";
  if (value.as_object()) return "object";
  return "number";
}

std::unexpected<Error> wrong_type(std::string_view path, std::string_view expected,
                                  const json::Value& value) {
  return issue(path, fmt::format("Expected {}, received {}", expected, type_name(value)));
}

// `words` as the message shows them: 'a' | 'b', or 5 | 10.
std::unexpected<Error> not_among(std::string_view path, std::string_view words,
                                 const json::Value& value) {
  return issue(path,
               fmt::format("Invalid enum value. Expected {}, received '{}'", words, echo(value)));
}

template <class Range, class Projection>
std::string quoted(const Range& range, Projection word_of) {
  std::string text;
  for (const auto& element : range) {
    text += fmt::format("{}'{}'", text.empty() ? "" : " | ", std::invoke(word_of, element));
  }
  return text;
}

std::string listed_durations(const Offer& offer) {
  return fmt::format("{}", fmt::join(offer.durations_s, " | "));
}

// The member of the body; null if it is absent or empty.
const json::Value* field(const Draft& draft, std::string_view name);

Result<std::optional<std::string>> text_field(const Draft& draft, std::string_view name) {
  const json::Value* value = field(draft, name);
  if (!value) return std::nullopt;
  if (!value->as_string()) return wrong_type(name, "string", *value);
  return *value->as_string();
}

Result<void> check_length(std::string_view path, std::string_view text, int characters_max) {
  if (count_code_points(text) > static_cast<size_t>(characters_max)) {
    return issue(path, fmt::format("String must contain at most {} character(s)", characters_max));
  }
  return {};
}

Result<void> check_text(std::string_view path, std::string_view text, int characters_max) {
  if (is_blank(text)) return issue(path, "String must contain at least 1 character(s)");
  return check_length(path, text, characters_max);
}

Result<void> decode_model(Draft& draft) {
  TRY(const auto name, text_field(draft, "model"));
  if (!name) return issue("model", "Required");
  draft.offer = draft.profile.find_offer(*name);
  if (!draft.offer) return not_among("model", quoted(draft.profile.offers, &Offer::name), *name);
  draft.spec.model = draft.offer->model;
  draft.spec.mode = draft.offer->mode;
  return {};
}

Result<void> decode_type(Draft& draft) {
  TRY(const auto type, text_field(draft, "type"));
  if (type && *type != kType) return not_among("type", fmt::format("'{}'", kType), *type);
  return {};
}

// They make the length, whatever `duration` says.
bool has_timed_shots(const Draft& draft) {
  return draft.offer->shots == Offer::ShotRule::kTimed && field(draft, "multi_prompt");
}

Result<void> decode_duration(Draft& draft) {
  draft.spec.duration_s = draft.offer->default_duration_s;
  const json::Value* value = field(draft, "duration");
  if (!value || has_timed_shots(draft)) return {};
  const auto duration_s = read_integer(*value);
  if (!duration_s || !std::ranges::binary_search(draft.offer->durations_s, *duration_s)) {
    return not_among("duration", listed_durations(*draft.offer), *value);
  }
  draft.spec.duration_s = *duration_s;
  return {};
}

Result<void> decode_aspect_ratio(Draft& draft) {
  // `ratio` is the older spelling; beside the newer one it has no effect.
  const bool older = !field(draft, "aspect_ratio");
  const std::string_view name = older ? "ratio" : "aspect_ratio";
  TRY(const auto word, text_field(draft, name));
  if (!word) return {};
  const auto aspect = parse_aspect_ratio(*word);
  if (!aspect) return not_among(name, "'16:9' | '9:16' | '1:1'", *word);
  draft.spec.aspect_ratio = *aspect;
  if (!older && field(draft, "ratio")) draft.ignored.add("ratio");
  return {};
}

Result<void> decode_generate_audio(Draft& draft) {
  if (draft.offer->sound == Offer::SoundRule::kOff) return {};
  draft.spec.sound = Sound::kOn;
  const json::Value* value = field(draft, "generate_audio");
  if (!value) return {};
  const auto on = read_bool(*value);
  if (!on) return wrong_type("generate_audio", "boolean", *value);
  if (!*on) draft.spec.sound = Sound::kOff;
  return {};
}

Result<void> decode_shot_type(Draft& draft) {
  TRY(const auto word, text_field(draft, "shot_type"));
  if (!word) return {};
  const auto& words = draft.offer->shot_types;
  const auto known = std::ranges::find(words, *word, &std::pair<std::string, Storyboard>::first);
  if (known == words.end()) {
    return not_among("shot_type", quoted(words, &std::pair<std::string, Storyboard>::first), *word);
  }
  // The default word, customize, says nothing about a single prompt.
  if (known->second == Storyboard::kIntelligence) draft.spec.storyboard = known->second;
  return {};
}

Result<Shot> decode_timed_shot(const Offer& offer, const std::string& path,
                               const json::Value& value) {
  if (!value.as_object()) return wrong_type(path, "object", value);
  Shot shot;
  const json::Value* prompt = value.find("prompt");
  if (!prompt || prompt->is_null()) return issue(path + ".prompt", "Required");
  if (!prompt->as_string()) return wrong_type(path + ".prompt", "string", *prompt);
  shot.prompt = *prompt->as_string();
  shot.duration_s = kShotDurationDefaultS;
  const json::Value* duration = value.find("duration");
  if (!duration || is_absent(*duration)) return shot;
  const auto duration_s = read_integer(*duration);
  const int longest_s = offer.durations_s.back();
  if (!duration_s || *duration_s < 1 || *duration_s > longest_s) {
    return issue(path + ".duration", fmt::format("Expected an integer from 1 to {}, received '{}'",
                                                 longest_s, echo(*duration)));
  }
  shot.duration_s = *duration_s;
  return shot;
}

// Texts share the length; the first ones get what does not divide.
Result<void> share_length(Draft& draft) {
  std::vector<Shot>& shots = draft.spec.shots;
  const int count = static_cast<int>(shots.size());
  const int total_s = draft.spec.duration_s;
  if (count > total_s) {
    return issue(
        "multi_prompt",
        fmt::format("Array must contain at most {} element(s) in {} seconds", total_s, total_s));
  }
  for (int i = 0; i < count; ++i) {
    shots[static_cast<size_t>(i)].duration_s = total_s / count + (i < total_s % count ? 1 : 0);
  }
  return {};
}

Result<void> add_lengths(Draft& draft) {
  int total_s = 0;
  for (const Shot& shot : draft.spec.shots) total_s += shot.duration_s;
  if (!std::ranges::binary_search(draft.offer->durations_s, total_s)) {
    return issue("multi_prompt", fmt::format("Invalid total duration. Expected {}, received {}",
                                             listed_durations(*draft.offer), total_s));
  }
  const json::Value* given = field(draft, "duration");
  if (given && read_integer(*given) != total_s) draft.ignored.add("duration");
  draft.spec.duration_s = total_s;
  return {};
}

Result<void> decode_multi_prompt(Draft& draft) {
  const json::Value* value = field(draft, "multi_prompt");
  if (!value) return {};
  if (field(draft, "prompt")) {
    return issue("multi_prompt", "Either prompt or multi_prompt is allowed, not both");
  }
  if (draft.spec.storyboard == Storyboard::kIntelligence) {
    return issue("shot_type", "multi_prompt needs the shot_type 'customize'");
  }
  if (!value->as_array()) return wrong_type("multi_prompt", "array", *value);
  const json::Array& elements = *value->as_array();
  const catalog::Limits& limits = draft.profile.limits;
  if (elements.empty()) return issue("multi_prompt", "Array must contain at least 1 element(s)");
  if (elements.size() > static_cast<size_t>(limits.shots)) {
    return issue("multi_prompt",
                 fmt::format("Array must contain at most {} element(s)", limits.shots));
  }
  const bool timed = draft.offer->shots == Offer::ShotRule::kTimed;
  for (size_t i = 0; i < elements.size(); ++i) {
    const std::string path = fmt::format("multi_prompt[{}]", i);
    Shot shot;
    if (timed) {
      TRY(shot, decode_timed_shot(*draft.offer, path, elements[i]));
    } else {
      if (!elements[i].as_string()) return wrong_type(path, "string", elements[i]);
      shot.prompt = *elements[i].as_string();
    }
    TRY_VOID(
        check_text(timed ? path + ".prompt" : path, shot.prompt, limits.shot_prompt_characters));
    draft.spec.shots.push_back(std::move(shot));
  }
  draft.spec.storyboard = Storyboard::kCustomize;
  return timed ? add_lengths(draft) : share_length(draft);
}

Result<void> decode_prompt(Draft& draft) {
  if (draft.spec.storyboard == Storyboard::kCustomize) return {};
  TRY(auto prompt, text_field(draft, "prompt"));
  if (!prompt) {
    const bool shots = draft.offer->shots != Offer::ShotRule::kNone;
    return issue("prompt", shots ? "Required, unless multi_prompt is given" : "Required");
  }
  const int characters_max =
      draft.offer->prompt_characters.value_or(draft.profile.limits.prompt_characters);
  TRY_VOID(check_text("prompt", *prompt, characters_max));
  draft.spec.prompt = std::move(*prompt);
  return {};
}

Result<void> decode_negative_prompt(Draft& draft) {
  TRY(auto prompt, text_field(draft, "negative_prompt"));
  if (!prompt) return {};
  TRY_VOID(
      check_length("negative_prompt", *prompt, draft.profile.limits.negative_prompt_characters));
  draft.spec.negative_prompt = std::move(*prompt);
  return {};
}

Result<void> decode_cfg_scale(Draft& draft) {
  const json::Value* value = field(draft, "cfg_scale");
  if (!value) return {};
  const auto number = read_number(*value);
  if (!number) return wrong_type("cfg_scale", "number", *value);
  if (!(*number >= 0)) return issue("cfg_scale", "Number must be greater than or equal to 0");
  if (!(*number <= 1)) return issue("cfg_scale", "Number must be less than or equal to 1");
  draft.spec.cfg_scale = *number;
  return {};
}

Result<double> read_axis(std::string_view path, const json::Value& value) {
  const auto number = read_number(value);
  if (!number) return wrong_type(path, "number", value);
  if (std::abs(*number) > kCameraAxisMax) {
    return issue(path,
                 fmt::format("Number must be from -{} to {}", kCameraAxisMax, kCameraAxisMax));
  }
  return *number;
}

// The older encoding: a type and up to six axes, of which one may move.
Result<void> decode_camera_object(Draft& draft, const json::Value& camera) {
  const json::Value* type = camera.find("type");
  const json::Value* config = camera.find("config");
  if (!type || is_absent(*type)) {
    // As good as none; but a config must not be lost in silence.
    if (!is_no_config(config)) draft.ignored.add("camera_control");
    return {};
  }
  if (!draft.profile.camera_control_object) return wrong_type("camera_control", "string", camera);
  const auto known =
      type->as_string() ? parse_camera_type(*type->as_string()) : std::optional<CameraType>();
  if (!known) {
    return not_among("camera_control.type",
                     "'simple' | 'down_back' | 'forward_up' | 'right_turn_forward' | "
                     "'left_turn_forward'",
                     *type);
  }
  CameraControl found{.type = *known};
  if (*known != CameraType::kSimple) {
    if (!is_no_config(config) && !is_all_zero(*config)) {
      return issue("camera_control.config", "Only the type 'simple' has a config");
    }
    draft.spec.camera = found;
    return {};
  }
  if (is_no_config(config)) return issue("camera_control.config", "Required");
  if (!config->as_object()) return wrong_type("camera_control.config", "object", *config);
  int moving_count = 0;
  for (const CameraAxis& axis : kCameraAxes) {
    const json::Value* value = config->find(axis.name);
    if (!value || value->is_null()) continue;
    TRY(found.*axis.value, read_axis(fmt::format("camera_control.config.{}", axis.name), *value));
    if (found.*axis.value != 0) ++moving_count;
  }
  if (moving_count > 1) {
    return issue("camera_control.config", "Only one value can be non-zero");
  }
  draft.spec.camera = found;
  return {};
}

Result<void> decode_camera_control(Draft& draft) {
  const json::Value* camera = field(draft, "camera_control");
  if (!camera) return {};
  if (camera->as_object()) return decode_camera_object(draft, *camera);
  if (!camera->as_string()) return wrong_type("camera_control", "string", *camera);
  const auto type = parse_camera_type(*camera->as_string());
  if (!type || *type == CameraType::kSimple) {
    return not_among("camera_control",
                     "'down_back' | 'forward_up' | 'right_turn_forward' | 'left_turn_forward'",
                     *camera);
  }
  draft.spec.camera = CameraControl{.type = *type};
  return {};
}

// One axis by its name; both members are required.
Result<void> decode_advanced_camera_control(Draft& draft) {
  const json::Value* camera = field(draft, "advanced_camera_control");
  if (!camera) return {};
  if (draft.spec.camera) {
    return issue("advanced_camera_control",
                 "Either camera_control or advanced_camera_control is allowed, not both");
  }
  if (!camera->as_object()) return wrong_type("advanced_camera_control", "object", *camera);
  const json::Value* type = camera->find("movement_type");
  const json::Value* value = camera->find("movement_value");
  if (!type || type->is_null()) return issue("advanced_camera_control.movement_type", "Required");
  const auto axis = std::ranges::find_if(kCameraAxes, [&](const CameraAxis& candidate) {
    return type->as_string() && *type->as_string() == candidate.name;
  });
  if (axis == kCameraAxes.end()) {
    return not_among("advanced_camera_control.movement_type",
                     quoted(kCameraAxes, &CameraAxis::name), *type);
  }
  constexpr std::string_view kValue = "advanced_camera_control.movement_value";
  if (!value || value->is_null()) return issue(kValue, "Required");
  TRY(const double number, read_axis(kValue, *value));
  if (std::trunc(number) != number) return issue(kValue, "Expected integer, received float");
  draft.spec.camera = CameraControl{};
  (*draft.spec.camera).*axis->value = number;
  return {};
}

Result<void> decode_external_task_id(Draft& draft) {
  TRY(auto id, text_field(draft, "external_task_id"));
  if (!id) return {};
  TRY_VOID(check_length("external_task_id", *id, draft.profile.limits.external_task_id_characters));
  if (has_control_characters(*id)) {
    return issue("external_task_id", "String must not contain control characters");
  }
  draft.spec.external_task_id = std::move(*id);
  return {};
}

bool always(const Offer&) { return true; }

// The fields in the order in which they are judged, and which offers list each.
struct Field {
  std::string_view name;
  bool (*is_listed)(const Offer&);
  Result<void> (*decode)(Draft&);  // null: another field's step reads it
};
constexpr Field kFields[] = {
    {"model", always, decode_model},
    {"type", always, decode_type},
    {"duration", always, decode_duration},
    {"aspect_ratio", always, decode_aspect_ratio},
    {"ratio", always, nullptr},
    // Not always listed, but its default is the offer's either way.
    {"generate_audio",
     [](const Offer& offer) { return offer.sound == Offer::SoundRule::kOnUnlessRefused; },
     decode_generate_audio},
    {"shot_type", [](const Offer& offer) { return !offer.shot_types.empty(); }, decode_shot_type},
    {"multi_prompt", [](const Offer& offer) { return offer.shots != Offer::ShotRule::kNone; },
     decode_multi_prompt},
    {"prompt", always, decode_prompt},
    {"negative_prompt", [](const Offer& offer) { return offer.negative_prompt; },
     decode_negative_prompt},
    {"cfg_scale", [](const Offer& offer) { return offer.cfg_scale; }, decode_cfg_scale},
    {"camera_control", [](const Offer& offer) { return offer.camera; }, decode_camera_control},
    {"advanced_camera_control", [](const Offer& offer) { return offer.camera; },
     decode_advanced_camera_control},
    {"external_task_id", always, decode_external_task_id},
};

std::vector<std::string_view> field_names() {
  std::vector<std::string_view> names;
  for (const Field& field : kFields) names.push_back(field.name);
  return names;
}

// Listed by the offer, and not dropped by the profile.
bool is_listed(const Draft& draft, std::string_view name) {
  const auto known = std::ranges::find(kFields, name, &Field::name);
  if (known == std::end(kFields)) return false;
  const auto& dropped = draft.profile.ignored_fields;
  return std::ranges::find(dropped, name) == dropped.end() &&
         (!draft.offer || known->is_listed(*draft.offer));
}

const json::Value* field(const Draft& draft, std::string_view name) {
  const json::Value* value = draft.body.find(name);
  return value && !is_absent(*value) && is_listed(draft, name) ? value : nullptr;
}

}  // namespace

Answer<json::Value> AimlDialect::parse_body(const wire::Request& request) const {
  auto body = json::parse(request.body);
  if (!body) {
    return std::unexpected(Refusal{.reason = Reason::kBodyInvalid, .detail = body.error().message});
  }
  if (!body->as_object()) return refuse(Reason::kBodyInvalid);
  return std::move(*body);
}

Answer<Spec> AimlDialect::decode_create(const json::Value& body, const catalog::Catalog& catalog,
                                        const catalog::Profile& profile) const {
  if (!body.as_object()) return refuse(Reason::kBodyInvalid);
  Draft draft{.body = body, .profile = profile, .offer = nullptr, .spec = {}, .ignored = {}};
  for (const Field& step : kFields) {
    if (!step.decode) continue;
    if (auto decoded = step.decode(draft); !decoded) {
      return std::unexpected(to_refusal(std::move(decoded).error()));
    }
  }
  // The catalog has the last word on what may run.
  if (auto price = catalog.check(profile, draft.spec); !price) {
    return std::unexpected(to_refusal(std::move(price).error()));
  }
  for (const auto& [name, value] : *body.as_object()) {
    if (!is_listed(draft, name) && !is_absent(value)) draft.ignored.add(name);
  }
  draft.spec.ignored_fields = draft.ignored.take();
  draft.spec.extra = collect_extra(this->name(), *body.as_object(), field_names());
  // Listed for more models than can do it: whoever cannot leaves it out (gateways.md section 4.2).
  draft.spec.camera_optional = draft.spec.camera.has_value();
  return std::move(draft.spec);
}

}  // namespace rushes::dialect::aiml
