#include "previz/render/rig/skeleton.h"

#include <algorithm>

namespace rushes::previz {
namespace {

float side_of(size_t leg) { return leg % 2 == 1 ? 1.0f : -1.0f; }

// The joint between two bones of the given lengths that reach from `from` to `to` in the upright
// plane through both; it bends towards `forward` (+1) or backwards (-1). Beyond their reach the
// bones stretch.
Point middle_joint(Point from, Point to, float upper, float lower, float forward) {
  const Point line = to - from;
  const float distance = std::max(length(line), 1e-4f);
  const Point along = line * (1 / distance);
  const float reach = exact::clamp(distance, exact::abs(upper - lower) + 1e-3f, upper + lower);
  const float a = (upper * upper - lower * lower + reach * reach) / (2 * reach);
  const float h = exact::sqrt(std::max(upper * upper - a * a, 0.0f));
  // Across the line, towards +x or -x.
  Point across{-along.y, along.x, 0};
  const float norm = length(across);
  across = norm > 1e-4f ? across * (1 / norm) : Point{1, 0, 0};
  const float share = a / reach;
  return from + line * share + across * (h * forward);
}

// A frame whose `up` points from b to a, as near as may be to the figure's own sides.
Frame along(Point a, Point b, Point side) {
  const Point axis = a - b;
  const float l = length(axis);
  const Point up = l > 1e-5f ? axis * (1 / l) : Point{0, 1, 0};
  Point forward = cross(up, side);
  const float f = length(forward);
  forward = f > 1e-4f ? forward * (1 / f) : Point{1, 0, 0};
  return {forward, up, cross(forward, up)};
}

class Builder {
 public:
  Builder(const Anatomy& a, const BodyState& s, const Placement& p, Figure& out)
      : a_(a), s_(s), p_(p), out_(out) {
    const Point spine = s.shoulders - s.hips;
    const float run = std::max(exact::sqrt(spine.x * spine.x + spine.z * spine.z), 0.05f);
    const float pitch = exact::atan2(spine.y, run);
    const float yaw = exact::atan2(spine.z, std::max(exact::abs(spine.x), 0.05f));
    rest_pitch_ = exact::atan2((1 - a.chest) - (a.rump - a.hips), a.body);
    trunk_ = turned(pitch - rest_pitch_, yaw, s.roll);
    trunk_pitch_ = pitch - rest_pitch_;
  }

  void build(const std::vector<Worn>& worn) {
    out_.clear();
    out_.unit_m = p_.unit_m;
    trunk();
    head();
    for (size_t leg = 0; leg < 4; ++leg) this->leg(leg);
    tail();
    wear(worn);
    out_.belly = p_((s_.hips + s_.shoulders) * 0.5f);
    out_.belly_radius = a_.belly * p_.unit_m;
    out_.finish();
  }

 private:
  float metres(float units) const { return units * p_.unit_m; }

  // A bone in local coordinates. `rest` is where its start lies in coat space, `frame` (local)
  // turns coat space to the pose.
  Bone& add(Point a, Point b, float ra, float rb, float blend, Region region, const Frame& frame,
            Point rest) {
    Bone& bone = out_.capsule(p_(a), p_(b), metres(ra), metres(rb), metres(blend));
    bone.region = region;
    bone.frame = p_.facing * frame;
    bone.rest = rest;
    return bone;
  }
  void plain(Bone& bone, Material material, Point tint, float blend = 0) {
    bone.material = material;
    bone.tint = tint;
    bone.blend = metres(blend);
  }
  void flatten(Point across, float thickness) {
    out_.flatten(normalize(p_.facing(across)), thickness);
  }

