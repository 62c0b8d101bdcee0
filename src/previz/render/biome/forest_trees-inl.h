// ForestTrees: the trees of a forest and the light between them.
//
// The plane is cut into cells of one tree at most. A ray walks from cell to cell; the trunk of each
// is a leaning, tapering cone with a flared foot, its crown three curtains of branches around the
// axis, each turned to the ray, so that a crown has depth at the price of three evaluations.
#if defined(RUSHES_PREVIZ_FOREST_TREES_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef RUSHES_PREVIZ_FOREST_TREES_INL_H_
#undef RUSHES_PREVIZ_FOREST_TREES_INL_H_
#else
#define RUSHES_PREVIZ_FOREST_TREES_INL_H_
#endif

#include "previz/render/biome/forest_floor-inl.h"
#include "previz/render/biome/forest_light-inl.h"
#include "previz/render/biome/forest_look.h"

HWY_BEFORE_NAMESPACE();
namespace rushes::previz::HWY_NAMESPACE {

struct Tree {
  Float x, z;    // the axis at its foot
  Float foot;    // height of the ground there
  Float radius;  // of the trunk above the flare
  Float lean_x, lean_z;
  Float height, crown_base, crown_radius;
  Float room;  // that it needs
  Float turn;  // 0..1: which way its roots and ridges run
  Float tint;  // 0..1: hue of its leaves
  Int hash;
  Mask exists;  // by chance; the floor may still say no

  HWY_INLINE Tree() {}
};

// What a ray met among the trees: leaves in front (already lit and in the haze), then maybe bark.
struct TreeHit {
  Mask bark;
  Float distance;  // of the bark
  Tree tree;
  Leaves leaves;

  HWY_INLINE TreeHit() {}
};

class ForestTrees {
 public:
  ForestTrees(const ForestLook& look, const ForestLight& light, const ForestFloor& floor)
      : look_(look), light_(light), floor_(floor) {}

  // The trees that the ray meets before `limit`, behind the leaves already met.
  TreeHit trace(const Ray& ray, Float limit, const Leaves& before) const {
    TreeHit hit;
    hit.bark = no_lanes();
    hit.distance = limit;
    hit.leaves = before;
    hit.tree.x = hit.tree.z = hit.tree.foot = hit.tree.radius = hit.tree.turn = Float(0.0f);
    hit.tree.lean_x = hit.tree.lean_z = Float(0.0f);
    const Float cell(look_.cell_m), inverse_cell(1.0f / look_.cell_m);
    const Mask right = ray.direction.x > 0.0f, away = ray.direction.z > 0.0f;
    const Float step_x = select(right, Float(1.0f), Float(-1.0f));
    const Float step_z = select(away, Float(1.0f), Float(-1.0f));
    const Float slow_x = step_x / max(abs(ray.direction.x), 1e-4f);
    const Float slow_z = step_z / max(abs(ray.direction.z), 1e-4f);
    // Nothing grows on the stage: rays that look across it begin at its far side.
    const Float over = select(away & (ray.origin.z > ForestFloor::kStageNear),
                              (ForestFloor::kStageFar - ray.origin.z) * slow_z, Float(0.0f));
    const Vec3 start = ray.at(clamp(over, 0.0f, kTreeReach));
    Float cell_x = floor(start.x * inverse_cell), cell_z = floor(start.z * inverse_cell);
    Float next_x =
        ((cell_x + select(right, Float(1.0f), Float(0.0f))) * cell - ray.origin.x) * slow_x;
    Float next_z =
        ((cell_z + select(away, Float(1.0f), Float(0.0f))) * cell - ray.origin.z) * slow_z;
    const Float stride_x = abs(slow_x) * cell, stride_z = abs(slow_z) * cell;
    // Nor is there anything above the tallest.
    const Float up =
        (look_.height_m + look_.height_span_m + 3.0f - ray.origin.y) / max(ray.direction.y, 1e-3f);
    const Float end = min(limit, min(max(up, 0.0f), kTreeReach));
    Mask active = end > over;
    for (int i = 0; i < cells_max() && any(active); ++i) {
      visit(ray, cell_x, cell_z, active, end, hit);
      const Float enter = min(next_x, next_z);
      const Mask sideways = next_x < next_z;
      cell_x = select(sideways, cell_x + step_x, cell_x);
      cell_z = select(sideways, cell_z, cell_z + step_z);
      next_x = select(sideways, next_x + stride_x, next_x);
      next_z = select(sideways, next_z, next_z + stride_z);
      active = active & ~hit.bark & (enter < end) & (hit.leaves.through > kDense);
    }
    return hit;
  }

