// Meadow: grass seen close, blade by blade, that turns into a texture with distance; flowers; wind
// that runs over it in waves. Shared by the biomes that have grass on their stage.
//
// The blades stand in slices, upright planes at fixed places in the world, so nothing crawls when
// the camera moves.
#if defined(RUSHES_PREVIZ_MEADOW_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef RUSHES_PREVIZ_MEADOW_INL_H_
#undef RUSHES_PREVIZ_MEADOW_INL_H_
#else
#define RUSHES_PREVIZ_MEADOW_INL_H_
#endif

#include <algorithm>

#include "previz/render/actors-inl.h"
#include "previz/render/scene.h"
#include "previz/render/simd/noise-inl.h"

HWY_BEFORE_NAMESPACE();
namespace rushes::previz::HWY_NAMESPACE {

class Meadow {
 public:
  // `height` of the tallest grass in metres.
  Meadow(const SceneSetup& setup, float height)
      : light_(setup.light),
        height_(height),
        wind_(setup.shot.environment.wind),
        season_(setup.shot.environment.season),
        flowers_(flower_density(setup.shot.environment)) {
    switch (season_) {
      case Season::kSpring:
        dark_ = {0.030f, 0.080f, 0.012f};
        bright_ = {0.160f, 0.270f, 0.045f};
        break;
      case Season::kSummer:
        dark_ = {0.036f, 0.070f, 0.014f};
        bright_ = {0.210f, 0.245f, 0.060f};
        break;
      case Season::kAutumn:
        dark_ = {0.070f, 0.058f, 0.020f};
        bright_ = {0.300f, 0.215f, 0.075f};
        break;
      case Season::kWinter:
        dark_ = {0.075f, 0.066f, 0.040f};
        bright_ = {0.240f, 0.200f, 0.120f};
        break;
    }
  }

  void set_moment(const Moment& now) { seconds_ = now.seconds; }

  // Grass on ground of normal `n`, met at `p` after `t` metres; lit. `pixel`: the angle of a pixel.
  Vec3 shade(const Ray& ray, Vec3 p, Vec3 n, Float t, float pixel, const Incident& light) const {
    const Float patches = fbm2(p.x * 0.11f, p.z * 0.11f, 3) * 1.14f;
    const Float tufts = noise2(p.x * 0.9f + 7.0f, p.z * 0.9f);
    const Float gust = gust_at(p.x, p.z);
    Blade blade = far_grass(p, t, pixel, patches, tufts);
    const Mask close = t < kBladesEnd;
    if (any(close)) {
      const Float share = select(close, smoothstep(kBladesEnd, kBladesFade, t), 0.0f);
      const Blade near = find_blade(ray, p, t, t * pixel, patches, tufts, gust);
      blade.hue = mix(blade.hue, near.hue, share);
      blade.height = mix(blade.height, near.height, share);
    }
    Vec3 albedo = mix(Vec3(dark_), Vec3(bright_), saturate(blade.hue + gust * 0.16f));
    // Dry stalks among the green ones, in patches.
    albedo = mix(albedo, Vec3(0.26f, 0.215f, 0.095f), saturate((patches - 0.55f) * 1.6f) * 0.5f);
    Float lit = 0.30f + 0.70f * blade.height;
    add_flowers(ray, p, t, pixel, patches, albedo, lit);
    const Float snow =
        light_.snow * smoothstep(0.35f, 0.62f, 0.75f - blade.height * 0.5f + tufts * 0.35f);
    albedo = mix(albedo, Vec3(0.84f, 0.875f, 0.93f), snow);
    lit = mix(lit, 1.0f, snow * 0.7f);
    albedo = albedo * (1.0f - 0.25f * light_.wetness * (1.0f - snow));

    // Blades glow when the sun stands behind them.
    const Vec3 to_sun(light_.to_sun);
    const Float facing = saturate(dot(n, to_sun) * 0.75f + 0.25f);
    const Float through = square(saturate(dot(ray.direction, to_sun))) * 0.9f * (1.0f - snow);
    const Float sheen = saturate(gust) * 0.22f * (1.0f - snow);
    const Float sun = light.sun * lit * lit * (facing * (1.0f + sheen) + through * blade.height);
    return albedo * (Vec3(light_.sun) * sun + Vec3(light_.ambient) * (light.openness * lit) +
                     Vec3(light_.bounce) * (0.35f * light.openness));
  }