  void trunk() {
    out_.begin_group();
    const Point h = s_.hips, c = s_.shoulders;
    const Point rest_h{-a_.body * 0.5f, a_.rump - a_.hips, 0};
    const Point rest_c{a_.body * 0.5f, 1 - a_.chest, 0};
    const Point middle = (h + c) * 0.5f + trunk_({0, s_.arch + (a_.chest - a_.belly) * 0.15f, 0});
    const Point rest_m = (rest_h + rest_c) * 0.5f;
    const Point across = trunk_.side;
    const Point rump = h + trunk_({-a_.hips * 0.25f, -a_.hips * 0.02f, 0});
    add(rump, h, a_.hips * 0.94f, a_.hips, 0, Region::kTorso, trunk_,
        rest_h + Point{-a_.hips * 0.25f, 0, 0});
    flatten(across, a_.width);
    add(h, middle, a_.hips, a_.belly, 0.10f, Region::kTorso, trunk_, rest_h);
    flatten(across, a_.width);
    add(middle, c, a_.belly, a_.chest, 0.12f, Region::kTorso, trunk_, rest_m);
    flatten(across, a_.width);
    const Point front = c + trunk_({a_.chest * 0.30f, -a_.chest * 0.10f, 0});
    add(c, front, a_.chest * 0.98f, a_.chest * 0.84f, 0.08f, Region::kTorso, trunk_, rest_c);
    flatten(across, a_.width * 0.96f);
    if (a_.hump > 0) {
      const Point top = c + trunk_({-a_.chest * 0.2f, a_.chest * 0.55f, 0});
      add(top, top, a_.hump + a_.chest * 0.35f, a_.hump + a_.chest * 0.35f, 0.16f, Region::kTorso,
          trunk_, rest_c + Point{-a_.chest * 0.2f, a_.chest * 0.55f, 0});
    }
    neck(rest_c);
  }

  void neck(Point rest_c) {
    const Point c = s_.shoulders;
    const Point root = c + trunk_({a_.chest * 0.34f, a_.chest * 0.22f, 0});
    // The neck follows half of the trunk's pitch.
    const float angle = exact::clamp(a_.neck_angle + s_.neck + trunk_pitch_ * 0.45f, -1.25f, 1.5f);
    const Frame neck = turned(angle, s_.head_yaw * 0.35f, 0);
    const float reach = a_.neck + a_.head * 0.35f;
    skull_ = root + neck.forward * reach;
    neck_frame_ = neck;
    neck_root_ = root;
    const Frame coat = turned(angle - a_.neck_angle, s_.head_yaw * 0.35f, 0);
    const Point rest_root = rest_c + Point{a_.chest * 0.34f, a_.chest * 0.22f, 0};
    add(root, skull_ - neck.forward * (a_.head * 0.15f), a_.neck_root, a_.neck_tip, 0.13f,
        Region::kTorso, coat, rest_root);
    flatten(neck.side, 0.90f);
    if (a_.ruff > 0) ruff(coat, rest_root);
    if (a_.mane > 0) mane();
  }

  // The thick fur around the neck of wolves, the mane of lions.
  void ruff(const Frame& coat, Point rest_root) {
    const bool lion = a_.coat.pattern == Pattern::kLion;
    const float r = lion ? a_.ruff : a_.neck_tip + a_.ruff * 0.5f;
    const Point at = mix(neck_root_, skull_, lion ? 0.72f : 0.35f);
    Bone& bone = add(at, at + neck_frame_({lion ? -0.05f : 0.08f, lion ? -0.10f : -0.08f, 0}), r,
                     r * 0.92f, 0.10f, Region::kTorso, coat, rest_root);
    if (!lion) return;
    plain(bone, Material::kHair, a_.coat.marking, 0.06f);
    flatten(neck_frame_.forward, 0.70f);
    const Point lower = at + Point{-0.06f, -a_.ruff * 0.72f, 0};
    Bone& chest = add(lower, lower + Point{-0.03f, -0.14f, 0}, r * 0.60f, r * 0.42f, 0.12f,
                      Region::kTorso, coat, rest_root);
    plain(chest, Material::kHair, a_.coat.marking, 0.12f);
  }

