// ForestLook: a kind of forest as data: how its trees stand, what bark, leaves and floor look like.
// Computed once per shot from the Environment; read by forest.cpp only. Colours are linear albedo.
#pragma once

#include "previz/math/vector.h"
#include "previz/scene/shot.h"

namespace rushes::previz {

enum class Bark { kFibre, kPlates, kSmooth, kBirch, kCulm };
enum class Foliage { kNeedles, kLeaves, kBamboo, kBare };

struct ForestLook {
  // Trees: at most one in each cell of a grid.
  float cell_m = 8;
  float absent = 0.1f;  // share of empty cells
  float young = 0.25f;  // share of cells that hold a slim tree with a low crown
  float radius_m = 0.5f, radius_span_m = 1.1f;
  float flare = 0.8f;  // how much wider the foot is, in radii
  float lean = 0.02f;
  float height_m = 40, height_span_m = 10;
  float crown_base_m = 9, crown_base_span_m = 6;
  float crown_radius_m = 2.6f;
  Foliage foliage = Foliage::kNeedles;
  Bark bark = Bark::kFibre;
  Point bark_dark, bark_light;
  float moss = 0.7f;
  Point leaf_dark, leaf_light, leaf_other;  // leaf_other: the hue of some trees

  // The floor.
  Point soil_dark, soil_light;
  Point litter_one, litter_two;  // fallen leaves
  float litter = 0;              // 0 needles and earth .. 1 covered with leaves
  Point plant_dark, plant_light;
  float plants = 0.7f;  // share of cells with a fern or a tuft
  float cover = 0.5f;   // moss and low green on the mounds

  float canopy = 0.6f;  // how much of the sky the leaves close
  float haze = 1;       // of the air between the trunks
  float snow = 0;       // on the floor and on branches
};

ForestLook forest_look(const Environment& environment);

}  // namespace rushes::previz
