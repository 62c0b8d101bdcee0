#include "previz/render/rig/clip.h"

#include <algorithm>

namespace rushes::previz {
namespace {

using exact::cos;
using exact::fract;
using exact::kTau;
using exact::sin;

// Orders: left front, right front, left hind, right hind.
constexpr Gait kWalk{0, 0.62f, {0.25f, 0.75f, 0.0f, 0.5f}, 0.13f};
constexpr Gait kTrot{0, 0.42f, {0.0f, 0.5f, 0.5f, 0.0f}, 0.20f};
constexpr Gait kGallop{0, 0.27f, {0.44f, 0.56f, 0.0f, 0.10f}, 0.30f};
constexpr Gait kBound{0, 0.27f, {0.46f, 0.50f, 0.0f, 0.03f}, 0.26f};  // hares

// Smooth wander in [-1, 1] that never repeats within a shot.
float wander(float seconds, uint32_t seed) {
  const float a = exact::unit(exact::hash(seed, 1)) * kTau,
              b = exact::unit(exact::hash(seed, 2)) * kTau;
  return 0.6f * sin(seconds * 0.93f + a) + 0.4f * sin(seconds * 1.71f + b);
}

// 1 in short moments `every` seconds apart on average, for lids and ears.
float twitch(float seconds, float every, float length, uint32_t seed) {
  const float cell = exact::floor(seconds / every);
  const uint32_t h = exact::hash(seed, static_cast<uint32_t>(static_cast<int>(cell)) + 71);
  const float begin = (cell + exact::unit(h) * 0.7f) * every;
  const float u = (seconds - begin) / length;
  return u <= 0 || u >= 1 ? 0 : sin(u * exact::kPi);
}

float shoulder_height(const Anatomy& a) { return 1 - a.chest; }
float hip_height(const Anatomy& a) { return a.rump - a.hips; }

class Clip {
 public:
  Clip(const Anatomy& anatomy, const ClipInput& input) : a_(anatomy), in_(input) {
    s_.hips = {-a_.body * 0.5f, hip_height(a_), 0};
    s_.shoulders = {a_.body * 0.5f, shoulder_height(a_), 0};
    for (size_t k = 0; k < 4; ++k) {
      const bool front = k < 2;
      const float side = k % 2 == 1 ? 1.0f : -1.0f;
      s_.paws[k].at = {front ? a_.body * 0.5f + 0.03f : -a_.body * 0.5f - 0.02f, 0,
                       side * a_.track};
      s_.paws[k].planted = true;
    }
    s_.head_pitch = -0.10f;
    seconds_ = in_.seconds + in_.phase * 3.7f;
    const float blink = twitch(seconds_, 2.9f, 0.17f, in_.seed);
    s_.lids = blink;
    s_.ears = 0.4f + 0.25f * wander(seconds_ * 1.3f, in_.seed + 5) -
              0.8f * twitch(seconds_, 2.3f, 0.22f, in_.seed + 9);
    s_.tail_phase = seconds_ * 2.2f;
    s_.tail_wave = 0.10f;
    s_.tail_wag = 0.16f * wander(seconds_ * 1.7f, in_.seed + 3);
  }

  BodyState run() {
    switch (in_.action) {
      case Action::kWalk:
      case Action::kApproach: move(in_.speed > 0.05f ? in_.speed : 1.0f); break;
      case Action::kRun:
      case Action::kGallop: move(in_.speed > 0.05f ? in_.speed : 5.0f, true); break;
      case Action::kJump: jump(); break;
      case Action::kFly: fly(); break;
      case Action::kSwim: swim(); break;
      default:
        if (in_.speed > 0.05f) {
          move(in_.speed);
        } else {
          stay();
        }
    }
    return s_;
  }

