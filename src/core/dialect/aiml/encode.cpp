// What a client reads: create and retrieve answer the same object, whose members appear as they
// come to apply. Sample programs take any word but "queued" and "generating" for the end.
#include "base/json/writer.h"
#include "core/dialect/aiml/aiml.h"
#include "core/dialect/aiml/headers.h"

namespace rushes::dialect::aiml {
namespace {

constexpr double kMillisPerSecond = 1000;

std::string_view word_of(PublicState state) {
  switch (state) {
    case PublicState::kSubmitted: return "queued";
    case PublicState::kProcessing: return "generating";
    case PublicState::kSucceed: return "completed";
    case PublicState::kFailed: return "error";
  }
  return {};
}

// The vendor spells the cost in two ways; clients read either.
void write_usage(json::Writer& out, UnitTenths units) {
  out.key("meta")
      .begin_object()
      .key("usage")
      .begin_object()
      .member("tokens_used", credits_of(units))
      .member("credits_used", credits_of(units))
      .end_object()
      .end_object();
}

void write_video(json::Writer& out, const TaskView& view) {
  for (size_t i = 0; i < view.task->artifacts.size(); ++i) {
    const Artifact& artifact = view.task->artifacts[i];
    if (artifact.kind != ArtifactKind::kVideo) continue;
    const double duration_s = static_cast<double>(artifact.duration.count()) / kMillisPerSecond;
    out.key("video")
        .begin_object()
        .member("url", view.artifact_urls.at(i))
        .member("content_type", artifact.content_type)
        .member("file_name", view.task->id.to_string() + ".mp4")
        .member("file_size", static_cast<int64_t>(artifact.size_bytes))
        .member("duration", duration_s)
        .end_object()
        .member("duration", duration_s);
    return;
  }
}

void write_error(json::Writer& out, const Task& task) {
  out.key("error")
      .begin_object()
      .member("name", "GenerationError")
      .member("message", task.failure_message)
      .end_object();
}

}  // namespace

wire::Response AimlDialect::encode_created(const ReplyContext& context, const Task& task) const {
  wire::Response response = start_response(context, 200);
  add_inference_id(response, task.id);
  add_cost(response, task.price_estimate);
  if (!task.spec.ignored_fields.empty()) {
    response.headers.add("X-Rushes-Ignored-Fields",
                         ignored_fields_header(task.spec.ignored_fields));
  }
  // As it was at that moment, also when a replay asks later.
  json::Writer out(response.body);
  out.begin_object()
      .member("id", task.id.to_string())
      .member("status", word_of(PublicState::kSubmitted));
  write_usage(out, task.price_estimate);
  out.end_object();
  return response;
}

wire::Response AimlDialect::encode_task(const ReplyContext& context, const TaskView& view) const {
  const Task& task = *view.task;
  wire::Response response = start_response(context, 200);
  add_inference_id(response, task.id);
  json::Writer out(response.body);
  out.begin_object()
      .member("id", task.id.to_string())
      .member("status", word_of(public_state(task)));
  if (task.state == TaskState::kSucceeded) write_video(out, view);
  if (task.state == TaskState::kFailed) write_error(out, task);
  if (is_terminal(task.state)) {
    const bool failed = task.state == TaskState::kFailed;
    const UnitTenths settled = failed ? 0 : task.price_final.value_or(0);
    add_cost(response, settled);
    write_usage(out, settled);
  }
  out.end_object();
  return response;
}

}  // namespace rushes::dialect::aiml
