// Sea: open water from just above. The swell is true geometry, so that boats ride it; the sun lays
// a path on it; wind and storm raise it.
#include "previz/render/biome/biomes.h"
#include "previz/render/simd/targets.h"
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "previz/render/biome/sea.cpp"
#include <hwy/foreach_target.h>

#include "previz/render/biome/export_biome-inl.h"
#include "previz/render/biome/sea_sky-inl.h"
#include "previz/render/biome/sea_water-inl.h"
#include "previz/render/haze-inl.h"

HWY_BEFORE_NAMESPACE();
namespace rushes::previz::HWY_NAMESPACE {
namespace {

class Sea {
 public:
  static constexpr bool kHasClouds = false;
  struct Hit {
    Mask mask;
    Float distance;
    HWY_INLINE Hit() {}
  };

  explicit Sea(const SceneSetup& setup)
      : storm_(setup.shot.environment.weather == Weather::kStorm ||
               setup.shot.environment.biome_variant == "storm"),
        calm_(setup.shot.environment.biome_variant == "calm" ||
              setup.shot.environment.biome_variant == "lake"),
        sky_(setup, 0.55f),
        haze_(setup.light, setup.light.fog_density + 0.00022f, 140.0f),
        water_(setup.light, sky_, crest(setup.shot.environment), storm_ ? 34.0f : 17.0f, 1.15f) {}

  void set_moment(const Moment& now) {
    sky_.set_moment(now.seconds);
    water_.set_moment(now.seconds);
  }

  float ground_height(float x, float z) const {
    float height[kWidestPacket];
    store(water_.height(Float(x), Float(z), kFelt), height);
    return height[0];
  }

  Hit trace(const Ray& ray) const {
    Hit hit;
    const Float fall = -ray.direction.y;
    const float crest = water_.crest() * 1.1f;
    Float t = max((ray.origin.y - crest) / max(fall, 1e-4f), 0.0f);
    const Float plane = ray.origin.y / max(fall, 1e-4f);
    const Mask falls = fall > 2e-4f;
    // Beyond a few hundred metres no crest hides another.
    Mask active = (fall > -0.5f) & (t < kReach), met = no_lanes();
    for (int i = 0; i < 16 && any(active); ++i) {
      const Vec3 p = ray.at(t);
      const Float gap = p.y - water_.height(p.x, p.z, kFelt);
      const Mask arrived = active & (gap < 0.004f + t * 0.0008f);
      met = met | arrived;
      active = active & ~arrived;
      t = select(active, t + max(gap / (max(fall, 0.0f) + 0.30f), 0.01f + t * 0.002f), t);
      active = active & (t < kReach);
    }
    hit.mask = met | falls;
    hit.distance = min(select(met | active, t, max(plane, t)), 50000.0f);
    return hit;
  }

  Vec3 background(const Ray& ray) const { return sky_(ray); }

  Vec3 shade(const Ray& ray, const Hit& hit, const Incident& incident) const {
    const Float t = hit.distance;
    const Vec3 p = ray.at(min(t, 20000.0f));
    Swell s = water_.swell(p.x, p.z, t);
    water_.add_ripples(p, t, calm_ ? 0.12f : 0.42f, s);
    const Vec3 body = storm_ ? Vec3(0.030f, 0.060f, 0.068f) : Vec3(0.012f, 0.075f, 0.105f);
    const Float lift = saturate(s.height * (0.55f / water_.crest()) + 0.32f);
    Vec3 colour = water_.shade(ray, t, s, mix(body, Vec3(0.05f, 0.23f, 0.20f), lift * 0.55f), lift,
                               incident.sun);
    if (!calm_) {
      const Float white =
          water_.whitecaps(p, s, storm_ ? 0.14f : 0.40f) * saturate(1.3f - t * 0.004f);
      colour = mix(colour, water_.foam(incident.sun), white * 0.85f);
    }
    return colour * (0.6f + 0.4f * incident.openness);
  }

  Incident incident(Vec3) const { return {}; }

  Vec3 atmosphere(const Ray& ray, Vec3 colour, Float distance, Float) const {
    const Vec3 hazed = haze_(ray, colour, distance);
    return select(distance < kFarAway, hazed, colour);
  }

 private:
  static constexpr int kFelt = 5;          // waves that carry things
  static constexpr float kReach = 260.0f;  // of true geometry

  static float crest(const Environment& e) {
    if (e.weather == Weather::kStorm || e.biome_variant == "storm") return 1.7f;
    if (e.biome_variant == "calm" || e.biome_variant == "lake") return 0.06f;
    return 0.16f + 0.16f * std::clamp(e.wind, 0.0f, 3.0f);
  }

  const bool storm_, calm_;
  SeaSky sky_;
  const Haze haze_;
  Water water_;
};

}  // namespace
}  // namespace rushes::previz::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

RUSHES_EXPORT_BIOME(Sea, make_sea);