 private:
  void stay() {
    breathe(1);
    switch (in_.action) {
      case Action::kSit:
        sit();
        look(0.7f);
        break;
      case Action::kWave:
        sit();
        wave();
        break;
      case Action::kLie: lie(1); break;
      case Action::kFall: lie(exact::smoothstep(0.3f, 1.1f, in_.seconds)); break;
      case Action::kRise: lie(1 - exact::smoothstep(0.5f, 1.7f, in_.seconds)); break;
      case Action::kLook: look(1.6f); break;
      case Action::kEat:
      case Action::kDrink: eat(); break;
      case Action::kPlay: play(); break;
      case Action::kDance: dance(); break;
      case Action::kSpin:
        look(0.4f);
        trot_in_place(2.0f);
        s_.turn = seconds_ * 2.1f;
        break;
      default: look(1);
    }
  }

  void breathe(float amount) {
    const float b = sin(seconds_ * 2.4f) * 0.012f * amount;
    s_.shoulders.y += b;
    s_.arch += b * 0.9f;
    s_.neck += b * 1.5f;
  }

  void look(float amount) {
    const float slow = wander(seconds_ * 0.8f, in_.seed + 11);
    s_.head_yaw += exact::clamp(in_.look_yaw * 0.55f + slow * 0.42f * amount, -0.95f, 0.95f);
    s_.head_pitch += 0.10f * wander(seconds_ * 0.7f, in_.seed + 17) * amount;
    s_.head_roll += 0.09f * wander(seconds_ * 0.6f, in_.seed + 23) * amount;
    s_.neck += 0.06f * wander(seconds_ * 0.5f, in_.seed + 29) * amount;
    // Weight shifts from side to side.
    const float shift = 0.016f * wander(seconds_ * 0.55f, in_.seed + 31);
    s_.hips.z += shift;
    s_.shoulders.z -= shift * 0.6f;
  }

  // Walk, trot or gallop by Froude's number; `hurry` prefers a gallop.
  void move(float speed, bool hurry = false) {
    const float froude = speed * speed * in_.unit_m / 9.81f;
    const bool walking = froude < 0.6f && !(hurry && in_.speed <= 0.05f);
    const bool galloping =
        !walking && (froude > 2.4f || (hurry && froude > 1.0f) || (hurry && in_.speed <= 0.05f));
    Gait gait = walking ? kWalk : galloping ? (a_.ears == Ears::kLong ? kBound : kGallop) : kTrot;
    // Reach of a paw on the ground; longer when faster, within what legs can do.
    const float nominal = walking ? 1.6f : galloping ? 8.0f : 3.6f;
    const float eager = exact::clamp(exact::sqrt(speed / nominal), 0.72f, 1.12f);
    const float leg = 1 - a_.chest * 0.9f;
    const float reach = leg * (walking ? 0.80f : galloping ? 1.22f : 0.92f) * eager;
    gait.stride = reach / gait.duty;
    const float travelled = in_.speed > 0.05f ? in_.travelled : speed * in_.seconds;
    const float phase = travelled / gait.stride + in_.phase;
    step(gait, phase, reach);
    if (walking)
      walk_body(phase);
    else if (galloping)
      gallop_body(phase);
    else
      trot_body(phase);
  }

  // Paws of a gait. On the ground they move back evenly, so that they stay where they are in the
  // world; in the air they return on a curve that takes up that speed at both ends.
  void step(const Gait& gait, float phase, float reach) {
    for (size_t k = 0; k < 4; ++k) {
      Paw& paw = s_.paws[k];
      const float f = fract(phase + 1 - gait.offset[k]);
      if (f < gait.duty) {
        paw.at.x += reach * (0.5f - f / gait.duty);
        paw.planted = true;
        const float leaving = exact::smoothstep(0.72f, 1.0f, f / gait.duty);
        paw.toe = 0.55f * leaving;
        continue;
      }
      const float s = (f - gait.duty) / (1 - gait.duty);
      const float tangent = -reach / gait.duty * (1 - gait.duty);
      const float s2 = s * s, s3 = s2 * s;
      paw.at.x += reach * (-0.5f + 3 * s2 - 2 * s3) + tangent * (s3 - 2 * s2 + s + s3 - s2);
      const float up = sin(exact::kPi * s) * (1 + 0.35f * sin(kTau * s));
      paw.at.y = gait.lift * (k < 2 ? 1.0f : 0.85f) * std::max(0.0f, up);
      paw.toe = 1.25f * sin(exact::kPi * exact::clamp(s * 1.15f, 0, 1)) * (1 - s * 0.6f);
      paw.planted = false;
    }
  }

