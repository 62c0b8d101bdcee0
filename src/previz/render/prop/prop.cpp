#include "previz/render/prop/prop.h"

#include <algorithm>

#include "previz/math/scalar.h"
#include "previz/render/rig/coat.h"

namespace rushes::previz {
namespace {

// One prop being built: local metres, x along the heading, y up from the ground.
class Builder {
 public:
  Builder(const Actor& actor, Point at, float seconds, Figure& out)
      : actor_(actor), at_(at), facing_(turned(0, actor.heading, 0)), seconds_(seconds), out_(out) {
    out_.clear();
    out_.unit_m = 1;
    out_.coat = nullptr;
    out_.seed = actor.seed;
  }

  void sun_lounger();
  void parasol();
  void ball();
  void campfire();
  void rock();

  void finish() { out_.finish(); }

 private:
  Point colour_or(size_t index, Point natural) const {
    return index < actor_.colours.size() ? to_linear(actor_.colours[index]) : natural;
  }
  Point place(Point local) const { return at_ + facing_(local); }

  Bone& rod(Point a, Point b, float radius, Material material, Point tint, float radius_b = -1) {
    Bone& bone = out_.capsule(place(a), place(b), radius, radius_b < 0 ? radius : radius_b, 0);
    bone.material = material;
    bone.tint = tint;
    bone.frame = facing_;
    bone.rest = a;
    return bone;
  }
  // A board from a to b (in the upright plane), `half_width` to both sides.
  Bone& board(Point a, Point b, float half_width, float half_thickness, Material material,
              Point tint) {
    const Point axis = b - a;
    const float reach = length(axis);
    const Frame frame = facing_ * turned(exact::atan2(axis.y, axis.x), 0, 0);
    Bone& bone = out_.box(place((a + b) * 0.5f), frame, {reach * 0.5f, half_thickness, half_width},
                          std::min(half_thickness * 0.9f, 0.03f));
    bone.material = material;
    bone.tint = tint;
    return bone;
  }

