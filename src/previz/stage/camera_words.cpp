#include "previz/stage/camera_words.h"

#include <algorithm>
#include <utility>

namespace rushes::previz {
namespace {

constexpr Point kUp{0, 1, 0};

class Path {
 public:
  explicit Path(const CameraWords& words)
      : words_(words), pivot_(words.position + words.forward * words.distance) {
    path_.position_from = path_.position_to = words.position;
    path_.target_from = path_.target_to = pivot_;
    path_.tan_half_fov_from = path_.tan_half_fov_to = words.lens;
    path_.subject_distance = words.distance;
  }

  // Shares of the distance.
  Path& back_from(float share) {
    path_.position_from = words_.position - words_.forward * (share * words_.distance);
    return *this;
  }
  Path& shift(float from, float to, Point axis, bool target_too) {
    const Point a = axis * (from * words_.distance), b = axis * (to * words_.distance);
    path_.position_from = path_.position_from + a;
    path_.position_to = path_.position_to + b;
    if (target_too) {
      path_.target_from = path_.target_from + a;
      path_.target_to = path_.target_to + b;
    }
    return *this;
  }
  // The view turns about the camera; radians.
  Path& turn(float from, float to, Point axis) {
    const Point view = pivot_ - words_.position;
    path_.target_from = words_.position + rotate(view, axis, from);
    path_.target_to = words_.position + rotate(view, axis, to);
    return *this;
  }
  // The camera goes around the subject; radians.
  Path& orbit(float from, float to) {
    const Point arm = words_.position - pivot_;
    path_.position_from = pivot_ + rotate(arm, kUp, from);
    path_.position_to = pivot_ + rotate(arm, kUp, to);
    return *this;
  }
  Path& lens(float from, float to) {
    path_.tan_half_fov_from = words_.lens * from;
    path_.tan_half_fov_to = words_.lens * to;
    return *this;
  }
  Path& reverse() {
    std::swap(path_.position_from, path_.position_to);
    std::swap(path_.target_from, path_.target_to);
    std::swap(path_.tan_half_fov_from, path_.tan_half_fov_to);
    return *this;
  }
  Path& shake(float metres) {
    path_.shake = metres;
    return *this;
  }
  CameraPath done() const { return path_; }

 private:
  const CameraWords& words_;
  Point pivot_;
  CameraPath path_;
};

}  // namespace

CameraPath path_of(Move move, const CameraWords& words) {
  Path path(words);
  constexpr float kPan = 0.13f, kTilt = 0.09f, kOrbit = 0.32f;  // radians to each side
  switch (move) {
    case Move::kAuto: return path.back_from(words.follows ? 0.06f : 0.13f).done();
    case Move::kStatic: return path.done();
    case Move::kTrack:
      // With nobody to follow the camera itself travels along.
      return words.follows ? path.back_from(0.06f).done()
                           : path.shift(-0.12f, 0.12f, words.right, true).done();
    case Move::kPushIn: return path.back_from(0.45f).done();
    case Move::kPullOut: return path.back_from(0.45f).reverse().done();
    case Move::kPanLeft: return path.turn(kPan, -kPan, kUp).done();
    case Move::kPanRight: return path.turn(-kPan, kPan, kUp).done();
    case Move::kTiltUp: return path.turn(kTilt, -kTilt, words.right).done();
    case Move::kTiltDown: return path.turn(-kTilt, kTilt, words.right).done();
    case Move::kOrbit: return path.orbit(-kOrbit, kOrbit).done();
    case Move::kCraneUp: return path.shift(-0.02f, 0.3f, kUp, false).done();
    case Move::kCraneDown: return path.shift(0.3f, -0.02f, kUp, false).done();
    case Move::kTruckLeft: return path.shift(0.14f, -0.14f, words.right, true).done();
    case Move::kTruckRight: return path.shift(-0.14f, 0.14f, words.right, true).done();
    case Move::kHandheld:
      return path.back_from(0.05f)
          .shake(exact::clamp(0.012f * words.distance, 0.01f, 0.06f))
          .done();
    case Move::kZoomIn: return path.lens(1.4f, 1).done();
    case Move::kZoomOut: return path.lens(1, 1.4f).done();
    case Move::kFlyOver: return path.back_from(0.35f).shift(0.1f, 0.35f, kUp, false).done();
  }
  return path.done();
}

}  // namespace rushes::previz
