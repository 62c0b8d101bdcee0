// MountainClouds: a sea of clouds in the valley that the wind drives against the ridge, lifts over
// its saddles and tears at the peaks.
#if defined(RUSHES_PREVIZ_MOUNTAIN_CLOUDS_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef RUSHES_PREVIZ_MOUNTAIN_CLOUDS_INL_H_
#undef RUSHES_PREVIZ_MOUNTAIN_CLOUDS_INL_H_
#else
#define RUSHES_PREVIZ_MOUNTAIN_CLOUDS_INL_H_
#endif

#include <algorithm>

#include "previz/render/biome/mountain_terrain-inl.h"
#include "previz/render/cloud_layer-inl.h"
#include "previz/render/cloud_noise-inl.h"
#include "previz/render/haze-inl.h"

HWY_BEFORE_NAMESPACE();
namespace rushes::previz::HWY_NAMESPACE {

class MountainClouds {
 public:
  MountainClouds(const SceneSetup& setup, const MountainTerrain& terrain)
      : light_(setup.light),
        terrain_(terrain),
        noise_(setup.shot.place_seed, setup.pool),
        amount_(setup.light.cloud_cover),
        // Clouds that are the subject of a shot must be seen to move: ten times a real breeze.
        wind_(18.0f + 30.0f * std::min(setup.shot.environment.wind, 3.0f)) {}

  bool enabled() const { return amount_ > 0.02f; }

  void set_moment(const Moment& now) {
    const float s = now.seconds;
    drift_ = Point{-wind_ * s, 0, -wind_ * 0.35f * s};
    boil_ = s * 6.0f;
  }

  // Light gathered before `distance`, and what comes through.
  CloudLight march(const Ray& ray, Float distance, Float dither, const Haze& haze) const {
    CloudLight out;
    const Float slope = select(abs(ray.direction.y) < 1e-4f, 1e-4f, ray.direction.y);
    const Float to_floor = (kFloor - ray.origin.y) / slope;
    const Float to_ceiling = (kCeiling - ray.origin.y) / slope;
    const Float enter = max(min(to_floor, to_ceiling), 1.0f);
    const Float leave = min(min(max(to_floor, to_ceiling), distance), kFar);
    Mask active = leave > enter;
    if (none(active)) return out;

    const Float facing = dot(ray.direction, Vec3(light_.to_sun));
    const Float phase = phase_of(facing);
    const Vec3 fog = haze.colour(ray);
    Float t = enter + step_at(enter) * dither;
    for (int i = 0; i < kSteps; ++i) {
      const Vec3 p = ray.at(t);
      const Float step = step_at(t);
      const Layer layer = layer_at(p);
      const Float density = density_at(p, t, layer);
      const Mask inside = active & (density > 0.002f) & (t < leave);
      if (any(inside)) {
        const Vec3 c = mix(radiance(p, t, density, phase), fog, haze.amount(ray, t));
        const Float alpha =
            select(inside, 1.0f - exp_fast(density * min(step, leave - t) * -kExtinction), 0.0f);
        out.light = out.light + c * (alpha * out.transmittance);
        out.transmittance = out.transmittance * (1.0f - alpha);
      }
      active = active & (t < leave) & (out.transmittance > 0.015f);
      if (none(active)) break;
      // Where the air is clear nothing is near: longer steps, and straight down to the layer.
      // Uneven steps keep the layers of the march from showing as ripples.
      const Float uneven = 0.65f + 0.7f * fract(dither + static_cast<float>(i) * 0.618034f);
      t = t + max(step * uneven * select(density > 0.0f, 1.0f, 1.6f), layer.outside * 0.85f);
    }
    return out;
  }

  // The shadow the layer throws on the land, 0..1.
  Float sun_on_ground(Vec3 p) const {
    if (amount_ <= 0.02f) return 1.0f;
    const Float up = max(160.0f - p.y, 0.0f) * (1.0f / std::max(light_.to_sun.y, 0.15f));
    const Vec3 q = p + Vec3(light_.to_sun) * (up + 60.0f);
    return 1.0f - 0.72f * saturate(hull_at(q) * 2.2f);
  }

 private:
  static constexpr float kFloor = -330, kCeiling = 820, kThickness = 520, kFar = 9500;
  static constexpr float kExtinction = 0.055f;
  static constexpr int kSteps = 64;

  static HWY_INLINE Float step_at(Float t) { return 9.0f + t * 0.0125f; }