  Vec3 shade_bark(const Ray& ray, const TreeHit& hit, Float sun) const;

  // Three layers of leaves high above, over what is `behind` them.
  Vec3 roof(const Ray& ray, Vec3 behind) const {
    const Float slow = 1.0f / max(ray.direction.y, 0.05f);
    Vec3 colour = behind;
    for (int layer = 2; layer >= 0; --layer) {
      const float height =
          look_.crown_base_m + look_.crown_base_span_m + 1.5f + 4.5f * static_cast<float>(layer);
      const Float t = max(height - ray.origin.y, 0.5f) * slow;
      const Float x = ray.origin.x + ray.direction.x * t + static_cast<float>(layer) * 13.0f;
      const Float z = ray.origin.z + ray.direction.z * t;
      const Float boughs = noise2(x * 0.30f, z * 0.30f);
      const Float twigs = noise2(x * 1.35f + boughs * 2.0f, z * 1.35f);
      const Float fine = noise2(x * 6.2f + twigs * 3.0f, z * 6.2f);
      const Float density = boughs * 0.5f + twigs * 0.34f + fine * 0.24f;
      const Float cover =
          smoothstep(0.72f - 0.40f * look_.canopy, 0.80f - 0.40f * look_.canopy, density) * 0.92f;
      const Float light = saturate(0.25f + 0.9f * (fine - 0.4f) + 0.5f * (twigs - 0.5f));
      Vec3 albedo = mix(Vec3(look_.leaf_dark), Vec3(look_.leaf_light), light);
      if (look_.foliage == Foliage::kBare) albedo = Vec3(look_.bark_dark);
      albedo = mix(albedo, Vec3(0.60f, 0.64f, 0.70f), look_.snow * 0.75f * fine);
      const Vec3 lit = light_.haze(ray, t * 0.7f, light_.leaves(ray, t, albedo, light));
      colour = mix(colour, lit, cover * smoothstep(0.05f, 0.16f, ray.direction.y));
    }
    return colour;
  }

 private:
  static constexpr float kTreeReach = 90.0f;
  static constexpr float kDense = 0.04f;  // what shows through less than this is not worth a look

  int cells_max() const { return look_.cell_m < 2.0f ? 32 : 22; }

  Tree tree_in(Float cell_x, Float cell_z) const {
    Tree tree;
    const Int h = floor_.cell_hash(cell_x, cell_z, 91);
    tree.hash = h;
    const Float u1 = unit(h), u2 = unit(h * 747796405 + 1234567), u3 = unit(h * 277803737 + 891);
    const Float u4 = unit(h * 198491317 + 4321), u5 = unit(h * 961748941 + 77);
    tree.x = (cell_x + 0.34f + u1 * 0.32f) * look_.cell_m;
    tree.z = (cell_z + 0.34f + u2 * 0.32f) * look_.cell_m;
    const Mask young = u4 < look_.young;
    const Float size = select(young, Float(0.12f), 0.25f + 0.75f * u3);
    tree.radius = (look_.radius_m + look_.radius_span_m * u3 * u3) *
                  select(young, Float(look_.radius_m > 0.4f ? 0.22f : 0.5f), Float(1.0f));
    tree.height = select(young, 5.0f + 6.5f * u3, look_.height_m + look_.height_span_m * u3);
    tree.crown_base =
        select(young, 0.25f + 1.2f * u5, look_.crown_base_m + look_.crown_base_span_m * u5);
    tree.crown_radius =
        look_.crown_radius_m * select(young, 0.42f + 0.3f * u3, 0.72f + 0.28f * size);
    tree.lean_x = (u5 - 0.5f) * (2.0f * look_.lean);
    tree.lean_z = (u3 - 0.5f) * (2.0f * look_.lean);
    tree.turn = u5;
    tree.tint = u2;
    tree.room = select(young, tree.crown_radius, tree.radius * 1.8f);
    tree.exists = u1 * 0.37f + u3 * 0.63f > look_.absent;
    return tree;
  }

