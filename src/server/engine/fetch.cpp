#include "server/engine/fetch.h"

#include <fmt/format.h>

#include <filesystem>

#include "core/wire/url.h"
#include "edge/platform/files.h"

namespace rushes::engine {
namespace {

using provider::Verdict;

constexpr int kRedirectsMax = 3;
// What a provider may add or leave out at the end of a clip without a remark.
constexpr Millis kDurationTolerance{250};

// Results usually lie at the provider itself, which the operator named, or at a host that only the
// provider's reply names.
http::Egress egress_of(const std::string& url, const std::string& base_url) {
  const auto media = wire::parse_url(url);
  const auto base = wire::parse_url(base_url);
  const bool same = media && base && media->scheme == base->scheme && media->host == base->host &&
                    media->port == base->port;
  return same ? http::Egress::kOperator : http::Egress::kGuarded;
}

}  // namespace

Awaitable<> Fetch::step(std::shared_ptr<RemoteRun> run) {
  if (run->faults > 0) {
    co_await desk_.pause(run, desk_.back_off(*run));
    if (run->stop != RemoteRun::Stop::kNone) co_return;
  }
  const bool located = co_await locate(run);
  if (!located) co_return;
  const std::string directory = fmt::format("{}/{}-{}", desk_.options.work_directory,
                                            run->task.id.to_string(), run->task.attempt);
  std::error_code ignored;
  std::filesystem::remove_all(directory, ignored);
  if (const auto made = files::ensure_directory(directory, 0700); !made) {
    co_await try_later(run, made.error());
    co_return;
  }
  co_await take_in(run, directory);
  std::filesystem::remove_all(directory, ignored);
}

Awaitable<bool> Fetch::locate(std::shared_ptr<RemoteRun> run) {
  if (run->media) co_return true;
  provider::Outcome outcome = co_await poll_.ask(run);
  if (run->stop != RemoteRun::Stop::kNone) co_return false;
  if (outcome.verdict == Verdict::kAbsent && run->capabilities.volatile_store) {
    co_await poll_.make_anew(run);
    co_return false;
  }
  if (outcome.verdict == Verdict::kSucceeded && outcome.media) {
    run->media = std::move(outcome.media);
    co_return true;
  }
  std::string& said = outcome.odd.empty() ? outcome.reason : outcome.odd;
  Error none{ErrorCode::kUnavailable, std::move(said), {}};
  if (none.message.empty()) none.message = "the result has no link";
  co_await try_later(run, std::move(none));
  co_return false;
}

Awaitable<> Fetch::take_in(std::shared_ptr<RemoteRun> run, std::string directory) {
  const std::string video = fmt::format("{}/{}", directory, RenderFiles::kVideo);
  std::string url = run->media->url;
  const auto downloaded = co_await download(run, std::move(url), video);
  if (!downloaded) {
    co_await try_later(run, downloaded.error());
    co_return;
  }
  Finished finished;
  if (run->task.spec.watermark == Watermark::kOn) {
    std::string marked_url = run->media->watermarked_url;
    if (marked_url.empty()) {
      finished.notes.push_back("the provider gave no watermarked file");
    } else {
      if (run->stop != RemoteRun::Stop::kNone) co_return;
      const auto marked = co_await download(
          run, std::move(marked_url), fmt::format("{}/{}", directory, RenderFiles::kWatermarked));
      if (!marked) {
        co_await try_later(run, marked.error());
        co_return;
      }
      finished.has_watermarked = true;
    }
  }
  if (run->stop != RemoteRun::Stop::kNone) co_return;
  const auto facts = co_await desk_.services.media.examine(
      video, fmt::format("{}/{}", directory, RenderFiles::kPoster));
  if (!facts) {
    co_await try_later(run, facts.error());
    co_return;
  }
  const Millis asked = Seconds{run->task.spec.duration_s};
  if (facts->duration < asked - kDurationTolerance ||
      facts->duration > asked + kDurationTolerance) {
    finished.notes.push_back(fmt::format("the video is {} ms long, {} ms were asked for",
                                         facts->duration.count(), asked.count()));
  }
  finished.duration = facts->duration;
  finished.has_poster = facts->has_poster;
  run->attempt.state = AttemptState::kSucceeded;
  run->attempt.ended_at = desk_.services.clock.now();
  finished.attempt = run->attempt;
  Task task = run->task;
  const auto kept = co_await complete_.keep(std::move(task), std::move(finished), directory);
  if (kept) {
    run->task.state = TaskState::kSucceeded;
    run->over = true;
    co_return;
  }
  if (kept.error().code == ErrorCode::kConflict) {
    run->stop = RemoteRun::Stop::kLeaseLost;
    run->over = true;
    co_return;
  }
  run->attempt.state = AttemptState::kBound;
  run->attempt.ended_at.reset();
  co_await try_later(run, kept.error());
}

Awaitable<Result<void>> Fetch::download(std::shared_ptr<RemoteRun> run, std::string url,
                                        std::string path) {
  provider::Call call = run->adapter->download(desk_.context_of(*run), *run->media, url);
  http::OutboundRequest request;
  request.egress = egress_of(call.url, run->pin->settings.base_url);
  request.url = std::move(call.url);
  request.headers = std::move(call.headers);
  request.timeout = desk_.options.download_timeout;
  request.stall_timeout = desk_.options.download_stall;
  request.body_bytes_max = desk_.options.download_bytes_max;
  request.redirects_max = kRedirectsMax;
  request.file = std::move(path);
  const http::OutboundReply reply = co_await desk_.services.network.send(std::move(request));
  switch (reply.fault) {
    case http::Fault::kNone: break;
    case http::Fault::kRefused:
    case http::Fault::kTooLarge: co_return fail(ErrorCode::kCorrupt, "download: " + reply.error);
    case http::Fault::kNotSent:
    case http::Fault::kAmbiguous:
    case http::Fault::kLocal: co_return fail(ErrorCode::kUnavailable, "download: " + reply.error);
  }
  if (reply.status != 200) {
    const bool busy = reply.status >= 500 || reply.status == 429;
    co_return fail(busy ? ErrorCode::kUnavailable : ErrorCode::kCorrupt,
                   fmt::format("download: HTTP {}", reply.status));
  }
  if (reply.file_bytes == 0) co_return fail(ErrorCode::kCorrupt, "download: the file is empty");
  co_return Result<void>();
}

// The link may have died: the next step asks for a new one. What is no fault of the file, such as
// an outage or a full disk here, is waited out; past the horizon it is over.
Awaitable<> Fetch::try_later(std::shared_ptr<RemoteRun> run, Error error) {
  if (run->stop != RemoteRun::Stop::kNone) co_return;  // perhaps cut off by our own end
  ++run->faults;
  if (!run->counted) run->enter(*run->gate);
  if (error.code == ErrorCode::kCorrupt) ++run->bad_files;
  run->media.reset();
  RemoteDesk::note_reason(*run, error.message);
  desk_.log(log::Level::kWarn, "fetch_failed", *run, error.message);
  const bool hopeless = run->bad_files >= desk_.options.download_tries_max;
  if (!hopeless && !desk_.is_past_horizon(*run)) {
    co_await desk_.remark(run);
    co_return;
  }
  co_await desk_.fail(run, AttemptState::kUnknown, "result_unavailable",
                      "The video could not be fetched");
}

}  // namespace rushes::engine
