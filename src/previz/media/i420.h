// Frames as the encoder wants them: planar YCbCr 4:2:0, bt.709, 8 bit, video range (16..235).
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace rushes::previz {

// Luma rows, then Cb, then Cr, without padding: exactly the bytes of one raw yuv420p frame.
struct I420 {
  int width = 0, height = 0;  // even
  std::vector<uint8_t> bytes;

  void resize(int new_width, int new_height);

  size_t luma_size() const { return static_cast<size_t>(width) * static_cast<size_t>(height); }
  std::span<uint8_t> luma() { return std::span(bytes).first(luma_size()); }
  std::span<uint8_t> blue() { return std::span(bytes).subspan(luma_size(), luma_size() / 4); }
  std::span<uint8_t> red() { return std::span(bytes).last(luma_size() / 4); }

  bool operator==(const I420&) const = default;
};

// `rgb` is interleaved full-range R'G'B', top row first, of an even width and height. The chroma of
// a sample sits where H.264 expects it: on the left luma column, between two rows.
void convert_to_i420(std::span<const uint8_t> rgb, int width, int height, I420& out);

}  // namespace rushes::previz