  void mane() {
    const Frame& n = neck_frame_;
    for (int i = 0; i < 4; ++i) {
      const float u = static_cast<float>(i) / 3;
      const float r = exact::mix(a_.neck_root, a_.neck_tip, u);
      const float lag =
          0.05f * exact::sin(s_.tail_phase - 0.7f * static_cast<float>(i)) + s_.tail_wag * 0.1f;
      const Point at = mix(neck_root_, skull_, 0.12f + 0.88f * u) + n.up * (r * 0.92f);
      const Point end = at - n.forward * (0.12f + lag * 0.6f) + n.side * (-0.05f) - n.up * 0.03f;
      Bone& bone = add(at, end, 0.062f, 0.040f, 0.03f, Region::kTorso, n, {u, 0, 0});
      plain(bone, Material::kHair, a_.coat.marking, 0.03f);
      flatten(n.side, 0.52f);
    }
  }

  // ---- head -------------------------------------------------------------------------------------

  void head() {
    out_.begin_group();
    const Frame f = turned(s_.head_pitch + trunk_pitch_ * 0.2f, s_.head_yaw, s_.head_roll);
    head_frame_ = f;
    const float r = a_.head;
    out_.head = p_.facing * f;
    out_.head_at = p_(skull_);
    auto at = [&](Point p) { return skull_ + f(p); };
    auto bone = [&](Point from, Point to, float ra, float rb, float blend) -> Bone& {
      return add(at(from), at(to), ra, rb, blend, Region::kHead, f, from);
    };
    bone({-0.10f * r, 0.02f * r, 0}, {0.22f * r, 0, 0}, r * 0.94f, r * 0.90f, 0.15f);
    if (a_.head_width < 1) flatten(f.side, a_.head_width);
    if (a_.cheek > 0.55f) {
      for (const float side : {-1.0f, 1.0f}) {
        bone({0.10f * r, -0.26f * r, side * r * (a_.head_width - 0.55f)},
             {0.02f * r, -0.34f * r, side * r * (a_.head_width - 0.42f)}, r * a_.cheek,
             r * a_.cheek * 0.62f, r * 0.50f);
      }
    }
    snout(at, bone);
    eyes(at);
    if (a_.trunk > 0) trunk_and_tusks(at);
    out_.begin_group();
    ears(at);
    if (a_.horns > 0) horns(at);
    if (a_.antlers > 0) antlers(at);
  }

  template <class At, class AddBone>
  void snout(const At& at, const AddBone& bone) {
    const float r = a_.head;
    const Point root{0.50f * r, -0.20f * r, 0};
    const Point tip = root + Point{a_.snout + 0.15f * r, -a_.snout_drop, 0};
    bone(root, tip, a_.snout_root, a_.snout_tip, r * 0.30f);
    flatten(head_frame_.side, 0.96f);
    // The lower jaw hangs from behind the eyes.
    const float open = s_.jaw * 0.32f;
    const Point hinge = root + Point{-0.10f * r, -a_.snout_root * 0.62f, 0};
    const float reach = a_.snout * 0.86f + 0.1f * r;
    const Point chin = hinge + Point{reach * exact::cos(open),
                                     -reach * exact::sin(open) - a_.snout_drop * 0.6f, 0};
    bone(hinge, chin, a_.snout_root * 0.62f, a_.snout_tip * 0.62f, a_.snout_tip * 0.45f);
    snout_tip_ = tip;
    if (a_.nose > 0) {
      const float size = a_.snout_tip * a_.nose;
      const Point n = tip + Point{a_.snout_tip * 0.72f, a_.snout_tip * 0.34f, 0};
      Bone& nose = add(at(n), at(n + Point{-size * 0.25f, -size * 0.35f, 0}), size * 0.72f,
                       size * 0.5f, 0, Region::kHead, head_frame_, n);
      plain(nose, Material::kNose, a_.coat.nose, 0.006f);
    }
  }

