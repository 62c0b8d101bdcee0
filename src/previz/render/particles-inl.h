// Particles: rain and snow, drawn over the finished surfaces with a depth test; shared by all
// biomes.
//
// The air before the camera is a stack of layers at fixed distances. Each layer is a grid of cells
// that falls with the wind; a cell holds one drop or flake. Looking one up is a hash, so a frame
// needs no list of particles and can be made alone.
#if defined(RUSHES_PREVIZ_PARTICLES_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef RUSHES_PREVIZ_PARTICLES_INL_H_
#undef RUSHES_PREVIZ_PARTICLES_INL_H_
#else
#define RUSHES_PREVIZ_PARTICLES_INL_H_
#endif

#include "previz/render/scene.h"
#include "previz/render/simd/noise-inl.h"

HWY_BEFORE_NAMESPACE();
namespace rushes::previz::HWY_NAMESPACE {

class Particles {
 public:
  explicit Particles(const SceneSetup& setup)
      : weather_(setup.shot.environment.weather),
        wind_(setup.shot.environment.wind),
        colour_(setup.light.ambient * 0.55f + setup.light.fog * 0.75f) {}

  void draw(const FramePlan& plan, Planes& light, ThreadPool& pool) const {
    const bool rain = weather_ == Weather::kRain || weather_ == Weather::kStorm;
    if (!rain && weather_ != Weather::kSnow) return;
    const Moment& now = plan.samples.front();
    pool.for_each(light.height, [&](int y) HWY_ATTR {
      for (int x = 0; x < light.width; x += kLanes) {
        const size_t i = light.at(x, y);
        const Float distance = load(&light.extra[i]);
        const Float amount = saturate(rain ? rain_at(now, light, x, y, distance)
                                           : snow_at(now, light, x, y, distance));
        store(mix(load(&light.r[i]), colour_.x, amount), &light.r[i]);
        store(mix(load(&light.g[i]), colour_.y, amount), &light.g[i]);
        store(mix(load(&light.b[i]), colour_.z, amount), &light.b[i]);
      }
    });
  }

 private:
  // Picture coordinates in units of the picture's half height, moved against the camera so that
  // the layer at `distance` metres stands in the world.
  struct Place {
    Float u, v;
  };
  static Place place(const Moment& now, const Planes& p, int x, int y, float distance) {
    const float half = static_cast<float>(p.height) * 0.5f;
    const Camera& c = now.camera;
    const float metres = distance * c.tan_half_fov;  // half the picture's height, there
    const float pan = exact::atan2(c.forward.x, c.forward.z) * distance;
    const Float u =
        (to_float(lane_index(x)) + 0.5f - static_cast<float>(p.width) * 0.5f) * (metres / half);
    const float v = (half - static_cast<float>(y) - 0.5f) * (metres / half);
    return {u + dot(c.position, c.right) + pan, Float(v + c.position.y + c.forward.y * distance)};
  }

  Float rain_at(const Moment& now, const Planes& p, int x, int y, Float surface) const {
    const bool storm = weather_ == Weather::kStorm;
    Float sum(0.0f);
    float distance = 1.6f;
    for (int layer = 0; layer < 7; ++layer, distance *= 1.6f) {
      const Place at = place(now, p, x, y, distance);
      const float slant = 0.05f + 0.09f * wind_;
      const float fall = now.seconds * 8.5f;
      const Float u = (at.u + at.v * slant) * (30.0f / (0.55f + 0.13f * distance));
      const Float column = floor(u);
      const Int h = hash2(truncate(column), 31 * layer + 7);
      const Float v = (at.v + fall) * 0.80f + unit(h) * 9.0f;
      const Float row = floor(v);
      const Int drop = hash3(truncate(column), truncate(row), layer);
      const Float across = (u - column - 0.5f + (unit(drop) - 0.5f) * 0.6f) * 6.0f;
      const Float along = v - row;
      const Float streak = saturate(1.0f - across * across) * smoothstep(0.0f, 0.5f, along) *
                           smoothstep(1.0f, 0.7f, along);
      const Float present =
          select(unit(drop * 747796405 + 3) < (storm ? 0.60f : 0.42f), 1.0f, 0.0f);
      const Float before = select(surface > distance, 1.0f, 0.0f);
      sum += streak * present * before * (0.125f / (1.0f + 0.06f * distance));
    }
    return sum;
  }

  Float snow_at(const Moment& now, const Planes& p, int x, int y, Float surface) const {
    Float sum(0.0f);
    float distance = 1.2f;
    const float pixel = 2.0f * now.camera.tan_half_fov / static_cast<float>(p.height);
    for (int layer = 0; layer < 8; ++layer, distance *= 1.5f) {
      const Place at = place(now, p, x, y, distance);
      const float cell = 0.09f + 0.058f * distance;
      const float sway = exact::sin(now.seconds * 1.3f + static_cast<float>(layer) * 2.1f) * 0.10f;
      const Float u = (at.u - now.seconds * wind_ * 0.8f + sway) * (1.0f / cell);
      const Float v =
          (at.v + now.seconds * (1.0f + 0.1f * static_cast<float>(layer & 3))) * (1.0f / cell);
      const Float column = floor(u), row = floor(v);
      const Int flake = hash3(truncate(column), truncate(row), layer + 101);
      const Float du = u - column - (0.3f + 0.4f * unit(flake));
      const Float dv = v - row - (0.3f + 0.4f * unit(flake * 747796405 + 3));
      const Float radius = max((0.006f + 0.009f * unit(flake * 277803737 + 1)) * (1.0f / cell),
                               pixel * distance / cell);
      const Float soft = saturate(1.35f - sqrt(du * du + dv * dv) / radius);
      const Float before = select(surface > distance, 1.0f, 0.0f);
      sum += soft * before * 0.75f;
    }
    return sum;
  }

  const Weather weather_;
  const float wind_;
  const Point colour_;
};

}  // namespace rushes::previz::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // RUSHES_PREVIZ_PARTICLES_INL_H_
