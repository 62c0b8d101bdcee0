// BeachPalms: coconut palms. A trunk is a curved, tapering column found by stepping; a frond is a
// roof-shaped strip y = a r - b r^2 - k |q| around its own direction, which a ray meets at the
// roots of two quadratic equations, so that no frond is marched. Leaflets are cut out of it.
#if defined(RUSHES_PREVIZ_BEACH_PALMS_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef RUSHES_PREVIZ_BEACH_PALMS_INL_H_
#undef RUSHES_PREVIZ_BEACH_PALMS_INL_H_
#else
#define RUSHES_PREVIZ_BEACH_PALMS_INL_H_
#endif

#include <algorithm>
#include <vector>

#include "previz/render/light.h"
#include "previz/render/scene.h"
#include "previz/render/simd/noise-inl.h"

HWY_BEFORE_NAMESPACE();
namespace rushes::previz::HWY_NAMESPACE {

struct PalmHit {
  Mask mask;
  Float distance;
  Vec3 normal;
  Float kind;    // 0 trunk, 1 frond, 2 nut
  Float along;   // trunk: height in metres; frond: 0 stem .. 1 tip
  Float across;  // frond: 0 rib .. 1 rim; trunk: around
  Float tint;
  HWY_INLINE PalmHit()
      : mask(no_lanes()),
        distance(kFarAway),
        normal(Vec3(0.0f, 1.0f, 0.0f)),
        kind(0.0f),
        along(0.0f),
        across(0.0f),
        tint(0.0f) {}
};

class BeachPalms {
 public:
  BeachPalms(const SceneSetup& setup, bool present) : light_(setup.light) {
    if (!present) return;
    const uint32_t seed = setup.shot.place_seed;
    wind_ = setup.shot.environment.wind;
    // A group on the left of the stage, one tree on the right, then more along the shore.
    plant({-5.9f, 0, 4.6f}, seed + 1);
    plant({-8.1f, 0, 6.4f}, seed + 2);
    plant({-10.6f, 0, 3.4f}, seed + 3);
    plant({8.6f, 0, 6.1f}, seed + 4);
    for (uint32_t i = 0; i < 10; ++i) {
      const float chance = exact::unit(exact::hash(seed, 40 + i));
      const float along = 15.0f + 9.5f * static_cast<float>(i) + 5.0f * chance;
      const float side = i % 3 == 0 ? -1.0f : 1.0f;
      plant({side * along * 0.8f, 0, 2.6f + 5.0f * exact::unit(exact::hash(seed, 60 + i))},
            seed + 10 + i);
    }
  }

  template <class Ground>
  void set_moment(const Moment& now, const Ground& ground) {
    seen_.clear();
    near_.clear();
    for (Palm& p : palms_) {
      p.foot.y = ground(p.foot.x, p.foot.z) - 0.05f;
      pose(p, now.seconds);
      const Point middle = p.foot + Point{0, p.height * 0.5f, 0};
      if (is_seen(now, middle, kPalmBound)) seen_.push_back(&p);
      // Its shadow lies between the tree and where the sun throws the crown.
      if (length(middle - now.camera.position) > kShadowReach) continue;
      const Point thrown = light_.to_sun * (p.height / std::max(light_.to_sun.y, 0.05f));
      const Point shadow = p.top - thrown * 0.5f;
      const float radius = std::max(length(thrown) * 0.5f, length(shadow - p.foot));
      if (is_seen(now, shadow, radius + kCrown)) near_.push_back(&p);
    }
  }

  bool empty() const { return palms_.empty(); }

  PalmHit trace(const Ray& ray, Float limit) const {
    PalmHit hit;
    hit.distance = limit;
    for (const Palm* p : seen_) look_at<Blades::kCut>(ray, *p, all_lanes(), hit);
    return hit;
  }

  // Sunlight that passes the palms on its way to `point`: 0..1.
  Float sun_visibility(Vec3 point, Mask wanted) const {
    Float open(1.0f);
    const Ray ray{point, Vec3(light_.to_sun)};
    for (const Palm* p : near_) {
      PalmHit hit;
      hit.distance = Float(80.0f);
      look_at<Blades::kWhole>(ray, *p, wanted, hit);
      open = select(hit.mask, select(hit.kind > 0.5f, Float(0.22f), Float(0.06f)), open);
    }
    return open;
  }

