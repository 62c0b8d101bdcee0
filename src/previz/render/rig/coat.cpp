#include "previz/render/rig/coat.h"

#include <algorithm>

namespace rushes::previz {
namespace {

float luminance(Point c) { return c.x * 0.2126f + c.y * 0.7152f + c.z * 0.0722f; }

Point scaled_to(Point hue, float target) {
  const float own = std::max(luminance(hue), 0.02f);
  const Point c = hue * (target / own);
  return {std::min(c.x, 0.9f), std::min(c.y, 0.9f), std::min(c.z, 0.9f)};
}

}  // namespace

Point to_linear(Colour colour) {
  const auto channel = [](float v) {
    v = exact::saturate(v);
    return v <= 0.04045f ? v / 12.92f : exact::pow((v + 0.055f) / 1.055f, 2.4f);
  };
  return {channel(colour.red), channel(colour.green), channel(colour.blue)};
}

Coat recoloured(const Coat& natural, const std::vector<Colour>& colours) {
  Coat coat = natural;
  if (colours.empty()) return coat;
  // Fur is never as white or as black as paint.
  const Point main = to_linear(colours[0]) * 0.80f + Point{0.012f, 0.011f, 0.010f};
  const float level = luminance(main);
  coat.flank = main;
  coat.back = scaled_to(main, level * 0.84f);
  coat.belly = mix(main, Point{0.86f, 0.84f, 0.80f}, level > 0.08f ? 0.35f : 0.06f);
  if (colours.size() > 1) {
    coat.marking = to_linear(colours[1]) * 0.80f + Point{0.012f, 0.011f, 0.010f};
    // "a black and white cat" has patches, not stripes.
    if (natural.pattern == Pattern::kTabby) coat.pattern = Pattern::kPatches;
  } else if (natural.pattern == Pattern::kTabby || natural.pattern == Pattern::kPatches) {
    // Stripes of the same hue, darker; on a dark coat hardly to be seen, as in life.
    coat.marking = scaled_to(main, level * 0.42f);
  }
  const bool own_socks = natural.pattern == Pattern::kRaccoon || natural.pattern == Pattern::kFox ||
                         natural.pattern == Pattern::kHorse || natural.pattern == Pattern::kWool;
  if (!own_socks) coat.sock = scaled_to(main, level * 0.9f);
  return coat;
}

}  // namespace rushes::previz
