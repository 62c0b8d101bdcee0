// Plane: points and affine maps of the icon rasteriser. y grows downwards, as in SVG.
#pragma once

#include <vector>

namespace rushes::previz::card {

struct Vec2 {
  float x = 0, y = 0;
  bool operator==(const Vec2&) const = default;
};

constexpr Vec2 operator+(Vec2 a, Vec2 b) { return {a.x + b.x, a.y + b.y}; }
constexpr Vec2 operator-(Vec2 a, Vec2 b) { return {a.x - b.x, a.y - b.y}; }
constexpr Vec2 operator*(Vec2 a, float s) { return {a.x * s, a.y * s}; }
constexpr float dot(Vec2 a, Vec2 b) { return a.x * b.x + a.y * b.y; }
constexpr float cross(Vec2 a, Vec2 b) { return a.x * b.y - a.y * b.x; }

// x' = a x + c y + e, y' = b x + d y + f: the six numbers of SVG's matrix().
struct Affine {
  float a = 1, b = 0, c = 0, d = 1, e = 0, f = 0;

  constexpr Vec2 operator()(Vec2 p) const { return {a * p.x + c * p.y + e, b * p.x + d * p.y + f}; }
  constexpr float determinant() const { return a * d - b * c; }
  // `inner` first, then `outer`.
  friend constexpr Affine operator*(const Affine& outer, const Affine& inner) {
    return {outer.a * inner.a + outer.c * inner.b,
            outer.b * inner.a + outer.d * inner.b,
            outer.a * inner.c + outer.c * inner.d,
            outer.b * inner.c + outer.d * inner.d,
            outer.a * inner.e + outer.c * inner.f + outer.e,
            outer.b * inner.e + outer.d * inner.f + outer.f};
  }
};

// The inverse; of a map that flattens the plane, the identity.
Affine inverse(const Affine& map);
// How much the map enlarges, on average.
float scale_of(const Affine& map);

struct Polyline {
  std::vector<Vec2> points;
  bool closed = false;
};
using Outline = std::vector<Polyline>;

}  // namespace rushes::previz::card
