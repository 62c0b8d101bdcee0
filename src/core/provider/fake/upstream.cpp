#include "core/provider/fake/upstream.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/json/writer.h"
#include "core/task/task.h"
#include "core/wire/url.h"

namespace rushes::provider::fake {
namespace {

constexpr std::string_view kCreatePath = "/v1/videos/text2video";
constexpr std::string_view kMediaPath = "/media/";
constexpr std::string_view kVideoSuffix = ".mp4";
constexpr std::string_view kWatermarkedSuffix = "_watermark.mp4";
constexpr std::string_view kUnknownWord = "reviewing";
constexpr Millis kRetention{30ll * 86'400'000};
constexpr int kDurationMaxS = 15;
constexpr std::string_view kFastModel = "kling-v1";  // the one that has 30 frames a second
constexpr int kFastFps = 30;
constexpr UnitTenths kTenthsPerSecond = 6;

struct Row {
  int code, status;
  std::string_view message;
};
// The vendor's page "Error codes".
constexpr Row kRows[] = {
    {1000, 401, "Authentication failed"},
    {1001, 401, "Authorization is empty"},
    {1002, 401, "Authorization is invalid"},
    {1003, 401, "Authorization is not yet valid"},
    {1004, 401, "Authorization has expired"},
    {1100, 429, "Abnormal account status"},
    {1101, 429, "Account in arrears"},
    {1102, 429, "Account balance not enough"},
    {1103, 403, "Unauthorized access to requested resource"},
    {1200, 400, "Invalid request parameters"},
    {1201, 400, "model is not supported"},
    {1202, 404, "The requested method is invalid"},
    {1203, 404, "The requested resource does not exist"},
    {1300, 400, "Request blocked by platform policy"},
    {1301, 400, "Failure to pass the risk control system"},
    {1302, 429, "Too many requests"},
    {1303, 429, "parallel task over resource pack limit"},
    {1304, 429, "Request blocked by the IP whitelist policy"},
    {5000, 500, "Server internal error"},
    {5001, 503, "Server temporarily unavailable"},
    {5002, 504, "Server internal timeout"},
};

bool strikes(int64_t every, int64_t count) { return every > 0 && count % every == 0; }

// The code that strikes at `count`, if any.
std::optional<int> struck_code(const std::map<int, int64_t>& every, int64_t count) {
  for (const auto& [code, interval] : every) {
    if (strikes(interval, count)) return code;
  }
  return std::nullopt;
}

Millis scaled(const Rules& rules, Millis time) {
  return Millis{static_cast<int64_t>(static_cast<double>(time.count()) / rules.time_scale)};
}

wire::Response json_response(int status, std::string body) {
  wire::Response response{.status = status, .headers = {}, .body = std::move(body), .file = {}};
  response.headers.add("Content-Type", "application/json; charset=utf-8");
  return response;
}

wire::Response html_response() {
  wire::Response response{.status = 504, .headers = {}, .body = {}, .file = {}};
  response.headers.add("Content-Type", "text/html");
  response.body = "<html><head><title>504 Gateway Time-out</title></head><body></body></html>\n";
  return response;
}

// The shorter side by mode, and the side of a square.
std::pair<int, int> sides_of(Mode mode) {
  switch (mode) {
    case Mode::kStd: return {720, 960};
    case Mode::kPro: return {1080, 1440};
    case Mode::k4k: return {2160, 2880};
  }
  return {720, 960};
}

// As with the vendor, whose files have more frames than was asked for, and whose lengths are cut.
Millis length_of(int duration_s, int fps) {
  const int frames = duration_s * fps + (fps == kFastFps ? 3 : 1);
  return Millis{frames * 1000 / fps};
}

VideoWanted video_of(int duration_s, int fps, Mode mode, AspectRatio aspect) {
  const auto [shorter, square] = sides_of(mode);
  const int longer = shorter * 16 / 9;
  VideoWanted wanted{.duration = length_of(duration_s, fps), .fps = fps};
  switch (aspect) {
    case AspectRatio::k16x9: wanted.width = longer, wanted.height = shorter; break;
    case AspectRatio::k9x16: wanted.width = shorter, wanted.height = longer; break;
    case AspectRatio::k1x1: wanted.width = wanted.height = square; break;
  }
  return wanted;
}

// As the vendor takes it: a number or its text.
std::optional<int> duration_of(const json::Value& body) {
  const json::Value* given = body.find("duration");
  if (!given) return 5;
  auto seconds = given->as_int();
  if (const std::string* text = given->as_string()) {
    const auto parsed = json::parse(*text);
    seconds = parsed ? parsed->as_int() : std::nullopt;
  }
  if (!seconds || *seconds < 1 || *seconds > kDurationMaxS) return std::nullopt;
  return static_cast<int>(*seconds);
}

// What the vendor would say of the fields, as far as the twin looks at them.
std::optional<std::string> complaint_about(const json::Value& body) {
  if (body.string_or("model_name", "").empty()) return "model_name value '' is invalid";
  const bool customize = body.string_or("shot_type", "") == "customize";
  if (body.string_or("prompt", "").empty() && !customize) return "prompt must not be empty";
  if (!duration_of(body)) return "duration value is invalid";
  if (!parse_mode(body.string_or("mode", "std"))) return "mode value is invalid";
  if (!parse_aspect_ratio(body.string_or("aspect_ratio", "16:9"))) {
    return "aspect_ratio value is invalid";
  }
  return std::nullopt;
}

}  // namespace

FakeUpstream::Phase FakeUpstream::Job::phase(Timestamp now) const {
  if (now < starts_at) return Phase::kQueued;
  return fate == Fate::kHangs || now < ends_at ? Phase::kRendering : Phase::kEnded;
}

Answer FakeUpstream::answer(const wire::Request& request, Timestamp now) {
  const std::string_view path = request.path();
  if (path.starts_with(kMediaPath)) return media(path.substr(kMediaPath.size()), now);

  const Millis latency = options_.rules.common().latency;
  const size_t at = path.find(kCreatePath);
  if (at == std::string_view::npos) return {refusal(1203), latency};
  const std::string* authorization = request.headers.find("Authorization");
  if (!authorization) return {refusal(1001), latency};
  if (!authorization->starts_with("Bearer ")) return {refusal(1002), latency};

  std::string_view id = path.substr(at + kCreatePath.size());
  if (id.empty()) {
    if (request.method != "POST") return {refusal(1202), latency};
    return create(request, now);
  }
  if (!id.starts_with('/')) return {refusal(1203), latency};
  if (request.method != "GET") return {refusal(1202), latency};
  return query(id.substr(1), now);
}

Result<Rules> FakeUpstream::rules_for(const wire::Request& request) const {
  const std::string* selected = request.headers.find(kRuleHeader);
  if (!selected) return options_.rules.common();
  return options_.rules.select(*selected);
}

Answer FakeUpstream::create(const wire::Request& request, Timestamp now) {
  const auto rules = rules_for(request);
  if (!rules) return {refusal(1201, rules.error().user_message)};
  const int64_t count = ++creates_;
  Answer answer{.latency = rules->latency};
  const auto refuse = [&](int code, std::string_view message = {}) {
    answer.response = refusal(code, message);
    return answer;
  };
  if (const auto code = struck_code(rules->answer_every, count)) return refuse(*code);

  const auto body = json::parse(request.body);
  if (!body || !body->as_object()) return refuse(1200);
  if (const auto complaint = complaint_about(*body)) return refuse(1201, *complaint);
  drop_old(now);
  if (jobs_.size() >= options_.jobs_max) return refuse(1303);
  Job job = make_job(*body, *rules, now);
  if (!job.external_id.empty() && find(job.external_id, now)) {
    return refuse(1201, "external_task_id already exists");
  }
  const Job& kept = keep(std::move(job));
  answer.dropped = strikes(rules->drop_reply_every, count);
  answer.response =
      strikes(rules->html_every, count) ? html_response() : success(task_of(kept, now));
  return answer;
}

Answer FakeUpstream::query(std::string_view encoded_id, Timestamp now) {
  const int64_t count = ++queries_;
  const auto id = wire::percent_decode(encoded_id);
  const Job* job = id ? find(*id, now) : nullptr;
  const Rules& common = options_.rules.common();
  Answer answer{.latency = job ? job->latency : common.latency};
  const auto code = struck_code(job ? job->query_answer_every : common.query_answer_every, count);
  if (code) {
    answer.response = refusal(*code);
  } else if (strikes(job ? job->query_html_every : common.query_html_every, count)) {
    answer.response = html_response();
  } else {
    answer.response = job ? success(task_of(*job, now)) : refusal(1203);
  }
  return answer;
}

// No authorization: the vendor's media URLs are open to whoever has them.
Answer FakeUpstream::media(std::string_view name, Timestamp now) const {
  const bool watermarked = name.ends_with(kWatermarkedSuffix);
  const std::string_view suffix = watermarked ? kWatermarkedSuffix : kVideoSuffix;
  Answer answer;
  answer.response.status = 404;
  if (!name.ends_with(suffix)) return answer;
  name.remove_suffix(suffix.size());
  const auto found = jobs_.find(std::string(name));
  if (found == jobs_.end() || !options_.make_video) return answer;
  const Job& job = found->second;
  const bool is_there = job.phase(now) == Phase::kEnded && job.fate == Fate::kSucceeds &&
                        !job.is_forgotten(now) && (!watermarked || job.watermark == true);
  if (!is_there) return answer;
  VideoWanted wanted = video_of(job.duration_s, job.fps, job.mode, job.aspect);
  wanted.watermarked = watermarked;
  answer.latency = job.latency;
  answer.response.status = 200;
  answer.response.headers.add("Content-Type", "video/mp4");
  answer.response.body = options_.make_video(wanted);
  return answer;
}

FakeUpstream::Job FakeUpstream::make_job(const json::Value& body, const Rules& rules,
                                         Timestamp now) const {
  const int64_t count = creates_;
  Job job;
  job.id = std::to_string(options_.first_id + static_cast<uint64_t>(accepted_) + 1);
  job.external_id = body.string_or("external_task_id", "");
  job.callback_url = body.string_or("callback_url", "");
  job.latency = rules.latency;
  job.query_answer_every = rules.query_answer_every;
  job.query_html_every = rules.query_html_every;
  job.duplicate_callbacks = rules.duplicate_callbacks;
  job.duration_s = duration_of(body).value_or(5);
  if (body.string_or("model_name", "") == kFastModel) job.fps = kFastFps;
  job.mode = parse_mode(body.string_or("mode", "std")).value_or(Mode::kStd);
  job.aspect =
      parse_aspect_ratio(body.string_or("aspect_ratio", "16:9")).value_or(AspectRatio::k16x9);
  if (const json::Value* watermark = body.find("watermark_info")) {
    job.watermark = watermark->bool_or("enabled", false);
  }
  job.accepted_at = now;
  job.starts_at = now + scaled(rules, rules.queue);
  job.ends_at = job.starts_at + scaled(rules, rules.render);
  if (strikes(rules.late_every, count)) job.ends_at += scaled(rules, rules.late);
  if (strikes(rules.fail_every, count)) {
    job.fate = Fate::kFails;
    job.fail_reason = rules.fail_reason;
  }
  if (strikes(rules.hang_every, count)) job.fate = Fate::kHangs;
  job.unknown_word = strikes(rules.unknown_word_every, count);
  if (strikes(rules.no_url_every, count)) {
    const bool for_ever = rules.no_url == Millis{0};
    job.url_missing_until = for_ever ? Timestamp::max() : job.ends_at + scaled(rules, rules.no_url);
  }
  if (strikes(rules.forget_every, count)) {
    job.forgotten_at = now + scaled(rules, rules.forget_after);
  }
  return job;
}

const FakeUpstream::Job& FakeUpstream::keep(Job job) {
  ++accepted_;
  if (!job.external_id.empty()) {
    ++accepted_by_external_id_[job.external_id];
    id_by_external_id_[job.external_id] = job.id;
  }
  if (!job.callback_url.empty()) {
    callbacks_.emplace(job.accepted_at, job.id);
    callbacks_.emplace(job.starts_at, job.id);
    if (job.fate != Fate::kHangs) callbacks_.emplace(job.ends_at, job.id);
  }
  ids_.push_back(job.id);
  std::string id = job.id;
  return jobs_.emplace(std::move(id), std::move(job)).first->second;
}

void FakeUpstream::drop_old(Timestamp now) {
  while (!ids_.empty()) {
    const auto oldest = jobs_.find(ids_.front());
    if (oldest != jobs_.end()) {
      if (now - oldest->second.accepted_at < kRetention) return;
      id_by_external_id_.erase(oldest->second.external_id);
      accepted_by_external_id_.erase(oldest->second.external_id);
      jobs_.erase(oldest);
    }
    ids_.pop_front();
  }
}

// By either id, the vendor's own first.
const FakeUpstream::Job* FakeUpstream::find(const std::string& id, Timestamp now) const {
  auto found = jobs_.find(id);
  if (found == jobs_.end()) {
    const auto own = id_by_external_id_.find(id);
    if (own != id_by_external_id_.end()) found = jobs_.find(own->second);
  }
  if (found == jobs_.end() || found->second.is_forgotten(now)) return nullptr;
  return &found->second;
}

std::string FakeUpstream::task_of(const Job& job, Timestamp now) const {
  const Phase phase = job.phase(now);
  const bool failed = phase == Phase::kEnded && job.fate == Fate::kFails;
  const bool succeeded = phase == Phase::kEnded && !failed;
  std::string_view word = "submitted";
  Timestamp updated_at = job.accepted_at;
  if (phase == Phase::kRendering) {
    word = job.unknown_word ? kUnknownWord : "processing";
    updated_at = job.starts_at;
  } else if (phase == Phase::kEnded) {
    word = failed ? "failed" : "succeed";
    updated_at = job.ends_at;
  }
  std::string text;
  json::Writer out(text);
  out.begin_object()
      .member("task_id", job.id)
      .member("task_status", word)
      .member("task_status_msg", failed ? std::string_view(job.fail_reason) : "");
  out.key("task_info").begin_object();
  if (!job.external_id.empty()) out.member("external_task_id", job.external_id);
  out.end_object().key("task_result").begin_object();
  if (succeeded) {
    out.key("videos").begin_array().begin_object().member("id", job.id);
    if (!job.url_missing_until || *job.url_missing_until <= now) {
      out.member("url", fmt::format("{}{}{}{}?token=fake", options_.origin, kMediaPath, job.id,
                                    kVideoSuffix));
      if (job.watermark == true) {
        out.member("watermark_url", fmt::format("{}{}{}{}?token=fake", options_.origin, kMediaPath,
                                                job.id, kWatermarkedSuffix));
      }
    }
    const Millis length = length_of(job.duration_s, job.fps);
    out.member("duration", fmt::format("{:g}", static_cast<double>(length.count()) / 1000))
        .end_object()
        .end_array();
  }
  out.end_object();
  if (job.watermark) {
    out.key("watermark_info").begin_object().member("enabled", *job.watermark).end_object();
  }
  if (phase == Phase::kRendering && job.fate != Fate::kHangs) {
    const auto whole = std::max<int64_t>(1, (job.ends_at - job.starts_at).count());
    out.member("progress", (now - job.starts_at).count() * 100 / whole);
  }
  if (phase == Phase::kEnded) {
    out.member("final_unit_deduction",
               format_units(failed ? 0 : kTenthsPerSecond * job.duration_s));
  }
  out.member("created_at", to_unix_ms(job.accepted_at))
      .member("updated_at", to_unix_ms(updated_at))
      .end_object();
  return text;
}

std::vector<Callback> FakeUpstream::take_callbacks(Timestamp now) {
  std::vector<Callback> due;
  while (!callbacks_.empty() && callbacks_.begin()->first <= now) {
    const auto [at, id] = *callbacks_.begin();
    callbacks_.erase(callbacks_.begin());
    const auto found = jobs_.find(id);
    if (found == jobs_.end() || found->second.is_forgotten(at)) continue;
    const Job& job = found->second;
    due.insert(due.end(), job.duplicate_callbacks ? 2 : 1, {job.callback_url, task_of(job, at)});
  }
  return due;
}

std::optional<Timestamp> FakeUpstream::next_callback_at() const {
  if (callbacks_.empty()) return std::nullopt;
  return callbacks_.begin()->first;
}

int64_t FakeUpstream::accepted(std::string_view external_id) const {
  const auto found = accepted_by_external_id_.find(external_id);
  return found != accepted_by_external_id_.end() ? found->second : 0;
}

void FakeUpstream::restart() {
  jobs_.clear();
  id_by_external_id_.clear();
  ids_.clear();
  callbacks_.clear();
}

std::string FakeUpstream::next_request_id() {
  return fmt::format("fa4e0000-0000-4000-8000-{:012x}", ++requests_);
}

wire::Response FakeUpstream::success(std::string_view data) {
  std::string body;
  json::Writer(body)
      .begin_object()
      .member("code", 0)
      .member("message", "SUCCEED")
      .member("request_id", next_request_id())
      .key("data")
      .raw(data)
      .end_object();
  return json_response(200, std::move(body));
}

wire::Response FakeUpstream::refusal(int code, std::string_view message) {
  const auto row = std::ranges::find(kRows, code, &Row::code);
  std::string body;
  json::Writer(body)
      .begin_object()
      .member("code", code)
      .member("message", message.empty() ? row->message : message)
      .member("request_id", next_request_id())
      .end_object();
  return json_response(row->status, std::move(body));
}

}  // namespace rushes::provider::fake
