#include "previz/render/enlarge.h"

#include <algorithm>
#include <array>
#include <vector>

#include "base/check.h"
#include "previz/math/scalar.h"

namespace rushes::previz {
namespace {

constexpr int kTaps = 6;       // Lanczos with three lobes
constexpr int kOne = 1 << 14;  // weights are in 16384ths
constexpr float kSharpen = 0.18f;

// Where one output sample comes from: six neighbours and their weights, which sum to kOne.
struct Tap {
  std::array<int, kTaps> index;
  std::array<int, kTaps> weight;
};

float lanczos(float x) {
  if (exact::abs(x) < 1e-4f) return 1;
  if (exact::abs(x) >= 3) return 0;
  const float a = exact::kPi * x;
  return 3 * exact::sin(a) * exact::sin(a / 3) / (a * a);
}

std::vector<Tap> taps(int from, int to) {
  std::vector<Tap> all(static_cast<size_t>(to));
  for (int i = 0; i < to; ++i) {
    const float centre =
        (static_cast<float>(i) + 0.5f) * static_cast<float>(from) / static_cast<float>(to) - 0.5f;
    const int first = static_cast<int>(exact::floor(centre)) - 2;
    std::array<float, kTaps> weight;
    float sum = 0;
    for (int k = 0; k < kTaps; ++k) {
      // A little of the second derivative is added back: the unsharp mask, at no cost.
      const float x = centre - static_cast<float>(first + k);
      const float w = lanczos(x);
      const float blurred = (lanczos(x - 0.5f) + lanczos(x + 0.5f)) * 0.5f;
      weight[static_cast<size_t>(k)] = w + kSharpen * (w - blurred);
      sum += weight[static_cast<size_t>(k)];
    }
    Tap& tap = all[static_cast<size_t>(i)];
    int total = 0;
    for (int k = 0; k < kTaps; ++k) {
      const size_t s = static_cast<size_t>(k);
      tap.index[s] = std::clamp(first + k, 0, from - 1);
      tap.weight[s] = static_cast<int>(exact::floor(weight[s] / sum * kOne + 0.5f));
      total += tap.weight[s];
    }
    tap.weight[2] += kOne - total;
  }
  return all;
}

uint8_t to_code(int sum) {
  return static_cast<uint8_t>(std::clamp((sum + kOne / 2) / kOne, 0, 255));
}

}  // namespace

void enlarge(const Picture& from, ThreadPool& pool, Picture& to) {
  RUSHES_CHECK(from.width <= to.width && from.height <= to.height);
  const std::vector<Tap> columns = taps(from.width, to.width), rows = taps(from.height, to.height);
  const size_t from_pitch = static_cast<size_t>(from.width) * 3;
  const size_t to_pitch = static_cast<size_t>(to.width) * 3;
  // Columns first into a picture as wide as the result and as high as the source.
  std::vector<uint8_t> wide(to_pitch * static_cast<size_t>(from.height));
  pool.for_each(from.height, [&](int y) {
    const uint8_t* in = &from.rgb[static_cast<size_t>(y) * from_pitch];
    uint8_t* out = &wide[static_cast<size_t>(y) * to_pitch];
    for (const Tap& tap : columns) {
      for (size_t channel = 0; channel < 3; ++channel) {
        int sum = 0;
        for (size_t k = 0; k < kTaps; ++k) {
          sum += tap.weight[k] * in[static_cast<size_t>(tap.index[k]) * 3 + channel];
        }
        *out++ = to_code(sum);
      }
    }
  });
  pool.for_each(to.height, [&](int y) {
    const Tap& tap = rows[static_cast<size_t>(y)];
    std::array<const uint8_t*, kTaps> in;
    for (size_t k = 0; k < kTaps; ++k) in[k] = &wide[static_cast<size_t>(tap.index[k]) * to_pitch];
    uint8_t* out = &to.rgb[static_cast<size_t>(y) * to_pitch];
    for (size_t i = 0; i < to_pitch; ++i) {
      int sum = 0;
      for (size_t k = 0; k < kTaps; ++k) sum += tap.weight[k] * in[k][i];
      out[i] = to_code(sum);
    }
  });
}

}  // namespace rushes::previz
