// FieldHorizon: what rings the field: three rows of trees and three lines of hills, each painted on
// an upright cylinder about the stage. Enough for cameras that stay within some 40 m of the origin.
#if defined(RUSHES_PREVIZ_FIELD_HORIZON_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef RUSHES_PREVIZ_FIELD_HORIZON_INL_H_
#undef RUSHES_PREVIZ_FIELD_HORIZON_INL_H_
#else
#define RUSHES_PREVIZ_FIELD_HORIZON_INL_H_
#endif

#include "previz/render/scene.h"
#include "previz/render/simd/noise-inl.h"

HWY_BEFORE_NAMESPACE();
namespace rushes::previz::HWY_NAMESPACE {

// The nearest curtain that covers a ray; coverage is soft at outlines.
struct HorizonHit {
  Float coverage, distance;
  Float layer;             // which curtain
  Float along, height;     // metres on it
  Float bulge_x, bulge_y;  // -1..1 within a crown, for its normal
  HWY_INLINE HorizonHit()
      : coverage(0.0f),
        distance(kFarAway),
        layer(0.0f),
        along(0.0f),
        height(0.0f),
        bulge_x(0.0f),
        bulge_y(0.0f) {}
};

class FieldHorizon {
 public:
  explicit FieldHorizon(const SceneSetup& setup)
      : light_(setup.light),
        season_(setup.shot.environment.season),
        wind_(setup.shot.environment.wind),
        trees_(!excludes(setup.shot.environment, "tree")),
        shift_(exact::unit(exact::hash(setup.shot.place_seed, 13)) * 400.0f) {}

  void set_moment(const Moment& now) { seconds_ = now.seconds; }

  HorizonHit trace(const Ray& ray, Float t_max, float pixel) const {
    HorizonHit hit;
    const Mask low = (ray.direction.y < 0.20f) & (ray.direction.y > -0.08f);
    if (none(low)) return hit;
    for (int layer = 0; layer < kLayers && !none(low & (hit.coverage < 1.0f)); ++layer) {
      if (layer < kTreeLayers && !trees_) continue;
      const Float t = to_cylinder(ray, kRadius[layer]);
      const Vec3 p = ray.at(t);
      HorizonHit here;
      here.distance = t;
      here.layer = static_cast<float>(layer);
      here.along = along_cylinder(p, kRadius[layer]) + shift_;
      here.height = p.y;
      const Float edge = max(t * pixel, 0.05f);
      if (layer < kTreeLayers) {
        tree_row(layer, edge, here);
      } else {
        here.coverage = saturate((skyline(layer, here.along) - p.y) / edge + 0.5f);
      }
      // A row behind shows only where the rows before it left everything open.
      const Mask better = low & (t < t_max) & (here.coverage > hit.coverage);
      hit = select(better, here, hit);
    }
    return hit;
  }

  Vec3 shade(const Ray& ray, const HorizonHit& hit) const {
    const Mask tree = hit.layer < static_cast<float>(kTreeLayers);
    Vec3 colour = shade_hills(hit);
    if (any(tree)) colour = select(tree, shade_tree(ray, hit), colour);
    return colour;
  }

 private:
  static constexpr int kTreeLayers = 3, kLayers = 6;
  static constexpr float kRadius[kLayers] = {150, 230, 340, 900, 1700, 3200};

  static HWY_INLINE HorizonHit select(Mask m, const HorizonHit& a, const HorizonHit& b) {
    using rushes::previz::HWY_NAMESPACE::select;
    HorizonHit r;
    r.coverage = select(m, a.coverage, b.coverage);
    r.distance = select(m, a.distance, b.distance);
    r.layer = select(m, a.layer, b.layer);
    r.along = select(m, a.along, b.along);
    r.height = select(m, a.height, b.height);
    r.bulge_x = select(m, a.bulge_x, b.bulge_x);
    r.bulge_y = select(m, a.bulge_y, b.bulge_y);
    return r;
  }
  static HWY_INLINE Vec3 select(Mask m, Vec3 a, Vec3 b) {
    return rushes::previz::HWY_NAMESPACE::select(m, a, b);
  }

