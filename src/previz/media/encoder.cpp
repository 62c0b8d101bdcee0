#include "previz/media/encoder.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <string_view>

namespace rushes::previz {
namespace {

constexpr int kGroupFrames = 48;
constexpr int kThreads = 4;  // pinned, see the header
constexpr int kPosterSideMax = 1280;

// H.264 table A-1: 16x16 blocks a frame and a second.
struct Level {
  std::string_view name;
  int64_t blocks_per_frame, blocks_per_second;
};
constexpr std::array kLevels{Level{"3.1", 3600, 108000},   Level{"3.2", 5120, 216000},
                             Level{"4.0", 8192, 245760},   Level{"4.2", 8704, 522240},
                             Level{"5.0", 22080, 589824},  Level{"5.1", 36864, 983040},
                             Level{"5.2", 36864, 2073600}, Level{"6.0", 139264, 4177920}};

std::string_view level_of(int width, int height, int fps) {
  const int64_t blocks = int64_t{(width + 15) / 16} * ((height + 15) / 16);
  for (const Level& level : kLevels) {
    if (blocks <= level.blocks_per_frame && blocks * fps <= level.blocks_per_second) {
      return level.name;
    }
  }
  return kLevels.back().name;
}

// Kilobits a second that the stream never exceeds for long.
int peak_rate(int width, int height) {
  const int64_t pixels = int64_t{width} * height;
  if (pixels <= 1280 * 720) return 8'000;
  if (pixels <= 1920 * 1088) return 16'000;
  return 45'000;
}

using Arguments = std::vector<std::string>;

void append(Arguments& to, std::initializer_list<std::string> more) { to.insert(to.end(), more); }

void append_raw_video_input(Arguments& to, int width, int height, int fps) {
  append(to, {"-f", "rawvideo", "-pixel_format", "yuv420p", "-video_size",
              fmt::format("{}x{}", width, height), "-framerate", fmt::format("{}", fps),
              "-color_range", "tv", "-colorspace", "bt709", "-color_primaries", "bt709",
              "-color_trc", "bt709", "-i", "pipe:0"});
}

// A quarter of a frame early, so that rounding makes it this frame and not the next.
std::string key_frame_times(const EncoderOptions& options) {
  std::string times;
  for (const int cut : options.cuts) {
    times += fmt::format("{}{:.6f}", times.empty() ? "" : ",", (cut - 0.25) / options.fps);
  }
  return times;
}

}  // namespace

std::vector<std::string> encoder_command(const EncoderOptions& options) {
  Arguments command{options.program};
  append(command, {"-hide_banner", "-nostdin", "-nostats", "-loglevel", "error", "-y"});
  append_raw_video_input(command, options.width, options.height, options.fps);
  const bool has_sound = !options.sound_path.empty();
  if (has_sound) {
    append(command, {"-f", "f32le", "-ar", "48000", "-ac", "2", "-i", options.sound_path});
  }
  append(command, {"-map", "0:v:0"});
  if (has_sound) append(command, {"-map", "1:a:0"});
  const int rate = peak_rate(options.width, options.height);
  append(command, {"-fps_mode",
                   "passthrough",
                   "-c:v",
                   "libx264",
                   "-preset",
                   "veryfast",
                   "-profile:v",
                   "high",
                   "-level:v",
                   std::string(level_of(options.width, options.height, options.fps)),
                   "-pix_fmt",
                   "yuv420p",
                   "-crf",
                   "20",
                   "-maxrate",
                   fmt::format("{}k", rate),
                   "-bufsize",
                   fmt::format("{}k", rate + rate / 2),
                   "-g",
                   fmt::format("{}", kGroupFrames),
                   "-bf",
                   "3",
                   "-flags:v",
                   "+cgop+bitexact",
                   "-forced-idr",
                   "1",
                   "-threads:v",
                   fmt::format("{}", kThreads),
                   "-color_range",
                   "tv",
                   "-colorspace",
                   "bt709",
                   "-color_primaries",
                   "bt709",
                   "-color_trc",
                   "bt709"});
  if (!options.cuts.empty()) append(command, {"-force_key_frames", key_frame_times(options)});
  if (has_sound) append(command, {"-c:a", "aac", "-b:a", "192k", "-flags:a", "+bitexact"});
  const std::string clock = fmt::format("{}", options.fps * 1000);
  append(command, {"-map_metadata", "-1", "-metadata", "comment=" + options.comment, "-fflags",
                   "+bitexact", "-movflags", "+faststart", "-movie_timescale", clock,
                   "-video_track_timescale", clock, "-f", "mp4", "file:" + options.path});
  return command;
}

Result<std::unique_ptr<Encoder>> Encoder::start(const EncoderOptions& options) {
  TRY(auto child, Child::start({.command = encoder_command(options)}));
  return std::unique_ptr<Encoder>(new Encoder(std::move(child)));
}

Result<void> Encoder::write(const I420& frame) { return child_->write(frame.bytes); }

Result<void> Encoder::finish() {
  TRY_VOID(child_->finish());
  return {};
}

Result<void> write_poster(const std::string& program, const I420& frame, const std::string& path) {
  const int longer = std::max(frame.width, frame.height);
  const int side = std::min(longer, kPosterSideMax);
  const auto scaled = [&](int length) {
    return std::max(2, static_cast<int>(int64_t{length} * side / longer) / 2 * 2);
  };
  Arguments command{program};
  append(command, {"-hide_banner", "-nostdin", "-nostats", "-loglevel", "error", "-y"});
  append_raw_video_input(command, frame.width, frame.height, 1);
  // JPEG is bt.601 and full range by definition.
  append(command, {"-vf",
                   fmt::format("scale={}:{}:flags=lanczos+accurate_rnd+bitexact:"
                               "in_color_matrix=bt709:out_color_matrix=bt601:"
                               "in_range=tv:out_range=pc",
                               scaled(frame.width), scaled(frame.height)),
                   "-frames:v",
                   "1",
                   "-c:v",
                   "mjpeg",
                   "-pix_fmt",
                   "yuvj420p",
                   "-q:v",
                   "3",
                   "-threads:v",
                   "1",
                   "-map_metadata",
                   "-1",
                   "-fflags",
                   "+bitexact",
                   "-flags:v",
                   "+bitexact",
                   "-update",
                   "1",
                   "-f",
                   "image2",
                   "file:" + path});
  TRY_VOID(run_program({.command = std::move(command)}, frame.bytes));
  return {};
}

}  // namespace rushes::previz
