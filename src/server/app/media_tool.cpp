#include "server/app/media_tool.h"

#include <fmt/format.h>
#include <unistd.h>

#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>

#include "edge/platform/files.h"
#include "previz/media/child.h"
#include "previz/media/movie.h"

namespace rushes::app {
namespace {

using engine::MediaFacts;

constexpr int kPosterSideMax = 1280;  // as the built-in renderer's
constexpr std::chrono::seconds kPosterPatience{60};
constexpr double kLengthMsMax = 1e12;  // what a file says about itself may be anything

// The JPEG is durable when this answers true; a missing ffmpeg or a codec that it does not know
// costs the poster, not the video.
bool write_poster(const std::string& video, const std::string& poster) {
  previz::ChildOptions options;
  options.command = {"ffmpeg",
                     "-hide_banner",
                     "-nostdin",
                     "-nostats",
                     "-loglevel",
                     "error",
                     "-y",
                     "-protocol_whitelist",
                     "file",
                     "-f",
                     "mov",  // as it was read: never a playlist that names other files
                     "-i",
                     video,
                     "-frames:v",
                     "1",
                     "-vf",
                     fmt::format("scale='min({0},iw)':'min({0},ih)':"
                                 "force_original_aspect_ratio=decrease:force_divisible_by=2",
                                 kPosterSideMax),
                     "-q:v",
                     "3",
                     "-map_metadata",
                     "-1",
                     "-f",
                     "image2",
                     poster};
  options.patience = kPosterPatience;
  if (!previz::run_program(std::move(options)) || !files::sync_file(poster)) {
    ::unlink(poster.c_str());
    return false;
  }
  return true;
}

Result<MediaFacts> examine_now(const std::string& path, const std::string& poster) {
  TRY(const previz::Movie movie, previz::read_movie_file(path));
  const previz::Track* video = movie.find(previz::TrackKind::kVideo);
  if (video == nullptr || video->sample_count == 0 || movie.timescale == 0) {
    return fail(ErrorCode::kCorrupt, "the file has no video");
  }
  MediaFacts facts;
  const double length_ms = static_cast<double>(video->presented_duration) * 1000 / movie.timescale;
  if (!(length_ms >= 1 && length_ms <= kLengthMsMax)) {
    return fail(ErrorCode::kCorrupt, "the video has no length");
  }
  facts.duration = Millis{static_cast<int64_t>(length_ms)};
  facts.has_poster = write_poster(path, poster);
  return facts;
}

class PrevizMediaTool final : public engine::MediaTool {
 public:
  ~PrevizMediaTool() override {
    {
      const std::lock_guard lock(mutex_);
      stopping_ = true;
    }
    wanted_.notify_one();
  }

  Awaitable<Result<MediaFacts>> examine(std::string path, std::string poster_path) override {
    auto start = [this, path = std::move(path),
                  poster = std::move(poster_path)](Completion<Result<MediaFacts>> done) mutable {
      {
        const std::lock_guard lock(mutex_);
        jobs_.push_back({std::move(path), std::move(poster), std::move(done)});
      }
      wanted_.notify_one();
    };
    co_return co_await await_completion<Result<MediaFacts>>(std::move(start));
  }

 private:
  struct Job {
    std::string path, poster;
    Completion<Result<MediaFacts>> done;
  };

  void work() {
    for (;;) {
      std::unique_lock lock(mutex_);
      wanted_.wait(lock, [this] { return stopping_ || !jobs_.empty(); });
      if (jobs_.empty()) return;
      Job job = std::move(jobs_.front());
      jobs_.pop_front();
      lock.unlock();
      job.done(examine_now(job.path, job.poster));
    }
  }

  std::mutex mutex_;  // guards the two members below
  std::deque<Job> jobs_;
  bool stopping_ = false;
  std::condition_variable wanted_;
  std::jthread thread_{[this] { work(); }};
};

}  // namespace

std::unique_ptr<engine::MediaTool> make_media_tool() { return std::make_unique<PrevizMediaTool>(); }

}  // namespace rushes::app
