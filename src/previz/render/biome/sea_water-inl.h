// Water: open water for the sea and the beach: a sum of sharp-crested waves that run with the wind,
// and how water takes the light: Fresnel reflection of the sky, sun glitter, light through crests,
// whitecaps.
#if defined(RUSHES_PREVIZ_SEA_WATER_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef RUSHES_PREVIZ_SEA_WATER_INL_H_
#undef RUSHES_PREVIZ_SEA_WATER_INL_H_
#else
#define RUSHES_PREVIZ_SEA_WATER_INL_H_
#endif

#include "previz/render/biome/sea_sky-inl.h"
#include "previz/render/simd/noise-inl.h"

HWY_BEFORE_NAMESPACE();
namespace rushes::previz::HWY_NAMESPACE {

// Height above the mean level and the slopes of the surface.
struct Swell {
  Float height, slope_x, slope_z;
  HWY_INLINE Swell() : height(0.0f), slope_x(0.0f), slope_z(0.0f) {}
};

class Water {
 public:
  // `amplitude_m`: from the mean level to the highest crests; `heading`: radians from +x towards
  // +z, the way the longest waves run.
  Water(const Light& light, const SeaSky& sky, float amplitude_m, float longest_m, float heading)
      : light_(light), sky_(sky), amplitude_(amplitude_m) {
    float length = longest_m, weight = 1, total = 0;
    for (int i = 0; i < kWaves; ++i) {
      // Short waves stray further from the wind than long ones.
      const float stray = (exact::unit(exact::hash(static_cast<uint32_t>(i), 9)) - 0.5f) *
                          (1.5f + 0.20f * static_cast<float>(i));
      const float k = exact::kTau / length;
      waves_[i] = {exact::cos(heading + stray) * k, exact::sin(heading + stray) * k,  weight,
                   exact::sqrt(9.81f * k),          1.7f * static_cast<float>(i * i), length};
      total += weight;
      weight *= 0.735f;
      length *= 0.665f;
    }
    for (Wave& wave : waves_) wave.weight *= 1.6f * amplitude_m / total;
    const Point sun = light.sun;
    level_ = (light.ambient + sun * 0.35f) * 0.75f;
  }

  void set_moment(float seconds) {
    seconds_ = seconds;
    for (Wave& wave : waves_) wave.phase = wave.start - seconds * wave.speed;
  }

  float crest() const { return amplitude_; }

  // The longest `count` waves: what floating things feel and rays stop at.
  HWY_INLINE Float height(Float x, Float z, int count) const {
    Float sum(0.0f);
    for (int i = 0; i < count; ++i) {
      const Wave& w = waves_[i];
      const Float q = 0.5f + 0.5f * sin_fast(x * w.x + z * w.z + w.phase);
      sum += (q * q - 0.375f) * w.weight;
    }
    return sum;
  }

  // All waves that are still visible from `distance` metres.
  Swell swell(Float x, Float z, Float distance) const {
    Swell s;
    for (const Wave& w : waves_) {
      const Float phase = x * w.x + z * w.z + w.phase;
      const Float q = 0.5f + 0.5f * sin_fast(phase), c = cos_fast(phase);
      const Float seen = w.weight / (1.0f + square(distance * (1.0f / (150.0f * w.length))));
      s.height += (q * q - 0.375f) * seen;
      const Float steep = q * c * seen;
      s.slope_x += steep * w.x;
      s.slope_z += steep * w.z;
    }
    return s;
  }

  // Small ripples that the wind draws: slopes added to those of the swell.
  HWY_INLINE void add_ripples(Vec3 p, Float distance, float strength, Swell& s) const {
    const Float seen = strength * saturate(1.25f - distance * 0.020f);
    if (none(seen > 0.0f)) return;
    constexpr float kStep = 0.06f;
    const Float here = ripples(p.x, p.z);
    s.slope_x += (ripples(p.x + kStep, p.z) - here) * (seen * (1.0f / kStep));
    s.slope_z += (ripples(p.x, p.z + kStep) - here) * (seen * (1.0f / kStep));
  }

