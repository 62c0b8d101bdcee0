// The server itself: is it there, does it take work, what has it done.
#include <fmt/format.h>

#include "server/api/endpoints.h"

extern "C" const char rushes_embedded_openapi_json_begin[], rushes_embedded_openapi_json_end[];

namespace rushes::api {

using dialect::Reason;
using dialect::Refusal;
using dialect::to_refusal;

namespace {

wire::Response text_response(std::string_view content_type, std::string body) {
  wire::Response response;
  response.headers.add("Content-Type", std::string(content_type));
  response.body = std::move(body);
  return response;
}

constexpr std::string_view kPage = R"(<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Rushes</title>
<meta name="viewport" content="width=device-width">
<style>body{{font:16px/1.5 system-ui,sans-serif;max-width:44rem;margin:3rem auto;padding:0 1rem}}
code{{background:#8882;padding:.1em .3em}}</style></head>
<body><h1>Rushes {}</h1>
<p>A text-to-video server. Post a task with your key, poll it, download the video.</p>
<ul>
{}</ul>
<p>The videos are procedural previews unless the operator has set up another provider.
<a href="/openapi.json">openapi.json</a>, <a href="/healthz">healthz</a>,
<a href="/readyz">readyz</a>, <a href="/metrics">metrics</a></p>
</body></html>
)";

}  // namespace

Reply show_index(const Service& service, Exchange&) {
  std::string mounts;
  for (const catalog::Profile& profile : service.parts.catalog.profiles()) {
    mounts += fmt::format("<li><code>POST {}</code> {}</li>\n", profile.mount, profile.note);
  }
  wire::Response page = text_response("text/html; charset=utf-8",
                                      fmt::format(kPage, service.options.version, mounts));
  page.headers.add("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'");
  co_return page;
}

Reply show_openapi(const Service&, Exchange&) {
  co_return text_response("application/json", std::string(rushes_embedded_openapi_json_begin,
                                                          rushes_embedded_openapi_json_end));
}

Reply show_health(const Service&, Exchange&) {
  co_return text_response("application/json", R"({"status":"ok"})");
}

Reply show_readiness(const Service& service, Exchange&) {
  if (const auto health = service.parts.store.health(); !health) {
    co_return std::unexpected(
        Refusal{.reason = Reason::kUnavailable, .detail = health.error().message});
  }
  co_return text_response("application/json", R"({"status":"ready"})");
}

Reply show_metrics(const Service& service, Exchange&) {
  const auto counts = co_await service.parts.store.count_unfinished_by_state();
  if (!counts) co_return std::unexpected(to_refusal(counts.error()));
  constexpr std::string_view kHelp = "Unfinished tasks by state.";
  metrics::Registry& registry = service.parts.metrics;
  int64_t queued = 0;
  for (const TaskState state : {TaskState::kQueued, TaskState::kSubmitting, TaskState::kRunning,
                                TaskState::kRendering, TaskState::kFetching}) {
    int64_t count = 0;
    for (const auto& counted : *counts) {
      if (counted.state == state) count += counted.count;
    }
    if (state == TaskState::kQueued) queued = count;
    registry.gauge("rushes_tasks", kHelp, {{"state", std::string(to_string(state))}}).set(count);
  }
  registry.gauge("rushes_queue_depth", "Tasks that nobody works on yet.").set(queued);
  registry
      .gauge("rushes_build_info", "The program that runs.", {{"version", service.options.version}})
      .set(1);
  co_return text_response("text/plain; version=0.0.4; charset=utf-8", registry.to_text());
}

}  // namespace rushes::api