 private:
  static constexpr float kBladesFade = 7, kBladesEnd = 13;  // metres
  static constexpr int kSlices = 16;
  static constexpr float kSlice = 0.055f, kCell = 0.026f;

  struct Blade {
    Float hue, height;  // both 0..1
    HWY_INLINE Blade() : hue(0.0f), height(0.0f) {}
  };

  static float flower_density(const Environment& e) {
    if (excludes(e, "flower")) return 0;
    switch (e.season) {
      case Season::kSpring: return 1;
      case Season::kSummer: return 0.65f;
      case Season::kAutumn: return 0.08f;
      case Season::kWinter: return 0;
    }
    return 0;
  }

  // -1..1: waves of bent grass that travel with the wind.
  Float gust_at(Float x, Float z) const {
    const float s = seconds_ * (1.2f + 1.6f * wind_);
    const Float broad = noise2((x - s) * 0.13f, z * 0.07f + s * 0.02f);
    const Float narrow = noise2((x - s * 1.25f) * 0.45f + 3.0f, z * 0.22f);
    return (broad * 1.3f + narrow * 0.7f - 1.0f) * std::min(1.0f, 0.35f + 0.5f * wind_);
  }

  // Octaves no finer than a pixel.
  Blade far_grass(Vec3 p, Float t, float pixel, Float patches, Float tufts) const {
    const Float footprint = t * pixel;
    const Float fine =
        smoothstep(0.10f, 0.02f, footprint) * (noise2(p.x * 17.0f, p.z * 11.0f) - 0.5f);
    const Float middle =
        smoothstep(0.35f, 0.06f, footprint) * (noise2(p.x * 4.7f, p.z * 3.1f) - 0.5f);
    Blade blade;
    blade.hue = saturate(0.14f + patches * 0.42f + tufts * 0.22f + middle * 0.32f + fine * 0.30f);
    blade.height = saturate(0.42f + tufts * 0.22f + middle * 0.42f + fine * 0.45f);
    return blade;
  }

  // Upright slices across the line of sight, from where the ray dives into the grass down to the
  // ground. Each slice is a row of blades: strokes that taper and lean.
  Blade find_blade(const Ray& ray, Vec3 p, Float t, Float pixel_width, Float patches, Float tufts,
                   Float gust) const {
    const Vec3 d = ray.direction;
    const Mask turned = abs(d.x) > abs(d.z);  // slices along z instead of x
    const Float forward = select(turned, d.x, d.z), sideways = select(turned, d.z, d.x);
    const Float deep = select(turned, p.x, p.z), wide = select(turned, p.z, p.x);
    const Float sign = select(forward < 0.0f, -1.0f, 1.0f);
    const Float ahead = max(abs(forward), 0.3f), fall = max(-d.y, 0.05f);
    const Float slope = sideways * sign / ahead, drop = fall / ahead;  // per metre of depth
    const Float tall = height_ * (0.55f + 0.45f * tufts);

    // Depths grow along the ray; the first slice after the ray has come below the tallest tips.
    const Float entry = deep * sign - height_ / drop;
    const Float first = floor(max(entry, deep * sign - 0.9f) * (1.0f / kSlice)) + 1.0f;
    Blade found;
    found.hue = 0.16f + 0.34f * patches;
    found.height = 0.20f;
    Mask open = t < kBladesEnd;
    const Float bend = (0.25f + 0.75f * gust) * (0.10f * wind_);
    for (int k = 0; k < kSlices; ++k) {
      const Float slice = first + static_cast<float>(k);
      const Float back = deep * sign - slice * kSlice;  // metres before the ground point
      open = open & (back > 0.0f);
      if (none(open)) break;
      const Float h = back * drop;
      const Float f = h * (1.0f / height_);
      const Float row = slice * sign;
      const Float swing = unit(hash2(truncate(row), 77)) - 0.5f;
      const Float x = wide - slope * back - (bend + swing * 0.06f) * f * f;
      const Float u = x * (1.0f / kCell) + swing * 5.0f, cell = floor(u);
      const Int chance = hash3(truncate(cell), truncate(row), 19);
      const Float a = unit(chance), b = unit(chance * 747796405 + 3);
      const Float own = tall * (0.35f + 0.65f * a);
      const Float up = h / own;
      const Float middle = 0.30f + 0.40f * b + (a - 0.5f) * 0.55f * up * up;
      const Float half = max((0.11f + 0.09f * b) * (1.0f - up), pixel_width * (0.3f / kCell));
      const Mask here = open & (up < 1.0f) & (abs(u - cell - middle) < half);
      found.hue = select(here, 0.06f + 0.50f * b + 0.46f * patches, found.hue);
      found.height = select(here, saturate(0.18f + 0.85f * f), found.height);
      open = open & ~here;
    }
    return found;
  }

