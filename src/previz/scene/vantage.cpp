#include "previz/scene/vantage.h"

namespace rushes::previz {
namespace {

// At eye height on the stage, looking across it into the landscape.
Vantage stage_vantage(bool upright) {
  Vantage v;
  v.position = {-1.5f, 1.5f, -9};
  v.target = {0, upright ? 2.6f : 2.1f, 10};
  v.drift = {0.35f, 0.02f, 0.55f};
  return v;
}

// A slow flight above the sea of clouds towards the ridge, the summit on a third of the frame.
Vantage mountain_vantage(bool upright) {
  Vantage v;
  v.position = {-900, 430, 300};
  v.target = upright ? Point{420, 420, 4000} : Point{300, 300, 4000};
  v.drift = {20, 1.5f, 42};
  v.tan_half_fov = upright ? 0.52f : 0.44f;
  return v;
}

// Knee-deep in the grass, flowers before the lens, the path of the eye along the hills.
Vantage field_vantage(bool upright) {
  Vantage v;
  v.position = {-2, 1.05f, -10};
  v.target = {4, upright ? 2.4f : 1.55f, 20};
  v.drift = {0.45f, 0.05f, 0.85f};
  v.tan_half_fov = 0.46f;
  return v;
}

}  // namespace

Vantage landscape_vantage(const Environment& environment, bool upright) {
  switch (environment.biome) {
    case Biome::kField: return field_vantage(upright);
    case Biome::kMountain: return mountain_vantage(upright);
    case Biome::kForest:
    case Biome::kBeach:
    case Biome::kSea: return stage_vantage(upright);
  }
  return stage_vantage(upright);
}

}  // namespace rushes::previz
