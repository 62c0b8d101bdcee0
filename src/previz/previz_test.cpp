#include "previz/previz.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <fstream>

#include "previz/media/child.h"
#include "previz/media/movie.h"
#include "previz/media/scratch_directory.h"
#include "previz/media/watermark.h"
#include "previz/plan.h"

namespace rushes::previz {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::StartsWith;
using ::testing::UnorderedElementsAre;

// Small enough to render in a moment: what is tested does not depend on the size.
Job tiny(std::string prompt, int seconds = 3) {
  Job job;
  job.prompt = std::move(prompt);
  job.width = 64;
  job.height = 36;
  job.duration_s = seconds;
  job.quality = Quality::kDraft;
  job.seed = 11;
  return job;
}

Result<JobResult> run(const Job& job, const ScratchDirectory& scratch) {
  RunOptions options;
  options.output_dir = scratch.path();
  return run_job(job, options);
}

Movie movie_of(const std::string& path) {
  auto movie = read_movie_file(path);
  EXPECT_TRUE(movie.has_value()) << movie.error().message;
  return movie.has_value() ? *movie : Movie{};
}

std::string bytes_of(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

std::vector<std::string> files_in(const ScratchDirectory& scratch) {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(scratch.path())) {
    names.push_back(entry.path().filename());
  }
  return names;
}

// The raw luma planes of a clip's frames.
std::string luma_of(const std::string& path) {
  auto raw = run_program({.command = {"ffmpeg", "-loglevel", "error", "-i", path, "-f", "rawvideo",
                                      "-pix_fmt", "gray", "-"},
                          .output_bytes_max = 64 << 20});
  EXPECT_TRUE(raw.has_value()) << raw.error().message;
  return raw.has_value() ? *raw : std::string();
}

TEST(Previz, makes_a_clip_a_poster_and_a_result) {
  const ScratchDirectory scratch;
  const auto result = run(tiny("A red fox walking across a meadow"), scratch);
  ASSERT_TRUE(result.has_value()) << result.error().message;
  EXPECT_EQ(result->frame_count, 72);
  EXPECT_THAT(result->drawn, Contains(HasSubstr("fox: rig fox")));
  EXPECT_THAT(files_in(scratch), UnorderedElementsAre("video.mp4", "poster.jpg", "result.json"));
  EXPECT_TRUE(check_clip(movie_of(scratch.file("video.mp4")), {64, 36, 24, 72, false}).has_value());
  const auto json = json::parse(bytes_of(scratch.file("result.json")));
  ASSERT_TRUE(json.has_value());
  const auto stored = job_result_from_json(*json);
  ASSERT_TRUE(stored.has_value());
  EXPECT_EQ(stored->drawn, result->drawn);
}

TEST(Previz, has_exactly_duration_times_fps_frames_for_every_duration) {
  for (int seconds = 3; seconds <= 15; seconds += 4) {
    const ScratchDirectory scratch;
    Job job = tiny("clouds over a field", seconds);
    job.width = 32;
    job.height = 18;
    const auto result = run(job, scratch);
    ASSERT_TRUE(result.has_value()) << result.error().message;
    EXPECT_EQ(result->frame_count, seconds * 24);
    EXPECT_EQ(movie_of(scratch.file("video.mp4")).find(TrackKind::kVideo)->sample_count,
              static_cast<uint64_t>(seconds) * 24);
  }
}

TEST(Previz, every_quality_and_format_has_the_size_that_was_ordered) {
  for (const Quality quality :
       {Quality::kDraft, Quality::kStandard, Quality::kHigh, Quality::kUltra}) {
    for (const auto& [width, height] : {std::pair{64, 36}, {36, 64}, {48, 48}}) {
      const ScratchDirectory scratch;
      Job job = tiny("A field", 1);
      job.width = width;
      job.height = height;
      job.quality = quality;
      const auto result = run(job, scratch);
      ASSERT_TRUE(result.has_value()) << result.error().message;
      EXPECT_TRUE(check_clip(movie_of(scratch.file("video.mp4")), {width, height, 24, 24, false})
                      .has_value());
    }
  }
}

TEST(Previz, cuts_a_storyboard_at_the_exact_frames_with_a_key_frame_each) {
  const ScratchDirectory scratch;
  Job job = tiny("", 4);
  job.storyboard = StoryboardKind::kCustomize;
  job.shots = {{"A fox in a meadow", 1}, {"The sea at night", 2}, {"A forest", 1}};
  const auto result = run(job, scratch);
  ASSERT_TRUE(result.has_value()) << result.error().message;
  const Movie movie = movie_of(scratch.file("video.mp4"));
  const Track& video = *movie.find(TrackKind::kVideo);
  EXPECT_EQ(video.sample_count, 96u);
  EXPECT_THAT(video.key_frames, Contains(24u));
  EXPECT_THAT(video.key_frames, Contains(72u));
  // The picture changes at once, at the cut and not a frame later.
  const std::string luma = luma_of(scratch.file("video.mp4"));
  ASSERT_EQ(luma.size(), 96u * 64 * 36);
  const auto difference = [&](size_t frame) {
    double sum = 0;
    for (size_t i = 0; i < 64 * 36; ++i) {
      sum += std::abs(int(uint8_t(luma[frame * 64 * 36 + i])) -
                      int(uint8_t(luma[(frame - 1) * 64 * 36 + i])));
    }
    return sum / (64 * 36);
  };
  for (const size_t cut : {24u, 72u}) {
    EXPECT_GT(difference(cut), 3 * difference(cut - 1) + 2) << cut;
    EXPECT_GT(difference(cut), 3 * difference(cut + 1) + 2) << cut;
  }
}

TEST(Previz, the_watermarked_file_has_the_same_frames_but_for_the_mark) {
  const ScratchDirectory scratch;
  Job job = tiny("A snowy mountain", 1);
  job.width = 320;
  job.height = 180;
  job.watermark = true;
  const auto result = run(job, scratch);
  ASSERT_TRUE(result.has_value()) << result.error().message;
  const std::string plain = luma_of(scratch.file("video.mp4"));
  const std::string marked = luma_of(scratch.file("watermarked.mp4"));
  ASSERT_EQ(plain.size(), 24u * 320 * 180);
  ASSERT_EQ(marked.size(), plain.size());
  const MarkBox box = Watermark(320, 180).box();
  double outside = 0, inside = 0;
  int inside_count = 0, outside_count = 0;
  for (int y = 0; y < 180; ++y) {
    for (int x = 0; x < 320; ++x) {
      const size_t at = static_cast<size_t>(y) * 320 + static_cast<size_t>(x);
      const int difference = std::abs(int(uint8_t(plain[at])) - int(uint8_t(marked[at])));
      // Blocks that the box touches may differ a little by compression.
      const bool near = x >= box.x - 16 && y >= box.y - 16;
      const bool in = x >= box.x && x < box.x + box.width && y >= box.y && y < box.y + box.height;
      if (in) inside += difference, ++inside_count;
      if (!near) outside += difference, ++outside_count;
    }
  }
  EXPECT_GT(inside / inside_count, 8);
  EXPECT_LT(outside / outside_count, 1.5);
}

TEST(Previz, sound_adds_a_track_of_minus_18_lufs_and_no_sound_none) {
  const ScratchDirectory scratch;
  Job job = tiny("Waves on a beach", 5);
  job.sound = true;
  const auto result = run(job, scratch);
  ASSERT_TRUE(result.has_value()) << result.error().message;
  EXPECT_TRUE(check_clip(movie_of(scratch.file("video.mp4")), {64, 36, 24, 120, true}).has_value());
  // ffmpeg's own meter speaks on standard error; `metadata=print` on standard output.
  const auto meter = run_program(
      {.command = {"ffmpeg", "-loglevel", "error", "-i", scratch.file("video.mp4"), "-map", "0:a",
                   "-af", "ebur128=metadata=1:peak=true,ametadata=print:file=-", "-f", "null", "-"},
       .output_bytes_max = 8 << 20});
  ASSERT_TRUE(meter.has_value()) << meter.error().message;
  const auto last = [&](const std::string& key) {
    const size_t at = meter->rfind(key + "=");
    EXPECT_NE(at, std::string::npos) << key;
    return std::stod(meter->substr(at + key.size() + 1));
  };
  EXPECT_NEAR(last("lavfi.r128.I"), -18, 1.5);
  double peak = -99;
  for (const char* channel : {"lavfi.r128.true_peaks_ch0", "lavfi.r128.true_peaks_ch1"}) {
    peak = std::max(peak, 20 * std::log10(last(channel)));
  }
  EXPECT_LE(peak, -1.0);
}

TEST(Previz, dialogue_without_a_speaker_is_a_note_and_no_failure) {
  const ScratchDirectory scratch;
  Job job = tiny("A dog in a field says \"good morning\"", 1);
  job.sound = true;
  RunOptions options;
  options.output_dir = scratch.path();
  options.speaker = "rushes-no-speaker";
  const auto result = run_job(job, options);
  ASSERT_TRUE(result.has_value()) << result.error().message;
  EXPECT_THAT(result->notes, ElementsAre("rushes-no-speaker is not installed: no speech"));
}

TEST(Previz, the_same_job_gives_the_same_bytes_whatever_the_threads) {
  const ScratchDirectory one, two;
  Job job = tiny("A white raccoon running through a sequoia forest", 1);
  job.sound = true;
  job.threads = 1;
  ASSERT_TRUE(run(job, one).has_value());
  job.threads = 3;
  ASSERT_TRUE(run(job, two).has_value());
  EXPECT_EQ(bytes_of(one.file("video.mp4")), bytes_of(two.file("video.mp4")));
  EXPECT_EQ(bytes_of(one.file("poster.jpg")), bytes_of(two.file("poster.jpg")));
}

TEST(Previz, another_seed_gives_another_picture) {
  const ScratchDirectory one, two;
  Job job = tiny("A forest", 1);
  ASSERT_TRUE(run(job, one).has_value());
  job.seed = 12;
  ASSERT_TRUE(run(job, two).has_value());
  EXPECT_NE(luma_of(one.file("video.mp4")), luma_of(two.file("video.mp4")));
}

TEST(Previz, the_file_says_what_made_it_and_nothing_else) {
  const ScratchDirectory scratch;
  const Job job = tiny("A lake", 1);
  ASSERT_TRUE(run(job, scratch).has_value());
  const auto tags =
      run_program({.command = {"ffprobe", "-v", "error", "-show_entries", "format_tags=comment",
                               "-of", "csv=p=0", scratch.file("video.mp4")},
                   .output_bytes_max = 4096});
  ASSERT_TRUE(tags.has_value());
  EXPECT_THAT(*tags, HasSubstr(provenance(job)));
  EXPECT_THAT(*tags, HasSubstr("procedural previz, Rushes previz/2, not a diffusion model"));
  EXPECT_THAT(*tags, HasSubstr("seed 11"));
}

TEST(Previz, progress_rises_by_one_frame_up_to_the_last) {
  const ScratchDirectory scratch;
  RunOptions options;
  options.output_dir = scratch.path();
  int last = 0;
  options.on_frame = [&](int done, int count) {
    EXPECT_EQ(count, 24);
    EXPECT_EQ(done, last + 1);
    last = done;
  };
  ASSERT_TRUE(run_job(tiny("A field", 1), options).has_value());
  EXPECT_EQ(last, 24);
}

TEST(Previz, without_ffmpeg_nothing_is_left_behind_and_the_error_says_what_to_install) {
  const ScratchDirectory scratch;
  RunOptions options;
  options.output_dir = scratch.path();
  options.encoder = "rushes-no-ffmpeg";
  const auto result = run_job(tiny("A field", 1), options);
  ASSERT_FALSE(result.has_value());
  EXPECT_EQ(result.error().code, ErrorCode::kUnsupported);
  EXPECT_THAT(result.error().message, HasSubstr("install the package"));
  EXPECT_TRUE(files_in(scratch).empty());
}

TEST(Previz, an_encoder_that_dies_fails_the_job_with_its_words_and_leaves_nothing) {
  const ScratchDirectory scratch, tools;
  const std::string program = tools.file("dying-encoder");
  std::ofstream(program) << "#!/bin/sh\nhead -c 5000 >/dev/null\necho out of luck >&2\nexit 9\n";
  std::filesystem::permissions(program, std::filesystem::perms::owner_all);
  RunOptions options;
  options.output_dir = scratch.path();
  options.encoder = program;
  const auto result = run_job(tiny("A field", 2), options);
  ASSERT_FALSE(result.has_value());
  EXPECT_EQ(result.error().code, ErrorCode::kUnavailable);
  EXPECT_THAT(result.error().message, HasSubstr("exit code 9: out of luck"));
  EXPECT_TRUE(files_in(scratch).empty());
}

TEST(Previz, an_encoder_that_makes_no_clip_is_not_believed) {
  const ScratchDirectory scratch, tools;
  const std::string program = tools.file("lying-encoder");
  std::ofstream(program) << "#!/bin/sh\ncat >/dev/null\nfor last; do :; done\n"
                            "echo nonsense > \"${last#file:}\"\n";
  std::filesystem::permissions(program, std::filesystem::perms::owner_all);
  RunOptions options;
  options.output_dir = scratch.path();
  options.encoder = program;
  const auto result = run_job(tiny("A field", 1), options);
  ASSERT_FALSE(result.has_value());
  EXPECT_EQ(result.error().code, ErrorCode::kCorrupt);
  EXPECT_TRUE(files_in(scratch).empty());
}

TEST(RenderMain, reports_progress_and_ends_with_zero) {
  const ScratchDirectory scratch;
  std::ofstream(scratch.file("job.json")) << json::to_text(to_json(tiny("A field", 1)));
  testing::internal::CaptureStdout();
  const int code = render_main(scratch.file("job.json"), scratch.file("out"));
  const std::string text = testing::internal::GetCapturedStdout();
  EXPECT_EQ(code, 0);
  EXPECT_THAT(text, StartsWith(R"({"progress":0.04125,"frame":1,"frames":24})"));
  EXPECT_THAT(text, HasSubstr(R"({"progress":1,"frame":24,"frames":24})"));
  EXPECT_TRUE(std::filesystem::exists(scratch.file("out/video.mp4")));
}

TEST(RenderMain, a_bad_job_ends_with_two_and_says_why) {
  const ScratchDirectory scratch;
  for (const auto& [text, reason] : {std::pair{"{", "invalid_input"},
                                     {R"({"width":7})", "'width' value 7 is invalid"},
                                     {"", "invalid_input"}}) {
    std::ofstream(scratch.file("job.json")) << text;
    testing::internal::CaptureStderr();
    EXPECT_EQ(render_main(scratch.file("job.json"), scratch.path()), 2);
    EXPECT_THAT(testing::internal::GetCapturedStderr(), HasSubstr(reason)) << text;
  }
  testing::internal::CaptureStderr();
  EXPECT_EQ(render_main(scratch.file("nothing.json"), scratch.path()), 2);
  EXPECT_THAT(testing::internal::GetCapturedStderr(), HasSubstr("No such file"));
}

TEST(RenderMain, sigterm_ends_it_at_once_and_leaves_only_hidden_files) {
  const ScratchDirectory scratch;
  std::ofstream(scratch.file("job.json")) << json::to_text(to_json(tiny("A forest", 60)));
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  const pid_t child = fork();
  if (child == 0) {
    dup2(ends[1], 1);
    _exit(render_main(scratch.file("job.json"), scratch.file("out")));
  }
  close(ends[1]);
  char first;
  ASSERT_EQ(read(ends[0], &first, 1), 1) << "it has begun to render";
  kill(child, SIGTERM);
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFSIGNALED(status));
  EXPECT_EQ(WTERMSIG(status), SIGTERM);
  close(ends[0]);
  for (const auto& entry : std::filesystem::directory_iterator(scratch.file("out"))) {
    EXPECT_THAT(entry.path().filename().string(), StartsWith("."));
  }
}

