#include <fmt/format.h>

#include "base/json/value.h"
#include "base/time.h"
#include "base/utf8.h"
#include "cli/command.h"
#include "cli/session.h"
#include "cli/terminal.h"
#include "cli/watch.h"
#include "core/wire/url.h"
#include "server/app/task_report.h"

namespace rushes::cli {
namespace {

constexpr size_t kPromptColumns = 48;
constexpr int kNameColumns = 18, kAttemptNameColumns = 22;

std::string time_text(const json::Value& object, std::string_view key) {
  const int64_t ms = object.int_or(key, 0);
  return ms == 0 ? "-" : to_iso8601(from_unix_ms(ms));
}

std::string shortened(const std::string& text) {
  const std::string_view cut = truncate_code_points(text, kPromptColumns);
  return cut.size() == text.size() ? text : std::string(cut) + "…";
}

int list(const Tasks& options, Session& session, bool as_json) {
  const auto reply = session.get(
      fmt::format("/rushes/v1/tasks?page={}&page_size={}", options.page, options.page_size));
  if (!reply) return report_from_server(reply.error());
  const json::Value* tasks = reply->find("tasks");
  if (as_json) {
    fmt::print("{}\n", json::to_text(tasks ? *tasks : json::Value(json::Array{})));
    return kDone;
  }
  std::vector<std::vector<std::string>> rows{{"TASK", "STATE", "CREATED", "MODEL", "PROMPT"}};
  if (tasks != nullptr && tasks->as_array() != nullptr) {
    for (const json::Value& task : *tasks->as_array()) {
      rows.push_back({task.string_or("task_id", ""), task.string_or("state", ""),
                      time_text(task, "created_at"), task.string_or("model", ""),
                      shortened(task.string_or("prompt", ""))});
    }
  }
  print_table(rows);
  return kDone;
}

void print_task(const json::Value& task) {
  for (const auto& [name, value] : *task.as_object()) {
    if (name == "events" || value.is_null()) continue;
    const bool is_time = name.ends_with("_at");
    const std::string text = is_time             ? time_text(task, name)
                             : value.as_string() ? *value.as_string()
                                                 : json::to_text(value);
    if (!text.empty()) print_field(name, text, kNameColumns);
  }
  const json::Value* events = task.find("events");
  if (events == nullptr || events->as_array() == nullptr) return;
  fmt::print("\n");
  std::vector<std::vector<std::string>> rows{{"AT", "EVENT", "DETAIL"}};
  for (const json::Value& event : *events->as_array()) {
    rows.push_back(
        {time_text(event, "at"), event.string_or("name", ""), event.string_or("detail", "")});
  }
  print_table(rows);
}

int show(const Tasks& options, Session& session, bool as_json) {
  const auto task = session.get("/rushes/v1/tasks/" + wire::percent_encode(options.id));
  if (!task) return report_from_server(task.error());
  if (as_json) {
    fmt::print("{}\n", json::to_text(*task));
  } else {
    print_task(*task);
  }
  return kDone;
}

int watch(const Tasks& options, Session& session, Signals& signals, bool as_json) {
  const auto task = watch_task(session, options.id, signals, OnInterrupt::kLeaveTask);
  if (!task) return report_from_server(task.error());
  const bool succeeded = task->string_or("state", "") == "succeeded";
  if (as_json) {
    fmt::print("{}\n", json::to_text(*task));
  } else {
    fmt::print("{}\n",
               printable(succeeded ? task->string_or("video_url", "")
                                   : task->string_or("failure_message", "the task failed")));
  }
  return succeeded ? kDone : kFailed;
}

int cancel(const Tasks& options, Session& session) {
  const auto reply = session.post(
      fmt::format("/rushes/v1/tasks/{}/cancel", wire::percent_encode(options.id)), json::Object{});
  if (!reply) return report_from_server(reply.error());
  fmt::print("cancelling {}\n", printable(options.id));
  return kDone;
}

int show_to_operator(const Tasks& options, const Connection& connection) {
  const auto config = load_config(connection);
  if (!config) return report(config.error());
  if (const auto there = require_data(*config); !there) return report(there.error());
  const auto task = app::report_task(*config, options.id);
  if (!task) return report(task.error());
  if (connection.json) {
    fmt::print("{}\n", json::to_text(*task));
    return kDone;
  }
  for (const auto& [name, value] : *task->as_object()) {
    if (name == "attempts" || name == "events") continue;
    print_field(name, value.as_string() ? *value.as_string() : json::to_text(value), kNameColumns);
  }
  for (const json::Value& attempt : *task->find("attempts")->as_array()) {
    fmt::print("\nattempt {}\n", attempt.int_or("number", 0));
    for (const auto& [name, value] : *attempt.as_object()) {
      if (name == "number") continue;
      print_field("  " + name, value.as_string() ? *value.as_string() : json::to_text(value),
                  kAttemptNameColumns);
    }
  }
  fmt::print("\n");
  std::vector<std::vector<std::string>> rows{{"AT", "EVENT", "DETAIL"}};
  for (const json::Value& event : *task->find("events")->as_array()) {
    rows.push_back(
        {event.string_or("at", ""), event.string_or("name", ""), event.string_or("detail", "")});
  }
  print_table(rows);
  return kDone;
}

}  // namespace

int run(const Tasks& options, const Connection& connection) {
  if (options.for_operator) return show_to_operator(options, connection);
  Signals signals;
  auto session = Session::open(connection, Session::Private::kRefuse);
  if (!session) return report_from_server(session.error());
  switch (options.verb) {
    case Tasks::Verb::kList: return list(options, *session, connection.json);
    case Tasks::Verb::kShow: return show(options, *session, connection.json);
    case Tasks::Verb::kWatch: return watch(options, *session, signals, connection.json);
    case Tasks::Verb::kCancel: return cancel(options, *session);
  }
  return kUsage;
}

}  // namespace rushes::cli
