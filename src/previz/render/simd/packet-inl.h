// Packets: a shader-like vocabulary on top of Google Highway, compiled once per target.
//
// One Float holds the same quantity for 4, 8 or 16 neighbouring pixels. Code reads as if it worked
// on one pixel; a Mask takes the place of a branch. The rules that keep frames equal to the bit on
// every target:
//   - no lane ever looks at another lane: any() and none() may only skip work whose result would
//     have been selected away;
//   - every operation is exactly rounded; nothing is fused; no estimates of 1/x or 1/sqrt(x);
//   - no NaN or infinity is born (min and max treat NaN differently per instruction set): guard
//     divisions and roots; convert to Int only what fits.
#if defined(RUSHES_PREVIZ_PACKET_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef RUSHES_PREVIZ_PACKET_INL_H_
#undef RUSHES_PREVIZ_PACKET_INL_H_
#else
#define RUSHES_PREVIZ_PACKET_INL_H_
#endif

#include "previz/render/simd/targets.h"
// Highway defines each target's operations anew every time it is included.
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace rushes::previz::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

using FloatTag = hn::CappedTag<float, kWidestPacket>;
using IntTag = hn::RebindToSigned<FloatTag>;
using UintTag = hn::RebindToUnsigned<FloatTag>;

constexpr FloatTag kFloats{};
constexpr IntTag kInts{};
constexpr UintTag kUints{};
constexpr int kLanes = static_cast<int>(hn::MaxLanes(FloatTag()));

// ---- packet types -------------------------------------------------------------------------------

struct Mask {
  hn::Mask<FloatTag> m;
};

struct Float {
  hn::Vec<FloatTag> v;
  HWY_INLINE Float() {}  // undefined, as a float is
  HWY_INLINE Float(hn::Vec<FloatTag> packet) : v(packet) {}
  HWY_INLINE Float(float value) : v(hn::Set(kFloats, value)) {}
};

struct Int {
  hn::Vec<IntTag> v;
  HWY_INLINE Int() {}
  HWY_INLINE Int(hn::Vec<IntTag> packet) : v(packet) {}
  HWY_INLINE Int(int value) : v(hn::Set(kInts, value)) {}
};

// ---- Float --------------------------------------------------------------------------------------

HWY_INLINE Float operator+(Float a, Float b) { return hn::Add(a.v, b.v); }
HWY_INLINE Float operator-(Float a, Float b) { return hn::Sub(a.v, b.v); }
HWY_INLINE Float operator*(Float a, Float b) { return hn::Mul(a.v, b.v); }
HWY_INLINE Float operator/(Float a, Float b) { return hn::Div(a.v, b.v); }
HWY_INLINE Float operator-(Float a) { return hn::Neg(a.v); }
HWY_INLINE Float& operator+=(Float& a, Float b) { return a = a + b; }
HWY_INLINE Float& operator-=(Float& a, Float b) { return a = a - b; }
HWY_INLINE Float& operator*=(Float& a, Float b) { return a = a * b; }

HWY_INLINE Float min(Float a, Float b) { return hn::Min(a.v, b.v); }
HWY_INLINE Float max(Float a, Float b) { return hn::Max(a.v, b.v); }
HWY_INLINE Float abs(Float a) { return hn::Abs(a.v); }
HWY_INLINE Float sqrt(Float a) { return hn::Sqrt(a.v); }
HWY_INLINE Float floor(Float a) { return hn::Floor(a.v); }
// a * b + c in two roundings, whatever the processor could do.
HWY_INLINE Float multiply_add(Float a, Float b, Float c) { return hn::Add(hn::Mul(a.v, b.v), c.v); }
HWY_INLINE Float reciprocal_sqrt(Float x) { return 1.0f / sqrt(x); }

HWY_INLINE Float clamp(Float x, Float low, Float high) { return min(max(x, low), high); }
HWY_INLINE Float saturate(Float x) { return clamp(x, 0.0f, 1.0f); }
HWY_INLINE Float mix(Float a, Float b, Float t) { return multiply_add(b - a, t, a); }
HWY_INLINE Float fract(Float x) { return x - floor(x); }
HWY_INLINE Float square(Float x) { return x * x; }

// 0 below `from`, 1 above `to`, smooth between; `from` may be the larger of the two. The scalar
// form divides once at compile time; the ramp is the same in both.
HWY_INLINE Float smoothstep(float from, float to, Float x) {
  const Float t = saturate((x - from) * (1.0f / (to - from)));
  return t * t * (3.0f - 2.0f * t);
}
HWY_INLINE Float smoothstep(Float from, Float to, Float x) {
  const Float t = saturate((x - from) / (to - from));
  return t * t * (3.0f - 2.0f * t);
}
// The straight ramp: 0 at `from`, 1 at `to`.
HWY_INLINE Float ramp(float from, float to, Float x) {
  return saturate((x - from) * (1.0f / (to - from)));
}

// ---- masks --------------------------------------------------------------------------------------

HWY_INLINE Mask operator<(Float a, Float b) { return {hn::Lt(a.v, b.v)}; }
HWY_INLINE Mask operator>(Float a, Float b) { return {hn::Gt(a.v, b.v)}; }
HWY_INLINE Mask operator<=(Float a, Float b) { return {hn::Le(a.v, b.v)}; }
HWY_INLINE Mask operator>=(Float a, Float b) { return {hn::Ge(a.v, b.v)}; }
HWY_INLINE Mask operator&(Mask a, Mask b) { return {hn::And(a.m, b.m)}; }
HWY_INLINE Mask operator|(Mask a, Mask b) { return {hn::Or(a.m, b.m)}; }
HWY_INLINE Mask operator~(Mask a) { return {hn::Not(a.m)}; }

