// CloudLayer: the volumetric clouds of a biome, marched once per frame at half resolution and laid
// over the averaged picture with care for edges.
#if defined(RUSHES_PREVIZ_CLOUD_LAYER_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef RUSHES_PREVIZ_CLOUD_LAYER_INL_H_
#undef RUSHES_PREVIZ_CLOUD_LAYER_INL_H_
#else
#define RUSHES_PREVIZ_CLOUD_LAYER_INL_H_
#endif

#include <algorithm>
#include <cmath>
#include <optional>

#include "previz/render/camera_ray-inl.h"
#include "previz/render/picture.h"
#include "previz/render/scene.h"
#include "previz/render/simd/noise-inl.h"
#include "previz/render/threads.h"

HWY_BEFORE_NAMESPACE();
namespace rushes::previz::HWY_NAMESPACE {

// What a cloud adds to a ray and what it lets through.
struct CloudLight {
  Vec3 light;
  Float transmittance;
  HWY_INLINE CloudLight() : light(Float(0.0f)), transmittance(1.0f) {}
};

class CloudLayer {
 public:
  // `surfaces.extra` holds the distance of what stands behind the clouds.
  template <class BiomeModel>
  void render(const BiomeModel& biome, const Moment& now, const Planes& surfaces,
              ThreadPool& pool) {
    visible_ = biome.clouds_enabled();
    if (!visible_) return;
    const int width = (surfaces.width + 1) / 2, height = (surfaces.height + 1) / 2;
    if (!raw_ || raw_->width != width || raw_->height != height) {
      raw_.emplace(width, height);
      smooth_.emplace(width, height);
      depth_.assign(raw_->r.size(), 0.0f);
    }
    pool.for_each(height, [&](int y) HWY_ATTR { render_row(biome, now, surfaces, y); });
    pool.for_each(height, [&](int y) { smooth_row(y); });
  }

  void composite(Planes& picture, ThreadPool& pool) const {
    if (!visible_) return;
    pool.for_each(picture.height, [&](int y) HWY_ATTR { composite_row(picture, y); });
  }

  // What the clouds let through at a pixel of the full-size picture, 0..1.
  float transmittance(int x, int y) const {
    return visible_ ? smooth_->extra[smooth_->at(x / 2, y / 2)] : 1.0f;
  }

 private:
  // Dither that changes fast from pixel to pixel and not at all from frame to frame, so the steps
  // of the march melt together without crawling.
  static HWY_INLINE Float dither(int x, int y) {
    return fract(52.9829189f * fract(to_float(lane_index(x)) * 0.06711056f +
                                     static_cast<float>(y) * 0.00583715f));
  }

  template <class BiomeModel>
  void render_row(const BiomeModel& biome, const Moment& now, const Planes& surfaces, int y) {
    Planes& out = *raw_;
    const int source_y = std::min(surfaces.height - 1, y * 2);
    const float* source = &surfaces.extra[surfaces.at(0, source_y)];
    for (int x = 0; x < out.width; x += kLanes) {
      const Int column = min(lane_index(x) * 2, surfaces.width - 1);
      const Float distance = gather(source, column);
      // The ray of the full-size pixel whose distance was taken.
      const Ray ray = camera_ray(now.camera, (surfaces.width + 1) / 2, (surfaces.height + 1) / 2, x,
                                 y, 0.25f, 0.25f);
      const CloudLight c = biome.clouds(ray, distance, dither(x, y));
      const size_t i = out.at(x, y);
      store(c.light.x, &out.r[i]);
      store(c.light.y, &out.g[i]);
      store(c.light.z, &out.b[i]);
      store(c.transmittance, &out.extra[i]);
      store(distance, &depth_[i]);
    }
  }

  // 3x3 tent over neighbours at a similar depth: hides the dither, keeps the skyline.
  void smooth_row(int y) {
    const Planes& from = *raw_;
    for (int x = 0; x < from.width; ++x) {
      const size_t centre = from.at(x, y);
      float weights = 0, r = 0, g = 0, b = 0, extra = 0;
      for (int dy = -1; dy <= 1; ++dy) {
        for (int dx = -1; dx <= 1; ++dx) {
          const int nx = std::clamp(x + dx, 0, from.width - 1);
          const int ny = std::clamp(y + dy, 0, from.height - 1);
          const size_t i = from.at(nx, ny);
          const float tent = static_cast<float>((2 - std::abs(dx)) * (2 - std::abs(dy)));
          const float w = tent * closeness(depth_[centre], depth_[i]);
          weights += w;
          r += from.r[i] * w;
          g += from.g[i] * w;
          b += from.b[i] * w;
          extra += from.extra[i] * w;
        }
      }
      const float scale = 1.0f / weights;
      smooth_->r[centre] = r * scale;
      smooth_->g[centre] = g * scale;
      smooth_->b[centre] = b * scale;
      smooth_->extra[centre] = extra * scale;
    }
  }

  // 1 for the same surface, small for another one.
  static float closeness(float a, float b) {
    return 1.0f / (1.0f + 60.0f * std::fabs(a - b) / (a + b + 1.0f));
  }
  static HWY_INLINE Float closeness(Float a, Float b) {
    return 1.0f / (1.0f + 60.0f * abs(a - b) / (a + b + 1.0f));
  }

  // Bilinear between the four half-size neighbours, weighted by how well their depth agrees.
  void composite_row(Planes& picture, int y) const {
    const Planes& from = *smooth_;
    const int y0 = std::min(y / 2, from.height - 1), y1 = std::min(y0 + (y & 1), from.height - 1);
    const float ty = (y & 1) ? 0.5f : 0.0f;
    for (int x = 0; x < picture.width; x += kLanes) {
      const Int column = lane_index(x);
      const Int x0 = min(shift_right_logical<1>(column), from.width - 1);
      const Int x1 = min(x0 + (column & 1), from.width - 1);
      const Float tx = to_float(column & 1) * 0.5f;
      const size_t i = picture.at(x, y);
      const Float distance = load(&picture.extra[i]);
      const Int row0(static_cast<int>(from.at(0, y0))), row1(static_cast<int>(from.at(0, y1)));
      const Int at[4] = {row0 + x0, row0 + x1, row1 + x0, row1 + x1};
      const Float bilinear[4] = {(1.0f - tx) * (1.0f - ty), tx * (1.0f - ty), (1.0f - tx) * ty,
                                 tx * ty};
      Float weights(1e-6f), transmittance(1e-6f);
      Vec3 light{Float(0.0f)};
      for (int k = 0; k < 4; ++k) {
        const Float w = bilinear[k] * closeness(distance, gather(depth_.data(), at[k]));
        weights += w;
        transmittance += w * gather(from.extra.data(), at[k]);
        light = light + Vec3(gather(from.r.data(), at[k]), gather(from.g.data(), at[k]),
                             gather(from.b.data(), at[k])) *
                            w;
      }
      const Float scale = 1.0f / weights;
      transmittance = transmittance * scale;
      store(multiply_add(load(&picture.r[i]), transmittance, light.x * scale), &picture.r[i]);
      store(multiply_add(load(&picture.g[i]), transmittance, light.y * scale), &picture.g[i]);
      store(multiply_add(load(&picture.b[i]), transmittance, light.z * scale), &picture.b[i]);
    }
  }

  bool visible_ = false;
  std::optional<Planes> raw_, smooth_;
  std::vector<float> depth_;
};

}  // namespace rushes::previz::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // RUSHES_PREVIZ_CLOUD_LAYER_INL_H_