  Vec3 shade(const Ray& ray, const PalmHit& hit, Float sun) const {
    const Vec3 to_sun(light_.to_sun);
    // Trunk: rings of old leaf scars on grey-brown.
    const Float ring =
        fract(hit.along * 7.0f + 0.35f * noise2(hit.across * 3.0f, hit.along * 2.0f));
    const Float grain = noise2(hit.across * 9.0f, hit.along * 22.0f);
    Vec3 bark = mix(Vec3(0.15f, 0.105f, 0.07f), Vec3(0.42f, 0.33f, 0.24f),
                    saturate(0.25f + 0.5f * ring + 0.4f * (grain - 0.4f)));
    bark = bark * (0.72f + 0.28f * smoothstep(0.02f, 0.20f, ring));
    // Frond: dark at the stem, light at the tips, a pale rib; old ones turn yellow.
    const Float vein = abs(fract((hit.along * 2.6f - hit.across * 0.30f) * 11.0f) - 0.5f);
    Vec3 leaf = mix(Vec3(0.016f, 0.050f, 0.012f), Vec3(0.075f, 0.150f, 0.032f),
                    saturate(0.15f + 0.55f * hit.along + 0.3f * vein));
    leaf = mix(leaf, Vec3(0.42f, 0.33f, 0.09f), saturate(hit.tint * 1.6f - 0.95f));
    leaf = mix(leaf, Vec3(0.26f, 0.29f, 0.09f), smoothstep(0.10f, 0.03f, hit.across) * 0.6f);
    const Vec3 nut(0.16f, 0.15f, 0.05f);
    const Mask frond = (hit.kind > 0.5f) & (hit.kind < 1.5f);
    const Vec3 albedo = select(frond, leaf, select(hit.kind > 1.5f, nut, bark));
    const Float facing = dot(hit.normal, to_sun);
    const Float seen = dot(hit.normal, ray.direction);
    const Float lit = saturate(facing);
    // Through a leaf: the sun on the other side from the eye.
    const Float through = select(frond, saturate(facing * seen * 4.0f), Float(0.0f));
    const Float direct = select(frond, 0.2f + 0.8f * abs(facing), lit);
    const Float depth = select(frond, 0.35f + 0.65f * saturate(hit.along * 1.8f), Float(0.9f));
    const Vec3 sky = Vec3(light_.ambient) * (0.62f + 0.38f * hit.normal.y) +
                     Vec3(light_.bounce) * saturate(0.5f - 0.5f * hit.normal.y);
    Vec3 c = albedo * (Vec3(light_.sun) * (direct * sun * depth) + sky * depth);
    c = c + Vec3(0.15f, 0.23f, 0.025f) * Vec3(light_.sun) * (through * sun * depth * 0.42f);
    const Vec3 half = normalize(to_sun - ray.direction);
    const Float gloss =
        select(frond, square(square(square(abs(dot(hit.normal, half))))), Float(0.0f));
    return c + Vec3(light_.sun) * (square(gloss) * square(gloss) * 0.16f * sun);
  }

 private:
  static constexpr int kFronds = 18, kNuts = 4;
  static constexpr float kPalmBound = 8.0f, kCrown = 3.5f, kShadowReach = 55.0f;

  // Leaflets are cut out for the eye; a shadow is softer than their gaps.
  enum class Blades { kCut, kWhole };

  struct Frond {
    float cos = 1, sin = 0;  // the way it points
    float rise = 1, bend = 0.3f, reach = 3;
    float tint = 0;
    Point middle;      // of the ball around it, from the top of the palm
    float bound2 = 0;  // square of its radius
  };
  struct Palm {
    Point foot, bend, top, middle;
    float height = 7, radius = 0.16f, half_width = 1;
    uint32_t seed = 0;
    Frond fronds[kFronds];
    Point nuts[kNuts];
  };

  // Whether a ball may be in the picture, however the camera rolls.
  static bool is_seen(const Moment& now, Point middle, float radius) {
    const Camera& camera = now.camera;
    const Point to = middle - camera.position;
    const float ahead = dot(to, camera.forward);
    const float aspect = static_cast<float>(now.width) / static_cast<float>(now.height);
    const float corner = camera.tan_half_fov * exact::sqrt(1.0f + aspect * aspect);
    const Point aside = to - camera.forward * ahead;
    // A ball sticks out of the cone by at most its radius times the cone's secant.
    return ahead > -radius &&
           length(aside) < ahead * corner + radius * exact::sqrt(1.0f + corner * corner);
  }