  // From inside to an upright cylinder about the origin.
  static Float to_cylinder(const Ray& ray, float radius) {
    const Vec3 o = ray.origin, d = ray.direction;
    const Float a = max(d.x * d.x + d.z * d.z, 1e-4f);
    const Float b = o.x * d.x + o.z * d.z;
    const Float c = o.x * o.x + o.z * o.z - radius * radius;
    return (sqrt(max(b * b - a * c, 0.0f)) - b) / a;
  }

  // Arc length: a polynomial of the angle, odd and even quadrants joined.
  static Float along_cylinder(Vec3 p, float radius) {
    const Float ax = abs(p.x), az = abs(p.z);
    const Float ratio = min(ax, az) / max(max(ax, az), 1e-3f);
    const Float r2 = ratio * ratio;
    Float angle =
        ratio * (0.99997f + r2 * (-0.33262f + r2 * (0.19354f + r2 * (-0.11643f + r2 * 0.04051f))));
    using rushes::previz::HWY_NAMESPACE::select;
    angle = select(ax > az, 1.57079633f - angle, angle);
    angle = select(p.z < 0.0f, 3.14159265f - angle, angle);
    angle = select(p.x < 0.0f, -angle, angle);
    return angle * radius;
  }

  // ---- hills ------------------------------------------------------------------------------------

  static Float skyline(int layer, Float along) {
    const float size = kRadius[layer];
    const Float u = along / size;
    const Float broad = noise2(u * 2.3f + static_cast<float>(layer) * 7.3f, 0.5f);
    const Float fine = fbm2(u * 21.0f + static_cast<float>(layer) * 3.1f, 0.5f, 4) - 0.47f;
    return size * (0.010f + 0.058f * broad + 0.008f * fine);
  }

  Vec3 shade_hills(const HorizonHit& hit) const {
    // Fields and woods lie across the hills, foreshortened.
    const Float u = hit.along * 0.012f, v = hit.height * 0.075f;
    const Float plots =
        noise2(floor(u * 1.3f + v * 0.8f) * 7.3f, floor(v * 1.6f - u * 0.35f) * 3.1f + hit.layer);
    const Float woods = smoothstep(0.44f, 0.54f, fbm2(u * 0.9f + hit.layer * 5.0f, v * 0.8f, 4));
    const Float grain = noise2(hit.along * 0.11f, hit.height * 0.4f);
    Vec3 meadow = mix(Vec3(0.075f, 0.110f, 0.030f), Vec3(0.190f, 0.185f, 0.065f), plots);
    Vec3 wood = Vec3(0.022f, 0.040f, 0.016f);
    if (season_ == Season::kAutumn) {
      wood = mix(Vec3(0.10f, 0.045f, 0.012f), Vec3(0.17f, 0.105f, 0.02f), grain);
    }
    Vec3 albedo = mix(meadow, wood, woods) * (0.75f + 0.5f * grain);
    albedo = mix(albedo, Vec3(0.80f, 0.84f, 0.90f), light_.snow * (1.0f - 0.7f * woods));
    const Float slope = noise2(hit.along * 0.006f + 40.0f, hit.height * 0.03f) - 0.5f;
    const Float sun = saturate(light_.to_sun.y * 0.8f + 0.12f + slope * 0.5f);
    return albedo * (Vec3(light_.sun) * sun + Vec3(light_.ambient) * 0.85f);
  }

  // ---- trees ------------------------------------------------------------------------------------

