#include "previz/stage/environment.h"

#include <algorithm>
#include <string_view>

namespace rushes::previz {
namespace {

// Without a subject the landscape is lit from where it is most beautiful: from the side by day,
// from behind the horizon when the sun is low, so that it stands in the picture.
Point sun_over_landscape(TimeOfDay time) {
  switch (time) {
    case TimeOfDay::kDay: return {-0.75f, 0.40f, 0.30f};
    case TimeOfDay::kDawn: return {-0.80f, 0.22f, 0.50f};
    case TimeOfDay::kSunset: return {0.45f, 0.13f, 0.88f};
    case TimeOfDay::kDusk: return {0.50f, 0.04f, 0.86f};
    case TimeOfDay::kNight: return {-0.45f, 0.50f, 0.62f};
  }
  return {0, 1, 0};
}

// Key light from the front side of somebody who looks to the right; a low sun comes from the side
// and a little from behind, which draws a rim around the fur and still reaches the face.
Point sun_on_subject(TimeOfDay time) {
  switch (time) {
    case TimeOfDay::kDay: return {0.52f, 0.62f, -0.30f};
    case TimeOfDay::kDawn: return {0.82f, 0.24f, 0.16f};
    case TimeOfDay::kSunset: return {0.84f, 0.16f, 0.20f};
    case TimeOfDay::kDusk: return {0.80f, 0.06f, 0.30f};
    case TimeOfDay::kNight: return {0.50f, 0.55f, -0.20f};
  }
  return {0, 1, 0};
}

bool excludes(const SceneIR& scene, std::string_view name) {
  return std::ranges::find(scene.excluded, name) != scene.excluded.end();
}

float wind_of(const SceneIR& scene) {
  if (excludes(scene, "wind")) return 0;
  switch (scene.weather) {
    case Weather::kStorm: return 3;
    case Weather::kRain: return 1.3f;
    case Weather::kSnow: return 0.7f;
    case Weather::kFog: return 0.3f;
    case Weather::kClear:
    case Weather::kCloudy: break;
  }
  return scene.mood == "calm" || scene.mood == "peaceful" ? 0.5f : 1.0f;
}

float fog_of(const SceneIR& scene) {
  float weather = 0;
  switch (scene.weather) {
    case Weather::kFog: weather = 0.7f; break;
    case Weather::kSnow: weather = 0.3f; break;
    case Weather::kRain:
    case Weather::kStorm: weather = 0.25f; break;
    case Weather::kClear:
    case Weather::kCloudy: break;
  }
  return exact::saturate(std::max(scene.fog_amount, weather));
}

float clouds_of(const SceneIR& scene) {
  switch (scene.weather) {
    case Weather::kCloudy: return std::max(scene.cloud_amount, 0.7f);
    case Weather::kRain:
    case Weather::kSnow: return std::max(scene.cloud_amount, 0.85f);
    case Weather::kStorm: return 1;
    case Weather::kClear:
    case Weather::kFog: break;
  }
  return exact::saturate(scene.cloud_amount);
}

}  // namespace

Environment environment_of(const SceneIR& scene, float facing) {
  Environment environment;
  environment.biome = scene.biome;
  environment.biome_variant = scene.biome_variant;
  environment.time = scene.time;
  environment.weather = scene.weather;
  environment.season = scene.season;
  environment.grade = scene.grade;
  environment.mood = scene.mood;
  environment.cloud_amount = clouds_of(scene);
  environment.fog_amount = fog_of(scene);
  Point sun = sun_over_landscape(scene.time);
  if (facing != 0) {
    sun = sun_on_subject(scene.time);
    sun.x *= facing;
  }
  // A sun or moon that must not be seen stands behind the camera.
  if (excludes(scene, scene.time == TimeOfDay::kNight ? "moon" : "sun") && sun.z > 0)
    sun.z = -sun.z;
  environment.to_sun = normalize(sun);
  environment.wind = wind_of(scene);
  environment.excluded = scene.excluded;
  return environment;
}

}  // namespace rushes::previz
