// Loudness and peaks as ITU-R BS.1770-4 and EBU R 128 measure them, without libm.
#pragma once

#include "previz/sound/soundtrack.h"

namespace rushes::previz {

// Integrated loudness in LUFS, gated; kSilence for less than 0.4 s and for silence.
inline constexpr float kSilence = -99;
float integrated_loudness(const Soundtrack& sound);

// Largest magnitude between the samples too (four times oversampled), linear.
float true_peak(const Soundtrack& sound);

// Turns moments above `ceiling` (linear, true peak) down, 3 ms ahead of them and gently after.
void limit_peaks(Soundtrack& sound, float ceiling);

// 10^(decibels / 20)
float gain_of(float decibels);

}  // namespace rushes::previz
