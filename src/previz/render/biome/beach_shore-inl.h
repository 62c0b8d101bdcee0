// BeachShore: the ground of a beach: sand that slopes into the sea, and the sea on it. The water
// line is where the two surfaces meet, so run-up, breakers and shallows follow from their heights.
// The dry form has dunes instead of a sea.
#if defined(RUSHES_PREVIZ_BEACH_SHORE_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef RUSHES_PREVIZ_BEACH_SHORE_INL_H_
#undef RUSHES_PREVIZ_BEACH_SHORE_INL_H_
#else
#define RUSHES_PREVIZ_BEACH_SHORE_INL_H_
#endif

#include "previz/render/biome/sea_sky-inl.h"
#include "previz/render/biome/sea_water-inl.h"

HWY_BEFORE_NAMESPACE();
namespace rushes::previz::HWY_NAMESPACE {

class BeachShore {
 public:
  BeachShore(const SceneSetup& setup, const SeaSky& sky, bool dry)
      : light_(setup.light),
        sky_(sky),
        dry_(dry),
        tropical_(setup.shot.environment.biome_variant != "northern"),
        rough_(setup.shot.environment.weather == Weather::kStorm ? 2.2f : 1.0f),
        // The swell runs towards the beach.
        water_(setup.light, sky,
               0.26f * rough_ * (0.6f + 0.4f * std::clamp(setup.shot.environment.wind, 0.0f, 3.0f)),
               13.0f, -1.35f) {}

  void set_moment(float seconds) {
    seconds_ = seconds;
    water_.set_moment(seconds);
  }

  // Where feet and hulls are: on the sand, or afloat where it is deep.
  Float footing(Float x, Float z) const {
    const Float ground = sand(x, z);
    if (dry_) return ground;
    const Float depth = max(level(x, z) - ground, 0.0f);
    return ground + depth * smoothstep(0.3f, 0.9f, depth);
  }

  // How far a cone of rays (`spread` metres of radius per metre) stays clear of sand and water.
  Float clear_distance(const Ray& axis, float spread) const {
    const Float fall = max(-axis.direction.y, 0.0f);
    const Float steepest = steepest_down(axis) + spread;
    const Float slow = 1.0f / (fall + (slope() + 1.3f * spread));
    Float t = max((axis.origin.y - highest(axis)) / (fall + (1.3f * spread + 1e-3f)), 0.1f);
    Float clear(0.0f);
    Mask active = axis.direction.y < steepest;
    for (int i = 0; i < steps() && any(active); ++i) {
      const Vec3 p = axis.at(t);
      const Float room = p.y - surface(p.x, p.z) - t * (1.3f * spread);
      active = active & (room > 0.004f) & (t < kReach);
      clear = select(active, t, clear);
      t = t + max(room * slow, 0.02f + t * 0.001f);
    }
    return clear;
  }

  // Distance to sand or water, no nearer than `clear`; kFarAway for rays that meet neither.
  Float march(const Ray& ray, Float clear) const {
    const Float fall = max(-ray.direction.y, 0.0f);
    Float t = max((ray.origin.y - highest(ray)) / max(fall, 1e-3f), clear);
    Mask active = (ray.direction.y < steepest_down(ray)) & (t < kReach), met = no_lanes();
    const Float slow = 1.0f / (fall + slope()), at_once = 1.0f / (fall + 0.03f);
    const float stride = dry_ ? 0.0012f : 0.004f;
    Float gap(0.0f), gap_before(1.0f), step(0.0f);
    for (int i = 0; i < steps() && any(active); ++i) {
      const Vec3 p = ray.at(t);
      gap = select(active, p.y - surface(p.x, p.z), gap);
      const Mask arrived = active & (gap < 0.003f + t * 0.0006f);
      if (any(arrived)) {
        // The rest of the way, or back to where the straight line from the last step met the
        // ground.
        const Float back = min(gap, 0.0f);
        const Float last = max(gap, 0.0f) * at_once;
        t = select(arrived, t + last + step * (back / (gap_before - back)), t);
      }
      met = met | arrived;
      active = active & ~arrived;
      step = max(gap * slow, 0.02f + t * stride);
      gap_before = max(gap, 1e-4f);
      t = select(active, t + step, t);
      active = active & (t < kReach);
    }
    // Rays that skim the ground to the last step are as good as there; beyond the reach everything
    // is a plane.
    const float mean = dry_ ? 1.5f : kMeanLevel;
    const Float plane = max((ray.origin.y - mean) / max(fall, 1e-5f), t);
    const Mask falls = ray.direction.y < -2e-4f;
    const Mask skims = active & (gap < 0.10f + t * 0.003f);
    return select(met | skims, t, select(falls, min(plane, 50000.0f), Float(kFarAway)));
  }

