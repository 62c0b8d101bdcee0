// Field: an open meadow with a distant line of trees and hills; wind runs through the grass.
#include "previz/render/biome/biomes.h"
#include "previz/render/simd/targets.h"
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "previz/render/biome/field.cpp"
#include <hwy/foreach_target.h>

#include "previz/render/haze-inl.h"
#include "previz/render/scene_loop-inl.h"

HWY_BEFORE_NAMESPACE();
namespace rushes::previz::HWY_NAMESPACE {
namespace {

class Field {
 public:
  static constexpr bool kHasClouds = false;
  struct Hit {
    Mask mask;
    Float distance;
  };

  explicit Field(const SceneSetup& setup)
      : light_(setup.light), sky_(setup.light, setup.shot.seed), haze_(setup.light, 60.0f) {}

  void set_moment(const Moment& now) { seconds_ = now.seconds; }

  float ground_height(float x, float z) const {
    return 0.10f * exact::sin(x * 0.21f + 1.0f) + 0.10f * exact::sin(z * 0.16f + x * 0.11f);
  }

  Hit trace(const Ray& ray) const {
    const Float t = -ray.origin.y / min(ray.direction.y, -1e-4f);
    return {(ray.direction.y < -1e-3f) & (t > 0.0f), t};
  }

  Vec3 background(const Ray& ray) const { return sky_(ray.direction, seconds_); }

  Vec3 shade(const Ray& ray, const Hit& hit, const Incident& incident) const {
    const Vec3 p = ray.at(hit.distance);
    const Float n = fbm2(p.x * 2.0f, p.z * 2.0f, 4);
    const Vec3 grass = mix(Vec3(0.04f, 0.09f, 0.02f), Vec3(0.16f, 0.22f, 0.05f), n);
    return grass * (Vec3(light_.sun) * (light_.to_sun.y * incident.sun) +
                    Vec3(light_.ambient) * incident.openness);
  }

  Incident incident(Vec3) const { return {}; }

  Vec3 atmosphere(const Ray& ray, Vec3 colour, Float distance, Float) const {
    return haze_(ray, colour, distance);
  }

 private:
  const Light& light_;
  const Sky sky_;
  const Haze haze_;
  float seconds_ = 0;
};

std::unique_ptr<Scene> create(const SceneSetup& setup) {
  return std::make_unique<SceneLoop<Field>>(setup);
}

}  // namespace
}  // namespace rushes::previz::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace rushes::previz {

HWY_EXPORT(create);

std::unique_ptr<Scene> make_field(const SceneSetup& setup, int64_t targets) {
  return RUSHES_DISPATCH(targets, create)(setup);
}

}  // namespace rushes::previz
#endif
