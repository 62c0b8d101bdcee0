// Value noise from integer hashes: arithmetic only, no tables, the same bits everywhere.
#if defined(RUSHES_PREVIZ_NOISE_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef RUSHES_PREVIZ_NOISE_INL_H_
#undef RUSHES_PREVIZ_NOISE_INL_H_
#else
#define RUSHES_PREVIZ_NOISE_INL_H_
#endif

#include "previz/render/simd/vector-inl.h"

HWY_BEFORE_NAMESPACE();
namespace rushes::previz::HWY_NAMESPACE {

HWY_INLINE Int scramble(Int h) {
  h = (h ^ shift_right_logical<13>(h)) * 1274126177;
  return h ^ shift_right_logical<16>(h);
}

HWY_INLINE Int hash2(Int x, Int y) { return scramble(x * 374761393 + y * 668265263); }
HWY_INLINE Int hash3(Int x, Int y, Int z) {
  return scramble(x * 374761393 + y * 668265263 + z * 1440662683);
}

// The upper 23 bits of a hash as a number in [0, 1).
HWY_INLINE Float unit(Int hash) {
  return from_bits(shift_right_logical<9>(hash) + 0x3f800000) - 1.0f;
}

HWY_INLINE Float fade_quintic(Float t) { return t * t * t * (t * (t * 6.0f - 15.0f) + 10.0f); }
HWY_INLINE Float fade_cubic(Float t) { return t * t * (3.0f - 2.0f * t); }

// Smooth noise in [0, 1] on the plane; quintic fade, so slopes are continuous.
HWY_INLINE Float noise2(Float x, Float y) {
  const Float floor_x = floor(x), floor_y = floor(y);
  const Float ux = fade_quintic(x - floor_x), uy = fade_quintic(y - floor_y);
  // The products of the hash are shared by the four corners.
  const Int px = truncate(floor_x) * 374761393, py = truncate(floor_y) * 668265263;
  const Int qx = px + 374761393, qy = py + 668265263;
  const Float a = unit(scramble(px + py)), b = unit(scramble(qx + py));
  const Float c = unit(scramble(px + qy)), d = unit(scramble(qx + qy));
  return mix(mix(a, b, ux), mix(c, d, ux), uy);
}

// noise2 and its derivatives.
struct Slope {
  Float value, x, y;
  HWY_INLINE Slope(Float v, Float dx, Float dy) : value(v), x(dx), y(dy) {}
};
HWY_INLINE Slope noise2_slope(Float x, Float y) {
  const Float floor_x = floor(x), floor_y = floor(y);
  const Float tx = x - floor_x, ty = y - floor_y;
  const Int px = truncate(floor_x) * 374761393, py = truncate(floor_y) * 668265263;
  const Int qx = px + 374761393, qy = py + 668265263;
  const Float a = unit(scramble(px + py)), b = unit(scramble(qx + py));
  const Float c = unit(scramble(px + qy)), d = unit(scramble(qx + qy));
  const Float ux = fade_quintic(tx), uy = fade_quintic(ty);
  const Float dx = 30.0f * tx * tx * (tx * (tx - 2.0f) + 1.0f);
  const Float dy = 30.0f * ty * ty * (ty * (ty - 2.0f) + 1.0f);
  const Float k = a - b - c + d;
  return {a + (b - a) * ux + (c - a) * uy + k * ux * uy, dx * ((b - a) + k * uy),
          dy * ((c - a) + k * ux)};
}

// Smooth noise in [0, 1] in space; cubic fade.
HWY_INLINE Float noise3(Vec3 p) {
  const Float floor_x = floor(p.x), floor_y = floor(p.y), floor_z = floor(p.z);
  const Float ux = fade_cubic(p.x - floor_x), uy = fade_cubic(p.y - floor_y);
  const Float uz = fade_cubic(p.z - floor_z);
  const Int px = truncate(floor_x) * 374761393, py = truncate(floor_y) * 668265263;
  const Int pz = truncate(floor_z) * 1440662683;
  const Int qx = px + 374761393, qy = py + 668265263, qz = pz + 1440662683;
  const Float near = mix(mix(unit(scramble(px + py + pz)), unit(scramble(qx + py + pz)), ux),
                         mix(unit(scramble(px + qy + pz)), unit(scramble(qx + qy + pz)), ux), uy);
  const Float far = mix(mix(unit(scramble(px + py + qz)), unit(scramble(qx + py + qz)), ux),
                        mix(unit(scramble(px + qy + qz)), unit(scramble(qx + qy + qz)), ux), uy);
  return mix(near, far, uz);
}

// Fractal sums, near [0, 1]: each octave is twice as fine, half as strong, and turned to hide the
// grid. The mean is 0.5 (1 - 0.5^octaves).
inline Float fbm2(Float x, Float y, int octaves) {
  Float amplitude(0.5f), sum(0.0f);
  for (int i = 0; i < octaves; ++i) {
    sum += amplitude * noise2(x, y);
    const Float next_x = 1.6f * x + 1.2f * y + 17.3f;
    y = 1.6f * y - 1.2f * x + 9.1f;
    x = next_x;
    amplitude *= 0.5f;
  }
  return sum;
}

inline Float fbm3(Vec3 p, int octaves) {
  Float amplitude(0.5f), sum(0.0f);
  for (int i = 0; i < octaves; ++i) {
    sum += amplitude * noise3(p);
    p = Vec3(1.62f * p.x + 1.22f * p.z, 2.03f * p.y + 3.1f, 1.62f * p.z - 1.22f * p.x);
    amplitude *= 0.5f;
  }
  return sum;
}

}  // namespace rushes::previz::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // RUSHES_PREVIZ_NOISE_INL_H_