  // A cheap test before the exact one: does the ray come near the axis at all?
  // Below its crown a tree is no more than a trunk.
  HWY_INLINE Mask passes(const Ray& ray, const Tree& tree) const {
    const Float ox = tree.x - ray.origin.x, oz = tree.z - ray.origin.z;
    const Float aside = ox * ray.direction.z - oz * ray.direction.x;
    const Float level2 = square(ray.direction.x) + square(ray.direction.z);
    const Float closest = (ox * ray.direction.x + oz * ray.direction.z) / max(level2, 1e-4f);
    const Float y = ray.origin.y + ray.direction.y * closest;
    const Float margin = 1.5f + 5.0f * abs(ray.direction.y);
    const Float trunk =
        tree.radius * (1.0f + 1.3f * look_.flare) + max(y, 0.0f) * look_.lean + 0.3f;
    const Float room = select(y > tree.crown_base - margin, tree.crown_radius + 1.2f, trunk);
    return square(aside) < square(room) * level2;
  }

  void visit(const Ray& ray, Float cell_x, Float cell_z, Mask active, Float end,
             TreeHit& hit) const {
    Tree tree = tree_in(cell_x, cell_z);
    Mask near = active & tree.exists & passes(ray, tree);
    if (none(near)) return;
    near = near & floor_.may_grow(tree.x, tree.z, tree.room);
    if (none(near)) return;
    tree.foot = floor_.base(tree.x, tree.z);
    // In coordinates sheared along the lean the trunk stands upright and rays stay straight.
    const Float from = ray.origin.y - tree.foot;
    const Float ox = ray.origin.x - tree.x - tree.lean_x * from;
    const Float oz = ray.origin.z - tree.z - tree.lean_z * from;
    const Float dx = ray.direction.x - tree.lean_x * ray.direction.y;
    const Float dz = ray.direction.z - tree.lean_z * ray.direction.y;
    const Float slow2 = 1.0f / max(dx * dx + dz * dz, 1e-4f);
    const Float slow = sqrt(slow2);  // metres of the ray per level metre
    const Float closest = -(ox * dx + oz * dz) * slow2;
    const Float aside = (ox * dz - oz * dx) * slow;
    near = near & (abs(aside) < tree.crown_radius + 0.2f);
    if (none(near)) return;

    const Float depth = tree.crown_radius * 0.5f * slow;
    const Curtain curtain(tree, aside, from, near, end);
    hang(ray, curtain, closest - depth, 0, hit);
    const Mask meets =
        trunk(ray, tree, Vec3(ox, from, oz), dx, dz, slow, closest, aside, near, end, hit);
    if (any(near & ~meets)) {
      if (look_.foliage != Foliage::kBamboo)
        hang(ray, Curtain(tree, aside, from, near & ~meets, end), closest, 1, hit);
      hang(ray, Curtain(tree, aside, from, near & ~meets, end), closest + depth, 2, hit);
    }
  }