  template <class At>
  void eyes(const At& at) {
    const float r = a_.head;
    out_.eye_radius = metres(a_.eye);
    out_.lids = exact::clamp(s_.lids, 0, 1);
    for (size_t i = 0; i < 2; ++i) {
      const float side = i == 0 ? -1.0f : 1.0f;
      // Half sunk into the skull, wherever its surface is in that direction.
      const Point look = normalize(Point{a_.eye_forward, a_.eye_up, side * a_.eye_side});
      const Point ball{0.22f * r, 0, 0};
      const float lean = dot(look, ball);
      const float surface = lean + exact::sqrt(lean * lean - dot(ball, ball) + 0.81f * r * r);
      const Point e = look * (surface - 0.52f * a_.eye);
      out_.eyes[i] = p_(at(e));
      Bone& eye = add(at(e), at(e), a_.eye, a_.eye, 0, Region::kHead, head_frame_, e);
      plain(eye, Material::kEye, a_.coat.iris);
    }
  }

  template <class At>
  void ears(const At& at) {
    const float r = a_.head, w = a_.ear_width, l = a_.ear;
    const float back = -0.42f * exact::clamp(-s_.ears, 0, 1) + 0.05f * s_.ears;
    for (const float side : {-1.0f, 1.0f}) {
      Point root, tip;
      Point facing{1, 0.1f, side * 0.35f};  // where the ear's opening looks
      float thin = 0.42f, ra = w, rb = w * 0.22f;
      switch (a_.ears) {
        case Ears::kPointed:
          root = {-0.10f * r, 0.66f * r, side * 0.54f * r};
          tip = root + Point{back * l, l * 0.92f, side * l * 0.30f};
          break;
        case Ears::kRound:
          root = {-0.16f * r, 0.76f * r, side * 0.66f * r};
          tip = root + Point{back * l * 0.6f - 0.02f, l * 0.50f, side * l * 0.28f};
          rb = w * 0.80f;
          break;
        case Ears::kFloppy:
          root = {-0.10f * r, 0.56f * r, side * 0.80f * r};
          tip = root + Point{back * l * 0.5f + 0.02f, -l * (0.86f - 0.2f * s_.ears),
                             side * (0.04f + 0.10f * l)};
          facing = {0.15f, 0.1f, side};
          thin = 0.36f;
          rb = w * 0.92f;
          break;
        case Ears::kLong:
          root = {-0.20f * r, 0.72f * r, side * 0.36f * r};
          tip = root + Point{-0.10f * l + back * l, l * 0.95f, side * l * 0.17f};
          rb = w * 0.55f;
          break;
        case Ears::kSideways:
          root = {-0.30f * r, 0.50f * r, side * 0.62f * r};
          tip = root + Point{-0.10f * l, l * (0.22f + 0.2f * s_.ears), side * l * 0.90f};
          facing = {1, -0.2f, side * 0.1f};
          rb = w * 0.35f;
          break;
        case Ears::kFan:
          root = {-0.40f * r, 0.15f * r, side * 0.95f * r};
          tip = root + Point{-l * 0.62f, -l * 0.40f, side * l * (0.46f + 0.12f * s_.ears)};
          facing = {0.75f, 0.2f, side * 0.65f};
          thin = 0.16f;
          ra = w;
          rb = w * 0.90f;
          break;
      }
      add(at(root), at(tip), ra, rb, r * 0.10f, Region::kHead, head_frame_, root);
      flatten(head_frame_(normalize(facing)), thin);
    }
  }

  template <class At>
  void horns(const At& at) {
    const float r = a_.head;
    for (const float side : {-1.0f, 1.0f}) {
      const Point root{-0.10f * r, 0.80f * r, side * 0.52f * r};
      const Point bend = root + Point{0.01f, 0.05f, side * 0.10f};
      const Point tip = bend + Point{0.03f, 0.10f, side * 0.02f};
      plain(add(at(root), at(bend), 0.034f, 0.026f, 0, Region::kHead, head_frame_, root),
            Material::kHorn, {0.55f, 0.47f, 0.36f});
      plain(add(at(bend), at(tip), 0.026f, 0.010f, 0, Region::kHead, head_frame_, root),
            Material::kHorn, {0.45f, 0.37f, 0.27f}, 0.01f);
    }
  }

