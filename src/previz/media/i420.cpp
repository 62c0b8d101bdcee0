#include "previz/media/i420.h"

#include "base/check.h"

namespace rushes::previz {
namespace {

// bt.709 in 16-bit fixed point; each luma row scales 255 to 219, each chroma row sums to zero, so
// grey has no colour.
constexpr int32_t kYR = 11966, kYG = 40254, kYB = 4064;
constexpr int32_t kBlueR = -6596, kBlueG = -22189, kBlueB = 28785;
constexpr int32_t kRedR = 28784, kRedG = -26145, kRedB = -2639;

void convert_luma(const uint8_t* rgb, size_t count, uint8_t* luma) {
  constexpr int32_t kBias = (16 << 16) + (1 << 15);
  for (size_t i = 0; i < count; ++i) {
    const int32_t y = kYR * rgb[3 * i] + kYG * rgb[3 * i + 1] + kYB * rgb[3 * i + 2] + kBias;
    luma[i] = static_cast<uint8_t>(y >> 16);
  }
}

// Two rows of pixels to one row of chroma: weights 1 2 1 across, centred on the even column, and
// 1 1 down; eight together.
void convert_chroma(const uint8_t* upper, const uint8_t* lower, int width, uint8_t* blue,
                    uint8_t* red) {
  constexpr int32_t kBias = (128 << 19) + (1 << 18);
  for (int x = 0; x < width; x += 2) {
    const int left = x > 0 ? -3 : 0;
    int32_t sums[3];
    for (int c = 0; c < 3; ++c) {
      const uint8_t* a = upper + 3 * x + c;
      const uint8_t* b = lower + 3 * x + c;
      sums[c] = a[left] + 2 * a[0] + a[3] + b[left] + 2 * b[0] + b[3];
    }
    const auto [r, g, b] = sums;
    blue[x / 2] = static_cast<uint8_t>((kBlueR * r + kBlueG * g + kBlueB * b + kBias) >> 19);
    red[x / 2] = static_cast<uint8_t>((kRedR * r + kRedG * g + kRedB * b + kBias) >> 19);
  }
}

}  // namespace

void I420::resize(int new_width, int new_height) {
  RUSHES_CHECK(new_width > 0 && new_height > 0 && new_width % 2 == 0 && new_height % 2 == 0);
  width = new_width;
  height = new_height;
  bytes.resize(luma_size() * 3 / 2);
}

void convert_to_i420(std::span<const uint8_t> rgb, int width, int height, I420& out) {
  out.resize(width, height);
  RUSHES_CHECK(rgb.size() == out.luma_size() * 3);
  convert_luma(rgb.data(), out.luma_size(), out.luma().data());
  const size_t row = static_cast<size_t>(width) * 3;
  const size_t half = static_cast<size_t>(width) / 2;
  for (size_t y = 0; y < static_cast<size_t>(height) / 2; ++y) {
    const uint8_t* upper = rgb.data() + 2 * y * row;
    convert_chroma(upper, upper + row, width, out.blue().data() + y * half,
                   out.red().data() + y * half);
  }
}

}  // namespace rushes::previz