  // Finds the bark by stepping inside the cylinder that bounds the flared foot.
  Mask trunk(const Ray& ray, const Tree& tree, Vec3 from, Float dx, Float dz, Float slow,
             Float closest, Float aside, Mask near, Float end, TreeHit& hit) const {
    const Float bound = tree.radius * (1.0f + 1.3f * look_.flare);
    const Float inside = bound * bound - aside * aside;
    Mask meets = near & (inside > 0.0f) & (closest > 0.0f);
    if (none(meets)) return meets;
    Float t = max(closest - sqrt(max(inside, 0.0f)) * slow, 0.0f);
    const Float turn_x = sin_fast(tree.turn * 6.2f), turn_z = sin_fast(tree.turn * 6.2f + 1.5708f);
    const Float per_foot = 1.0f / max(tree.radius * 1.9f, 0.1f);
    const Float per_height = 1.0f / (tree.height * 1.15f);
    Float gap(0.0f);
    // A slim stem without a flare is nearly its own bound.
    const int steps = look_.flare < 0.1f ? 2 : look_.flare < 0.5f ? 4 : 6;
    for (int i = 0; i < steps; ++i) {
      const Float x = from.x + dx * t, z = from.z + dz * t, y = from.y + ray.direction.y * t;
      const Float distance = sqrt(x * x + z * z);
      // Taper, the wide foot, and its buttresses: five ridges that fade with height.
      const Float cosine = (x * turn_x + z * turn_z) / max(distance, 0.01f), c2 = cosine * cosine;
      const Float ridges = cosine * (5.0f - c2 * (20.0f - 16.0f * c2));
      const Float up = max(y, -0.5f) * per_foot + 0.25f;
      const Float foot = look_.flare / (1.0f + up * up * 2.2f);
      const Float taper = max(1.0f - y * per_height, 0.1f);
      gap = distance -
            tree.radius * taper * (1.0f + foot * (1.0f + 0.22f * ridges) + 0.018f * ridges);
      t = t + gap * (0.92f * slow);
    }
    const Float y = from.y + ray.direction.y * t;
    meets = meets & (gap < 0.02f * tree.radius + 0.001f * t) & (t > 0.05f) & (t < end) &
            (t < closest + 0.01f) & (y < tree.height);
    hit.distance = select(meets, t, hit.distance);
    hit.tree.x = select(meets, tree.x, hit.tree.x);
    hit.tree.z = select(meets, tree.z, hit.tree.z);
    hit.tree.foot = select(meets, tree.foot, hit.tree.foot);
    hit.tree.radius = select(meets, tree.radius, hit.tree.radius);
    hit.tree.turn = select(meets, tree.turn, hit.tree.turn);
    hit.tree.lean_x = select(meets, tree.lean_x, hit.tree.lean_x);
    hit.tree.lean_z = select(meets, tree.lean_z, hit.tree.lean_z);
    hit.bark = hit.bark | meets;
    return meets;
  }

  // One curtain of a crown: where the ray passes it, sideways and up.
  struct Curtain {
    const Tree& tree;
    Float aside, from;
    Mask near;
    Float end;
    HWY_INLINE Curtain(const Tree& t, Float a, Float f, Mask n, Float e)
        : tree(t), aside(a), from(f), near(n), end(e) {}
  };

  void hang(const Ray& ray, const Curtain& c, Float t, int layer, TreeHit& hit) const {
    const Float y = c.from + ray.direction.y * t;
    const Mask inside = c.near & (t > 0.4f) & (t < c.end) & (y > c.tree.crown_base - 1.2f) &
                        (y < c.tree.height + 0.5f) & (hit.leaves.through > kDense);
    if (none(inside)) return;
    const Float sway = light_.sway(c.tree.x, y, t) * (0.4f + 0.6f * abs(c.aside));
    Twig twig;
    switch (look_.foliage) {
      case Foliage::kNeedles:
        twig = needles(c.tree, c.aside + sway, y + sway * 0.5f, t, layer);
        break;
      case Foliage::kLeaves: twig = leaves(c.tree, c.aside + sway, y + sway, t, layer); break;
      case Foliage::kBamboo: twig = bamboo(c.tree, c.aside + sway, y + sway, t, layer); break;
      case Foliage::kBare: twig = bare(c.tree, c.aside + sway * 0.3f, y, t, layer); break;
    }
    const Float cover = select(inside, twig.cover, Float(0.0f));
    if (none(cover > 0.0f)) return;
    const Vec3 leaf = mix(Vec3(look_.leaf_light), Vec3(look_.leaf_other), c.tree.tint);
    Vec3 albedo = mix(Vec3(look_.leaf_dark), leaf, twig.light);
    if (look_.foliage == Foliage::kBare) albedo = Vec3(look_.bark_dark) * (0.6f + twig.light);
    albedo = mix(albedo, Vec3(0.60f, 0.64f, 0.70f), twig.snow);
    const Vec3 lit = light_.leaves(ray, t, albedo, twig.light);
    hit.leaves.add(light_.haze(ray, t, lit), cover, t);
  }

