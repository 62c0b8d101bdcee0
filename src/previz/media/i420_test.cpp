#include "previz/media/i420.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace rushes::previz {
namespace {

struct Rgb {
  uint8_t r, g, b;
};

std::vector<uint8_t> plain(Rgb colour, int width, int height) {
  std::vector<uint8_t> rgb;
  for (int i = 0; i < width * height; ++i) rgb.insert(rgb.end(), {colour.r, colour.g, colour.b});
  return rgb;
}

struct Known {
  const char* name;
  Rgb rgb;
  int y, blue, red;
};

// The 100 % and 75 % colour bars of ITU-R BT.709 in 8-bit video range.
constexpr Known kKnown[] = {
    {"white", {255, 255, 255}, 235, 128, 128}, {"black", {0, 0, 0}, 16, 128, 128},
    {"grey", {128, 128, 128}, 126, 128, 128},  {"red", {255, 0, 0}, 63, 102, 240},
    {"green", {0, 255, 0}, 173, 42, 26},       {"blue", {0, 0, 255}, 32, 240, 118},
    {"yellow", {255, 255, 0}, 219, 16, 138},   {"cyan", {0, 255, 255}, 188, 154, 16},
    {"magenta", {255, 0, 255}, 78, 214, 230},  {"75 % yellow", {191, 191, 0}, 168, 44, 136},
    {"75 % blue", {0, 0, 191}, 28, 212, 120},
};

TEST(I420, converts_known_colours_to_their_bt709_video_range_values) {
  for (const Known& known : kKnown) {
    I420 out;
    convert_to_i420(plain(known.rgb, 4, 2), 4, 2, out);
    for (const uint8_t y : out.luma()) EXPECT_EQ(y, known.y) << known.name;
    for (const uint8_t blue : out.blue()) EXPECT_EQ(blue, known.blue) << known.name;
    for (const uint8_t red : out.red()) EXPECT_EQ(red, known.red) << known.name;
  }
}

TEST(I420, has_one_luma_byte_a_pixel_and_a_quarter_as_many_of_each_colour) {
  I420 out;
  convert_to_i420(plain({1, 2, 3}, 6, 4), 6, 4, out);
  EXPECT_EQ(out.bytes.size(), 36u);
  EXPECT_EQ(out.luma().size(), 24u);
  EXPECT_EQ(out.blue().size(), 6u);
  EXPECT_EQ(out.red().size(), 6u);
}

TEST(I420, chroma_is_taken_from_around_the_left_column_of_each_pair) {
  // One red column at x = 3: its right neighbour's chroma sample (x = 4) sees it with a quarter of
  // the weight, its left one (x = 2) with a quarter too, the first (x = 0) not at all.
  auto rgb = plain({0, 0, 0}, 8, 2);
  for (const int row : {0, 1}) rgb[static_cast<size_t>(row * 8 + 3) * 3] = 255;
  I420 out;
  convert_to_i420(rgb, 8, 2, out);
  EXPECT_EQ(out.red()[0], 128);
  EXPECT_EQ(out.red()[1], 156);
  EXPECT_EQ(out.red()[2], 156);
  EXPECT_EQ(out.red()[3], 128);
}

TEST(I420, stays_in_video_range_for_every_corner_of_the_colour_cube) {
  for (int corner = 0; corner < 8; ++corner) {
    const Rgb rgb{uint8_t(corner & 1 ? 255 : 0), uint8_t(corner & 2 ? 255 : 0),
                  uint8_t(corner & 4 ? 255 : 0)};
    I420 out;
    convert_to_i420(plain(rgb, 2, 2), 2, 2, out);
    EXPECT_GE(*std::ranges::min_element(out.bytes), 16);
    EXPECT_LE(*std::ranges::max_element(out.luma()), 235);
    EXPECT_LE(*std::ranges::max_element(out.bytes), 240);
  }
}

}  // namespace
}  // namespace rushes::previz
