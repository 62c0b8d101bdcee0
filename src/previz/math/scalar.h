// exact: the elementary functions of the renderer. libm is banned under previz/: sinf, expf and
// their like differ between versions of libc, and frames must not. Every function here is built
// from exactly rounded operations (+ - * / sqrt) in a fixed order, and the whole tree is compiled
// with -ffp-contract=off, so the bits are the same on every machine.
//
// Accuracy: about 1e-7 relative, computed in double.
#pragma once

#include <cmath>
#include <cstdint>
#include <cstring>

namespace rushes::previz::exact {

inline constexpr float kPi = 3.14159265358979f;
inline constexpr float kTau = 6.28318530717959f;

// sqrt, floor and fabs are exactly defined by IEEE 754, so these three may be the library's.
inline float sqrt(float x) { return std::sqrt(x); }
inline float floor(float x) { return std::floor(x); }
inline float abs(float x) { return std::fabs(x); }

constexpr float clamp(float x, float low, float high) {
  return x < low ? low : x > high ? high : x;
}
constexpr float saturate(float x) { return clamp(x, 0.0f, 1.0f); }
constexpr float mix(float a, float b, float t) { return a + (b - a) * t; }
inline float fract(float x) { return x - floor(x); }

// 0 below `from`, 1 above `to`, smooth between.
constexpr float smoothstep(float from, float to, float x) {
  const float t = saturate((x - from) / (to - from));
  return t * t * (3.0f - 2.0f * t);
}
// Ease in and out: u^2 (3 - 2u) for u in [0, 1].
constexpr float ease(float u) { return u * u * (3.0f - 2.0f * u); }

namespace detail {

// sin of x in [-pi/4, pi/4] and cos likewise: Taylor, error below 1e-12.
constexpr double sin_core(double x) {
  const double s = x * x;
  return x *
         (1 + s * (-1.0 / 6 + s * (1.0 / 120 + s * (-1.0 / 5040 +
                                                    s * (1.0 / 362880 + s * (-1.0 / 39916800))))));
}
constexpr double cos_core(double x) {
  const double s = x * x;
  return 1 +
         s * (-1.0 / 2 +
              s * (1.0 / 24 + s * (-1.0 / 720 + s * (1.0 / 40320 + s * (-1.0 / 3628800 +
                                                                        s * (1.0 / 479001600))))));
}

inline double sin_quadrant(double x, int shift) {
  constexpr double kHalfPi = 1.57079632679489661923;
  const double turns = std::floor(x / kHalfPi + 0.5);
  const double r = x - turns * kHalfPi;
  const int quadrant = static_cast<int>(static_cast<int64_t>(turns) + shift) & 3;
  const double value = (quadrant & 1) ? cos_core(r) : sin_core(r);
  return (quadrant & 2) ? -value : value;
}

}  // namespace detail

// |radians| up to about 1e6.
inline float sin(float radians) { return static_cast<float>(detail::sin_quadrant(radians, 0)); }
inline float cos(float radians) { return static_cast<float>(detail::sin_quadrant(radians, 1)); }
inline float tan(float radians) {
  return static_cast<float>(detail::sin_quadrant(radians, 0) / detail::sin_quadrant(radians, 1));
}

// e^x for x in [-80, 80]; clamped outside.
inline float exp(float x) {
  const double y = static_cast<double>(clamp(x, -80.0f, 80.0f)) * 1.44269504088896340736;
  const double whole = std::floor(y);
  const double f = (y - whole) * 0.69314718055994530942;
  double term = 1, sum = 1;
  for (int i = 1; i <= 12; ++i) {
    term *= f / i;
    sum += term;
  }
  const uint64_t bits = static_cast<uint64_t>(static_cast<int64_t>(whole) + 1023) << 52;
  double scale;
  std::memcpy(&scale, &bits, sizeof scale);
  return static_cast<float>(sum * scale);
}

// Natural logarithm; x must be positive and normal.
inline float log(float x) {
  uint64_t bits;
  const double value = x;
  std::memcpy(&bits, &value, sizeof bits);
  const double exponent = static_cast<double>(static_cast<int64_t>(bits >> 52) - 1023);
  bits = (bits & 0xfffffffffffffull) | (1023ull << 52);
  double m;
  std::memcpy(&m, &bits, sizeof m);
  // log m = 2 artanh((m-1)/(m+1)), |argument| <= 1/3
  const double a = (m - 1) / (m + 1), s = a * a;
  double power = a, sum = 0;
  for (int i = 1; i <= 25; i += 2) {
    sum += power / i;
    power *= s;
  }
  return static_cast<float>(2 * sum + exponent * 0.69314718055994530942);
}

// x^p for x > 0; 0 for x <= 0.
inline float pow(float x, float p) { return x <= 0 ? 0.0f : exp(p * log(x)); }

inline float atan2(float y, float x) {
  if (x == 0 && y == 0) return 0;
  const double ax = std::fabs(static_cast<double>(x)), ay = std::fabs(static_cast<double>(y));
  const bool swap = ay > ax;
  double t = swap ? ax / ay : ay / ax;  // [0, 1]
  // Halve the angle twice: atan t = 2 atan(t / (1 + sqrt(1 + t^2)))
  for (int i = 0; i < 2; ++i) t = t / (1 + std::sqrt(1 + t * t));
  const double s = t * t;
  double power = t, sum = 0;
  for (int i = 1; i <= 19; i += 2) {
    sum += (i % 4 == 1 ? power : -power) / i;
    power *= s;
  }
  double angle = 4 * sum;
  if (swap) angle = 1.57079632679489661923 - angle;
  if (x < 0) angle = 3.14159265358979323846 - angle;
  return static_cast<float>(y < 0 ? -angle : angle);
}

// 32-bit hashes: the only source of chance in the renderer.
constexpr uint32_t hash(uint32_t a) {
  a ^= a >> 16;
  a *= 0x7feb352du;
  a ^= a >> 15;
  a *= 0x846ca68bu;
  return a ^ (a >> 16);
}
constexpr uint32_t hash(uint32_t a, uint32_t b) {
  return hash(hash(a) ^ (b * 0x9e3779b9u + 0x85ebca6bu));
}
// [0, 1)
constexpr float unit(uint32_t h) { return static_cast<float>(h >> 8) * (1.0f / 16777216.0f); }

}  // namespace rushes::previz::exact
