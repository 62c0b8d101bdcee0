// Beach: sand that slopes into a sea with breakers, a wet band and foam that come and go, palms,
// far land. As "desert" or "dunes" the sea gives way to dunes.
#include "previz/render/biome/biomes.h"
#include "previz/render/simd/targets.h"
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "previz/render/biome/beach.cpp"
#include <hwy/foreach_target.h>

#include <string_view>

#include "previz/render/biome/beach_palms-inl.h"
#include "previz/render/biome/beach_shore-inl.h"
#include "previz/render/biome/export_biome-inl.h"
#include "previz/render/biome/sea_sky-inl.h"
#include "previz/render/biome/sea_water-inl.h"
#include "previz/render/haze-inl.h"

HWY_BEFORE_NAMESPACE();
namespace rushes::previz::HWY_NAMESPACE {
namespace {

bool is_dry(const Environment& e) {
  return e.biome_variant == "desert" || e.biome_variant == "dunes";
}

class Beach {
 public:
  static constexpr bool kHasClouds = false;
  static constexpr int kClearBlock = 4;
  struct Hit {
    Mask mask;
    Float distance;
    PalmHit palm;
    HWY_INLINE Hit() {}
  };

  explicit Beach(const SceneSetup& setup)
      : light_(setup.light),
        sky_(setup, is_dry(setup.shot.environment) ? 0.0f : 1.0f),
        haze_(setup.light,
              setup.light.fog_density + (is_dry(setup.shot.environment) ? 0.0020f : 0.00030f),
              120.0f),
        shore_(setup, sky_, is_dry(setup.shot.environment)),
        palms_(setup, has_palms(setup.shot.environment)) {}

  void set_moment(const Moment& now) {
    sky_.set_moment(now.seconds);
    shore_.set_moment(now.seconds);
    palms_.set_moment(now, [this](float x, float z) { return ground_height(x, z); });
  }

  float ground_height(float x, float z) const {
    float height[kWidestPacket];
    store(shore_.footing(Float(x), Float(z)), height);
    return height[0];
  }

  Float clear_distance(const Ray& axis, float spread) const {
    return shore_.clear_distance(axis, spread);
  }

  Hit trace(const Ray& ray, Float clear) const {
    Hit hit;
    const Float ground = shore_.march(ray, clear);
    if (!palms_.empty()) hit.palm = palms_.trace(ray, ground);
    hit.distance = select(hit.palm.mask, hit.palm.distance, ground);
    hit.mask = hit.distance < kFarAway;
    return hit;
  }

  Vec3 background(const Ray& ray) const { return sky_(ray); }

  Vec3 shade(const Ray& ray, const Hit& hit, const Incident& incident) const {
    Vec3 colour{Float(0.0f)};
    const Mask ground = hit.mask & ~hit.palm.mask;
    if (any(ground)) {
      const Float t = select(ground, hit.distance, Float(10.0f));
      Float sun = incident.sun;
      const Mask close = ground & (t < 90.0f);
      if (!palms_.empty() && any(close)) {
        const Float palms = palms_.sun_visibility(ray.at(t) + Vec3(0.0f, 0.01f, 0.0f), close);
        sun = select(close, sun * mix(Float(palms), Float(1.0f), light_.softness), sun);
      }
      colour = shore_.shade(ray, t, sun, incident.openness);
    }
    if (any(hit.palm.mask)) {
      colour = select(hit.palm.mask, palms_.shade(ray, hit.palm, incident.sun), colour);
    }
    return colour;
  }

  Incident incident(Vec3 point) const {
    Incident i;
    if (!palms_.empty())
      i.sun = mix(palms_.sun_visibility(point, all_lanes()), Float(1.0f), light_.softness);
    return i;
  }

  Vec3 atmosphere(const Ray& ray, Vec3 colour, Float distance, Float) const {
    return select(distance < kFarAway, haze_(ray, colour, distance), colour);
  }

 private:
  static bool has_palms(const Environment& e) {
    if (is_dry(e) || e.biome_variant == "northern" || e.season == Season::kWinter) return false;
    for (const std::string& name : e.excluded) {
      if (name == "palm" || name == "tree" || name == "plant" || name == "palm tree") return false;
    }
    return true;
  }

  const Light& light_;
  SeaSky sky_;
  const Haze haze_;
  BeachShore shore_;
  BeachPalms palms_;
};

}  // namespace
}  // namespace rushes::previz::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

RUSHES_EXPORT_BIOME(Beach, make_beach);