  // Linear colour of the surface at p, seen along the ray from `distance` away. `body` is the
  // water's own colour in white light; `lift` 0..1 how much light shines through the crest.
  Vec3 shade(const Ray& ray, Float distance, const Swell& s, Vec3 body, Float lift,
             Float sun) const {
    const Vec3 to_sun(light_.to_sun);
    const Vec3 n = normalize(Vec3(-s.slope_x, 1.0f, -s.slope_z));
    const Float facing = saturate(-dot(ray.direction, n));
    const Float grazing = 1.0f - max(facing, 0.04f);
    const Float g2 = grazing * grazing;
    // Rough water far away shows less of the horizon than a mirror would.
    const Float rough = saturate(distance * 0.004f);
    const Float fresnel = 0.02f + (0.98f - 0.42f * rough) * (g2 * g2 * grazing);
    Vec3 mirrored = reflect(ray.direction, n);
    mirrored.y = abs(mirrored.y) + 0.02f + 0.06f * rough;
    mirrored = normalize(mirrored);
    const Vec3 reflected = sky_.reflected(mirrored);

    const Float through = saturate(dot(ray.direction, to_sun) * 0.6f + 0.4f);
    const Vec3 glow = Vec3(light_.sun) * (lift * (0.10f + 0.55f * through * through) * sun);
    const Vec3 water = body * (Vec3(level_) + glow);
    return mix(water, reflected, fresnel) + glitter(ray, n, distance) * sun;
  }

  // The sun in the waves: a tight lobe near by, wide where a pixel holds many waves.
  HWY_INLINE Vec3 glitter(const Ray& ray, Vec3 n, Float distance) const {
    const Vec3 half = normalize(Vec3(light_.to_sun) - ray.direction);
    const Float cosine = saturate(dot(n, half));
    const Float c2 = max(cosine * cosine, 1e-4f);
    const Float spread = 0.0035f + 0.020f * saturate(distance * 0.0035f);
    const Float lobe = exp_fast((c2 - 1.0f) / (c2 * spread));
    const Float facing = 1.0f - saturate(dot(half, Vec3(light_.to_sun)));
    const Float fresnel = 0.02f + 0.98f * square(square(facing)) * facing;
    return Vec3(light_.disc) *
           (lobe * fresnel * (0.030f / spread) * (1.0f - 0.9f * light_.softness));
  }

  // 0..1: white water on crests that rise above `from` (share of the amplitude). The lace drifts
  // with the surface.
  Float whitecaps(Vec3 p, const Swell& s, float from) const {
    const Float crest = s.height * (1.0f / std::max(amplitude_, 0.01f));
    const Float u = p.x * 0.9f - seconds_ * 0.25f, v = p.z * 0.9f + seconds_ * 0.2f;
    const Float lace = fbm2(u * 1.9f, v * 1.9f, 4);
    const Float patch = noise2(u * 0.17f, v * 0.17f);
    return smoothstep(from, from + 0.35f, crest + (patch - 0.5f) * 0.5f) *
           smoothstep(0.40f, 0.62f, lace + 0.22f * crest);
  }
  Vec3 foam(Float sun) const {
    return (Vec3(light_.sun) * (0.62f * sun) + Vec3(light_.ambient) * 0.75f) * 0.86f;
  }

  Point level() const { return level_; }

 private:
  static constexpr int kWaves = 11;
  struct Wave {
    float x = 0, z = 0;  // wave vector
    float weight = 0;
    float speed = 0;  // radians a second
    float start = 0, length = 1, phase = 0;
  };

  // Height of the ripples in units of their strength: three sizes that drift apart.
  HWY_INLINE Float ripples(Float x, Float z) const {
    const Float u = x * 1.35f + z * 0.62f, v = z * 1.75f - x * 0.48f;
    const Float large = noise2(u + seconds_ * 0.45f, v - seconds_ * 0.75f);
    const Float middle = noise2(u * 2.3f - seconds_ * 0.6f, v * 2.1f - seconds_ * 0.9f + large);
    const Float small = noise2(u * 5.7f + middle, v * 5.1f - seconds_ * 1.6f);
    return large * 0.20f + middle * 0.11f + small * 0.045f;
  }

  const Light& light_;
  const SeaSky& sky_;
  const float amplitude_;
  Wave waves_[kWaves];
  Point level_;
  float seconds_ = 0;
};

}  // namespace rushes::previz::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // RUSHES_PREVIZ_SEA_WATER_INL_H_
