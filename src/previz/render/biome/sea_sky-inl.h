// SeaSky: the sky over water: the common dome, a bank of cumulus above the horizon, far land.
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
      : light_(setup.light), sky_(setup.light, setup.shot.seed), land_(land) {
    const auto& excluded = setup.shot.environment.excluded;
    auto is_excluded = [&](const char* name) {
      return std::find(excluded.begin(), excluded.end(), name) != excluded.end();
    };
    cumulus_ = is_excluded("cloud") ? 0.0f : light_.cloud_cover;
    if (is_excluded("island") || is_excluded("mountain") || is_excluded("land")) land_ = 0;
    shift_ = exact::unit(exact::hash(setup.shot.seed, 31)) * 40.0f;
  }

  void set_moment(float seconds) { seconds_ = seconds; }

  Vec3 operator()(const Ray& ray) const {
    const Vec3 d = ray.direction;
    Vec3 colour = sky_(d, seconds_);
    const Mask low = d.y < 0.45f;
    if (any(low) && cumulus_ > 0.02f) colour = select(low, cumulus(d, colour), colour);
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

  // Flat-based heaps of cloud in rows that sink towards the horizon.
  Vec3 cumulus(Vec3 d, Vec3 behind) const {
    const Float a = around(d);
    const Float up = max(d.y, 0.0f);
    Vec3 colour = behind;
    for (int row = 0; row < 2; ++row) {
      const float base = row == 0 ? 0.030f : 0.105f;
      const float size = row == 0 ? 1.9f : 1.0f;
      const Float u =
          a * (3.1f * size) + (seconds_ * 0.006f / size + shift_ + static_cast<float>(row) * 9.0f);
      const Float v = (up - base) * (9.5f * size);
      const Float mass = noise2(u * 0.85f, 3.0f + static_cast<float>(row));
      const Float billows = fbm2(u * 1.9f, v * 1.5f - mass, 6);
      const Float tall = saturate((mass - 0.66f + 0.44f * cumulus_) * 2.2f) * (row == 0 ? 1.2f : 1.35f);
      const Float density = billows * 1.35f + tall * 0.55f - 0.78f - v * 0.72f / max(tall, 0.25f);
      const Float cover =
          smoothstep(0.0f, 0.13f, density) * smoothstep(-0.05f, 0.12f, v + billows * 0.12f - 0.04f);
      // Lit from the sun's side: the density a step that way.
      const Float side = clamp((light_.to_sun.x - d.x) * 0.5f, -0.16f, 0.16f);
      const Float towards = fbm2((u + side) * 1.9f, (v + 0.16f) * 1.5f - mass, 4);
      const Float lit = saturate(0.34f + (billows - towards) * 3.6f + v * 0.34f - density * 0.30f);
      const Float glow = square(saturate(dot(d, Vec3(light_.to_sun))));
      const Vec3 bright = Vec3(light_.cloud_lit) * (0.80f + 0.50f * glow * glow);
      Vec3 c = mix(Vec3(light_.cloud_shade), bright, lit);
      c = mix(c, sky_.gradient(d, dot(d, Vec3(light_.to_sun))), saturate(0.50f - up * 3.4f));  // air in between
      colour = mix(colour, c, cover * 0.95f);
    }
    return colour;
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
  float land_ = 0, cumulus_ = 0, shift_ = 0, seconds_ = 0;
};

}  // namespace rushes::previz::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // RUSHES_PREVIZ_SEA_SKY_INL_H_