  // The ray's passage through one curtain: how much it covers, how light it is, what snow lies on
  // it.
  struct Twig {
    Float cover, light, snow;
    HWY_INLINE Twig() : cover(0.0f), light(0.0f), snow(0.0f) {}
  };

  // Whorls of drooping branches, long below and short above, fringed with needles.
  Twig needles(const Tree& tree, Float u, Float y, Float t, int layer) const {
    const Float out = abs(u);
    const Float length = max(tree.height - tree.crown_base, 1.0f);
    const Float down = saturate((tree.height - y) / length);
    const Float spread = select(length > 20.0f, 1.0f - square(1.0f - saturate(down * 2.5f)), down);
    const Float reach = tree.crown_radius * (0.06f + 0.94f * spread) * (layer == 1 ? 1.0f : 0.8f);
    const Float spacing = 0.34f + 0.13f * tree.crown_radius;
    const Float side = select(u < 0.0f, Float(0.0f), Float(0.47f));
    const Float fringe =
        noise2(u * 6.5f + tree.turn * 50.0f, y * 9.0f + static_cast<float>(layer) * 7.0f);
    const Float line = (y + out * 0.46f - out * out * 0.085f) / spacing + side + tree.tint * 3.0f +
                       static_cast<float>(layer) * 0.37f + (fringe - 0.5f) * 0.34f;
    const Float rank = floor(line), f = line - rank;
    const Int h = hash2(truncate(rank) * 8 + (layer * 2 + 1), tree.hash + truncate(side * 4.0f));
    const Float h1 = unit(h), h2 = unit(h * 747796405 + 99);
    const Float along = out / max(reach * (0.45f + 0.55f * h1), 0.05f);
    const Float body = (1.0f - along * along) * (0.42f + 0.72f * fringe);
    const Float soft = 0.10f + t * 0.006f;
    const Float below_base = smoothstep(-1.2f, 0.2f, y - tree.crown_base + h2 * 0.8f);
    Twig twig;
    twig.cover = smoothstep(Float(0.0f), soft, f - (1.0f - body)) *
                 saturate((1.0f - along) * 6.0f) * select(h2 < 0.12f, Float(0.0f), Float(1.0f)) *
                 below_base;
    const Float top = smoothstep(0.3f, 1.0f, f);
    twig.light = saturate(0.08f + 0.55f * top * (0.35f + 0.65f * along) + 0.30f * (h2 - 0.4f) +
                          0.32f * (fringe - 0.5f) + (layer == 0 ? 0.08f : -0.05f));
    twig.snow = look_.snow * smoothstep(0.50f, 0.68f, f - 0.3f * (fringe - 0.5f));
    return twig;
  }

  // Clumps of leaves that thin out towards the rim; the upper side of every clump is the lit one.
  Twig leaves(const Tree& tree, Float u, Float y, Float t, int layer) const {
    const Float half = max(tree.height - tree.crown_base, 1.0f) * 0.5f;
    const Float v = y - (tree.crown_base + half);
    const Float rim = square(u / tree.crown_radius) + square(square(v / half));
    const Float shift = tree.turn * 60.0f + static_cast<float>(layer) * 17.3f;
    const Float clumps = noise2(u * 0.85f + shift, y * 1.05f);
    const Float boughs = noise2(u * 2.3f - shift, y * 2.9f + clumps * 2.0f);
    const Float fine = noise2(u * 9.5f + boughs * 3.0f, y * 9.5f + shift);
    const Float near = saturate(1.3f - t * 0.02f);
    const Float density =
        clumps * 0.50f + boughs * 0.46f + (fine - 0.5f) * (0.62f * near) - rim * 0.42f;
    Twig twig;
    twig.cover = smoothstep(Float(0.36f), 0.43f + t * 0.002f, density);
    twig.light = saturate(0.30f + 0.85f * (boughs - 0.5f) + 0.60f * (fine - 0.5f) +
                          0.2f * v / half - 0.25f * (clumps - 0.5f));
    return twig;
  }

