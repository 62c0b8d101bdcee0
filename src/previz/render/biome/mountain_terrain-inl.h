// MountainTerrain: the shape of the land and the light on it, baked once per shot.
//
// Before the stage (z > 0) the meadow falls into a valley; beyond it rises the ridge, about 4 km
// away. Eroded noise shapes both; the stage itself is kept level.
#if defined(RUSHES_PREVIZ_MOUNTAIN_TERRAIN_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef RUSHES_PREVIZ_MOUNTAIN_TERRAIN_INL_H_
#undef RUSHES_PREVIZ_MOUNTAIN_TERRAIN_INL_H_
#else
#define RUSHES_PREVIZ_MOUNTAIN_TERRAIN_INL_H_
#endif

#include <algorithm>
#include <vector>

#include "previz/render/light.h"
#include "previz/render/pair_map-inl.h"
#include "previz/render/simd/noise-inl.h"

HWY_BEFORE_NAMESPACE();
namespace rushes::previz::HWY_NAMESPACE {

class MountainTerrain {
 public:
  static constexpr float kLowest = -760, kHighest = 2000;

  MountainTerrain(const Light& light, uint32_t seed, ThreadPool& pool)
      : shift_(exact::unit(exact::hash(seed, 3)) * 40.0f),
        heights_({kMap, kCell, kWest, kSouth}, kLowest, kHighest),
        smooth_({kSmooth, kSmoothCell, kWest, kSouth}, kLowest, kHighest),
        sunlight_({kLightMap, kLightCell, kWest, kSouth}, 0, 1),
        openness_({kLightMap, kLightCell, kWest, kSouth}, 0, 1) {
    bake_heights(pool);
    bake_light(light, pool);
  }

  HWY_INLINE Float height(Float x, Float z) const { return heights_(x, z); }
  float height_at(float x, float z) const { return heights_.at(x, z); }
  // The land as a wide wind feels it: single peaks and gullies smoothed away.
  HWY_INLINE Float smooth_height(Float x, Float z) const { return smooth_(x, z); }
  HWY_INLINE Float sunlight(Float x, Float z) const { return sunlight_(x, z); }
  HWY_INLINE Float openness(Float x, Float z) const { return openness_(x, z); }

 private:
  static constexpr int kMap = 2048, kSmooth = 256, kLightMap = 1024;
  static constexpr int kBlock = kMap / kSmooth;
  static constexpr float kSteepest = 1.0f;  // 45 degrees, over a hundred metres
  static constexpr float kCell = 6;
  static constexpr float kSmoothCell = kCell * kMap / kSmooth,
                         kLightCell = kCell * kMap / kLightMap;
  static constexpr float kWest = -kCell * kMap * 0.5f, kSouth = -3600;

  // Fractal sum whose octaves fade on slopes: smooth flanks, sharp crests, as if worn by water.
  static Float eroded(Float x, Float z, int octaves) {
    Float sum(0.0f), slope_x(0.0f), slope_z(0.0f);
    float amplitude = 1;
    for (int i = 0; i < octaves; ++i) {
      const Slope n = noise2_slope(x, z);
      slope_x += n.x * amplitude;
      slope_z += n.y * amplitude;
      sum += n.value * amplitude / (1.0f + slope_x * slope_x + slope_z * slope_z);
      amplitude *= 0.5f;
      const Float next = 1.6f * x - 1.2f * z + 5.3f;
      z = 1.2f * x + 1.6f * z + 2.9f;
      x = next;
    }
    return sum;
  }

  // Creases folded upwards: the arêtes.
  static Float ridged(Float x, Float z, int octaves) {
    Float sum(0.0f), weight(1.0f);
    float amplitude = 0.5f;
    for (int i = 0; i < octaves; ++i) {
      Float n = 1.0f - abs(noise2(x, z) * 2.0f - 1.0f);
      n = n * n * weight;
      sum += n * amplitude;
      weight = saturate(n * 1.7f);
      amplitude *= 0.5f;
      const Float next = 1.6f * x - 1.2f * z + 3.7f;
      z = 1.2f * x + 1.6f * z + 1.9f;
      x = next;
    }
    return sum;
  }

  // 1 at a summit, falling to 0 at `radius` metres, steeper towards the top.
  static Float peak(Float x, Float z, float at_x, float at_z, float radius) {
    const Float r = sqrt(square(x - at_x) + square(z - at_z)) * (1.0f / radius);
    const Float t = saturate(1.0f - r);
    return t * (0.45f + 0.55f * t);
  }

