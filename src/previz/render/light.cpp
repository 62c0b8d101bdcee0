#include "previz/render/light.h"

#include <algorithm>

namespace rushes::previz {
namespace {

Point times(Point a, Point b) { return {a.x * b.x, a.y * b.y, a.z * b.z}; }
Point grey(float v) { return {v, v, v}; }

// The clear-sky palettes, by eye, after photographs of mid latitudes.
Light clear_light(TimeOfDay time) {
  Light l;
  switch (time) {
    case TimeOfDay::kDay:
      l.sun = {2.05f, 1.80f, 1.45f};
      l.ambient = {0.25f, 0.37f, 0.58f};
      l.bounce = {0.15f, 0.13f, 0.09f};
      l.zenith = {0.030f, 0.125f, 0.42f};
      l.horizon = {0.40f, 0.57f, 0.78f};
      l.horizon_sun = {0.74f, 0.74f, 0.72f};
      l.disc = {1.9f, 1.6f, 1.15f};
      l.fog = {0.36f, 0.50f, 0.70f};
      l.fog_sun = {0.74f, 0.71f, 0.65f};
      l.cloud_lit = {1.42f, 1.36f, 1.27f};
      l.cloud_shade = {0.36f, 0.46f, 0.63f};
      break;
    case TimeOfDay::kDawn:
      l.sun = {1.75f, 1.06f, 0.66f};
      l.ambient = {0.27f, 0.33f, 0.50f};
      l.bounce = {0.13f, 0.09f, 0.06f};
      l.zenith = {0.11f, 0.20f, 0.44f};
      l.horizon = {0.56f, 0.50f, 0.56f};
      l.horizon_sun = {1.20f, 0.72f, 0.46f};
      l.disc = {2.1f, 1.25f, 0.70f};
      l.fog = {0.44f, 0.46f, 0.58f};
      l.fog_sun = {1.10f, 0.74f, 0.52f};
      l.cloud_lit = {1.30f, 0.90f, 0.70f};
      l.cloud_shade = {0.34f, 0.36f, 0.50f};
      break;
    case TimeOfDay::kSunset:
      l.sun = {2.10f, 0.98f, 0.42f};
      l.ambient = {0.24f, 0.25f, 0.40f};
      l.bounce = {0.14f, 0.08f, 0.05f};
      l.zenith = {0.045f, 0.085f, 0.27f};
      l.horizon = {0.40f, 0.26f, 0.31f};
      l.horizon_sun = {1.15f, 0.46f, 0.15f};
      l.disc = {2.5f, 1.05f, 0.36f};
      l.fog = {0.27f, 0.21f, 0.30f};
      l.fog_sun = {0.86f, 0.40f, 0.20f};
      l.cloud_lit = {1.55f, 0.72f, 0.40f};
      l.cloud_shade = {0.25f, 0.22f, 0.35f};
      l.exposure = 0.86f;
      break;
    case TimeOfDay::kDusk:
      l.sun = {0.42f, 0.26f, 0.28f};
      l.ambient = {0.17f, 0.20f, 0.38f};
      l.bounce = {0.04f, 0.035f, 0.05f};
      l.zenith = {0.035f, 0.06f, 0.20f};
      l.horizon = {0.30f, 0.24f, 0.36f};
      l.horizon_sun = {0.80f, 0.38f, 0.26f};
      l.disc = {0.35f, 0.16f, 0.10f};
      l.fog = {0.19f, 0.19f, 0.31f};
      l.fog_sun = {0.52f, 0.30f, 0.30f};
      l.cloud_lit = {0.52f, 0.33f, 0.38f};
      l.cloud_shade = {0.13f, 0.14f, 0.25f};
      l.stars = 0.25f;
      break;
    case TimeOfDay::kNight:
      l.sun = {0.28f, 0.36f, 0.52f};
      l.ambient = {0.050f, 0.075f, 0.15f};
      l.bounce = {0.012f, 0.016f, 0.026f};
      l.zenith = {0.006f, 0.011f, 0.034f};
      l.horizon = {0.030f, 0.048f, 0.098f};
      l.horizon_sun = {0.060f, 0.085f, 0.145f};
      l.disc = {0.55f, 0.60f, 0.68f};
      l.fog = {0.026f, 0.041f, 0.082f};
      l.fog_sun = {0.060f, 0.085f, 0.14f};
      l.cloud_lit = {0.20f, 0.25f, 0.36f};
      l.cloud_shade = {0.022f, 0.030f, 0.058f};
      l.stars = 1;
      break;
  }
  l.fog_density = 0.00020f;
  return l;
}

// Pulls the palette towards the even grey of an overcast sky; 1 is a closed cover.
void overcast(Light& l, float amount) {
  const float level = l.horizon.y * 0.62f + l.ambient.y * 0.25f;
  const Point lid = Point{0.94f, 1.0f, 1.09f} * (level * (1.0f - 0.22f * amount));
  l.zenith = mix(l.zenith, lid * 0.78f, amount);
  l.horizon = mix(l.horizon, lid * 1.08f, amount);
  l.horizon_sun = mix(l.horizon_sun, lid * 1.22f, amount);
  l.fog = mix(l.fog, lid * 1.02f, amount);
  l.fog_sun = mix(l.fog_sun, lid * 1.14f, amount);
  l.ambient = mix(l.ambient, lid * 1.05f, amount);
  l.bounce = mix(l.bounce, lid * 0.16f, amount);
  l.sun = l.sun * (1.0f - 0.80f * amount);
  l.disc = l.disc * (1.0f - 0.96f * amount);
  l.cloud_lit = mix(l.cloud_lit, lid * 1.30f, amount);
  l.cloud_shade = mix(l.cloud_shade, lid * 0.62f, amount);
  l.stars *= 1.0f - amount;
  l.softness = std::max(l.softness, amount);
  l.exposure *= 1.0f + 0.05f * amount;
}

void apply_weather(Light& l, const Environment& e) {
  switch (e.weather) {
    case Weather::kClear: break;
    case Weather::kCloudy: overcast(l, 0.45f); break;
    case Weather::kRain:
      overcast(l, 0.88f);
      l.fog_density += 0.0011f;
      l.wetness = 1;
      break;
    case Weather::kSnow:
      overcast(l, 0.80f);
      l.fog_density += 0.0016f;
      l.snow = 1;
      break;
    case Weather::kStorm: {
      overcast(l, 1.0f);
      // By day a storm takes half the light; a night has none to spare.
      const bool dark = e.time == TimeOfDay::kNight || e.time == TimeOfDay::kDusk;
      const Point dimmed = dark ? Point{0.86f, 0.93f, 1.04f} : Point{0.52f, 0.57f, 0.66f};
      for (Point* colour : {&l.zenith, &l.horizon, &l.horizon_sun, &l.fog, &l.fog_sun, &l.ambient,
                            &l.cloud_lit, &l.cloud_shade, &l.sun}) {
        *colour = times(*colour, dimmed);
      }
      l.fog_density += 0.0012f;
      l.wetness = 1;
      break;
    }
    case Weather::kFog:
      overcast(l, 0.62f);
      l.fog_density += 0.012f;
      break;
  }
}

}  // namespace

Light make_light(const Environment& e) {
  Light l = clear_light(e.time);
  l.to_sun = normalize(e.to_sun);
  l.cloud_cover = exact::saturate(e.cloud_amount);
  apply_weather(l, e);
  if (e.weather != Weather::kClear) l.cloud_cover = std::max(l.cloud_cover, 0.7f);
  l.fog_density += 0.02f * e.fog_amount * e.fog_amount;
  // The eye opens up for a night without a moon.
  if (e.time == TimeOfDay::kNight) l.exposure *= 1.0f + 0.9f * l.softness;
  if (e.season == Season::kWinter) l.snow = std::max(l.snow, 0.85f);
  if (excludes(e, "snow")) l.snow = 0;
  // Snow throws light back up.
  l.bounce = mix(l.bounce, times(l.sun, grey(0.30f)) + l.ambient * 0.35f, l.snow * 0.8f);
  return l;
}

bool excludes(const Environment& e, std::string_view thing) {
  return std::find(e.excluded.begin(), e.excluded.end(), thing) != e.excluded.end();
}

}  // namespace rushes::previz