  // Sprays of narrow leaves that hang from the upper culm.
  Twig bamboo(const Tree& tree, Float u, Float y, Float t, int layer) const {
    const Float up = saturate((y - tree.crown_base) * 0.2f);
    const Float rim = abs(u) / tree.crown_radius;
    const Float shift = tree.turn * 70.0f + static_cast<float>(layer) * 13.7f;
    const Float sprays = noise2(u * 1.7f + shift, y * 1.1f);
    const Float slant = select(u < 0.0f, y + u * 1.4f, y - u * 1.4f);
    const Float blades = noise2(u * 6.0f + slant * 4.0f + shift, slant * 13.0f);
    const Float density =
        sprays * 0.6f + (blades - 0.5f) * 0.7f - rim * rim * 0.30f - (1.0f - up) * 0.25f;
    Twig twig;
    twig.cover = smoothstep(Float(0.27f), 0.36f + t * 0.004f, density);
    twig.light = saturate(0.38f + 0.9f * (blades - 0.45f) + 0.4f * (sprays - 0.5f));
    return twig;
  }

  // Bare boughs that fork upwards: thin dark lines, thinner at the rim.
  Twig bare(const Tree& tree, Float u, Float y, Float t, int layer) const {
    const Float out = abs(u);
    const Float half = max(tree.height - tree.crown_base, 1.0f) * 0.5f;
    const Float v = (y - tree.crown_base - half) / half;
    const Float rim = square(out / tree.crown_radius) + v * v;
    const Float shift = tree.turn * 60.0f + static_cast<float>(layer) * 11.1f;
    const Float bend = noise2(u * 0.9f + shift, y * 0.8f);
    const Float line = (y - out * (1.0f + 0.3f * tree.tint)) * 0.9f + bend * 1.5f + shift;
    const Float twigs = noise2(u * 2.6f - shift, (y - out * 0.5f) * 1.7f) + 0.12f * bend;
    const Float width = 0.030f + 0.09f * saturate(1.0f - rim) + t * 0.0005f;
    const Float bough = 1.0f - smoothstep(Float(0.0f), width, abs(fract(line) - 0.5f));
    const Float fine =
        (1.0f - smoothstep(Float(0.0f), 0.045f + t * 0.001f, abs(twigs - 0.52f))) * 0.75f;
    const Float gone = smoothstep(1.0f, 0.75f, rim);
    Twig twig;
    twig.cover = max(bough, fine) * gone;
    twig.light = saturate(0.3f + 0.5f * (bend - 0.3f));
    twig.snow = look_.snow * smoothstep(0.45f, 0.62f, fract(line)) * bough * 0.9f +
                look_.snow * fine * 0.45f;
    return twig;
  }

