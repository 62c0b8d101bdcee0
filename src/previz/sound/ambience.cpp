#include "previz/sound/ambience.h"

#include <algorithm>
#include <array>
#include <span>
#include <string_view>

namespace rushes::previz {
namespace {

bool is_dark(const Environment& e) {
  return e.time == TimeOfDay::kNight || e.time == TimeOfDay::kDusk;
}
bool is_dry(const Environment& e) {
  return e.weather != Weather::kRain && e.weather != Weather::kStorm && e.weather != Weather::kSnow;
}

// Noise below `hertz`, its loudness led by gusts; different on both sides.
void add_gusts(float hertz, float level, float period, uint32_t seed, Stretch& out) {
  const Wander gust(exact::hash(seed, 1), period), lean(exact::hash(seed, 2), period * 1.7f);
  std::array<Noise, 2> noise{Noise(exact::hash(seed, 3)), Noise(exact::hash(seed, 4))};
  std::array<LowPass, 4> dark{LowPass(hertz), LowPass(hertz), LowPass(hertz), LowPass(hertz)};
  for_each_block(out.size(), [&](size_t begin, size_t count) {
    const float t = out.seconds_at(begin);
    const float force = gust.at(t), side = lean.at(t);
    const float swell = level * (0.25f + 0.75f * force * force);
    for (size_t i = begin; i < begin + count; ++i) {
      out.left[i] += dark[1](dark[0](noise[0].next())) * swell * (1.2f - 0.4f * side);
      out.right[i] += dark[3](dark[2](noise[1].next())) * swell * (0.8f + 0.4f * side);
    }
  });
}

void add_hiss(float hertz, float q, float level, float period, uint32_t seed, Stretch& out) {
  const Wander gust(exact::hash(seed, 1), period);
  std::array<Noise, 2> noise{Noise(exact::hash(seed, 3)), Noise(exact::hash(seed, 4))};
  std::array<Biquad, 2> band{Biquad::band(hertz, q), Biquad::band(hertz * 1.07f, q)};
  for_each_block(out.size(), [&](size_t begin, size_t count) {
    const float force = gust.at(out.seconds_at(begin));
    const float swell = level * (0.15f + 0.85f * force * force);
    for (size_t i = begin; i < begin + count; ++i) {
      out.left[i] += band[0](noise[0].next()) * swell;
      out.right[i] += band[1](noise[1].next()) * swell;
    }
  });
}

// One train of waves: each rises, breaks bright and runs out.
void add_waves(float period, float level, uint32_t seed, Stretch& out) {
  std::array<Noise, 2> noise{Noise(exact::hash(seed, 3)), Noise(exact::hash(seed, 4))};
  std::array<LowPass, 2> deep{LowPass(260), LowPass(260)};
  std::array<LowPass, 2> foam{LowPass(2600), LowPass(2600)};
  const float offset = exact::unit(exact::hash(seed, 5));
  for_each_block(out.size(), [&](size_t begin, size_t count) {
    const float u = exact::fract(out.seconds_at(begin) / period + offset + 8);
    const float rise = exact::smoothstep(0, 0.38f, u), fall = 1 - exact::smoothstep(0.4f, 1, u);
    const float body = level * (0.2f + 0.8f * rise * fall);
    const float spray = level * 0.35f * exact::smoothstep(0.25f, 0.42f, u) * fall * fall;
    for (size_t i = begin; i < begin + count; ++i) {
      const float l = noise[0].next(), r = noise[1].next();
      out.left[i] += deep[0](l) * body * 2.2f + foam[0](l) * spray;
      out.right[i] += deep[1](r) * body * 2.2f + foam[1](r) * spray;
    }
  });
}

// Drops at random moments (a Poisson process: each sample decides for itself), over a soft hiss.
void add_rain(float drops_per_second, float level, uint32_t seed, Stretch& out) {
  add_hiss(5200, 0.5f, level * 0.35f, 3, exact::hash(seed, 9), out);
  Noise chance(exact::hash(seed, 1));
  std::array<Biquad, 2> band{Biquad::band(3400, 1.2f), Biquad::band(3900, 1.2f)};
  const float share = drops_per_second / kSampleRate;
  for (size_t i = 0; i < out.size(); ++i) {
    float l = 0, r = 0;
    if (chance.unit() < share) {
      const float size = chance.unit();
      const float pan = chance.unit(), force = level * (0.5f + 6 * size * size * size);
      l = force * (1 - pan), r = force * pan;
    }
    out.left[i] += band[0](l);
    out.right[i] += band[1](r);
  }
}

struct Note {
  float begin_seconds, seconds, from_hertz, to_hertz, level, pan;
};

// A glide with a little of the octave above, under a smooth hump.
void add_note(const Note& note, Stretch& out) {
  const float first = (note.begin_seconds - out.begin_seconds) * kSampleRate;
  const auto length = static_cast<int>(note.seconds * kSampleRate);
  const int begin = static_cast<int>(exact::floor(first));
  float phase = 0;
  for (int i = 0; i < length; ++i) {
    const float u = static_cast<float>(i) / static_cast<float>(length);
    phase += exact::mix(note.from_hertz, note.to_hertz, u) / kSampleRate;
    phase -= exact::floor(phase);
    const int at = begin + i;
    if (at < 0 || at >= static_cast<int>(out.size())) continue;
    const float hump = 4 * u * (1 - u);
    const float angle = phase * exact::kTau;
    const float value = note.level * hump * (exact::sin(angle) + 0.2f * exact::sin(2 * angle));
    out.left[static_cast<size_t>(at)] += value * (1 - note.pan);
    out.right[static_cast<size_t>(at)] += value * note.pan;
  }
}

// Birds sing short phrases; which one, where and when is the chance of each quarter of a second.
void add_birds(float phrases_per_second, float level, uint32_t seed, Stretch& out) {
  constexpr float kSlot = 0.25f;
  const int first = static_cast<int>(exact::floor(out.begin_seconds / kSlot)) - 2;
  const int last = static_cast<int>(exact::floor(out.end_seconds() / kSlot));
  for (int slot = first; slot <= last; ++slot) {
    Noise chance(exact::hash(seed, static_cast<uint32_t>(slot + 4096)));
    if (chance.unit() >= phrases_per_second * kSlot) continue;
    float at = (static_cast<float>(slot) + chance.unit()) * kSlot;
    const float base = chance.between(2300, 4600), pan = chance.between(0.1f, 0.9f);
    const float far = chance.between(0.25f, 1);
    const int notes = 2 + static_cast<int>(chance.unit() * 4);
    for (int i = 0; i < notes; ++i) {
      const float length = chance.between(0.05f, 0.13f);
      const float from = base * chance.between(0.85f, 1.25f);
      add_note({at, length, from, from * chance.between(0.75f, 1.35f), level * far, pan}, out);
      at += length + chance.between(0.02f, 0.07f);
    }
  }
}

void add_gulls(float level, uint32_t seed, Stretch& out) {
  for (int slot = -2; static_cast<float>(slot) < out.end_seconds(); ++slot) {
    Noise chance(exact::hash(seed, static_cast<uint32_t>(slot + 4096)));
    if (chance.unit() > 0.22f) continue;
    float at = static_cast<float>(slot) + chance.unit();
    const float pan = chance.unit();
    for (int i = 0; i < 3; ++i) {
      const float from = chance.between(1250, 1500);
      add_note({at, 0.28f, from, from * 0.72f, level * chance.between(0.5f, 1), pan}, out);
      at += 0.36f;
    }
  }
}

// Three pulses, a pause: one insect on each side.
void add_crickets(float level, uint32_t seed, Stretch& out) {
  Tone left(4250, 0), right(4610, 0.3f);
  const float offset = exact::unit(exact::hash(seed, 1));
  const auto chirp = [](float seconds, float period) {
    const float u = exact::fract(seconds / period + 16) * period;
    if (u > 0.11f) return 0.0f;
    const float pulse = exact::fract(u / 0.0366f);
    return 4 * pulse * (1 - pulse);
  };
  for_each_block(out.size(), [&](size_t begin, size_t count) {
    const float t = out.seconds_at(begin);
    const float l = level * chirp(t, 0.62f), r = level * 0.7f * chirp(t + offset, 0.71f);
    for (size_t i = begin; i < begin + count; ++i) {
      const float a = left.next() * l, b = right.next() * r;
      out.left[i] += a + 0.25f * b;
      out.right[i] += b + 0.25f * a;
    }
  });
}

void add_thunder(uint32_t seed, Stretch& out) {
  constexpr float kEvery = 5.5f;
  const int last = static_cast<int>(exact::floor(out.end_seconds() / kEvery));
  for (int slot = 0; slot <= last; ++slot) {
    Noise noise(exact::hash(seed, static_cast<uint32_t>(slot)));
    const float at = (static_cast<float>(slot) + noise.between(0.12f, 0.45f)) * kEvery;
    const float near = noise.between(0.5f, 1), pan = noise.between(0.3f, 0.7f);
    LowPass rumble(95), low(180), crack(2400);
    const auto begin = static_cast<size_t>(std::max(0.0f, (at - out.begin_seconds) * kSampleRate));
    float boom = near * 5.0f, clap = near * near * 0.5f;
    const float boom_decay = exact::exp(-1.0f / (1.1f * kSampleRate));
    const float clap_decay = exact::exp(-1.0f / (0.12f * kSampleRate));
    for (size_t i = begin; i < out.size(); ++i) {
      const float attack = std::min(1.0f, static_cast<float>(i - begin) * (1.0f / 1200));
      const float white = noise.next();
      const float value = attack * (low(rumble(white)) * boom * 1.6f + crack(white) * clap);
      out.left[i] += value * (1 - pan);
      out.right[i] += value * pan;
      boom *= boom_decay;
      clap *= clap_decay;
    }
  }
}

void add_weather(const Environment& e, uint32_t seed, Stretch& out) {
  if (e.weather == Weather::kRain) add_rain(900, 0.09f, exact::hash(seed, 20), out);
  if (e.weather == Weather::kStorm) {
    add_rain(1800, 0.12f, exact::hash(seed, 21), out);
    add_thunder(exact::hash(seed, 22), out);
  }
}

void add_life(const Environment& e, uint32_t seed, Stretch& out) {
  if (!is_dry(e)) return;
  const bool has_green = e.biome == Biome::kForest || e.biome == Biome::kField;
  if (is_dark(e)) {
    if (has_green && e.season != Season::kWinter) add_crickets(0.02f, exact::hash(seed, 30), out);
    return;
  }
  if (e.season == Season::kWinter) return;
  const float morning = e.time == TimeOfDay::kDawn ? 1.6f : 1.0f;
  if (e.biome == Biome::kForest) add_birds(0.9f * morning, 0.05f, exact::hash(seed, 31), out);
  if (e.biome == Biome::kField) add_birds(0.6f * morning, 0.04f, exact::hash(seed, 32), out);
  if (e.biome == Biome::kMountain) add_birds(0.15f, 0.02f, exact::hash(seed, 33), out);
  if (e.biome == Biome::kBeach || e.biome == Biome::kSea) {
    add_gulls(0.03f, exact::hash(seed, 34), out);
  }
}

}  // namespace

void add_ambience(const Environment& e, uint32_t seed, Stretch& out) {
  const float wind = 0.35f + 0.65f * exact::clamp(e.wind, 0, 3);
  const float high = e.biome == Biome::kMountain ? 1.6f : 1.0f;
  add_gusts(e.biome == Biome::kMountain ? 420 : 300, 0.55f * wind * high, 2.3f,
            exact::hash(seed, 10), out);
  if (e.biome == Biome::kMountain) {
    add_hiss(700, 4, 0.10f * wind, 1.9f, exact::hash(seed, 11), out);  // it whistles in the rocks
  }
  if (e.biome == Biome::kForest)
    add_hiss(3800, 0.6f, 0.05f * wind, 1.6f, exact::hash(seed, 12), out);
  if (e.biome == Biome::kField)
    add_hiss(4600, 0.6f, 0.03f * wind, 1.3f, exact::hash(seed, 13), out);
  if (e.biome == Biome::kBeach || e.biome == Biome::kSea) {
    const float sea = e.weather == Weather::kStorm ? 1.8f : 1.0f;
    add_waves(6.8f, 0.5f * sea, exact::hash(seed, 14), out);
    add_waves(4.3f, 0.3f * sea, exact::hash(seed, 15), out);
  }
  add_weather(e, seed, out);
  add_life(e, seed, out);
}

void add_pad(const std::string& mood, uint32_t seed, Stretch& out) {
  struct Chord {
    std::string_view moods;
    float root_hertz;
    std::array<float, 4> ratios;
  };
  // Just intonation: beats would be heard in so still a sound.
  static constexpr std::array kChords{
      Chord{"cheerful happy joyful playful funny", 261.6f, {0.5f, 1, 1.25f, 1.5f}},
      Chord{"calm peaceful serene relaxing dreamy romantic", 174.6f, {0.5f, 1, 1.5f, 1.875f}},
      Chord{"epic majestic cinematic heroic grand", 110.0f, {0.5f, 1, 1.5f, 2}},
      Chord{"ominous scary dark tense eerie mysterious spooky", 82.4f, {0.5f, 1, 1.2f, 1.6f}},
      Chord{"sad melancholic melancholy lonely gloomy", 146.8f, {0.5f, 1, 1.2f, 1.5f}},
  };
  if (mood.empty()) return;
  const auto* const chord = std::ranges::find_if(kChords, [&](const Chord& c) {
    const size_t at = c.moods.find(mood);
    if (at == std::string_view::npos) return false;
    const size_t end = at + mood.size();
    return (at == 0 || c.moods[at - 1] == ' ') && (end == c.moods.size() || c.moods[end] == ' ');
  });
  if (chord == kChords.end()) return;
  for (size_t k = 0; k < chord->ratios.size(); ++k) {
    const uint32_t own = exact::hash(seed, static_cast<uint32_t>(k));
    const Wander swell(own, 2.9f + 0.6f * static_cast<float>(k));
    const float hertz = chord->root_hertz * chord->ratios[k];
    Tone left(hertz * 0.9995f, exact::unit(own)), right(hertz * 1.0005f, exact::unit(own));
    Tone above(hertz * 2, 0);
    for_each_block(out.size(), [&](size_t begin, size_t count) {
      const float level = 0.022f * (0.4f + 0.6f * swell.at(out.seconds_at(begin)));
      for (size_t i = begin; i < begin + count; ++i) {
        const float octave = 0.15f * above.next();
        out.left[i] += level * (left.next() + octave);
        out.right[i] += level * (right.next() + octave);
      }
    });
  }
}

}  // namespace rushes::previz