  void walk_body(float phase) {
    const float w = phase * kTau;
    const float bob = 0.014f * cos(2 * w);
    s_.hips.y += bob;
    s_.shoulders.y -= bob;
    s_.hips.z += 0.018f * sin(w);
    s_.shoulders.z -= 0.014f * sin(w);
    s_.roll = 0.035f * sin(w);
    s_.neck += 0.05f * cos(2 * w + 0.8f) - 0.06f;
    s_.head_pitch += -0.05f + 0.04f * cos(2 * w + 0.4f);
    s_.head_yaw += 0.25f * wander(seconds_ * 0.6f, in_.seed + 11);
    s_.tail_phase = w;
    s_.tail_wave = 0.14f;
    s_.tail_wag = 0.20f * sin(w);
  }
  void trot_body(float phase) {
    const float w = phase * kTau;
    const float bob = 0.040f * cos(2 * w - 1.2f);
    s_.hips.y += bob;
    s_.shoulders.y += bob * 0.9f;
    s_.neck += 0.06f - 0.04f * cos(2 * w);
    s_.head_pitch += 0.03f * cos(2 * w + 1.0f);
    s_.head_yaw += 0.12f * wander(seconds_ * 0.8f, in_.seed + 11);
    s_.ears += 0.20f * cos(2 * w);
    s_.tail_phase = 2 * w;
    s_.tail_wave = 0.16f;
    s_.tail_lift = 0.20f;
    s_.tail_wag = 0.10f * sin(w);
  }
  // The trunk gathers in flight, when all paws are under it, and stretches as the hind legs push.
  void gallop_body(float phase) {
    const float flight = (phase - 0.90f) * kTau;
    const float gather = cos(flight);
    const float pitch = 0.13f * cos((phase - 0.02f) * kTau);
    const float bob = 0.055f * cos(flight) + 0.020f * cos(2 * flight) + 0.02f;
    s_.hips.y += bob - pitch * a_.body * 0.5f;
    s_.shoulders.y += bob + pitch * a_.body * 0.5f;
    s_.hips.x += 0.055f * gather;
    s_.shoulders.x -= 0.030f * gather;
    s_.arch += 0.055f * gather + 0.015f;
    s_.neck += -0.16f - pitch * 0.8f + 0.05f * gather;
    s_.head_pitch += 0.02f + pitch * 0.25f;
    s_.ears += -0.55f + 0.25f * sin(flight);
    s_.jaw = 0.25f;
    s_.tail_phase = flight;
    s_.tail_wave = 0.22f;
    s_.tail_lift = 0.30f + 0.10f * sin(flight);
    s_.tail_wag = 0.06f * sin(flight * 0.5f);
  }

  void trot_in_place(float steps_a_second) {
    const float phase = seconds_ * steps_a_second;
    for (size_t k = 0; k < 4; ++k) {
      const float f = sin(kTau * (phase + kTrot.offset[k]));
      s_.paws[k].at.y = 0.14f * std::max(0.0f, f);
      s_.paws[k].toe = 0.8f * std::max(0.0f, f);
      s_.paws[k].planted = f <= 0;
    }
    const float bob = 0.025f * cos(kTau * phase * 2);
    s_.hips.y += bob;
    s_.shoulders.y += bob;
  }

