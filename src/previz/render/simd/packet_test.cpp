// The vocabulary of packets against libm, on every target. (libm is for tests only.)
#include "previz/render/simd/targets.h"
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "previz/render/simd/packet_test.cpp"
#include <hwy/foreach_target.h>

#include "previz/render/simd/noise-inl.h"

HWY_BEFORE_NAMESPACE();
namespace rushes::previz::HWY_NAMESPACE {
namespace {

// Applies function number `which` to `count` values.
void apply(int which, const float* in, float* out, int count) {
  for (int i = 0; i < count; i += kLanes) {
    const Float x = load(in + i);
    Float y(0.0f);
    switch (which) {
      case 0: y = exp_fast(x); break;
      case 1: y = log2_fast(abs(x) + 0.001f); break;
      case 2: y = sin_fast(x); break;
      case 3: y = cos_fast(x); break;
      case 4: y = pow_fast(abs(x), 2.2f); break;
      case 5: y = smoothstep(-3.0f, 5.0f, x); break;
      case 6: y = fract(x); break;
      case 7: y = noise2(x, x * 0.37f); break;
      case 8: y = noise3(Vec3(x, x * 1.7f, 3.0f - x)); break;
      case 9: y = fbm2(x, 2.0f, 5); break;
      default: y = fbm3(Vec3(x, 1.0f, x), 4); break;
    }
    store(y, out + i);
  }
}

}  // namespace
}  // namespace rushes::previz::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace rushes::previz {
namespace {

HWY_EXPORT(apply);

constexpr int kCount = 4096;

std::vector<float> inputs() {
  std::vector<float> x(kCount);
  for (int i = 0; i < kCount; ++i)
    x[static_cast<size_t>(i)] = (static_cast<float>(i) - 2048) * 0.00731f;
  return x;
}

std::vector<float> outputs(int which, int64_t target) {
  const std::vector<float> x = inputs();
  std::vector<float> y(kCount);
  RUSHES_DISPATCH(target, apply)(which, x.data(), y.data(), kCount);
  return y;
}

TEST(Packet, FunctionsFollowTheExactOnes) {
  struct Row {
    int which;
    double (*exact)(double);
    double relative, absolute;
  };
  const Row rows[] = {
      {0, [](double x) { return std::exp(x); }, 3e-4, 0},
      {1, [](double x) { return std::log2(std::fabs(x) + 0.001); }, 0, 5e-4},
      {2, [](double x) { return std::sin(x); }, 0, 2e-3},
      {3, [](double x) { return std::cos(x); }, 0, 2e-3},
      {4, [](double x) { return std::pow(std::fabs(x), 2.2); }, 2e-3, 1e-5},
      {6, [](double x) { return x - std::floor(x); }, 0, 1e-5},
  };
  const std::vector<float> x = inputs();
  for (const Row& row : rows) {
    const std::vector<float> y = outputs(row.which, 0);
    for (size_t i = 0; i < x.size(); ++i) {
      const double expected = row.exact(static_cast<double>(x[i]));
      ASSERT_NEAR(y[i], expected, row.absolute + row.relative * std::fabs(expected))
          << "function " << row.which << " of " << x[i];
    }
  }
}

TEST(Packet, NoiseStaysWithinItsBoundsAndVaries) {
  for (const int which : {7, 8, 9, 10}) {
    float low = 1, high = 0;
    for (const float y : outputs(which, 0)) {
      ASSERT_GE(y, 0);
      ASSERT_LE(y, 1);
      low = std::min(low, y);
      high = std::max(high, y);
    }
    EXPECT_GT(high - low, 0.3f);
  }
}

TEST(Packet, EveryTargetGivesTheSameBits) {
  for (int which = 0; which <= 10; ++which) {
    const std::vector<float> expected = outputs(which, 0);
    for (int64_t left = hwy::SupportedTargets(); left != 0; left &= left - 1) {
      EXPECT_EQ(outputs(which, left & -left), expected) << "function " << which;
    }
  }
}

}  // namespace
}  // namespace rushes::previz
#endif
