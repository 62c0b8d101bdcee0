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
  // `heaps`: how much of the cloud cover is cumulus, 0..1.
  Sky(const Light& light, uint32_t seed, float heaps = 1)
      : light_(light),
        night_(light.stars > 0.6f),
        heaps_(heaps),
        drift_seed_(exact::unit(exact::hash(seed, 77)) * 90.0f) {}

  // Everything the eye sees in a direction, clouds drifting with `seconds`.
  Vec3 operator()(Vec3 direction, float seconds) const {
    const Float facing = dot(direction, Vec3(light_.to_sun));
    Vec3 colour = gradient(direction, facing);
    if (light_.stars > 0.0f) colour = colour + stars(direction);
    colour = colour + disc(facing);
    colour = cirrus(direction, facing, seconds, colour);
    return cumulus(direction, facing, seconds, colour);
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
      const Float edge = smoothstep(0.99978f, 0.99986f, facing);
      return colour * (s16 * 0.030f + s64 * 0.05f + s512 * 0.22f + edge * 2.6f);
    }
    const Float core = smoothstep(0.99980f, 0.99990f, facing);
    return colour * (s8 * 0.06f + s64 * 0.14f + s512 * 0.40f + core * 7.0f);
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
    // Few bright ones, many faint; the bright are a little larger.
    const Float rank = square(square(square(size)));
    const Float glow = exp_fast(distance * (-420.0f + 260.0f * rank)) * (rank * 1.9f + 0.05f);
    const Float present = select(size > 0.60f, glow, 0.0f);
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

  // Fair-weather heaps with flat bases, in three ranges one behind the other, wrapped around the
  // horizon. Painted on the dome: their shape is a slice through space noise, their light a second
  // look towards the sun.
  Vec3 cumulus(Vec3 d, Float facing, float seconds, Vec3 behind) const {
    const float cover = light_.cloud_cover * heaps_;
    if (cover <= 0.05f) return behind;
    static constexpr float kBase[3] = {0.030f, 0.085f, 0.20f};
    static constexpr float kRise[3] = {0.075f, 0.16f, 0.34f};
    static constexpr float kGrain[3] = {15.0f, 7.0f, 3.4f};
    const Float level = reciprocal_sqrt(max(d.x * d.x + d.z * d.z, 0.01f));
    const Float v = d.y * level;
    Vec3 colour = behind;
    for (int range = 0; range < 3; ++range) {
      const Float rise = (v - kBase[range]) * (1.0f / kRise[range]);
      const Mask within = (rise > -0.12f) & (rise < 1.0f);
      if (none(within)) continue;
      const float grain = kGrain[range];
      const float drift = seconds * 0.010f * grain * kRise[range] + drift_seed_;
      const Vec3 q(d.x * level * grain + drift,
                   v * (grain * 1.5f) + static_cast<float>(range) * 9.7f, d.z * level * grain);
      // Stands on its base, thins out upwards.
      const Float stand = smoothstep(-0.12f, 0.06f, rise) * (1.0f - rise);
      const float need = 0.86f - 0.42f * cover;
      const Float here = heap(q, 5);
      const Float n = here * 0.80f + stand * 0.36f;
      const Float body =
          select(within, saturate((n - need) * 7.0f), 0.0f) * smoothstep(-0.12f, 0.04f, rise);
      if (none(body > 0.0f)) continue;
      const Point s = light_.to_sun;
      const Vec3 step = Vec3(Point{s.x, s.y + 0.35f, s.z}) * 0.30f;
      // Thicker towards the sun than here: the side in shade.
      const Float shade = saturate((heap(q + step, 4) - here) * 3.4f + 0.62f - rise * 0.85f);
      const Float s2 = square(saturate(facing)), rim = s2 * s2 * (1.0f - body);
      Vec3 lit = mix(Vec3(light_.cloud_lit) * 0.86f, Vec3(light_.cloud_shade) * 0.80f, shade) +
                 Vec3(light_.disc) * (rim * 0.25f);
      lit = mix(Vec3(light_.horizon), lit, 0.55f + 0.15f * static_cast<float>(range));
      colour = mix(colour, lit, body * (2.0f - body));
    }
    return colour;
  }

  // Billows: fractal noise whose finer creases are rounded upwards.
  static Float heap(Vec3 p, int octaves) {
    Float sum(0.0f);
    float amplitude = 0.5f;
    for (int i = 0; i < octaves; ++i) {
      const Float n = noise3(p);
      sum += amplitude * (i < 1 ? n : 1.0f - abs(n * 2.0f - 1.0f) * 0.95f);
      p = Vec3(1.62f * p.x + 1.22f * p.z, 2.03f * p.y + 3.1f, 1.62f * p.z - 1.22f * p.x);
      amplitude *= 0.5f;
    }
    return sum;
  }

  const Light light_;
  const bool night_;
  const float heaps_;
  const float drift_seed_;
};

}  // namespace rushes::previz::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // RUSHES_PREVIZ_SKY_INL_H_
