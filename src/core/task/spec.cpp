#include "core/task/spec.h"

#include <array>

#include "base/words.h"

namespace rushes {
namespace {

constexpr Words<Mode, 3> kModes{{{Mode::kStd, "std"}, {Mode::kPro, "pro"}, {Mode::k4k, "4k"}}};
constexpr Words<AspectRatio, 3> kAspectRatios{
    {{AspectRatio::k16x9, "16:9"}, {AspectRatio::k9x16, "9:16"}, {AspectRatio::k1x1, "1:1"}}};
constexpr Words<Storyboard, 3> kStoryboards{{{Storyboard::kSingle, "single"},
                                             {Storyboard::kCustomize, "customize"},
                                             {Storyboard::kIntelligence, "intelligence"}}};
constexpr Words<CameraType, 5> kCameraTypes{{{CameraType::kSimple, "simple"},
                                             {CameraType::kDownBack, "down_back"},
                                             {CameraType::kForwardUp, "forward_up"},
                                             {CameraType::kRightTurnForward, "right_turn_forward"},
                                             {CameraType::kLeftTurnForward, "left_turn_forward"}}};

json::Value camera_to_json(const CameraControl& camera) {
  json::Object object{{"type", to_string(camera.type)}};
  for (const CameraAxis& axis : kCameraAxes) object.emplace_back(axis.name, camera.*axis.value);
  return object;
}

Result<CameraControl> camera_from_json(const json::Value& value) {
  CameraControl camera;
  const auto type = parse_camera_type(value.string_or("type", ""));
  if (!type) return fail(ErrorCode::kCorrupt, "spec: camera type");
  camera.type = *type;
  for (const CameraAxis& axis : kCameraAxes) camera.*axis.value = value.double_or(axis.name, 0);
  return camera;
}

// The members as text: their depth is the client's, and a document of ours has none to spare.
json::Value extra_to_json(const Extra& extra) {
  return json::Object{{"dialect", extra.dialect}, {"members", json::to_text(extra.members)}};
}

Result<Extra> extra_from_json(const json::Value& value) {
  const auto members = json::parse(value.string_or("members", ""));
  if (!members || !members->as_object()) return fail(ErrorCode::kCorrupt, "spec: extra members");
  return Extra{.dialect = value.string_or("dialect", ""), .members = *members->as_object()};
}

}  // namespace

std::string_view to_string(Mode mode) { return word_of(kModes, mode); }
std::string_view to_string(AspectRatio aspect) { return word_of(kAspectRatios, aspect); }
std::string_view to_string(Storyboard storyboard) { return word_of(kStoryboards, storyboard); }
std::string_view to_string(CameraType type) { return word_of(kCameraTypes, type); }
std::optional<Mode> parse_mode(std::string_view word) { return parse_word(kModes, word); }
std::optional<AspectRatio> parse_aspect_ratio(std::string_view word) {
  return parse_word(kAspectRatios, word);
}
std::optional<Storyboard> parse_storyboard(std::string_view word) {
  return parse_word(kStoryboards, word);
}
std::optional<CameraType> parse_camera_type(std::string_view word) {
  return parse_word(kCameraTypes, word);
}

json::Value to_json(const Spec& spec) {
  json::Object object{
      {"model", spec.model},
      {"prompt", spec.prompt},
      {"negative_prompt", spec.negative_prompt},
      {"storyboard", to_string(spec.storyboard)},
      {"mode", to_string(spec.mode)},
      {"aspect_ratio", to_string(spec.aspect_ratio)},
      {"duration_s", spec.duration_s},
      {"sound", spec.sound == Sound::kOn},
      {"watermark", spec.watermark == Watermark::kOn},
      {"watermark_requested", spec.watermark_requested},
      {"callback_url", spec.callback_url},
      {"external_task_id", spec.external_task_id},
  };
  json::Array shots;
  for (const Shot& shot : spec.shots) {
    shots.push_back(json::Object{{"prompt", shot.prompt}, {"duration_s", shot.duration_s}});
  }
  object.emplace_back("shots", std::move(shots));
  if (spec.cfg_scale) object.emplace_back("cfg_scale", *spec.cfg_scale);
  if (spec.camera) object.emplace_back("camera", camera_to_json(*spec.camera));
  if (spec.camera_optional) object.emplace_back("camera_optional", true);
  // As text: a JSON number cannot carry every 64-bit value.
  if (spec.seed) object.emplace_back("seed", std::to_string(*spec.seed));
  if (!spec.fake_rule.empty()) object.emplace_back("fake_rule", spec.fake_rule);
  json::Array ignored(spec.ignored_fields.begin(), spec.ignored_fields.end());
  object.emplace_back("ignored_fields", std::move(ignored));
  if (!spec.extra.empty()) object.emplace_back("extra", extra_to_json(spec.extra));
  return object;
}

Result<Spec> spec_from_json(const json::Value& value) {
  Spec spec;
  const auto mode = parse_mode(value.string_or("mode", ""));
  const auto aspect = parse_aspect_ratio(value.string_or("aspect_ratio", ""));
  const auto storyboard = parse_storyboard(value.string_or("storyboard", ""));
  if (!mode || !aspect || !storyboard) return fail(ErrorCode::kCorrupt, "spec: enum word");
  spec.mode = *mode;
  spec.aspect_ratio = *aspect;
  spec.storyboard = *storyboard;
  spec.model = value.string_or("model", "");
  spec.prompt = value.string_or("prompt", "");
  spec.negative_prompt = value.string_or("negative_prompt", "");
  spec.duration_s = static_cast<int>(value.int_or("duration_s", 0));
  spec.sound = value.bool_or("sound", false) ? Sound::kOn : Sound::kOff;
  spec.watermark = value.bool_or("watermark", false) ? Watermark::kOn : Watermark::kOff;
  spec.watermark_requested = value.bool_or("watermark_requested", false);
  spec.callback_url = value.string_or("callback_url", "");
  spec.external_task_id = value.string_or("external_task_id", "");
  if (const json::Value* shots = value.find("shots"); shots && shots->as_array()) {
    for (const json::Value& shot : *shots->as_array()) {
      spec.shots.push_back(
          {shot.string_or("prompt", ""), static_cast<int>(shot.int_or("duration_s", 0))});
    }
  }
  if (const json::Value* cfg = value.find("cfg_scale")) spec.cfg_scale = cfg->as_double();
  if (const json::Value* camera = value.find("camera")) {
    TRY(spec.camera, camera_from_json(*camera));
  }
  spec.camera_optional = value.bool_or("camera_optional", false);
  if (const std::string seed = value.string_or("seed", ""); !seed.empty()) {
    spec.seed = std::stoull(seed);
  }
  spec.fake_rule = value.string_or("fake_rule", "");
  if (const json::Value* ignored = value.find("ignored_fields"); ignored && ignored->as_array()) {
    for (const json::Value& name : *ignored->as_array()) {
      if (name.as_string()) spec.ignored_fields.push_back(*name.as_string());
    }
  }
  if (const json::Value* extra = value.find("extra")) {
    TRY(spec.extra, extra_from_json(*extra));
  }
  return spec;
}

}  // namespace rushes
