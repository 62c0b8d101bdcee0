#include "previz/job.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>
#include <string_view>
#include <utility>

#include "base/words.h"

namespace rushes::previz {
namespace {

constexpr Words<StoryboardKind, 3> kStoryboards{{{StoryboardKind::kSingle, "single"},
                                                 {StoryboardKind::kCustomize, "customize"},
                                                 {StoryboardKind::kIntelligence, "intelligence"}}};
constexpr Words<Quality, 4> kQualities{{{Quality::kDraft, "draft"},
                                        {Quality::kStandard, "standard"},
                                        {Quality::kHigh, "high"},
                                        {Quality::kUltra, "ultra"}}};
constexpr Words<CameraMoveKind, 11> kMoves{{
    {CameraMoveKind::kNone, "none"},
    {CameraMoveKind::kHorizontal, "horizontal"},
    {CameraMoveKind::kVertical, "vertical"},
    {CameraMoveKind::kPan, "pan"},
    {CameraMoveKind::kTilt, "tilt"},
    {CameraMoveKind::kRoll, "roll"},
    {CameraMoveKind::kZoom, "zoom"},
    {CameraMoveKind::kDownBack, "down_back"},
    {CameraMoveKind::kForwardUp, "forward_up"},
    {CameraMoveKind::kRightTurnForward, "right_turn_forward"},
    {CameraMoveKind::kLeftTurnForward, "left_turn_forward"},
}};

// One object of the document: reads the members it is asked for, then refuses the rest. `path` is
// the object's own place, for messages ("shots[2].").
class Fields {
 public:
  static Result<Fields> of(const json::Value& value, std::string path) {
    if (value.as_object() == nullptr) {
      return fail_user(ErrorCode::kInvalidInput, path.empty()
                                                     ? "the job is not a JSON object"
                                                     : fmt::format("'{}' is not an object", path));
    }
    return Fields(value, path.empty() ? path : path + ".");
  }

  Result<std::string> text(std::string_view name, size_t size_max) {
    const json::Value* value = take(name);
    if (value == nullptr) return std::string();
    if (value->as_string() == nullptr) return refuse(name, "must be a string");
    if (value->as_string()->size() > size_max) {
      return refuse(name, fmt::format("is {} bytes long: at most {} are allowed",
                                      value->as_string()->size(), size_max));
    }
    return *value->as_string();
  }

  Result<int> integer(std::string_view name, int low, int high, int fallback) {
    const json::Value* value = take(name);
    if (value == nullptr) return fallback;
    const auto number = value->as_int();
    if (!number || *number < low || *number > high) {
      return refuse(name, fmt::format("value {} is invalid: an integer from {} to {} is needed",
                                      json::to_text(*value), low, high));
    }
    return static_cast<int>(*number);
  }

  Result<double> real(std::string_view name, double low, double high) {
    const json::Value* value = take(name);
    if (value == nullptr) return 0.0;
    const auto number = value->as_double();
    if (!number || !(*number >= low && *number <= high)) {
      return refuse(name, fmt::format("value {} is invalid: a number from {} to {} is needed",
                                      json::to_text(*value), low, high));
    }
    return *number;
  }

  Result<bool> boolean(std::string_view name) {
    const json::Value* value = take(name);
    if (value == nullptr) return false;
    if (!value->as_bool()) return refuse(name, "must be true or false");
    return *value->as_bool();
  }

  template <class Enum, size_t N>
  Result<Enum> word(std::string_view name, const Words<Enum, N>& words, Enum fallback) {
    const json::Value* value = take(name);
    if (value == nullptr) return fallback;
    const std::string* given = value->as_string();
    std::string allowed;
    for (const auto& [meaning, spelling] : words) {
      if (given != nullptr && *given == spelling) return meaning;
      allowed += (allowed.empty() ? "" : ", ") + std::string(spelling);
    }
    return refuse(name, fmt::format("value {} is invalid: one of {} is needed",
                                    json::to_text(*value), allowed));
  }

