// Card: a sprite standing in the world for one moment. Always turned to the camera about the
// vertical; what it does (hop, waddle, breathe) happens in its own plane.
#pragma once

#include <array>

#include "previz/render/card/sprite.h"
#include "previz/render/scene.h"
#include "previz/scene/shot.h"

namespace rushes::previz {

struct Card {
  const Sprite* sprite = nullptr;
  int level = 0;                 // of the sprite, by its size on the screen
  Point foot;                    // a point of the plane: where it stands
  Point right, up, normal;       // orthonormal; the normal towards the camera
  Point towards_u, towards_top;  // unit: where the drawing's right and top point
  // Texture coordinates of a point a to the right and b above the foot: u = u0 + ua a + ub b.
  float u0 = 0, ua = 0, ub = 0, v0 = 0, va = 0, vb = 0;
  // Soft local movements: around (u, v) the drawing is shifted by (du, dv).
  struct Wiggle {
    float u = 0, v = 0, over_radius = 0, du = 0, dv = 0;
  };
  std::array<Wiggle, 2> wiggles;
  Point centre;  // of a sphere around it
  float bound = 0;
  float width_m = 1;       // of the whole sprite
  float above_ground = 0;  // of the foot
};

// `ground` is the height of the set's ground under the actor.
Card place_card(const Actor& actor, const Sprite& sprite, const IconAnchors& anchors, float ground,
                const Moment& now);

}  // namespace rushes::previz
