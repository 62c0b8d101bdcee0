// ForestLight: what the canopy makes of the light: dapples that move with the wind, shafts in the
// haze, leaves that glow against the sun, and the haze that trunks fade into.
#if defined(RUSHES_PREVIZ_FOREST_LIGHT_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef RUSHES_PREVIZ_FOREST_LIGHT_INL_H_
#undef RUSHES_PREVIZ_FOREST_LIGHT_INL_H_
#else
#define RUSHES_PREVIZ_FOREST_LIGHT_INL_H_
#endif

#include <algorithm>
#include "previz/render/biome/forest_look.h"

#include "previz/render/light.h"
#include "previz/render/scene.h"
#include "previz/render/simd/noise-inl.h"

HWY_BEFORE_NAMESPACE();
namespace rushes::previz::HWY_NAMESPACE {

// Leaves in front of a ray, gathered from near to far.
struct Leaves {
  Vec3 colour;
  Float through;   // what of the scene behind still shows
  Float distance;  // where half of it is covered

  HWY_INLINE Leaves() : colour(Float(0.0f)), through(1.0f), distance(kFarAway) {}

  HWY_INLINE void add(Vec3 lit, Float cover, Float t) {
    const Float part = through * cover;
    colour = colour + lit * part;
    const Float left = through - part;
    distance = select((left < 0.5f) & (through >= 0.5f), t, distance);
    through = left;
  }
};

class ForestLight {
 public:
  ForestLight(const Light& light, const ForestLook& look, float wind)
      : light_(light), look_(look), wind_(wind) {
    const Point sun = light.to_sun;
    // A low sun still comes through the trunks at a fair angle.
    slant_ = {sun.x / std::max(sun.y, 0.30f), 1, sun.z / std::max(sun.y, 0.30f)};
    const float closed = look.canopy;
    threshold_ = 0.36f + 0.22f * closed;
    const Point green = mix(look.leaf_light, {0.5f, 0.5f, 0.5f}, 0.45f);
    const float level = std::max(0.3333f * (green.x + green.y + green.z), 0.05f);
    const Point tint = mix(Point{1, 1, 1}, green * (1.0f / level), 0.28f + 0.30f * closed);
    auto tinted = [&](Point c, float amount) {
      const Point t = mix(Point{1, 1, 1}, tint, amount);
      return Point{c.x * t.x, c.y * t.y, c.z * t.z};
    };
    const float shade = 1.0f - 0.42f * closed * (1.0f - look.snow * 0.5f);
    ambient_ =
        tinted(light.ambient, 0.75f) * shade + tinted(light.sun, 1.0f) * (0.10f + 0.05f * closed);
    bounce_ = tinted(light.bounce, 0.5f);
    sun_ = light.sun * (1.42f - 0.4f * light.softness);
    haze_ = tinted(light.fog, 0.85f) * (0.30f + 0.30f * (1.0f - closed));
    haze_sun_ = tinted(light.fog_sun, 0.75f) * 0.70f;
    shaft_ = tinted(light.sun, 0.35f) * (0.62f * (1.0f - 0.85f * light.softness));
    near_haze_ = (0.0022f + light.fog_density * 1.6f) * look.haze;
    far_haze_ = (0.00034f + light.fog_density * 0.012f) * look.haze;
    if (look.foliage == Foliage::kBare) far_haze_ *= 0.8f;
  }

  void set_moment(float seconds) {
    seconds_ = seconds;
    drift_ = seconds * 0.05f * (0.4f + wind_);
  }

  // 0..1: the sun that reaches p through the leaves, looked up where its ray meets the ground
  // plane, so that spots on the floor and shafts in the air belong together.
  HWY_INLINE Float sun_at(Vec3 p) const {
    return dapple(p, threshold_ - 0.08f, threshold_ + 0.13f);
  }

  // Haze between the eye and a thing at distance t. It never hides a thing quite, so that it can be
  // taken out again; the sky at kFarAway holds its own.
  HWY_INLINE Vec3 haze(const Ray& ray, Float t, Vec3 colour) const {
    return mix(colour, haze_colour(ray), haze_amount(t));
  }
  HWY_INLINE Vec3 without_haze(const Ray& ray, Float t, Vec3 colour) const {
    const Float amount = haze_amount(t);
    return (colour - haze_colour(ray) * amount) * (1.0f / (1.0f - amount));
  }
  HWY_INLINE Vec3 haze_colour(const Ray& ray) const {
    const Float g = saturate(dot(ray.direction, Vec3(light_.to_sun)));
    const Float up = saturate(ray.direction.y * 1.6f + 0.35f);
    const Vec3 base = Vec3(haze_) * (0.66f + 0.52f * up);
    return mix(base, Vec3(haze_sun_), g * g * (0.15f + 0.6f * g));
  }

  // Leaves pass light: against the sun they glow in their own colour.
  HWY_INLINE Vec3 leaves(const Ray& ray, Float t, Vec3 albedo, Float lightness) const {
    const Float g = saturate(dot(ray.direction, Vec3(light_.to_sun)));
    const Float high = saturate((ray.origin.y + ray.direction.y * t) * 0.06f + 0.35f);
    const Float direct = lightness * lightness * high * (0.62f + 1.5f * g * g * g);
    return albedo * (Vec3(sun_) * direct + Vec3(ambient_) * (0.55f + 0.75f * lightness));
  }