  // Crouch, leap, land; once in 1.25 s (longer for large animals).
  void jump() {
    const float period = 1.1f + 0.15f * exact::sqrt(in_.unit_m);
    const float seconds = in_.speed > 0.05f ? in_.travelled / in_.speed : in_.seconds;
    const float u = fract(seconds / period + in_.phase);
    const float crouch =
        exact::smoothstep(0.0f, 0.20f, u) * (1 - exact::smoothstep(0.22f, 0.32f, u)) +
        exact::smoothstep(0.74f, 0.82f, u) * (1 - exact::smoothstep(0.84f, 1.0f, u));
    const float air = exact::clamp((u - 0.28f) / 0.48f, 0, 1);
    const float height = 4 * air * (1 - air) * 0.85f;
    const bool flying = air > 0 && air < 1;
    const float pitch = flying ? 0.42f * cos(air * exact::kPi) : 0.0f;
    s_.hips.y += height - 0.20f * crouch - pitch * a_.body * 0.5f;
    s_.shoulders.y += height - 0.24f * crouch + pitch * a_.body * 0.5f;
    s_.arch += 0.05f * crouch;
    const float tuck = sin(exact::kPi * air);
    // On the ground a paw stays where it is while the animal moves on.
    const float carried = in_.speed * period;
    for (size_t k = 0; k < 4; ++k) {
      const bool front = k < 2;
      Paw& paw = s_.paws[k];
      paw.planted = !flying;
      const float ground = 0.52f * carried;
      const float since = fract(u - 0.76f + 1) / 0.52f;  // 0 at landing, 1 at take-off
      const float rest = ground * (0.5f - since);
      const float swing = ground * (-0.5f + exact::ease(air));
      paw.at.x += flying ? swing + (front ? 0.12f : -0.14f) * tuck : rest;
      paw.at.y += flying ? height + tuck * (front ? 0.20f : 0.16f) : 0;
      paw.toe = flying ? 0.9f * tuck : 0;
    }
    s_.neck += 0.20f * tuck - 0.25f * crouch;
    s_.head_pitch += pitch * 0.4f;
    s_.ears += -0.8f * tuck;
    s_.tail_lift = 0.35f * tuck;
    s_.tail_phase = u * kTau;
    s_.tail_wave = 0.2f;
  }

  // Stretched out like a comic hero, paddling lightly.
  void fly() {
    const float w = seconds_ * 2.6f;
    const float rise = 0.9f + 0.10f * sin(w * 0.7f);
    s_.hips.y += rise;
    s_.shoulders.y += rise + 0.14f;
    for (size_t k = 0; k < 4; ++k) {
      const bool front = k < 2;
      Paw& paw = s_.paws[k];
      paw.planted = false;
      paw.at.x += front ? 0.52f : -0.50f;
      paw.at.y += rise + (front ? 0.46f : 0.30f) + 0.06f * sin(w + static_cast<float>(k));
      paw.toe = front ? 0.3f : 1.5f;
    }
    s_.head_pitch += 0.12f;
    s_.ears = -0.8f;
    s_.tail_wave = 0.25f;
    s_.tail_phase = w * 1.5f;
    s_.tail_lift = 0.3f;
  }

  void swim() {
    const float w = seconds_ * 5.0f;
    const float sink = -0.42f + 0.03f * sin(w * 0.5f);
    s_.hips.y += sink - 0.05f;
    s_.shoulders.y += sink + 0.05f;
    for (size_t k = 0; k < 4; ++k) {
      Paw& paw = s_.paws[k];
      const float f = w + kTau * kTrot.offset[k];
      paw.planted = false;
      paw.at.x += 0.28f * cos(f);
      paw.at.y += sink + 0.22f + 0.16f * sin(f);
      paw.toe = 0.8f;
    }
    s_.neck += 0.22f;
    s_.head_pitch += 0.12f;
    s_.tail_lift = 0.2f;
    s_.tail_wave = 0.2f;
  }

