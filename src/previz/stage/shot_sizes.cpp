#include "previz/stage/shot_sizes.h"

#include <algorithm>

#include "previz/stage/blocking.h"

namespace rushes::previz {
namespace {

constexpr float kDegree = exact::kPi / 180;

// In a wide frame the picture is decided by height, with room at the sides; in a tall one by width.
float width_share(float aspect) {
  return exact::clamp(0.86f - 0.27f * (aspect - 0.5625f), 0.5f, 0.86f);
}

void set_size(IdealShot& ideal, ShotSize shot, float aspect) {
  const float wide = width_share(aspect);
  switch (shot) {
    case ShotSize::kExtremeWide:
      ideal.window = {0.4f * wide, 0.15f};
      ideal.lens = 0.55f;
      ideal.y = -0.3f;
      break;
    case ShotSize::kWide:
      ideal.window = {0.7f * wide, 0.38f};
      ideal.lens = 0.48f;
      ideal.y = -0.2f;
      break;
    case ShotSize::kMedium:
      ideal.window = {0.86f, 0.8f};
      ideal.lens = 0.36f;
      ideal.nearest_by_size = 0.8f;
      break;
    case ShotSize::kCloseUp:
      ideal.window = {0.8f, 0.62f};
      ideal.lens = 0.32f;
      ideal.nearest_by_size = 0.6f;
      break;
    case ShotSize::kFull:
    case ShotSize::kLandscape:
      ideal.window = {wide, 0.76f};
      ideal.lens = 0.42f;
      ideal.y = aspect < 0.9f ? -0.12f : -0.06f;
      break;
  }
}

void set_angle(IdealShot& ideal, const FramingOptions& options, const Actor& main) {
  switch (options.angle) {
    case Angle::kEye:
    case Angle::kPov:
      // Eyes of small animals are near the ground, where grass hides the view: a little from above.
      ideal.pitch_down = main.height_m < 1 ? 8 * kDegree : 4 * kDegree;
      break;
    case Angle::kLow: ideal.pitch_down = -20 * kDegree; break;
    case Angle::kHigh: ideal.pitch_down = 22 * kDegree; break;
    case Angle::kAerial:
      ideal.pitch_down = 52 * kDegree;
      ideal.lens = 0.6f;
      ideal.nearest_by_size = 1.6f;
      break;
    case Angle::kOverShoulder:
      // From behind, past the shoulder on the inner side. Heading 0 is along x, azimuth 0 along z.
      ideal.azimuth = exact::kPi / 2 - main.heading - 0.35f * options.side;
      ideal.pitch_down = 9 * kDegree;
      break;
  }
}

}  // namespace

IdealShot ideal_shot(const FramingOptions& options, const Actor& main, bool is_group) {
  IdealShot ideal;
  set_size(ideal, options.shot, options.aspect);
  set_angle(ideal, options, main);
  if (is_group && !is_close(options.shot)) {
    ideal.window.width_share = std::min(0.84f, ideal.window.width_share * 1.5f);
    return ideal;
  }
  // Lead room: of the free width 60 % lie ahead of the subject.
  const float direction = main.velocity.x != 0 ? main.velocity.x : options.side;
  const float ahead = main.velocity.x != 0 || main.velocity.z == 0 ? 0.2f : 0.0f;
  const float free_share = 1 - std::min(ideal.window.width_share, 0.9f);
  ideal.x = (direction > 0 ? -ahead : ahead) * free_share;
  return ideal;
}

bool is_close(ShotSize shot) { return shot == ShotSize::kMedium || shot == ShotSize::kCloseUp; }

void append_close_corners(const Actor& actor, ShotSize shot, float seconds,
                          std::vector<Point>& corners) {
  if (actor.recline > 0) return append_corners(actor, seconds, corners);
  Actor part = actor;
  // Of what is longer than high the head is in front; of what stands upright it is on top; of an
  // icon only the upper part is known.
  const bool on_all_fours = actor.form.kind == FormKind::kRig && actor.length_m > actor.height_m;
  const bool head_only = shot == ShotSize::kCloseUp;
  const float bottom = head_only ? (on_all_fours ? 0.5f : 0.6f) : (on_all_fours ? 0.3f : 0.42f);
  const float forward = on_all_fours ? (head_only ? 0.35f : 0.14f) : 0.0f;
  part.length_m *= on_all_fours ? (head_only ? 0.32f : 0.74f) : 1.0f;
  part.height_m *= 1 - bottom;
  part.start = actor.start + Point{exact::cos(actor.heading) * forward * actor.length_m,
                                   bottom * actor.height_m,
                                   exact::sin(actor.heading) * forward * actor.length_m};
  append_corners(part, seconds, corners);
}

}  // namespace rushes::previz
