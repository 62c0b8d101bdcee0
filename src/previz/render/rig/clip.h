// Clips: what an animal does, as positions of hips, shoulders, head and paws over time. Pure
// functions of time; skeleton.h dresses the result with bones. Units: withers' heights; x forward,
// y up, z to the side (that of the world's +z for an animal facing +x); the origin is the point on
// the ground under the middle of the trunk.
#pragma once

#include <array>

#include "previz/math/vector.h"
#include "previz/render/rig/anatomy.h"
#include "previz/scene/scene.h"

namespace rushes::previz {

struct ClipInput {
  Action action = Action::kIdle;
  float speed = 0;      // withers' heights a second along the heading, in the shot's own time
  float travelled = 0;  // withers' heights since the shot began
  float seconds = 0;    // of the shot's own time
  float phase = 0;      // 0..1: the individual's place in the cycle
  uint32_t seed = 0;
  float look_yaw = 0;  // towards the camera, radians, of what the head may follow
  float unit_m = 1;    // metres per withers' height: small animals move faster
};

// 0, 1: front; 2, 3: hind; odd ones at +z.
struct Paw {
  Point at;              // the sole
  float toe = 0;         // radians: how far the paw hangs down
  bool planted = false;  // on the ground, moving back exactly as fast as the animal moves on
};

struct BodyState {
  Point hips, shoulders;  // joints of the trunk
  float arch = 0;         // of the spine, upwards
  float roll = 0;
  float neck = 0;                                     // added to the neck's angle
  float head_pitch = 0, head_yaw = 0, head_roll = 0;  // pitch is against the horizontal
  std::array<Paw, 4> paws;
  float hock = 0;  // 0: hind feet on their toes, 1: the whole foot on the ground
  float jaw = 0;   // 0 closed .. 1 open
  float ears = 0;  // -1 laid back .. 1 pricked
  float lids = 0;  // 0 open .. 1 closed
  float tail_lift = 0, tail_wag = 0, tail_wave = 0, tail_phase = 0;
  float turn = 0;  // added to the heading
};

// How paws take turns. Lengths in withers' heights.
struct Gait {
  float stride = 0;  // length of a cycle
  float duty = 1;    // part of the cycle that a paw is on the ground
  std::array<float, 4> offset{};
  float lift = 0;  // of a paw in swing
};

BodyState clip_state(const Anatomy& anatomy, const ClipInput& input);

}  // namespace rushes::previz
