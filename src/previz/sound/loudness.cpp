#include "previz/sound/loudness.h"

#include <algorithm>
#include <array>

#include "previz/sound/dsp.h"

namespace rushes::previz {
namespace {

// The K-weighting at 48 kHz: a shelf for the head, then a high pass.
Biquad head_filter() {
  return {1.53512485958697, -2.69169618940638, 1.19839281085285, -1.69065929318241,
          0.73248077421585};
}
Biquad low_cut() { return {1, -2, 1, -1.99004745483398, 0.99007225036621}; }

constexpr size_t kHop = kSampleRate / 10;  // blocks of 400 ms overlap by three quarters
constexpr size_t kHopsPerBlock = 4;

float to_lufs(double power) {
  if (power < 1e-12) return kSilence;
  return -0.691f + 10 * exact::log(static_cast<float>(power)) / 2.302585093f;
}

// Weighted energy of every 100 ms, both channels together.
std::vector<double> hop_energies(const Soundtrack& sound) {
  std::vector<double> energies(sound.left.size() / kHop, 0.0);
  for (const std::vector<float>* channel : {&sound.left, &sound.right}) {
    Biquad head = head_filter(), cut = low_cut();
    for (size_t i = 0; i < energies.size() * kHop; ++i) {
      const double y = cut(head((*channel)[i]));
      energies[i / kHop] += y * y;
    }
  }
  return energies;
}

// Four times oversampling: the first two phases of the filter of BS.1770-4, annex 2; the others
// mirror them.
constexpr size_t kTaps = 12;
constexpr std::array<std::array<float, kTaps>, 2> kPhases{
    {{0.0017089843750f, 0.0109863281250f, -0.0196533203125f, 0.0332031250000f, -0.0594482421875f,
      0.1373291015625f, 0.9721679687500f, -0.1022949218750f, 0.0476074218750f, -0.0266113281250f,
      0.0148925781250f, -0.0083007812500f},
     {-0.0291748046875f, 0.0292968750000f, -0.0517578125000f, 0.0891113281250f, -0.1665039062500f,
      0.4650878906250f, 0.7797851562500f, -0.2003173828125f, 0.1015625000000f, -0.0582275390625f,
      0.0330810546875f, -0.0189208984375f}}};

// No interpolated value exceeds the largest neighbour by more than this factor.
constexpr float kOvershootMax = 2.2f;

// Largest magnitude around sample `i` (between it and the next).
float peak_near(const std::vector<float>& samples, size_t i) {
  std::array<float, kTaps> window{};
  for (size_t k = 0; k < kTaps; ++k) {
    const size_t at = i + k;
    if (at >= kTaps / 2 && at - kTaps / 2 < samples.size()) window[k] = samples[at - kTaps / 2];
  }
  float peak = exact::abs(samples[i]);
  for (const auto& phase : kPhases) {
    float forward = 0, mirrored = 0;
    for (size_t k = 0; k < kTaps; ++k) {
      forward += window[k] * phase[k];
      mirrored += window[k] * phase[kTaps - 1 - k];
    }
    peak = std::max({peak, exact::abs(forward), exact::abs(mirrored)});
  }
  return peak;
}

// Calls found(i, peak) wherever the true peak near sample i exceeds `floor`.
template <class Found>
void scan_peaks(const std::vector<float>& samples, float floor, Found&& found) {
  size_t last_loud = 0;
  bool any_loud = false;
  for (size_t i = 0; i < samples.size(); ++i) {
    const size_t ahead = std::min(samples.size() - 1, i + kTaps / 2);
    if (exact::abs(samples[ahead]) * kOvershootMax > floor) last_loud = ahead, any_loud = true;
    if (!any_loud || last_loud + kTaps < i) continue;
    const float peak = peak_near(samples, i);
    if (peak > floor) found(i, peak);
  }
}

}  // namespace

float gain_of(float decibels) { return exact::exp(decibels * 0.11512925465f); }

float integrated_loudness(const Soundtrack& sound) {
  const std::vector<double> hops = hop_energies(sound);
  std::vector<double> blocks;
  for (size_t i = 0; i + kHopsPerBlock <= hops.size(); ++i) {
    blocks.push_back((hops[i] + hops[i + 1] + hops[i + 2] + hops[i + 3]) /
                     static_cast<double>(kHop * kHopsPerBlock));
  }
  const auto mean_above = [&](float gate) {
    double sum = 0;
    int count = 0;
    for (const double block : blocks) {
      if (to_lufs(block) <= gate) continue;
      sum += block;
      ++count;
    }
    return count > 0 ? sum / count : 0.0;
  };
  constexpr float kAbsoluteGate = -70, kRelativeGate = -10;
  const float ungated = to_lufs(mean_above(kAbsoluteGate));
  if (ungated == kSilence) return kSilence;
  return to_lufs(mean_above(std::max(kAbsoluteGate, ungated + kRelativeGate)));
}

float true_peak(const Soundtrack& sound) {
  float most = 0;
  for (const std::vector<float>* channel : {&sound.left, &sound.right}) {
    for (size_t i = 0; i < channel->size(); ++i) most = std::max(most, exact::abs((*channel)[i]));
  }
  for (const std::vector<float>* channel : {&sound.left, &sound.right}) {
    scan_peaks(*channel, most, [&most](size_t, float peak) { most = std::max(most, peak); });
  }
  return most;
}

void limit_peaks(Soundtrack& sound, float ceiling) {
  const size_t count = sound.left.size();
  std::vector<float> gain(count, 1.0f);
  bool any = false;
  for (const std::vector<float>* channel : {&sound.left, &sound.right}) {
    scan_peaks(*channel, ceiling, [&](size_t i, float peak) {
      // The interpolated peak lies beside sample i: hold all its neighbours down.
      const size_t from = i >= 2 ? i - 2 : 0, to = std::min(count, i + 3);
      for (size_t k = from; k < to; ++k) gain[k] = std::min(gain[k], ceiling / peak);
      any = true;
    });
  }
  if (!any) return;
  // Down in a straight line that arrives in time, up again exponentially.
  constexpr float kAhead = 0.003f * kSampleRate;
  const float release = 1 - exact::exp(-1.0f / (0.08f * kSampleRate));
  for (size_t i = count; i-- > 1;) {
    gain[i - 1] = std::min(gain[i - 1], gain[i] + 1.0f / kAhead);
  }
  float held = 1;
  for (size_t i = 0; i < count; ++i) {
    held = std::min(gain[i], held + (1 - held) * release);
    sound.left[i] *= held;
    sound.right[i] *= held;
  }
}

}  // namespace rushes::previz
