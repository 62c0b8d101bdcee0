// Figure: a posed body made of bones (tapered capsules and rounded boxes in world space), ready to
// be sphere-traced. Made anew for every moment by pose code (rig/) or a prop (prop/); read by rays.
//
// Bones lie in groups with bounding spheres, so that a ray looks only at what it can meet. Where
// flesh bones come close they melt into each other; hard bones (eyes, hats, boards) do not.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "previz/math/vector.h"
#include "previz/render/rig/coat.h"

namespace rushes::previz {

// An orthonormal frame: forward, up, and `side` = the third axis of a left-handed x, y, z.
struct Frame {
  Point forward{1, 0, 0}, up{0, 1, 0}, side{0, 0, 1};

  Point operator()(Point local) const { return forward * local.x + up * local.y + side * local.z; }
  Point inverse(Point world) const {
    return {dot(world, forward), dot(world, up), dot(world, side)};
  }
};
Frame operator*(const Frame& outer, const Frame& inner);
// Turned about the side axis (nose up), then the up axis (towards side), then rolled.
Frame turned(float pitch, float yaw, float roll);

// What a surface is made of. Fur takes its colour from the coat; the others are plain.
enum class Material : uint8_t {
  kFur,
  kEye,
  kNose,
  kHorn,
  kHoof,
  kHair,
  kPlastic,
  kGlass,
  kCloth,
  kGold,
  kWood,
  kStripes,
  kBall,
  kStone,
  kFlame,
};

// Which region of the coat a bone belongs to.
enum class Region : uint8_t { kTorso, kHead, kFrontLeg, kHindLeg, kTail };

struct Bone {
  Point a;             // start (capsule) or centre (box)
  Point axis;          // to the end
  Point axis_over;     // axis / |axis|^2; zero for a ball
  float radius = 0;    // at the start; of the box's edges
  float taper = 0;     // radius at the end minus at the start
  Point flat;          // unit: the direction in which the bone is flattened
  float flatness = 0;  // 1 / (thickness) - 1; 0 for a round one
  float caution = 1;   // distances are scaled by this so that a step never goes too far
  float blend = 0;     // width of the fillet with what came before; 0: a hard union
  bool is_box = false;
  Point half;  // of the box, without its edges' radius
  Material material = Material::kFur;
  Region region = Region::kTorso;
  Point tint{1, 1, 1};  // of plain materials, linear
  // Coat space: rest + frame.inverse(p - a) * (1 / scale of the figure).
  Frame frame;
  Point rest;
  // Bounding sphere.
  Point centre;
  float bound = 0;
};

struct Group {
  int first = 0, count = 0;
  Point centre;
  float bound = 0;
};

struct Figure {
  static constexpr size_t kBonesMax = 96;
  static constexpr size_t kGroupsMax = 12;

  std::array<Bone, kBonesMax> bones;
  std::array<Group, kGroupsMax> groups;
  int bone_count = 0, group_count = 0;
  Point centre;  // of a sphere around everything
  float bound = 0;
  float unit_m = 1;  // metres per unit of coat space
  const Coat* coat = nullptr;
  uint32_t seed = 0;
  std::array<Point, 2> eyes;
  Frame head;
  Point head_at;
  float eye_radius = 0;  // 0: no eyes
  float lids = 0;        // 0 open .. 1 closed
  std::array<Point, 4> feet;
  float foot_radius = 0;  // 0: none
  Point belly;            // centre of the mass above the ground, for its soft shadow
  float belly_radius = 0;

  // Empties the figure for the next moment.
  void clear();
  // Bones up to the next call form a group.
  void begin_group();
  // Adds a bone with its bounds; more than kBonesMax are a broken invariant.
  Bone& capsule(Point a, Point b, float radius_a, float radius_b, float blend);
  Bone& ball(Point middle, float radius, float blend) {
    return capsule(middle, middle, radius, radius, blend);
  }
  Bone& box(Point middle, const Frame& frame, Point half, float edge);
  // Flattens the last bone to `thickness` (0..1] of its width along the unit vector `across`.
  void flatten(Point across, float thickness);
  // Computes all bounds. Call when every bone is in place.
  void finish();
};

}  // namespace rushes::previz
