#include "core/task/spec.h"

#include <array>

#include "base/json/writer.h"
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

constexpr size_t kUsualTextBytes = 480;  // of a stored spec, without its prompt

void write_camera(json::Writer& out, const CameraControl& camera) {
  out.begin_object().member("type", to_string(camera.type));
  for (const CameraAxis& axis : kCameraAxes) out.member(axis.name, camera.*axis.value);
  out.end_object();
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
void write_extra(json::Writer& out, const Extra& extra) {
  out.begin_object()
      .member("dialect", extra.dialect)
      .member("members", json::to_text(extra.members))
      .end_object();
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

std::string to_json_text(const Spec& spec) {
  std::string text;
  text.reserve(kUsualTextBytes + spec.prompt.size());
  json::Writer out(text);
  out.begin_object()
      .member("model", spec.model)
      .member("prompt", spec.prompt)
      .member("negative_prompt", spec.negative_prompt)
      .member("storyboard", to_string(spec.storyboard))
      .member("mode", to_string(spec.mode))
      .member("aspect_ratio", to_string(spec.aspect_ratio))
      .member("duration_s", spec.duration_s)
      .member("sound", spec.sound == Sound::kOn)
      .member("watermark", spec.watermark == Watermark::kOn)
      .member("watermark_requested", spec.watermark_requested)
      .member("callback_url", spec.callback_url)
      .member("external_task_id", spec.external_task_id);
  out.key("shots").begin_array();
  for (const Shot& shot : spec.shots) {
    out.begin_object()
        .member("prompt", shot.prompt)
        .member("duration_s", shot.duration_s)
        .end_object();
  }
  out.end_array();
  if (spec.cfg_scale) out.member("cfg_scale", *spec.cfg_scale);
  if (spec.camera) write_camera(out.key("camera"), *spec.camera);
  if (spec.camera_optional) out.member("camera_optional", true);
  // As text: a JSON number cannot carry every 64-bit value.
  if (spec.seed) out.member("seed", std::to_string(*spec.seed));
  if (!spec.fake_rule.empty()) out.member("fake_rule", spec.fake_rule);
  out.key("ignored_fields").begin_array();
  for (const std::string& name : spec.ignored_fields) out.value(name);
  out.end_array();
  if (!spec.extra.empty()) write_extra(out.key("extra"), spec.extra);
  out.end_object();
  return text;
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
