// camera_at: the director's path, a handheld wander, and the requested move on top.
#include "previz/scene/shot.h"

namespace rushes::previz {
namespace {

// The amounts of camera_control, agreed by eye.
constexpr float kRadiansPerUnit = 0.0523598776f;  // pan, tilt, roll: 3 degrees per unit
constexpr float kZoomPerUnit = 0.07f;             // natural logarithm of the width of the view
constexpr float kTruckPerUnit = 0.023f;           // of the subject's distance
constexpr float kCranePerTruck = 0.6f;            // vertical moves are this much shorter
constexpr float kAdvance = 2.0f;                  // metres of the named moves
constexpr float kTurn = 0.45f;                    // 25.8 degrees
constexpr float kLookUp = 0.25f;                  // 14.3 degrees
constexpr float kLookDown = 0.14f;                // 8 degrees
constexpr float kSink = 0.5f;                     // metres down of down_back
constexpr Point kUp{0, 1, 0};

Camera look_at(Point position, Point target, float tan_half_fov) {
  Camera camera{.position = position, .tan_half_fov = tan_half_fov};
  const Point view = target - position;
  camera.forward = length(view) > 1e-5f ? normalize(view) : Point{0, 0, 1};
  // Straight up or down has no horizon of its own: keep the picture's right to the world's.
  const Point right = cross(kUp, camera.forward);
  camera.right = length(right) > 1e-4f ? normalize(right) : Point{1, 0, 0};
  camera.up = cross(camera.forward, camera.right);
  return camera;
}

// Turns the whole camera about `axis`; all three vectors, so that they stay orthonormal.
void turn(Camera& camera, Point axis, float radians) {
  camera.forward = rotate(camera.forward, axis, radians);
  camera.right = rotate(camera.right, axis, radians);
  camera.up = cross(camera.forward, camera.right);
}

// Positive looks up.
void tilt(Camera& camera, float radians) {
  camera.forward = rotate(camera.forward, camera.right, -radians);
  camera.up = cross(camera.forward, camera.right);
}

// Positive is a clockwise camera: the picture leans to the left.
void roll(Camera& camera, float radians) {
  camera.right = rotate(camera.right, camera.forward, -radians);
  camera.up = cross(camera.forward, camera.right);
}

// Two phases, each eased by itself: turn during the first half, advance during the second.
void turn_then_forward(Camera& camera, float side, float progress) {
  const float turning = exact::ease(exact::saturate(progress * 2));
  const float advancing = exact::ease(exact::saturate(progress * 2 - 1));
  turn(camera, kUp, side * kTurn * turning);
  camera.position = camera.position + camera.forward * (kAdvance * advancing);
}

void apply_move(Camera& camera, const CameraPath& path, float progress) {
  const float eased = exact::ease(progress);
  const float amount = path.move.value * eased;
  const float truck = kTruckPerUnit * path.subject_distance * amount;
  switch (path.move.kind) {
    case CameraMoveKind::kNone: break;
    case CameraMoveKind::kHorizontal:
      camera.position = camera.position + camera.right * truck;
      break;
    case CameraMoveKind::kVertical:
      camera.position = camera.position + kUp * (truck * kCranePerTruck);
      break;
    case CameraMoveKind::kPan: turn(camera, kUp, kRadiansPerUnit * amount); break;
    case CameraMoveKind::kTilt: tilt(camera, kRadiansPerUnit * amount); break;
    case CameraMoveKind::kRoll: roll(camera, kRadiansPerUnit * amount); break;
    case CameraMoveKind::kZoom: camera.tan_half_fov *= exact::exp(kZoomPerUnit * amount); break;
    case CameraMoveKind::kDownBack:
      camera.position =
          camera.position - camera.forward * (kAdvance * eased) - kUp * (kSink * eased);
      tilt(camera, -kLookDown * eased);
      break;
    case CameraMoveKind::kForwardUp:
      camera.position = camera.position + camera.forward * (kAdvance * eased);
      tilt(camera, kLookUp * eased);
      break;
    case CameraMoveKind::kRightTurnForward: turn_then_forward(camera, 1, progress); break;
    case CameraMoveKind::kLeftTurnForward: turn_then_forward(camera, -1, progress); break;
  }
}

// A hand's wander: slow sums of sines that share no period, within about +-1 on each axis.
Point wander(float seconds) {
  return {0.6f * exact::sin(1.9f * seconds) + 0.4f * exact::sin(4.3f * seconds + 1.0f),
          0.6f * exact::sin(2.3f * seconds + 2.0f) + 0.4f * exact::sin(5.1f * seconds + 0.5f),
          0.5f * exact::sin(1.3f * seconds + 4.0f)};
}

}  // namespace

Camera camera_at(const CameraPath& path, float seconds, float duration_seconds) {
  const float progress = duration_seconds > 0 ? exact::saturate(seconds / duration_seconds) : 0.0f;
  const float eased = exact::ease(progress);
  const Point travelled = path.velocity * seconds;
  const Point sway = wander(seconds) * path.shake;
  // The hand moves more than the eye behind it aims.
  Camera camera = look_at(mix(path.position_from, path.position_to, eased) + travelled + sway,
                          mix(path.target_from, path.target_to, eased) + travelled + sway * -0.5f,
                          exact::mix(path.tan_half_fov_from, path.tan_half_fov_to, eased));
  apply_move(camera, path, progress);
  return camera;
}

}  // namespace rushes::previz
