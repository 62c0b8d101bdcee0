#include <gtest/gtest.h>

#include <cmath>

#include "previz/scene/shot.h"

namespace rushes::previz {
namespace {

constexpr float kSeconds = 5;
constexpr float kDegree = 0.0174532925f;

// Seven metres in front of a subject at the origin, looking straight ahead.
CameraPath still(CameraMoveKind kind = CameraMoveKind::kNone, float value = 0) {
  CameraPath path;
  path.position_from = path.position_to = {0, 1, -7};
  path.target_from = path.target_to = {0, 1, 0};
  path.tan_half_fov_from = path.tan_half_fov_to = 0.5f;
  path.subject_distance = 7;
  path.move = {kind, value};
  return path;
}

Camera at_end(CameraMoveKind kind, float value = 0) {
  return camera_at(still(kind, value), kSeconds, kSeconds);
}

void expect_near(Point actual, Point expected, float tolerance = 1e-4f) {
  EXPECT_NEAR(actual.x, expected.x, tolerance);
  EXPECT_NEAR(actual.y, expected.y, tolerance);
  EXPECT_NEAR(actual.z, expected.z, tolerance);
}

// What the picture shows of `at`: x right, y up, in units of half the frame's height.
struct Seen {
  float x, y;
};
Seen see(const Camera& camera, Point at) {
  const Point d = at - camera.position;
  const float scale = 1.0f / (dot(d, camera.forward) * camera.tan_half_fov);
  return {dot(d, camera.right) * scale, dot(d, camera.up) * scale};
}

TEST(Camera, looks_from_its_position_at_its_target_with_right_to_the_right_and_up_up) {
  const Camera camera = camera_at(still(), 0, kSeconds);
  expect_near(camera.position, {0, 1, -7});
  expect_near(camera.forward, {0, 0, 1});
  expect_near(camera.right, {1, 0, 0});
  expect_near(camera.up, {0, 1, 0});
  EXPECT_FLOAT_EQ(camera.tan_half_fov, 0.5f);
}

TEST(Camera, stands_still_at_the_start_of_every_move) {
  for (int kind = 0; kind <= static_cast<int>(CameraMoveKind::kLeftTurnForward); ++kind) {
    const Camera camera = camera_at(still(static_cast<CameraMoveKind>(kind), 10), 0, kSeconds);
    expect_near(camera.position, {0, 1, -7});
    expect_near(camera.forward, {0, 0, 1});
    expect_near(camera.right, {1, 0, 0});
    EXPECT_FLOAT_EQ(camera.tan_half_fov, 0.5f);
  }
}

TEST(Camera, trucks_sixteen_centimetres_a_unit_at_a_subject_seven_metres_away) {
  expect_near(at_end(CameraMoveKind::kHorizontal, 10).position, {1.61f, 1, -7});
  expect_near(at_end(CameraMoveKind::kHorizontal, -10).position, {-1.61f, 1, -7});
  CameraPath far = still(CameraMoveKind::kHorizontal, 5);
  far.subject_distance = 20;
  expect_near(camera_at(far, kSeconds, kSeconds).position, {2.3f, 1, -7});
}

TEST(Camera, cranes_three_fifths_as_far_as_it_trucks) {
  expect_near(at_end(CameraMoveKind::kVertical, 10).position, {0, 1.966f, -7});
  expect_near(at_end(CameraMoveKind::kVertical, -5).position, {0, 0.517f, -7});
}

TEST(Camera, pans_three_degrees_a_unit_to_the_right) {
  const Camera camera = at_end(CameraMoveKind::kPan, 10);
  expect_near(camera.forward, {std::sin(30 * kDegree), 0, std::cos(30 * kDegree)});
  EXPECT_LT(see(camera, {0, 1, 0}).x, -1) << "what was in the middle is now on the left";
}

TEST(Camera, tilts_three_degrees_a_unit_upwards) {
  const Camera camera = at_end(CameraMoveKind::kTilt, 4);
  expect_near(camera.forward, {0, std::sin(12 * kDegree), std::cos(12 * kDegree)});
  EXPECT_LT(see(camera, {0, 1, 0}).y, 0) << "what was in the middle is now below";
}

TEST(Camera, rolls_clockwise_so_that_the_picture_leans_to_the_left) {
  const Camera camera = at_end(CameraMoveKind::kRoll, 10);
  expect_near(camera.forward, {0, 0, 1});
  expect_near(camera.right, {std::cos(30 * kDegree), -std::sin(30 * kDegree), 0});
  EXPECT_GT(see(camera, {2, 1, 0}).y, 0) << "the right side of the world climbs";
}

TEST(Camera, zoom_above_zero_widens_the_view_twofold_at_ten) {
  EXPECT_NEAR(at_end(CameraMoveKind::kZoom, 10).tan_half_fov, 0.5f * 2.01375f, 1e-4f);
  EXPECT_NEAR(at_end(CameraMoveKind::kZoom, -10).tan_half_fov, 0.5f / 2.01375f, 1e-4f);
}

TEST(Camera, down_back_goes_back_two_metres_sinks_half_a_metre_and_looks_down) {
  const Camera camera = at_end(CameraMoveKind::kDownBack);
  expect_near(camera.position, {0, 0.5f, -9});
  EXPECT_NEAR(camera.forward.y, -std::sin(0.14f), 1e-4f);
}

TEST(Camera, forward_up_goes_forward_two_metres_and_looks_up) {
  const Camera camera = at_end(CameraMoveKind::kForwardUp);
  expect_near(camera.position, {0, 1, -5});
  EXPECT_NEAR(camera.forward.y, std::sin(0.25f), 1e-4f);
}

TEST(Camera, turn_forward_turns_in_the_first_half_and_advances_in_the_second) {
  for (const float side : {1.0f, -1.0f}) {
    const CameraPath path =
        still(side > 0 ? CameraMoveKind::kRightTurnForward : CameraMoveKind::kLeftTurnForward);
    const Point turned{side * std::sin(0.45f), 0, std::cos(0.45f)};
    const Camera middle = camera_at(path, kSeconds / 2, kSeconds);
    expect_near(middle.position, {0, 1, -7});
    expect_near(middle.forward, turned);
    const Camera end = camera_at(path, kSeconds, kSeconds);
    expect_near(end.forward, turned);
    expect_near(end.position, Point{0, 1, -7} + turned * 2);
    // Each half is eased: a quarter of the way is half of the turn.
    const Camera quarter = camera_at(path, kSeconds / 4, kSeconds);
    expect_near(quarter.forward, {side * std::sin(0.225f), 0, std::cos(0.225f)});
  }
}

TEST(Camera, eases_a_move_in_and_out) {
  const CameraPath path = still(CameraMoveKind::kPan, 10);
  const auto angle = [&](float u) {
    return std::asin(camera_at(path, u * kSeconds, kSeconds).forward.x) / kDegree;
  };
  EXPECT_NEAR(angle(0.5f), 15, 0.01f);
  EXPECT_NEAR(angle(0.1f), 30 * 0.028f, 0.01f);
  EXPECT_NEAR(angle(0.9f), 30 * 0.972f, 0.01f);
}

TEST(Camera, stays_at_the_end_of_its_move_past_the_end_of_the_shot) {
  const CameraPath path = still(CameraMoveKind::kPan, 10);
  EXPECT_EQ(camera_at(path, kSeconds + 1, kSeconds).forward,
            camera_at(path, kSeconds, kSeconds).forward);
  EXPECT_EQ(camera_at(path, -1, kSeconds).forward, camera_at(path, 0, kSeconds).forward);
}

TEST(Camera, follows_the_directors_path_and_adds_steady_travel) {
  CameraPath path = still();
  path.position_to = {0, 1, -5};
  path.target_to = {0, 1, 2};
  path.velocity = {2, 0, 0};
  path.tan_half_fov_to = 0.3f;
  const Camera camera = camera_at(path, kSeconds / 2, kSeconds);
  expect_near(camera.position, {5, 1, -6});
  expect_near(camera.forward, {0, 0, 1});
  EXPECT_NEAR(camera.tan_half_fov, 0.4f, 1e-6f);
}

TEST(Camera, a_hand_held_camera_wanders_about_its_place_by_the_given_metres) {
  CameraPath path = still();
  path.shake = 0.05f;
  float farthest = 0;
  for (int frame = 0; frame < 240; ++frame) {
    const Camera camera = camera_at(path, static_cast<float>(frame) / 24, 10);
    farthest = std::max(farthest, length(camera.position - Point{0, 1, -7}));
  }
  EXPECT_GT(farthest, 0.03f);
  EXPECT_LT(farthest, 0.09f);
}

TEST(Camera, keeps_its_three_vectors_orthonormal_whatever_the_move) {
  for (int kind = 0; kind <= static_cast<int>(CameraMoveKind::kLeftTurnForward); ++kind) {
    for (const float value : {-10.0f, -3.0f, 10.0f}) {
      CameraPath path = still(static_cast<CameraMoveKind>(kind), value);
      path.position_from = {3, 6, -4};
      const Camera c = camera_at(path, 3, kSeconds);
      EXPECT_NEAR(length(c.forward), 1, 1e-5f);
      EXPECT_NEAR(length(c.right), 1, 1e-5f);
      EXPECT_NEAR(length(c.up), 1, 1e-5f);
      EXPECT_NEAR(dot(c.forward, c.right), 0, 1e-5f);
      EXPECT_NEAR(dot(c.forward, c.up), 0, 1e-5f);
      expect_near(cross(c.up, c.forward), c.right, 1e-5f);
    }
  }
}

TEST(Camera, survives_a_target_at_its_own_place_and_a_view_straight_down) {
  CameraPath path = still();
  path.target_from = path.target_to = path.position_from;
  EXPECT_EQ(camera_at(path, 0, kSeconds).forward, (Point{0, 0, 1}));
  path.target_from = path.target_to = {0, 0, -7};
  const Camera down = camera_at(path, 0, kSeconds);
  EXPECT_EQ(down.forward, (Point{0, -1, 0}));
  EXPECT_EQ(down.right, (Point{1, 0, 0}));
}

}  // namespace
}  // namespace rushes::previz
