// ForestFloor: the ground of a forest: a path across the stage and a trail that leads away from it,
// mounds of moss, fallen leaves or snow, and ferns.
#if defined(RUSHES_PREVIZ_FOREST_FLOOR_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef RUSHES_PREVIZ_FOREST_FLOOR_INL_H_
#undef RUSHES_PREVIZ_FOREST_FLOOR_INL_H_
#else
#define RUSHES_PREVIZ_FOREST_FLOOR_INL_H_
#endif

#include <algorithm>
#include <vector>

#include "previz/render/biome/forest_light-inl.h"
#include "previz/render/biome/forest_look.h"
#include "previz/render/pair_map-inl.h"
#include "previz/render/scene.h"
#include "previz/render/simd/noise-inl.h"

HWY_BEFORE_NAMESPACE();
namespace rushes::previz::HWY_NAMESPACE {

class ForestFloor {
 public:
  ForestFloor(const SceneSetup& setup, const ForestLook& look, const ForestLight& light)
      : look_(look),
        light_(light),
        salt_x_(salt(setup.shot.place_seed, 1)),
        salt_z_(salt(setup.shot.place_seed, 2)),
        bend_(0.9f * (chance(setup.shot.place_seed, 3) - 0.5f)),
        wriggle_(6.2f * chance(setup.shot.place_seed, 4)),
        frame_(map_frame(setup.shot)),
        heights_(frame_, kLowest, kTop),
        mounds_(frame_, 0.0f, 1.0f) {
    bake(setup.pool);
  }

  // The hash of a cell in which `what` may grow, other in every forest.
  HWY_INLINE Int cell_hash(Float cell_x, Float cell_z, int what) const {
    return hash2(truncate(cell_x) + (salt_x_ + what), truncate(cell_z) + salt_z_);
  }

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

  // Height of the visible surface: what is baked, and far beyond that the bare ground.
  HWY_INLINE Float surface(Float x, Float z) const {
    const Mask outside = is_outside(x, z);
    Float height = heights_(x, z);
    if (any(outside)) height = select(outside, base(x, z), height);
    return height;
  }
  float surface_at(float x, float z) const {
    float height[kWidestPacket];
    store(surface(Float(x), Float(z)), height);
    return height[0];
  }

  // Whether something `room` metres wide may stand at (x, z): the stage and the trail stay free.
  HWY_INLINE Mask may_grow(Float x, Float z, Float room) const {
    const Mask on_stage = (z < room + kStageFar) & (z > kStageNear - room);
    const Mask on_trail = (abs(x - trail(z)) < room + 1.15f) & (z > 0.0f) & (z < 70.0f);
    return ~(on_stage | on_trail);
  }

  // How far a cone of rays (`spread` metres of radius per metre) stays clear of the ground.
  Float clear_distance(const Ray& axis, float spread) const {
    const Float fall = max(-axis.direction.y, 0.0f);
    const Float slow = 1.0f / (fall + (0.16f + 1.3f * spread));
    Float t(0.1f), clear(0.0f);
    Mask active = axis.direction.y < kSteepest + spread;
    for (int i = 0; i < 24 && any(active); ++i) {
      const Vec3 p = axis.at(t);
      const Float room = p.y - surface(p.x, p.z) - t * (1.3f * spread);
      active = active & (room > 0.005f) & (t < kReach);
      clear = select(active, t, clear);
      t = t + max(room * slow, 0.02f);
    }
    return clear;
  }

