// ForestFloor: the ground of a forest: a path across the stage and a trail that leads away from it,
// mounds of moss, fallen leaves or snow, and ferns.
#if defined(RUSHES_PREVIZ_FOREST_FLOOR_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef RUSHES_PREVIZ_FOREST_FLOOR_INL_H_
#undef RUSHES_PREVIZ_FOREST_FLOOR_INL_H_
#else
#define RUSHES_PREVIZ_FOREST_FLOOR_INL_H_
#endif

#include "previz/render/biome/forest_light-inl.h"
#include "previz/render/biome/forest_look.h"
#include "previz/render/simd/noise-inl.h"

HWY_BEFORE_NAMESPACE();
namespace rushes::previz::HWY_NAMESPACE {

class ForestFloor {
 public:
  ForestFloor(const ForestLook& look, const ForestLight& light) : look_(look), light_(light) {}

  // The stage is a strip along x, so that the camera may follow a runner.
  static constexpr float kStageNear = -17.0f, kStageFar = 3.1f;

  // The ground without moss and litter: what trees and actors stand on. It lies level around the
  // path and rises slowly behind it, so that the feet of far trees show above those of near ones.
  HWY_INLINE Float base(Float x, Float z) const {
    const Float behind = max(z - 9.0f, 0.0f);
    const Float rise =
        behind * behind / (behind + 22.0f) * (0.050f + 0.030f * sin_fast(x * 0.06f + 0.9f));
    return 0.07f * sin_fast(x * 0.33f + 1.0f) + 0.05f * sin_fast(z * 0.5f + x * 0.21f) + rise;
  }

  // Height of the visible surface.
  HWY_INLINE Float surface(Float x, Float z) const { return base(x, z) + detail(x, z); }

  // Whether something `room` metres wide may stand at (x, z): the stage and the trail stay free.
  HWY_INLINE Mask may_grow(Float x, Float z, Float room) const {
    const Mask on_stage = (z < room + kStageFar) & (z > kStageNear - room);
    const Mask on_trail = (abs(x - trail(z)) < room + 1.15f) & (z > 0.0f) & (z < 70.0f);
    return ~(on_stage | on_trail);
  }

  // Distance to the ground for rays that reach it; kFarAway for the others.
  Float march(const Ray& ray) const {
    const Float fall = max(-ray.direction.y, 0.0f);
    Float t = max((ray.origin.y - kTop) / max(fall, 1e-3f), 0.0f);
    Mask active = (ray.direction.y < kSteepest) & (t < kReach), hit = no_lanes();
    for (int i = 0; i < 22 && any(active); ++i) {
      const Vec3 p = ray.at(t);
      const Float above = p.y - base(p.x, p.z);
      Float gap = above - kMound + 0.03f, slope(0.11f);
      const Mask near = active & (gap < 0.04f);
      if (any(near)) {
        gap = select(near, above - detail(p.x, p.z), gap);
        slope = select(near, Float(0.30f), slope);
      }
      const Mask arrived = near & (gap < t * 0.0012f + 0.002f);
      hit = hit | arrived;
      active = active & ~arrived;
      t = select(active, t + max(gap / (fall + slope), t * 0.004f + 0.01f), t);
      active = active & (t < kReach);
    }
    // Rays that graze the mounds too long are there already; those beyond the reach end on a plane.
    const Float plane = max((ray.origin.y - 2.5f) / max(fall, 1e-3f), t);
    const Mask below = ~hit & ~active & (ray.direction.y < -0.002f);
    t = select(below, min(plane, 2000.0f), t);
    return select(hit | active | below, t, Float(kFarAway));
  }

  // Ferns and tufts: cells of a finer grid, each plant two curtains of arching fronds.
  void plants(const Ray& ray, Float ground, Leaves& leaves) const;

  // One plant as a ray passes it: where along and how far aside, foot and size, its own chances.
  struct Fern {
    Float x, closest, aside, foot, size, shade, turn;
    Int hash;
  };
  void frond_fan(const Ray& ray, const Fern& fern, Mask grows, Float leave, Leaves& leaves) const;

  Vec3 shade(const Ray& ray, Float t, Float sun, Float openness) const;

 private:
  static constexpr float kReach = 120.0f;
  static constexpr float kTop = 8.0f;        // no ground is higher within reach
  static constexpr float kMound = 0.30f;     // nor any mound on it
  static constexpr float kSteepest = 0.10f;  // rays that rise more never come down to it

  HWY_INLINE Float trail(Float z) const {
    return 2.6f + 1.7f * sin_fast(z * 0.13f + 0.4f) + 0.9f * sin_fast(z * 0.31f);
  }