  Vec3 shade(const Ray& ray, Float t, Float sun, Float openness) const {
    const Vec3 p = ray.at(min(t, 20000.0f));
    if (dry_) return shade_sand(ray, p, t, Float(9.0f), sun, openness);
    const Float depth = level(p.x, p.z) - sand(p.x, p.z);
    const Mask wet = depth > 0.0f;
    Vec3 colour{Float(0.0f)};
    if (any(~wet)) colour = shade_sand(ray, p, t, -depth, sun, openness);
    if (any(wet)) {
      const Vec3 c = shade_water(ray, p, t, max(depth, 0.0f), sun) * (0.55f + 0.45f * openness);
      colour = select(wet, c, colour);
    }
    return colour;
  }

 private:
  static constexpr float kReach = 240.0f;
  static constexpr float kMeanLevel = -0.20f, kSlope = 0.036f, kMeanEdge = 9.05f;

  // For marches: the highest thing ahead of a ray, how steeply rays may rise and still meet the
  // ground, how steep it is. Ahead of the camera lie only waves; dunes are behind the stage.
  HWY_INLINE Float highest(const Ray& ray) const {
    const Mask seaward = (ray.direction.z > 0.0f) & (ray.origin.z > -9.0f);
    return dry_ ? Float(13.0f) : select(seaward, Float(0.25f + 0.55f * rough_), Float(4.5f));
  }
  HWY_INLINE Float steepest_down(const Ray& ray) const {
    return dry_ ? Float(0.30f) : select(ray.direction.z > 0.0f, Float(0.015f), Float(0.10f));
  }
  float slope() const { return dry_ ? 0.42f : 0.16f; }
  int steps() const { return dry_ ? 56 : 20; }

  // Metres from the mean water line, out to sea. The line swings along the beach.
  HWY_INLINE Float off_shore(Float x, Float z) const {
    return z + 1.3f * sin_fast(x * 0.045f + 1.0f) + 0.5f * sin_fast(x * 0.13f) - kMeanEdge;
  }

  HWY_INLINE Float sand(Float x, Float z) const {
    if (dry_) return dunes(x, z);
    const Float down = max(off_shore(x, z) + (kMeanEdge - 3.5f), 0.0f);
    const Float back = max(-z - 9.0f, 0.0f);
    const Float rise = back * back / (back + 9.0f) * (0.13f + 0.05f * sin_fast(x * 0.11f + 0.6f));
    return 0.030f * sin_fast(x * 0.52f + z * 0.31f) + 0.022f * sin_fast(z * 0.93f - x * 0.38f) +
           rise - down * kSlope;
  }

  // Dunes with sharp, winding crests, level around the stage.
  HWY_INLINE Float dunes(Float x, Float z) const {
    const Float away = sqrt(square(x * 0.6f) + square(z)) - 13.0f;
    // Cameras stand on the near side, where dunes begin further off.
    const Float grown = smoothstep(0.0f, 34.0f, select(z < 0.0f, away - 22.0f, away));
    const Float warp = noise2(x * 0.021f + 5.0f, z * 0.026f);
    const Float n =
        noise2(x * 0.017f + z * 0.006f + warp * 0.8f, z * 0.036f - x * 0.004f - warp * 0.6f + 0.7f);
    // The wind rounds a crest; a knife edge would also fall between the steps of the march.
    const Float ridge = max(1.0f - sqrt(square(2.0f * n - 1.0f) + 0.012f), 0.0f);
    return ridge * ridge * (0.5f + 0.5f * ridge) * 12.0f * grown +
           0.035f * sin_fast(x * 0.5f + z * 0.3f) - 0.10f * grown;
  }

  // Breakers: 0..1 on the crest of one, strongest where the sea gets shallow.
  HWY_INLINE Float breaker(Float x, Float off) const {
    const Float phase = off * 0.50f + (seconds_ * 1.02f) + 1.5f * sin_fast(x * 0.083f) +
                        0.7f * sin_fast(x * 0.21f + 1.3f + seconds_ * 0.1f);
    const Float q = 0.5f + 0.5f * sin_fast(phase);
    const Float zone = smoothstep(0.2f, 4.0f, off) * smoothstep(30.0f, 9.0f, off);
    return q * q * q * q * zone;
  }

