// Packets of rays against a Card: where they meet its plane, what the sprite shows there.
#if defined(RUSHES_PREVIZ_CARD_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef RUSHES_PREVIZ_CARD_INL_H_
#undef RUSHES_PREVIZ_CARD_INL_H_
#else
#define RUSHES_PREVIZ_CARD_INL_H_
#endif

#include "previz/render/card/card.h"
#include "previz/render/simd/noise-inl.h"

HWY_BEFORE_NAMESPACE();
namespace rushes::previz::HWY_NAMESPACE {

// Texture coordinates, 0..1 inside.
struct CardPoint {
  Float u, v;
  Mask inside;
  HWY_INLINE CardPoint() : u(0.0f), v(0.0f), inside(no_lanes()) {}
};

inline CardPoint card_point(const Card& card, Vec3 p) {
  const Vec3 off = p - Vec3(card.foot);
  const Float a = dot(off, Vec3(card.right)), b = dot(off, Vec3(card.up));
  CardPoint c;
  c.u = card.u0 + a * card.ua + b * card.ub;
  c.v = card.v0 + a * card.va + b * card.vb;
  for (const Card::Wiggle& w : card.wiggles) {
    if (w.over_radius <= 0.0f) continue;
    const Float x = (c.u - w.u) * w.over_radius, y = (c.v - w.v) * w.over_radius;
    const Float fall = square(max(1.0f - x * x - y * y, 0.0f));
    c.u = c.u - fall * w.du;
    c.v = c.v - fall * w.dv;
  }
  c.inside = (c.u > 0.0f) & (c.u < 1.0f) & (c.v > 0.0f) & (c.v < 1.0f);
  return c;
}

// The four texels around a point and their weights.
struct Corners {
  Int index;
  int pitch;
  Float tx, ty;
  HWY_INLINE Corners(Int index_in, int pitch_in, Float tx_in, Float ty_in)
      : index(index_in), pitch(pitch_in), tx(tx_in), ty(ty_in) {}
};
HWY_INLINE Corners corners_of(const Card& card, int level, const CardPoint& c) {
  const int size = Sprite::size_of(level);
  const float last = static_cast<float>(size) - 1.001f;
  const Float x = clamp(c.u * static_cast<float>(size) - 0.5f, 0.0f, last);
  const Float y = clamp(c.v * static_cast<float>(size) - 0.5f, 0.0f, last);
  const Float fx = floor(x), fy = floor(y);
  return {truncate(fy) * size + truncate(fx) + card.sprite->first[static_cast<size_t>(level)], size,
          x - fx, y - fy};
}

template <int kShift>
HWY_INLINE Float channel(Int packed) {
  return to_float(shift_right_logical<kShift>(packed) & 0xff) * (1.0f / 255.0f);
}

HWY_INLINE Float card_alpha(const Card& card, int level, const CardPoint& c) {
  const Corners k = corners_of(card, level, c);
  const int32_t* table = card.sprite->colours.data();
  const Float a = channel<24>(gather(table, k.index)), b = channel<24>(gather(table, k.index + 1));
  const Float d = channel<24>(gather(table, k.index + k.pitch));
  const Float e = channel<24>(gather(table, k.index + (k.pitch + 1)));
  return mix(mix(a, b, k.tx), mix(d, e, k.tx), k.ty);
}

struct CardTexel {
  Vec3 colour;  // premultiplied
  Float alpha, slope_x, slope_y;
  HWY_INLINE CardTexel() : colour(Float(0.0f)), alpha(0.0f), slope_x(0.0f), slope_y(0.0f) {}
};

inline CardTexel card_texel(const Card& card, const CardPoint& c) {
  const Corners k = corners_of(card, card.level, c);
  const int32_t* colours = card.sprite->colours.data();
  const int32_t* slopes = card.sprite->slopes.data();
  CardTexel t;
  const Float wx[2] = {1.0f - k.tx, k.tx}, wy[2] = {1.0f - k.ty, k.ty};
  for (int i = 0; i < 4; ++i) {
    const Int at = k.index + ((i / 2) * k.pitch + i % 2);
    const Float w = wx[i % 2] * wy[i / 2];
    const Int packed = gather(colours, at);
    t.colour = t.colour + Vec3(square(channel<0>(packed)), square(channel<8>(packed)),
                               square(channel<16>(packed))) *
                              w;
    t.alpha += channel<24>(packed) * w;
    const Int slope = gather(slopes, at);
    // Sign-extend the halves.
    const Float x = to_float(((slope & 0xffff) ^ 0x8000) - 0x8000);
    const Float y = to_float((shift_right_logical<16>(slope) ^ 0x8000) - 0x8000);
    t.slope_x += x * (w * (1.0f / 4096.0f));
    t.slope_y += y * (w * (1.0f / 4096.0f));
  }
  return t;
}

// Distance to the plane of the card; kFarAway where the ray runs along it or away.
HWY_INLINE Float plane_distance(const Card& card, const Ray& ray) {
  const Vec3 n(card.normal);
  const Float facing = dot(ray.direction, n);
  const Mask good = abs(facing) > 1e-4f;
  const Float t = dot(Vec3(card.foot) - ray.origin, n) / select(good, facing, 1.0f);
  return select(good & (t > 0.02f), t, kFarAway);
}

// Sunlight that passes the card on its way to p: 0..1. Where the sun stands beside the card, it is
// taken to stand a little more in front, so that a flat thing still has the shadow of a solid one.
inline Float pass_card(const Card& card, Vec3 p, Point to_sun, Mask wanted) {
  const float facing = dot(to_sun, card.normal);
  const float needed = facing < 0 ? -0.34f : 0.34f;
  const Point sun =
      exact::abs(facing) < 0.34f ? normalize(to_sun + card.normal * (needed - facing)) : to_sun;
  const Ray ray{p, Vec3(sun)};
  const Float t = plane_distance(card, ray);
  const CardPoint c = card_point(card, ray.at(min(t, 1e4f)));
  const Mask lanes = wanted & c.inside & (t < 1e4f);
  if (none(lanes)) return 1.0f;
  const int soft = card.level < 2 ? 2 : 3;
  return select(lanes, 1.0f - card_alpha(card, soft, c), 1.0f);
}

// Skylight beside the foot line: dark where the outline touches the ground, and only there.
inline Float card_contact(const Card& card, Vec3 p, Mask wanted) {
  if (card.above_ground > 0.25f * card.width_m) return 1.0f;
  const float lifted = 1 - card.above_ground / (0.25f * card.width_m);
  const Vec3 off = p - Vec3(card.foot);
  const Float u = card.u0 + dot(off, Vec3(card.right)) * card.ua;
  // Along the ground, away from the plane.
  const Float n = off.x * card.normal.x + off.z * card.normal.z;
  const Float high = off.y * (1.0f / card.width_m);
  const Mask lanes = wanted & (u > 0.0f) & (u < 0.999f) & (abs(n) < card.width_m);
  if (none(lanes)) return 1.0f;
  const Float at = clamp(u * Sprite::kProfile - 0.5f, 0.0f, Sprite::kProfile - 1.001f);
  const Int index = truncate(at);
  const float* feet = card.sprite->feet.data();
  const Float touch = mix(gather(feet, index), gather(feet, index + 1), at - floor(at));
  const Float across = n * (1.0f / (0.045f * card.width_m));
  const Float broad = n * (1.0f / (0.16f * card.width_m));
  const Float dark =
      touch * (exp_fast(-(across * across)) * 0.55f + exp_fast(-(broad * broad)) * 0.30f);
  const Float near = exp_fast(-(high * high) * 90.0f);
  return select(lanes, 1.0f - dark * near * lifted, 1.0f);
}

}  // namespace rushes::previz::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // RUSHES_PREVIZ_CARD_INL_H_
