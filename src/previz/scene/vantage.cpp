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

// In at the edge of the trees, the trail leading the eye to where the light is.
Vantage forest_vantage(bool upright) {
  Vantage v;
  v.position = {-0.6f, 1.5f, -4.5f};
  v.target = {3.4f, upright ? 4.6f : 3.1f, 12};
  v.drift = {0.16f, 0.01f, 0.42f};
  v.tan_half_fov = upright ? 0.56f : 0.48f;
  return v;
}

// A share of the way from straight ahead (+z) towards a low sun, so that it stands in the picture.
float towards_low_sun(const Environment& environment, float share) {
  const Point sun = environment.to_sun;
  if (sun.z <= 0.2f || sun.y > 0.4f) return 0;
  return share * sun.x / sun.z;
}

// Between the palms, a little above the sand, the breakers across the frame.
Vantage beach_vantage(const Environment& environment, bool upright) {
  Vantage v;
  if (environment.biome_variant == "desert" || environment.biome_variant == "dunes") {
    // Above the first crest, so that the others line up behind it.
    v.position = {-3, 5.0f, -8};
    v.target = {3, upright ? 5.6f : 4.4f, 14};
    v.drift = {0.5f, 0.04f, 0.9f};
    return v;
  }
  v.position = {-2.2f, 2.3f, -5};
  const float ahead = 20;
  const float aside =
      upright ? towards_low_sun(environment, 0.9f) : 0.06f + towards_low_sun(environment, 0.35f);
  v.target = v.position + Point{aside * ahead, upright ? 0.9f : 0.1f, ahead};
  v.drift = {0.30f, 0.03f, 0.12f};
  v.tan_half_fov = upright ? 0.52f : 0.47f;
  return v;
}

// Low over the waves, horizon on the upper third.
Vantage sea_vantage(const Environment& environment, bool upright) {
  Vantage v;
  v.position = {0, environment.weather == Weather::kStorm ? 3.4f : 1.9f, -8};
  const float ahead = 20;
  const float aside = towards_low_sun(environment, upright ? 0.95f : 0.5f);
  v.target = v.position + Point{aside * ahead, upright ? 0.8f : -0.9f, ahead};
  v.drift = {0.2f, 0, 1.6f};
  return v;
}

}  // namespace

Vantage landscape_vantage(const Environment& environment, bool upright) {
  switch (environment.biome) {
    case Biome::kField: return field_vantage(upright);
    case Biome::kMountain: return mountain_vantage(upright);
    case Biome::kForest: return forest_vantage(upright);
    case Biome::kBeach: return beach_vantage(environment, upright);
    case Biome::kSea: return sea_vantage(environment, upright);
  }
  return stage_vantage(upright);
}

}  // namespace rushes::previz
