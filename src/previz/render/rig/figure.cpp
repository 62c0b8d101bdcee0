#include "previz/render/rig/figure.h"

#include <algorithm>

#include "base/check.h"

namespace rushes::previz {

Frame operator*(const Frame& outer, const Frame& inner) {
  return {outer(inner.forward), outer(inner.up), outer(inner.side)};
}

Frame turned(float pitch, float yaw, float roll) {
  const float cp = exact::cos(pitch), sp = exact::sin(pitch);
  const float cy = exact::cos(yaw), sy = exact::sin(yaw);
  const float cr = exact::cos(roll), sr = exact::sin(roll);
  const Frame nose{{cp, sp, 0}, {-sp, cp, 0}, {0, 0, 1}};
  const Frame heading{{cy, 0, sy}, {0, 1, 0}, {-sy, 0, cy}};
  const Frame tilt{{1, 0, 0}, {0, cr, sr}, {0, -sr, cr}};
  return heading * (nose * tilt);
}

void Figure::clear() {
  bone_count = 0;
  group_count = 0;
  eye_radius = 0;
  foot_radius = 0;
  belly_radius = 0;
}

void Figure::begin_group() {
  if (group_count > 0) {
    Group& last = groups[static_cast<size_t>(group_count - 1)];
    last.count = bone_count - last.first;
    if (last.count == 0) return;
  }
  RUSHES_CHECK(group_count < static_cast<int>(kGroupsMax));
  groups[static_cast<size_t>(group_count++)] = {bone_count, 0, {}, 0};
}

Bone& Figure::capsule(Point a, Point b, float radius_a, float radius_b, float blend) {
  RUSHES_CHECK(bone_count < static_cast<int>(kBonesMax));
  Bone& bone = bones[static_cast<size_t>(bone_count++)];
  bone = Bone();
  bone.a = a;
  bone.axis = b - a;
  const float square = dot(bone.axis, bone.axis);
  bone.axis_over = square > 1e-10f ? bone.axis * (1 / square) : Point{};
  bone.radius = radius_a;
  bone.taper = radius_b - radius_a;
  if (square > 1e-10f) {
    const float slope = bone.taper * bone.taper / square;
    bone.caution = 1 / exact::sqrt(1 + std::min(slope, 4.0f));
  }
  bone.blend = blend;
  return bone;
}

Bone& Figure::box(Point middle, const Frame& frame, Point half, float edge) {
  Bone& bone = capsule(middle, middle, edge, edge, 0);
  bone.is_box = true;
  bone.frame = frame;
  bone.half = {std::max(half.x - edge, 0.0f), std::max(half.y - edge, 0.0f),
               std::max(half.z - edge, 0.0f)};
  return bone;
}

void Figure::flatten(Point across, float thickness) {
  Bone& bone = bones[static_cast<size_t>(bone_count - 1)];
  bone.flat = across;
  bone.flatness = 1 / thickness - 1;
  bone.caution *= thickness;
}

namespace {

// The sphere around two spheres.
void enclose(Point& centre, float& bound, Point other, float other_bound) {
  const Point between = other - centre;
  const float apart = length(between);
  if (apart + other_bound <= bound) return;
  if (apart + bound <= other_bound) {
    centre = other;
    bound = other_bound;
    return;
  }
  const float wide = (apart + bound + other_bound) * 0.5f;
  centre = centre + between * ((wide - bound) / apart);
  bound = wide;
}

}  // namespace

void Figure::finish() {
  for (int i = 0; i < bone_count; ++i) {
    Bone& bone = bones[static_cast<size_t>(i)];
    const float widest = std::max(bone.radius, bone.radius + bone.taper);
    bone.centre = bone.a + bone.axis * 0.5f;
    bone.bound = bone.is_box ? length(bone.half) + bone.radius : length(bone.axis) * 0.5f + widest;
  }
  // A fillet reaches as far from a bone as it is wide: its own, or that of a later bone beside it.
  std::array<float, kBonesMax> reach{};
  for (int i = 0; i < bone_count; ++i) {
    const Bone& bone = bones[static_cast<size_t>(i)];
    float& widest = reach[static_cast<size_t>(i)];
    widest = bone.blend;
    for (int j = i + 1; j < bone_count; ++j) {
      const Bone& later = bones[static_cast<size_t>(j)];
      if (later.blend <= widest) continue;
      const float apart = bone.bound + later.bound + later.blend;
      const Point between = later.centre - bone.centre;
      if (dot(between, between) < apart * apart) widest = later.blend;
    }
  }
  for (int i = 0; i < bone_count; ++i) {
    bones[static_cast<size_t>(i)].bound += reach[static_cast<size_t>(i)];
  }
  if (group_count > 0) {
    Group& last = groups[static_cast<size_t>(group_count - 1)];
    last.count = bone_count - last.first;
    if (last.count == 0) --group_count;
  }
  for (int g = 0; g < group_count; ++g) {
    Group& group = groups[static_cast<size_t>(g)];
    const Bone& first = bones[static_cast<size_t>(group.first)];
    group.centre = first.centre;
    group.bound = first.bound;
    for (int i = 1; i < group.count; ++i) {
      const Bone& bone = bones[static_cast<size_t>(group.first + i)];
      enclose(group.centre, group.bound, bone.centre, bone.bound);
    }
    if (g == 0) {
      centre = group.centre;
      bound = group.bound;
    } else {
      enclose(centre, bound, group.centre, group.bound);
    }
  }
}

}  // namespace rushes::previz
