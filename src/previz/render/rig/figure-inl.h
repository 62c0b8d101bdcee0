// Packets of rays against a Figure: which bones they may meet, the distance field of those bones,
// and what the surface is like where they meet.
//
// A bone takes part for a lane if that lane's ray passes its bounding sphere. The choice is made
// per lane, so the answer does not depend on neighbours; whole bones are skipped where no lane
// wants them.
#if defined(RUSHES_PREVIZ_FIGURE_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef RUSHES_PREVIZ_FIGURE_INL_H_
#undef RUSHES_PREVIZ_FIGURE_INL_H_
#else
#define RUSHES_PREVIZ_FIGURE_INL_H_
#endif

#include "previz/render/rig/figure.h"
#include "previz/render/simd/noise-inl.h"

HWY_BEFORE_NAMESPACE();
namespace rushes::previz::HWY_NAMESPACE {

constexpr float kNowhere = 1e3f;  // farther than any figure is large

// The bones that some lane may meet, in their order, and for which lanes.
struct Touched {
  int count = 0;
  int bone[Figure::kBonesMax];
  Mask lanes[Figure::kBonesMax];
  Float from[Figure::kBonesMax], to[Figure::kBonesMax];  // of its sphere; set by touch()
  Float enter, leave;  // the stretch of the ray that lies in bounding spheres
  HWY_INLINE Touched() : enter(kFarAway), leave(0.0f) {}
};

// Lanes whose ray comes within `radius` of the centre before t_max; widens [enter, leave].
HWY_INLINE Mask meets_sphere(const Ray& ray, Point centre, float radius, Float t_max, Float& from,
                             Float& to) {
  const Vec3 to_centre = Vec3(centre) - ray.origin;
  const Float nearest = dot(to_centre, ray.direction);
  const Float inside = radius * radius - (dot(to_centre, to_centre) - nearest * nearest);
  const Float half = sqrt(max(inside, 0.0f));
  from = nearest - half;
  to = nearest + half;
  return (inside > 0.0f) & (to > 0.0f) & (from < t_max);
}

// `margin` widens every sphere: for soft shadows.
inline void touch(const Figure& figure, const Ray& ray, Float t_max, Mask wanted, float margin,
                  Touched& out) {
  Float from, to;
  wanted = wanted & meets_sphere(ray, figure.centre, figure.bound + margin, t_max, from, to);
  if (none(wanted)) return;
  for (int g = 0; g < figure.group_count; ++g) {
    const Group& group = figure.groups[static_cast<size_t>(g)];
    const Mask lanes =
        wanted & meets_sphere(ray, group.centre, group.bound + margin, t_max, from, to);
    if (none(lanes)) continue;
    for (int i = group.first; i < group.first + group.count; ++i) {
      const Bone& bone = figure.bones[static_cast<size_t>(i)];
      const Mask near =
          lanes & meets_sphere(ray, bone.centre, bone.bound + margin, t_max, from, to);
      if (none(near)) continue;
      out.bone[out.count] = i;
      out.from[out.count] = from;
      out.to[out.count] = to;
      out.lanes[out.count++] = near;
      out.enter = select(near, min(out.enter, from), out.enter);
      out.leave = select(near, max(out.leave, to), out.leave);
    }
  }
}

// The bones within `margin` of a point.
inline void touch_near(const Figure& figure, Vec3 p, Mask wanted, float margin, Touched& out) {
  auto within = [&](Point centre, float radius) HWY_ATTR {
    const Vec3 v = p - Vec3(centre);
    return dot(v, v) < radius * radius;
  };
  for (int g = 0; g < figure.group_count; ++g) {
    const Group& group = figure.groups[static_cast<size_t>(g)];
    const Mask lanes = wanted & within(group.centre, group.bound + margin);
    if (none(lanes)) continue;
    for (int i = group.first; i < group.first + group.count; ++i) {
      const Bone& bone = figure.bones[static_cast<size_t>(i)];
      const Mask near = lanes & within(bone.centre, bone.bound + margin);
      if (none(near)) continue;
      out.bone[out.count] = i;
      out.lanes[out.count++] = near;
    }
  }
}

HWY_INLINE Float box_distance(const Bone& bone, Vec3 v) {
  const Vec3 local(abs(dot(v, Vec3(bone.frame.forward))) - bone.half.x,
                   abs(dot(v, Vec3(bone.frame.up))) - bone.half.y,
                   abs(dot(v, Vec3(bone.frame.side))) - bone.half.z);
  const Vec3 outside(max(local.x, 0.0f), max(local.y, 0.0f), max(local.z, 0.0f));
  const Float inside = min(max(local.x, max(local.y, local.z)), 0.0f);
  return length(outside) + inside - bone.radius;
}

HWY_INLINE Float bone_distance(const Bone& bone, Vec3 p) {
  const Vec3 v = p - Vec3(bone.a);
  if (bone.is_box) return box_distance(bone, v);
  const Float along = saturate(dot(v, Vec3(bone.axis_over)));
  Vec3 off = v - Vec3(bone.axis) * along;
  if (bone.flatness > 0.0f) {
    const Vec3 flat(bone.flat);
    off = off + flat * (dot(off, flat) * bone.flatness);
  }
  return (length(off) - (bone.radius + bone.taper * along)) * bone.caution;
}

// The minimum of two distances with a fillet of width k.
HWY_INLINE Float melt(Float a, Float b, float k) {
  const Float h = max(k - abs(a - b), 0.0f) * (1.0f / k);
  return min(a, b) - h * h * (k * 0.25f);
}

inline Float figure_distance(const Figure& figure, const Touched& touched, Vec3 p) {
  Float d(kNowhere);
  for (int i = 0; i < touched.count; ++i) {
    const Bone& bone = figure.bones[static_cast<size_t>(touched.bone[i])];
    const Float own = select(touched.lanes[i], bone_distance(bone, p), kNowhere);
    d = bone.blend > 0.0f ? melt(d, own, bone.blend) : min(d, own);
  }
  return d;
}

// The same on a ray, where a bone counts only between entering and leaving its sphere: elsewhere it
// is farther away than any fillet reaches. `gap` becomes the way to the next sphere ahead, which a
// step must not jump over.
inline Float figure_distance_on(const Figure& figure, const Touched& touched, const Ray& ray,
                                Float t, Mask active, Float& gap) {
  const Vec3 p = ray.at(t);
  const Float least = 0.0005f * figure.unit_m;
  Float d(kNowhere);
  gap = Float(kNowhere);
  for (int i = 0; i < touched.count; ++i) {
    const Mask lanes = active & touched.lanes[i] & (t < touched.to[i]);
    if (none(lanes)) continue;
    const Mask ahead = lanes & (t < touched.from[i]);
    gap = select(ahead, min(gap, touched.from[i] - t + least), gap);
    const Mask within = lanes & ~ahead;
    if (none(within)) continue;
    const Bone& bone = figure.bones[static_cast<size_t>(touched.bone[i])];
    const Float own = select(within, bone_distance(bone, p), kNowhere);
    d = bone.blend > 0.0f ? melt(d, own, bone.blend) : min(d, own);
  }
  return d;
}

// Distance along the ray to the figure, kFarAway where it is missed.
inline Float trace_figure(const Figure& figure, const Ray& ray, Float t_max, Mask wanted) {
  Touched touched;
  touch(figure, ray, t_max, wanted, 0.0f, touched);
  if (touched.count == 0) return kFarAway;
  const Float end = min(touched.leave, t_max);
  Float t = max(touched.enter, 0.02f);
  Mask active = wanted & (t < end);
  Mask hit = no_lanes();
  for (int step = 0; step < 48 && any(active); ++step) {
    Float gap;
    const Float d = figure_distance_on(figure, touched, ray, t, active, gap);
    const Mask reached = active & (d < t * 0.0006f + 0.0004f * figure.unit_m);
    hit = hit | reached;
    active = active & ~reached;
    t = select(active, t + min(d, gap), t);
    active = active & (t < end);
  }
  // Rays that graze the surface run out of steps close to it.
  if (any(active)) {
    const Float d = figure_distance(figure, touched, ray.at(t));
    hit = hit | (active & (d < t * 0.0012f + 0.001f * figure.unit_m));
  }
  return select(hit, t, kFarAway);
}

// Light that passes the figure from p towards the sun: 0..1, with a penumbra.
inline Float pass_figure(const Figure& figure, Vec3 p, Point to_sun, Mask wanted, float sharpness) {
  const Ray ray{p, Vec3(to_sun)};
  Touched touched;
  touch(figure, ray, Float(kFarAway), wanted, figure.bound * 0.08f, touched);
  if (touched.count == 0) return 1.0f;
  Float t = max(touched.enter, 0.01f * figure.unit_m);
  Float passed(1.0f);
  Mask active = wanted & (t < touched.leave);
  for (int step = 0; step < 28 && any(active); ++step) {
    Float gap;
    const Float d = figure_distance_on(figure, touched, ray, t, active, gap);
    passed = select(active, min(passed, sharpness * max(d, 0.0f) / t), passed);
    t = select(active, t + max(min(d, gap), 0.012f * figure.unit_m), t);
    active = active & (t < touched.leave) & (passed > 0.004f);
  }
  passed = saturate(passed);
  return passed * passed * (3.0f - 2.0f * passed);
}

// Everything a shader wants to know about a point of the surface. Regions are weights 0..1.
struct Skin {
  Vec3 normal, rest;  // rest: coat space
  Float head, front, hind, tail;
  Float material;  // of the enum, as a number
  Vec3 tint;
  HWY_INLINE Skin()
      : normal(Float(0.0f)),
        rest(Float(0.0f)),
        head(0.0f),
        front(0.0f),
        hind(0.0f),
        tail(0.0f),
        material(0.0f),
        tint(Float(1.0f)) {}
};

HWY_INLINE Vec3 bone_gradient(const Bone& bone, Vec3 v) {
  if (bone.is_box) {
    const Float x = dot(v, Vec3(bone.frame.forward)), y = dot(v, Vec3(bone.frame.up));
    const Float z = dot(v, Vec3(bone.frame.side));
    // Outwards from the inner box; on a face that is its normal.
    const Float ox = x - clamp(x, -bone.half.x, bone.half.x);
    const Float oy = y - clamp(y, -bone.half.y, bone.half.y);
    const Float oz = z - clamp(z, -bone.half.z, bone.half.z);
    return Vec3(bone.frame.forward) * ox + Vec3(bone.frame.up) * oy + Vec3(bone.frame.side) * oz;
  }
  const Float free = dot(v, Vec3(bone.axis_over));
  const Float along = saturate(free);
  const Vec3 flat(bone.flat);
  Vec3 off = v - Vec3(bone.axis) * along;
  off = off + flat * (dot(off, flat) * bone.flatness);
  Vec3 g = off * reciprocal_sqrt(max(dot(off, off), 1e-12f));
  g = g + flat * (dot(g, flat) * bone.flatness);
  const Mask inside = (free > 0.0f) & (free < 1.0f);
  return g - Vec3(bone.axis_over) * select(inside, Float(bone.taper), Float(0.0f));
}

// One pass over the bones near p: distance, its gradient and the coat's coordinates melt into each
// other with the same weights as the shapes do.
inline Skin skin_at(const Figure& figure, const Touched& touched, Vec3 p) {
  Skin s;
  Float d(kNowhere);
  for (int i = 0; i < touched.count; ++i) {
    const Bone& bone = figure.bones[static_cast<size_t>(touched.bone[i])];
    const Float own = select(touched.lanes[i], bone_distance(bone, p), kNowhere);
    const Mask nearer = own < d;
    Float weight;  // of this bone
    if (bone.blend > 0.0f) {
      const Float h = max(bone.blend - abs(d - own), 0.0f) * (0.5f / bone.blend);
      weight = select(nearer, 1.0f - h, h);
      d = melt(d, own, bone.blend);
    } else {
      weight = select(nearer, Float(1.0f), Float(0.0f));
      d = min(d, own);
    }
    if (none(weight > 0.0f)) continue;
    const Vec3 v = p - Vec3(bone.a);
    s.normal = mix(s.normal, normalize(bone_gradient(bone, v)), weight);
    const float over = 1.0f / figure.unit_m;
    const Vec3 rest = Vec3(dot(v, Vec3(bone.frame.forward)), dot(v, Vec3(bone.frame.up)),
                           dot(v, Vec3(bone.frame.side))) *
                          over +
                      Vec3(bone.rest);
    s.rest = mix(s.rest, rest, weight);
    auto region = [&](Float& value, Region which) HWY_ATTR {
      value = mix(value, Float(bone.region == which ? 1.0f : 0.0f), weight);
    };
    region(s.head, Region::kHead);
    region(s.front, Region::kFrontLeg);
    region(s.hind, Region::kHindLeg);
    region(s.tail, Region::kTail);
    const Mask takes = weight > 0.5f;
    s.material = select(takes, Float(static_cast<float>(bone.material)), s.material);
    s.tint = select(takes, Vec3(bone.tint), s.tint);
  }
  s.normal = normalize(s.normal);
  return s;
}

}  // namespace rushes::previz::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // RUSHES_PREVIZ_FIGURE_INL_H_