  Float shape(Float x, Float z) const {
    const Float wx = x + 520.0f * (fbm2(x * 0.0006f + 7.0f + shift_, z * 0.0006f, 3) - 0.44f);
    const Float wz = z + 520.0f * (fbm2(x * 0.0006f + 31.0f, z * 0.0006f + shift_, 3) - 0.44f);
    const Float worn = eroded(wx * 0.00046f + shift_, wz * 0.00046f + 11.0f, 11);
    const Float crests = ridged(wx * 0.00050f + 3.0f, wz * 0.00050f + shift_, 10);

    // The main ridge wanders across the view; three peaks stand on it, the highest right of the
    // middle.
    const Float line = 3900.0f + 420.0f * sin_fast(wx * 0.00072f + 1.1f) + 0.06f * wx;
    const Float off = (wz - line) * (1.0f / 1350.0f);
    const Float ridge = exp_fast(-off * off);
    const Float peaks = max(peak(wx, wz, 950.0f, 4100.0f, 1500.0f) * 640.0f,
                            max(peak(wx, wz, -1650.0f, 3700.0f, 1150.0f) * 400.0f,
                                peak(wx, wz, 3300.0f, 4300.0f, 1300.0f) * 430.0f));

    const Float shoulder = smoothstep(1100.0f, 140.0f, z) * smoothstep(1700.0f, 600.0f, abs(x));
    const Float low = -430.0f + 400.0f * shoulder;
    const Float rear = smoothstep(-900.0f, -2600.0f, z) * 420.0f;
    Float h = low + ridge * 330.0f + peaks + rear +
              (worn - 0.62f) * (170.0f + 560.0f * ridge + peaks * 0.55f) +
              crests * (110.0f + 620.0f * ridge + peaks * 0.35f) - 60.0f;
    // Level the stage: everything within 30 m lies near 0; wilder with distance.
    const Float r = sqrt(x * x + z * z);
    const Float meadow =
        0.12f * sin_fast(x * 0.23f + 1.0f) + 0.10f * sin_fast(z * 0.19f + x * 0.1f);
    const Float away = smoothstep(16.0f, 620.0f, r);
    h = mix(meadow - 0.045f * max(z - 10.0f, 0.0f) * smoothstep(10.0f, 60.0f, z), h, away * away);
    return max(h, kLowest);
  }

  void bake_heights(ThreadPool& pool) {
    std::vector<float> h(static_cast<size_t>(kMap) * kMap);
    pool.for_each(kMap, [&](int row) HWY_ATTR {
      const Float z(kSouth + static_cast<float>(row) * kCell);
      for (int i = 0; i < kMap; i += kLanes) {
        const Float x = to_float(lane_index(i)) * kCell + kWest;
        store(shape(x, z), &h[static_cast<size_t>(row) * kMap + static_cast<size_t>(i)]);
      }
    });
    const std::vector<float> wide = smoothed(h, pool);
    const std::vector<float> stable = collapsed(wide);
    lower(h, wide, stable, pool);
    heights_.fill(h, pool);
    smooth_.fill(stable, pool);
  }

  static size_t smooth_at(int x, int z) {
    return static_cast<size_t>(std::clamp(z, 0, kSmooth - 1)) * kSmooth +
           static_cast<size_t>(std::clamp(x, 0, kSmooth - 1));
  }

  // Mean of 8x8 blocks, then four passes of a 3x3 mean.
  static std::vector<float> smoothed(const std::vector<float>& h, ThreadPool& pool) {
    std::vector<float> a(static_cast<size_t>(kSmooth) * kSmooth), b = a;
    pool.for_each(kSmooth, [&](int z) {
      for (int x = 0; x < kSmooth; ++x) {
        float sum = 0;
        for (int i = 0; i < kBlock * kBlock; ++i) {
          const int row = z * kBlock + i / kBlock, column = x * kBlock + i % kBlock;
          sum += h[static_cast<size_t>(row) * kMap + static_cast<size_t>(column)];
        }
        a[smooth_at(x, z)] = sum / (kBlock * kBlock);
      }
    });
    for (int pass = 0; pass < 4; ++pass) {
      pool.for_each(kSmooth, [&](int z) {
        for (int x = 0; x < kSmooth; ++x) {
          float sum = 0;
          for (int i = 0; i < 9; ++i) sum += a[smooth_at(x + i % 3 - 1, z + i / 3 - 1)];
          b[smooth_at(x, z)] = sum / 9;
        }
      });
      std::swap(a, b);
    }
    return a;
  }

