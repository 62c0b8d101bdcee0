// Anatomy: the proportions of a four-legged animal. Lengths are fractions of the height of its
// withers, so that one set of clips moves them all; real sizes are scene/species.h's. Heads and
// eyes are a little larger than life, as in a picture book.
#pragma once

#include <string_view>

#include "previz/render/rig/coat.h"

namespace rushes::previz {

enum class Ears : uint8_t { kPointed, kRound, kFloppy, kLong, kSideways, kFan };

struct Anatomy {
  std::string_view name;
  // Torso: radii at shoulders, belly, hips; `width` is sideways thickness / depth.
  float body = 1.15f, chest = 0.24f, belly = 0.22f, hips = 0.23f, width = 0.85f;
  float rump = 1.0f;  // height of the hips' top
  float hump = 0;     // over the shoulders
  // Neck: from the chest, `neck_angle` above the horizontal.
  float neck = 0.3f, neck_angle = 0.7f, neck_root = 0.17f, neck_tip = 0.13f;
  // Head.
  float head = 0.2f, head_width = 1.0f, cheek = 0.5f;
  float snout = 0.2f, snout_root = 0.11f, snout_tip = 0.05f, snout_drop = 0.05f;
  float nose = 0.7f;  // of snout_tip
  Ears ears = Ears::kPointed;
  float ear = 0.15f, ear_width = 0.07f;
  float eye = 0.04f, eye_side = 0.62f, eye_up = 0.16f, eye_forward = 0.70f;  // of head, but `eye`
  // Legs: thickness; `track` is half the distance between left and right.
  float thigh = 0.12f, shoulder = 0.10f, shin = 0.06f, ankle = 0.045f, paw = 0.06f, track = 0.13f;
  bool hooves = false;
  // Tail: radii at root, middle, tip; angle above the backward horizontal; curl over its length.
  float tail = 0.8f, tail_root = 0.05f, tail_middle = 0.06f, tail_tip = 0.03f;
  float tail_angle = -0.3f, tail_curl = 0.5f;
  // Extras: 0 for none.
  float mane = 0, antlers = 0, horns = 0, trunk = 0, tuft = 0, ruff = 0;
  Coat coat;
};

// Null for a name that find_species() does not know.
const Anatomy* find_anatomy(std::string_view species);

}  // namespace rushes::previz
