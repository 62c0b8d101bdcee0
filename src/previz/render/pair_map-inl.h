// PairMap: a square map over the ground (heights, shadows), read with two gathers instead of four.
// Each entry holds its own value and its right neighbour's, 16 bits each.
#if defined(RUSHES_PREVIZ_PAIR_MAP_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef RUSHES_PREVIZ_PAIR_MAP_INL_H_
#undef RUSHES_PREVIZ_PAIR_MAP_INL_H_
#else
#define RUSHES_PREVIZ_PAIR_MAP_INL_H_
#endif

#include <algorithm>
#include <cstdint>
#include <vector>

#include "previz/render/simd/vector-inl.h"
#include "previz/render/threads.h"

HWY_BEFORE_NAMESPACE();
namespace rushes::previz::HWY_NAMESPACE {

// Where a map lies: `size` x `size` values, `cell` metres apart, the first at (x, z).
struct MapFrame {
  int size = 0;
  float cell = 1, x = 0, z = 0;
};

class PairMap {
 public:
  // Values run from `low` to `high`; a 65535th of that is the precision.
  PairMap(MapFrame frame, float low, float high)
      : frame_(frame),
        per_metre_(1.0f / frame.cell),
        low_(low),
        step_((high - low) / 65535.0f),
        pairs_(static_cast<size_t>(frame.size) * static_cast<size_t>(frame.size) + kWidestPacket) {}

  const MapFrame& frame() const { return frame_; }

  // Fills the map from `values`, row by row (z), frame().size in each.
  void fill(const std::vector<float>& values, ThreadPool& pool) {
    const size_t size = static_cast<size_t>(frame_.size);
    pool.for_each(frame_.size, [&](int row) {
      const float* from = &values[static_cast<size_t>(row) * size];
      int32_t* to = &pairs_[static_cast<size_t>(row) * size];
      for (size_t i = 0; i < size; ++i) {
        to[i] = static_cast<int32_t>(code(from[i]) | code(from[std::min(i + 1, size - 1)]) << 16);
      }
    });
  }

  // Bilinear; beyond the edges the edge goes on.
  HWY_INLINE Float operator()(Float x, Float z) const {
    const float last = static_cast<float>(frame_.size) - 1.001f;
    const Float u = clamp((x - frame_.x) * per_metre_, 0.0f, last);
    const Float v = clamp((z - frame_.z) * per_metre_, 0.0f, last);
    const Float floor_u = floor(u), floor_v = floor(v);
    const Int index = truncate(floor_v) * frame_.size + truncate(floor_u);
    const Int near = gather(pairs_.data(), index);
    const Int far = gather(pairs_.data() + frame_.size, index);
    const Float tu = u - floor_u, tv = v - floor_v;
    const Float a = mix(to_float(near & 0xffff), to_float(shift_right_logical<16>(near)), tu);
    const Float b = mix(to_float(far & 0xffff), to_float(shift_right_logical<16>(far)), tu);
    return mix(a, b, tv) * step_ + low_;
  }

  // The same for one point.
  float at(float x, float z) const {
    const float last = static_cast<float>(frame_.size) - 1.001f;
    const float u = exact::clamp((x - frame_.x) * per_metre_, 0.0f, last);
    const float v = exact::clamp((z - frame_.z) * per_metre_, 0.0f, last);
    const float floor_u = exact::floor(u), floor_v = exact::floor(v);
    const size_t i = static_cast<size_t>(floor_v) * static_cast<size_t>(frame_.size) +
                     static_cast<size_t>(floor_u);
    auto row = [&](uint32_t pair) {
      return exact::mix(static_cast<float>(pair & 0xffff), static_cast<float>(pair >> 16),
                        u - floor_u);
    };
    const float a = row(static_cast<uint32_t>(pairs_[i]));
    const float b = row(static_cast<uint32_t>(pairs_[i + static_cast<size_t>(frame_.size)]));
    return exact::mix(a, b, v - floor_v) * step_ + low_;
  }

 private:
  uint32_t code(float value) const {
    const float scaled = exact::clamp((value - low_) / step_, 0.0f, 65535.0f);
    return static_cast<uint32_t>(scaled + 0.5f);
  }

  const MapFrame frame_;
  const float per_metre_, low_, step_;
  std::vector<int32_t> pairs_;
};

}  // namespace rushes::previz::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // RUSHES_PREVIZ_PAIR_MAP_INL_H_
