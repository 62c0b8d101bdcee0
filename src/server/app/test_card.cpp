#include "server/app/test_card.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>

#include "edge/platform/files.h"

namespace rushes::app {
namespace {

constexpr size_t kCardBytesMax = 256 << 20;
constexpr size_t kCacheBytesMax = 64 << 20;
constexpr Millis kTurn{60'000};  // whoever waits for its turn is woken long before
constexpr int kNice = 5;
constexpr std::string_view kMark =
    ",drawbox=x=iw*0.70:y=ih*0.84:w=iw*0.26:h=ih*0.10:color=white@0.8:t=fill"
    ",drawbox=x=iw*0.72:y=ih*0.87:w=iw*0.22:h=ih*0.04:color=black@0.8:t=fill";

std::vector<std::string> command_of(const provider::fake::VideoWanted& wanted,
                                    const std::string& path) {
  const auto frames =
      std::max<int64_t>(1, (wanted.duration.count() * wanted.fps + 500) / 1000);  // to the nearest
  std::string source =
      fmt::format("testsrc2=size={}x{}:rate={}", wanted.width, wanted.height, wanted.fps);
  if (wanted.watermarked) source += kMark;
  // env looks ffmpeg up in PATH.
  return {"/usr/bin/env",
          "ffmpeg",
          "-hide_banner",
          "-nostdin",
          "-nostats",
          "-loglevel",
          "error",
          "-y",
          "-f",
          "lavfi",
          "-i",
          std::move(source),
          "-frames:v",
          std::to_string(frames),
          "-c:v",
          "libx264",
          "-preset",
          "ultrafast",
          "-crf",
          "28",
          "-g",
          "48",
          "-pix_fmt",
          "yuv420p",
          "-movflags",
          "+faststart",
          "-fflags",
          "+bitexact",
          path};
}

}  // namespace

Awaitable<Result<TestCards::Card>> TestCards::get(Wanted wanted) {
  const std::unique_ptr<Timer> turn = timers_.make(executor_);
  for (;;) {
    if (Card card = find(wanted)) co_return card;
    if (stopping_) co_return fail(ErrorCode::kUnavailable, "the server stops");
    if (!busy_) break;
    waiting_.insert(turn.get());
    co_await turn->wait(kTurn);
    waiting_.erase(turn.get());
  }
  busy_ = true;
  auto made = co_await make(wanted);
  busy_ = false;
  if (made) keep(wanted, *made);
  for (Timer* other : waiting_) other->wake();
  co_return made;
}

void TestCards::stop() {
  stopping_ = true;
  if (child_) child_->kill();
  for (Timer* waiting : waiting_) waiting->wake();
}

TestCards::Card TestCards::find(const Wanted& wanted) {
  const auto found = std::ranges::find(cards_, wanted, &std::pair<Wanted, Card>::first);
  if (found == cards_.end()) return nullptr;
  cards_.splice(cards_.begin(), cards_, found);
  return found->second;
}

void TestCards::keep(const Wanted& wanted, Card card) {
  cards_.emplace_front(wanted, std::move(card));
  size_t size_bytes = 0;
  std::erase_if(cards_, [&](const auto& entry) {
    size_bytes += entry.second->size();
    return size_bytes > kCacheBytesMax;
  });
}

Awaitable<Result<TestCards::Card>> TestCards::make(Wanted wanted) {
  if (auto ready = files::ensure_directory(directory_, 0700); !ready) {
    co_return std::unexpected(std::move(ready).error());
  }
  const std::string path = directory_ + "/card.mp4";
  auto made = co_await encode(wanted, path);
  ::unlink(path.c_str());
  if (!made) co_return std::unexpected(std::move(made).error().with_context("test card"));
  co_return made;
}

Awaitable<Result<TestCards::Card>> TestCards::encode(Wanted wanted, std::string path) {
  process::Options options;
  options.argv = command_of(wanted, path);
  options.environment = process::inherited_environment({"PATH", "TMPDIR"});
  options.nice = kNice;
  auto started = process::Child::start(std::move(options), executor_, [](std::string_view) {});
  if (!started) co_return std::unexpected(std::move(started).error());
  child_ = std::move(*started);
  const process::Exit exit = co_await child_->wait();
  child_.reset();
  if (!exit.ok()) {
    co_return fail(ErrorCode::kUnavailable,
                   fmt::format("ffmpeg ended with {}: {}", exit.code, exit.error_tail));
  }
  auto bytes = files::read(path, kCardBytesMax);
  if (!bytes) co_return std::unexpected(std::move(bytes).error());
  co_return std::make_shared<const std::string>(std::move(*bytes));
}

}  // namespace rushes::app
