// Light: the palette of a place at a time of day in a weather. Plain numbers, computed once per
// shot from the Environment, read by every biome and actor, so that all of them live in one light.
// All colours are linear; a white wall in full sun has about 1.7 before the tone curve, sky
// 0.3-0.8.
#pragma once

#include <string_view>

#include "previz/math/vector.h"
#include "previz/scene/shot.h"

namespace rushes::previz {

struct Light {
  Point to_sun;           // unit; towards the moon at night
  Point sun;              // light that falls on a surface facing the sun, times albedo = radiance
  Point ambient;          // from the sky dome, on an upward surface
  Point bounce;           // from sunlit ground, on a downward surface
  Point zenith, horizon;  // sky gradient
  Point horizon_sun;      // horizon in the sun's direction
  Point disc;             // radiance added by the disc of sun or moon and its glow
  Point fog, fog_sun;     // what distance fades to: away from and towards the sun
  Point cloud_lit, cloud_shade;  // of any cloud, cirrus to cumulus
  float fog_density = 0;         // per metre, at the ground
  float cloud_cover = 0;         // 0 clear .. 1 overcast
  float stars = 0;               // 0..1
  float wetness = 0;             // 0 dry .. 1 soaked ground
  float snow = 0;                // 0 none .. 1 everything white
  float exposure = 1;            // for the tone curve
  float softness = 0;            // 0 hard sun shadows .. 1 none (overcast)
};

Light make_light(const Environment& environment);

// Whether the prompt asked to leave `thing` out ("tree", "snow").
bool excludes(const Environment& environment, std::string_view thing);

}  // namespace rushes::previz