  const ForestLook& look_;
  const ForestLight& light_;
  const ForestFloor& floor_;
};

// Bark: noise on the unrolled trunk, which also bends the normal.
inline Vec3 ForestTrees::shade_bark(const Ray& ray, const TreeHit& hit, Float sun) const {
  const Tree& tree = hit.tree;
  const Vec3 p = ray.at(hit.distance);
  const Float y = p.y - tree.foot;
  const Float dx = p.x - tree.x - tree.lean_x * y, dz = p.z - tree.z - tree.lean_z * y;
  const Float inverse = reciprocal_sqrt(max(dx * dx + dz * dz, 1e-6f));
  const Float nx = dx * inverse, nz = dz * inverse;
  // Stereographic angle: even where the camera usually looks, one seam at the far side.
  const Float around = 2.0f * nx / (1.06f - nz) * tree.radius;
  const Float shift = tree.turn * 40.0f;
  Float coarse, middle, fine, slope;
  switch (look_.bark) {
    case Bark::kFibre:
      coarse = noise2(around * 2.6f + shift, y * 0.32f);
      middle = noise2(around * 8.0f + coarse * 2.0f + shift, y * 0.75f);
      fine = noise2(around * 30.0f + coarse * 3.0f, y * 7.5f + shift);
      slope = noise2((around + 0.04f) * 8.0f + coarse * 2.0f + shift, y * 0.75f) - middle;
      break;
    case Bark::kBirch:
    case Bark::kSmooth:
    case Bark::kCulm:
      coarse = noise2(around * 2.0f + shift, y * 1.3f);
      middle = noise2(around * 5.0f + shift, y * 9.0f);
      fine = noise2(around * 14.0f, y * 34.0f + shift);
      slope = (middle - 0.5f) * 0.12f;
      break;
    default:
      coarse = noise2(around * 4.0f + shift, y * 1.1f);
      middle =
          abs(noise2(around * 11.0f + coarse * 2.5f + shift, y * 2.6f + coarse * 2.0f) - 0.5f) *
          2.0f;
      fine = noise2(around * 34.0f, y * 9.0f + shift);
      slope =
          (abs(noise2((around + 0.02f) * 11.0f + coarse * 2.5f + shift, y * 2.6f + coarse * 2.0f) -
               0.5f) *
               2.0f -
           middle) *
          0.8f;
      break;
  }
  const Float ridge = coarse * 0.40f + middle * 0.40f + fine * 0.30f;
  Vec3 albedo = mix(Vec3(look_.bark_dark), Vec3(look_.bark_light), saturate(ridge * 1.35f - 0.18f));
  if (look_.bark == Bark::kBirch) {
    const Float marks =
        smoothstep(0.70f, 0.80f, middle * 0.66f + coarse * 0.42f) +
        smoothstep(1.3f, 0.2f, y - coarse * 1.5f) * smoothstep(0.35f, 0.6f, fine + middle * 0.3f);
    albedo = mix(Vec3(look_.bark_light) * (0.82f + 0.26f * fine), Vec3(look_.bark_dark),
                 saturate(marks) * 0.92f);
  } else if (look_.bark == Bark::kCulm) {
    const Float node = abs(fract(y * 2.6f + shift) - 0.5f);
    const Float ring = smoothstep(0.055f, 0.015f, node);
    const Float bloom = smoothstep(0.16f, 0.04f, node);
    albedo = mix(Vec3(look_.bark_dark), Vec3(look_.bark_light),
                 0.25f + 0.5f * tree.turn + 0.3f * coarse);
    albedo = mix(albedo, Vec3(0.55f, 0.58f, 0.44f), bloom * 0.45f) * (1.0f - 0.55f * ring);
  }
  const Float damp = smoothstep(2.0f, 0.1f, y - coarse * 2.0f + (middle - 0.5f) * 0.8f);
  albedo = mix(albedo, Vec3(look_.plant_light) * (0.30f + 0.5f * fine), damp * look_.moss * 0.8f);
  const Float relief = look_.bark == Bark::kFibre ? 1.7f : 0.9f;
  Vec3 n = normalize(
      Vec3(nx + slope * relief * nz, 0.14f * (fine - 0.5f) + 0.05f, nz - slope * relief * nx));
  const Float drift = look_.snow * smoothstep(0.20f, 0.05f, y - 0.25f * coarse) +
                      look_.snow * smoothstep(0.25f, 0.75f, nx * 0.8f - nz * 0.3f) *
                          smoothstep(0.45f, 0.6f, fine * 0.4f + coarse * 0.5f);
  albedo = mix(albedo, Vec3(0.60f, 0.64f, 0.70f), saturate(drift));
  const Float hollow = 0.45f + 0.55f * saturate(ridge * 1.6f - 0.25f);
  return light_.bark(ray, p, y, n, albedo, sun, hollow);
}

}  // namespace rushes::previz::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // RUSHES_PREVIZ_FOREST_TREES_INL_H_
