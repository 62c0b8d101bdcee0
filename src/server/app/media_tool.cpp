#include "server/app/media_tool.h"

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>

#include "previz/media/movie.h"
#include "server/app/poster.h"

namespace rushes::app {
namespace {

using engine::MediaFacts;

constexpr double kLengthMsMax = 1e12;  // what a file says about itself may be anything

// What is presented, of which a movie of milliseconds may say one too many: it has no finer unit to
// round 121 frames of 1/24 s to. The track's own clock has.
double length_in_ms(const previz::Track& track, uint32_t movie_timescale) {
  const auto in_ms = [](uint64_t duration, uint32_t timescale) {
    return static_cast<double>(duration) * 1000 / timescale;
  };
  return std::min(in_ms(track.presented_duration, movie_timescale),
                  in_ms(track.media_duration, track.timescale));
}

Result<MediaFacts> examine_now(const std::string& path, const std::string& poster) {
  TRY(const previz::Movie movie, previz::read_movie_file(path));
  const previz::Track* video = movie.find(previz::TrackKind::kVideo);
  if (video == nullptr || video->sample_count == 0 || movie.timescale == 0) {
    return fail(ErrorCode::kCorrupt, "the file has no video");
  }
  MediaFacts facts;
  const double length_ms = length_in_ms(*video, movie.timescale);
  if (!(length_ms >= 1 && length_ms <= kLengthMsMax)) {
    return fail(ErrorCode::kCorrupt, "the video has no length");
  }
  facts.duration = Millis{static_cast<int64_t>(length_ms)};
  facts.has_poster = write_poster(path, poster);
  return facts;
}

class PrevizMediaTool final : public engine::MediaTool {
 public:
  ~PrevizMediaTool() override { stop(); }

  Awaitable<Result<MediaFacts>> examine(std::string path, std::string poster_path) override {
    auto start = [this, path = std::move(path),
                  poster = std::move(poster_path)](Completion<Result<MediaFacts>> done) mutable {
      {
        const std::lock_guard lock(mutex_);
        if (!stopping_) {
          jobs_.push_back({std::move(path), std::move(poster), std::move(done)});
          wanted_.notify_one();
          return;
        }
      }
      done(stopped());
    };
    co_return co_await await_completion<Result<MediaFacts>>(std::move(start));
  }

  void stop() override {
    std::deque<Job> refused;
    {
      const std::lock_guard lock(mutex_);
      stopping_ = true;
      refused.swap(jobs_);
    }
    wanted_.notify_one();
    for (Job& job : refused) job.done(stopped());
  }

 private:
  struct Job {
    std::string path, poster;
    Completion<Result<MediaFacts>> done;
  };

  static Result<MediaFacts> stopped() { return fail(ErrorCode::kUnavailable, "the server stops"); }

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