  void sit() {
    const float drop = std::min(0.60f, a_.body * 0.52f);
    const float low = a_.hips * 0.98f;
    const float high = std::max(shoulder_height(a_) * 1.0f, low + drop);
    const float rise = std::min(high - low, a_.body * 0.82f);
    const float along = exact::sqrt(std::max(a_.body * a_.body - rise * rise, 0.01f));
    const float breath = s_.shoulders.y - shoulder_height(a_);
    s_.shoulders = {a_.body * 0.36f, low + rise + breath, 0};
    s_.hips = {s_.shoulders.x - along, low, 0};
    s_.arch += 0.05f;
    for (size_t k = 0; k < 4; ++k) {
      const bool front = k < 2;
      const float side = k % 2 == 1 ? 1.0f : -1.0f;
      s_.paws[k].at = front ? Point{s_.shoulders.x + 0.06f, 0, side * a_.track * 0.85f}
                            : Point{s_.hips.x + 0.40f, 0, side * (a_.track + a_.thigh * 0.75f)};
    }
    s_.hock = 1;
    s_.neck += 0.15f;
    s_.head_pitch = -0.06f;
    s_.tail_lift = -0.15f;
    s_.tail_wave = 0.06f;
    s_.tail_wag += 0.25f * sin(seconds_ * 2.0f);
  }

  // Lies like a sphinx; `amount` 0 stands, 1 lies.
  void lie(float amount) {
    const float hips = exact::mix(s_.hips.y, a_.hips * 0.92f, amount);
    const float chest = exact::mix(s_.shoulders.y, a_.chest * 0.98f + 0.04f, amount);
    s_.hips.y = hips + 0.01f * sin(seconds_ * 2.1f) * amount;
    s_.shoulders.y = chest + 0.012f * sin(seconds_ * 2.1f + 0.5f) * amount;
    for (size_t k = 0; k < 4; ++k) {
      const bool front = k < 2;
      Point& at = s_.paws[k].at;
      const float side = k % 2 == 1 ? 1.0f : -1.0f;
      at.x += (front ? 0.34f : 0.36f) * amount;
      at.z += side * (front ? 0.02f : a_.thigh * 0.85f) * amount;
    }
    s_.hock = amount;
    s_.neck += 0.10f * amount;
    s_.tail_lift = -0.35f * amount;
    s_.tail_wave = exact::mix(s_.tail_wave, 0.05f, amount);
    s_.tail_wag += 0.35f * amount * sin(seconds_ * 1.3f);
    look(0.8f);
    s_.lids = std::max(s_.lids, 0.35f * amount);
  }

  void wave() {
    // With the paw on the viewer's side.
    const bool far_side = in_.look_yaw > 0;
    const float side = far_side ? 1.0f : -1.0f;
    Paw& paw = s_.paws[far_side ? 1 : 0];
    const float w = seconds_ * 7.0f;
    paw.at = {s_.shoulders.x + 0.34f, s_.shoulders.y + 0.16f + 0.07f * cos(w),
              side * (a_.track * 2.3f + 0.09f * sin(w))};
    paw.toe = -0.9f + 0.3f * sin(w);
    paw.planted = false;
    s_.head_yaw += in_.look_yaw * 0.7f;
    s_.head_roll += 0.16f * sin(seconds_ * 1.8f);
    s_.jaw = 0.35f;
  }

  // The muzzle goes to the ground; short-necked animals bend their front legs.
  void eat() {
    const float chew = sin(seconds_ * 7.5f);
    const float lifted = exact::smoothstep(0.80f, 0.90f, fract(seconds_ * 0.16f)) *
                         (1 - exact::smoothstep(0.93f, 1.0f, fract(seconds_ * 0.16f)));
    const float down = 1 - lifted;
    const float reach = a_.neck + a_.head * 0.4f;
    const float root = s_.shoulders.y + a_.chest * 0.2f;
    const float target = a_.head * 0.95f + a_.snout * 0.45f;
    const float sine = exact::clamp((target - root) / reach, -0.92f, 0.6f);
    const float angle = exact::atan2(sine, exact::sqrt(1 - sine * sine));
    const float missing = std::max(0.0f, root + reach * sine - target);
    s_.shoulders.y -= std::min(missing, 0.34f) * down;
    s_.neck += (angle - a_.neck_angle) * down;
    s_.head_pitch += (-0.75f + 0.05f * chew) * down;
    s_.jaw = (0.25f + 0.25f * chew) * (in_.action == Action::kEat ? 1.0f : 0.5f);
    s_.paws[0].at.x += 0.10f * down;
    s_.paws[1].at.x -= 0.08f * down;
    s_.ears += 0.3f;
    s_.tail_wag += 0.25f * sin(seconds_ * 2.6f);
  }

