// ForestShafts: the sunlit haze between the eye and every depth, for a whole picture. Computed once
// per sample on a coarse grid of rays and depths, and read back smoothly, so that a pixel costs
// four looks instead of a march and shows no noise.
#if defined(RUSHES_PREVIZ_FOREST_SHAFTS_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef RUSHES_PREVIZ_FOREST_SHAFTS_INL_H_
#undef RUSHES_PREVIZ_FOREST_SHAFTS_INL_H_
#else
#define RUSHES_PREVIZ_FOREST_SHAFTS_INL_H_
#endif

#include <algorithm>
#include <cstdint>
#include <vector>

#include "previz/render/biome/forest_light-inl.h"
#include "previz/render/camera_ray-inl.h"
#include "previz/render/scene.h"

HWY_BEFORE_NAMESPACE();
namespace rushes::previz::HWY_NAMESPACE {

class ForestShafts {
 public:
  ForestShafts(const SceneSetup& setup, const ForestLight& light)
      : pool_(setup.pool), light_(light) {}

  void set_moment(const Moment& now) {
    if (!light_.has_shafts()) return;
    const Camera& c = now.camera;
    const float aspect = static_cast<float>(now.width) / static_cast<float>(now.height);
    right_ = c.right * (1.0f / (c.tan_half_fov * aspect));
    up_ = c.up * (1.0f / c.tan_half_fov);
    forward_ = c.forward;
    const float shorter = static_cast<float>(std::min(now.width, now.height));
    columns_ = static_cast<int>(static_cast<float>(now.width) / shorter * kShorter + 0.5f);
    rows_ = static_cast<int>(static_cast<float>(now.height) / shorter * kShorter + 0.5f);
    pitch_ = (columns_ + 1 + kWidestPacket - 1) / kWidestPacket * kWidestPacket;
    layer_ = pitch_ * (rows_ + 1);
    sums_.resize(static_cast<size_t>(layer_) * kDepths);
    pool_.for_each(rows_ + 1, [&](int row) HWY_ATTR {
      for (int column = 0; column <= columns_; column += kLanes) march(c, column, row);
    });
  }

  // The light that the haze before `depth` throws into the eye.
  Vec3 operator()(const Ray& ray, Float depth) const {
    if (!light_.has_shafts()) return Vec3(Float(0.0f));
    const Vec3 d = ray.direction;
    const Float ahead = 0.5f / max(dot(d, Vec3(forward_)), 1e-3f);
    const Float u = clamp((0.5f + dot(d, Vec3(right_)) * ahead) * static_cast<float>(columns_),
                          0.0f, static_cast<float>(columns_) - 0.001f);
    const Float v = clamp((0.5f - dot(d, Vec3(up_)) * ahead) * static_cast<float>(rows_), 0.0f,
                          static_cast<float>(rows_) - 0.001f);
    const Float w = min(depth, ForestLight::kShaftReach) *
                    (static_cast<float>(kDepths) / ForestLight::kShaftReach);
    const Float column = floor(u), row = floor(v), slice = min(floor(w), kDepths - 1.0f);
    const Int at = truncate(slice) * layer_ + truncate(row) * pitch_ + truncate(column);
    const Float tw = w - slice, tu = u - column;
    const Float above = mix(look(0, at, tw), look(1, at, tw), tu);
    const Float below = mix(look(pitch_, at, tw), look(pitch_ + 1, at, tw), tu);
    return light_.shaft(ray, mix(above, below, v - row) * (1.0f / 65535.0f));
  }

 private:
  static constexpr int kDepths = 23;     // a metre each
  static constexpr float kShorter = 90;  // cells across the shorter side of the picture

  // The sums up to the near and the far side of a slice share an entry, 16 bits each.
  HWY_INLINE Float look(int offset, Int at, Float share) const {
    const Int pair = gather(sums_.data() + offset, at);
    return mix(to_float(pair & 0xffff), to_float(shift_right_logical<16>(pair)), share);
  }

  void march(const Camera& camera, int column, int row) {
    const Float x = to_float(lane_index(column));
    const Ray ray = camera_ray(camera, columns_, rows_, x, static_cast<float>(row));
    constexpr float kStep = ForestLight::kShaftReach / kDepths;
    Float sum(0.0f);
    Int near(0);
    int32_t* to = &sums_[static_cast<size_t>(row * pitch_ + column)];
    for (int i = 0; i < kDepths; ++i) {
      const Float t(kStep * (static_cast<float>(i) + 0.5f));
      sum += light_.shaft_density(ray.at(t), t);
      const Int far = truncate(min(sum * (65535.0f / kDepths) + 0.5f, 65535.0f));
      store(near + shift_left<16>(far), to);
      near = far;
      to += layer_;
    }
  }

  ThreadPool& pool_;
  const ForestLight& light_;
  Point right_, up_, forward_;  // right and up reach from the middle to the edge of the picture
  int columns_ = 1, rows_ = 1, pitch_ = 0, layer_ = 0;
  std::vector<int32_t> sums_;
};

}  // namespace rushes::previz::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // RUSHES_PREVIZ_FOREST_SHAFTS_INL_H_
