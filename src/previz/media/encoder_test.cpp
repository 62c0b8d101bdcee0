#include "previz/media/encoder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "previz/media/movie.h"
#include "previz/media/scratch_directory.h"
#include "previz/media/watermark.h"

namespace rushes::previz {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

// A gradient that moves, so that no two frames are equal.
I420 frame_at(int index, int width, int height) {
  std::vector<uint8_t> rgb;
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      rgb.push_back(static_cast<uint8_t>(x * 2 + index * 5));
      rgb.push_back(static_cast<uint8_t>(y * 3));
      rgb.push_back(static_cast<uint8_t>(128 + index));
    }
  }
  I420 frame;
  convert_to_i420(rgb, width, height, frame);
  return frame;
}

EncoderOptions small_clip(const std::string& path) {
  return {.path = path, .width = 64, .height = 36, .fps = 24, .comment = "procedural preview"};
}

Result<void> encode(const EncoderOptions& options, int frame_count) {
  TRY(const auto encoder, Encoder::start(options));
  for (int i = 0; i < frame_count; ++i) {
    TRY_VOID(encoder->write(frame_at(i, options.width, options.height)));
  }
  return encoder->finish();
}

std::string probe(const std::string& path, const char* entries, const char* stream = "v:0") {
  auto text = run_program({.command = {"ffprobe", "-v", "error", "-select_streams", stream,
                                       "-show_entries", entries, "-of", "csv=p=0", path},
                           .output_bytes_max = 1 << 20});
  EXPECT_TRUE(text.has_value()) << text.error().message;
  while (!text->empty() && text->back() == '\n') text->pop_back();
  return *text;
}

