// camera_ray: from the eye through points of the picture.
#if defined(RUSHES_PREVIZ_CAMERA_RAY_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef RUSHES_PREVIZ_CAMERA_RAY_INL_H_
#undef RUSHES_PREVIZ_CAMERA_RAY_INL_H_
#else
#define RUSHES_PREVIZ_CAMERA_RAY_INL_H_
#endif

#include "previz/render/simd/vector-inl.h"
#include "previz/scene/shot.h"

HWY_BEFORE_NAMESPACE();
namespace rushes::previz::HWY_NAMESPACE {

// `x` and `y` in pixels from the upper left corner of a picture of `width` x `height`.
HWY_INLINE Ray camera_ray(const Camera& camera, int width, int height, Float x, float y) {
  const float aspect = static_cast<float>(width) / static_cast<float>(height);
  const Float sx = (x * (2.0f / static_cast<float>(width)) - 1.0f) * (aspect * camera.tan_half_fov);
  const float sy = (1.0f - y * 2.0f / static_cast<float>(height)) * camera.tan_half_fov;
  const Vec3 direction = Vec3(camera.forward + camera.up * sy) + Vec3(camera.right) * sx;
  return {Vec3(camera.position), normalize(direction)};
}

// Through the pixels (x, y), (x + 1, y), ... at the point (within_x, within_y) of each.
HWY_INLINE Ray camera_ray(const Camera& camera, int width, int height, int x, int y, float within_x,
                          float within_y) {
  return camera_ray(camera, width, height, to_float(lane_index(x)) + within_x,
                    static_cast<float>(y) + within_y);
}

}  // namespace rushes::previz::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // RUSHES_PREVIZ_CAMERA_RAY_INL_H_
