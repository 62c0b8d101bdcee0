// Sky: the dome at every hour and in every weather: gradient, sun or moon with its glow, stars,
// high cirrus. Infinitely far away; volumetric clouds are the biomes' own.
#if defined(RUSHES_PREVIZ_SKY_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef RUSHES_PREVIZ_SKY_INL_H_
#undef RUSHES_PREVIZ_SKY_INL_H_
#else
#define RUSHES_PREVIZ_SKY_INL_H_
#endif

#include "previz/render/light.h"
#include "previz/render/simd/noise-inl.h"

HWY_BEFORE_NAMESPACE();
namespace rushes::previz::HWY_NAMESPACE {

class Sky {
 public:
  Sky(const Light& light, uint32_t seed)
      : light_(light),
        night_(light.stars > 0.6f),
        drift_seed_(exact::unit(exact::hash(seed, 77)) * 90.0f) {}

  // Everything the eye sees in a direction, clouds drifting with `seconds`.
  Vec3 operator()(Vec3 direction, float seconds) const {
    const Float facing = dot(direction, Vec3(light_.to_sun));
    Vec3 colour = gradient(direction, facing);
    if (light_.stars > 0.0f) colour = colour + stars(direction);
    colour = colour + disc(facing);
    return cirrus(direction, facing, seconds, colour);
  }

  // The smooth part only: for reflections off rough things and for ambient light.
  Vec3 gradient(Vec3 direction, Float facing_sun) const {
    const Float height = max(direction.y, 0.0f);
    const Float t = 1.0f - exp_fast(height * -3.4f);
    const Float towards = saturate(facing_sun * 0.5f + 0.5f);
    const Float low = towards * towards * towards * towards;
    const Vec3 horizon = mix(Vec3(light_.horizon), Vec3(light_.horizon_sun), low);
    return mix(horizon, Vec3(light_.zenith), t);
  }

 private:
  Vec3 disc(Float facing) const {
    const Float s = saturate(facing);
    const Float s2 = s * s, s4 = s2 * s2, s8 = s4 * s4, s16 = s8 * s8;
    const Float s64 = square(square(s16)), s512 = square(square(s64)) * square(square(s64));
    const Vec3 colour(light_.disc);
    if (night_) {  // the moon: a clear-cut disc in a weak halo
      const Float edge = smoothstep(0.99955f, 0.99972f, facing);
      return colour * (s16 * 0.030f + s64 * 0.05f + s512 * 0.22f + edge * 2.6f);
    }
    const Float core = smoothstep(0.9994f, 0.9998f, facing);
    return colour * (s8 * 0.10f + s64 * 0.16f + s512 * 0.40f + core * 7.0f);
  }

  // One candidate per cell of a cube map, so that stars keep their distance and do not crawl.
  Vec3 stars(Vec3 d) const {
    const Float ax = abs(d.x), ay = abs(d.y), az = abs(d.z);
    const Mask x_major = (ax >= ay) & (ax >= az);
    const Mask y_major = ~x_major & (ay >= az);
    const Float major = max(max(ax, ay), az);
    const Float u = select(x_major, d.z, d.x) / major;
    const Float v = select(y_major, d.z, d.y) / major;
    const Float face = select(x_major, select(d.x > 0.0f, 1.0f, 2.0f),
                              select(y_major, 3.0f, select(d.z > 0.0f, 4.0f, 5.0f)));
    const Float gu = u * 95.0f, gv = v * 95.0f;
    const Float cu = floor(gu), cv = floor(gv);
    const Int h = hash3(truncate(cu), truncate(cv), truncate(face));
    const Float px = 0.2f + 0.6f * unit(h), py = 0.2f + 0.6f * unit(h * 747796405 + 17);
    const Float size = unit(h * 277803737 + 91);
    const Float distance = square(gu - cu - px) + square(gv - cv - py);
    const Float rank = square(square(size));
    const Float glow = exp_fast(distance * -160.0f) * (rank * 2.4f + 0.10f);
    const Float present = select(size > 0.45f, glow, 0.0f);
    const Float tint = unit(h * 198491317 + 5);
    const Float above = smoothstep(0.0f, 0.25f, d.y);
    return mix(Vec3(1.0f, 0.86f, 0.70f), Vec3(0.72f, 0.84f, 1.0f), tint) *
           (present * above * light_.stars);
  }

  // Ice clouds on a plane far above, stretched along the wind.
  Vec3 cirrus(Vec3 d, Float facing, float seconds, Vec3 behind) const {
    if (light_.cloud_cover <= 0.01f) return behind;
    const Mask above = d.y > 0.015f;
    if (none(above)) return behind;
    const Float k = 1.0f / (max(d.y, 0.015f) + 0.06f);
    const Float x = d.x * k + (seconds * 0.012f + drift_seed_), z = d.z * k;
    const Float warp = noise2(x * 0.7f + 3.0f, z * 0.7f);
    const Float n = fbm2(x * 0.85f + warp * 0.8f, z * 2.1f - warp * 0.9f, 5);
    const float threshold = 0.60f - 0.26f * light_.cloud_cover;
    const Float cover = smoothstep(threshold, threshold + 0.36f, n);
    const Float amount =
        cover * smoothstep(0.015f, 0.22f, d.y) * (0.35f + 0.55f * light_.cloud_cover);
    const Float towards = saturate(facing);
    const Float glow = square(square(towards));
    const Vec3 lit = mix(Vec3(light_.cloud_lit) * 0.86f, Vec3(light_.cloud_lit) * 1.35f, glow);
    const Vec3 colour =
        mix(lit, Vec3(light_.cloud_shade), saturate((n - threshold) * 1.4f) * 0.45f);
    return select(above, mix(behind, colour, amount), behind);
  }

  const Light light_;
  const bool night_;
  const float drift_seed_;
};

}  // namespace rushes::previz::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // RUSHES_PREVIZ_SKY_INL_H_
