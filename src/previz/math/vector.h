// Point: a scalar 3-vector for cameras, joints and cards. Packets of vectors are render/simd's.
#pragma once

#include "previz/math/scalar.h"

namespace rushes::previz {

struct Point {
  float x = 0, y = 0, z = 0;
  bool operator==(const Point&) const = default;
};

constexpr Point operator+(Point a, Point b) { return {a.x + b.x, a.y + b.y, a.z + b.z}; }
constexpr Point operator-(Point a, Point b) { return {a.x - b.x, a.y - b.y, a.z - b.z}; }
constexpr Point operator-(Point a) { return {-a.x, -a.y, -a.z}; }
constexpr Point operator*(Point a, float s) { return {a.x * s, a.y * s, a.z * s}; }
constexpr float dot(Point a, Point b) { return a.x * b.x + a.y * b.y + a.z * b.z; }
constexpr Point cross(Point a, Point b) {
  return {a.y * b.z - a.z * b.y, a.z * b.x - a.x * b.z, a.x * b.y - a.y * b.x};
}
constexpr Point mix(Point a, Point b, float t) { return a + (b - a) * t; }

inline float length(Point a) { return exact::sqrt(dot(a, a)); }
// `a` must not be zero.
inline Point normalize(Point a) { return a * (1.0f / length(a)); }

// `a` turned about the unit vector `axis` by `radians`, left-handed.
inline Point rotate(Point a, Point axis, float radians) {
  const float c = exact::cos(radians), s = exact::sin(radians);
  return a * c + cross(axis, a) * s + axis * (dot(axis, a) * (1.0f - c));
}

}  // namespace rushes::previz