HWY_INLINE Mask all_lanes() { return Float(0.0f) < Float(1.0f); }
HWY_INLINE Mask no_lanes() { return Float(1.0f) < Float(0.0f); }

HWY_INLINE bool any(Mask a) { return !hn::AllFalse(kFloats, a.m); }
HWY_INLINE bool none(Mask a) { return hn::AllFalse(kFloats, a.m); }

HWY_INLINE Float select(Mask m, Float yes, Float no) { return hn::IfThenElse(m.m, yes.v, no.v); }
HWY_INLINE Float select(Mask m, float yes, float no) { return select(m, Float(yes), Float(no)); }

// ---- integers, bits, memory ---------------------------------------------------------------------

HWY_INLINE Int operator+(Int a, Int b) { return hn::Add(a.v, b.v); }
HWY_INLINE Int operator-(Int a, Int b) { return hn::Sub(a.v, b.v); }
HWY_INLINE Int operator*(Int a, Int b) { return hn::Mul(a.v, b.v); }
HWY_INLINE Int operator^(Int a, Int b) { return hn::Xor(a.v, b.v); }
HWY_INLINE Int operator&(Int a, Int b) { return hn::And(a.v, b.v); }
HWY_INLINE Int operator|(Int a, Int b) { return hn::Or(a.v, b.v); }
HWY_INLINE Int min(Int a, Int b) { return hn::Min(a.v, b.v); }
HWY_INLINE Int max(Int a, Int b) { return hn::Max(a.v, b.v); }
HWY_INLINE Int select(Mask m, Int yes, Int no) {
  return hn::IfThenElse(hn::RebindMask(kInts, m.m), yes.v, no.v);
}

template <int kBits>
HWY_INLINE Int shift_right_logical(Int a) {
  return hn::BitCast(kInts, hn::ShiftRight<kBits>(hn::BitCast(kUints, a.v)));
}
template <int kBits>
HWY_INLINE Int shift_left(Int a) {
  return hn::ShiftLeft<kBits>(a.v);
}

HWY_INLINE Int truncate(Float a) { return hn::ConvertTo(kInts, a.v); }
HWY_INLINE Float to_float(Int a) { return hn::ConvertTo(kFloats, a.v); }
HWY_INLINE Int bits_of(Float a) { return hn::BitCast(kInts, a.v); }
HWY_INLINE Float from_bits(Int a) { return hn::BitCast(kFloats, a.v); }

// first, first + 1, first + 2, ... one per lane.
HWY_INLINE Int lane_index(int first) { return hn::Iota(kInts, first); }

HWY_INLINE Float gather(const float* table, Int index) {
  return hn::GatherIndex(kFloats, table, index.v);
}
HWY_INLINE Int gather(const int32_t* table, Int index) {
  return hn::GatherIndex(kInts, table, index.v);
}
HWY_INLINE Float load(const float* from) { return hn::LoadU(kFloats, from); }
HWY_INLINE void store(Float packet, float* to) { hn::StoreU(packet.v, kFloats, to); }
HWY_INLINE void store(Int packet, int32_t* to) { hn::StoreU(packet.v, kInts, to); }

// ---- transcendental functions: polynomials only, no libm ----------------------------------------

// e^x, relative error about 1e-4; the argument is clamped to +-80.
HWY_INLINE Float exp_fast(Float x) {
  const Float y = clamp(x, -80.0f, 80.0f) * 1.44269504f;
  const Float whole = floor(y);
  const Float f = y - whole;
  Float p = multiply_add(0.0135557f, f, 0.0520323f);
  p = multiply_add(p, f, 0.2413793f);
  p = multiply_add(p, f, 0.6930321f);
  p = multiply_add(p, f, 1.0f);
  return p * from_bits(shift_left<23>(truncate(whole) + 127));
}

// log2 of a positive normal x, absolute error about 1e-4.
HWY_INLINE Float log2_fast(Float x) {
  const Int bits = bits_of(x);
  const Float exponent = to_float(shift_right_logical<23>(bits) + (-127));
  const Float m = from_bits((bits & 0x7fffff) + 0x3f800000);
  Float p = multiply_add(-0.034436006f, m, 0.31821337f);
  p = multiply_add(p, m, -1.2315303f);
  p = multiply_add(p, m, 2.5988452f);
  p = multiply_add(p, m, -3.3241990f);
  p = multiply_add(p, m, 3.1157899f);
  return multiply_add(p, m - 1.0f, exponent);
}

HWY_INLINE Float pow_fast(Float x, Float power) {
  return exp_fast(log2_fast(max(x, 1e-8f)) * power * 0.69314718f);
}

// Parabola plus one correction; absolute error about 1e-3. |x| up to about 1e5.
HWY_INLINE Float sin_fast(Float x) {
  const Float turns = floor(x * 0.159154943f + 0.5f);
  x = x - turns * 6.2831853f;
  const Float y = multiply_add(1.27323954f, x, -0.405284735f * x * abs(x));
  return multiply_add(0.225f, y * abs(y) - y, y);
}
HWY_INLINE Float cos_fast(Float x) { return sin_fast(x + 1.57079633f); }

}  // namespace rushes::previz::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // RUSHES_PREVIZ_PACKET_INL_H_
