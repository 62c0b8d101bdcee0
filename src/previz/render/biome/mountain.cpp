// Mountain: a meadow shoulder above a valley, a snowy ridge beyond, and a sea of clouds that pours
// through and around it.
#include "previz/render/biome/biomes.h"
#include "previz/render/simd/targets.h"
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "previz/render/biome/mountain.cpp"
#include <hwy/foreach_target.h>

#include "previz/render/biome/export_biome-inl.h"
#include "previz/render/biome/mountain_clouds-inl.h"
#include "previz/render/biome/mountain_terrain-inl.h"
#include "previz/render/haze-inl.h"
#include "previz/render/meadow-inl.h"

HWY_BEFORE_NAMESPACE();
namespace rushes::previz::HWY_NAMESPACE {
namespace {

class Mountain {
 public:
  static constexpr bool kHasClouds = true;
  static constexpr int kClearBlock = 16;
  struct Hit {
    Mask mask;
    Float distance;
  };

  explicit Mountain(const SceneSetup& setup)
      : light_(setup.light),
        sky_(setup.light, setup.shot.place_seed, 0.0f),
        haze_(setup.light, air_density(setup.light), 900.0f),
        terrain_(setup.light, setup.shot.place_seed, setup.pool),
        clouds_(setup, terrain_),
        meadow_(setup, 0.17f),
        snow_line_(snow_line(setup)),
        snowless_(excludes(setup.shot.environment, "snow")) {}

  void set_moment(const Moment& now) {
    seconds_ = now.seconds;
    pixel_ = 2.0f * now.camera.tan_half_fov / 720.0f;
    clouds_.set_moment(now);
    meadow_.set_moment(now);
  }

  float ground_height(float x, float z) const { return terrain_.height_at(x, z); }

  // How far a cone of rays (`spread` metres of radius per metre) stays clear of the land.
  Float clear_distance(const Ray& axis, float spread) const {
    constexpr float kSlope = 1.7f;  // of the land, at its steepest
    Float t(0.3f);
    Mask active = all_lanes();
    for (int i = 0; i < kSteps; ++i) {
      const Vec3 p = axis.at(t);
      const Float room = p.y - terrain_.height(p.x, p.z) - t * (spread * (1.0f + kSlope));
      const Mask leaving = (p.y > MountainTerrain::kHighest * 0.9f) & (axis.direction.y > spread);
      t = select(active & leaving, kFar, t);
      active = active & (room > 0.0f) & (t < kFar);
      if (none(active)) break;
      t = select(active, t + max(room * 0.5f, 0.05f), t);
    }
    return t;
  }

  // Steps in proportion to the height above ground; once below it, the crossing is bracketed.
  Hit trace(const Ray& ray, Float from) const {
    Float t = from, last_t = from, last_gap(1.0f), gap(1.0f);
    Mask active = from < kFar, hit = no_lanes();
    for (int i = 0; i < kSteps; ++i) {
      const Vec3 p = ray.at(t);
      gap = select(active, p.y - terrain_.height(p.x, p.z), gap);
      const Mask arrived = active & (gap < t * 0.0004f);
      hit = hit | arrived;
      const Mask leaving = (p.y > MountainTerrain::kHighest * 0.9f) & (ray.direction.y > 0.0f);
      active = active & ~arrived & (t < kFar) & ~leaving;
      if (none(active)) break;
      last_t = select(active, t, last_t);
      last_gap = select(active, gap, last_gap);
      // At least a cell of the map where the eye is far, less where every blade counts.
      t = select(active, t + max(gap * 0.5f, max(min(t * 0.08f, 5.0f), t * 0.005f)), t);
    }
    // Two steps of false position between the last point above and the first below.
    Float high = last_t, high_gap = last_gap, low = t, low_gap = gap;
    for (int i = 0; i < 2 && any(hit); ++i) {
      const Float share = saturate(high_gap / max(high_gap - low_gap, 1e-4f));
      const Float middle = high + (low - high) * share;
      const Vec3 p = ray.at(middle);
      const Float middle_gap = p.y - terrain_.height(p.x, p.z);
      const Mask above = middle_gap > 0.0f;
      high = select(above, middle, high);
      high_gap = select(above, middle_gap, high_gap);
      low = select(above, low, middle);
      low_gap = select(above, low_gap, middle_gap);
      t = select(hit, middle, t);
    }
    return {hit, t};
  }

