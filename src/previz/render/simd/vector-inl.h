// Vec3: a packet of vectors, one per pixel; Ray: a packet of rays.
#if defined(RUSHES_PREVIZ_VECTOR_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef RUSHES_PREVIZ_VECTOR_INL_H_
#undef RUSHES_PREVIZ_VECTOR_INL_H_
#else
#define RUSHES_PREVIZ_VECTOR_INL_H_
#endif

#include "previz/math/vector.h"
#include "previz/render/simd/packet-inl.h"

HWY_BEFORE_NAMESPACE();
namespace rushes::previz::HWY_NAMESPACE {

struct Vec3 {
  Float x, y, z;
  HWY_INLINE Vec3() {}
  HWY_INLINE Vec3(Float a, Float b, Float c) : x(a), y(b), z(c) {}
  HWY_INLINE explicit Vec3(Float grey) : x(grey), y(grey), z(grey) {}
  HWY_INLINE explicit Vec3(Point p) : x(p.x), y(p.y), z(p.z) {}
};

HWY_INLINE Vec3 operator+(Vec3 a, Vec3 b) { return {a.x + b.x, a.y + b.y, a.z + b.z}; }
HWY_INLINE Vec3 operator-(Vec3 a, Vec3 b) { return {a.x - b.x, a.y - b.y, a.z - b.z}; }
HWY_INLINE Vec3 operator-(Vec3 a) { return {-a.x, -a.y, -a.z}; }
HWY_INLINE Vec3 operator*(Vec3 a, Vec3 b) { return {a.x * b.x, a.y * b.y, a.z * b.z}; }
HWY_INLINE Vec3 operator*(Vec3 a, Float s) { return {a.x * s, a.y * s, a.z * s}; }

HWY_INLINE Float dot(Vec3 a, Vec3 b) {
  return multiply_add(a.x, b.x, multiply_add(a.y, b.y, a.z * b.z));
}
HWY_INLINE Vec3 cross(Vec3 a, Vec3 b) {
  return {a.y * b.z - a.z * b.y, a.z * b.x - a.x * b.z, a.x * b.y - a.y * b.x};
}
HWY_INLINE Float length(Vec3 a) { return sqrt(dot(a, a)); }
HWY_INLINE Vec3 normalize(Vec3 a) { return a * reciprocal_sqrt(max(dot(a, a), 1e-20f)); }
HWY_INLINE Vec3 reflect(Vec3 d, Vec3 n) { return d - n * (2.0f * dot(d, n)); }
HWY_INLINE Vec3 mix(Vec3 a, Vec3 b, Float t) {
  return {mix(a.x, b.x, t), mix(a.y, b.y, t), mix(a.z, b.z, t)};
}
HWY_INLINE Vec3 select(Mask m, Vec3 yes, Vec3 no) {
  return {select(m, yes.x, no.x), select(m, yes.y, no.y), select(m, yes.z, no.z)};
}
HWY_INLINE Float luminance(Vec3 c) { return c.x * 0.2126f + c.y * 0.7152f + c.z * 0.0722f; }

struct Ray {
  Vec3 origin, direction;  // direction has length 1
  HWY_INLINE Vec3 at(Float t) const { return origin + direction * t; }
};

}  // namespace rushes::previz::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // RUSHES_PREVIZ_VECTOR_INL_H_
