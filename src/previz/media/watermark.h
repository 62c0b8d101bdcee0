// The mark of watermarked files: the word "Rushes" in the lower right corner, drawn by ourselves so
// that it needs no font and looks the same everywhere.
#pragma once

#include <cstdint>
#include <vector>

#include "previz/media/i420.h"

namespace rushes::previz {

// A rectangle of whole chroma samples: all four numbers are even.
struct MarkBox {
  int x = 0, y = 0, width = 0, height = 0;
};

// The mark for frames of one size; drawn once, laid over any number of frames. Immutable.
class Watermark {
 public:
  Watermark(int frame_width, int frame_height);

  // Only pixels inside of it ever change.
  const MarkBox& box() const { return box_; }

  // `frame` has the size the mark was made for.
  void apply(I420& frame) const;

 private:
  int frame_width_, frame_height_;
  MarkBox box_;
  // Per pixel of the box, 0..256: how far towards black (a soft shadow that keeps the letters
  // legible on bright pictures), then how far towards white.
  std::vector<uint16_t> shadow_, letters_;
};

}  // namespace rushes::previz
