// CloudNoise: a tile of billowing three-dimensional noise, baked once per shot. Perlin-like swells
// whose rims are carved into cauliflower by cellular noise; a fetch costs two gathers.
#if defined(RUSHES_PREVIZ_CLOUD_NOISE_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef RUSHES_PREVIZ_CLOUD_NOISE_INL_H_
#undef RUSHES_PREVIZ_CLOUD_NOISE_INL_H_
#else
#define RUSHES_PREVIZ_CLOUD_NOISE_INL_H_
#endif

#include <cstdint>
#include <vector>

#include "previz/render/simd/noise-inl.h"
#include "previz/render/threads.h"

HWY_BEFORE_NAMESPACE();
namespace rushes::previz::HWY_NAMESPACE {

class CloudNoise {
 public:
  CloudNoise(uint32_t seed, ThreadPool& pool)
      : seed_(static_cast<int>(seed & 0xffff)), quads_(kSize * kSize * kSize) {
    std::vector<float> values(quads_.size());
    pool.for_each(kSize * kSize, [&](int row) HWY_ATTR {
      const float y = static_cast<float>(row / kSize), z = static_cast<float>(row % kSize);
      for (int x = 0; x < kSize; x += kLanes) {
        const Vec3 p = Vec3(to_float(lane_index(x)), y, z) * (1.0f / kSize);
        store(billow(p), &values[static_cast<size_t>(row) * kSize + static_cast<size_t>(x)]);
      }
    });
    pool.for_each(kSize, [&](int y) { pack(values, y); });
  }

  // 0..1, mean about 0.45; `p` in tiles: the pattern repeats with period 1 on every axis.
  HWY_INLINE Float operator()(Vec3 p) const {
    const Float x = p.x * kSize, y = p.y * kSize, z = p.z * kSize;
    const Float floor_x = floor(x), floor_y = floor(y), floor_z = floor(z);
    const Int ix = truncate(floor_x) & kLast, iz = truncate(floor_z) & kLast;
    const Int iy = truncate(floor_y);
    const Int column = shift_left<kBits>(iz) + ix;
    const Int low = gather(quads_.data(), shift_left<2 * kBits>(iy & kLast) + column);
    const Int high = gather(quads_.data(), shift_left<2 * kBits>((iy + 1) & kLast) + column);
    const Float tx = x - floor_x, tz = z - floor_z;
    return mix(plane(low, tx, tz), plane(high, tx, tz), y - floor_y) * (1.0f / 255.0f);
  }

 private:
  static constexpr int kBits = 6, kSize = 1 << kBits, kLast = kSize - 1;

  static HWY_INLINE Float plane(Int quad, Float tx, Float tz) {
    const Float a = to_float(quad & 255), b = to_float(shift_right_logical<8>(quad) & 255);
    const Float c = to_float(shift_right_logical<16>(quad) & 255);
    const Float d = to_float(shift_right_logical<24>(quad));
    return mix(mix(a, b, tx), mix(c, d, tx), tz);
  }

  // Value noise that repeats after `period` cells.
  Float swell(Vec3 p, int period, int salt) const {
    const Vec3 q = p * static_cast<float>(period);
    const Float fx = floor(q.x), fy = floor(q.y), fz = floor(q.z);
    const Int ix = truncate(fx), iy = truncate(fy), iz = truncate(fz);
    const Float ux = fade_quintic(q.x - fx), uy = fade_quintic(q.y - fy);
    const Float uz = fade_quintic(q.z - fz);
    const Int wrap(period - 1), salted(salt * 7919 + seed_);
    Float result[2];
    for (int k = 0; k < 2; ++k) {
      const Int z = (iz + k) & wrap;
      auto corner = [&](int dx, int dy) HWY_ATTR {
        return unit(hash3((ix + dx) & wrap, (iy + dy) & wrap, z + salted * period));
      };
      result[k] = mix(mix(corner(0, 0), corner(1, 0), ux), mix(corner(0, 1), corner(1, 1), ux), uy);
    }
    return mix(result[0], result[1], uz);
  }

  // 1 at the points of a jittered grid, falling to 0 between them.
  Float cells(Vec3 p, int period, int salt) const {
    const Vec3 q = p * static_cast<float>(period);
    const Float fx = floor(q.x), fy = floor(q.y), fz = floor(q.z);
    const Int ix = truncate(fx), iy = truncate(fy), iz = truncate(fz);
    const Int wrap(period - 1);
    Float nearest(4.0f);
    for (int i = 0; i < 27; ++i) {
      const int dx = i % 3 - 1, dy = i / 3 % 3 - 1, dz = i / 9 - 1;
      const Int h = hash3((ix + dx) & wrap, (iy + dy) & wrap,
                          ((iz + dz) & wrap) + (salt * 7919 + seed_) * period);
      const Float x = fx + static_cast<float>(dx) + unit(h) - q.x;
      const Float y = fy + static_cast<float>(dy) + unit(h * 747796405 + 11) - q.y;
      const Float z = fz + static_cast<float>(dz) + unit(h * 277803737 + 29) - q.z;
      nearest = min(nearest, x * x + y * y + z * z);
    }
    return saturate(1.0f - sqrt(nearest));
  }

  Float billow(Vec3 p) const {
    Float swells(0.0f);
    swells += swell(p, 4, 1) * 0.52f + swell(p, 8, 2) * 0.27f + swell(p, 16, 3) * 0.14f +
              swell(p, 32, 4) * 0.07f;
    const Float puffs = cells(p, 4, 5) * 0.50f + cells(p, 8, 6) * 0.30f + cells(p, 16, 7) * 0.20f;
    // Raise the swells' floor by the puffs: remap(swells, 0..1, puffs..1).
    return saturate(swells * 0.62f + puffs * 0.72f - 0.12f);
  }

  void pack(const std::vector<float>& values, int y) {
    auto code = [&](int x, int z) {
      const size_t i = static_cast<size_t>(((y * kSize) + (z & kLast)) * kSize + (x & kLast));
      return static_cast<uint32_t>(values[i] * 255.0f + 0.5f);
    };
    for (int z = 0; z < kSize; ++z) {
      for (int x = 0; x < kSize; ++x) {
        quads_[static_cast<size_t>((y * kSize + z) * kSize + x)] = static_cast<int32_t>(
            code(x, z) | code(x + 1, z) << 8 | code(x, z + 1) << 16 | code(x + 1, z + 1) << 24);
      }
    }
  }

  const int seed_;
  std::vector<int32_t> quads_;
};

}  // namespace rushes::previz::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // RUSHES_PREVIZ_CLOUD_NOISE_INL_H_