  static float chance(uint32_t seed, uint32_t what) { return exact::unit(exact::hash(seed, what)); }

  void plant(Point foot, uint32_t seed) {
    Palm p;
    p.foot = foot;
    p.seed = seed;
    p.height = 5.4f + 2.6f * chance(seed, 1);
    p.radius = 0.13f + 0.05f * chance(seed, 2);
    // Palms lean to the light over the water.
    p.bend = {(chance(seed, 3) - 0.5f) * 3.4f, 0, 0.2f + 1.6f * chance(seed, 4)};
    palms_.push_back(p);
  }

  // Gusts bend the top and lift the fronds.
  void pose(Palm& p, float seconds) const {
    const float shift = chance(p.seed, 5) * 6.0f;
    const float gust =
        exact::sin(seconds * 0.9f + shift) + 0.5f * exact::sin(seconds * 2.1f + shift * 2.0f);
    Point bend = p.bend;
    bend.x += 0.05f * wind_ * gust;
    p.top = {p.foot.x + bend.x, p.foot.y + p.height, p.foot.z + bend.z};
    p.middle = {p.foot.x + bend.x * 0.4f, 0, p.foot.z + bend.z * 0.4f};
    p.half_width = exact::sqrt(bend.x * bend.x + bend.z * bend.z) * 0.62f + 0.42f;
    for (int i = 0; i < kFronds; ++i) {
      const uint32_t salt = p.seed * 31 + static_cast<uint32_t>(i);
      const float turn =
          (static_cast<float>(i) * 0.381966f + chance(salt, 6) * 0.06f) * exact::kTau;
      const float age = static_cast<float>(i) / static_cast<float>(kFronds - 1);  // 0 young, 1 old
      const float flutter =
          0.035f * wind_ * exact::sin(seconds * (2.2f + chance(salt, 7)) + turn * 3.0f);
      Frond& f = p.fronds[i];
      f.cos = exact::cos(turn + flutter);
      f.sin = exact::sin(turn + flutter);
      f.rise = 1.25f - 1.45f * age + 0.25f * chance(salt, 8) + flutter;
      f.reach = 2.45f + 0.60f * chance(salt, 9) - 0.45f * age;
      f.bend = 0.40f + 0.12f * chance(salt, 11) + flutter * 0.5f;
      f.tint = age * (0.6f + 0.4f * chance(salt, 10));
      bound(f);
    }
    for (int i = 0; i < kNuts; ++i) {
      const float turn = (static_cast<float>(i) * 0.27f + shift) * exact::kTau;
      p.nuts[i] =
          p.top + Point{0.19f * exact::cos(turn), -0.22f - 0.06f * static_cast<float>(i % 2),
                        0.19f * exact::sin(turn)};
    }
  }

  // The rib is an arc from the top to the tip, the leaflets hang half a metre down from it.
  static void bound(Frond& f) {
    const float sag = f.bend * f.reach * f.reach;
    const float tip = f.rise * f.reach - sag;
    const float across = f.reach * 0.52f, up = tip * 0.5f + sag * 0.1f - 0.12f;
    f.middle = {across * f.cos, up, across * f.sin};
    const float radius = exact::sqrt(across * across + tip * tip * 0.25f) + 0.15f * sag + 0.30f;
    f.bound2 = radius * radius;
  }

  // Whether a ray comes near the upright cylinder around the trunk, or the ball around the crown.
  static HWY_INLINE Mask near_column(const Ray& ray, const Palm& p, Float limit) {
    const Float ox = p.middle.x - ray.origin.x, oz = p.middle.z - ray.origin.z;
    const Float level2 = square(ray.direction.x) + square(ray.direction.z);
    const Float aside = ox * ray.direction.z - oz * ray.direction.x;
    const Float ahead = ox * ray.direction.x + oz * ray.direction.z;
    const float w = p.half_width;
    return (square(aside) < level2 * (w * w)) & (ahead > -w) & (ahead - w < limit);
  }
  static HWY_INLINE Mask near_crown(const Ray& ray, const Palm& p, Float limit) {
    constexpr float kBound = 3.25f;
    const Vec3 to = Vec3(p.top) - Vec3(0.0f, 0.5f, 0.0f) - ray.origin;
    const Float ahead = dot(to, ray.direction);
    const Float aside2 = dot(to, to) - ahead * ahead;
    return (aside2 < kBound * kBound) & (ahead > -kBound) & (ahead - kBound < limit);
  }