  const Actor& actor_;
  Point at_;
  Frame facing_;
  float seconds_;
  Figure& out_;
};

// Wooden frame, striped cushions, a head roll; its feet end looks along the heading.
void Builder::sun_lounger() {
  const float l = actor_.length_m, h = actor_.height_m, w = actor_.width_m * 0.5f;
  const float seat = 0.40f * h, pad = 0.055f * h + 0.02f;
  const Point wood{0.34f, 0.185f, 0.085f};
  const Point cloth = colour_or(0, {0.055f, 0.20f, 0.42f});
  const Point fold{-0.12f * l, seat, 0}, foot{0.50f * l, seat, 0};
  const Point top{-0.46f * l, h * 0.96f, 0};
  out_.begin_group();
  for (const float side : {-1.0f, 1.0f}) {
    const float z = side * w * 0.96f;
    rod({-0.46f * l, seat - pad, z}, {0.50f * l, seat - pad, z}, 0.022f + 0.012f * h,
        Material::kWood, wood);
    rod(fold + Point{0, -pad, z}, top + Point{0, -pad, z}, 0.020f + 0.010f * h, Material::kWood,
        wood);
    for (const float x : {-0.38f, 0.40f}) {
      rod({x * l, seat - pad, z}, {x * l + (x > 0 ? 0.03f : -0.03f) * l, 0.02f, z * 1.04f},
          0.022f + 0.010f * h, Material::kWood, wood, 0.016f + 0.008f * h);
    }
    // The strut that holds up the back.
    rod({-0.40f * l, seat - pad, z * 0.9f}, mix(fold, top, 0.72f) + Point{0, -pad, z * 0.9f},
        0.018f, Material::kWood, wood);
  }
  out_.begin_group();
  Bone& cushion = board(fold, foot, w * 0.90f, pad, Material::kStripes, cloth);
  cushion.rest = {0, 0, 0};
  Bone& back =
      board(fold + Point{0.02f * l, 0.01f, 0}, top, w * 0.90f, pad, Material::kStripes, cloth);
  back.rest = {0, 0, 0};
  const Point pillow = mix(fold, top, 0.86f) + Point{0.045f * l, pad * 1.1f, 0};
  rod(pillow + Point{0, 0, -w * 0.66f}, pillow + Point{0, 0, w * 0.66f}, pad * 1.05f,
      Material::kCloth, {0.80f, 0.77f, 0.70f});
}

void Builder::parasol() {
  const float h = actor_.height_m, r = std::max(actor_.length_m, actor_.width_m) * 0.5f;
  const Point cloth = colour_or(0, {0.62f, 0.055f, 0.035f});
  const float sway = 0.012f * exact::sin(seconds_ * 1.3f);
  const Point top{sway * h, h * 0.95f, 0};
  out_.begin_group();
  rod({0, 0, 0}, top, 0.028f, Material::kWood, {0.60f, 0.52f, 0.40f});
  rod(top, top + Point{0, 0.05f * h, 0}, 0.03f, Material::kWood, {0.60f, 0.52f, 0.40f});
  // The canopy: a flattened cone.
  Bone& canopy = rod(top + Point{0, -0.20f * h, 0}, top, r, Material::kStripes, cloth, r * 0.10f);
  canopy.caution = 0.35f;
  canopy.rest = {0, 1, 0};
}

void Builder::ball() {
  const float r = actor_.height_m * 0.5f;
  const float hop = exact::abs(exact::sin(seconds_ * 3.2f + actor_.phase * 6)) *
                    (actor_.action == Action::kIdle ? 0.0f : 0.6f * actor_.height_m);
  // It rolls as far as it travels.
  const float turn = r > 0 ? -length(actor_.velocity) * seconds_ / r : 0;
  out_.begin_group();
  Bone& bone = rod({0, r + hop, 0}, {0, r + hop, 0}, r, Material::kBall,
                   colour_or(0, {0.75f, 0.06f, 0.05f}));
  bone.frame = facing_ * turned(turn, 0, 0.35f);
  bone.rest = {};
}

void Builder::campfire() {
  const float h = actor_.height_m, r = actor_.length_m * 0.5f;
  out_.begin_group();
  for (int i = 0; i < 8; ++i) {
    const float a = exact::kTau * static_cast<float>(i) / 8;
    const float size =
        r * (0.20f + 0.05f * exact::unit(exact::hash(actor_.seed, static_cast<uint32_t>(i))));
    const Point p{exact::cos(a) * r * 0.86f, size * 0.5f, exact::sin(a) * r * 0.86f};
    rod(p, p, size, Material::kStone, {0.20f, 0.19f, 0.18f});
  }
  out_.begin_group();
  for (int i = 0; i < 4; ++i) {
    const float a = exact::kTau * (static_cast<float>(i) + 0.3f) / 4;
    rod({exact::cos(a) * r * 0.62f, 0.04f, exact::sin(a) * r * 0.62f},
        {-exact::cos(a) * r * 0.10f, h * 0.34f, -exact::sin(a) * r * 0.10f}, r * 0.10f,
        Material::kWood, {0.15f, 0.080f, 0.040f}, r * 0.08f);
  }
  out_.begin_group();
  for (int i = 0; i < 5; ++i) {
    const float f = static_cast<float>(i);
    const float flicker = exact::sin(seconds_ * (9 + f * 1.7f) + f * 2.1f);
    const float a = f * 1.26f;
    const float lean = 0.06f * flicker;
    const Point root{exact::cos(a) * r * 0.22f, h * 0.16f, exact::sin(a) * r * 0.22f};
    const float reach = h * (i == 0 ? 0.80f : 0.50f) * (1 + 0.14f * flicker);
    rod(root, root + Point{lean * h, reach, lean * 0.6f * h}, r * (i == 0 ? 0.26f : 0.20f),
        Material::kFlame, {1.0f, 0.36f, 0.05f}, r * 0.02f)
        .blend = 0.10f * r;
  }
}

void Builder::rock() {
  const float h = actor_.height_m, l = actor_.length_m * 0.5f, w = actor_.width_m * 0.5f;
  const Point grey = colour_or(0, {0.27f, 0.25f, 0.23f});
  out_.begin_group();
  for (int i = 0; i < 6; ++i) {
    const auto chance = [&](uint32_t k) {
      return exact::unit(exact::hash(actor_.seed, static_cast<uint32_t>(i) * 8 + k));
    };
    const float size = h * exact::mix(0.34f, 0.52f, chance(0)) * (i == 0 ? 1.2f : 1.0f);
    const Point p{(chance(1) - 0.5f) * 1.3f * std::max(l - size * 0.6f, 0.0f),
                  h * exact::mix(0.18f, 0.46f, chance(2)),
                  (chance(3) - 0.5f) * 1.3f * std::max(w - size * 0.6f, 0.0f)};
    const Frame f = facing_ * turned(chance(4) * 2, chance(5) * 6, chance(6));
    Bone& bone = out_.box(place(p), f, {size * 0.95f, size * 0.62f, size * 0.8f}, size * 0.30f);
    bone.material = Material::kStone;
    bone.tint = grey;
    bone.blend = i == 0 ? 0 : 0.16f * h;
  }
}

}  // namespace

bool is_prop(std::string_view name) {
  for (const std::string_view known :
       {"sun_lounger", "parasol", "beach_ball", "ball", "campfire", "rock"}) {
    if (name == known) return true;
  }
  return false;
}

void build_prop(const Actor& actor, Point at, float seconds, Figure& out) {
  Builder builder(actor, at, seconds, out);
  const std::string& name = actor.form.name;
  if (name == "sun_lounger") {
    builder.sun_lounger();
  } else if (name == "parasol") {
    builder.parasol();
  } else if (name == "beach_ball" || name == "ball") {
    builder.ball();
  } else if (name == "campfire") {
    builder.campfire();
  } else {
    builder.rock();
  }
  out.belly = at + Point{0, actor.height_m * 0.4f, 0};
  out.belly_radius = std::min({actor.height_m, actor.length_m, actor.width_m}) * 0.45f;
  builder.finish();
}

}  // namespace rushes::previz