TEST(Plan, a_story_is_split_into_shots_that_follow_each_other) {
  Job job = tiny("A fox walks in a forest. Then it sleeps on the beach.", 7);
  job.storyboard = StoryboardKind::kIntelligence;
  const Plan plan = plan_job(job);
  ASSERT_GE(plan.shots.size(), 2u);
  int next = 0;
  for (const PlannedShot& planned : plan.shots) {
    EXPECT_EQ(planned.shot.first_frame, next);
    next += planned.shot.frame_count;
    EXPECT_EQ(planned.shot.frame_count % 24, 0);
  }
  EXPECT_EQ(next, 7 * 24);
  EXPECT_EQ(plan.frame_count, next);
}

TEST(Plan, an_unused_prompt_is_noted) {
  Job job = tiny("not used", 1);
  job.storyboard = StoryboardKind::kCustomize;
  job.shots = {{"A fox", 1}};
  EXPECT_THAT(plan_job(job).notes, ElementsAre(HasSubstr("the prompt is not used")));
}

TEST(Plan, the_hash_of_the_prompt_depends_on_everything_that_was_written) {
  Job job = tiny("A fox");
  const std::string first = provenance(job);
  job.negative_prompt = "snow";
  EXPECT_NE(provenance(job), first);
  EXPECT_EQ(first.find("fox"), std::string::npos);
}

}  // namespace
}  // namespace rushes::previz