  // A play bow that bursts into small hops.
  void play() {
    const float cycle = fract(seconds_ / 2.8f);
    const float bow =
        exact::smoothstep(0.0f, 0.12f, cycle) * (1 - exact::smoothstep(0.46f, 0.54f, cycle));
    const float hop_time = exact::clamp((cycle - 0.52f) / 0.46f, 0, 1);
    const float hop = exact::abs(sin(hop_time * kTau)) * 0.30f;
    const float wiggle = sin(seconds_ * 9.0f) * bow;
    s_.shoulders.y += hop - bow * std::min(0.44f, shoulder_height(a_) * 0.60f);
    s_.hips.y += hop * 0.8f + 0.03f * bow;
    s_.hips.z += 0.045f * wiggle;
    for (size_t k = 0; k < 4; ++k) {
      const bool front = k < 2;
      Paw& paw = s_.paws[k];
      paw.at.x += front ? 0.26f * bow : 0.0f;
      paw.at.y += hop * (front ? 1.25f : 0.95f);
      paw.toe = hop * 2.2f;
      paw.planted = hop < 0.001f;
    }
    s_.neck += 0.18f * bow;
    s_.head_pitch += 0.24f * bow;
    s_.head_yaw += in_.look_yaw * 0.5f + 0.3f * sin(seconds_ * 2.1f);
    s_.head_roll += 0.22f * sin(seconds_ * 2.4f);
    s_.jaw = 0.5f;
    s_.ears = 0.8f - hop * 3;
    s_.tail_lift = 0.55f;
    s_.tail_wag += 0.75f * sin(seconds_ * 13.0f);
  }

  // Two bars of prancing, swaying and nodding.
  void dance() {
    const float beat = seconds_ * 2.0f;
    const float w = beat * exact::kPi;
    const float bounce = exact::abs(sin(w)) * 0.10f;
    s_.hips.y += bounce;
    s_.shoulders.y += exact::abs(sin(w + 0.5f)) * 0.13f;
    s_.hips.z += 0.09f * sin(w);
    s_.shoulders.z -= 0.07f * sin(w + 0.3f);
    s_.roll = 0.13f * sin(w);
    for (size_t k = 0; k < 4; ++k) {
      const float up = std::max(0.0f, sin(w + ((k == 0 || k == 3) ? 0.0f : exact::kPi)));
      s_.paws[k].at.y = 0.26f * up;
      s_.paws[k].at.x += 0.08f * up;
      s_.paws[k].toe = 0.9f * up;
      s_.paws[k].planted = up <= 0;
    }
    s_.neck += 0.14f * sin(2 * w);
    s_.head_pitch += 0.14f * sin(2 * w + 0.6f);
    s_.head_roll += 0.28f * sin(w + 0.4f);
    s_.head_yaw += in_.look_yaw * 0.6f + 0.18f * sin(w * 0.5f);
    s_.jaw = 0.45f;
    s_.ears = 0.5f + 0.4f * sin(2 * w);
    s_.turn = 0.30f * sin(w * 0.25f);
    s_.tail_lift = 0.5f;
    s_.tail_wag += 0.5f * sin(w);
  }

  const Anatomy& a_;
  const ClipInput& in_;
  BodyState s_;
  float seconds_ = 0;
};

}  // namespace

BodyState clip_state(const Anatomy& anatomy, const ClipInput& input) {
  return Clip(anatomy, input).run();
}

}  // namespace rushes::previz
