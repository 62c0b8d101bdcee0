#include "previz/render/post.h"

#include <algorithm>

#include "previz/render/scene.h"
#include "previz/render/simd/targets.h"
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "previz/render/post.cpp"
#include <hwy/foreach_target.h>

#include "previz/render/simd/noise-inl.h"

HWY_BEFORE_NAMESPACE();
namespace rushes::previz::HWY_NAMESPACE {
namespace {

// Rational fit of the ACES filmic curve, then display gamma (a cheap, exact stand-in for 1/2.2).
HWY_INLINE Float film_curve(Float v) {
  v = max(v, 0.0f);
  v = (v * (2.51f * v + 0.03f)) / (v * (2.43f * v + 0.59f) + 0.14f);
  const Float root = sqrt(saturate(v));
  return root * (1.0f + (1.0f - root) * 0.10f);
}

// The looks, on display values 0..1. `x`, `y` are picture coordinates -1..1.
HWY_INLINE Vec3 grade(Grade look, Vec3 c, Int column, int row) {
  const Float grey = luminance(c);
  switch (look) {
    case Grade::kFilm: {
      // A gentle S, shadows a little cool, lights a little warm.
      const Vec3 curved = mix(c, c * c * (Vec3(Float(3.0f)) - c * 2.0f), 0.30f);
      const Float l = luminance(curved);
      const Vec3 vivid = mix(Vec3(l), curved, 1.10f);
      return vivid * mix(Vec3(0.97f, 1.0f, 1.035f), Vec3(1.02f, 1.0f, 0.975f), saturate(l * 1.4f));
    }
    case Grade::kNoir: {
      const Float l = grey * grey * (3.0f - 2.0f * grey);
      return Vec3(l * 0.98f, l, l * 1.015f);
    }
    case Grade::kAnime: {
      const Vec3 vivid = mix(Vec3(grey), c, 1.42f);
      const Float steps = grey * 9.0f, whole = floor(steps);
      const Float flat = (whole + smoothstep(0.30f, 0.70f, steps - whole)) * (1.0f / 9.0f);
      return vivid * ((flat * 0.65f + grey * 0.35f) / max(grey, 0.02f) * 1.05f) +
             Vec3(0.02f, 0.02f, 0.035f);
    }
    case Grade::kVintage: {
      const Vec3 faded = mix(Vec3(grey), c, 0.62f);
      return Vec3(faded.x * 0.90f + 0.085f, faded.y * 0.85f + 0.065f, faded.z * 0.70f + 0.075f);
    }
    case Grade::kNeon: {
      const Vec3 vivid = mix(Vec3(grey), c, 1.35f);
      const Vec3 split = mix(Vec3(0.72f, 0.70f, 1.32f), Vec3(1.18f, 0.92f, 1.12f), grey);
      const Vec3 dark = vivid * split;
      return mix(dark * dark, dark, 0.62f);
    }
    case Grade::kWatercolour: {
      const Float x = to_float(column), y(static_cast<float>(row));
      const Float wash = fbm2(x * 0.012f, y * 0.012f, 3) - 0.44f;
      const Float paper = noise2(x * 0.55f, y * 0.55f) - 0.5f;
      const Vec3 pale = mix(Vec3(0.97f, 0.955f, 0.92f), mix(Vec3(grey), c, 1.15f), 0.74f);
      return pale * (1.0f + wash * 0.22f + paper * 0.045f);
    }
  }
  return c;
}

struct Look {
  float vignette, grain;
};

Look look_of(Grade grade) {
  switch (grade) {
    case Grade::kFilm: return {0.16f, 0.010f};
    case Grade::kNoir: return {0.34f, 0.026f};
    case Grade::kAnime: return {0.04f, 0.0f};
    case Grade::kVintage: return {0.30f, 0.024f};
    case Grade::kNeon: return {0.24f, 0.010f};
    case Grade::kWatercolour: return {0.0f, 0.0f};
  }
  return {0.16f, 0.010f};
}

void tone_map_row(const Planes& light, const PostOptions& options, int y, uint8_t* out) {
  const int width = light.width;
  const Look look = look_of(options.grade);
  int32_t code[3][kWidestPacket] = {};
  const float vy = (static_cast<float>(y) + 0.5f) * 2.0f / static_cast<float>(light.height) - 1.0f;
  for (int x = 0; x < width; x += kLanes) {
    const size_t i = light.at(x, y);
    const Int column = lane_index(x);
    const Float vx = (to_float(column) + 0.5f) * (2.0f / static_cast<float>(width)) - 1.0f;
    const Float corner = (vx * vx + vy * vy) * 0.5f;
    const Float exposure =
        (1.0f - look.vignette * corner * corner * 1.6f) * (0.92f * options.exposure);
    const Vec3 linear = Vec3(load(&light.r[i]), load(&light.g[i]), load(&light.b[i])) * exposure;
    Vec3 c(film_curve(linear.x), film_curve(linear.y), film_curve(linear.z));
    c = grade(options.grade, c, column, y);
    const Mask sky = load(&light.extra[i]) >= kFarAway;
    const Float moving =
        (unit(hash3(column, y, static_cast<int>(options.frame & 0xffff))) - 0.5f) * look.grain;
    const Float fixed = (unit(hash2(column, y)) - 0.5f) * (1.0f / 255.0f);
    const Float noise = select(sky, fixed, moving);
    const Float channels[3] = {c.x, c.y, c.z};
    for (int k = 0; k < 3; ++k) {
      store(truncate(clamp((channels[k] + noise) * 255.0f + 0.5f, 0.0f, 255.0f)), code[k]);
    }
    for (int lane = 0, lanes = std::min(kLanes, width - x); lane < lanes; ++lane) {
      for (int k = 0; k < 3; ++k) *out++ = static_cast<uint8_t>(code[k][lane]);
    }
  }
}

void tone_map_all(const Planes& light, const PostOptions& options, ThreadPool& pool, Picture& out) {
  pool.for_each(light.height, [&](int y) {
    tone_map_row(light, options, y,
                 &out.rgb[static_cast<size_t>(y) * static_cast<size_t>(light.width) * 3]);
  });
}

}  // namespace
}  // namespace rushes::previz::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace rushes::previz {

HWY_EXPORT(tone_map_all);

void tone_map(const Planes& light, const PostOptions& options, ThreadPool& pool, Picture& out) {
  out.resize(light.width, light.height);
  RUSHES_DISPATCH(options.targets, tone_map_all)(light, options, pool, out);
}

int64_t post_targets() { return HWY_TARGETS; }

}  // namespace rushes::previz
#endif