  // 0 on the beaten earth, 1 away from it.
  HWY_INLINE Float off_path(Float x, Float z) const {
    const Float across = abs(z + 0.35f * sin_fast(x * 0.4f));
    const Float along = abs(x - trail(z)) + select(z < 0.0f, Float(9.0f), Float(0.0f));
    return smoothstep(0.75f, 2.1f, min(across, along * 1.25f));
  }

  // Turned against the axes, whose direction value noise would betray.
  static HWY_INLINE Float mound_noise(Float x, Float z) {
    return noise2(x * 0.72f + z * 0.51f, z * 0.72f - x * 0.51f);
  }

  // Mounds (up to 0.3 m) everywhere but on the path, and a little roughness.
  HWY_INLINE Float detail(Float x, Float z) const {
    const Float off = off_path(x, z);
    const Float rough = noise2(x * 4.5f, z * 4.5f);
    Float raised(0.0f);
    if (any(off > 0.0f)) {
      const Float mounds = mound_noise(x, z);
      const Float back = 0.35f + 0.65f * smoothstep(1.5f, 5.0f, z);
      raised = off * back *
               (0.36f * max(mounds - 0.34f, 0.0f) + 0.09f * rough * max(mounds - 0.2f, 0.0f));
    }
    return raised + 0.020f * rough + look_.snow * 0.03f * off;
  }

  // Leaves lying about: one in each cell of a fine grid, turned and tinted by chance.
  // Gives coverage; `tint` is the leaf's own chance number.
  HWY_INLINE Float fallen(Float x, Float z, int salt, Float& tint) const {
    const Float cx = floor(x), cz = floor(z);
    const Int h = hash3(truncate(cx), truncate(cz), salt);
    const Float u1 = unit(h), u2 = unit(h * 747796405 + 17), u3 = unit(h * 277803737 + 91);
    const Float dx = x - cx - 0.32f - 0.36f * u1, dz = z - cz - 0.32f - 0.36f * u2;
    const Float c = u3 * 2.0f - 1.0f, s = sqrt(max(1.0f - c * c, 0.0f));
    const Float along = dx * c + dz * s, across = dz * c - dx * s;
    const Float blade = square(along * 2.6f) + square(across * 4.4f + along * along * 3.0f);
    tint = u1 * 0.6f + u3 * 0.4f;
    return smoothstep(1.05f, 0.75f, blade) *
           select(u2 < look_.litter * 1.1f - 0.06f, Float(1.0f), Float(0.0f)) *
           (0.80f + 0.20f * saturate(1.0f - abs(across) * 14.0f));
  }