  // Height of the water: run-up at the edge, breakers before it, swell beyond.
  HWY_INLINE Float level(Float x, Float z) const {
    const Float off = off_shore(x, z);
    const Float edge = smoothstep(10.0f, 0.0f, off);
    const Float run = (0.060f * rough_) * sin_fast(0.3f * sin_fast(x * 0.08f) + seconds_ * 0.62f) +
                      (0.030f * rough_) * sin_fast(x * 0.27f + seconds_ * 1.31f);
    const Float deep = saturate(off * 0.05f);
    return kMeanLevel + run * edge + breaker(x, off) * (0.34f * rough_) +
           water_.height(x, z, 3) * deep;
  }

  // No water reaches six metres up the beach, no sand shows 24 metres out.
  HWY_INLINE Float surface(Float x, Float z) const {
    if (dry_) return dunes(x, z);
    const Float off = off_shore(x, z);
    const Mask wet = off > -6.0f, shallow = off < 24.0f;
    Float height(-50.0f);
    if (any(shallow)) height = select(shallow, sand(x, z), height);
    if (any(wet)) height = select(wet, max(level(x, z), height), height);
    return height;
  }

  Vec3 shade_water(const Ray& ray, Vec3 p, Float t, Float depth, Float sun) const {
    const Float off = off_shore(p.x, p.z);
    const Float deep = saturate(off * 0.05f);
    Swell s = water_.swell(p.x, p.z, t);
    s.slope_x *= deep;
    s.slope_z *= deep;
    const Float crest = breaker(p.x, off);
    const Float e = 0.12f + t * 0.002f;
    const Float seen = 1.0f / (1.0f + square(t * 0.008f));
    s.slope_z += (breaker(p.x, off + e) - crest) / e * (0.34f * rough_) * seen;
    water_.add_ripples(p, t, 0.45f, s);

    // What lies under shallow water shows, tinted; further out the body of the water takes over.
    const Float clear = exp_fast(depth * -2.4f);
    const Float turquoise = exp_fast(depth * -0.42f);
    const Vec3 deep_body = tropical_ ? Vec3(0.008f, 0.085f, 0.125f) : Vec3(0.020f, 0.065f, 0.075f);
    const Vec3 shallow = tropical_ ? Vec3(0.10f, 0.42f, 0.38f) : Vec3(0.12f, 0.20f, 0.17f);
    const Vec3 bed = Vec3(0.40f, 0.33f, 0.22f) * Vec3(0.75f, 0.95f, 0.92f);
    const Vec3 clean = mix(mix(deep_body, shallow, turquoise), bed, clear);
    // Storms stir up the bed.
    const Vec3 body = rough_ > 1.5f ? mix(clean, Vec3(0.11f, 0.12f, 0.10f), Float(0.75f)) : clean;
    const Float lift = saturate(0.25f + crest * 1.1f + s.height * deep);
    Vec3 colour =
        water_.shade(ray, t, s, mix(body, shallow, saturate(crest * 1.4f - 0.2f)), lift, sun);
    const Float white = foam(p, off, depth, crest, t);
    return mix(colour, water_.foam(sun), white);
  }

  // Lace along the edge; rolls and their trails on the breakers.
  Float foam(Vec3 p, Float off, Float depth, Float crest, Float t) const {
    const Float near = saturate(1.3f - t * 0.006f);
    const Float drift = seconds_ * 0.25f;
    const Float lace = fbm2(p.x * 2.6f + drift, p.z * 2.6f - drift, 4);
    const Float holes = abs(noise2(p.x * 1.3f - drift, p.z * 1.6f + lace) - 0.5f) * 2.0f;
    const Float web = smoothstep(0.34f, 0.06f, holes) * smoothstep(0.30f, 0.52f, lace);
    const Float rim = smoothstep(0.055f, 0.0f, depth) * smoothstep(0.22f, 0.44f, lace);
    const Float line = smoothstep(0.016f, 0.002f, depth) * 0.9f;
    const Float behind = breaker(p.x, off - 1.6f);
    const Float roll = smoothstep(0.30f, 0.62f, crest + (lace - 0.45f) * 0.9f);
    const Float trail = web * smoothstep(0.02f, 0.5f, behind + crest) * 0.75f;
    const Float skirt = web * smoothstep(0.22f, 0.02f, depth) * 0.7f;
    return saturate(max(max(rim, line), max(roll * 0.95f, max(trail, skirt)))) *
           (0.25f + 0.75f * near);
  }