  // One palm, for the `wanted` lanes. The bounds are part of its shape: a lane outside them misses
  // it whatever its neighbours do.
  template <Blades kBlades>
  void look_at(const Ray& ray, const Palm& p, Mask wanted, PalmHit& hit) const {
    const Mask column = wanted & near_column(ray, p, hit.distance);
    if (any(column)) trunk(ray, p, column, hit);
    const Mask crowned = wanted & near_crown(ray, p, hit.distance);
    if (any(crowned)) crown<kBlades>(ray, p, crowned, hit);
  }

  void trunk(const Ray& ray, const Palm& p, Mask near, PalmHit& hit) const {
    const Float level = sqrt(square(ray.direction.x) + square(ray.direction.z));
    const Float ox = p.middle.x - ray.origin.x, oz = p.middle.z - ray.origin.z;
    const Float level2 = max(level * level, 1e-4f);
    const Float ahead = (ox * ray.direction.x + oz * ray.direction.z) / level2;
    const Float aside = (ox * ray.direction.z - oz * ray.direction.x) / max(level, 1e-2f);
    const Float inside = p.half_width * p.half_width - aside * aside;
    const Float half = sqrt(max(inside, 0.0f)) / max(level, 1e-2f);
    Float t = max(ahead - half, 0.0f);
    const Float end = min(ahead + half, hit.distance);
    Mask active = near & (inside > 0.0f) & (t < end), met = no_lanes();
    const float per_metre = 1.0f / p.height;
    const float bend_x = p.top.x - p.foot.x, bend_z = p.top.z - p.foot.z;
    const float slope = 2.0f * exact::sqrt(bend_x * bend_x + bend_z * bend_z) * per_metre;
    const Float slow = 0.9f / (level + slope * abs(ray.direction.y) + 0.05f);
    Float dx(0.0f), dz(0.0f);
    for (int i = 0; i < 14 && any(active); ++i) {
      const Vec3 q = ray.at(t);
      const Float s = saturate((q.y - p.foot.y) * per_metre), s2 = s * s;
      const Float x = q.x - p.foot.x - bend_x * s2, z = q.z - p.foot.z - bend_z * s2;
      const Float r =
          p.radius * (1.25f - 0.55f * s) + 0.12f * square(square(1.0f - s)) * (1.0f - s);
      const Float beyond = max(q.y - p.top.y, 0.0f);
      const Float gap = sqrt(x * x + z * z) - r + beyond;
      const Mask arrived = active & (gap < 0.004f + t * 0.0004f);
      dx = select(arrived, x, dx);
      dz = select(arrived, z, dz);
      met = met | arrived;
      active = active & ~arrived;
      t = select(active, t + max(gap * slow, 0.006f), t);
      active = active & (t < end);
    }
    if (none(met)) return;
    const Float inverse = reciprocal_sqrt(max(dx * dx + dz * dz, 1e-6f));
    hit.mask = hit.mask | met;
    hit.distance = select(met, t, hit.distance);
    hit.normal = select(met, Vec3(dx * inverse, 0.08f, dz * inverse), hit.normal);
    hit.kind = select(met, Float(0.0f), hit.kind);
    hit.along = select(met, ray.at(t).y - p.foot.y, hit.along);
    hit.across = select(met, dx * inverse + dz * inverse * 0.7f, hit.across);
  }

  // Whether a ray (from `o`, seen from the top) comes near the ball around a frond.
  static HWY_INLINE Mask near_frond(const Ray& ray, Vec3 o, const Frond& f) {
    const Vec3 to = Vec3(f.middle) - o;
    const Float ahead = dot(to, ray.direction);
    return dot(to, to) - ahead * ahead < f.bound2;
  }

  template <Blades kBlades>
  void crown(const Ray& ray, const Palm& p, Mask near, PalmHit& hit) const {
    const Vec3 o = ray.origin - Vec3(p.top);
    for (const Frond& f : p.fronds) {
      const Mask close = near & near_frond(ray, o, f);
      if (any(close)) frond<kBlades>(ray, o, f, close, hit);
    }
    for (const Point& n : p.nuts) nut(ray, n, near, hit);
  }