  const ForestLook& look_;
  const ForestLight& light_;
};

inline void ForestFloor::plants(const Ray& ray, Float ground, Leaves& leaves) const {
  if (look_.plants <= 0.0f) return;
  constexpr float kCell = 1.25f, kInverse = 1.0f / kCell, kTallest = 0.85f;
  // The stretch of the ray between the tops of the plants and the ground, behind the path.
  const Float down = min(ray.direction.y, -1e-3f);
  const Float rising = max(ray.direction.y, 1e-3f);
  const Mask falls = ray.direction.y < 0.0f;
  const Float height = ray.origin.y - kTallest - 0.15f;
  Float enter = select(falls & (height > 0.0f), height / -down, Float(0.0f));
  Float leave = select(falls, ground, select(height < 0.0f, -height / rising, Float(0.0f)));
  const Mask away = ray.direction.z > 0.0f;
  const Float to_row = (2.3f - ray.origin.z) / max(abs(ray.direction.z), 1e-3f);
  enter = max(enter, select(away, max(to_row, 0.0f), Float(0.0f)));
  leave = min(min(leave, ground), 26.0f);
  Mask active = (enter < leave) & away & (leaves.through > 0.05f);
  if (none(active)) return;

  const Mask right = ray.direction.x > 0.0f;
  const Float step_x = select(right, Float(1.0f), Float(-1.0f));
  const Float slow_x = step_x / max(abs(ray.direction.x), 1e-4f);
  const Float slow_z = 1.0f / max(ray.direction.z, 1e-4f);
  const Float start_x = ray.origin.x + ray.direction.x * enter,
              start_z = ray.origin.z + ray.direction.z * enter;
  Float cell_x = floor(start_x * kInverse), cell_z = floor(start_z * kInverse);
  Float next_x =
      ((cell_x + select(right, Float(1.0f), Float(0.0f))) * kCell - ray.origin.x) * slow_x;
  Float next_z = ((cell_z + 1.0f) * kCell - ray.origin.z) * slow_z;
  const Float stride_x = abs(slow_x) * kCell, stride_z = slow_z * kCell;
  const Float level2 = max(square(ray.direction.x) + square(ray.direction.z), 1e-4f);
  const Float level = sqrt(level2);
  for (int i = 0; i < 16; ++i) {
    const Int h = hash2(truncate(cell_x) + 17, truncate(cell_z) + 5);
    const Float u1 = unit(h), u2 = unit(h * 747796405 + 3), u3 = unit(h * 277803737 + 7);
    const Float x = (cell_x + 0.36f + 0.28f * u1) * kCell,
                z = (cell_z + 0.36f + 0.28f * u2) * kCell;
    const Float size = 0.42f + 0.55f * u3 * u3 + 0.08f * u1;
    // Most cells are empty by chance alone: thickets hold at most 1.75 times as many plants.
    const Float chance = unit(h * 961748941 + 77);
    Mask grows = active & (chance < look_.plants * 1.8f) & (z > 2.9f);
    if (any(grows)) {
      const Float thicket = 0.55f + 1.2f * noise2(x * 0.21f + 7.0f, z * 0.21f);
      grows = grows & (chance < look_.plants * thicket) & (off_path(x, z) > 0.7f);
    }
    if (any(grows)) {
      const Float ox = ray.origin.x - x, oz = ray.origin.z - z;
      const Float closest = -(ox * ray.direction.x + oz * ray.direction.z) / level2;
      const Float aside = (ox * ray.direction.z - oz * ray.direction.x) / level;
      const Fern fern{x, closest, aside, base(x, z) + 0.03f, size, u2, u3, h};
      frond_fan(ray, fern, grows, leave, leaves);
    }
    const Float here = min(next_x, next_z);
    const Mask sideways = next_x < next_z;
    cell_x = select(sideways, cell_x + step_x, cell_x);
    cell_z = select(sideways, cell_z, cell_z + 1.0f);
    next_x = select(sideways, next_x + stride_x, next_x);
    next_z = select(sideways, next_z, next_z + stride_z);
    active = active & (here < leave) & (leaves.through > 0.05f);
    if (none(active)) break;
  }
}

// Two layers of a fern, before and behind its middle.
inline void ForestFloor::frond_fan(const Ray& ray, const Fern& fern, Mask grows, Float leave,
                                   Leaves& leaves) const {
  for (int layer = 0; layer < 2; ++layer) {
    const Float t = fern.closest + (static_cast<float>(layer) * 2.0f - 1.0f) * fern.size * 0.22f;
    const Float y = ray.origin.y + ray.direction.y * t - fern.foot;
    const Mask inside = grows & (t > 0.3f) & (t < leave + 0.3f) & (y > -0.05f) & (y < fern.size) &
                        (abs(fern.aside) < fern.size);
    if (none(inside)) continue;
    const Float sway = light_.sway(fern.x, y, t) * saturate(y) * 0.8f;
    const Float u = (fern.aside + sway) / fern.size, v = max(y / fern.size, 0.0f);
    const Float out = max(abs(u), 0.015f);
    // Through (u, v) goes one arc v = k u - 1.35 u^2 of the fan; its steepness tells which frond.
    const Float k = (v + 1.35f * out * out) / out;
    const Float fan = k / (k + 1.1f) * 5.0f + fern.turn;
    const Float frond = floor(fan), f = abs(fan - frond - 0.5f);
    const Float side = select(u < 0.0f, Float(3.0f), Float(0.0f));
    const Int fh = hash2(truncate(frond + side) + layer * 11, fern.hash);
    const Float f1 = unit(fh);
    const Float r = sqrt(u * u + v * v);
    const Float along = r / (0.55f + 0.42f * f1);
    const Float saw = abs(fract(r * 17.0f + f * 1.5f) - 0.5f) * 2.0f;
    const Float near = saturate(1.8f - t * 0.16f);
    const Float width = 0.50f * saturate(1.15f * (1.0f - along)) * saturate(0.25f + along * 3.0f) *
                        mix(Float(0.66f), 0.30f + 0.70f * saw, near);
    const Float cover =
        select(inside, smoothstep(Float(0.0f), 0.10f + t * 0.008f, width - f), Float(0.0f));
    if (none(cover > 0.0f)) continue;
    const Float light = saturate(0.02f + 0.60f * v + 0.40f * along * f1 + 0.22f * (0.5f - f) -
                                 0.10f * saw * near + (layer == 0 ? 0.06f : -0.10f));
    const Vec3 plant = Vec3(look_.plant_light) * (0.75f + 0.5f * fern.shade);
    Vec3 albedo = mix(Vec3(look_.plant_dark), plant, light);
    albedo =
        mix(albedo, Vec3(0.8f, 0.84f, 0.9f), look_.snow * smoothstep(0.4f, 0.8f, light) * 0.8f);
    const Float sun = light_.sun_at(ray.at(t));
    const Vec3 lit = light_.plant(ray, albedo, light, sun);
    leaves.add(light_.haze(ray, t, lit), cover, t);
  }
}

inline Vec3 ForestFloor::shade(const Ray& ray, Float t, Float sun, Float openness) const {
  const Vec3 p = ray.at(t);
  const Float e = 0.02f + t * 0.0018f;
  const Float here = surface(p.x, p.z);
  const Float slope_x = surface(p.x + e, p.z) - here, slope_z = surface(p.x, p.z + e) - here;
  Vec3 n = normalize(Vec3(-slope_x, e, -slope_z));
  const Float off = off_path(p.x, p.z);
  const Float mound = max(mound_noise(p.x, p.z) - 0.30f, 0.0f) * off;
  const Float near = saturate(1.25f - t * 0.045f);

  // Earth, needles and twigs.
  const Float grain = fbm2(p.x * 8.0f, p.z * 8.0f, 3);
  const Float lx = p.x * 0.8f + p.z * 0.6f, lz = p.z * 0.8f - p.x * 0.6f;
  const Float twigs = max(noise2(lx * 31.0f + grain * 3.0f, lz * 8.0f),
                          noise2(p.x * 7.0f + grain * 4.0f, p.z * 33.0f)) *
                          1.15f -
                      0.15f;
  const Float texture = mix(Float(0.62f), twigs, near);
  Vec3 albedo =
      mix(Vec3(look_.soil_dark), Vec3(look_.soil_light), saturate(grain * 1.25f - 0.05f)) *
      (0.55f + 0.8f * texture) * (1.0f + 0.25f * (1.0f - off));

  // Moss and low green on the mounds.
  const Float green = smoothstep(0.03f, 0.24f, mound + (grain - 0.4f) * 0.34f) * look_.cover;
  const Vec3 moss = mix(Vec3(look_.plant_dark),
                        mix(Vec3(look_.plant_light), Vec3(look_.soil_light), 0.35f) * 0.8f,
                        saturate(grain * 0.8f + texture * 0.55f - 0.28f));
  albedo = mix(albedo, moss, green);

  if (look_.litter > 0.0f) {
    Float tint_one, tint_two;
    const Float stir = grain * 1.7f;
    const Float one =
        fallen(p.x * 7.1f + p.z * 3.9f + stir, p.z * 7.1f - p.x * 3.9f - stir, 3, tint_one);
    const Float two = fallen(p.x * 10.4f - p.z * 5.2f - stir,
                             p.z * 10.4f + p.x * 5.2f + stir * 1.6f, 7, tint_two);
    const Float fresh = fract(tint_two * 7.3f);
    const Vec3 a =
        mix(Vec3(look_.litter_one), Vec3(look_.litter_two), tint_one) * (0.75f + 0.5f * fresh);
    const Vec3 b = mix(Vec3(look_.litter_two), Vec3(look_.litter_one), tint_two);
    const Float strewn =
        (0.45f + 0.55f * off) * saturate(0.35f + 1.1f * noise2(p.x * 0.6f + 9.0f, p.z * 0.6f));
    const Vec3 mean =
        mix(Vec3(look_.litter_one), Vec3(look_.litter_two), 0.5f) * (0.55f + 0.5f * texture);
    Vec3 leaves = mix(mix(albedo, b * 0.8f, two * near), a, one * near);
    leaves = mix(leaves, mix(albedo, mean, 0.75f), (1.0f - near) * saturate(look_.litter));
    albedo = mix(albedo, leaves, saturate(strewn * 1.4f));
  }
  if (look_.snow > 0.0f) {
    const Float lies =
        saturate(look_.snow * (0.55f + 0.9f * off + (grain - 0.45f)) - (1.0f - off) * 0.25f);
    albedo = mix(albedo, Vec3(0.60f, 0.64f, 0.70f) * (0.90f + 0.14f * grain), lies);
    n = normalize(mix(n, Vec3(0.0f, 1.0f, 0.0f), 0.2f));
  }
  const Float wet = light_.light().wetness;
  albedo = albedo * (1.0f - 0.32f * wet);
  return light_.ground(p, n, albedo, sun, openness * (0.72f + 0.28f * saturate(texture + green)));
}

}  // namespace rushes::previz::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // RUSHES_PREVIZ_FOREST_FLOOR_INL_H_