  template <class At>
  void antlers(const At& at) {
    const float r = a_.head;
    const Point colour{0.30f, 0.20f, 0.115f};
    for (const float side : {-1.0f, 1.0f}) {
      const Point root{-0.25f * r, 0.78f * r, side * 0.42f * r};
      const Point p1 = root + Point{-0.12f, 0.16f, side * 0.11f};
      const Point p2 = p1 + Point{-0.01f, 0.17f, side * 0.09f};
      const Point p3 = p2 + Point{0.10f, 0.13f, side * -0.02f};
      auto branch = [&](Point a, Point b, float ra, float rb) {
        plain(add(at(a), at(b), ra, rb, 0, Region::kHead, head_frame_, a), Material::kHorn, colour,
              0.012f);
      };
      branch(root, p1, 0.026f, 0.022f);
      branch(p1, p2, 0.022f, 0.018f);
      branch(p2, p3, 0.018f, 0.008f);
      branch(mix(root, p1, 0.3f), mix(root, p1, 0.3f) + Point{0.12f, 0.09f, side * 0.02f}, 0.016f,
             0.007f);
      branch(p1, p1 + Point{0.13f, 0.09f, side * 0.01f}, 0.017f, 0.007f);
      branch(p2, p2 + Point{-0.04f, 0.14f, side * 0.04f}, 0.015f, 0.007f);
    }
  }

  template <class At>
  void trunk_and_tusks(const At& at) {
    Point joint = snout_tip_ + Point{0.01f, -0.02f, 0};
    float angle = -0.85f;
    float radius = a_.snout_tip * 0.98f;
    for (int i = 0; i < 5; ++i) {
      const float swing = 0.13f * exact::sin(s_.tail_phase * 0.6f - 0.7f * static_cast<float>(i));
      const Point next =
          joint + Point{exact::cos(angle + swing) * 0.155f, exact::sin(angle + swing) * 0.155f,
                        s_.tail_wag * 0.10f * static_cast<float>(i)};
      add(at(joint), at(next), radius, radius * 0.83f, 0.03f, Region::kHead, head_frame_, joint);
      joint = next;
      radius *= 0.83f;
      angle += i < 2 ? -0.30f : 0.42f + 0.5f * s_.jaw;
    }
    for (const float side : {-1.0f, 1.0f}) {
      const Point root = snout_tip_ + Point{-0.04f, -0.10f, side * 0.115f};
      const Point bend = root + Point{0.13f, -0.11f, side * 0.05f};
      const Point tip = bend + Point{0.15f, 0.02f, side * -0.01f};
      const Point ivory{0.80f, 0.74f, 0.62f};
      plain(add(at(root), at(bend), 0.034f, 0.030f, 0, Region::kHead, head_frame_, root),
            Material::kHorn, ivory);
      plain(add(at(bend), at(tip), 0.030f, 0.012f, 0, Region::kHead, head_frame_, root),
            Material::kHorn, ivory, 0.01f);
    }
  }

  // ---- legs -------------------------------------------------------------------------------------