  // A 64-bit number, as a decimal string or as a JSON integer.
  Result<uint64_t> big(std::string_view name) {
    const json::Value* value = take(name);
    if (value == nullptr) return uint64_t{0};
    if (const auto number = value->as_int(); number && *number >= 0) {
      return static_cast<uint64_t>(*number);
    }
    if (const std::string* digits = value->as_string()) {
      uint64_t number = 0;
      const char* end = digits->data() + digits->size();
      const auto [stop, error] = std::from_chars(digits->data(), end, number);
      if (error == std::errc() && stop == end) return number;
    }
    return refuse(name, "must be a whole number from 0 to 18446744073709551615");
  }

  // Null if absent.
  const json::Value* take(std::string_view name) {
    taken_.push_back(name);
    return value_->find(name);
  }

  Result<void> nothing_else() const {
    for (const auto& [name, value] : *value_->as_object()) {
      if (std::ranges::find(taken_, name) == taken_.end()) {
        return refuse(name.substr(0, 64), "is not a member of this object");
      }
    }
    return {};
  }

  [[nodiscard]] std::unexpected<Error> refuse(std::string_view name, std::string_view what) const {
    return fail_user(ErrorCode::kInvalidInput, fmt::format("'{}{}' {}", path_, name, what));
  }

 private:
  Fields(const json::Value& value, std::string path) : value_(&value), path_(std::move(path)) {}