  // Groups of trees with gaps; each cell of a row holds one crown, the neighbours overlap.
  void tree_row(int layer, Float edge, HorizonHit& here) const {
    using rushes::previz::HWY_NAMESPACE::select;
    const float cell = 6.4f + 0.8f * static_cast<float>(layer);
    const Float u = here.along * (1.0f / cell);
    const Float base(-1.2f);
    const Float ragged = (fbm2(here.along * 0.55f, here.height * 0.55f, 4) - 0.47f) * 1.15f;
    for (int side = -1; side <= 1; ++side) {
      const Float column = floor(u) + static_cast<float>(side);
      const Int chance = hash2(truncate(column), 57 * layer + 11);
      const Float a = unit(chance), b = unit(chance * 747796405 + 3);
      const Float group = noise2(column * 0.11f + static_cast<float>(layer) * 17.0f, 3.5f);
      const Mask grows = (group > 0.40f - 0.05f * static_cast<float>(layer)) & (a > 0.10f);
      const Float tall = 5.5f + 7.5f * b * smoothstep(0.36f, 0.62f, group);
      const Float wide = cell * (0.46f + 0.26f * a);
      const Float sway = 0.05f * wind_ * sin_fast(seconds_ * (1.1f + a) + b * 6.0f);
      const Float x = (u - column - 0.5f - (a - 0.5f) * 0.5f) * cell - sway * here.height * 0.12f;
      const Float middle = base + tall * 0.60f;
      const Float bx = x / wide, by = (here.height - middle) / (tall * 0.46f);
      // Round above, fuller below; the rim torn by leaves.
      const Float r = sqrt(bx * bx + by * by * select(by > 0.0f, 1.0f, 0.80f));
      const Float crown = saturate((1.0f - r + ragged * 0.42f) * wide / edge * 0.6f);
      const Float trunk = saturate((0.035f * tall - abs(x)) / edge + 0.5f) *
                          select(here.height < middle, 1.0f, 0.0f);
      const Float cover = select(grows, max(crown, trunk), 0.0f);
      const Mask more = cover > here.coverage;
      here.bulge_x = select(more, bx, here.bulge_x);
      here.bulge_y = select(more, by, here.bulge_y);
      here.coverage = select(more, cover, here.coverage);
    }
  }

  Vec3 shade_tree(const Ray& ray, const HorizonHit& hit) const {
    const Float leaves = fbm2(hit.along * 0.9f, hit.height * 0.9f, 4);
    const Float kind = noise2(hit.along * 0.05f + 3.0f, hit.layer * 3.7f);
    Vec3 dark(0.016f, 0.034f, 0.010f), bright(0.105f, 0.150f, 0.034f);
    if (season_ == Season::kAutumn) {
      dark = mix(Vec3(0.10f, 0.030f, 0.008f), Vec3(0.12f, 0.075f, 0.010f), kind);
      bright = mix(Vec3(0.46f, 0.150f, 0.025f), Vec3(0.50f, 0.330f, 0.045f), kind);
    } else if (season_ == Season::kSpring) {
      bright = Vec3(0.145f, 0.215f, 0.045f);
    } else if (season_ == Season::kWinter) {
      dark = Vec3(0.030f, 0.026f, 0.022f);
      bright = Vec3(0.085f, 0.075f, 0.065f);
    }
    Vec3 albedo = mix(dark, bright, saturate(leaves * 1.5f - 0.25f));
    // A crown is a ball: its sides turn away, its belly lies in its own shade.
    const Vec3 right = normalize(Vec3(ray.direction.z, 0.0f, -ray.direction.x));
    const Float depth =
        sqrt(saturate(1.0f - hit.bulge_x * hit.bulge_x - hit.bulge_y * hit.bulge_y));
    const Vec3 n = normalize(right * hit.bulge_x + Vec3(0.0f, 1.0f, 0.0f) * (hit.bulge_y + 0.15f) -
                             ray.direction * (depth * 0.9f) + Vec3(leaves - 0.47f) * 1.1f);
    const Float snow = light_.snow * smoothstep(0.2f, 0.7f, n.y + leaves * 0.6f - 0.2f);
    albedo = mix(albedo, Vec3(0.80f, 0.84f, 0.90f), snow * 0.85f);
    const Vec3 to_sun(light_.to_sun);
    const Float facing = saturate(dot(n, to_sun) * 0.75f + 0.25f);
    const Float through =
        square(saturate(dot(ray.direction, to_sun))) * saturate(1.2f - depth) * 0.6f;
    const Float open = saturate(0.55f + 0.35f * hit.bulge_y) * (0.45f + 0.9f * leaves);
    return albedo * (Vec3(light_.sun) * ((facing * open * 1.2f) + through) +
                     Vec3(light_.ambient) * (open * (0.6f + 0.4f * n.y)));
  }

  const Light& light_;
  const Season season_;
  const float wind_;
  const bool trees_;
  const float shift_;
  float seconds_ = 0;
};

}  // namespace rushes::previz::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // RUSHES_PREVIZ_FIELD_HORIZON_INL_H_
