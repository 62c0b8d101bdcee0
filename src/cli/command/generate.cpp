#include <fmt/format.h>
#include <fmt/ranges.h>
#include <signal.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <filesystem>
#include <limits>

#include "base/json/value.h"
#include "cli/command.h"
#include "cli/file.h"
#include "cli/session.h"
#include "cli/terminal.h"
#include "cli/watch.h"

namespace rushes::cli {
namespace {

// The mount whose profile leaves it to the provider what is possible: previz can do all of it.
constexpr std::string_view kCreatePath = "/kling/v1/videos/text2video";
constexpr std::string_view kStoryboardModel = "kling-v3";
constexpr int64_t kShotSecondsMax = 999;  // what a model takes is the server's to say
constexpr int kDefaultDuration = 5;
constexpr std::array<std::string_view, 6> kCameraAxes{"horizontal", "vertical", "pan",
                                                      "tilt",       "roll",     "zoom"};
constexpr std::array<std::string_view, 4> kCameraTypes{"down_back", "forward_up",
                                                       "right_turn_forward", "left_turn_forward"};
constexpr double kCameraAmountMax = 10;

// The number that is all of `text`; NaN, which is in no range, if there is none.
double number_in(std::string_view text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool whole = error == std::errc{} && end == text.data() + text.size();
  return whole ? value : std::numeric_limits<double>::quiet_NaN();
}

Result<json::Value> camera_body(std::string_view move) {
  const size_t colon = move.find(':');
  const std::string_view word = move.substr(0, colon);
  if (colon == move.npos && std::ranges::find(kCameraTypes, word) != kCameraTypes.end()) {
    return json::Value(json::Object{{"type", word}});
  }
  if (colon != move.npos && std::ranges::find(kCameraAxes, word) != kCameraAxes.end()) {
    const double amount = number_in(move.substr(colon + 1));
    if (std::abs(amount) <= kCameraAmountMax) {
      return json::Value(
          json::Object{{"type", "simple"}, {"config", json::Object{{std::string(word), amount}}}});
    }
  }
  return fail_user(ErrorCode::kInvalidInput,
                   fmt::format("--camera '{}' is invalid: allowed are AXIS:N with AXIS one of {} "
                               "and N from -10 to 10, and {}",
                               move, fmt::join(kCameraAxes, ", "), fmt::join(kCameraTypes, ", ")));
}

struct Storyboard {
  json::Array shots;  // as multi_prompt
  int duration_s = 0;
};

Result<Storyboard> read_storyboard(const std::string& file) {
  TRY(const std::string text, read_input(file));
  TRY(const json::Value root, json::parse(text));
  const json::Array* shots = root.as_array();
  if (shots == nullptr || shots->empty()) {
    return fail_user(
        ErrorCode::kInvalidInput,
        fmt::format("--shots: {} must be a JSON array of {{\"prompt\", \"duration\"}}", file));
  }
  Storyboard storyboard;
  for (const json::Value& shot : *shots) {
    const int64_t duration = shot.int_or("duration", 0);
    if (duration < 1 || duration > kShotSecondsMax) {
      return fail_user(ErrorCode::kInvalidInput,
                       fmt::format("--shots: shot {} needs a 'duration' of whole seconds, 1 to {}",
                                   storyboard.shots.size() + 1, kShotSecondsMax));
    }
    storyboard.duration_s += static_cast<int>(duration);
    storyboard.shots.push_back(
        json::Object{{"index", static_cast<int64_t>(storyboard.shots.size() + 1)},
                     {"prompt", shot.string_or("prompt", "")},
                     {"duration", std::to_string(duration)}});
  }
  return storyboard;
}

Result<json::Value> request_body(const Generate& options) {
  json::Object body;
  int duration_s = options.duration_s.value_or(kDefaultDuration);
  std::string model = options.model;
  if (!options.shots_file.empty()) {
    TRY(Storyboard storyboard, read_storyboard(options.shots_file));
    if (!options.duration_s) duration_s = storyboard.duration_s;
    if (model.empty()) model = kStoryboardModel;
    body.emplace_back("multi_shot", true);
    body.emplace_back("shot_type", "customize");
    body.emplace_back("multi_prompt", std::move(storyboard.shots));
  } else if (options.prompt.empty()) {
    return fail_user(ErrorCode::kInvalidInput, "generate needs a PROMPT or --shots FILE");
  } else {
    body.emplace_back("prompt", options.prompt);
  }
  if (!model.empty()) body.emplace_back("model_name", model);
  body.emplace_back("mode", options.mode);
  body.emplace_back("aspect_ratio", options.aspect_ratio);
  body.emplace_back("duration", std::to_string(duration_s));
  body.emplace_back("sound", options.sound);
  if (!options.negative_prompt.empty())
    body.emplace_back("negative_prompt", options.negative_prompt);
  if (options.camera) {
    TRY(json::Value camera, camera_body(*options.camera));
    body.emplace_back("camera_control", std::move(camera));
  }
  if (options.watermark) body.emplace_back("watermark_info", json::Object{{"enabled", true}});
  return json::Value(std::move(body));
}

std::string marked_name(const std::string& file) {
  const std::filesystem::path path(file);
  return (path.parent_path() / (path.stem().string() + "-watermarked" + path.extension().string()))
      .string();
}

Result<std::string> download_results(Session& session, const json::Value& task,
                                     const std::string& wanted_file) {
  const std::string file = wanted_file.empty()
                               ? fmt::format("rushes-{}.mp4", task.string_or("task_id", ""))
                               : wanted_file;
  const std::string url = task.string_or("video_url", "");
  if (url.empty()) return fail(ErrorCode::kCorrupt, "the server reports success without a video");
  TRY_VOID(session.download(url, file));
  if (const std::string marked = task.string_or("watermark_url", ""); !marked.empty()) {
    TRY_VOID(session.download(marked, marked_name(file)));
  }
  return file;
}

// The body to post, once it is known that its result has a place to go to.
Result<json::Value> prepare(const Generate& options) {
  TRY(json::Value body, request_body(options));
  if (options.output_file.empty()) {  // its name comes with the task's id
    TRY_VOID(check_output_folder("."));
    return body;
  }
  TRY_VOID(check_output(options.output_file));
  if (options.watermark) TRY_VOID(check_output(marked_name(options.output_file)));
  return body;
}

// What went wrong after the task was made: it may be looked at, and its video fetched, by its id.
int report_on_task(const std::string& id, Error error) {
  std::string& text = error.user_message.empty() ? error.message : error.user_message;
  text = fmt::format("task {}: {}", id, text);
  return report_from_server(error);
}

}  // namespace

int run(const Generate& options, const Connection& connection) {
  const auto body = prepare(options);
  if (!body) return report(body.error());
  Signals signals;
  auto session = Session::open(connection, Session::Private::kStart);
  if (!session) return report_from_server(session.error());

  wire::Headers headers;
  if (options.seed) headers.add("X-Rushes-Seed", std::to_string(*options.seed));
  const auto created = session->post(std::string(kCreatePath), *body, std::move(headers));
  if (!created) return report_from_server(created.error());
  const json::Value* data = created->find("data");
  const std::string id = data ? data->string_or("task_id", "") : "";

  const auto task = watch_task(*session, id, signals, OnInterrupt::kCancelTask);
  if (!task) return report_on_task(id, task.error());
  if (task->string_or("state", "") != "succeeded") {
    say(printable(task->string_or("failure_message", "the task failed")) + "\n");
    return kFailed;
  }
  const auto file = download_results(*session, *task, options.output_file);
  if (!file) return report_on_task(id, file.error());
  for (const char* kind : {"notes", "ignored"}) {
    const json::Value* notes = task->find(kind);
    if (notes == nullptr || notes->as_array() == nullptr) continue;
    for (const json::Value& note : *notes->as_array()) {
      if (note.as_string() != nullptr) say(fmt::format("note: {}\n", printable(*note.as_string())));
    }
  }
  if (connection.json) {
    json::Object out = *task->as_object();
    out.emplace_back("file", *file);
    fmt::print("{}\n", json::to_text(std::move(out)));
  } else {
    fmt::print("{}\n", *file);
  }
  return kDone;
}

}  // namespace rushes::cli
