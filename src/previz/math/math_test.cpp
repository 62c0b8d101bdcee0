#include <gtest/gtest.h>

#include <cmath>

#include "previz/math/scalar.h"
#include "previz/math/vector.h"

namespace rushes::previz {
namespace {

// libm is banned from frames, not from tests: it is what `exact` is measured against.
TEST(Exact, FunctionsAgreeWithLibmToAFewMillionths) {
  for (int i = -4000; i <= 4000; ++i) {
    const float x = static_cast<float>(i) * 0.01f;
    const double d = x;
    ASSERT_NEAR(exact::sin(x), std::sin(d), 2e-7) << x;
    ASSERT_NEAR(exact::cos(x), std::cos(d), 2e-7) << x;
    ASSERT_NEAR(exact::exp(x), std::exp(d), 2e-6 * std::exp(d)) << x;
    if (std::fabs(std::cos(d)) > 0.01) {
      ASSERT_NEAR(exact::tan(x), std::tan(d), 1e-6 * (1 + std::fabs(std::tan(d)))) << x;
    }
    if (i > 0) {
      ASSERT_NEAR(exact::log(x), std::log(d), 1e-6) << x;
      ASSERT_NEAR(exact::pow(x, 0.45f), std::pow(d, 0.45), 1e-5 * std::pow(d, 0.45)) << x;
    }
  }
}

TEST(Exact, SineHoldsForAnglesAsLargeAsHours) {
  for (const float x : {1000.0f, -54321.0f, 1.0e6f}) {
    EXPECT_NEAR(exact::sin(x), std::sin(static_cast<double>(x)), 1e-6) << x;
  }
}

TEST(Exact, Atan2KnowsAllQuadrantsAndTheOrigin) {
  for (const float y : {-2.0f, -0.3f, 0.0f, 0.7f, 5.0f}) {
    for (const float x : {-3.0f, -0.1f, 0.0f, 0.2f, 4.0f}) {
      if (x == 0 && y == 0) continue;
      EXPECT_NEAR(exact::atan2(y, x), std::atan2(y, x), 1e-6) << y << ", " << x;
    }
  }
  EXPECT_EQ(exact::atan2(0, 0), 0);
}

TEST(Exact, PowerOfNothingIsNothingAndExponentialsAreClamped) {
  EXPECT_EQ(exact::pow(0, 2), 0);
  EXPECT_EQ(exact::pow(-1, 2), 0);
  EXPECT_EQ(exact::exp(-1000), exact::exp(-80));
  EXPECT_EQ(exact::exp(1000), exact::exp(80));
}

TEST(Exact, SmoothstepRisesBetweenItsEdgesInEitherOrder) {
  EXPECT_EQ(exact::smoothstep(2, 4, 1), 0);
  EXPECT_EQ(exact::smoothstep(2, 4, 3), 0.5f);
  EXPECT_EQ(exact::smoothstep(2, 4, 5), 1);
  EXPECT_EQ(exact::smoothstep(4, 2, 5), 0);
  EXPECT_EQ(exact::smoothstep(4, 2, 1), 1);
  EXPECT_EQ(exact::ease(0), 0);
  EXPECT_EQ(exact::ease(1), 1);
}

TEST(Exact, HashesSpreadEvenly) {
  int buckets[16] = {};
  for (uint32_t i = 0; i < 16000; ++i) {
    const float u = exact::unit(exact::hash(i, 5));
    ASSERT_GE(u, 0);
    ASSERT_LT(u, 1);
    ++buckets[static_cast<int>(u * 16)];
  }
  for (const int n : buckets) EXPECT_NEAR(n, 1000, 150);
  EXPECT_NE(exact::hash(1, 2), exact::hash(2, 1));
}

void expect_near(Point a, Point b) {
  EXPECT_NEAR(a.x, b.x, 1e-6);
  EXPECT_NEAR(a.y, b.y, 1e-6);
  EXPECT_NEAR(a.z, b.z, 1e-6);
}

TEST(Point, CrossProductIsLeftHanded) {
  expect_near(cross({1, 0, 0}, {0, 1, 0}), {0, 0, 1});
  expect_near(cross({0, 1, 0}, {0, 0, 1}), {1, 0, 0});
}

TEST(Point, RotationKeepsLengthAndTurnsAboutTheAxis) {
  const Point turned = rotate({1, 2, 0}, {0, 1, 0}, exact::kPi / 2);
  expect_near(turned, {0, 2, -1});
  EXPECT_NEAR(length(rotate({3, 4, 0}, normalize({1, 1, 1}), 0.7f)), 5, 1e-5);
}

TEST(Point, NormalizeGivesLengthOne) {
  EXPECT_NEAR(length(normalize({3, -4, 12})), 1, 1e-6);
  expect_near(mix({0, 0, 0}, {2, 4, 6}, 0.5f), {1, 2, 3});
}

}  // namespace
}  // namespace rushes::previz