  // Ferns and grass, which stand in spots of sun.
  HWY_INLINE Vec3 plant(const Ray& ray, Vec3 albedo, Float lightness, Float sun) const {
    const Float g = saturate(dot(ray.direction, Vec3(light_.to_sun)));
    const Float direct = sun * (0.25f + 0.6f * lightness + 0.7f * lightness * g * g);
    return albedo * (Vec3(sun_) * direct + Vec3(ambient_) * (0.30f + 0.85f * lightness));
  }

  HWY_INLINE Vec3 bark(const Ray& ray, Vec3 p, Float y, Vec3 n, Vec3 albedo, Float sun,
                       Float hollow) const {
    const Float facing = saturate(dot(n, Vec3(light_.to_sun)));
    const Float low = saturate(y * 0.7f + 0.40f);
    const Vec3 direct = Vec3(sun_) * (facing * sun * sun_at(p));
    const Vec3 around = Vec3(ambient_) * (low * (0.62f + 0.38f * saturate(0.5f - 0.5f * n.z))) +
                        Vec3(bounce_) * 0.5f;
    const Float rim = 1.0f - saturate(-dot(n, ray.direction));
    return albedo * (direct + around) * hollow + Vec3(ambient_) * (rim * rim * rim * 0.10f * low);
  }

  HWY_INLINE Vec3 ground(Vec3 p, Vec3 n, Vec3 albedo, Float sun, Float openness) const {
    const Float facing = saturate(dot(n, Vec3(light_.to_sun)) * 0.8f + 0.2f);
    const Vec3 direct = Vec3(sun_) * (facing * sun * sun_at(p));
    return albedo *
           (direct + Vec3(ambient_) * ((0.42f + 0.58f * n.y) * openness) + Vec3(bounce_) * 0.3f);
  }

  // Shafts: how much sunlit haze lies at p, `t` metres from the eye, 0..1, and the light of such a
  // `share` of all the haze on a ray.
  static constexpr float kShaftReach = 23.0f;
  bool has_shafts() const { return light_.softness <= 0.9f; }
  HWY_INLINE Float shaft_density(Vec3 p, Float t) const {
    return shaft_at(p) * smoothstep(12.0f, 1.5f, p.y) * (1.0f / (1.0f + t * 0.035f));
  }
  HWY_INLINE Vec3 shaft(const Ray& ray, Float share) const {
    const Float g = saturate(dot(ray.direction, Vec3(light_.to_sun)));
    return Vec3(shaft_) * (share * (0.42f + 0.9f * g * g * g));
  }

  // Metres that a twig at height y of the tree at x is moved sideways; none where it would be less
  // than a pixel.
  HWY_INLINE Float sway(Float x, Float y, Float t) const {
    if (wind_ <= 0.0f) return 0.0f;
    return sin_fast(seconds_ * (1.3f + 0.2f * wind_) + x * 1.7f + y * 0.9f) * (0.035f * wind_) *
           saturate(1.6f - t * 0.03f);
  }

  const Light& light() const { return light_; }
  const ForestLook& look() const { return look_; }
  float seconds() const { return seconds_; }
  float wind() const { return wind_; }
  Point ambient() const { return ambient_; }

 private:
  HWY_INLINE Float haze_amount(Float t) const {
    const Float near = min(t, 1000.0f);
    const Float amount = 0.97f * (1.0f - exp_fast(-(near * near_haze_ + near * near * far_haze_)));
    return select(t < kFarAway, amount, Float(0.0f));
  }

  // Where the sun's ray through p meets the ground, in coordinates turned against the axes.
  HWY_INLINE void canopy_point(Vec3 p, Float& u, Float& v) const {
    const Float x = p.x - p.y * slant_.x, z = p.z - p.y * slant_.z;
    u = x * 0.80f + z * 0.60f;
    v = z * 0.80f - x * 0.60f;
  }
  HWY_INLINE Float dapple(Vec3 p, float from, float to) const {
    Float u, v;
    canopy_point(p, u, v);
    const Float boughs = noise2(u * 0.42f + 3.0f, v * 0.42f);
    const Float gaps = noise2(u * 1.75f + drift_, v * 1.75f - drift_ * 0.6f);
    return smoothstep(from, to, boughs * 0.58f + gaps * 0.46f);
  }
  // The large gaps only: finer ones would alias between the steps.
  HWY_INLINE Float shaft_at(Vec3 p) const {
    Float u, v;
    canopy_point(p, u, v);
    return smoothstep(threshold_ + 0.06f, threshold_ + 0.32f, noise2(u * 0.42f + 3.0f, v * 0.42f));
  }

  const Light& light_;
  const ForestLook& look_;
  const float wind_;
  float seconds_ = 0, drift_ = 0, threshold_ = 0.5f;
  float near_haze_ = 0, far_haze_ = 0;
  Point slant_, ambient_, bounce_, sun_, haze_, haze_sun_, shaft_;
};

}  // namespace rushes::previz::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // RUSHES_PREVIZ_FOREST_LIGHT_INL_H_
