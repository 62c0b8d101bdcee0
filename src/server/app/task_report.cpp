#include "server/app/task_report.h"

#include <fmt/format.h>

#include "edge/platform/blocking.h"
#include "server/app/guest_store.h"

namespace rushes::app {
namespace {

void add_time(json::Object& object, std::string_view name, std::optional<Timestamp> at) {
  if (at && *at != Timestamp{}) object.emplace_back(name, to_iso8601(*at));
}

void add_text(json::Object& object, std::string_view name, const std::string& text) {
  if (!text.empty()) object.emplace_back(name, text);
}

json::Value attempt_json(const Attempt& attempt) {
  json::Object object{{"number", attempt.number},     {"state", to_string(attempt.state)},
                      {"provider", attempt.provider}, {"credential", attempt.credential},
                      {"model", attempt.model},       {"handle", attempt.handle}};
  add_text(object, "upstream_id", attempt.upstream_id);
  add_text(object, "upstream_request_id", attempt.upstream_request_id);
  add_text(object, "status", attempt.status);
  add_text(object, "reason", attempt.reason);
  if (attempt.cost) object.emplace_back("cost", format_units(*attempt.cost));
  add_time(object, "begun_at", attempt.begun_at);
  add_time(object, "bound_at", attempt.bound_at);
  add_time(object, "ended_at", attempt.ended_at);
  if (attempt.absent_lookups > 0) object.emplace_back("absent_lookups", attempt.absent_lookups);
  return object;
}

json::Value event_json(const TaskEvent& event) {
  json::Object object{{"at", to_iso8601(event.at)}, {"name", event.name}};
  add_text(object, "detail", event.detail);
  return object;
}

void add_task(json::Object& report, const store::Account& account, const Task& task) {
  report.emplace_back("account", account.name);
  report.emplace_back("state", to_string(task.state));
  report.emplace_back("provider", task.provider);
  report.emplace_back("dialect", task.dialect + "/" + task.profile);
  report.emplace_back("model", task.spec.model);
  report.emplace_back("estimate", format_units(task.price_estimate));
  if (task.price_final) report.emplace_back("charged", format_units(*task.price_final));
  add_text(report, "failure_code", task.failure_code);
  add_text(report, "failure_message", task.failure_message);
  add_text(report, "external_task_id", task.spec.external_task_id);
  json::Array notes(task.notes.begin(), task.notes.end());
  if (!notes.empty()) report.emplace_back("notes", std::move(notes));
}

}  // namespace

Result<json::Value> report_task(const config::Config& config, std::string_view id) {
  const auto task_id = TaskId::parse(id);
  if (!task_id) {
    return fail_user(ErrorCode::kInvalidInput,
                     fmt::format("task id '{}' is invalid: give the decimal id", id));
  }
  TRY(auto store, open_guest_store(config));
  json::Object report{{"task_id", task_id->to_string()}};
  TRY(const auto task, run_to_end(store->find_record(*task_id)));
  if (!task) return fail_user(ErrorCode::kNotFound, fmt::format("no task '{}'", id));
  TRY(const auto account, run_to_end(store->find_account(task->account)));
  if (account) add_task(report, *account, *task);
  TRY(const auto attempts, run_to_end(store->list_attempts(*task_id)));
  TRY(const auto events, run_to_end(store->list_events(*task_id)));
  json::Array attempt_list, event_list;
  for (const Attempt& attempt : attempts) attempt_list.push_back(attempt_json(attempt));
  for (const TaskEvent& event : events) event_list.push_back(event_json(event));
  report.emplace_back("attempts", std::move(attempt_list));
  report.emplace_back("events", std::move(event_list));
  return report;
}

}  // namespace rushes::app
