// Picture: a finished frame. Planes: linear light while a frame is being made. One thread writes a
// pixel; no synchronisation here.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "previz/render/simd/targets.h"

namespace rushes::previz {

// 8-bit RGB, interleaved, top row first, no padding.
struct Picture {
  int width = 0, height = 0;
  std::vector<uint8_t> rgb;

  void resize(int new_width, int new_height) {
    width = new_width;
    height = new_height;
    rgb.resize(static_cast<size_t>(width) * static_cast<size_t>(height) * 3);
  }
};

// Linear-light RGB and one extra channel. Rows are padded to the widest packet, so a packet stored
// at the right edge never reaches into the next row, which another thread may own.
struct Planes {
  int width = 0, height = 0, pitch = 0;
  std::vector<float> r, g, b;
  std::vector<float> extra;  // distance of the first surface, or transmittance of a cloud layer

  Planes(int w, int h)
      : width(w), height(h), pitch((w + kWidestPacket - 1) / kWidestPacket * kWidestPacket) {
    r.assign(static_cast<size_t>(pitch) * static_cast<size_t>(h), 0.0f);
    g = b = extra = r;
  }
  size_t at(int x, int y) const {
    return static_cast<size_t>(y) * static_cast<size_t>(pitch) + static_cast<size_t>(x);
  }
};

}  // namespace rushes::previz
