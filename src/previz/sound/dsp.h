// Small building blocks of synthesis at kSampleRate. All arithmetic is exactly rounded and in a
// fixed order, so sound is as reproducible as frames are. Values with state; one thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "previz/math/scalar.h"
#include "previz/sound/soundtrack.h"

namespace rushes::previz {

// White noise in [-1, 1).
class Noise {
 public:
  explicit Noise(uint32_t seed) : state_(exact::hash(seed) | 1) {}
  uint32_t bits() {
    state_ ^= state_ << 13;
    state_ ^= state_ >> 17;
    state_ ^= state_ << 5;
    return state_;
  }
  float next() { return static_cast<float>(static_cast<int32_t>(bits())) * (1.0f / 2147483648.0f); }
  float unit() { return exact::unit(bits()); }
  float between(float low, float high) { return exact::mix(low, high, unit()); }

 private:
  uint32_t state_;
};

// One pole.
class LowPass {
 public:
  explicit LowPass(float hertz) : share_(1 - exact::exp(-exact::kTau * hertz / kSampleRate)) {}
  float operator()(float x) {
    y_ += share_ * (x - y_);
    return y_;
  }

 private:
  float share_, y_ = 0;
};

// Two poles, two zeros, direct form 1.
class Biquad {
 public:
  Biquad(double b0, double b1, double b2, double a1, double a2)
      : b0_(b0), b1_(b1), b2_(b2), a1_(a1), a2_(a2) {}
  // Constant peak gain of 1 at the centre.
  static Biquad band(float hertz, float q) {
    const float w = exact::kTau * hertz / kSampleRate;
    const double alpha = static_cast<double>(exact::sin(w)) / (2.0 * static_cast<double>(q));
    const double a0 = 1 + alpha;
    return {alpha / a0, 0, -alpha / a0, -2 * static_cast<double>(exact::cos(w)) / a0,
            (1 - alpha) / a0};
  }
  float operator()(float sample) {
    const double x = sample;
    const double y = b0_ * x + b1_ * x1_ + b2_ * x2_ - a1_ * y1_ - a2_ * y2_;
    x2_ = x1_, x1_ = x;
    y2_ = y1_, y1_ = y;
    return static_cast<float>(y);
  }

 private:
  double b0_, b1_, b2_, a1_, a2_;
  double x1_ = 0, x2_ = 0, y1_ = 0, y2_ = 0;
};

// A sine of constant frequency, by rotation: no sine per sample.
class Tone {
 public:
  Tone(float hertz, float phase)
      : cos_(exact::cos(exact::kTau * hertz / kSampleRate)),
        sin_(exact::sin(exact::kTau * hertz / kSampleRate)),
        x_(exact::cos(exact::kTau * phase)),
        y_(exact::sin(exact::kTau * phase)) {}
  float next() {
    const float x = x_ * cos_ - y_ * sin_, y = x_ * sin_ + y_ * cos_;
    // One Newton step towards length 1 keeps the rounding from growing.
    const float correction = 1.5f - 0.5f * (x * x + y * y);
    x_ = x * correction, y_ = y * correction;
    return y_;
  }

 private:
  float cos_, sin_, x_, y_;
};

// Smooth chance over time in [0, 1], changing about once per `period_seconds`.
class Wander {
 public:
  Wander(uint32_t seed, float period_seconds) : seed_(seed), rate_(1 / period_seconds) {}
  float at(float seconds) const {
    const float x = seconds * rate_ + 64;
    const float whole = exact::floor(x);
    const auto index = static_cast<uint32_t>(whole);
    return exact::mix(exact::unit(exact::hash(seed_, index)),
                      exact::unit(exact::hash(seed_, index + 1)), exact::ease(x - whole));
  }

 private:
  uint32_t seed_;
  float rate_;
};

// A stretch of stereo that the sources of one shot are added to. `begin_seconds` is the shot's own
// time at sample 0 (negative: the fade before the cut).
struct Stretch {
  float begin_seconds = 0;
  std::vector<float> left, right;

  size_t size() const { return left.size(); }
  float seconds_at(size_t index) const {
    return begin_seconds + static_cast<float>(index) / kSampleRate;
  }
  float end_seconds() const { return seconds_at(size()); }
};

// Calls body(index, n) for blocks of at most 64 samples: the rate at which slow things change.
template <class Body>
void for_each_block(size_t count, Body&& body) {
  constexpr size_t kBlock = 64;
  for (size_t i = 0; i < count; i += kBlock) body(i, count - i < kBlock ? count - i : kBlock);
}

}  // namespace rushes::previz