  Vec3 background(const Ray& ray) const { return sky_(ray.direction, seconds_); }

  Vec3 shade(const Ray& ray, const Hit& hit, const Incident& actors) const {
    const Float t = hit.distance;
    const Vec3 p = ray.at(t);
    // Central differences over a footprint that grows with distance, plus fine noise.
    const Float e = 3.5f + t * 0.0011f;
    const Float hx = terrain_.height(p.x + e, p.z) - terrain_.height(p.x - e, p.z);
    const Float hz = terrain_.height(p.x, p.z + e) - terrain_.height(p.x, p.z - e);
    const Float rough = square(saturate((abs(hx) + abs(hz)) / (e * 2.2f)));
    const Float dx = fbm2(p.x * 0.11f, p.z * 0.11f + p.y * 0.05f, 4) - 0.47f;
    const Float dz = fbm2(p.x * 0.11f + 40.0f, p.z * 0.11f - p.y * 0.05f, 4) - 0.47f;
    const Float bump = e * (0.22f + 1.25f * rough);
    const Vec3 n = normalize(Vec3(-hx + dx * bump, 2.0f * e, -hz + dz * bump));

    const Float shade_of_clouds = clouds_.sun_on_ground(p);
    const Float sunlight = terrain_.sunlight(p.x, p.z) * actors.sun * shade_of_clouds;
    const Float openness = terrain_.openness(p.x, p.z) * actors.openness;
    Float translucent;
    const Vec3 albedo = cover(p, n, translucent);
    const Float facing = dot(n, Vec3(light_.to_sun));
    const Float wrapped = saturate(mix(facing, facing * 0.7f + 0.3f, translucent));
    Vec3 colour = albedo * (Vec3(light_.sun) * (wrapped * sunlight) +
                            Vec3(light_.ambient) * (openness * (0.45f + 0.55f * n.y)) +
                            Vec3(light_.bounce) * (saturate(0.6f - facing) * openness));
    // The meadow of the stage, where a camera may stand in the grass.
    const Mask near = hit.mask & (t < kMeadowEnd);
    if (any(near)) {
      const Vec3 smooth = normalize(Vec3(-hx, 2.0f * e, -hz));
      const Vec3 grass = meadow_.shade(ray, p, smooth, t, pixel_, {sunlight, openness});
      colour =
          select(near, mix(colour, grass, smoothstep(kMeadowEnd, 0.4f * kMeadowEnd, t)), colour);
    }
    return colour;
  }

  Incident incident(Vec3 p) const {
    return {terrain_.sunlight(p.x, p.z) * clouds_.sun_on_ground(p), terrain_.openness(p.x, p.z)};
  }

  Vec3 atmosphere(const Ray& ray, Vec3 colour, Float distance, Float) const {
    return haze_(ray, colour, distance);
  }

  bool clouds_enabled() const { return clouds_.enabled(); }
  CloudLight clouds(const Ray& ray, Float distance, Float dither) const {
    return clouds_.march(ray, distance, dither, haze_);
  }

 private:
  static constexpr float kFar = 11000, kMeadowEnd = 170;
  static constexpr int kSteps = 160;

  // The view is kilometres deep: however thick the weather, the ridge stays a shape in it.
  static float air_density(const Light& light) {
    return 1.0f / (1.0f / (0.42f * light.fog_density) + 1900.0f);
  }

