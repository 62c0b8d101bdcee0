#include "previz/render/rig/anatomy.h"

#include <algorithm>
#include <array>

namespace rushes::previz {
namespace {

Anatomy raccoon() {
  Anatomy a{.name = "raccoon", .body = 1.06f, .chest = 0.27f, .belly = 0.29f, .hips = 0.305f};
  a.width = 0.90f, a.rump = 1.06f;
  a.neck = 0.30f, a.neck_angle = 0.62f, a.neck_root = 0.24f, a.neck_tip = 0.21f;
  a.head = 0.285f, a.head_width = 1.12f, a.cheek = 0.62f;
  a.snout = 0.25f, a.snout_root = 0.15f, a.snout_tip = 0.068f, a.snout_drop = 0.07f, a.nose = 0.82f;
  a.ears = Ears::kRound, a.ear = 0.19f, a.ear_width = 0.105f;
  a.eye = 0.058f, a.eye_side = 0.50f, a.eye_up = 0.10f, a.eye_forward = 0.76f;
  a.thigh = 0.20f, a.shoulder = 0.17f, a.shin = 0.128f, a.ankle = 0.096f, a.paw = 0.112f;
  a.track = 0.165f;
  a.tail = 1.15f, a.tail_root = 0.105f, a.tail_middle = 0.155f, a.tail_tip = 0.085f;
  a.tail_angle = 0.15f, a.tail_curl = 0.35f;
  Coat& c = a.coat;
  c.pattern = Pattern::kRaccoon;
  c.back = {0.115f, 0.098f, 0.082f}, c.flank = {0.25f, 0.225f, 0.195f},
  c.belly = {0.36f, 0.32f, 0.27f};
  c.marking = {0.012f, 0.011f, 0.011f}, c.light = {0.74f, 0.71f, 0.66f};
  c.sock = {0.035f, 0.03f, 0.028f}, c.sock_height = 0.30f, c.inner_ear = {0.20f, 0.12f, 0.10f};
  c.fur = 1.1f;
  return a;
}

Anatomy fox() {
  Anatomy a{.name = "fox", .body = 1.06f, .chest = 0.22f, .belly = 0.195f, .hips = 0.21f};
  a.width = 0.86f, a.rump = 1.0f;
  a.neck = 0.40f, a.neck_angle = 0.80f, a.neck_root = 0.19f, a.neck_tip = 0.16f;
  a.head = 0.205f, a.head_width = 1.1f, a.cheek = 0.62f;
  a.snout = 0.27f, a.snout_root = 0.105f, a.snout_tip = 0.042f, a.snout_drop = 0.05f,
  a.nose = 0.85f;
  a.ears = Ears::kPointed, a.ear = 0.29f, a.ear_width = 0.10f;
  a.eye = 0.040f, a.eye_side = 0.52f, a.eye_up = 0.14f, a.eye_forward = 0.74f;
  a.thigh = 0.14f, a.shoulder = 0.115f, a.shin = 0.074f, a.ankle = 0.056f, a.paw = 0.070f;
  a.track = 0.115f;
  a.tail = 1.12f, a.tail_root = 0.065f, a.tail_middle = 0.165f, a.tail_tip = 0.05f;
  a.tail_angle = -0.25f, a.tail_curl = 0.45f;
  Coat& c = a.coat;
  c.pattern = Pattern::kFox;
  c.back = {0.46f, 0.135f, 0.030f}, c.flank = {0.60f, 0.20f, 0.045f},
  c.belly = {0.78f, 0.70f, 0.60f};
  c.light = {0.86f, 0.82f, 0.76f}, c.marking = {0.018f, 0.014f, 0.012f};
  c.sock = {0.022f, 0.017f, 0.015f}, c.sock_height = 0.52f;
  c.iris = {0.42f, 0.20f, 0.03f}, c.pupil_slit = 0.3f;
  return a;
}

Anatomy wolf() {
  Anatomy a = fox();
  a.name = "wolf";
  a.body = 1.08f, a.chest = 0.25f, a.belly = 0.205f, a.hips = 0.215f;
  a.neck = 0.36f, a.neck_angle = 0.66f, a.neck_root = 0.22f, a.neck_tip = 0.185f, a.ruff = 0.15f;
  a.head = 0.19f, a.cheek = 0.64f, a.snout = 0.24f, a.snout_root = 0.11f, a.snout_tip = 0.058f;
  a.ear = 0.18f, a.ear_width = 0.075f, a.eye = 0.030f;
  a.thigh = 0.15f, a.shoulder = 0.12f, a.shin = 0.080f, a.ankle = 0.060f, a.paw = 0.078f;
  a.tail = 0.75f, a.tail_middle = 0.10f, a.tail_angle = -0.8f, a.tail_curl = 0.25f;
  Coat& c = a.coat;
  c.pattern = Pattern::kWolf;
  c.back = {0.075f, 0.07f, 0.066f}, c.flank = {0.22f, 0.20f, 0.18f},
  c.belly = {0.50f, 0.46f, 0.41f};
  c.sock = {0.40f, 0.36f, 0.31f}, c.light = {0.58f, 0.54f, 0.49f};
  c.iris = {0.50f, 0.34f, 0.06f};
  return a;
}

Anatomy dog() {
  Anatomy a{.name = "dog", .body = 1.02f, .chest = 0.235f, .belly = 0.20f, .hips = 0.21f};
  a.width = 0.86f;
  a.neck = 0.36f, a.neck_angle = 0.92f, a.neck_root = 0.175f, a.neck_tip = 0.145f;
  a.head = 0.205f, a.head_width = 1.0f, a.cheek = 0.5f;
  a.snout = 0.22f, a.snout_root = 0.118f, a.snout_tip = 0.088f, a.snout_drop = 0.04f,
  a.nose = 0.62f;
  a.ears = Ears::kFloppy, a.ear = 0.24f, a.ear_width = 0.085f;
  a.eye = 0.042f, a.eye_side = 0.50f, a.eye_up = 0.20f, a.eye_forward = 0.80f;
  a.thigh = 0.15f, a.shoulder = 0.125f, a.shin = 0.084f, a.ankle = 0.067f, a.paw = 0.082f;
  a.track = 0.125f;
  a.tail = 0.62f, a.tail_root = 0.05f, a.tail_middle = 0.042f, a.tail_tip = 0.022f;
  a.tail_angle = 0.35f, a.tail_curl = 0.9f;
  Coat& c = a.coat;
  c.pattern = Pattern::kPatches;
  c.back = {0.60f, 0.33f, 0.12f}, c.flank = {0.66f, 0.38f, 0.15f}, c.belly = {0.80f, 0.70f, 0.56f};
  c.marking = {0.22f, 0.095f, 0.035f}, c.light = {0.86f, 0.82f, 0.75f};
  c.sock = {0.84f, 0.80f, 0.73f}, c.sock_height = 0.22f, c.iris = {0.085f, 0.035f, 0.012f};
  c.fur = 0.75f;
  return a;
}

Anatomy cat() {
  Anatomy a{.name = "cat", .body = 1.16f, .chest = 0.215f, .belly = 0.215f, .hips = 0.22f};
  a.width = 0.84f, a.rump = 1.02f;
  a.neck = 0.30f, a.neck_angle = 0.85f, a.neck_root = 0.165f, a.neck_tip = 0.145f;
  a.head = 0.225f, a.head_width = 1.1f, a.cheek = 0.58f;
  a.snout = 0.085f, a.snout_root = 0.115f, a.snout_tip = 0.066f, a.snout_drop = 0.03f,
  a.nose = 0.42f;
  a.ears = Ears::kPointed, a.ear = 0.21f, a.ear_width = 0.085f;
  a.eye = 0.058f, a.eye_side = 0.46f, a.eye_up = 0.12f, a.eye_forward = 0.80f;
  a.thigh = 0.14f, a.shoulder = 0.115f, a.shin = 0.078f, a.ankle = 0.062f, a.paw = 0.074f;
  a.track = 0.11f;
  a.tail = 1.15f, a.tail_root = 0.048f, a.tail_middle = 0.046f, a.tail_tip = 0.036f;
  a.tail_angle = 0.45f, a.tail_curl = 0.95f;
  Coat& c = a.coat;
  c.pattern = Pattern::kTabby;
  c.back = {0.40f, 0.195f, 0.065f}, c.flank = {0.52f, 0.27f, 0.095f},
  c.belly = {0.74f, 0.60f, 0.43f};
  c.marking = {0.22f, 0.080f, 0.022f}, c.light = {0.85f, 0.78f, 0.68f};
  c.sock = {0.82f, 0.76f, 0.66f}, c.sock_height = 0.12f;
  c.iris = {0.36f, 0.42f, 0.06f}, c.pupil_slit = 0.75f, c.nose = {0.40f, 0.14f, 0.12f};
  c.inner_ear = {0.62f, 0.34f, 0.28f};
  return a;
}

Anatomy horse() {
  Anatomy a{.name = "horse", .body = 0.92f, .chest = 0.215f, .belly = 0.215f, .hips = 0.215f};
  a.width = 0.80f, a.rump = 1.01f;
  a.neck = 0.56f, a.neck_angle = 0.86f, a.neck_root = 0.185f, a.neck_tip = 0.105f;
  a.head = 0.125f, a.head_width = 0.86f, a.cheek = 0.55f;
  a.snout = 0.27f, a.snout_root = 0.098f, a.snout_tip = 0.074f, a.snout_drop = 0.20f, a.nose = 0;
  a.ears = Ears::kPointed, a.ear = 0.125f, a.ear_width = 0.038f;
  a.eye = 0.029f, a.eye_side = 0.76f, a.eye_up = 0.28f, a.eye_forward = 0.38f;
  a.thigh = 0.13f, a.shoulder = 0.105f, a.shin = 0.056f, a.ankle = 0.037f, a.paw = 0.056f;
  a.track = 0.115f, a.hooves = true;
  a.tail = 0.66f, a.tail_root = 0.032f, a.tail_middle = 0.072f, a.tail_tip = 0.030f;
  a.tail_angle = -0.55f, a.tail_curl = -0.85f, a.mane = 1;
  Coat& c = a.coat;
  c.pattern = Pattern::kHorse;
  c.back = {0.21f, 0.078f, 0.028f}, c.flank = {0.27f, 0.105f, 0.040f},
  c.belly = {0.19f, 0.075f, 0.032f};
  c.marking = {0.014f, 0.010f, 0.008f}, c.light = {0.84f, 0.80f, 0.74f};
  c.sock = {0.018f, 0.013f, 0.011f}, c.sock_height = 0.40f, c.fur = 0.28f, c.shine = 0.5f;
  c.inner_ear = {0.16f, 0.08f, 0.05f};
  return a;
}

Anatomy deer() {
  Anatomy a = horse();
  a.name = "deer";
  a.body = 0.98f, a.chest = 0.205f, a.belly = 0.19f, a.hips = 0.20f, a.rump = 1.02f;
  a.neck = 0.50f, a.neck_angle = 1.02f, a.neck_root = 0.145f, a.neck_tip = 0.088f;
  a.head = 0.115f, a.snout = 0.20f, a.snout_root = 0.080f, a.snout_tip = 0.050f,
  a.snout_drop = 0.09f;
  a.nose = 0.7f, a.ears = Ears::kSideways, a.ear = 0.19f, a.ear_width = 0.060f;
  a.eye = 0.033f, a.thigh = 0.115f, a.shoulder = 0.085f, a.shin = 0.044f, a.ankle = 0.029f,
  a.paw = 0.040f;
  a.track = 0.10f, a.mane = 0, a.antlers = 1;
  a.tail = 0.20f, a.tail_root = 0.045f, a.tail_middle = 0.055f, a.tail_tip = 0.03f;
  a.tail_angle = -0.4f, a.tail_curl = -0.3f;
  Coat& c = a.coat;
  c.pattern = Pattern::kDeer;
  c.back = {0.27f, 0.125f, 0.048f}, c.flank = {0.36f, 0.175f, 0.070f},
  c.belly = {0.66f, 0.54f, 0.40f};
  c.light = {0.82f, 0.77f, 0.68f}, c.sock_height = 0, c.fur = 0.55f, c.shine = 0.2f;
  c.inner_ear = {0.55f, 0.38f, 0.30f};
  return a;
}

Anatomy bear() {
  Anatomy a{.name = "bear", .body = 1.08f, .chest = 0.345f, .belly = 0.36f, .hips = 0.36f};
  a.width = 0.88f, a.rump = 1.0f, a.hump = 0.16f;
  a.neck = 0.34f, a.neck_angle = 0.38f, a.neck_root = 0.30f, a.neck_tip = 0.24f;
  a.head = 0.25f, a.head_width = 1.06f, a.cheek = 0.58f;
  a.snout = 0.20f, a.snout_root = 0.135f, a.snout_tip = 0.095f, a.snout_drop = 0.06f,
  a.nose = 0.62f;
  a.ears = Ears::kRound, a.ear = 0.13f, a.ear_width = 0.080f;
  a.eye = 0.034f, a.eye_side = 0.44f, a.eye_up = 0.14f, a.eye_forward = 0.86f;
  a.thigh = 0.205f, a.shoulder = 0.175f, a.shin = 0.130f, a.ankle = 0.110f, a.paw = 0.115f;
  a.track = 0.20f, a.tail = 0.12f, a.tail_root = 0.06f, a.tail_middle = 0.06f, a.tail_tip = 0.04f;
  Coat& c = a.coat;
  c.pattern = Pattern::kHide;
  c.back = {0.115f, 0.055f, 0.026f}, c.flank = {0.15f, 0.075f, 0.036f},
  c.belly = {0.12f, 0.060f, 0.030f};
  c.light = {0.36f, 0.24f, 0.14f}, c.sock = {0.05f, 0.027f, 0.016f}, c.sock_height = 0.35f;
  c.fur = 1.25f;
  return a;
}

Anatomy cow() {
  Anatomy a{.name = "cow", .body = 1.10f, .chest = 0.275f, .belly = 0.295f, .hips = 0.27f};
  a.width = 0.84f, a.rump = 1.02f;
  a.neck = 0.36f, a.neck_angle = 0.36f, a.neck_root = 0.21f, a.neck_tip = 0.14f;
  a.head = 0.155f, a.head_width = 1.0f, a.cheek = 0.5f;
  a.snout = 0.22f, a.snout_root = 0.115f, a.snout_tip = 0.098f, a.snout_drop = 0.15f, a.nose = 0.0f;
  a.ears = Ears::kSideways, a.ear = 0.17f, a.ear_width = 0.055f;
  a.eye = 0.030f, a.eye_side = 0.72f, a.eye_up = 0.20f, a.eye_forward = 0.45f;
  a.thigh = 0.145f, a.shoulder = 0.115f, a.shin = 0.072f, a.ankle = 0.050f, a.paw = 0.066f;
  a.track = 0.145f, a.hooves = true, a.horns = 1;
  a.tail = 0.72f, a.tail_root = 0.026f, a.tail_middle = 0.020f, a.tail_tip = 0.020f;
  a.tail_angle = -1.0f, a.tail_curl = -0.5f, a.tuft = 0.055f;
  Coat& c = a.coat;
  c.pattern = Pattern::kPatches;
  c.back = {0.82f, 0.79f, 0.74f}, c.flank = {0.84f, 0.81f, 0.76f}, c.belly = {0.82f, 0.72f, 0.66f};
  c.marking = {0.020f, 0.017f, 0.016f}, c.light = {0.86f, 0.82f, 0.78f};
  c.sock = {0.82f, 0.79f, 0.74f}, c.fur = 0.35f, c.shine = 0.25f;
  c.nose = {0.50f, 0.25f, 0.22f}, c.inner_ear = {0.55f, 0.32f, 0.28f};
  return a;
}

Anatomy tiger() {
  Anatomy a{.name = "tiger", .body = 1.26f, .chest = 0.245f, .belly = 0.235f, .hips = 0.24f};
  a.width = 0.84f, a.rump = 0.98f;
  a.neck = 0.32f, a.neck_angle = 0.58f, a.neck_root = 0.21f, a.neck_tip = 0.185f;
  a.head = 0.215f, a.head_width = 1.08f, a.cheek = 0.60f;
  a.snout = 0.125f, a.snout_root = 0.125f, a.snout_tip = 0.090f, a.snout_drop = 0.035f,
  a.nose = 0.50f;
  a.ears = Ears::kRound, a.ear = 0.125f, a.ear_width = 0.075f;
  a.eye = 0.036f, a.eye_side = 0.46f, a.eye_up = 0.16f, a.eye_forward = 0.82f;
  a.thigh = 0.155f, a.shoulder = 0.125f, a.shin = 0.085f, a.ankle = 0.072f, a.paw = 0.086f;
  a.track = 0.13f;
  a.tail = 0.98f, a.tail_root = 0.050f, a.tail_middle = 0.042f, a.tail_tip = 0.038f;
  a.tail_angle = -0.75f, a.tail_curl = 1.5f;
  Coat& c = a.coat;
  c.pattern = Pattern::kTiger;
  c.back = {0.55f, 0.20f, 0.035f}, c.flank = {0.66f, 0.27f, 0.055f},
  c.belly = {0.84f, 0.76f, 0.64f};
  c.marking = {0.014f, 0.011f, 0.010f}, c.light = {0.87f, 0.82f, 0.73f};
  c.iris = {0.50f, 0.36f, 0.08f}, c.nose = {0.34f, 0.11f, 0.09f}, c.fur = 0.8f;
  return a;
}

Anatomy lion() {
  Anatomy a = tiger();
  a.name = "lion";
  a.neck_angle = 0.68f, a.ruff = 0.36f, a.tuft = 0.07f;
  Coat& c = a.coat;
  c.pattern = Pattern::kLion;
  c.back = {0.46f, 0.265f, 0.105f}, c.flank = {0.56f, 0.345f, 0.155f},
  c.belly = {0.70f, 0.54f, 0.34f};
  c.marking = {0.145f, 0.058f, 0.020f}, c.light = {0.80f, 0.70f, 0.54f};
  return a;
}

Anatomy sheep() {
  Anatomy a{.name = "sheep", .body = 0.86f, .chest = 0.33f, .belly = 0.36f, .hips = 0.34f};
  a.width = 0.94f, a.rump = 1.02f;
  a.neck = 0.28f, a.neck_angle = 0.72f, a.neck_root = 0.24f, a.neck_tip = 0.17f;
  a.head = 0.150f, a.head_width = 0.95f, a.cheek = 0.45f;
  a.snout = 0.18f, a.snout_root = 0.098f, a.snout_tip = 0.070f, a.snout_drop = 0.10f, a.nose = 0.5f;
  a.ears = Ears::kSideways, a.ear = 0.16f, a.ear_width = 0.048f;
  a.eye = 0.032f, a.eye_side = 0.68f, a.eye_up = 0.16f, a.eye_forward = 0.52f;
  a.thigh = 0.13f, a.shoulder = 0.10f, a.shin = 0.055f, a.ankle = 0.042f, a.paw = 0.050f;
  a.track = 0.15f, a.hooves = true;
  a.tail = 0.18f, a.tail_root = 0.07f, a.tail_middle = 0.08f, a.tail_tip = 0.05f,
  a.tail_angle = -1.0f;
  Coat& c = a.coat;
  c.pattern = Pattern::kWool;
  c.back = {0.72f, 0.68f, 0.60f}, c.flank = {0.74f, 0.70f, 0.62f}, c.belly = {0.60f, 0.56f, 0.49f};
  c.marking = {0.028f, 0.024f, 0.022f}, c.sock = {0.028f, 0.024f, 0.022f};
  c.sock_height = 0.62f, c.curl = 1, c.fur = 1.6f, c.shine = 0.05f;
  return a;
}

Anatomy pig() {
  Anatomy a{.name = "pig", .body = 1.12f, .chest = 0.345f, .belly = 0.365f, .hips = 0.355f};
  a.width = 0.90f, a.rump = 1.02f;
  a.neck = 0.24f, a.neck_angle = 0.30f, a.neck_root = 0.29f, a.neck_tip = 0.24f;
  a.head = 0.255f, a.head_width = 1.0f, a.cheek = 0.60f;
  a.snout = 0.17f, a.snout_root = 0.125f, a.snout_tip = 0.100f, a.snout_drop = 0.05f,
  a.nose = 0.98f;
  a.ears = Ears::kPointed, a.ear = 0.20f, a.ear_width = 0.105f;
  a.eye = 0.036f, a.eye_side = 0.54f, a.eye_up = 0.22f, a.eye_forward = 0.72f;
  a.thigh = 0.17f, a.shoulder = 0.14f, a.shin = 0.092f, a.ankle = 0.070f, a.paw = 0.076f;
  a.track = 0.18f, a.hooves = true;
  a.tail = 0.30f, a.tail_root = 0.030f, a.tail_middle = 0.026f, a.tail_tip = 0.018f;
  a.tail_angle = 0.5f, a.tail_curl = 4.6f;
  Coat& c = a.coat;
  c.pattern = Pattern::kHide;
  c.back = {0.66f, 0.34f, 0.29f}, c.flank = {0.72f, 0.39f, 0.335f}, c.belly = {0.74f, 0.44f, 0.38f};
  c.light = {0.78f, 0.48f, 0.42f}, c.marking = {0.50f, 0.22f, 0.19f};
  c.sock = {0.40f, 0.20f, 0.17f}, c.sock_height = 0.06f, c.fur = 0.15f, c.shine = 0.35f;
  c.nose = {0.64f, 0.28f, 0.25f}, c.inner_ear = {0.66f, 0.30f, 0.27f};
  return a;
}

Anatomy rabbit() {
  Anatomy a{.name = "rabbit", .body = 0.86f, .chest = 0.25f, .belly = 0.30f, .hips = 0.36f};
  a.width = 0.88f, a.rump = 1.10f;
  a.neck = 0.30f, a.neck_angle = 0.85f, a.neck_root = 0.20f, a.neck_tip = 0.17f;
  a.head = 0.225f, a.head_width = 0.98f, a.cheek = 0.60f;
  a.snout = 0.13f, a.snout_root = 0.135f, a.snout_tip = 0.085f, a.snout_drop = 0.045f,
  a.nose = 0.36f;
  a.ears = Ears::kLong, a.ear = 0.56f, a.ear_width = 0.088f;
  a.eye = 0.055f, a.eye_side = 0.72f, a.eye_up = 0.18f, a.eye_forward = 0.50f;
  a.thigh = 0.20f, a.shoulder = 0.10f, a.shin = 0.075f, a.ankle = 0.058f, a.paw = 0.070f;
  a.track = 0.15f;
  a.tail = 0.14f, a.tail_root = 0.09f, a.tail_middle = 0.12f, a.tail_tip = 0.10f,
  a.tail_angle = 0.7f;
  Coat& c = a.coat;
  c.pattern = Pattern::kDeer;
  c.back = {0.25f, 0.165f, 0.095f}, c.flank = {0.36f, 0.255f, 0.160f},
  c.belly = {0.76f, 0.70f, 0.62f};
  c.light = {0.86f, 0.82f, 0.77f}, c.marking = {0.03f, 0.02f, 0.015f},
  c.sock = {0.5f, 0.40f, 0.29f};
  c.inner_ear = {0.68f, 0.38f, 0.33f}, c.nose = {0.50f, 0.22f, 0.20f}, c.fur = 1.0f;
  return a;
}

Anatomy elephant() {
  Anatomy a{.name = "elephant", .body = 0.84f, .chest = 0.315f, .belly = 0.345f, .hips = 0.32f};
  a.width = 0.92f, a.rump = 0.98f;
  a.neck = 0.26f, a.neck_angle = 0.42f, a.neck_root = 0.25f, a.neck_tip = 0.21f;
  a.head = 0.225f, a.head_width = 0.98f, a.cheek = 0.50f;
  a.snout = 0.10f, a.snout_root = 0.145f, a.snout_tip = 0.115f, a.snout_drop = 0.06f, a.nose = 0;
  a.ears = Ears::kFan, a.ear = 0.42f, a.ear_width = 0.22f;
  a.eye = 0.026f, a.eye_side = 0.72f, a.eye_up = 0.06f, a.eye_forward = 0.58f;
  a.thigh = 0.165f, a.shoulder = 0.15f, a.shin = 0.125f, a.ankle = 0.110f, a.paw = 0.118f;
  a.track = 0.19f;
  a.tail = 0.55f, a.tail_root = 0.035f, a.tail_middle = 0.022f, a.tail_tip = 0.018f;
  a.tail_angle = -1.15f, a.tail_curl = -0.3f, a.tuft = 0.04f, a.trunk = 1;
  Coat& c = a.coat;
  c.pattern = Pattern::kHide;
  c.back = {0.165f, 0.155f, 0.150f}, c.flank = {0.20f, 0.19f, 0.185f},
  c.belly = {0.18f, 0.17f, 0.165f};
  c.light = {0.24f, 0.21f, 0.20f}, c.sock = {0.15f, 0.14f, 0.135f}, c.fur = 0.3f, c.curl = 0.3f;
  c.inner_ear = {0.30f, 0.21f, 0.20f}, c.shine = 0.1f;
  return a;
}

// Hands the coat the proportions that its pattern is fitted to.
Anatomy fitted(Anatomy a) {
  // Picture-book proportions: a shorter trunk, a larger head.
  const bool long_face = a.hooves && a.name != "pig";
  const float larger = long_face ? 1.10f : 1.20f;
  a.body *= 0.90f;
  for (float* size : {&a.head, &a.snout, &a.snout_root, &a.snout_tip, &a.snout_drop, &a.ear,
                      &a.ear_width, &a.eye}) {
    *size *= larger;
  }
  a.eye *= 1.15f;
  a.neck_tip *= 1.06f;
  Coat& c = a.coat;
  c.head_radius = a.head;
  c.snout_length = a.snout;
  c.leg_length = 1 - a.chest;
  c.tail_length = a.tail;
  c.body_half_length = a.body * 0.5f;
  c.body_radius = a.belly;
  c.body_height = 1 - a.chest;
  return a;
}

}  // namespace

const Anatomy* find_anatomy(std::string_view species) {
  static const std::array kAll = {
      fitted(bear()),     fitted(cat()),     fitted(cow()),   fitted(deer()),  fitted(dog()),
      fitted(elephant()), fitted(fox()),     fitted(horse()), fitted(lion()),  fitted(pig()),
      fitted(rabbit()),   fitted(raccoon()), fitted(sheep()), fitted(tiger()), fitted(wolf())};
  const auto* const found = std::find_if(kAll.begin(), kAll.end(),
                                         [species](const Anatomy& a) { return a.name == species; });
  return found == kAll.end() ? nullptr : found;
}

}  // namespace rushes::previz
