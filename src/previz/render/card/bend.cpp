#include "previz/render/card/bend.h"

#include <algorithm>
#include <cstddef>

#include "previz/math/scalar.h"
#include "previz/render/card/plane.h"

namespace rushes::previz {
namespace {

using card::Raster;
using card::Vec2;

constexpr int kSize = Sprite::kSize;
constexpr size_t kCount = static_cast<size_t>(kSize) * static_cast<size_t>(kSize);
constexpr int kGrid = 96;  // cells of the mesh along a side

// Rotates by `angle` about `pivot`, clockwise on the screen.
Vec2 turn(Vec2 p, Vec2 pivot, float angle) {
  const float c = exact::cos(angle), s = exact::sin(angle);
  const Vec2 v = p - pivot;
  return pivot + Vec2{v.x * c - v.y * s, v.x * s + v.y * c};
}

// The map of the bend, in icon units: the trunk leans back (to the right), the legs swing forward
// (to the left), the tail drops behind, and the head nods forward so that it looks over its toes.
class Bend {
 public:
  Bend(const IconAnchors& a, float amount)
      : hip_{a.hip_x, a.hip_y}, neck_{a.neck_x, a.neck_y}, amount_(amount) {}

  Vec2 operator()(Vec2 p) const {
    const float below = exact::smoothstep(-6, 16, p.y - hip_.y);
    const float behind = exact::smoothstep(14, 36, p.x - hip_.x);
    // A heel may stand as far back as the tail begins.
    const float low = exact::smoothstep(14, 26, p.y - hip_.y);
    const float legs = below * (1 - behind * (1 - low));
    const float head =
        exact::smoothstep(4, -18, p.y - neck_.y) * exact::smoothstep(8, -8, p.x - neck_.x);
    const Vec2 nodded = turn(p, neck_, -0.62f * head * amount_);
    const float trunk = exact::mix(1.22f, 0.80f, behind);
    return turn(nodded, hip_, amount_ * exact::mix(trunk, 1.74f, legs));
  }

 private:
  Vec2 hip_, neck_;
  float amount_;
};

struct Layers {
  Raster raster;
  std::vector<float> height;
};

float sample(const std::vector<float>& plane, Vec2 at) {
  const float x = exact::clamp(at.x - 0.5f, 0, kSize - 1.001f),
              y = exact::clamp(at.y - 0.5f, 0, kSize - 1.001f);
  const int ix = static_cast<int>(x), iy = static_cast<int>(y);
  const float tx = x - static_cast<float>(ix), ty = y - static_cast<float>(iy);
  const float* p = &plane[static_cast<size_t>(iy) * kSize + static_cast<size_t>(ix)];
  return exact::mix(exact::mix(p[0], p[1], tx), exact::mix(p[kSize], p[kSize + 1], tx), ty);
}

// Draws one triangle of the mesh: at `to` it shows what was at `from`. Texels belong to a triangle
// by their centres; on an edge to the one drawn last, which shows the same there.
void draw_triangle(const Vec2 (&from)[3], const Vec2 (&to)[3], const Layers& source, Layers& out) {
  const float area = cross(to[1] - to[0], to[2] - to[0]);
  if (exact::abs(area) < 1e-6f) return;
  const auto [low_x, high_x] = std::minmax({to[0].x, to[1].x, to[2].x});
  const auto [low_y, high_y] = std::minmax({to[0].y, to[1].y, to[2].y});
  const float limit = kSize - 1;
  const int x0 = static_cast<int>(exact::clamp(low_x - 0.5f, 0, limit));
  const int x1 = static_cast<int>(exact::clamp(high_x + 0.5f, 0, limit));
  const int y0 = static_cast<int>(exact::clamp(low_y - 0.5f, 0, limit));
  const int y1 = static_cast<int>(exact::clamp(high_y + 0.5f, 0, limit));
  for (int y = y0; y <= y1; ++y) {
    for (int x = x0; x <= x1; ++x) {
      const Vec2 p{static_cast<float>(x) + 0.5f, static_cast<float>(y) + 0.5f};
      const float b = cross(p - to[0], to[2] - to[0]) / area;
      const float c = cross(to[1] - to[0], p - to[0]) / area;
      constexpr float kEdge = -1e-4f;
      if (b < kEdge || c < kEdge || b + c > 1 - kEdge) continue;
      const Vec2 at = from[0] + (from[1] - from[0]) * b + (from[2] - from[0]) * c;
      const float alpha = sample(source.raster.alpha, at);
      if (alpha <= 0) continue;
      const size_t i = static_cast<size_t>(y) * kSize + static_cast<size_t>(x);
      if (alpha < out.raster.alpha[i]) continue;  // a seam must not eat what is there
      out.raster.red[i] = sample(source.raster.red, at);
      out.raster.green[i] = sample(source.raster.green, at);
      out.raster.blue[i] = sample(source.raster.blue, at);
      out.raster.alpha[i] = alpha;
      out.height[i] = sample(source.height, at);
    }
  }
}

}  // namespace

Bent bend_back(const IconAnchors& anchors, float amount, card::Raster& raster,
               std::vector<float>& height) {
  const Bend bend(anchors, amount);
  const Layers source{std::move(raster), std::move(height)};
  Layers out;
  out.raster.size = kSize;
  out.raster.red.assign(kCount, 0.0f);
  out.raster.green = out.raster.blue = out.raster.alpha = out.height = out.raster.red;

  // The bent figure, fitted into the square again.
  constexpr float kUnit = 128.0f / kSize;
  Vec2 low{1e9f, 1e9f}, high{-1e9f, -1e9f};
  for (int y = 0; y < kSize; y += 4) {
    for (int x = 0; x < kSize; x += 4) {
      if (source.raster.alpha[static_cast<size_t>(y) * kSize + static_cast<size_t>(x)] < 0.5f)
        continue;
      const Vec2 p = bend({static_cast<float>(x) * kUnit, static_cast<float>(y) * kUnit});
      low = {std::min(low.x, p.x), std::min(low.y, p.y)};
      high = {std::max(high.x, p.x), std::max(high.y, p.y)};
    }
  }
  const float extent = std::max({high.x - low.x, high.y - low.y, 1.0f});
  const float fit = static_cast<float>(kSize) * 0.96f / extent;
  const Vec2 middle = (low + high) * 0.5f;
  const Vec2 centre{kSize * 0.5f, kSize * 0.5f};
  const float relief = fit * kUnit;  // heights shrink with the picture

  constexpr float kCell = static_cast<float>(kSize) / kGrid;
  for (int row = 0; row < kGrid; ++row) {
    for (int column = 0; column < kGrid; ++column) {
      Vec2 from[4], to[4];
      for (int k = 0; k < 4; ++k) {
        from[k] = {static_cast<float>(column + k % 2) * kCell,
                   static_cast<float>(row + k / 2) * kCell};
        to[k] = centre + (bend(from[k] * kUnit) - middle) * fit;
      }
      draw_triangle({from[0], from[1], from[2]}, {to[0], to[1], to[2]}, source, out);
      draw_triangle({from[3], from[2], from[1]}, {to[3], to[2], to[1]}, source, out);
    }
  }
  for (float& h : out.height) h *= relief;
  raster = std::move(out.raster);
  height = std::move(out.height);
  const Vec2 seat = centre + (bend({anchors.seat_x, anchors.seat_y}) - middle) * fit;
  return {seat.x / kSize, seat.y / kSize, relief};
}

}  // namespace rushes::previz
