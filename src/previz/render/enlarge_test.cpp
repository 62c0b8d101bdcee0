#include "previz/render/enlarge.h"

#include <gtest/gtest.h>

namespace rushes::previz {
namespace {

Picture filled(int width, int height, uint8_t code) {
  Picture p;
  p.resize(width, height);
  std::fill(p.rgb.begin(), p.rgb.end(), code);
  return p;
}

Picture enlarged(const Picture& from, int width, int height) {
  ThreadPool pool(2);
  Picture to;
  to.resize(width, height);
  enlarge(from, pool, to);
  return to;
}

TEST(Enlarge, KeepsAFlatColour) {
  for (const uint8_t code : {0, 1, 127, 255}) {
    const Picture big = enlarged(filled(10, 7, code), 16, 12);
    for (const uint8_t c : big.rgb) ASSERT_EQ(c, code);
  }
}

TEST(Enlarge, KeepsAnEdgeInItsPlaceAndSharp) {
  Picture half = filled(20, 4, 0);
  for (int y = 0; y < 4; ++y) {
    for (size_t i = static_cast<size_t>(y * 20 + 10) * 3,
                end = static_cast<size_t>(y * 20 + 20) * 3;
         i < end; ++i) {
      half.rgb[i] = 200;
    }
  }
  const Picture big = enlarged(half, 40, 8);
  const uint8_t* row = &big.rgb[40 * 3 * 3];
  EXPECT_LT(row[17 * 3], 20);
  EXPECT_GT(row[22 * 3], 180);
  EXPECT_LT(row[19 * 3], row[20 * 3]);
}

TEST(Enlarge, OfTheSameSizeSharpensOnly) {
  const Picture same = enlarged(filled(9, 9, 80), 9, 9);
  EXPECT_EQ(same.rgb, filled(9, 9, 80).rgb);
}

}  // namespace
}  // namespace rushes::previz
