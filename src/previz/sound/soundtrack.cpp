#include "previz/sound/soundtrack.h"

#include <algorithm>

#include "previz/sound/ambience.h"
#include "previz/sound/effects.h"
#include "previz/sound/loudness.h"

namespace rushes::previz {
namespace {

constexpr float kLoudness = -18;        // LUFS
constexpr float kPeakDecibels = -2;     // true peak; encoding may add half a decibel
constexpr float kDuckDecibels = -9;     // ambience under speech
constexpr float kSpeechLoudness = -17;  // LUFS of a line by itself, before the whole is levelled
constexpr float kCrossFadeSeconds = 0.08f;
constexpr int kHalfFade = static_cast<int>(kCrossFadeSeconds / 2 * kSampleRate);

int64_t sample_of(int64_t frame, int fps) { return frame * kSampleRate / fps; }

// The sources of one shot, with the fades before and after it.
Stretch play(const Shot& shot, int64_t count, uint32_t seed) {
  Stretch stretch;
  stretch.begin_seconds = -kCrossFadeSeconds / 2;
  stretch.left.assign(static_cast<size_t>(count + 2 * kHalfFade), 0.0f);
  stretch.right = stretch.left;
  const uint32_t own = exact::hash(seed, shot.seed);
  add_ambience(shot.environment, own, stretch);
  add_pad(shot.environment.mood, exact::hash(own, 1), stretch);
  add_actors(shot, exact::hash(own, 2), stretch);
  return stretch;
}

// Equal power, so that two different noises do not dip at the cut.
float fade_in(int64_t index) {
  const float u = exact::saturate(static_cast<float>(index) / (2 * kHalfFade));
  return exact::sin(u * exact::kPi / 2);
}

void lay(const Stretch& stretch, int64_t begin, bool fades_in, bool fades_out, Soundtrack& out) {
  const auto size = static_cast<int64_t>(stretch.size());
  for (int64_t i = 0; i < size; ++i) {
    const int64_t at = begin - kHalfFade + i;
    if (at < 0 || at >= static_cast<int64_t>(out.left.size())) continue;
    float gain = 1;
    if (fades_in && i < 2 * kHalfFade) gain *= fade_in(i);
    if (fades_out && size - i < 2 * kHalfFade) gain *= fade_in(size - i);
    out.left[static_cast<size_t>(at)] += stretch.left[static_cast<size_t>(i)] * gain;
    out.right[static_cast<size_t>(at)] += stretch.right[static_cast<size_t>(i)] * gain;
  }
}

void scale(Soundtrack& sound, float gain) {
  for (float& sample : sound.left) sample *= gain;
  for (float& sample : sound.right) sample *= gain;
}

// Brings it to a loudness; silence stays silence.
void level_to(Soundtrack& sound, float lufs) {
  const float is = integrated_loudness(sound);
  if (is > kSilence) scale(sound, gain_of(exact::clamp(lufs - is, -60, 40)));
}

// Opens and closes the clip softly: no click at either end.
void soften_ends(Soundtrack& sound) {
  constexpr size_t kSoft = kSampleRate / 50;
  const size_t count = sound.left.size(), soft = std::min(kSoft, count / 2);
  for (size_t i = 0; i < soft; ++i) {
    const float gain = exact::ease(static_cast<float>(i) / static_cast<float>(soft));
    for (std::vector<float>* channel : {&sound.left, &sound.right}) {
      (*channel)[i] *= gain;
      (*channel)[count - 1 - i] *= gain;
    }
  }
}

// Turns the ambience down around a line: within 80 ms before it, back within 250 ms after.
void duck(const SpeechLine& line, Soundtrack& sound) {
  constexpr float kAttack = 0.08f, kRelease = 0.25f;
  const float depth = 1 - gain_of(kDuckDecibels);
  const float end = line.start_seconds + static_cast<float>(line.samples.size()) / kSampleRate;
  for (size_t i = 0; i < sound.left.size(); ++i) {
    const float t = static_cast<float>(i) / kSampleRate;
    const float amount =
        std::min(exact::smoothstep(line.start_seconds - kAttack, line.start_seconds, t),
                 1 - exact::smoothstep(end, end + kRelease, t));
    const float gain = 1 - depth * amount;
    sound.left[i] *= gain;
    sound.right[i] *= gain;
  }
}

void add_speech(const SpeechLine& line, Soundtrack& sound) {
  Soundtrack alone{line.samples, line.samples};
  level_to(alone, kSpeechLoudness);
  const auto begin = static_cast<size_t>(std::max(0.0f, line.start_seconds) * kSampleRate);
  for (size_t i = 0; i < alone.left.size() && begin + i < sound.left.size(); ++i) {
    sound.left[begin + i] += alone.left[i];
    sound.right[begin + i] += alone.right[i];
  }
}

}  // namespace

Soundtrack synthesise_soundtrack(std::span<const Shot> shots, std::span<const SpeechLine> speech,
                                 uint32_t seed) {
  Soundtrack sound;
  int64_t frames = 0;
  for (const Shot& shot : shots) frames += shot.frame_count;
  if (frames == 0) return sound;
  const int fps = shots.front().fps;
  sound.left.assign(static_cast<size_t>(sample_of(frames, fps)), 0.0f);
  sound.right = sound.left;

  int64_t frame = 0;
  for (size_t i = 0; i < shots.size(); ++i) {
    const int64_t begin = sample_of(frame, fps);
    frame += shots[i].frame_count;
    const int64_t count = sample_of(frame, fps) - begin;
    Stretch stretch = play(shots[i], count, seed);
    const bool is_last = i + 1 == shots.size();
    lay(stretch, begin, i > 0, !is_last, sound);
  }
  // Whooshes lie across the fades, so they come after.
  frame = 0;
  for (size_t i = 0; i + 1 < shots.size(); ++i) {
    frame += shots[i].frame_count;
    Stretch whoosh;
    whoosh.begin_seconds = -0.5f;
    whoosh.left.assign(kSampleRate, 0.0f);
    whoosh.right = whoosh.left;
    add_whoosh(0, exact::hash(seed, static_cast<uint32_t>(i)), whoosh);
    lay(whoosh, sample_of(frame, fps) - kSampleRate / 2 + kHalfFade, false, false, sound);
  }
  level_to(sound, kLoudness);
  for (const SpeechLine& line : speech) duck(line, sound);
  for (const SpeechLine& line : speech) add_speech(line, sound);
  soften_ends(sound);
  // Limiting costs a little loudness: level, limit, and once more.
  for (int round = 0; round < 2; ++round) {
    level_to(sound, kLoudness);
    limit_peaks(sound, gain_of(kPeakDecibels));
  }
  return sound;
}

}  // namespace rushes::previz
