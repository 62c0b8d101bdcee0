#include "previz/sound/effects.h"

#include <algorithm>
#include <array>

namespace rushes::previz {
namespace {

constexpr int kVoicesMax = 4;     // of one kind; more than that is a mush
constexpr int kStepsMax = 4'000;  // of one actor

// How the ground answers a foot.
struct Ground {
  float hertz;  // of the scuff
  float decay_seconds;
  float level;
};

Ground ground_of(const Environment& e) {
  if (e.weather == Weather::kSnow || e.season == Season::kWinter) return {3200, 0.055f, 0.5f};
  switch (e.biome) {
    case Biome::kForest: return {1500, 0.050f, 0.8f};
    case Biome::kField: return {1100, 0.045f, 0.6f};
    case Biome::kMountain: return {2200, 0.040f, 0.9f};
    case Biome::kBeach: return {800, 0.060f, 0.5f};
    case Biome::kSea: break;
  }
  return {900, 0.08f, 0};
}

// When feet meet the ground, in cycles of the gait, and cycles a second.
struct Cadence {
  float cycles_per_second = 0;
  std::array<float, 4> beats{};
  int beat_count = 0;
};

// The gaits of the rigs: walk, trot and gallop by Froude's number of the legs.
Cadence cadence_of(const Actor& actor) {
  const float speed = length(Point{actor.velocity.x, 0, actor.velocity.z});
  const float leg = std::max(0.1f, 0.75f * actor.height_m);
  if (speed < 0.05f) return {};
  const bool has_two_feet = actor.form.kind != FormKind::kRig;
  if (has_two_feet) return {speed / (1.3f * actor.height_m), {0, 0.5f}, 2};
  const float froude = speed * speed / (9.81f * leg);
  if (froude < 0.6f) return {speed / (0.85f * leg), {0.25f, 0.75f, 0, 0.5f}, 4};
  if (froude < 2.4f) return {speed / (1.35f * leg), {0, 0.5f}, 2};
  return {speed / (2.9f * leg), {0.44f, 0.56f, 0, 0.1f}, 4};
}

bool walks(const Actor& actor) {
  switch (actor.action) {
    case Action::kWalk:
    case Action::kRun:
    case Action::kGallop:
    case Action::kApproach: return actor.start.y < 0.3f;
    default: return false;
  }
}

struct Hit {
  float seconds, level, pan;
};

void add_hit(const Hit& hit, const Ground& ground, float weight, uint32_t seed, Stretch& out) {
  const float first = (hit.seconds - out.begin_seconds) * kSampleRate;
  const int begin = static_cast<int>(exact::floor(first));
  const int count = static_cast<int>(ground.decay_seconds * 5 * kSampleRate);
  Noise noise(seed);
  LowPass scuff(ground.hertz);
  // The heavier, the deeper the thump.
  Tone thump(exact::clamp(130 - 45 * weight, 45, 130), 0);
  float level = hit.level;
  const float decay = exact::exp(-1.0f / (ground.decay_seconds * kSampleRate));
  for (int i = 0; i < count; ++i) {
    const float attack = std::min(1.0f, static_cast<float>(i) * (1.0f / 96));
    const float value =
        level * attack *
        (ground.level * scuff(noise.next()) + 0.35f * exact::clamp(weight, 0, 1.5f) * thump.next());
    level *= decay;
    const int at = begin + i;
    if (at < 0 || at >= static_cast<int>(out.size())) continue;
    out.left[static_cast<size_t>(at)] += value * (1 - hit.pan);
    out.right[static_cast<size_t>(at)] += value * hit.pan;
  }
}

void add_steps(const Shot& shot, const Actor& actor, uint32_t seed, Stretch& out) {
  const Cadence cadence = cadence_of(actor);
  const Ground ground = ground_of(shot.environment);
  if (cadence.beat_count == 0 || ground.level == 0) return;
  const float rate = cadence.cycles_per_second * shot.speed;
  const float weight = actor.height_m * actor.height_m * 0.35f;
  const float loud = exact::clamp(0.10f + 0.10f * actor.height_m, 0.1f, 0.4f);
  const int first = static_cast<int>(exact::floor(out.begin_seconds * rate)) - 2;
  const int last =
      std::min(first + kStepsMax, static_cast<int>(exact::floor(out.end_seconds() * rate)) + 1);
  for (int cycle = first; cycle <= last; ++cycle) {
    for (int beat = 0; beat < cadence.beat_count; ++beat) {
      const uint32_t own = exact::hash(seed, static_cast<uint32_t>(cycle * 4 + beat + 65536));
      const float at = static_cast<float>(cycle) + cadence.beats[static_cast<size_t>(beat)];
      const float vary = 0.7f + 0.6f * exact::unit(own);
      add_hit({(at - actor.phase) / rate, loud * vary, 0.5f + 0.08f * (exact::unit(own) - 0.5f)},
              ground, weight, own, out);
    }
  }
}

// A low saw with its own roughness.
void add_engine(const Actor& actor, uint32_t seed, Stretch& out) {
  const float base = exact::clamp(70 - 6 * actor.height_m, 32, 70);
  std::array<Tone, 4> tones{Tone(base, 0), Tone(base * 2, 0.1f), Tone(base * 3.01f, 0.4f),
                            Tone(base * 4, 0.7f)};
  Noise noise(seed);
  LowPass exhaust(420);
  const Wander load(exact::hash(seed, 1), 1.4f);
  for_each_block(out.size(), [&](size_t begin, size_t count) {
    const float level = 0.07f * (0.7f + 0.5f * load.at(out.seconds_at(begin)));
    for (size_t i = begin; i < begin + count; ++i) {
      const float body = tones[0].next() + 0.6f * tones[1].next() + 0.35f * tones[2].next() +
                         0.25f * tones[3].next();
      const float value = level * (body + 1.5f * exhaust(noise.next()));
      out.left[i] += value;
      out.right[i] += value;
    }
  });
}

// Pops at random moments over a soft roar.
void add_fire(uint32_t seed, Stretch& out) {
  Noise noise(seed), chance(exact::hash(seed, 1));
  LowPass roar(220);
  Biquad snap = Biquad::band(2600, 1.4f);
  constexpr float kPopsPerSecond = 14;
  for (size_t i = 0; i < out.size(); ++i) {
    float pop = 0;
    if (chance.unit() < kPopsPerSecond / kSampleRate) pop = 0.3f + 2 * chance.unit();
    const float value = 0.5f * roar(noise.next()) + snap(pop);
    out.left[i] += value * 0.5f;
    out.right[i] += value * 0.45f;
  }
}

}  // namespace

void add_actors(const Shot& shot, uint32_t seed, Stretch& out) {
  int walkers = 0, engines = 0;
  bool has_fire = false;
  for (const Actor& actor : shot.actors) {
    const uint32_t own = exact::hash(seed, actor.seed);
    if (walks(actor) && walkers++ < kVoicesMax) add_steps(shot, actor, own, out);
    if (actor.action == Action::kDrive && engines++ < kVoicesMax) add_engine(actor, own, out);
    const bool burns =
        actor.action == Action::kBurn || actor.form.name == "campfire" || actor.form.name == "fire";
    if (burns && !has_fire) {
      add_fire(own, out);
      has_fire = true;
    }
  }
}

void add_whoosh(float cut_seconds, uint32_t seed, Stretch& out) {
  constexpr float kReach = 0.32f;
  Noise noise(seed);
  Biquad low = Biquad::band(500, 0.8f), high = Biquad::band(2200, 0.8f);
  const auto begin =
      static_cast<size_t>(std::max(0.0f, (cut_seconds - kReach - out.begin_seconds) * kSampleRate));
  for (size_t i = begin; i < out.size(); ++i) {
    const float u = (out.seconds_at(i) - cut_seconds) / kReach;
    if (u > 1) break;
    const float bell = 1 - u * u;
    const float pan = 0.5f + 0.35f * u;  // it passes from left to right
    const float white = noise.next();
    const float value = 0.35f * bell * bell * (low(white) + bell * high(white));
    out.left[i] += value * (1 - pan);
    out.right[i] += value * pan;
  }
}

}  // namespace rushes::previz