  // Distance to the ground, no nearer than `clear`, for rays that reach it; kFarAway for the
  // others. Near the ground the steps trust it to be nearly level; one that comes out below it goes
  // back to where the straight line from the last step met it.
  Float march(const Ray& ray, Float clear) const {
    const Float fall = max(-ray.direction.y, 0.0f);
    Float t = max((ray.origin.y - kTop) / max(fall, 1e-3f), clear);
    Mask active = (ray.direction.y < kSteepest) & (t < kReach), hit = no_lanes();
    Float step(0.0f), gap_before(1.0f);
    const Float at_once = 1.0f / (fall + 0.03f), above_mounds = 1.0f / (fall + 0.11f);
    const Float among_mounds = 1.0f / (fall + 0.16f);
    for (int i = 0; i < 22 && any(active); ++i) {
      const Vec3 p = ray.at(t);
      const Float gap = p.y - surface(p.x, p.z);
      const Mask arrived = active & (gap < t * 0.0020f + 0.003f);
      if (any(arrived)) {
        const Float back = min(gap, 0.0f);
        const Float last = max(gap, 0.0f) * at_once;
        t = select(arrived, t + last + step * (back / (gap_before - back)), t);
      }
      hit = hit | arrived;
      active = active & ~arrived;
      step = max(max((gap - kMound) * above_mounds, gap * among_mounds), t * 0.004f + 0.01f);
      gap_before = max(gap, 1e-4f);
      t = select(active, t + step, t);
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

  // What may grow in a cell, with its own chances, and how a ray passes it: where along, how far
  // aside.
  struct Plant {
    Float x, z, size, shade, turn, chance;
    Int hash;
    HWY_INLINE Plant() {}
  };
  struct Fern {
    Plant plant;
    Float closest, aside, foot;
    HWY_INLINE Fern(const Plant& p, Float c, Float a, Float f)
        : plant(p), closest(c), aside(a), foot(f) {}
  };
  void frond_fan(const Ray& ray, const Fern& fern, Mask grows, Float leave, Leaves& leaves) const;

  Vec3 shade(const Ray& ray, Float t, Float sun, Float openness) const;
  Vec3 strewn(Vec3 p, Vec3 ground, Float texture, Float grain, Float near, Float off) const;

 private:
  static constexpr float kReach = 120.0f;
  static constexpr float kLowest = -0.5f, kTop = 8.0f;  // of the ground within reach
  static constexpr float kMound = 0.30f;                // no mound on it is higher
  static constexpr float kSteepest = 0.10f;             // rays that rise more never come down to it

  HWY_INLINE Float trail(Float z) const {
    return 2.6f + 1.7f * sin_fast(z * 0.13f + (0.4f + bend_)) +
           0.9f * sin_fast(z * 0.31f + wriggle_);
  }

  // 0 on the beaten earth, 1 away from it.
  HWY_INLINE Float off_path(Float x, Float z) const {
    const Float across = abs(z + 0.35f * sin_fast(x * 0.4f));
    const Float along = abs(x - trail(z)) + select(z < 0.0f, Float(9.0f), Float(0.0f));
    return smoothstep(0.75f, 2.1f, min(across, along * 1.25f));
  }

  // Turned against the axes, whose direction value noise would betray.
  HWY_INLINE Float mound_noise(Float x, Float z) const {
    return noise2(x * 0.72f + z * 0.51f + shift(salt_x_), z * 0.72f - x * 0.51f + shift(salt_z_));
  }

  static float chance(uint32_t seed, uint32_t what) { return exact::unit(exact::hash(seed, what)); }
  static int salt(uint32_t seed, uint32_t what) {
    return static_cast<int>(exact::hash(seed, what) & 0x7fff);
  }
  // Of noise: small enough that a float still has millimetres.
  static float shift(int salt) { return static_cast<float>(salt & 0x3ff); }

  // ---- the baked part ---------------------------------------------------------------------------

  // The maps reach from behind the camera to where the haze swallows mounds, and as far to the
  // sides of the camera's way as it can see; on a very long way they get coarser.
  static MapFrame map_frame(const Shot& shot) {
    constexpr float kCell = 0.125f, kBehind = 24, kAside = 64;
    constexpr int kSmall = 1024, kLarge = 2048;
    const CameraPath& camera = shot.camera;
    const float travel = camera.velocity.x * shot.duration_seconds();
    const float ends[] = {camera.position_from.x, camera.position_to.x,
                          camera.position_from.x + travel, camera.position_to.x + travel};
    const auto [west, east] = std::minmax_element(std::begin(ends), std::end(ends));
    const float width = *east - *west + 2 * kAside;
    MapFrame frame;
    frame.size = width <= kCell * kSmall ? kSmall : kLarge;
    frame.cell = std::max(kCell, width / static_cast<float>(frame.size));
    frame.x = (*west + *east) * 0.5f - frame.cell * static_cast<float>(frame.size / 2);
    frame.z = -kBehind;
    return frame;
  }

  float map_end() const { return frame_.cell * static_cast<float>(frame_.size - 2); }
  HWY_INLINE Mask is_outside(Float x, Float z) const {
    const Float u = x - frame_.x, v = z - frame_.z;
    return (min(u, v) < 0.0f) | (max(u, v) > map_end());
  }

  // Mounds everywhere but on the path, lower on the stage; they fade out at the edges of the maps.
  Float mound(Float x, Float z) const {
    const Float u = x - frame_.x, v = z - frame_.z;
    const float end = map_end();
    const Float inside = min(min(u, end - u), min(v, end - v));
    return off_path(x, z) * max(mound_noise(x, z) - 0.30f, 0.0f) * smoothstep(1.0f, 6.0f, inside);
  }

  void bake(ThreadPool& pool) {
    const size_t size = static_cast<size_t>(frame_.size);
    std::vector<float> heights(size * size), mounds(size * size);
    pool.for_each(frame_.size, [&](int row) HWY_ATTR {
      const Float z(frame_.z + static_cast<float>(row) * frame_.cell);
      const Float back = 0.35f + 0.65f * smoothstep(1.5f, 5.0f, z);
      for (int i = 0; i < frame_.size; i += kLanes) {
        const Float x = to_float(lane_index(i)) * frame_.cell + frame_.x;
        const Float raised = mound(x, z);
        const size_t at = static_cast<size_t>(row) * size + static_cast<size_t>(i);
        store(base(x, z) + 0.012f + back * raised * 0.40f + look_.snow * 0.03f, &heights[at]);
        store(raised, &mounds[at]);
      }
    });
    heights_.fill(heights, pool);
    mounds_.fill(mounds, pool);
    bake_plants();
  }

  static constexpr float kPlantCell = 1.25f, kNoPlant = -50.0f;

  HWY_INLINE Plant plant_in(Float cell_x, Float cell_z) const {
    const Int h = cell_hash(cell_x, cell_z, 17);
    const Float u1 = unit(h), u2 = unit(h * 747796405 + 3), u3 = unit(h * 277803737 + 7);
    Plant plant;
    plant.x = (cell_x + 0.36f + 0.28f * u1) * kPlantCell;
    plant.z = (cell_z + 0.36f + 0.28f * u2) * kPlantCell;
    plant.size = 0.42f + 0.55f * u3 * u3 + 0.08f * u1;
    plant.shade = u2;
    plant.turn = u3;
    plant.chance = unit(h * 961748941 + 77);
    plant.hash = h;
    return plant;
  }

  // The entry of a cell; the outermost entries hold no plant and stand for all beyond.
  HWY_INLINE Int plant_index(Float cell_x, Float cell_z) const {
    const float last = static_cast<float>(plant_cells_ - 1);
    const Float u = clamp(cell_x - plant_west_, 0.0f, last);
    const Float v = clamp(cell_z - plant_south_, 0.0f, last);
    return truncate(v) * plant_cells_ + truncate(u);
  }

  // Where plants stand: in thickets, off the path.
  void bake_plants() {
    plant_west_ = exact::floor(frame_.x / kPlantCell);
    plant_south_ = exact::floor(frame_.z / kPlantCell);
    plant_cells_ = static_cast<int>(map_end() / kPlantCell);
    const size_t cells = static_cast<size_t>(plant_cells_);
    feet_.resize(cells * cells + kWidestPacket);
    for (int row = 0; row < plant_cells_; ++row) {
      for (int i = 0; i < plant_cells_; i += kLanes) {
        const Float column = to_float(lane_index(i));
        const Plant p =
            plant_in(column + plant_west_, Float(plant_south_ + static_cast<float>(row)));
        const Float thicket =
            0.55f + 1.2f * noise2(p.x * 0.21f + shift(salt_x_), p.z * 0.21f + shift(salt_z_));
        const float last = static_cast<float>(plant_cells_ - 1);
        const Mask inner = (column > 0.0f) & (column < last) &
                           (Float(static_cast<float>(row)) > 0.0f) &
                           (Float(static_cast<float>(row)) < last);
        const Mask grows = inner & (p.z > 2.9f) & (p.chance < look_.plants * thicket) &
                           (off_path(p.x, p.z) > 0.7f);
        store(select(grows, base(p.x, p.z) + 0.03f, Float(kNoPlant)),
              &feet_[static_cast<size_t>(row) * cells + static_cast<size_t>(i)]);
      }
    }
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
  const int salt_x_, salt_z_;
  const float bend_, wriggle_;  // phases of the trail, in radians
  const MapFrame frame_;
  PairMap heights_, mounds_;
  float plant_west_ = 0, plant_south_ = 0;  // the first cell
  int plant_cells_ = 0;                     // in a row
  std::vector<float> feet_;                 // of plants, per cell
};

inline void ForestFloor::plants(const Ray& ray, Float ground, Leaves& leaves) const {
  if (look_.plants <= 0.0f) return;
  constexpr float kCell = kPlantCell, kInverse = 1.0f / kCell, kTallest = 0.85f;
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
  const Float inverse_level2 = 1.0f / max(square(ray.direction.x) + square(ray.direction.z), 1e-4f);
  const Float inverse_level = sqrt(inverse_level2);
  for (int i = 0; i < 16; ++i) {
    // Most cells are empty.
    const Float foot = gather(feet_.data(), plant_index(cell_x, cell_z));
    const Mask grows = active & (foot > kNoPlant);
    if (any(grows)) {
      const Plant plant = plant_in(cell_x, cell_z);
      const Float ox = ray.origin.x - plant.x, oz = ray.origin.z - plant.z;
      const Float closest = -(ox * ray.direction.x + oz * ray.direction.z) * inverse_level2;
      const Float aside = (ox * ray.direction.z - oz * ray.direction.x) * inverse_level;
      frond_fan(ray, {plant, closest, aside, foot}, grows, leave, leaves);
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
  const Float per_size = 1.0f / fern.plant.size;
  Float sun(0.0f);  // of both layers, asked for once
  bool has_sun = false;
  for (int layer = 0; layer < 2; ++layer) {
    const Float t =
        fern.closest + (static_cast<float>(layer) * 2.0f - 1.0f) * fern.plant.size * 0.22f;
    const Float y = ray.origin.y + ray.direction.y * t - fern.foot;
    const Mask inside = grows & (t > 0.3f) & (t < leave + 0.3f) & (y > -0.05f) &
                        (y < fern.plant.size) & (abs(fern.aside) < fern.plant.size);
    if (none(inside)) continue;
    const Float sway = light_.sway(fern.plant.x, y, t) * saturate(y) * 0.8f;
    const Float u = (fern.aside + sway) * per_size, v = max(y * per_size, 0.0f);
    const Float out = max(abs(u), 0.015f);
    // Through (u, v) goes one arc v = k u - 1.35 u^2 of the fan; its steepness tells which frond.
    const Float k = (v + 1.35f * out * out) / out;
    const Float fan = k / (k + 1.1f) * 5.0f + fern.plant.turn;
    const Float frond = floor(fan), f = abs(fan - frond - 0.5f);
    const Float side = select(u < 0.0f, Float(3.0f), Float(0.0f));
    const Int fh = hash2(truncate(frond + side) + layer * 11, fern.plant.hash);
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
    const Vec3 plant = Vec3(look_.plant_light) * (0.75f + 0.5f * fern.plant.shade);
    Vec3 albedo = mix(Vec3(look_.plant_dark), plant, light);
    albedo =
        mix(albedo, Vec3(0.8f, 0.84f, 0.9f), look_.snow * smoothstep(0.4f, 0.8f, light) * 0.8f);
    if (!has_sun) sun = light_.sun_at(ray.at(fern.closest));
    has_sun = true;
    const Vec3 lit = light_.plant(ray, albedo, light, sun);
    leaves.add(light_.haze(ray, t, lit), cover, t);
  }
}

// Fallen leaves over the ground: single ones near the eye, their mean colour far away.
inline Vec3 ForestFloor::strewn(Vec3 p, Vec3 ground, Float texture, Float grain, Float near,
                                Float off) const {
  const Vec3 mean =
      mix(Vec3(look_.litter_one), Vec3(look_.litter_two), 0.5f) * (0.55f + 0.5f * texture);
  const Vec3 far = mix(ground, mean, 0.75f);
  Vec3 leaves = ground;
  if (any(near > 0.0f)) {
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
    leaves = mix(mix(ground, b * 0.8f, two * near), a, one * near);
  }
  leaves = mix(leaves, far, (1.0f - near) * saturate(look_.litter));
  const Float amount =
      (0.45f + 0.55f * off) * saturate(0.35f + 1.1f * noise2(p.x * 0.6f + 9.0f, p.z * 0.6f));
  return mix(ground, leaves, saturate(amount * 1.4f));
}

inline Vec3 ForestFloor::shade(const Ray& ray, Float t, Float sun, Float openness) const {
  const Vec3 p = ray.at(t);
  // The lie of the ground from the map, a little roughness from noise where it can be seen.
  const Float e = max(frame_.cell, t * 0.0018f);
  const Float here = heights_(p.x, p.z), per_metre = 1.0f / e;
  Float slope_x = (heights_(p.x + e, p.z) - here) * per_metre;
  Float slope_z = (heights_(p.x, p.z + e) - here) * per_metre;
  const Float mound = mounds_(p.x, p.z);
  const Float near = saturate(1.25f - t * 0.045f);
  if (any(near > 0.0f)) {
    const Slope rough = noise2_slope(p.x * 4.5f, p.z * 4.5f);
    const Float rise = near * (0.10f + 0.40f * mound);
    slope_x += rough.x * rise;
    slope_z += rough.y * rise;
  }
  Vec3 n = normalize(Vec3(-slope_x, 1.0f, -slope_z));
  const Float off = off_path(p.x, p.z);

  // Earth, needles and twigs.
  const Float grain = fbm2(p.x * 8.0f, p.z * 8.0f, 3);
  const Float lx = p.x * 0.8f + p.z * 0.6f, lz = p.z * 0.8f - p.x * 0.6f;
  Float texture(0.62f);
  if (any(near > 0.0f)) {
    const Float twigs = max(noise2(lx * 31.0f + grain * 3.0f, lz * 8.0f),
                            noise2(p.x * 7.0f + grain * 4.0f, p.z * 33.0f));
    texture = mix(texture, twigs * 1.15f - 0.15f, near);
  }
  Vec3 albedo =
      mix(Vec3(look_.soil_dark), Vec3(look_.soil_light), saturate(grain * 1.25f - 0.05f)) *
      (0.55f + 0.8f * texture) * (1.0f + 0.25f * (1.0f - off));

  // Moss and low green on the mounds.
  const Float green = smoothstep(0.03f, 0.24f, mound + (grain - 0.4f) * 0.34f) * look_.cover;
  const Vec3 moss = mix(Vec3(look_.plant_dark),
                        mix(Vec3(look_.plant_light), Vec3(look_.soil_light), 0.35f) * 0.8f,
                        saturate(grain * 0.8f + texture * 0.55f - 0.28f));
  albedo = mix(albedo, moss, green);

  if (look_.litter > 0.0f) albedo = strewn(p, albedo, texture, grain, near, off);
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