std::string bytes_of(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

// A stereo tone, as the raw samples that the encoder takes.
void write_tone(const std::string& path, int sample_count) {
  std::vector<float> samples;
  for (int i = 0; i < sample_count; ++i) {
    const float value = (i / 50) % 2 == 0 ? 0.2f : -0.2f;
    samples.insert(samples.end(), {value, -value});
  }
  std::ofstream(path, std::ios::binary)
      .write(reinterpret_cast<const char*>(samples.data()),
             static_cast<std::streamsize>(samples.size() * sizeof(float)));
}

TEST(Encoder, makes_a_high_profile_bt709_video_range_clip_of_constant_rate_without_audio) {
  const ScratchDirectory scratch;
  const std::string path = scratch.file("clip.mp4");
  ASSERT_TRUE(encode(small_clip(path), 73).has_value());
  EXPECT_EQ(probe(path,
                  "stream=codec_name,profile,width,height,pix_fmt,color_range,color_space,"
                  "color_transfer,color_primaries,r_frame_rate,avg_frame_rate,duration,"
                  "nb_frames"),
            "h264,High,64,36,yuv420p,tv,bt709,bt709,bt709,24/1,24/1,3.041667,73");
  EXPECT_EQ(probe(path, "stream=codec_type", "a"), "");
  EXPECT_EQ(probe(path, "format=duration"), "3.041667");
}

TEST(Encoder, its_file_passes_our_own_check_and_says_so_in_colr) {
  const ScratchDirectory scratch;
  const std::string path = scratch.file("clip.mp4");
  ASSERT_TRUE(encode(small_clip(path), 25).has_value());
  const auto movie = read_movie_file(path);
  ASSERT_TRUE(movie.has_value()) << movie.error().message;
  EXPECT_TRUE(check_clip(*movie, {64, 36, 24, 25, false}).has_value());
  const Track& video = *movie->find(TrackKind::kVideo);
  EXPECT_EQ(video.timescale, 24000u);
  EXPECT_EQ(video.sample_duration, 1000u);
  EXPECT_EQ(video.primaries, 1);
  EXPECT_EQ(video.transfer, 1);
  EXPECT_EQ(video.matrix, 1);
  EXPECT_FALSE(video.full_range);
}

TEST(Encoder, puts_a_key_frame_at_every_cut_and_at_least_every_48_frames) {
  const ScratchDirectory scratch;
  for (const int fps : {24, 25, 30}) {
    EncoderOptions options = small_clip(scratch.file("clip.mp4"));
    options.fps = fps;
    options.cuts = {fps, fps * 4};
    ASSERT_TRUE(encode(options, fps * 5).has_value());
    const auto movie = read_movie_file(options.path);
    ASSERT_TRUE(movie.has_value());
    const auto& keys = movie->find(TrackKind::kVideo)->key_frames;
    EXPECT_THAT(keys, Contains(0u));
    EXPECT_THAT(keys, Contains(static_cast<uint32_t>(fps)));
    EXPECT_THAT(keys, Contains(static_cast<uint32_t>(fps * 4)));
    for (size_t i = 1; i < keys.size(); ++i) EXPECT_LE(keys[i] - keys[i - 1], 48u);
    EXPECT_TRUE(check_clip(*movie, {64, 36, fps, fps * 5, false}).has_value());
  }
}

TEST(Encoder, adds_an_aac_track_that_ends_with_the_picture) {
  const ScratchDirectory scratch;
  EncoderOptions options = small_clip(scratch.file("clip.mp4"));
  options.sound_path = scratch.file("sound");
  write_tone(options.sound_path, 3 * 48000);
  ASSERT_TRUE(encode(options, 72).has_value());
  EXPECT_EQ(probe(options.path, "stream=codec_name,profile,sample_rate,channels", "a:0"),
            "aac,LC,48000,2");
  EXPECT_EQ(probe(options.path, "stream=duration", "a:0"), "3.000000");
  EXPECT_EQ(probe(options.path, "format=duration"), "3.000000");
  const auto movie = read_movie_file(options.path);
  ASSERT_TRUE(movie.has_value());
  const auto checked = check_clip(*movie, {64, 36, 24, 72, true});
  EXPECT_TRUE(checked.has_value()) << checked.error().message;
}

TEST(Encoder, keeps_only_our_comment_as_metadata_and_no_dates_or_version) {
  const ScratchDirectory scratch;
  const std::string path = scratch.file("clip.mp4");
  ASSERT_TRUE(encode(small_clip(path), 5).has_value());
  EXPECT_EQ(probe(path, "format_tags=comment"), "procedural preview");
  EXPECT_EQ(probe(path, "format_tags=encoder,creation_time"), "");
  EXPECT_EQ(probe(path, "stream_tags=encoder,creation_time"), "Lavc libx264");
}

TEST(Encoder, the_same_frames_give_the_same_bytes) {
  const ScratchDirectory scratch;
  ASSERT_TRUE(encode(small_clip(scratch.file("a.mp4")), 30).has_value());
  ASSERT_TRUE(encode(small_clip(scratch.file("b.mp4")), 30).has_value());
  EXPECT_EQ(bytes_of(scratch.file("a.mp4")), bytes_of(scratch.file("b.mp4")));
}

struct LevelCase {
  int width, height, fps;
  const char* level;
  const char* rate;
};

TEST(Encoder, chooses_the_level_and_the_peak_rate_by_the_size) {
  const LevelCase cases[] = {
      {1280, 720, 24, "3.1", "8000k"},   {720, 1280, 30, "3.1", "8000k"},
      {960, 960, 24, "3.1", "8000k"},    {1280, 720, 60, "3.2", "8000k"},
      {1920, 1080, 30, "4.0", "16000k"}, {1080, 1920, 24, "4.0", "16000k"},
      {1440, 1440, 24, "4.0", "16000k"}, {3840, 2160, 24, "5.1", "45000k"},
      {2880, 2880, 30, "5.1", "45000k"}, {4096, 4096, 24, "6.0", "45000k"},
  };
  for (const LevelCase& each : cases) {
    EncoderOptions options;
    options.width = each.width;
    options.height = each.height;
    options.fps = each.fps;
    const auto command = encoder_command(options);
    const auto after = [&](const char* flag) { return *(std::ranges::find(command, flag) + 1); };
    EXPECT_EQ(after("-level:v"), each.level) << each.width << "x" << each.height;
    EXPECT_EQ(after("-maxrate"), each.rate) << each.width << "x" << each.height;
  }
}

TEST(Encoder, without_ffmpeg_says_what_to_install) {
  EncoderOptions options = small_clip("never.mp4");
  options.program = "rushes-no-ffmpeg";
  const auto encoder = Encoder::start(options);
  ASSERT_FALSE(encoder.has_value());
  EXPECT_EQ(encoder.error().code, ErrorCode::kUnsupported);
  EXPECT_THAT(encoder.error().message, HasSubstr("install the package"));
}

TEST(Encoder, a_place_that_cannot_be_written_is_an_error_with_ffmpegs_reason) {
  const auto result = encode(small_clip("/nonexistent/clip.mp4"), 200);
  ASSERT_FALSE(result.has_value());
  EXPECT_EQ(result.error().code, ErrorCode::kUnavailable);
  EXPECT_THAT(result.error().message, HasSubstr("No such file or directory"));
}

TEST(Encoder, a_full_disk_is_a_limit_that_was_reached) {
  if (!std::filesystem::exists("/dev/full")) GTEST_SKIP() << "needs /dev/full";
  const auto result = encode(small_clip("/dev/full"), 48);
  ASSERT_FALSE(result.has_value());
  EXPECT_EQ(result.error().code, ErrorCode::kLimitExceeded) << result.error().message;
}

TEST(Encoder, poster_is_a_jpeg_of_at_most_1280_pixels) {
  struct {
    int width, height;
    const char* size;
  } cases[] = {
      {64, 36, "mjpeg,64,36"}, {2160, 1440, "mjpeg,1280,852"}, {720, 2560, "mjpeg,360,1280"}};
  const ScratchDirectory scratch;
  for (const auto& each : cases) {
    const std::string path = scratch.file("poster.jpg");
    const auto done = write_poster("ffmpeg", frame_at(0, each.width, each.height), path);
    ASSERT_TRUE(done.has_value()) << done.error().message;
    EXPECT_EQ(probe(path, "stream=codec_name,width,height"), each.size);
  }
}

TEST(Encoder, poster_keeps_the_colours) {
  const ScratchDirectory scratch;
  std::vector<uint8_t> rgb;
  for (int i = 0; i < 64 * 64; ++i) rgb.insert(rgb.end(), {200, 60, 30});
  I420 frame;
  convert_to_i420(rgb, 64, 64, frame);
  ASSERT_TRUE(write_poster("ffmpeg", frame, scratch.file("poster.jpg")).has_value());
  const auto raw =
      run_program({.command = {"ffmpeg", "-loglevel", "error", "-i", scratch.file("poster.jpg"),
                               "-f", "rawvideo", "-pix_fmt", "rgb24", "-"},
                   .output_bytes_max = 64 * 64 * 3});
  ASSERT_TRUE(raw.has_value()) << raw.error().message;
  EXPECT_NEAR(uint8_t(raw->at(6000)), 200, 4);
  EXPECT_NEAR(uint8_t(raw->at(6001)), 60, 4);
  EXPECT_NEAR(uint8_t(raw->at(6002)), 30, 4);
}

TEST(Movie, refuses_every_truncation_of_a_clip_or_reads_the_same_index) {
  const ScratchDirectory scratch;
  const std::string path = scratch.file("clip.mp4");
  ASSERT_TRUE(encode(small_clip(path), 3).has_value());
  const std::string whole = bytes_of(path);
  for (size_t size = 0; size < whole.size(); size += 7) {
    const std::string part = whole.substr(0, size);
    ByteSource source{part.size(), [&](uint64_t offset, size_t count) -> Result<std::string> {
                        return part.substr(offset, count);
                      }};
    const auto movie = read_movie(source);
    if (movie.has_value()) {
      EXPECT_TRUE(check_clip(*movie, {64, 36, 24, 3, false}).has_value()) << size;
    } else {
      EXPECT_EQ(movie.error().code, ErrorCode::kCorrupt);
    }
  }
}

TEST(Movie, a_clip_that_is_not_what_was_ordered_is_refused_by_what_differs) {
  const ScratchDirectory scratch;
  const std::string path = scratch.file("clip.mp4");
  ASSERT_TRUE(encode(small_clip(path), 24).has_value());
  const auto movie = read_movie_file(path);
  ASSERT_TRUE(movie.has_value());
  struct {
    ClipExpectation expected;
    const char* message;
  } cases[] = {{{64, 36, 24, 25, false}, "frames: 24 instead of 25"},
               {{66, 36, 24, 24, false}, "the width 64 instead of 66"},
               {{64, 38, 24, 24, false}, "the height 36 instead of 38"},
               {{64, 36, 30, 24, false}, "a frame duration"},
               {{64, 36, 24, 24, true}, "a number of tracks of 1 instead of 2"}};
  for (const auto& each : cases) {
    const auto checked = check_clip(*movie, each.expected);
    ASSERT_FALSE(checked.has_value());
    EXPECT_EQ(checked.error().code, ErrorCode::kCorrupt);
    EXPECT_THAT(checked.error().message, HasSubstr(each.message));
  }
}

TEST(Movie, a_file_that_is_not_there_is_unavailable) {
  const auto movie = read_movie_file("/nonexistent/clip.mp4");
  ASSERT_FALSE(movie.has_value());
  EXPECT_EQ(movie.error().code, ErrorCode::kUnavailable);
}

}  // namespace
}  // namespace rushes::previz
