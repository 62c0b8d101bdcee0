#include "previz/render/biome/forest_look.h"

#include <algorithm>
#include <string_view>

namespace rushes::previz {
namespace {

ForestLook sequoia() {
  ForestLook look;
  look.cell_m = 8.4f;
  look.absent = 0.08f;
  look.young = 0.26f;
  look.radius_m = 0.55f;
  look.radius_span_m = 1.15f;
  look.lean = 0.008f;
  look.height_m = 55;
  look.height_span_m = 15;
  look.crown_base_m = 9;
  look.crown_base_span_m = 7;
  look.crown_radius_m = 2.9f;
  look.bark_dark = {0.075f, 0.027f, 0.014f};
  look.bark_light = {0.50f, 0.20f, 0.095f};
  look.leaf_dark = {0.020f, 0.050f, 0.016f};
  look.leaf_light = {0.16f, 0.26f, 0.055f};
  look.leaf_other = {0.10f, 0.24f, 0.09f};
  look.soil_dark = {0.105f, 0.062f, 0.034f};
  look.soil_light = {0.27f, 0.165f, 0.085f};
  look.litter_one = {0.30f, 0.16f, 0.07f};
  look.litter_two = {0.20f, 0.10f, 0.045f};
  look.litter = 0.12f;
  look.plant_dark = {0.030f, 0.085f, 0.016f};
  look.plant_light = {0.17f, 0.31f, 0.05f};
  look.plants = 0.8f;
  look.cover = 0.75f;
  return look;
}

ForestLook conifer() {
  ForestLook look = sequoia();
  look.cell_m = 5.6f;
  look.young = 0.34f;
  look.radius_m = 0.20f;
  look.radius_span_m = 0.26f;
  look.flare = 0.45f;
  look.lean = 0.02f;
  look.height_m = 19;
  look.height_span_m = 9;
  look.crown_base_m = 2.6f;
  look.crown_base_span_m = 4.5f;
  look.crown_radius_m = 2.0f;
  look.bark = Bark::kPlates;
  look.bark_dark = {0.050f, 0.034f, 0.026f};
  look.bark_light = {0.30f, 0.20f, 0.145f};
  look.leaf_dark = {0.012f, 0.036f, 0.018f};
  look.leaf_light = {0.105f, 0.19f, 0.065f};
  look.leaf_other = {0.07f, 0.17f, 0.105f};
  look.plants = 0.6f;
  return look;
}

ForestLook broadleaf() {
  ForestLook look;
  look.cell_m = 7.4f;
  look.young = 0.24f;
  look.radius_m = 0.24f;
  look.radius_span_m = 0.42f;
  look.flare = 0.7f;
  look.lean = 0.05f;
  look.height_m = 14;
  look.height_span_m = 6;
  look.crown_base_m = 3.4f;
  look.crown_base_span_m = 2.4f;
  look.crown_radius_m = 2.9f;
  look.foliage = Foliage::kLeaves;
  look.bark = Bark::kPlates;
  look.bark_dark = {0.060f, 0.046f, 0.034f};
  look.bark_light = {0.30f, 0.25f, 0.19f};
  look.leaf_dark = {0.018f, 0.050f, 0.010f};
  look.leaf_light = {0.20f, 0.34f, 0.050f};
  look.leaf_other = {0.30f, 0.36f, 0.06f};
  look.soil_dark = {0.085f, 0.058f, 0.034f};
  look.soil_light = {0.22f, 0.15f, 0.085f};
  look.litter_one = {0.30f, 0.17f, 0.07f};
  look.litter_two = {0.17f, 0.095f, 0.042f};
  look.litter = 0.5f;
  look.plant_dark = {0.028f, 0.080f, 0.014f};
  look.plant_light = {0.19f, 0.34f, 0.05f};
  look.plants = 0.7f;
  look.cover = 0.7f;
  look.canopy = 0.62f;
  return look;
}

void turn_to_autumn(ForestLook& look) {
  if (look.foliage != Foliage::kLeaves) return;
  look.leaf_dark = {0.12f, 0.030f, 0.008f};
  look.leaf_light = {0.72f, 0.27f, 0.028f};
  look.leaf_other = {0.78f, 0.47f, 0.045f};
  look.litter_one = {0.62f, 0.22f, 0.03f};
  look.litter_two = {0.36f, 0.095f, 0.022f};
  look.litter = 1;
  look.plants = 0.16f;
  look.plant_dark = {0.10f, 0.075f, 0.02f};
  look.plant_light = {0.38f, 0.26f, 0.06f};
  look.cover = 0.18f;
}

void turn_to_spring(ForestLook& look) {
  if (look.foliage != Foliage::kLeaves) return;
  look.leaf_light = {0.30f, 0.46f, 0.07f};
  look.leaf_other = {0.36f, 0.48f, 0.10f};
  look.canopy *= 0.85f;
}

void turn_to_winter(ForestLook& look) {
  look.snow = 1;
  look.plants = 0;
  look.litter = 0;
  look.moss *= 0.3f;
  if (look.foliage == Foliage::kLeaves) {
    look.foliage = Foliage::kBare;
    look.canopy = 0.15f;
  }
}

ForestLook birch() {
  ForestLook look = broadleaf();
  look.cell_m = 4.6f;
  look.young = 0.2f;
  look.radius_m = 0.10f;
  look.radius_span_m = 0.12f;
  look.flare = 0.3f;
  look.crown_base_m = 4.2f;
  look.crown_base_span_m = 3;
  look.crown_radius_m = 1.7f;
  look.bark = Bark::kBirch;
  look.bark_dark = {0.030f, 0.026f, 0.024f};
  look.bark_light = {0.80f, 0.77f, 0.70f};
  look.moss = 0.25f;
  look.leaf_light = {0.30f, 0.42f, 0.06f};
  look.leaf_other = {0.42f, 0.44f, 0.07f};
  look.canopy = 0.42f;
  return look;
}

ForestLook jungle() {
  ForestLook look = broadleaf();
  look.cell_m = 6.2f;
  look.young = 0.36f;
  look.radius_m = 0.22f;
  look.radius_span_m = 0.55f;
  look.flare = 1.3f;
  look.height_m = 22;
  look.leaf_dark = {0.008f, 0.042f, 0.010f};
  look.leaf_light = {0.115f, 0.30f, 0.035f};
  look.leaf_other = {0.18f, 0.34f, 0.05f};
  look.plant_light = {0.13f, 0.36f, 0.045f};
  look.plants = 0.95f;
  look.cover = 1;
  look.moss = 1;
  look.canopy = 0.75f;
  look.haze = 1.5f;
  return look;
}

ForestLook bamboo() {
  ForestLook look = broadleaf();
  look.cell_m = 1.6f;
  look.absent = 0.08f;
  look.young = 0;
  look.radius_m = 0.034f;
  look.radius_span_m = 0.04f;
  look.flare = 0.0f;
  look.lean = 0.035f;
  look.height_m = 13;
  look.height_span_m = 4;
  look.crown_base_m = 4.2f;
  look.crown_base_span_m = 3;
  look.crown_radius_m = 1.02f;
  look.foliage = Foliage::kBamboo;
  look.bark = Bark::kCulm;
  look.bark_dark = {0.055f, 0.12f, 0.025f};
  look.bark_light = {0.30f, 0.42f, 0.10f};
  look.moss = 0;
  look.leaf_dark = {0.030f, 0.085f, 0.012f};
  look.leaf_light = {0.27f, 0.42f, 0.06f};
  look.leaf_other = {0.40f, 0.46f, 0.09f};
  look.litter_one = {0.42f, 0.34f, 0.17f};
  look.litter_two = {0.27f, 0.20f, 0.09f};
  look.litter = 0.6f;
  look.plants = 0.12f;
  look.cover = 0.25f;
  look.canopy = 0.72f;
  return look;
}

ForestLook by_variant(std::string_view variant) {
  if (variant == "sequoia" || variant == "redwood") return sequoia();
  if (variant == "broadleaf" || variant == "oak" || variant == "beech" || variant == "autumn") {
    return broadleaf();
  }
  if (variant == "birch") return birch();
  if (variant == "bamboo") return bamboo();
  if (variant == "jungle" || variant == "rainforest") return jungle();
  if (variant == "conifer" || variant == "pine" || variant == "fir" || variant == "spruce") {
    return conifer();
  }
  return sequoia();
}

}  // namespace

ForestLook forest_look(const Environment& environment) {
  const std::string_view variant = environment.biome_variant;
  const bool winter = variant == "winter" || variant == "snow";
  ForestLook look = winter ? conifer() : by_variant(variant);
  if (variant == "autumn" || environment.season == Season::kAutumn) turn_to_autumn(look);
  if (environment.season == Season::kSpring) turn_to_spring(look);
  if (winter || environment.season == Season::kWinter || environment.weather == Weather::kSnow) {
    turn_to_winter(look);
  }
  for (const std::string& name : environment.excluded) {
    if (name == "fern" || name == "plant" || name == "bush" || name == "grass") look.plants = 0;
    if (name == "leaf" || name == "leaves") look.litter = 0;
    if (name == "snow") look.snow = 0;
    if (name == "moss") look.moss = look.cover = 0;
    if (name == "tree") look.absent = 2;
    if (name == "fog" || name == "mist" || name == "haze") look.haze = 0.4f;
  }
  return look;
}

}  // namespace rushes::previz
