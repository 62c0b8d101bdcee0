// Folds the legs of a figure in profile forward, so that it lies back as in a deck chair.
#pragma once

#include <vector>

#include "previz/render/card/sprite.h"
#include "previz/render/card/svg.h"

namespace rushes::previz {

// Where the bent figure sits and how much smaller it was drawn.
struct Bent {
  float seat_u = 0.5f, seat_v = 1;  // 0..1 of the square
  float scale = 1;
};

// Bends the picture and its height (Sprite::kSize square) about the anchors' hips; `amount` 0..1.
Bent bend_back(const IconAnchors& anchors, float amount, card::Raster& raster,
               std::vector<float>& height);

}  // namespace rushes::previz
