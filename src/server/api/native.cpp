// Our own view: what the dialects have no words for (progress, notes, history, cancelling, prices
// beforehand). Plain JSON objects; errors have the first dialect's shape.
#include <fmt/format.h>

#include <algorithm>

#include "base/json/writer.h"
#include "core/wire/url.h"
#include "server/api/endpoints.h"
#include "server/api/native_kit.h"

namespace rushes::api {

using dialect::Answer;
using dialect::Reason;
using dialect::refuse;
using dialect::to_refusal;

namespace {

constexpr int kPageMax = 1000;
constexpr int kPageSizeMax = 500;
constexpr int kPageSizeDefault = 30;

template <class Texts>
void write_texts(json::Writer& out, std::string_view name, const Texts& texts) {
  out.key(name).begin_array();
  for (const auto& text : texts) out.value(text);
  out.end_array();
}

// The profile that the client names, else the vendor's own, else the first; null: no such profile.
const catalog::Profile* find_profile(const Service& service, const std::string* name) {
  const std::vector<catalog::Profile>& profiles = service.parts.catalog.profiles();
  const std::string_view wanted = name ? std::string_view(*name) : "official";
  const auto found = std::ranges::find(profiles, wanted, &catalog::Profile::name);
  if (found != profiles.end()) return &*found;
  return name || profiles.empty() ? nullptr : &profiles.front();
}

std::string_view link_name(ArtifactKind kind) {
  switch (kind) {
    case ArtifactKind::kVideo: return "video_url";
    case ArtifactKind::kWatermarkedVideo: return "watermark_url";
    case ArtifactKind::kPoster: return "poster_url";
  }
  return {};
}

void write_spec(json::Writer& out, const Spec& spec) {
  out.member("model", spec.model);
  member_if(out, "prompt", spec.prompt);
  member_if(out, "negative_prompt", spec.negative_prompt);
  out.member("storyboard", to_string(spec.storyboard));
  if (!spec.shots.empty()) {
    out.key("shots").begin_array();
    for (const Shot& shot : spec.shots) {
      out.begin_object().member("prompt", shot.prompt).member("duration_s", shot.duration_s);
      out.end_object();
    }
    out.end_array();
  }
  out.member("mode", to_string(spec.mode))
      .member("aspect_ratio", to_string(spec.aspect_ratio))
      .member("duration_s", spec.duration_s)
      .member("sound", spec.sound == Sound::kOn)
      .member("watermark", spec.watermark == Watermark::kOn);
  if (spec.seed) out.member("seed", std::to_string(*spec.seed));
  member_if(out, "external_task_id", spec.external_task_id);
  member_if(out, "callback_url", spec.callback_url);
}

// Opens the object of a task; the caller closes it.
void write_task(json::Writer& out, const Service& service, const Task& task) {
  out.begin_object()
      .member("task_id", task.id.to_string())
      .member("state", to_string(task.state))
      .member("status", to_string(public_state(task)))
      .member("progress_percent", task.state == TaskState::kSucceeded ? 100 : task.progress_percent)
      .member("cancel_requested", task.cancel_requested)
      .member("attempt", task.attempt)
      .member("dialect", task.dialect)
      .member("profile", task.profile);
  write_spec(out, task.spec);
  member_if(out, "failure_code", task.failure_code);
  member_if(out, "failure_message", task.failure_message);
  for (const Artifact& artifact : task.artifacts) {
    out.member(link_name(artifact.kind), service.links.url_of(task, artifact));
    if (artifact.kind == ArtifactKind::kVideo) {
      out.member("video_duration_ms", static_cast<int64_t>(artifact.duration.count()));
    }
  }
  write_texts(out, "notes", task.notes);
  write_texts(out, "ignored_fields", task.spec.ignored_fields);
  out.member("units_estimate", format_units(task.price_estimate));
  if (task.price_final) out.member("units_final", format_units(*task.price_final));
  out.member("created_at", to_unix_ms(task.created_at))
      .member("updated_at", to_unix_ms(task.updated_at));
}

// The name and the time only: the details of an event are the operator's.
void write_events(json::Writer& out, const std::vector<TaskEvent>& events) {
  out.key("events").begin_array();
  for (const TaskEvent& event : events) {
    out.begin_object().member("at", to_unix_ms(event.at)).member("name", event.name).end_object();
  }
  out.end_array();
}

dialect::TaskReference refer_to(const std::string& id) {
  return {.id = TaskId::parse(id), .external_id = id};
}

Reply reply_with_task(const Service& service, Exchange& exchange, dialect::TaskReference which) {
  const auto task = co_await find_task(service, exchange.account, std::move(which));
  if (!task) co_return std::unexpected(task.error());
  exchange.task_id = task->id.to_string();
  const auto events = co_await service.parts.store.list_events(task->id);
  if (!events) co_return std::unexpected(to_refusal(events.error()));
  std::string body;
  json::Writer out(body);
  write_task(out, service, *task);
  write_events(out, *events);
  out.end_object();
  co_return json_response(std::move(body));
}

}  // namespace

Reply list_native(const Service& service, Exchange& exchange) {
  const auto query = wire::parse_query(exchange.request.query());
  if (!query) co_return refuse(Reason::kBodyInvalid);
  const auto page = read_bounded(*query, "page", 1, kPageMax);
  if (!page) co_return std::unexpected(page.error());
  const auto size = read_bounded(*query, "page_size", kPageSizeDefault, kPageSizeMax);
  if (!size) co_return std::unexpected(size.error());
  store::ListQuery wanted{.account = exchange.account,
                          .family = std::string(kFamily),
                          .created_from = exchange.at - service.options.result_retention,
                          .offset = (*page - 1) * *size,
                          .limit = *size};
  const auto tasks = co_await service.parts.store.list_tasks(std::move(wanted));
  if (!tasks) co_return std::unexpected(to_refusal(tasks.error()));
  std::string body;
  json::Writer out(body);
  out.begin_object().key("tasks").begin_array();
  for (const Task& task : *tasks) {
    write_task(out, service, task);
    out.end_object();
  }
  out.end_array().end_object();
  co_return json_response(std::move(body));
}

Reply show_native(const Service& service, Exchange& exchange) {
  dialect::TaskReference which = refer_to(exchange.parameters.front());
  co_return co_await reply_with_task(service, exchange, std::move(which));
}

Reply cancel_native(const Service& service, Exchange& exchange) {
  dialect::TaskReference which = refer_to(exchange.parameters.front());
  const auto task = co_await find_task(service, exchange.account, std::move(which));
  if (!task) co_return std::unexpected(task.error());
  const auto cancelled = co_await service.parts.engine.cancel(exchange.account, task->id);
  if (!cancelled) co_return std::unexpected(to_refusal(cancelled.error()));
  switch (*cancelled) {
    case engine::Cancel::kUnknown:
      co_return refuse(Reason::kFieldInvalid, "the task is already over");
    case engine::Cancel::kTooLate:
      co_return refuse(Reason::kFieldInvalid,
                       "it is too late to cancel the task: it is being made where it cannot be "
                       "stopped");
    case engine::Cancel::kWillEnd: break;
  }
  dialect::TaskReference same{.id = task->id, .external_id = {}};
  co_return co_await reply_with_task(service, exchange, std::move(same));
}

Reply list_models(const Service& service, Exchange& exchange) {
  const auto query = wire::parse_query(exchange.request.query());
  if (!query) co_return refuse(Reason::kBodyInvalid);
  const std::string* wanted = find(*query, "profile");
  json::Array profiles;
  for (const catalog::Profile& profile : service.parts.catalog.profiles()) {
    if (wanted && *wanted != profile.name) continue;
    profiles.push_back(service.parts.catalog.to_json(profile));
  }
  if (profiles.empty()) co_return refuse(Reason::kNotFound);
  co_return json_response(json::to_text(json::Object{{"profiles", std::move(profiles)}}));
}

// Judges a create body of a profile and prices it; nothing is stored.
Reply check_request(const Service& service, Exchange& exchange) {
  const auto query = wire::parse_query(exchange.request.query());
  if (!query) co_return refuse(Reason::kBodyInvalid);
  const catalog::Profile* profile = find_profile(service, find(*query, "profile"));
  if (!profile) co_return refuse(Reason::kNotFound);
  const auto& dialects = service.parts.dialects;
  const auto dialect =
      std::ranges::find(dialects, profile->dialect, [](const auto* d) { return d->name(); });
  if (dialect == dialects.end()) co_return refuse(Reason::kNotFound);
  const auto body = (*dialect)->parse_body(exchange.request);
  if (!body) co_return std::unexpected(body.error());
  const auto spec = (*dialect)->decode_create(*body, service.parts.catalog, *profile);
  if (!spec) co_return std::unexpected(spec.error());
  const auto price = service.parts.catalog.price(*spec);
  const auto output = service.parts.catalog.output(*spec);
  if (!price || !output) co_return refuse(Reason::kInternal);
  std::string text;
  json::Writer out(text);
  out.begin_object()
      .member("ok", true)
      .member("profile", profile->name)
      .member("model", spec->model)
      .member("units", format_units(*price))
      .member("width", output->size.width)
      .member("height", output->size.height)
      .member("fps", output->fps)
      .member("frame_count", output->frame_count);
  write_texts(out, "ignored_fields", spec->ignored_fields);
  out.end_object();
  co_return json_response(std::move(text));
}

}  // namespace rushes::api
