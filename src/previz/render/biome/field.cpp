// Field: an open meadow with flowers; wind runs through the grass. Around it, as on a stage, stand
// rows of trees and behind them hills, each a curtain of its own at a fixed distance.
#include "previz/render/biome/biomes.h"
#include "previz/render/simd/targets.h"
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "previz/render/biome/field.cpp"
#include <hwy/foreach_target.h>

#include "previz/render/biome/export_biome-inl.h"
#include "previz/render/biome/field_horizon-inl.h"
#include "previz/render/haze-inl.h"
#include "previz/render/meadow-inl.h"

HWY_BEFORE_NAMESPACE();
namespace rushes::previz::HWY_NAMESPACE {
namespace {

class Field {
 public:
  static constexpr bool kHasClouds = false;
  struct Hit {
    Mask mask;
    Float distance;
    Mask ground;
    Float ground_distance;
    HorizonHit horizon;
    HWY_INLINE Hit()
        : mask(no_lanes()), distance(0.0f), ground(no_lanes()), ground_distance(0.0f) {}
  };

  explicit Field(const SceneSetup& setup)
      : sky_(setup.light, setup.shot.place_seed),
        haze_(setup.light, setup.light.fog_density * 1.3f, 120.0f),
        meadow_(setup, 0.24f),
        horizon_(setup) {}

  void set_moment(const Moment& now) {
    seconds_ = now.seconds;
    pixel_ = 2.0f * now.camera.tan_half_fov / 720.0f;
    meadow_.set_moment(now);
    horizon_.set_moment(now);
  }

  // Level on the stage, rolling around it.
  float ground_height(float x, float z) const {
    const float near =
        0.07f * exact::sin(x * 0.31f + 1.0f) + 0.07f * exact::sin(z * 0.26f + x * 0.11f);
    const float r = exact::sqrt(x * x + z * z);
    const float roll =
        exact::sin(x * 0.021f + 0.6f) + exact::sin(z * 0.027f - x * 0.013f + 2.2f) + 0.4f;
    return near + roll * 1.25f * exact::smoothstep(14.0f, 110.0f, r);
  }

  Hit trace(const Ray& ray) const {
    // Ground: steps that lengthen with distance, then two of false position.
    Float t(0.25f), above(0.25f), gap(1.0f), above_gap(1.0f);
    Mask active = ray.direction.y < 0.10f, hit = no_lanes();
    for (int i = 0; i < 44; ++i) {
      const Vec3 p = ray.at(t);
      gap = select(active, p.y - height(p.x, p.z), gap);
      hit = hit | (active & (gap < 0.0f));
      active = active & ~(gap < 0.0f) & (t < kGroundEnd);
      if (none(active)) break;
      above = select(active, t, above);
      above_gap = select(active, gap, above_gap);
      t = select(active, t + max(gap * 0.8f, t * 0.11f), t);
    }
    Float below = t, below_gap = gap;
    for (int i = 0; i < 3 && any(hit); ++i) {
      const Float share = saturate(above_gap / max(above_gap - below_gap, 1e-5f));
      const Float middle = above + (below - above) * share;
      const Vec3 p = ray.at(middle);
      const Float middle_gap = p.y - height(p.x, p.z);
      const Mask over = middle_gap > 0.0f;
      above = select(over, middle, above);
      above_gap = select(over, middle_gap, above_gap);
      below = select(over, below, middle);
      below_gap = select(over, below_gap, middle_gap);
      t = select(hit, middle, t);
    }
    Hit result;
    result.horizon = horizon_.trace(ray, select(hit, t, kFarAway), pixel_);
    result.mask = hit | (result.horizon.coverage > 0.0f);
    result.distance = select(result.horizon.coverage > 0.0f, result.horizon.distance, t);
    result.ground = hit;
    result.ground_distance = t;
    return result;
  }

  Vec3 background(const Ray& ray) const { return sky_(ray.direction, seconds_); }

  // What stands behind the soft edges of the curtains shows through them.
  Vec3 shade(const Ray& ray, const Hit& hit, const Incident& actors) const {
    const Float covered = hit.horizon.coverage;
    Vec3 colour{Float(0.0f)};
    if (any(hit.ground)) colour = shade_ground(ray, hit.ground_distance, actors);
    if (any(hit.mask & ~hit.ground)) {
      colour = select(hit.ground, colour, background(ray));
    }
    if (any(covered > 0.0f)) {
      const Vec3 curtain = horizon_.shade(ray, hit.horizon);
      colour = mix(colour, curtain, covered);
    }
    return colour;
  }

  Incident incident(Vec3) const { return {}; }

  Vec3 atmosphere(const Ray& ray, Vec3 colour, Float distance, Float) const {
    return haze_(ray, colour, distance);
  }

 private:
  static constexpr float kGroundEnd = 400;

  Float height(Float x, Float z) const {
    const Float near = 0.07f * sin_fast(x * 0.31f + 1.0f) + 0.07f * sin_fast(z * 0.26f + x * 0.11f);
    const Float r = sqrt(x * x + z * z);
    const Float roll =
        sin_fast(x * 0.021f + 0.6f) + sin_fast(z * 0.027f - x * 0.013f + 2.2f) + 0.4f;
    return near + roll * 1.25f * smoothstep(14.0f, 110.0f, r);
  }

  Vec3 shade_ground(const Ray& ray, Float t, const Incident& actors) const {
    const Vec3 p = ray.at(t);
    const Float e = 0.15f + t * 0.01f;
    const Float hx = height(p.x + e, p.z) - height(p.x - e, p.z);
    const Float hz = height(p.x, p.z + e) - height(p.x, p.z - e);
    const Vec3 n = normalize(Vec3(-hx, 2.0f * e, -hz));
    return meadow_.shade(ray, p, n, t, pixel_, actors);
  }

  const Sky sky_;
  const Haze haze_;
  Meadow meadow_;
  FieldHorizon horizon_;
  float seconds_ = 0, pixel_ = 0.0013f;
};

}  // namespace
}  // namespace rushes::previz::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

RUSHES_EXPORT_BIOME(Field, make_field);