  // No flank is steeper than rock holds: where the noises add up to a spire, it comes down to what
  // rises from its foot at kSteepest. Two sweeps carry the foot's height over the map.
  static std::vector<float> collapsed(std::vector<float> h) {
    constexpr float kSide = kSteepest * kSmoothCell, kCorner = kSide * 1.41421356f;
    for (const int step : {1, -1}) {
      for (int i = 0; i < kSmooth * kSmooth; ++i) {
        const int at = step > 0 ? i : kSmooth * kSmooth - 1 - i;
        const int x = at % kSmooth, z = at / kSmooth;
        float& here = h[smooth_at(x, z)];
        here = std::min({here, h[smooth_at(x - step, z)] + kSide, h[smooth_at(x, z - step)] + kSide,
                         h[smooth_at(x - step, z - step)] + kCorner,
                         h[smooth_at(x + step, z - step)] + kCorner});
      }
    }
    return h;
  }

  // Takes what the wide land lost off the land itself, which keeps its crests and gullies.
  static void lower(std::vector<float>& h, const std::vector<float>& wide,
                    const std::vector<float>& stable, ThreadPool& pool) {
    constexpr float kCentre = (kBlock - 1) * 0.5f;  // of a block, in cells
    pool.for_each(kMap, [&](int row) {
      const float v = (static_cast<float>(row) - kCentre) / kBlock;
      const int z = static_cast<int>(exact::floor(v));
      const float tv = v - static_cast<float>(z);
      for (int i = 0; i < kMap; ++i) {
        const float u = (static_cast<float>(i) - kCentre) / kBlock;
        const int x = static_cast<int>(exact::floor(u));
        const float tu = u - static_cast<float>(x);
        const auto lost = [&](int dx, int dz) {
          return wide[smooth_at(x + dx, z + dz)] - stable[smooth_at(x + dx, z + dz)];
        };
        const float excess = exact::mix(exact::mix(lost(0, 0), lost(1, 0), tu),
                                        exact::mix(lost(0, 1), lost(1, 1), tu), tv);
        float& here = h[static_cast<size_t>(row) * kMap + static_cast<size_t>(i)];
        here = std::min(here - excess, kHighest);
      }
    });
  }

  // The sun stands still during a shot, so its shadows cost nothing at run time.
  void bake_light(const Light& light, ThreadPool& pool) {
    std::vector<float> sun(static_cast<size_t>(kLightMap) * kLightMap), open = sun;
    pool.for_each(kLightMap, [&](int row) HWY_ATTR {
      const Float z(kSouth + static_cast<float>(row) * kLightCell);
      for (int i = 0; i < kLightMap; i += kLanes) {
        const Float x = to_float(lane_index(i)) * kLightCell + kWest;
        const size_t at = static_cast<size_t>(row) * kLightMap + static_cast<size_t>(i);
        const Float y = height(x, z);
        store(shadow_at(light, x, y, z), &sun[at]);
        store(openness_at(x, y, z), &open[at]);
      }
    });
    sunlight_.fill(sun, pool);
    openness_.fill(open, pool);
  }

  // Walks towards the sun; how closely the land comes to the ray gives the soft edge.
  Float shadow_at(const Light& light, Float x, Float y, Float z) const {
    const Point s = light.to_sun;
    const float level = exact::sqrt(s.x * s.x + s.z * s.z);
    if (level < 0.02f) return 1.0f;
    const float dx = s.x / level, dz = s.z / level, rise = std::max(s.y, 0.0f) / level;
    Float lit(1.0f);
    float step = 10;
    for (float t = 14; t < 4200; t += step, step *= 1.075f) {
      const Float clearance = (y + 2.0f + rise * t - height(x + dx * t, z + dz * t)) * (1.0f / t);
      lit = min(lit, 0.5f + clearance * 11.0f);
      if (none(lit > 0.0f)) break;
    }
    return saturate(lit);
  }

  // How much sky is seen: from the mean rise to eight neighbours at four distances.
  Float openness_at(Float x, Float y, Float z) const {
    static constexpr float kX[8] = {1, 0.7071f, 0, -0.7071f, -1, -0.7071f, 0, 0.7071f};
    Float occlusion(0.0f);
    for (const float radius : {18.0f, 50.0f, 130.0f, 340.0f}) {
      Float rise(0.0f);
      for (int k = 0; k < 8; ++k) {
        const Float h = height(x + radius * kX[k], z + radius * kX[(k + 6) & 7]);
        rise += max(h - y, 0.0f);
      }
      occlusion += rise * (0.125f / radius);
    }
    return 1.0f / (1.0f + occlusion * 0.85f);
  }

  const float shift_;
  PairMap heights_, smooth_, sunlight_, openness_;
};

}  // namespace rushes::previz::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // RUSHES_PREVIZ_MOUNTAIN_TERRAIN_INL_H_
