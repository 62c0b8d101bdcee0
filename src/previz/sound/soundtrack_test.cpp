#include "previz/sound/soundtrack.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "previz/sound/loudness.h"

namespace rushes::previz {
namespace {

Shot shot_of(Biome biome, int seconds = 5, Weather weather = Weather::kClear) {
  Shot shot;
  shot.environment.biome = biome;
  shot.environment.weather = weather;
  shot.frame_count = seconds * 24;
  shot.seed = 3;
  return shot;
}

float decibels(float linear) { return 20 * std::log10(linear); }

double power(const std::vector<float>& samples, double from_seconds, double to_seconds) {
  double sum = 0;
  const auto from = static_cast<size_t>(from_seconds * kSampleRate);
  const auto to = std::min(samples.size(), static_cast<size_t>(to_seconds * kSampleRate));
  for (size_t i = from; i < to; ++i) sum += double(samples[i]) * double(samples[i]);
  return sum / double(to - from);
}

Soundtrack sine(float hertz, float amplitude, float seconds) {
  Soundtrack sound;
  for (int i = 0; i < static_cast<int>(seconds * kSampleRate); ++i) {
    sound.left.push_back(amplitude * std::sin(6.2831853f * hertz * float(i) / kSampleRate));
  }
  sound.right = sound.left;
  return sound;
}

TEST(Loudness, of_the_reference_tones_of_ebu_tech_3341) {
  // 1 kHz stereo sine at -23 dBFS measures -23 LUFS; likewise at -33.
  EXPECT_NEAR(integrated_loudness(sine(1000, gain_of(-23), 20)), -23, 0.1f);
  EXPECT_NEAR(integrated_loudness(sine(1000, gain_of(-33), 20)), -33, 0.1f);
}

TEST(Loudness, quiet_passages_are_gated_out) {
  // -36, -23, -36 dBFS for 10, 60 and 10 seconds: -23 LUFS.
  Soundtrack sound = sine(1000, gain_of(-36), 10);
  const Soundtrack loud = sine(1000, gain_of(-23), 60), quiet = sound;
  for (const Soundtrack* part : {&loud, &quiet}) {
    sound.left.insert(sound.left.end(), part->left.begin(), part->left.end());
    sound.right.insert(sound.right.end(), part->right.begin(), part->right.end());
  }
  EXPECT_NEAR(integrated_loudness(sound), -23, 0.1f);
}

TEST(Loudness, silence_has_none) {
  EXPECT_EQ(integrated_loudness({}), kSilence);
  EXPECT_EQ(integrated_loudness(sine(1000, 0, 2)), kSilence);
}

TEST(TruePeak, lies_between_the_samples_where_the_samples_miss_it) {
  // A quarter of the sample rate, shifted by an eighth of a turn: samples at 0.707 of the peak.
  Soundtrack sound;
  for (int i = 0; i < 4800; ++i) {
    sound.left.push_back(0.5f * std::sin(1.5707963f * float(i) + 0.7853982f));
  }
  sound.right = sound.left;
  EXPECT_NEAR(decibels(true_peak(sound)), decibels(0.5f), 0.4f);
}

TEST(Limiter, keeps_the_true_peak_under_the_ceiling_and_leaves_the_quiet_alone) {
  Soundtrack sound = sine(997, 0.1f, 1);
  for (size_t i = 20000; i < 20400; ++i) sound.left[i] = sound.right[i] = sound.left[i] * 12;
  const float before = sound.left[100];
  limit_peaks(sound, gain_of(-2));
  EXPECT_LE(decibels(true_peak(sound)), -1.8f);
  EXPECT_EQ(sound.left[100], before);
}

TEST(Soundtrack, is_as_long_as_its_shots_to_the_sample) {
  for (int seconds = 1; seconds <= 15; ++seconds) {
    const Shot shots[] = {shot_of(Biome::kForest, seconds)};
    const Soundtrack sound = synthesise_soundtrack(shots, {}, 1);
    EXPECT_EQ(sound.left.size(), static_cast<size_t>(seconds) * kSampleRate);
    EXPECT_EQ(sound.right.size(), sound.left.size());
  }
}

TEST(Soundtrack, of_every_place_and_weather_is_minus_18_lufs_under_the_peak) {
  for (const Biome biome :
       {Biome::kField, Biome::kMountain, Biome::kForest, Biome::kBeach, Biome::kSea}) {
    for (const Weather weather : {Weather::kClear, Weather::kRain, Weather::kStorm, Weather::kSnow,
                                  Weather::kFog, Weather::kCloudy}) {
      for (const TimeOfDay time : {TimeOfDay::kDay, TimeOfDay::kNight}) {
        Shot shot = shot_of(biome, 5, weather);
        shot.environment.time = time;
        shot.environment.mood = "cheerful";
        const Soundtrack sound = synthesise_soundtrack({&shot, 1}, {}, 7);
        SCOPED_TRACE(testing::Message()
                     << to_string(biome) << " " << to_string(weather) << " " << to_string(time));
        EXPECT_NEAR(integrated_loudness(sound), -18, 1);
        EXPECT_LE(decibels(true_peak(sound)), -1.5f);
        EXPECT_TRUE(std::ranges::all_of(sound.left, [](float x) { return std::isfinite(x); }));
      }
    }
  }
}

TEST(Soundtrack, is_the_same_for_the_same_shots_and_another_for_another_seed) {
  const Shot shot = shot_of(Biome::kForest, 2);
  EXPECT_EQ(synthesise_soundtrack({&shot, 1}, {}, 7).left,
            synthesise_soundtrack({&shot, 1}, {}, 7).left);
  EXPECT_NE(synthesise_soundtrack({&shot, 1}, {}, 7).left,
            synthesise_soundtrack({&shot, 1}, {}, 8).left);
}

TEST(Soundtrack, a_runner_is_heard) {
  Shot still = shot_of(Biome::kForest, 2), running = still;
  Actor horse;
  horse.form = {FormKind::kRig, "horse"};
  horse.height_m = 2.1f;
  horse.action = Action::kGallop;
  horse.velocity = {9, 0, 0};
  running.actors = {horse};
  EXPECT_NE(synthesise_soundtrack({&still, 1}, {}, 7).left,
            synthesise_soundtrack({&running, 1}, {}, 7).left);
}

TEST(Soundtrack, ambience_goes_down_by_nine_decibels_under_speech) {
  const Shot shot = shot_of(Biome::kSea, 6);
  // A line of silence: only its ducking is left.
  SpeechLine line{2, std::vector<float>(2 * kSampleRate, 0.0f)};
  const Soundtrack plain = synthesise_soundtrack({&shot, 1}, {}, 7);
  const Soundtrack ducked = synthesise_soundtrack({&shot, 1}, {&line, 1}, 7);
  const auto ratio = [&](double from, double to) {
    return 10 * std::log10(power(ducked.left, from, to) / power(plain.left, from, to));
  };
  EXPECT_NEAR(ratio(2.1, 3.9) - ratio(0.2, 1.8), -9, 0.3);
}

TEST(Soundtrack, speech_starts_where_it_should_and_is_cut_at_the_end_of_the_clip) {
  const Shot shot = shot_of(Biome::kField, 3);
  const SpeechLine line{2, sine(440, 0.5f, 4).left};
  const SpeechLine silent{2, std::vector<float>(line.samples.size(), 0.0f)};
  const Soundtrack spoken = synthesise_soundtrack({&shot, 1}, {&line, 1}, 7);
  const Soundtrack mute = synthesise_soundtrack({&shot, 1}, {&silent, 1}, 7);
  EXPECT_EQ(spoken.left.size(), 3u * kSampleRate);
  EXPECT_GT(power(spoken.left, 2.1, 2.9), 3 * power(mute.left, 2.1, 2.9));
  EXPECT_LT(power(spoken.left, 0.5, 1.8), 1.1 * power(mute.left, 0.5, 1.8));
}

TEST(Soundtrack, a_cut_changes_the_place_within_80_milliseconds) {
  const Shot shots[] = {shot_of(Biome::kForest, 2), shot_of(Biome::kSea, 2)};
  const Soundtrack sound = synthesise_soundtrack(shots, {}, 7);
  EXPECT_EQ(sound.left.size(), 4u * kSampleRate);
  EXPECT_LE(decibels(true_peak(sound)), -1.5f);
}

TEST(Soundtrack, no_shots_make_no_sound) {
  EXPECT_TRUE(synthesise_soundtrack({}, {}, 7).left.empty());
}

}  // namespace
}  // namespace rushes::previz