  void leg(size_t k) {
    out_.begin_group();
    const bool front = k < 2;
    const Paw& paw = s_.paws[k];
    const float side = side_of(k);
    const Region region = front ? Region::kFrontLeg : Region::kHindLeg;
    const float sole = a_.paw * 0.72f;
    const Point ball{paw.at.x, paw.at.y + sole, paw.at.z};
    const Point joint =
        front ? s_.shoulders + trunk_({0.02f, -a_.chest * 0.22f, side * a_.track * 0.92f})
              : s_.hips + trunk_({-a_.hips * 0.05f, -a_.hips * 0.12f, side * a_.track * 0.86f});
    const float rest_joint =
        front ? (1 - a_.chest) - a_.chest * 0.22f : (a_.rump - a_.hips) - a_.hips * 0.12f;
    const float drop = rest_joint - sole;
    // From the paw up: pastern or metatarsus, then two bones to the trunk.
    const float last = drop * (front ? 0.17f : 0.33f);
    const float lean =
        front ? -0.14f - paw.toe * 0.55f : exact::mix(-0.26f, -1.45f, s_.hock) - paw.toe * 0.42f;
    const Point ankle =
        ball + Point{exact::sin(lean) * last, exact::cos(lean) * last, (joint.z - ball.z) * 0.22f};
    const float vertical = drop - last * (front ? 0.98f : 0.94f);
    const float slack = front ? 1.045f : 1.14f;
    const float upper = vertical * slack * (front ? 0.48f : 0.50f);
    const float lower = vertical * slack - upper;
    Point knee = middle_joint(joint, ankle, upper, lower, front ? -1.0f : 1.0f);
    knee.y = std::max(knee.y, std::max(a_.shin, sole));

    const float thick = front ? a_.shoulder : a_.thigh;
    float height = 1;
    const float total = upper + lower + last;
    auto segment = [&](Point from, Point to, float ra, float rb, float blend, float share) {
      const Frame f = along(from, to, {0, 0, 1});
      add(from, to, ra, rb, blend, region, f, {0, height * drop, side * a_.track});
      height -= share / total;
    };
    segment(joint, knee, thick, a_.shin * 1.16f, 0.15f, upper);
    flatten({0, 0, 1}, front ? 0.78f : 0.66f);
    segment(knee, ankle, a_.shin * 1.12f, a_.ankle, 0.04f, lower);
    segment(ankle, ball, a_.ankle, a_.ankle * 0.98f, 0.03f, last);
    foot(k, ball, paw, region);
  }

  void foot(size_t k, Point ball, const Paw& paw, Region region) {
    const float hang = -paw.toe * 0.9f;
    const Frame f = turned(hang, 0, 0);
    const float reach = a_.hooves ? a_.paw * 0.42f : a_.paw * (k < 2 ? 0.95f : 1.05f);
    const float back = a_.hooves ? 0.10f : 0.25f;
    const Point heel = ball + f({-a_.paw * back, -a_.paw * 0.02f, 0});
    const Point toe = ball + f({reach, a_.hooves ? -a_.paw * 0.12f : -a_.paw * 0.06f, 0});
    Bone& bone =
        add(heel, toe, a_.paw * (a_.hooves ? 0.66f : 0.70f), a_.paw * (a_.hooves ? 0.74f : 0.66f),
            a_.hooves ? 0.015f : 0.035f, region, f, {0, 0.01f, side_of(k) * a_.track});
    if (a_.hooves) plain(bone, Material::kHoof, {0.035f, 0.028f, 0.024f}, 0.015f);
    out_.feet[k] = p_({ball.x, paw.at.y, ball.z});
    out_.foot_radius = metres(a_.paw);
  }

  // ---- tail -------------------------------------------------------------------------------------

