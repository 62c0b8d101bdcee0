// What a client reads. Ids, lengths and deductions are texts, times are integer milliseconds, and
// every envelope has code, message and request_id: clients in the field break on anything else.
#include "base/json/writer.h"
#include "core/dialect/kling/kling.h"

namespace rushes::dialect::kling {
namespace {

constexpr size_t kUsualReplySizeBytes = 512;
constexpr std::string_view kSucceed = "SUCCEED";
constexpr double kTenthsPerUnit = 10;
// 9999-12-31T23:59:59Z: a budget has no end, and clients expect a time.
constexpr Timestamp kNeverInvalid{Millis{253'402'300'799'000}};

// Opens the envelope up to the key `data`; the caller writes the value and closes the object.
json::Writer open_envelope(wire::Response& response, std::string_view request_id) {
  response.headers.add("Content-Type", "application/json");
  response.body.reserve(kUsualReplySizeBytes);
  json::Writer out(response.body);
  out.begin_object()
      .member("code", 0)
      .member("message", kSucceed)
      .member("request_id", request_id)
      .key("data");
  return out;
}

void write_task_info(json::Writer& out, const Task& task) {
  out.key("task_info").begin_object();
  if (!task.spec.external_task_id.empty()) {
    out.member("external_task_id", task.spec.external_task_id);
  }
  out.end_object();
}

void write_times(json::Writer& out, Timestamp created_at, Timestamp updated_at) {
  out.member("created_at", to_unix_ms(created_at)).member("updated_at", to_unix_ms(updated_at));
}

const std::string* url_of(const TaskView& view, ArtifactKind kind) {
  for (size_t i = 0; i < view.task->artifacts.size(); ++i) {
    if (view.task->artifacts[i].kind == kind) return &view.artifact_urls.at(i);
  }
  return nullptr;
}

// {} until the task has succeeded; then exactly one video.
void write_result(json::Writer& out, const TaskView& view) {
  out.key("task_result").begin_object();
  if (view.task->state == TaskState::kSucceeded) {
    out.key("videos").begin_array();
    for (size_t i = 0; i < view.task->artifacts.size(); ++i) {
      const Artifact& artifact = view.task->artifacts[i];
      if (artifact.kind != ArtifactKind::kVideo) continue;
      out.begin_object()
          .member("id", artifact.id.to_string())
          .member("url", view.artifact_urls.at(i));
      if (const std::string* marked = url_of(view, ArtifactKind::kWatermarkedVideo)) {
        out.member("watermark_url", *marked);
      }
      out.member("duration", format_thousandths(artifact.duration.count())).end_object();
    }
    out.end_array();
  }
  out.end_object();
}

void write_task(json::Writer& out, const TaskView& view) {
  const Task& task = *view.task;
  const bool failed = task.state == TaskState::kFailed;
  out.begin_object()
      .member("task_id", task.id.to_string())
      .member("task_status", to_string(public_state(task)))
      .member("task_status_msg", failed ? std::string_view(task.failure_message) : "");
  write_task_info(out, task);
  write_result(out, view);
  if (task.spec.watermark_requested) {
    out.key("watermark_info")
        .begin_object()
        .member("enabled", task.spec.watermark == Watermark::kOn)
        .end_object();
  }
  if (is_terminal(task.state)) {
    out.member("final_unit_deduction", format_units(failed ? 0 : task.price_final.value_or(0)));
  }
  write_times(out, task.created_at, task.updated_at);
  out.end_object();
}

void write_pack(json::Writer& out, const ResourcePack& pack) {
  out.begin_object()
      .member("resource_pack_name", pack.name)
      .member("resource_pack_id", pack.id)
      .member("resource_pack_type", "decreasing_total")
      .member("total_quantity", static_cast<double>(pack.total) / kTenthsPerUnit)
      .member("remaining_quantity", static_cast<double>(pack.remaining) / kTenthsPerUnit)
      .member("purchase_time", to_unix_ms(pack.purchased_at))
      .member("effective_time", to_unix_ms(pack.purchased_at))
      .member("invalid_time", to_unix_ms(kNeverInvalid))
      .member("status", pack.remaining > 0 ? "online" : "runOut")
      .end_object();
}

}  // namespace

wire::Response KlingDialect::encode_created(const ReplyContext& context, const Task& task) const {
  wire::Response response;
  json::Writer out = open_envelope(response, context.request_id);
  // As it was at that moment, also when a replay asks later.
  out.begin_object()
      .member("task_id", task.id.to_string())
      .member("task_status", to_string(PublicState::kSubmitted));
  write_task_info(out, task);
  write_times(out, task.created_at, task.created_at);
  out.end_object().end_object();
  if (!task.spec.ignored_fields.empty()) {
    response.headers.add("X-Rushes-Ignored-Fields",
                         ignored_fields_header(task.spec.ignored_fields));
  }
  return response;
}

wire::Response KlingDialect::encode_task(const ReplyContext& context, const TaskView& task) const {
  wire::Response response;
  json::Writer out = open_envelope(response, context.request_id);
  write_task(out, task);
  out.end_object();
  return response;
}

wire::Response KlingDialect::encode_tasks(const ReplyContext& context,
                                          std::span<const TaskView> tasks) const {
  wire::Response response;
  json::Writer out = open_envelope(response, context.request_id);
  out.begin_array();
  for (const TaskView& task : tasks) write_task(out, task);
  out.end_array().end_object();
  return response;
}

wire::Response KlingDialect::encode_account_costs(const ReplyContext& context,
                                                  std::span<const ResourcePack> packs) const {
  wire::Response response;
  json::Writer out = open_envelope(response, context.request_id);
  out.begin_object().member("code", 0).member("msg", "success");
  // Without resource packs their array is absent, not empty.
  if (!packs.empty()) {
    out.key("resource_pack_subscribe_infos").begin_array();
    for (const ResourcePack& pack : packs) write_pack(out, pack);
    out.end_array();
  }
  out.end_object().end_object();
  return response;
}

// The official page "Callback protocol": the bare task object, without an envelope.
std::optional<std::string> KlingDialect::encode_callback(const TaskView& task) const {
  std::string body;
  json::Writer out(body);
  write_task(out, task);
  return body;
}

}  // namespace rushes::dialect::kling
