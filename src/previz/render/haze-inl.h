// Haze: fog in closed form, thinning with height, tinted by the sun.
#if defined(RUSHES_PREVIZ_HAZE_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef RUSHES_PREVIZ_HAZE_INL_H_
#undef RUSHES_PREVIZ_HAZE_INL_H_
#else
#define RUSHES_PREVIZ_HAZE_INL_H_
#endif

#include "previz/render/light.h"
#include "previz/render/simd/vector-inl.h"

HWY_BEFORE_NAMESPACE();
namespace rushes::previz::HWY_NAMESPACE {

class Haze {
 public:
  // `scale_height`: metres over which the density falls to 1/e. `density` per metre at y = 0.
  Haze(const Light& light, float density, float scale_height)
      : light_(light), density_(density), per_metre_(1.0f / scale_height) {}
  Haze(const Light& light, float scale_height) : Haze(light, light.fog_density, scale_height) {}

  // How much of a surface at `distance` the fog hides, 0..1.
  Float amount(const Ray& ray, Float distance) const {
    // Integral of density exp(-y/H) along the ray; level rays take the limit.
    const Float at_origin = density_ * exp_fast(-ray.origin.y * per_metre_);
    const Float fall = ray.direction.y * per_metre_ * distance;
    const Mask level = abs(fall) < 1e-3f;
    const Float safe = select(level, 1.0f, fall);
    const Float mean = select(level, 1.0f - 0.5f * fall, (1.0f - exp_fast(-safe)) / safe);
    return 1.0f - exp_fast(-at_origin * distance * mean);
  }

  Vec3 colour(const Ray& ray) const {
    const Float towards = saturate(dot(ray.direction, Vec3(light_.to_sun)) * 0.5f + 0.5f);
    const Float t2 = towards * towards;
    return mix(Vec3(light_.fog), Vec3(light_.fog_sun), t2 * t2);
  }

  Vec3 operator()(const Ray& ray, Vec3 behind, Float distance) const {
    return mix(behind, colour(ray), amount(ray, distance));
  }

 private:
  const Light light_;
  const float density_, per_metre_;
};

}  // namespace rushes::previz::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // RUSHES_PREVIZ_HAZE_INL_H_