  // One flower per cell at most, in drifts; a white, red, blue or yellow disc on its stalk.
  void add_flowers(const Ray& ray, Vec3 p, Float t, float pixel, Float patches, Vec3& albedo,
                   Float& lit) const {
    if (flowers_ <= 0.0f) return;
    const Mask close = t < 55.0f;
    if (none(close)) return;
    const Float stalk(height_ * 0.86f);
    const Float per_metre = stalk / max(-ray.direction.y, 0.07f);
    const Float sway = gust_at(p.x, p.z) * (0.05f * wind_);
    const Float x = (p.x - ray.direction.x * per_metre - sway) * (1.0f / 0.34f);
    const Float z = (p.z - ray.direction.z * per_metre) * (1.0f / 0.34f);
    const Float cx = floor(x), cz = floor(z);
    const Int chance = hash3(truncate(cx), truncate(cz), 5);
    const Float u = unit(chance), v = unit(chance * 747796405 + 3),
                w = unit(chance * 277803737 + 5);
    const Float drift = noise2(cx * 0.045f + 9.0f, cz * 0.045f);
    const Mask grows = close & (w < flowers_ * (drift * drift * 2.2f - 0.22f));
    const Float radius = 0.045f + 0.05f * u;
    const Float dx = x - cx - (0.25f + 0.5f * u), dz = z - cz - (0.25f + 0.5f * v);
    // Flowers nod towards the light: seen flat they would be slivers, so the view stretches them.
    const Float level =
        reciprocal_sqrt(max(square(ray.direction.x) + square(ray.direction.z), 1e-4f));
    const Float dir_x = ray.direction.x * level, dir_z = ray.direction.z * level;
    const Float along = (dx * dir_x + dz * dir_z) * (0.30f - 0.70f * ray.direction.y);
    const Float aside = dx * dir_z - dz * dir_x;
    const Float far = sqrt(along * along + aside * aside);
    const Float blur = max(t * (pixel / 0.34f), 0.012f);
    const Float seen = saturate((radius - far) / blur + 0.5f) * smoothstep(55.0f, 25.0f, t);
    const Float kind = saturate(drift * 0.6f + v * 0.5f + patches * 0.1f);
    Vec3 petal = select(kind < 0.34f, Vec3(0.62f, 0.045f, 0.030f), Vec3(0.80f, 0.78f, 0.74f));
    petal = select(kind > 0.58f, Vec3(0.78f, 0.56f, 0.045f), petal);
    petal = select(kind > 0.80f, Vec3(0.16f, 0.16f, 0.62f), petal);
    const Mask heart = far < radius * 0.34f;
    petal = select(heart, Vec3(0.46f, 0.30f, 0.02f), petal);
    const Float share = select(grows, seen, 0.0f);
    albedo = mix(albedo, petal, share);
    lit = mix(lit, 1.0f, share);
  }

  const Light& light_;
  const float height_, wind_;
  const Season season_;
  const float flowers_;
  Point dark_, bright_;
  float seconds_ = 0;
};

}  // namespace rushes::previz::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // RUSHES_PREVIZ_MEADOW_INL_H_