  const json::Value* value_;
  std::string path_;
  std::vector<std::string_view> taken_;
};

Result<std::vector<JobShot>> read_shots(Fields& fields) {
  const json::Value* value = fields.take("shots");
  if (value == nullptr) return std::vector<JobShot>();
  const json::Array* array = value->as_array();
  // A shot lasts a second or more, so a clip cannot hold more shots than seconds.
  if (array == nullptr || array->size() > kDurationMax) {
    return fields.refuse("shots", fmt::format("must be an array of at most {}", kDurationMax));
  }
  std::vector<JobShot> shots;
  for (const json::Value& item : *array) {
    TRY(Fields shot, Fields::of(item, fmt::format("shots[{}]", shots.size())));
    JobShot& out = shots.emplace_back();
    TRY(out.prompt, shot.text("prompt", kPromptBytesMax));
    TRY(out.duration_s, shot.integer("duration_s", kDurationMin, kDurationMax, 0));
    if (out.duration_s == 0) return shot.refuse("duration_s", "is missing");
    TRY_VOID(shot.nothing_else());
  }
  return shots;
}

Result<CameraMove> read_camera(Fields& fields) {
  CameraMove move;
  const json::Value* value = fields.take("camera");
  if (value == nullptr) return move;
  TRY(Fields camera, Fields::of(*value, "camera"));
  TRY(move.kind, camera.word("kind", kMoves, CameraMoveKind::kNone));
  TRY(const double amount, camera.real("value", -10, 10));
  move.value = static_cast<float>(amount);
  TRY_VOID(camera.nothing_else());
  return move;
}

// What members must be to each other.
Result<void> check_together(const Fields& fields, const Job& job) {
  for (const auto& [name, side] :
       {std::pair{"width", job.width}, std::pair{"height", job.height}}) {
    if (side % 2 != 0) return fields.refuse(name, fmt::format("value {} is invalid: odd", side));
  }
  if (job.storyboard != StoryboardKind::kCustomize) {
    if (!job.shots.empty()) return fields.refuse("shots", "needs storyboard \"customize\"");
    return {};
  }
  if (job.shots.empty()) return fields.refuse("shots", "is empty: \"customize\" needs one or more");
  int total = 0;
  for (const JobShot& shot : job.shots) total += shot.duration_s;
  if (total != job.duration_s) {
    return fields.refuse(
        "shots", fmt::format("last {} seconds together: duration_s is {}", total, job.duration_s));
  }
  return {};
}

json::Array to_array(const std::vector<std::string>& texts) {
  return json::Array(texts.begin(), texts.end());
}

Result<std::vector<std::string>> read_texts(const json::Value& value, std::string_view name) {
  const json::Value* member = value.find(name);
  std::vector<std::string> texts;
  if (member == nullptr || member->as_array() == nullptr) {
    return fail(ErrorCode::kCorrupt, fmt::format("'{}' is not an array", name));
  }
  for (const json::Value& item : *member->as_array()) {
    if (item.as_string() == nullptr) {
      return fail(ErrorCode::kCorrupt, fmt::format("'{}' holds something else than text", name));
    }
    texts.push_back(*item.as_string());
  }
  return texts;
}

}  // namespace

json::Value to_json(const Job& job) {
  json::Array shots;
  for (const JobShot& shot : job.shots) {
    shots.push_back(json::Object{{"prompt", shot.prompt}, {"duration_s", shot.duration_s}});
  }
  return json::Object{
      {"prompt", job.prompt},
      {"negative_prompt", job.negative_prompt},
      {"storyboard", word_of(kStoryboards, job.storyboard)},
      {"shots", std::move(shots)},
      {"camera", json::Object{{"kind", word_of(kMoves, job.camera.kind)},
                              {"value", static_cast<double>(job.camera.value)}}},
      {"width", job.width},
      {"height", job.height},
      {"fps", job.fps},
      {"duration_s", job.duration_s},
      {"sound", job.sound},
      {"watermark", job.watermark},
      {"quality", word_of(kQualities, job.quality)},
      {"seed", fmt::format("{}", job.seed)},
      {"threads", job.threads},
  };
}

Result<Job> job_from_json(const json::Value& value) {
  TRY(Fields fields, Fields::of(value, ""));
  const Job standard;
  Job job;
  TRY(job.prompt, fields.text("prompt", kPromptBytesMax));
  TRY(job.negative_prompt, fields.text("negative_prompt", kPromptBytesMax));
  TRY(job.storyboard, fields.word("storyboard", kStoryboards, standard.storyboard));
  TRY(job.shots, read_shots(fields));
  TRY(job.camera, read_camera(fields));
  TRY(job.width, fields.integer("width", kSideMin, kSideMax, standard.width));
  TRY(job.height, fields.integer("height", kSideMin, kSideMax, standard.height));
  TRY(job.fps, fields.integer("fps", kFpsMin, kFpsMax, standard.fps));
  TRY(job.duration_s,
      fields.integer("duration_s", kDurationMin, kDurationMax, standard.duration_s));
  TRY(job.sound, fields.boolean("sound"));
  TRY(job.watermark, fields.boolean("watermark"));
  TRY(job.quality, fields.word("quality", kQualities, standard.quality));
  TRY(job.seed, fields.big("seed"));
  TRY(job.threads, fields.integer("threads", 0, kThreadsMax, standard.threads));
  TRY_VOID(fields.nothing_else());
  TRY_VOID(check_together(fields, job));
  return job;
}

json::Value to_json(const JobResult& result) {
  return json::Object{
      {"frame_count", result.frame_count}, {"fps", result.fps},
      {"drawn", to_array(result.drawn)},   {"ignored", to_array(result.ignored)},
      {"notes", to_array(result.notes)},
  };
}

Result<JobResult> job_result_from_json(const json::Value& value) {
  if (value.as_object() == nullptr) return fail(ErrorCode::kCorrupt, "the result is no object");
  JobResult result;
  const int64_t frames = value.int_or("frame_count", -1), fps = value.int_or("fps", -1);
  if (frames < 1 || frames > int64_t{kFpsMax} * kDurationMax) {
    return fail(ErrorCode::kCorrupt, "'frame_count' is not a number of frames");
  }
  if (fps < kFpsMin || fps > kFpsMax) return fail(ErrorCode::kCorrupt, "'fps' is out of range");
  result.frame_count = static_cast<int>(frames);
  result.fps = static_cast<int>(fps);
  TRY(result.drawn, read_texts(value, "drawn"));
  TRY(result.ignored, read_texts(value, "ignored"));
  TRY(result.notes, read_texts(value, "notes"));
  return result;
}

}  // namespace rushes::previz
