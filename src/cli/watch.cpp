#include "cli/watch.h"

#include <signal.h>

#include "core/wire/url.h"

namespace rushes::cli {
namespace {

constexpr Millis kPollInterval{250};

std::string label_of(const std::string& state) {
  if (state == "queued" || state == "submitting") return "waiting";
  if (state == "succeeded") return "done";
  return printable(state);
}

}  // namespace

Result<json::Value> watch_task(Session& session, const std::string& id, Signals& signals,
                               OnInterrupt on_interrupt) {
  const std::string path = "/rushes/v1/tasks/" + wire::percent_encode(id);
  ProgressBar bar;
  for (;;) {
    TRY(json::Value task, session.get(path));
    const std::string state = task.string_or("state", "");
    const bool over = state == "succeeded" || state == "failed";
    bar.show(state == "succeeded" ? 100 : static_cast<int>(task.int_or("progress_percent", 0)),
             label_of(state));
    if (over) {
      bar.finish();
      return task;
    }
    const int signal = signals.wait(kPollInterval);
    if (signal == SIGINT || signal == SIGTERM) {
      bar.finish();
      if (on_interrupt == OnInterrupt::kCancelTask) {
        ignore_error(session.post(path + "/cancel", json::Object{}),
                     "the person is leaving; at worst the task is made for nothing");
      }
      return fail_user(ErrorCode::kCancelled, "interrupted");
    }
  }
}

}  // namespace rushes::cli
