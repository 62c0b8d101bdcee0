// SeaSky: the sky over water: the common dome and far land on the horizon.
#if defined(RUSHES_PREVIZ_SEA_SKY_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef RUSHES_PREVIZ_SEA_SKY_INL_H_
#undef RUSHES_PREVIZ_SEA_SKY_INL_H_
#else
#define RUSHES_PREVIZ_SEA_SKY_INL_H_
#endif

#include <algorithm>

#include "previz/render/scene.h"
#include "previz/render/sky-inl.h"

HWY_BEFORE_NAMESPACE();
namespace rushes::previz::HWY_NAMESPACE {

class SeaSky {
 public:
  // `land` 0 none .. 1: islands and headlands on the horizon.
  SeaSky(const SceneSetup& setup, float land)
      : light_(setup.light), sky_(setup.light, setup.shot.place_seed), land_(land) {
    const auto& excluded = setup.shot.environment.excluded;
    auto is_excluded = [&](const char* name) {
      return std::find(excluded.begin(), excluded.end(), name) != excluded.end();
    };
    if (is_excluded("island") || is_excluded("mountain") || is_excluded("land")) land_ = 0;
    shift_ = exact::unit(exact::hash(setup.shot.place_seed, 31)) * 40.0f;
  }

  void set_moment(float seconds) { seconds_ = seconds; }

  Vec3 operator()(const Ray& ray) const {
    const Vec3 d = ray.direction;
    Vec3 colour = sky_(d, seconds_);
    const Mask near_horizon = (d.y < 0.10f) & (d.y > -0.01f);
    if (land_ > 0.0f && any(near_horizon)) {
      colour = select(near_horizon, land(ray, colour), colour);
    }
    return colour;
  }

  // What rough water shows of it.
  HWY_INLINE Vec3 reflected(Vec3 d) const {
    const Float facing = dot(d, Vec3(light_.to_sun));
    const Vec3 clear = sky_.gradient(d, facing);
    const Float low = 1.0f - saturate(d.y * 2.2f);
    return mix(clear, Vec3(light_.cloud_shade) * 0.5f + Vec3(light_.cloud_lit) * 0.4f,
               0.35f * light_.cloud_cover * low * (1.0f - low) * 2.0f);
  }

 private:
  // Angle from +z as a stereographic coordinate: even ahead, its seam behind the camera.
  static HWY_INLINE Float around(Vec3 d) {
    return 2.0f * d.x / (sqrt(d.x * d.x + d.z * d.z) + d.z * 0.98f + 0.02f);
  }

  // Two lines of hills, blue with distance. They stand far off: only a long flight moves them.
  Vec3 land(const Ray& ray, Vec3 behind) const {
    Vec3 colour = behind;
    const Vec3 d = ray.direction;
    const Float g = saturate(dot(d, Vec3(light_.to_sun)) * 0.5f + 0.5f);
    const Vec3 air = mix(Vec3(light_.fog), Vec3(light_.fog_sun), square(square(g)));
    for (int row = 1; row >= 0; --row) {
      const Float a = around(d) + ray.origin.x * (row == 0 ? 0.0005f : 0.0002f);
      const float spot = row == 0 ? -0.72f : 0.55f;
      const Float window = saturate(1.0f - square((a - spot) * (row == 0 ? 1.9f : 1.5f)));
      const Float ridge = fbm2(a * 9.0f + shift_, 7.0f + static_cast<float>(row), 5);
      const Float top = window * (0.012f + 0.085f * saturate(ridge - 0.16f)) *
                            (row == 0 ? 0.75f : 0.42f) * land_ -
                        0.0015f;
      const Float cover = smoothstep(Float(0.0f), Float(0.0016f), top - d.y);
      const Float texture = fbm2(a * 60.0f, d.y * 160.0f, 3);
      const Vec3 green = mix(Vec3(0.035f, 0.060f, 0.030f), Vec3(0.14f, 0.15f, 0.075f), texture);
      const Vec3 lit = green * (Vec3(light_.sun) * (0.35f + 0.5f * texture) + Vec3(light_.ambient));
      const Float thick =
          Float(row == 0 ? 0.58f : 0.80f) + 0.25f * saturate(1.0f - d.y * 60.0f) * 0.6f;
      colour = mix(colour, mix(lit, air * 0.92f, min(thick, 0.96f)), cover);
    }
    return colour;
  }

  const Light& light_;
  const Sky sky_;
  float land_ = 0, shift_ = 0, seconds_ = 0;
};

}  // namespace rushes::previz::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // RUSHES_PREVIZ_SEA_SKY_INL_H_
