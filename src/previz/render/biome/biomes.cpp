#include "previz/render/biome/biomes.h"

namespace rushes::previz {

SceneMaker find_scene_maker(Biome biome) {
  switch (biome) {
    case Biome::kField: return make_field;
    case Biome::kMountain: return make_mountain;
    case Biome::kForest: return make_forest;
    case Biome::kBeach: return make_beach;
    case Biome::kSea: return make_sea;
  }
  return make_field;
}

}  // namespace rushes::previz
