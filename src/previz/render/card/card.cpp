#include "previz/render/card/card.h"

#include <algorithm>

#include "previz/math/scalar.h"

namespace rushes::previz {
namespace {

using exact::cos;
using exact::fract;
using exact::kPi;
using exact::kTau;
using exact::sin;

// What an action does to a card: lengths are fractions of its height.
struct Motion {
  float rise = 0;     // above the ground
  float turn = 0;     // radians, counter-clockwise as the camera sees a card that looks left
  float stretch = 1;  // upwards; sideways it shrinks by as much
  float lean = 0;     // sideways per height
  float narrow = 1;   // a spin: cosine of the turn
  float nod = 0;      // of the head: shift downwards
  float kick = 0;     // of the feet
};

// Crouch, leap, land, over and over.
void jump(Motion& m, float t) {
  const float u = fract(t / 1.05f);
  const float air = exact::clamp((u - 0.22f) / 0.60f, 0, 1);
  m.rise = 4 * air * (1 - air) * 0.55f;
  const float squash = exact::smoothstep(0, 0.14f, u) * (1 - exact::smoothstep(0.16f, 0.26f, u)) +
                       exact::smoothstep(0.80f, 0.86f, u) * (1 - exact::smoothstep(0.88f, 1.0f, u));
  m.stretch = 1 - 0.16f * squash + 0.07f * sin(kPi * air);
  m.turn = 0.08f * cos(kPi * air) * (air > 0 && air < 1 ? 1.0f : 0.0f);
}

void dance(Motion& m, float w) {
  m.turn = 0.16f * sin(w * 0.5f);
  m.rise = 0.06f * exact::abs(sin(w));
  m.stretch = 1 + 0.06f * cos(2 * w);
  m.lean = 0.08f * sin(w * 0.5f + 0.7f);
}

// On its back, whatever it was told to do.
Motion rest(float t, float breath) {
  Motion m;
  m.stretch = 1 + 0.012f * breath;
  m.nod = 0.014f * sin(t * 1.05f) + 0.010f * std::max(0.0f, sin(t * 0.62f));
  m.kick = 0.022f * sin(t * 3.4f) * (0.6f + 0.4f * sin(t * 0.8f));
  return m;
}

Motion motion_of(const Actor& actor, float seconds, float speed) {
  Motion m;
  const float t = seconds + actor.phase * 5;
  const float pace =
      exact::clamp(speed / std::max(exact::sqrt(actor.height_m) * 1.4f, 0.1f), 0.4f, 2.2f);
  const float breath = sin(t * 2.1f);
  if (actor.recline > 0) return rest(t, breath);
  m.stretch = 1 + 0.010f * breath;
  m.nod = 0.008f * sin(t * 1.3f) + 0.006f * sin(t * 2.9f);
  const bool moves = speed > 0.05f;
  switch (actor.action) {
    case Action::kWalk:
    case Action::kApproach:
    case Action::kRide: {
      const float w = t * 4.6f * pace;
      m.turn = 0.075f * sin(w);
      m.rise = 0.025f * exact::abs(sin(w));
      m.stretch += 0.02f * cos(2 * w);
      m.nod += 0.012f * cos(2 * w);
      break;
    }
    case Action::kRun:
    case Action::kGallop: {
      const float w = t * 7.0f * pace;
      const float hop = exact::abs(sin(w));
      m.rise = 0.12f * hop;
      m.turn = 0.06f * sin(w) + 0.07f;
      m.stretch = 0.94f + 0.10f * hop;
      break;
    }
    case Action::kDrive: m.rise = 0.006f * sin(t * 21) + 0.006f * sin(t * 13.7f); break;
    case Action::kJump:
    case Action::kRise: jump(m, t); break;
    case Action::kFly:
      m.rise = 0.10f * sin(t * 1.7f) + 0.04f * sin(t * 2.9f);
      m.turn = 0.09f * sin(t * 1.7f + 1.1f);
      m.stretch = 1 + 0.025f * sin(t * 6);
      break;
    case Action::kSwim:
    case Action::kFlow:
      m.rise = 0.035f * sin(t * 1.6f);
      m.turn = 0.065f * sin(t * 1.25f + 0.6f);
      m.lean = 0.03f * sin(t * 2.2f);
      break;
    case Action::kSpin: m.narrow = cos(t * 2.6f); break;
    case Action::kDance: dance(m, t * kTau); break;
    case Action::kPlay:
    case Action::kWave: {
      const float w = t * 4.4f;
      m.turn = 0.10f * sin(w);
      m.rise = 0.05f * exact::abs(sin(w));
      m.stretch = 1 + 0.03f * cos(2 * w);
      break;
    }
    case Action::kEat:
    case Action::kDrink:
      m.nod = 0.030f * (0.5f + 0.5f * sin(t * 6.5f));
      m.turn = 0.05f + 0.02f * sin(t * 1.1f);
      break;
    case Action::kLook: m.turn = 0.05f * sin(t * 0.9f); break;
    case Action::kFall: m.turn = -1.45f * exact::ease(exact::saturate(seconds * 1.2f)); break;
    case Action::kGlow:
    case Action::kBurn: m.stretch = 1 + 0.025f * sin(t * 5) + 0.015f * sin(t * 8.3f); break;
    case Action::kLie:
    case Action::kSit:
    case Action::kIdle:
      if (moves) {
        m.turn = 0.04f * sin(t * 3.1f * pace);
        m.rise = 0.02f * exact::abs(sin(t * 3.1f * pace));
      } else {
        m.lean = 0.010f * sin(t * 1.1f);
      }
      break;
  }
  return m;
}

// The frame of the plane: upright, turned to the camera, tilted a little if that looks down
// steeply.
void face(const Camera& camera, Card& card) {
  Point to = camera.position - card.foot;
  const float level = exact::sqrt(to.x * to.x + to.z * to.z);
  const float tilt = exact::clamp(exact::atan2(to.y, std::max(level, 0.01f)) * 0.45f, -0.1f, 0.55f);
  to = level > 0.01f ? Point{to.x / level, 0, to.z / level} : Point{0, 0, -1};
  card.right = {-to.z, 0, to.x};
  const float c = cos(tilt), s = sin(tilt);
  card.normal = to * c + Point{0, s, 0};
  card.up = Point{0, c, 0} - to * s;
}

}  // namespace

Card place_card(const Actor& actor, const Sprite& sprite, const IconAnchors& anchors, float ground,
                const Moment& now) {
  Card card;
  card.sprite = &sprite;
  const float speed = length(actor.velocity);
  const Motion m = motion_of(actor, now.seconds, speed);
  card.foot = actor.start + actor.velocity * now.shot_seconds;
  // Who leans back sits where the back rest begins, and has no depth: near the edge of the cushion
  // that the camera sees, or its front half would hide what rests on it.
  if (actor.recline > 0 && anchors.bends) {
    const float back = 0.13f * actor.height_m, near = 0.14f * actor.height_m;
    card.foot = card.foot - Point{cos(actor.heading), 0, sin(actor.heading)} * back;
    const Point to = now.camera.position - card.foot;
    const float level = std::max(exact::sqrt(to.x * to.x + to.z * to.z), 0.01f);
    card.foot = card.foot + Point{to.x / level, 0, to.z / level} * near;
    card.foot.y += 0.03f * actor.height_m;  // on the cushion, not in it
  }
  card.foot.y += ground + m.rise * actor.height_m;
  card.above_ground = card.foot.y - ground;
  face(now.camera, card);

  // Drawings look to the left; those who look to the camera's right are mirrored.
  const Point heading{cos(actor.heading), 0, sin(actor.heading)};
  const float flip = dot(heading, card.right) > 0.05f ? -1.0f : 1.0f;
  const float side_m = actor.height_m / sprite.tall;  // of the whole square
  card.width_m = side_m;
  float turn = m.turn * flip;
  if (actor.recline > 0 && !anchors.bends) turn += 1.05f * actor.recline * -flip;
  const float wide = side_m * flip * std::max(exact::abs(m.narrow), 0.04f) *
                     (m.narrow < 0 ? -1.0f : 1.0f) / exact::sqrt(m.stretch);
  const float high = side_m * m.stretch;
  // In the plane: turned back, then the lean taken out, then scaled.
  const float c = cos(turn), s = sin(turn);
  const float lean = m.lean * flip;
  card.u0 = sprite.stand_u;
  card.v0 = sprite.stand_v;
  card.va = s / high;
  card.vb = -c / high;
  card.ua = (c + lean * s) / wide;
  card.ub = (s - lean * c) / wide;
  card.towards_u = card.right * (c * flip) + card.up * (s * flip);
  card.towards_top = card.up * c - card.right * s;

  const float unit = 1.0f / 128;
  if (m.nod != 0) {
    card.wiggles[0] = {anchors.eye_x * unit, anchors.eye_y * unit, 1 / 0.34f, m.nod * 0.5f, m.nod};
  }
  const float reach = side_m * 0.75f;
  card.centre = card.foot + card.towards_top * (actor.height_m * 0.5f);
  card.bound = std::max(reach * m.stretch, actor.height_m * 0.75f) * 1.15f;

  // About one texel per pixel of a 720-line picture.
  const float distance = std::max(length(card.foot - now.camera.position), 0.3f);
  const float pixels = side_m / (distance * now.camera.tan_half_fov * 2) * 900;
  for (card.level = 0; card.level + 1 < Sprite::kLevels; ++card.level) {
    if (static_cast<float>(Sprite::size_of(card.level + 1)) < pixels) break;
  }
  return card;
}

}  // namespace rushes::previz
