#include "previz/media/watermark.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace rushes::previz {
namespace {

struct Size {
  int width, height;
};
constexpr Size kSizes[] = {{1280, 720},  {720, 1280},  {960, 960},   {1920, 1080},
                           {2160, 3840}, {2880, 2880}, {320, 180},   {48, 32},
                           {16, 16},     {4096, 16},   {4096, 4096}, {2560, 1440}};

I420 plain(Size size, uint8_t luma, uint8_t chroma) {
  I420 frame;
  frame.resize(size.width, size.height);
  std::ranges::fill(frame.bytes, chroma);
  std::ranges::fill(frame.luma(), luma);
  return frame;
}

TEST(Watermark, lies_inside_the_frame_in_the_lower_right_at_every_size) {
  for (const Size size : kSizes) {
    const MarkBox box = Watermark(size.width, size.height).box();
    SCOPED_TRACE(testing::Message() << size.width << "x" << size.height);
    EXPECT_GE(box.x, 0);
    EXPECT_GE(box.y, 0);
    EXPECT_LE(box.x + box.width, size.width);
    EXPECT_LE(box.y + box.height, size.height);
    EXPECT_EQ((box.x | box.y | box.width | box.height) % 2, 0);
    if (std::min(size.width, size.height) < 180) continue;
    EXPECT_GT(box.x, size.width / 2);
    EXPECT_GT(box.y, size.height / 2);
    EXPECT_GE(box.height, 12);
  }
}

TEST(Watermark, changes_nothing_outside_its_box) {
  for (const Size size : kSizes) {
    const I420 before = plain(size, 90, 70);
    I420 after = before;
    const Watermark mark(size.width, size.height);
    mark.apply(after);
    const MarkBox box = mark.box();
    I420 original = before;
    int changed = 0;
    for (int y = 0; y < size.height; ++y) {
      for (int x = 0; x < size.width; ++x) {
        const size_t at = static_cast<size_t>(y) * static_cast<size_t>(size.width) + size_t(x);
        const size_t colour =
            static_cast<size_t>(y / 2) * static_cast<size_t>(size.width / 2) + size_t(x / 2);
        const bool inside =
            x >= box.x && x < box.x + box.width && y >= box.y && y < box.y + box.height;
        const bool differs = after.luma()[at] != original.luma()[at] ||
                             after.blue()[colour] != original.blue()[colour] ||
                             after.red()[colour] != original.red()[colour];
        changed += differs;
        ASSERT_TRUE(inside || !differs) << x << "," << y;
      }
    }
    EXPECT_GT(changed, 20);
  }
}

TEST(Watermark, can_be_told_from_black_white_and_grey_pictures_alike) {
  for (const uint8_t luma : {16, 126, 235}) {
    I420 frame = plain({1280, 720}, luma, 128);
    Watermark(1280, 720).apply(frame);
    const auto [low, high] = std::ranges::minmax(frame.luma());
    EXPECT_GE(high - low, 80) << int(luma);
    EXPECT_GE(low, 16);
    EXPECT_LE(high, 235);
  }
}

}  // namespace
}  // namespace rushes::previz
