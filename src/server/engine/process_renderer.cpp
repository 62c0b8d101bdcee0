#include "server/engine/process_renderer.h"

#include <fmt/format.h>

#include <algorithm>

#include "edge/platform/files.h"
#include "edge/platform/process.h"

namespace rushes::engine {
namespace {

constexpr size_t kResultSizeMax = 1 << 20;
constexpr size_t kNotesMax = 100;

void append_texts(const json::Value* values, std::string_view prefix,
                  std::vector<std::string>& notes) {
  if (values == nullptr || values->as_array() == nullptr) return;
  for (const json::Value& value : *values->as_array()) {
    if (value.as_string() == nullptr || notes.size() == kNotesMax) continue;
    notes.push_back(std::string(prefix) + *value.as_string());
  }
}

std::string last_line(std::string_view text) {
  while (text.ends_with('\n')) text.remove_suffix(1);
  const size_t line = text.rfind('\n');
  return std::string(line == std::string_view::npos ? text : text.substr(line + 1));
}

std::string describe(const process::Exit& exit) {
  const std::string how = exit.signal != 0 ? fmt::format("ended by signal {}", exit.signal)
                                           : fmt::format("exit code {}", exit.code);
  const std::string words = last_line(exit.error_tail);
  return words.empty() ? how : how + ": " + words;
}

class ProcessRendering final : public Rendering {
 public:
  explicit ProcessRendering(std::string result_file) : result_file_(std::move(result_file)) {}

  Result<void> start(process::Options options, Executor executor,
                     std::function<void(int)> on_progress) {
    TRY(child_, process::Child::start(std::move(options), executor,
                                      [on_progress = std::move(on_progress)](
                                          std::string_view line) { report(line, on_progress); }));
    return {};
  }

  Awaitable<RenderOutcome> wait() override {
    const process::Exit exit = co_await child_->wait();
    RenderOutcome outcome;
    if (stopped_) {
      outcome.kind = RenderOutcome::Kind::kStopped;
    } else if (!exit.ok()) {
      outcome.error = describe(exit);
    } else {
      read_result(outcome);
    }
    co_return outcome;
  }

  void stop() override {
    stopped_ = true;
    child_->kill();
  }

 private:
  static void report(std::string_view line, const std::function<void(int)>& on_progress) {
    const auto message = json::parse(line);
    if (!message) return;  // not ours to judge: only progress is read here
    const double progress = message->double_or("progress", -1);
    if (progress >= 0) on_progress(static_cast<int>(std::clamp(progress, 0.0, 1.0) * 100));
  }

  void read_result(RenderOutcome& outcome) {
    const auto text = files::read(result_file_, kResultSizeMax);
    const auto result = text ? json::parse(*text) : Result<json::Value>(json::Value());
    if (!text || !result || result->as_object() == nullptr) {
      outcome.error = "it ended well but left no readable result.json";
      return;
    }
    outcome.kind = RenderOutcome::Kind::kDone;
    outcome.frame_count = static_cast<int>(result->int_or("frame_count", 0));
    outcome.fps = static_cast<int>(result->int_or("fps", 0));
    append_texts(result->find("drawn"), "drawn: ", outcome.notes);
    append_texts(result->find("ignored"), "not understood: ", outcome.notes);
    append_texts(result->find("notes"), "", outcome.notes);
  }

  std::string result_file_;
  std::unique_ptr<process::Child> child_;
  bool stopped_ = false;
};

}  // namespace

Result<std::unique_ptr<Rendering>> ProcessRenderer::start(RenderRequest request, Executor executor,
                                                          std::function<void(int)> on_progress) {
  const std::string job_file = request.work_directory + "/job.json";
  TRY_VOID(files::write_atomically(job_file, json::to_text(request.job), 0600));
  process::Options options;
  options.argv = {options_.program, "render", "--job", job_file, "--out", request.work_directory};
  options.environment = options_.environment;
  options.nice = options_.nice;
  options.memory_bytes_max = options_.memory_bytes_max;
  auto rendering = std::make_unique<ProcessRendering>(request.work_directory + "/result.json");
  TRY_VOID(rendering->start(std::move(options), executor, std::move(on_progress)));
  return rendering;
}

}  // namespace rushes::engine