  // Forward peak (the silver lining) over an even base and a weak backward lobe.
  static HWY_INLINE Float phase_of(Float facing) {
    const Float s = saturate(facing), s2 = s * s, s4 = s2 * s2;
    const Float back = saturate(-facing);
    return 0.62f + 0.55f * s2 + 1.5f * s4 * s4 + 0.22f * back * back;
  }

  // Where a point is in the layer, which rides over the land: pressed together where the ridge
  // rises into it.
  struct Layer {
    Float lift;     // metres
    Float profile;  // 0 outside, 1 in the body
    Float outside;  // metres to the layer, at least
    HWY_INLINE Layer() : lift(0.0f), profile(0.0f), outside(0.0f) {}
  };
  HWY_INLINE Layer layer_at(Vec3 p) const {
    const Float land = terrain_.smooth_height(p.x, p.z);
    Layer layer;
    layer.lift = max(land + 260.0f, 0.0f) * 0.62f;
    const Float above_floor = p.y - kFloor - layer.lift;
    const Float y = above_floor * (1.0f / kThickness);
    const Float from_stage = smoothstep(450.0f, 1150.0f, sqrt(p.x * p.x + p.z * p.z));
    layer.profile = saturate(y * 5.0f) * saturate((1.0f - y) * 1.35f) * from_stage;
    layer.outside = max(above_floor - kThickness, -above_floor);
    return layer;
  }

  // The coarse body of the clouds, before its rim is carved: > 0 inside.
  HWY_INLINE Float hull_at(Vec3 p, const Layer& layer) const {
    const Vec3 q = (p + Vec3(drift_)) * (1.0f / 3000.0f);
    const Float field = noise_(Vec3(q.x, q.y * 1.25f - layer.lift * 0.0003f, q.z));
    const Float broad = noise2(q.x * 2.6f + 0.4f, q.z * 2.6f + 0.2f);
    const Float need = 1.02f - 0.50f * amount_ - (broad - 0.5f) * 0.46f;
    return (field * 0.75f + layer.profile * 0.52f - need) * layer.profile;
  }
  HWY_INLINE Float hull_at(Vec3 p) const {
    const Layer layer = layer_at(p);
    if (none(layer.profile > 0.0f)) return 0.0f;
    return hull_at(p, layer);
  }

  // Density 0..1 at p, `t` metres from the eye; the nearer, the finer it is carved.
  Float density_at(Vec3 p, Float t, const Layer& layer) const {
    if (none(layer.profile > 0.0f)) return 0.0f;
    const Float hull = hull_at(p, layer);
    if (none(hull > 0.0f)) return 0.0f;
    const Vec3 q = p + Vec3(drift_);
    const Float rim = noise_(
        Vec3(q.x * 0.81f + q.z * 0.59f, q.y - boil_, q.z * 0.81f - q.x * 0.59f) * (1.0f / 620.0f));
    Float d = hull - (1.0f - rim) * 0.22f;
    const Mask close = (t < 1500.0f) & (hull > 0.0f);
    if (any(close)) {
      const Float fine = noise_(Vec3(q.z, q.y - boil_ * 1.6f, q.x) * (1.0f / 131.0f));
      d = select(close, d - (0.80f - fine) * 0.13f * smoothstep(1500.0f, 250.0f, t), d);
    }
    return saturate(d * 11.0f);
  }

  // Sunlight that gets to p and leaves towards the eye, and skylight. A near look towards the sun
  // models the heads of the clouds, a far one their bodies.
  Vec3 radiance(Vec3 p, Float t, Float density, Float phase) const {
    const Vec3 to_sun(light_.to_sun);
    const Vec3 near = p + to_sun * 26.0f;
    const Float a = density_at(near, t, layer_at(near));
    const Float b = saturate(hull_at(p + to_sun * 115.0f) * 6.0f - 0.5f);
    const Float depth = a * 1.5f + b * 2.2f + density * 0.30f;
    // Light scattered many times reaches deeper than light scattered once.
    const Float once = exp_fast(depth * -1.20f), often = exp_fast(depth * -0.32f);
    const Float powder = 1.0f - 0.40f * exp_fast(density * -5.0f);
    const Float sun = once * phase * 0.66f + often * 0.17f;
    const Float height = ramp(kFloor, kFloor + 620.0f, p.y);
    return (Vec3(light_.cloud_lit) * sun + Vec3(light_.cloud_shade) * (0.12f + 0.46f * height)) *
           powder;
  }

  const Light& light_;
  const MountainTerrain& terrain_;
  const CloudNoise noise_;
  const float amount_, wind_;
  Point drift_;
  float boil_ = 0;
};

}  // namespace rushes::previz::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // RUSHES_PREVIZ_MOUNTAIN_CLOUDS_INL_H_