  static float snow_line(const SceneSetup& setup) {
    switch (setup.shot.environment.season) {
      case Season::kWinter: return -420;
      case Season::kSpring: return 250;
      case Season::kSummer: return 470;
      case Season::kAutumn: return 330;
    }
    return 470;
  }

  // Strata of rock, scree, meadow, woods, snow: by slope, height and chance. `translucent` is how
  // far light goes around edges (grass, snow).
  Vec3 cover(Vec3 p, Vec3 n, Float& translucent) const {
    const Float patches = fbm2(p.x * 0.010f, p.z * 0.010f, 5);
    const Float spots = fbm2(p.x * 0.09f, p.z * 0.09f, 4);
    const Float bend = noise2(p.x * 0.004f, p.z * 0.004f) * 3.0f;
    const Float strata = noise2(p.y * 0.045f + bend, p.x * 0.0015f) * 0.6f +
                         noise2(p.y * 0.17f + bend * 2.0f, p.z * 0.004f) * 0.4f;
    const Vec3 rock = mix(Vec3(0.10f, 0.095f, 0.10f), Vec3(0.27f, 0.24f, 0.215f),
                          saturate(strata * 0.45f + patches * 0.6f)) *
                      (0.45f + 1.0f * spots);
    const Vec3 grass = pasture(p, patches, spots);
    const Vec3 wood = mix(Vec3(0.012f, 0.026f, 0.014f), Vec3(0.050f, 0.072f, 0.028f), spots);

    const Float gentle = smoothstep(0.70f, 0.86f, n.y + (spots - 0.47f) * 0.22f);
    const Float green = gentle * smoothstep(420.0f, 180.0f, p.y + (patches - 0.48f) * 420.0f);
    const Float stage = smoothstep(60.0f, 260.0f, sqrt(p.x * p.x + p.z * p.z));
    const Float woods = smoothstep(0.50f, 0.56f, patches + (spots - 0.47f) * 0.25f) * stage *
                        smoothstep(0.62f, 0.76f, n.y) *
                        smoothstep(130.0f, -40.0f, p.y + spots * 120.0f);
    Vec3 ground = mix(rock, grass, green);
    ground = mix(ground, wood, woods);
    const Float high = smoothstep(snow_line_ - 160.0f, snow_line_ + 190.0f,
                                  p.y + (patches - 0.48f) * 620.0f + (spots - 0.47f) * 150.0f);
    const Float lies = smoothstep(0.50f, 0.68f, n.y + (spots - 0.47f) * 0.30f);
    const Float everywhere = light_.snow * smoothstep(0.30f, 0.75f, n.y + (spots - 0.47f) * 0.5f);
    const Float snow =
        snowless_ ? Float(0.0f) : max(high * lies, everywhere * (1.0f - 0.75f * woods));
    translucent = max(snow * 0.8f, green * 0.6f * (1.0f - woods));
    ground = mix(ground, Vec3(0.84f, 0.875f, 0.93f), snow);
    return ground * (1.0f - 0.35f * light_.wetness * (1.0f - snow));
  }

  static Vec3 pasture(Vec3 p, Float patches, Float spots) {
    const Float fine = fbm2(p.x * 3.1f, p.z * 3.1f, 3);
    return mix(Vec3(0.042f, 0.075f, 0.018f), Vec3(0.150f, 0.165f, 0.048f),
               saturate(patches * 0.9f + (spots - 0.4f) * 0.6f)) *
           (0.70f + 0.66f * fine);
  }

  const Light& light_;
  const Sky sky_;
  const Haze haze_;
  const MountainTerrain terrain_;
  MountainClouds clouds_;
  Meadow meadow_;
  const float snow_line_;
  const bool snowless_;
  float seconds_ = 0, pixel_ = 0.0013f;
};

}  // namespace
}  // namespace rushes::previz::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

RUSHES_EXPORT_BIOME(Mountain, make_mountain);
