// Spec: what a client asked for, normalised out of any dialect. A value; owned by whoever holds it.
//
// A decoder fills it from foreign bytes, the catalog judges it, the store keeps it as JSON, and a
// provider turns it into a job. It says nothing about who makes the video.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json/value.h"
#include "base/result.h"
#include "core/task/extra.h"

namespace rushes {

enum class Mode { kStd, kPro, k4k };
enum class AspectRatio { k16x9, k9x16, k1x1 };
enum class Storyboard { kSingle, kCustomize, kIntelligence };
enum class Sound { kOff, kOn };
enum class Watermark { kOff, kOn };

enum class CameraType { kSimple, kDownBack, kForwardUp, kRightTurnForward, kLeftTurnForward };

// The words of the wire: "std", "16:9", "customize", "down_back", ... Parsing is exact.
std::string_view to_string(Mode mode);
std::string_view to_string(AspectRatio aspect);
std::string_view to_string(Storyboard storyboard);
std::string_view to_string(CameraType type);
std::optional<Mode> parse_mode(std::string_view word);
std::optional<AspectRatio> parse_aspect_ratio(std::string_view word);
std::optional<Storyboard> parse_storyboard(std::string_view word);
std::optional<CameraType> parse_camera_type(std::string_view word);

// Each axis is in [-10, 10] and at most one is non-zero; all are 0 unless type is kSimple.
struct CameraControl {
  CameraType type = CameraType::kSimple;
  double horizontal = 0, vertical = 0, pan = 0, tilt = 0, roll = 0, zoom = 0;
  bool operator==(const CameraControl&) const = default;
};

struct CameraAxis {
  std::string_view name;  // of the wire
  double CameraControl::* value;
};
inline constexpr std::array<CameraAxis, 6> kCameraAxes{{{"horizontal", &CameraControl::horizontal},
                                                        {"vertical", &CameraControl::vertical},
                                                        {"pan", &CameraControl::pan},
                                                        {"tilt", &CameraControl::tilt},
                                                        {"roll", &CameraControl::roll},
                                                        {"zoom", &CameraControl::zoom}}};

struct Shot {
  std::string prompt;
  int duration_s = 0;
  bool operator==(const Shot&) const = default;
};

struct Spec {
  std::string model;  // the catalog name that the client used, never a mapped one
  std::string prompt;
  std::string negative_prompt;
  Storyboard storyboard = Storyboard::kSingle;
  std::vector<Shot> shots;  // in order; only for kCustomize; durations sum to duration_s
  Mode mode = Mode::kStd;
  AspectRatio aspect_ratio = AspectRatio::k16x9;
  int duration_s = 5;
  Sound sound = Sound::kOff;
  Watermark watermark = Watermark::kOff;
  bool watermark_requested = false;  // the field was present: it is echoed, also when off
  std::optional<double> cfg_scale;   // [0, 1]
  std::optional<CameraControl> camera;
  bool camera_optional = false;  // who cannot move it makes the video without, and says so
  std::string callback_url;      // empty: none
  std::string external_task_id;  // empty: none
  std::optional<uint64_t> seed;  // empty: derived from the task id
  std::string fake_rule;         // for the provider `fake` of a development server; empty: none
  // Members of the client's body without effect; those of `extra` among them, unless the provider
  // that the task was routed to is given them.
  std::vector<std::string> ignored_fields;
  Extra extra;  // only for a provider of its dialect

  bool operator==(const Spec&) const = default;
};

std::string to_json_text(const Spec& spec);
// Reads what to_json_text wrote; kCorrupt for anything else.
Result<Spec> spec_from_json(const json::Value& value);

}  // namespace rushes
