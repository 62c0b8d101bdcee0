// Paints a coat: the colour of a point in coat space. Patterns are fitted to the proportions that
// the coat carries, so that one raccoon's mask sits on every raccoon's eyes.
#if defined(RUSHES_PREVIZ_COAT_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef RUSHES_PREVIZ_COAT_INL_H_
#undef RUSHES_PREVIZ_COAT_INL_H_
#else
#define RUSHES_PREVIZ_COAT_INL_H_
#endif

#include "previz/render/rig/figure-inl.h"

HWY_BEFORE_NAMESPACE();
namespace rushes::previz::HWY_NAMESPACE {

// Coordinates that patterns are drawn in.
struct CoatPoint {
  Vec3 rest;
  Float up;  // normal's y in the world: what is back and what is belly
  Float head, leg, front, tail;
  Vec3 face;         // head coordinates / head radius
  Float along_tail;  // 0 root .. 1 tip
  Float leg_height;  // 0 sole .. 1 joint
  Float hair;        // fine noise, -0.5 .. 0.5
  Float blotch;      // coarse noise, 0 .. 1
  HWY_INLINE CoatPoint() {}
};

HWY_INLINE CoatPoint coat_point(const Coat& coat, const Skin& s, Float hair, Float blotch) {
  CoatPoint c;
  c.rest = s.rest;
  c.up = s.normal.y;
  // Where head and neck melt, the coordinates of the face mean nothing.
  c.head = smoothstep(0.55f, 0.95f, s.head);
  c.front = s.front;
  c.leg = s.front + s.hind;
  c.tail = s.tail;
  c.face = s.rest * (1.0f / coat.head_radius);
  c.along_tail = s.rest.x * (-1.0f / coat.tail_length);
  c.leg_height = s.rest.y * (1.0f / coat.leg_length);
  c.hair = hair;
  c.blotch = blotch;
  return c;
}

HWY_INLINE void dye(Vec3& fur, Point colour, Float amount) {
  fur = mix(fur, Vec3(colour), saturate(amount));
}

// Dark mask across the eyes, light brows and muzzle, ringed tail.
inline void paint_raccoon(const Coat& coat, const CoatPoint& c, Vec3& fur) {
  const Vec3 f = c.face;
  const Float side = abs(f.z);
  const Float muzzle = smoothstep(0.62f, 0.95f, f.x) * smoothstep(0.10f, -0.20f, f.y);
  const Float brow =
      smoothstep(0.16f, 0.05f, abs(f.y - 0.40f + side * 0.22f)) * smoothstep(0.30f, 0.60f, f.x);
  const Float cheek = smoothstep(-0.30f, -0.46f, f.y) * smoothstep(-0.5f, 0.1f, f.x);
  dye(fur, coat.light, c.head * max(max(muzzle, brow * 0.95f), cheek * 0.75f));
  // The mask slants down and back from the bridge of the nose.
  const Float slant = f.y - 0.10f + (side - 0.30f) * 0.42f;
  const Float mask = smoothstep(0.25f, 0.15f, abs(slant)) *
                     smoothstep(0.18f, 0.42f, f.x + side * 0.3f) * smoothstep(0.05f, 0.16f, side);
  dye(fur, coat.marking, c.head * mask);
  const Float stripe = smoothstep(0.10f, 0.05f, side) * smoothstep(0.45f, 0.70f, f.x) *
                       smoothstep(-0.15f, 0.05f, f.y) * smoothstep(0.75f, 0.45f, f.y);
  dye(fur, coat.marking, c.head * stripe * 0.75f);
  const Float rings = c.along_tail * 5.4f + c.hair * 0.16f;
  const Float ring = smoothstep(0.26f, 0.17f, abs(fract(rings) - 0.62f));
  const Float tip = smoothstep(0.90f, 0.95f, c.along_tail);
  dye(fur, coat.marking, c.tail * max(ring, tip) * smoothstep(0.02f, 0.10f, c.along_tail));
}

// White cheeks, bib and tail tip, black stockings and ear backs.
inline void paint_fox(const Coat& coat, const CoatPoint& c, Vec3& fur) {
  const Vec3 f = c.face;
  const Float side = abs(f.z);
  const Float below = f.y + 0.16f - side * 0.10f + c.hair * 0.12f;
  dye(fur, coat.light, c.head * smoothstep(0.04f, -0.10f, below) * smoothstep(-0.55f, -0.15f, f.x));
  const Float torso = saturate(1.0f - c.head - c.leg - c.tail);
  const Float bib =
      smoothstep(0.05f, -0.35f, c.up + c.hair * 0.3f) *
      smoothstep(coat.body_half_length * 0.45f, coat.body_half_length * 0.85f, c.rest.x);
  dye(fur, coat.light, torso * bib);
  dye(fur, coat.light, c.tail * smoothstep(0.74f, 0.84f, c.along_tail + c.hair * 0.10f));
  dye(fur, coat.marking, c.tail * smoothstep(0.16f, 0.0f, abs(c.along_tail - 0.64f)) * 0.22f);
  const Float ear_back =
      smoothstep(1.05f, 1.35f, f.y) * smoothstep(0.10f, -0.25f, f.x + (f.y - 0.7f) * 0.10f);
  dye(fur, coat.marking, c.head * ear_back * 0.9f);
}

inline void paint_wolf(const Coat& coat, const CoatPoint& c, Vec3& fur) {
  const Vec3 f = c.face;
  dye(fur, coat.light, c.head * smoothstep(-0.05f, -0.30f, f.y + c.hair * 0.2f) * 0.9f);
  const Float saddle = smoothstep(0.15f, 0.75f, c.up + (c.blotch - 0.5f) * 0.8f);
  dye(fur, coat.back, (1.0f - c.head) * (1.0f - c.leg) * saddle * 0.75f);
  dye(fur, coat.back, c.tail * smoothstep(0.72f, 0.95f, c.along_tail) * 0.9f);
  dye(fur, coat.back, c.head * smoothstep(0.25f, 0.65f, f.y) * 0.6f);
}

// Bands across the body, rings on legs and tail, an M on the brow.
inline void paint_tabby(const Coat& coat, const CoatPoint& c, Vec3& fur) {
  const Vec3 f = c.face;
  const Float side = abs(f.z);
  dye(fur, coat.light, c.head * smoothstep(0.62f, 0.85f, f.x) * smoothstep(-0.08f, -0.24f, f.y));
  dye(fur, coat.light, c.head * smoothstep(-0.50f, -0.75f, f.y) * 0.8f);
  const Float warp = (c.blotch - 0.5f) * 1.1f;
  const Float torso = saturate(1.0f - c.head - c.leg - c.tail);
  const Float bands = sin_fast(c.rest.x * 25.0f + warp * 3.2f + abs(c.rest.z) * 3.0f);
  dye(fur, coat.marking,
      torso * smoothstep(0.10f, 0.62f, bands) * smoothstep(-0.75f, -0.15f, c.up) * 0.85f);
  dye(fur, coat.marking,
      c.leg * smoothstep(0.35f, 0.75f, sin_fast(c.leg_height * 30.0f + warp)) *
          smoothstep(0.10f, 0.25f, c.leg_height) * 0.7f);
  dye(fur, coat.marking,
      c.tail * smoothstep(0.20f, 0.60f, sin_fast(c.along_tail * 48.0f + warp)) * 0.8f);
  const Float brow = smoothstep(0.20f, 0.50f, sin_fast(side * 16.0f + 1.5f + f.x)) *
                     smoothstep(0.30f, 0.46f, f.y) * smoothstep(1.0f, 0.80f, f.y);
  const Float cheek = smoothstep(0.45f, 0.70f, sin_fast(f.y * 17.0f + f.x * 5.0f)) *
                      smoothstep(0.62f, 0.80f, side) * smoothstep(0.30f, 0.10f, f.y);
  dye(fur, coat.marking, c.head * max(brow, cheek) * 0.75f);
}

inline void paint_patches(const Coat& coat, const CoatPoint& c, Vec3& fur) {
  const Float torso = saturate(1.0f - c.head - c.leg);
  const Float patch = smoothstep(0.50f, 0.56f, c.blotch + c.hair * 0.04f);
  const Vec3 f = c.face;
  dye(fur, coat.marking, torso * patch * smoothstep(-0.95f, -0.6f, c.up));
  dye(fur, coat.light,
      c.head * smoothstep(0.30f, 0.16f, abs(f.z)) * smoothstep(0.1f, 0.5f, f.x) * 0.95f);
  dye(fur, coat.light, c.head * smoothstep(0.65f, 0.95f, f.x) * smoothstep(0.15f, -0.10f, f.y));
  const Float eye_patch = smoothstep(0.28f, 0.36f, abs(f.z)) * smoothstep(-0.62f, -0.35f, f.y);
  dye(fur, coat.marking, c.head * eye_patch * 0.92f);
}

// A blaze down the face; mane and tail have their own bones.
inline void paint_horse(const Coat& coat, const CoatPoint& c, Vec3& fur) {
  const Vec3 f = c.face;
  const Float side = abs(f.z);
  const Float width = 0.13f + 0.10f * smoothstep(1.0f, 2.0f, f.x);
  const Float blaze = smoothstep(0.05f, -0.03f, side - width) * smoothstep(0.25f, 0.55f, f.x) *
                      smoothstep(-0.9f, -0.5f, f.y + f.x * 0.45f);
  dye(fur, coat.light, c.head * blaze);
  dye(fur, coat.marking, c.head * smoothstep(2.1f, 2.7f, f.x) * (1.0f - blaze) * 0.6f);
}

inline void paint_tiger(const Coat& coat, const CoatPoint& c, Vec3& fur) {
  const Vec3 f = c.face;
  const Float side = abs(f.z);
  dye(fur, coat.light, c.head * smoothstep(0.55f, 0.80f, f.x) * smoothstep(-0.02f, -0.20f, f.y));
  dye(fur, coat.light, c.head * smoothstep(-0.35f, -0.60f, f.y));
  dye(fur, coat.light,
      c.head * smoothstep(0.20f, 0.12f, abs(f.y - 0.46f)) *
          smoothstep(0.22f, 0.14f, abs(side - 0.42f)) * smoothstep(0.5f, 0.7f, f.x));
  const Float torso = saturate(1.0f - c.head - c.leg - c.tail);
  const Float warp = (c.blotch - 0.5f) * 2.6f;
  const Float wave = sin_fast(c.rest.x * 19.0f + warp + c.rest.y * 2.5f);
  const Float thin = 0.45f + 0.35f * smoothstep(0.6f, -0.7f, c.up);
  dye(fur, coat.marking, torso * smoothstep(thin, thin + 0.18f, wave));
  dye(fur, coat.marking,
      c.leg * smoothstep(0.55f, 0.78f, sin_fast(c.leg_height * 21.0f + warp)) *
          smoothstep(0.12f, 0.3f, c.leg_height));
  dye(fur, coat.marking,
      c.tail * max(smoothstep(0.25f, 0.55f, sin_fast(c.along_tail * 46.0f)),
                   smoothstep(0.90f, 0.95f, c.along_tail)));
  const Float brow = smoothstep(0.45f, 0.72f, sin_fast(f.y * 15.0f + side * 5.0f + warp * 0.5f)) *
                     smoothstep(0.30f, 0.45f, f.y);
  const Float cheek = smoothstep(0.50f, 0.75f, sin_fast(f.x * 13.0f - f.y * 8.0f)) *
                      smoothstep(0.72f, 0.85f, side) * smoothstep(0.30f, 0.10f, f.y);
  dye(fur, coat.marking, c.head * max(brow, cheek));
}

inline void paint_lion(const Coat& coat, const CoatPoint& c, Vec3& fur) {
  const Vec3 f = c.face;
  dye(fur, coat.light, c.head * smoothstep(0.55f, 0.85f, f.x) * smoothstep(-0.05f, -0.25f, f.y));
  dye(fur, coat.light, c.head * smoothstep(-0.30f, -0.6f, f.y) * 0.7f);
}

// Deer and rabbits: light rings around the eyes, white under the tail.
inline void paint_deer(const Coat& coat, const CoatPoint& c, Vec3& fur) {
  const Vec3 f = c.face;
  dye(fur, coat.light, c.head * smoothstep(-0.25f, -0.50f, f.y + c.hair * 0.2f) * 0.85f);
  dye(fur, coat.light, c.tail * smoothstep(0.45f, -0.15f, c.up) * 0.95f);
  const Float rump =
      smoothstep(-coat.body_half_length * 1.15f, -coat.body_half_length * 1.5f, c.rest.x);
  dye(fur, coat.light, saturate(1.0f - c.head - c.leg - c.tail) * rump * 0.9f);
}

inline void paint_hide(const Coat& coat, const CoatPoint& c, Vec3& fur) {
  const Vec3 f = c.face;
  dye(fur, coat.light, c.head * smoothstep(0.75f, 1.10f, f.x) * 0.85f);
}

inline Vec3 paint_coat(const Coat& coat, const CoatPoint& c) {
  const Float shade = c.up + c.hair * 0.5f + (c.blotch - 0.5f) * 0.4f;
  Vec3 fur =
      mix(Vec3(coat.flank), Vec3(coat.back), smoothstep(0.25f, 0.95f, shade) * (1.0f - c.leg));
  fur = mix(fur, Vec3(coat.belly), smoothstep(-0.30f, -0.85f, shade) * (1.0f - c.leg * 0.7f));
  if (coat.pattern == Pattern::kWool) {
    dye(fur, coat.marking, c.head * smoothstep(0.85f, 0.55f, c.face.y - c.face.x * 0.6f));
  }
  if (coat.sock_height > 0.0f) {
    const Float top = coat.sock_height + c.hair * 0.06f;
    dye(fur, coat.sock, c.leg * smoothstep(top + 0.10f, top - 0.10f, c.leg_height));
  }
  switch (coat.pattern) {
    case Pattern::kRaccoon: paint_raccoon(coat, c, fur); break;
    case Pattern::kFox: paint_fox(coat, c, fur); break;
    case Pattern::kWolf: paint_wolf(coat, c, fur); break;
    case Pattern::kTabby: paint_tabby(coat, c, fur); break;
    case Pattern::kPatches: paint_patches(coat, c, fur); break;
    case Pattern::kHorse: paint_horse(coat, c, fur); break;
    case Pattern::kTiger: paint_tiger(coat, c, fur); break;
    case Pattern::kLion: paint_lion(coat, c, fur); break;
    case Pattern::kDeer: paint_deer(coat, c, fur); break;
    case Pattern::kHide: paint_hide(coat, c, fur); break;
    case Pattern::kPlain:
    case Pattern::kWool: break;
  }
  return fur;
}

}  // namespace rushes::previz::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // RUSHES_PREVIZ_COAT_INL_H_