  void tail() {
    out_.begin_group();
    constexpr int kSegments = 6;
    Point joint = s_.hips + trunk_({-a_.hips * 1.02f, a_.hips * 0.52f, 0});
    float angle = a_.tail_angle + s_.tail_lift - trunk_pitch_ * 0.5f;
    const float piece = a_.tail / kSegments;
    float z_angle = 0;
    for (int i = 0; i < kSegments; ++i) {
      const float u = static_cast<float>(i) / kSegments, v = static_cast<float>(i + 1) / kSegments;
      // Each piece follows the one before with a delay.
      const float lag = static_cast<float>(i) * 0.75f;
      const float wave = s_.tail_wave * exact::sin(s_.tail_phase - lag) * (0.4f + u);
      z_angle = s_.tail_wag * (0.5f + 1.1f * u) +
                s_.tail_wave * 0.5f * exact::sin(s_.tail_phase * 0.5f - lag) * u;
      const float rise = angle + wave;
      const Point step{-exact::cos(rise) * exact::cos(z_angle) * piece, exact::sin(rise) * piece,
                       exact::sin(z_angle) * piece};
      Point next = joint + step;
      next.y = std::max(next.y, width_at(v) * 0.9f);
      const Frame f = along(joint, next, {0, 0, 1});
      // In coat space a tail stretches backwards from 0 to -length.
      const Frame coat{f.up, -f.forward, f.side};
      add(joint, next, width_at(u), width_at(v), i == 0 ? 0.07f : 0.04f, Region::kTail, coat,
          {-u * a_.tail, 0, 0});
      if (a_.hooves && a_.tuft == 0 && a_.mane > 0) {
        out_.bones[static_cast<size_t>(out_.bone_count - 1)].material = Material::kHair;
        out_.bones[static_cast<size_t>(out_.bone_count - 1)].tint = a_.coat.marking;
      }
      joint = next;
      angle += a_.tail_curl / kSegments;
    }
    if (a_.tuft > 0) {
      Bone& bone = add(joint, joint + Point{-0.02f, -0.07f, 0}, a_.tuft, a_.tuft * 0.6f, 0,
                       Region::kTail, {}, {-a_.tail, 0, 0});
      plain(bone, Material::kHair, a_.coat.marking, 0.03f);
    }
  }

  float width_at(float u) const {
    return u < 0.5f ? exact::mix(a_.tail_root, a_.tail_middle, exact::ease(u * 2))
                    : exact::mix(a_.tail_middle, a_.tail_tip, exact::ease(u * 2 - 1));
  }

  // ---- clothes ----------------------------------------------------------------------------------

  void wear(const std::vector<Worn>& worn) {
    if (worn.empty()) return;
    out_.begin_group();
    for (const Worn& w : worn) {
      switch (w.garment) {
        case Garment::kSunglasses: sunglasses(w.colour); break;
        case Garment::kHat: hat(w.colour); break;
        case Garment::kCrown: crown(w.colour); break;
        case Garment::kScarf: scarf(w.colour); break;
        case Garment::kBow: bow(w.colour); break;
      }
    }
  }

  void thing(Point a, Point b, float ra, float rb, Material material, Point colour) {
    plain(add(skull_ + head_frame_(a), skull_ + head_frame_(b), ra, rb, 0, Region::kHead,
              head_frame_, a),
          material, colour);
  }

  void sunglasses(Point colour) {
    const float r = a_.head;
    const float size = std::max(a_.eye * 1.55f, r * 0.30f);
    const float z = std::max(a_.eye_side * r, size * 0.95f);
    const float x = r * a_.eye_forward + a_.eye * 0.9f + r * 0.04f, y = r * a_.eye_up;
    for (const float side : {-1.0f, 1.0f}) {
      const Point lens{x, y, side * z};
      const Point look = normalize(Point{1, 0, side * 0.55f});
      thing(lens, lens, size * 1.14f, size * 1.14f, Material::kPlastic, colour);
      flatten(head_frame_(look), 0.17f);
      const Point glass = lens + look * (size * 0.07f);
      thing(glass, glass, size * 0.94f, size * 0.94f, Material::kGlass, {0.012f, 0.013f, 0.016f});
      flatten(head_frame_(look), 0.19f);
      const Point hinge = lens + Point{-0.02f, size * 0.35f, side * size * 0.85f};
      thing(hinge, {-0.25f * r, y + size * 0.45f, side * std::max(r * 1.10f, hinge.z * side)},
            size * 0.13f, size * 0.11f, Material::kPlastic, colour);
    }
    thing({x + size * 0.12f, y + size * 0.25f, -z * 0.45f},
          {x + size * 0.12f, y + size * 0.25f, z * 0.45f}, size * 0.14f, size * 0.14f,
          Material::kPlastic, colour);
  }