  // `above`: metres above the water's momentary level.
  Vec3 shade_sand(const Ray& ray, Vec3 p, Float t, Float above, Float sun, Float openness) const {
    const Vec3 to_sun(light_.to_sun);
    const Float near = saturate(1.3f - t * 0.05f);
    const Float middle = saturate(1.3f - t * (dry_ ? 0.030f : 0.014f)) * (dry_ ? 0.45f : 1.0f);
    const Float soft = fbm2(p.x * 0.9f, p.z * 0.9f, 4);
    const Float e = 0.06f + t * 0.003f;
    const Float here = surface(p.x, p.z);
    Float slope_x = (surface(p.x + e, p.z) - here) / e,
          slope_z = (surface(p.x, p.z + e) - here) / e;
    // Low hollows that feet and wind left, then ripples across the wind.
    const Float hollow = noise2(p.x * 2.1f + soft * 2.0f, p.z * 2.1f);
    slope_x += (noise2(p.x * 2.1f + 0.14f + soft * 2.0f, p.z * 2.1f) - hollow) * (2.2f * middle);
    slope_z += (noise2(p.x * 2.1f + soft * 2.0f, p.z * 2.1f + 0.14f) - hollow) * (2.2f * middle);
    const Float wave = p.z * 8.5f + p.x * 2.2f + soft * 9.0f;
    const Float ripple = cos_fast(wave) * (dry_ ? 0.24f : 0.10f) * (dry_ ? middle : near) *
                         saturate(soft * 2.6f - 0.5f);
    slope_z += ripple;
    slope_x += ripple * 0.25f;
    const Vec3 n = normalize(Vec3(-slope_x, 1.0f, -slope_z));

    const Float grain = noise2(p.x * 55.0f, p.z * 55.0f);
    const Vec3 pale = dry_ ? Vec3(0.47f, 0.262f, 0.115f) : Vec3(0.485f, 0.385f, 0.260f);
    const Vec3 dark = dry_ ? Vec3(0.37f, 0.190f, 0.078f) : Vec3(0.350f, 0.262f, 0.165f);
    Vec3 albedo = mix(dark, pale, saturate(soft * 1.5f - 0.1f)) *
                  mix(Float(1.0f), 0.86f + 0.28f * grain, near);
    if (!dry_) albedo = albedo * (1.0f - drift_line(p, near));

    Float wet(light_.wetness * 0.8f);
    if (!dry_) {
      const Float reached = kMeanLevel + 0.095f * rough_ + (soft - 0.46f) * 0.07f;
      wet = max(wet, smoothstep(0.05f, -0.02f, p.y - reached));
    }
    const Float dry_part = 1.0f - wet;
    albedo = albedo * (1.0f - 0.50f * wet);
    albedo = mix(albedo, Vec3(0.80f, 0.84f, 0.90f),
                 light_.snow * dry_part * saturate(0.75f + soft * 0.5f));
    const Float facing = saturate(dot(n, to_sun));
    const Vec3 sky =
        Vec3(light_.ambient) * ((0.55f + 0.45f * n.y) * openness) + Vec3(light_.bounce) * 0.35f;
    Vec3 colour = albedo * (Vec3(light_.sun) * (facing * sun) + sky);
    const Mask filmed = wet > 0.01f;
    if (any(filmed)) {
      // A film of water mirrors the sky, the more the flatter one looks at it.
      const Vec3 flat = normalize(mix(n, Vec3(0.0f, 1.0f, 0.0f), Float(0.88f)));
      Vec3 mirrored = reflect(ray.direction, flat);
      mirrored.y = abs(mirrored.y) + 0.01f;
      const Float grazing = 1.0f - saturate(-dot(ray.direction, flat));
      const Float g2 = square(grazing);
      const Float film = select(filmed, wet, Float(0.0f)) * smoothstep(0.16f, 0.0f, above) *
                         (0.04f + 0.72f * g2 * g2 * grazing);
      colour = mix(colour, sky_.reflected(normalize(mirrored)), film * 0.9f);
      colour = colour + water_.glitter(ray, flat, Float(60.0f)) * (film * sun * 0.5f);
    }
    return colour;
  }

  // What the last tide left: specks of weed and shells in a wavering band.
  HWY_INLINE Float drift_line(Vec3 p, Float near) const {
    const Float off = off_shore(p.x, p.z) + 4.3f + 0.8f * noise2(p.x * 0.5f, 3.0f);
    const Float band = smoothstep(0.9f, 0.0f, abs(off));
    if (none(band > 0.0f)) return 0.0f;
    const Float specks =
        noise2(p.x * 13.0f, p.z * 17.0f) * 0.6f + noise2(p.x * 4.0f, p.z * 5.0f) * 0.45f;
    return band * smoothstep(0.62f, 0.74f, specks) * 0.55f * (0.3f + 0.7f * near);
  }

  const Light& light_;
  const SeaSky& sky_;
  const bool dry_, tropical_;
  const float rough_;
  Water water_;
  float seconds_ = 0;
};

}  // namespace rushes::previz::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // RUSHES_PREVIZ_BEACH_SHORE_INL_H_