  template <Blades kBlades>
  void frond(const Ray& ray, Vec3 o, const Frond& f, Mask near, PalmHit& hit) const {
    constexpr float kRoof = 0.72f;  // how steeply the leaflets hang
    const Float r0 = o.x * f.cos + o.z * f.sin,
                r1 = ray.direction.x * f.cos + ray.direction.z * f.sin;
    const Float q0 = o.z * f.cos - o.x * f.sin,
                q1 = ray.direction.z * f.cos - ray.direction.x * f.sin;
    const Float a = f.bend * r1 * r1;
    const Float b_rib = ray.direction.y - f.rise * r1 + 2.0f * f.bend * r0 * r1;
    const Float c_rib = o.y - f.rise * r0 + f.bend * r0 * r0;
    for (int side = 0; side < 2; ++side) {
      const float k = side == 0 ? kRoof : -kRoof;
      const Float b = b_rib + k * q1, c = c_rib + k * q0;
      const Float inside = b * b - 4.0f * a * c;
      const Mask real = near & (inside > 0.0f);
      if (none(real)) continue;
      const Float root = sqrt(max(inside, 0.0f));
      for (int sign = 0; sign < 2; ++sign) {
        const Float below = sign == 0 ? -b - root : root - b;
        const Float t = 2.0f * c / select(abs(below) < 1e-6f, Float(1e-6f), below);
        const Float r = r0 + r1 * t;
        const Float q = side == 0 ? q0 + q1 * t : -(q0 + q1 * t);
        const Float s = r * (1.0f / f.reach);
        constexpr float kWidest = kBlades == Blades::kWhole ? 0.46f : 0.62f;
        const Float width = kWidest * saturate(s * 5.0f + 0.05f) * saturate((1.04f - s) * 1.7f);
        // Leaflets point forward; gaps between them open towards the rim.
        const Float rib = fract((r - q * 0.75f) * 8.5f);
        const Float open = kBlades == Blades::kWhole
                               ? Float(-1.0f)
                               : abs(rib - 0.5f) * 2.0f - (1.05f - 0.75f * q / max(width, 0.02f));
        const Mask met = real & (t > 0.05f) & (t < hit.distance) & (r > 0.04f) & (s < 1.02f) &
                         (q >= 0.0f) & (q < width) & ((open < 0.0f) | (q < 0.02f));
        if (none(met)) continue;
        const Float slope = f.rise - 2.0f * f.bend * r;
        const float qk = side == 0 ? -kRoof : kRoof;
        // Normal of y = rise r - bend r^2 - roof |q| in the world.
        const Vec3 n = normalize(
            Vec3(-slope * f.cos + qk * f.sin * 0.6f, 1.0f, -slope * f.sin - qk * f.cos * 0.6f));
        hit.mask = hit.mask | met;
        hit.distance = select(met, t, hit.distance);
        hit.normal = select(met, n, hit.normal);
        hit.kind = select(met, Float(1.0f), hit.kind);
        hit.along = select(met, s, hit.along);
        hit.across = select(met, q / max(width, 0.02f), hit.across);
        hit.tint = select(met, Float(f.tint), hit.tint);
      }
    }
  }

  static void nut(const Ray& ray, Point centre, Mask near, PalmHit& hit) {
    constexpr float kRadius = 0.125f;
    const Vec3 to = Vec3(centre) - ray.origin;
    const Float ahead = dot(to, ray.direction);
    const Float inside = kRadius * kRadius - (dot(to, to) - ahead * ahead);
    const Float t = ahead - sqrt(max(inside, 0.0f));
    const Mask met = near & (inside > 0.0f) & (t > 0.05f) & (t < hit.distance);
    if (none(met)) return;
    hit.mask = hit.mask | met;
    hit.distance = select(met, t, hit.distance);
    hit.normal = select(met, (ray.at(t) - Vec3(centre)) * (1.0f / kRadius), hit.normal);
    hit.kind = select(met, Float(2.0f), hit.kind);
  }

  const Light& light_;
  float wind_ = 1;
  std::vector<Palm> palms_;
  std::vector<const Palm*> seen_, near_;  // by the camera of the moment
};

}  // namespace rushes::previz::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // RUSHES_PREVIZ_BEACH_PALMS_INL_H_