  void hat(Point colour) {
    const float r = a_.head;
    const Point brim{0.02f * r, 0.86f * r, 0};
    thing(brim, brim, r * 1.22f, r * 1.22f, Material::kCloth, colour);
    flatten(head_frame_.up, 0.075f);
    thing(brim + Point{0, 0.02f * r, 0}, brim + Point{-0.03f * r, 0.55f * r, 0}, r * 0.70f,
          r * 0.56f, Material::kCloth, colour);
    thing(brim + Point{0, 0.13f * r, 0}, brim + Point{0, 0.17f * r, 0}, r * 0.722f, r * 0.716f,
          Material::kCloth, colour * 0.22f);
  }

  void crown(Point colour) {
    const float r = a_.head;
    const Point base{0, 0.98f * r, 0};
    thing(base, base + Point{0, 0.10f * r, 0}, r * 0.56f, r * 0.58f, Material::kGold, colour);
    flatten(head_frame_.up, 0.45f);
    for (int i = 0; i < 6; ++i) {
      const float angle = exact::kTau * static_cast<float>(i) / 6;
      const Point root =
          base + Point{exact::cos(angle) * 0.46f * r, 0.12f * r, exact::sin(angle) * 0.46f * r};
      thing(root,
            root + Point{exact::cos(angle) * 0.10f * r, 0.42f * r, exact::sin(angle) * 0.10f * r},
            r * 0.13f, r * 0.03f, Material::kGold, colour);
    }
  }

  void scarf(Point colour) {
    const Frame& n = neck_frame_;
    const Point at = mix(neck_root_, skull_, 0.42f);
    const float r = exact::mix(a_.neck_root, a_.neck_tip, 0.42f) * 1.20f;
    plain(add(at - n.forward * 0.035f, at + n.forward * 0.035f, r, r, 0, Region::kTorso, n, {}),
          Material::kCloth, colour);
    flatten(n.side, 0.93f);
    const Point knot = at + n.side * (-r * 0.62f) - n.up * (r * 0.62f);
    const float sway = 0.05f * exact::sin(s_.tail_phase);
    plain(add(knot, knot + Point{-0.08f - sway, -0.30f, 0.01f}, 0.055f, 0.075f, 0, Region::kTorso,
              n, {}),
          Material::kCloth, colour * 0.92f);
    flatten({0, 0, 1}, 0.40f);
  }

  void bow(Point colour) {
    const Frame& n = neck_frame_;
    const float r = exact::mix(a_.neck_root, a_.neck_tip, 0.55f);
    const Point at = mix(neck_root_, skull_, 0.55f) - n.up * (r * 1.02f);
    plain(add(at, at, r * 0.20f, r * 0.20f, 0, Region::kTorso, n, {}), Material::kCloth,
          colour * 0.8f);
    for (const float side : {-1.0f, 1.0f}) {
      plain(
          add(at, at + n.side * (side * r * 0.62f), r * 0.10f, r * 0.36f, 0, Region::kTorso, n, {}),
          Material::kCloth, colour);
      flatten(n.up, 0.5f);
    }
  }

  const Anatomy& a_;
  const BodyState& s_;
  const Placement& p_;
  Figure& out_;
  Frame trunk_, neck_frame_, head_frame_;
  float rest_pitch_ = 0, trunk_pitch_ = 0;
  Point neck_root_, skull_, snout_tip_;
};

}  // namespace

void build_animal(const Anatomy& anatomy, const BodyState& state, const Placement& placement,
                  const std::vector<Worn>& worn, Figure& out) {
  Builder(anatomy, state, placement, out).build(worn);
}

float rest_height(const Anatomy& anatomy) {
  Figure figure;
  ClipInput still;
  build_animal(anatomy, clip_state(anatomy, still), {}, {}, figure);
  float top = 0;
  for (int i = 0; i < figure.bone_count; ++i) {
    const Bone& bone = figure.bones[static_cast<size_t>(i)];
    if (bone.material == Material::kHorn) continue;
    top = std::max(
        top, std::max(bone.a.y + bone.radius, bone.a.y + bone.axis.y + bone.radius + bone.taper));
  }
  return top;
}

}  // namespace rushes::previz
