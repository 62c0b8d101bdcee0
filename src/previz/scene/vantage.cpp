#include "previz/scene/vantage.h"

namespace rushes::previz {
namespace {

// Camera at eye height or above on the stage, looking across it into the landscape.
Vantage stage_vantage(bool upright) {
  Vantage v;
  v.position = {0, 1.7f, -9};
  v.target = {0, upright ? 2.6f : 2.0f, 10};
  v.drift = {0.25f, 0, 0.35f};
  return v;
}

}  // namespace

Vantage landscape_vantage(const Environment& environment, bool upright) {
  switch (environment.biome) {
    case Biome::kField:
    case Biome::kMountain:
    case Biome::kForest:
    case Biome::kBeach:
    case Biome::kSea: return stage_vantage(upright);
  }
  return stage_vantage(upright);
}

}  // namespace rushes::previz
