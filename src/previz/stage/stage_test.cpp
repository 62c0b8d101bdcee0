#include "previz/stage/stage.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>

#include "previz/scene/species.h"
#include "previz/stage/blocking.h"
#include "previz/stage/framing.h"

namespace rushes::previz {
namespace {

constexpr const char* kRigs[] = {"raccoon", "cat",  "dog",      "fox",  "horse", "deer",
                                 "bear",    "wolf", "elephant", "lion", "rabbit"};
struct Size {
  int width, height;
};
constexpr Size kSizes[] = {{1280, 720}, {720, 1280}, {960, 960}};
constexpr CameraMove kRequests[] = {
    {CameraMoveKind::kHorizontal, 10},   {CameraMoveKind::kHorizontal, -10},
    {CameraMoveKind::kVertical, 10},     {CameraMoveKind::kVertical, -10},
    {CameraMoveKind::kPan, 10},          {CameraMoveKind::kPan, -10},
    {CameraMoveKind::kTilt, 10},         {CameraMoveKind::kTilt, -10},
    {CameraMoveKind::kRoll, 10},         {CameraMoveKind::kRoll, -10},
    {CameraMoveKind::kZoom, 10},         {CameraMoveKind::kZoom, -10},
    {CameraMoveKind::kDownBack},         {CameraMoveKind::kForwardUp},
    {CameraMoveKind::kRightTurnForward}, {CameraMoveKind::kLeftTurnForward}};

SceneIR with(const char* rig, Action action = Action::kIdle) {
  SceneIR scene;
  scene.biome = Biome::kForest;
  scene.subjects = {{.concept_name = rig, .form = {FormKind::kRig, rig}, .action = action}};
  return scene;
}

StageOptions sized(Size size, uint64_t seed = 7) {
  return {.width = size.width, .height = size.height, .task_seed = seed};
}

float aspect_of(Size size) {
  return static_cast<float>(size.width) / static_cast<float>(size.height);
}

FramingOptions framing_of(const SceneIR& scene, const Shot& shot, Size size) {
  return {.aspect = aspect_of(size),
          .duration_seconds = shot.duration_seconds(),
          .speed = shot.speed,
          .shot = scene.shot};
}

// The part of the clip, from its start, through which everything that matters is in the frame.
float seen_until(const SceneIR& scene, const Shot& shot, Size size, float share) {
  const FramingOptions options = framing_of(scene, shot, size);
  for (int step = 0; step <= 10; ++step) {
    const float progress = static_cast<float>(step) / 10;
    const Camera camera =
        camera_at(shot.camera, progress * shot.duration_seconds(), shot.duration_seconds());
    const auto points = focus_points(shot.actors, options, progress);
    if (!is_in_frame(camera, options.aspect, points, share)) return progress - 0.1f;
  }
  return 1;
}

std::string describe(const SceneIR& scene, Size size) {
  std::string text = std::to_string(size.width) + "x" + std::to_string(size.height);
  text += " shot " + std::string(to_string(scene.shot)) + " angle " +
          std::string(to_string(scene.angle)) + " move " + std::string(to_string(scene.move));
  for (const Subject& subject : scene.subjects) {
    text += " " + std::to_string(subject.count) + " " + subject.form.name + " " +
            std::string(to_string(subject.action));
  }
  return text;
}

// The main subject's box on the screen, at the middle of the shot: shares of the frame.
struct Extent {
  float width, height, x, y;
};
Extent extent(const Shot& shot, Size size) {
  const float middle = shot.duration_seconds() / 2;
  const Camera camera = camera_at(shot.camera, middle, shot.duration_seconds());
  std::vector<Point> corners;
  append_corners(shot.actors.front(), middle * shot.speed, corners);
  float x0 = 1e9f, x1 = -1e9f, y0 = 1e9f, y1 = -1e9f;
  for (const Point& corner : corners) {
    const Point d = corner - camera.position;
    const float scale = 1.0f / (dot(d, camera.forward) * camera.tan_half_fov);
    const float x = dot(d, camera.right) * scale / aspect_of(size), y = dot(d, camera.up) * scale;
    x0 = std::min(x0, x), x1 = std::max(x1, x), y0 = std::min(y0, y), y1 = std::max(y1, y);
  }
  return {(x1 - x0) / 2, (y1 - y0) / 2, (x0 + x1) / 2, (y0 + y1) / 2};
}

TEST(Stage, every_animal_is_whole_and_in_the_frame_in_every_format_shot_size_angle_and_action) {
  for (const char* rig : kRigs) {
    for (const Size size : kSizes) {
      for (const Action action : {Action::kIdle, Action::kWalk, Action::kRun, Action::kJump,
                                  Action::kApproach, Action::kSit, Action::kLie}) {
        for (const ShotSize shot_size : {ShotSize::kFull, ShotSize::kWide, ShotSize::kExtremeWide,
                                         ShotSize::kMedium, ShotSize::kCloseUp}) {
          for (const Angle angle :
               {Angle::kEye, Angle::kLow, Angle::kHigh, Angle::kAerial, Angle::kOverShoulder}) {
            SceneIR scene = with(rig, action);
            scene.shot = shot_size;
            scene.angle = angle;
            const Shot shot = stage_shot(scene, sized(size));
            EXPECT_EQ(seen_until(scene, shot, size, kSafeShare), 1) << describe(scene, size);
          }
        }
      }
    }
  }
}

TEST(Stage, the_subject_stays_in_the_frame_through_every_camera_word) {
  for (const char* rig : {"raccoon", "horse", "elephant"}) {
    for (const Size size : kSizes) {
      for (const Action action : {Action::kIdle, Action::kRun}) {
        for (int move = 0; move <= static_cast<int>(Move::kFlyOver); ++move) {
          SceneIR scene = with(rig, action);
          scene.move = static_cast<Move>(move);
          const Shot shot = stage_shot(scene, sized(size));
          EXPECT_EQ(seen_until(scene, shot, size, kSafeShare), 1) << describe(scene, size);
        }
      }
    }
  }
}

TEST(Stage, the_subject_stays_for_three_fifths_of_every_requested_move_which_is_applied_unchanged) {
  for (const char* rig : kRigs) {
    for (const Size size : kSizes) {
      for (const Action action : {Action::kIdle, Action::kRun}) {
        for (const CameraMove& request : kRequests) {
          const SceneIR scene = with(rig, action);
          StageOptions options = sized(size);
          options.move = request;
          const Shot shot = stage_shot(scene, options);
          EXPECT_EQ(shot.camera.move.kind, request.kind);
          EXPECT_EQ(shot.camera.move.value, request.value);
          EXPECT_GE(seen_until(scene, shot, size, 1) + 1e-4f, 0.6f)
              << describe(scene, size) << " request " << static_cast<int>(request.kind) << " "
              << request.value;
        }
      }
    }
  }
}

TEST(Stage, four_fifths_of_the_subject_stay_to_the_end_of_every_requested_move) {
  for (const char* rig : kRigs) {
    for (const Size size : kSizes) {
      for (const Action action : {Action::kIdle, Action::kRun, Action::kSit, Action::kApproach}) {
        for (const CameraMove& request : kRequests) {
          const SceneIR scene = with(rig, action);
          StageOptions options = sized(size);
          options.move = request;
          const Shot shot = stage_shot(scene, options);
          for (int step = 0; step <= 20; ++step) {
            const float seconds = shot.duration_seconds() * static_cast<float>(step) / 20;
            const Camera camera = camera_at(shot.camera, seconds, shot.duration_seconds());
            std::vector<Point> corners;
            append_corners(shot.actors.front(), seconds * shot.speed, corners);
            EXPECT_GE(share_in_frame(camera, aspect_of(size), corners), kEndShare)
                << describe(scene, size) << " request " << static_cast<int>(request.kind) << " "
                << request.value << " step " << step;
          }
        }
      }
    }
  }
}

TEST(Stage, four_fifths_of_what_a_closer_shot_shows_stay_to_the_end_of_every_requested_move) {
  for (const char* rig : {"raccoon", "horse", "elephant"}) {
    for (const Size size : kSizes) {
      for (const ShotSize shot_size : {ShotSize::kWide, ShotSize::kMedium, ShotSize::kCloseUp}) {
        for (const CameraMove& request : kRequests) {
          SceneIR scene = with(rig, Action::kWalk);
          scene.shot = shot_size;
          StageOptions options = sized(size);
          options.move = request;
          const Shot shot = stage_shot(scene, options);
          const FramingOptions framing = framing_of(scene, shot, size);
          for (int step = 0; step <= 20; ++step) {
            const float progress = static_cast<float>(step) / 20;
            const Camera camera =
                camera_at(shot.camera, progress * shot.duration_seconds(), shot.duration_seconds());
            EXPECT_GE(share_in_frame(camera, framing.aspect,
                                     focus_points(shot.actors, framing, progress)),
                      kEndShare)
                << describe(scene, size) << " request " << static_cast<int>(request.kind) << " "
                << request.value << " step " << step;
          }
        }
      }
    }
  }
}

TEST(Stage, the_camera_never_goes_through_the_ground) {
  for (const char* rig : {"rabbit", "horse"}) {
    for (const Size size : kSizes) {
      for (const CameraMove& request : kRequests) {
        StageOptions options = sized(size);
        options.move = request;
        const Shot shot = stage_shot(with(rig, Action::kRun), options);
        for (int step = 0; step <= 20; ++step) {
          const float seconds = shot.duration_seconds() * static_cast<float>(step) / 20;
          EXPECT_GT(camera_at(shot.camera, seconds, shot.duration_seconds()).position.y, 0.2f);
        }
      }
    }
  }
}

TEST(Stage, groups_stand_apart_and_are_in_the_frame) {
  for (const Size size : kSizes) {
    for (int count = 2; count <= 12; ++count) {
      for (uint64_t seed = 0; seed < 6; ++seed) {
        SceneIR scene = with("horse", Action::kGallop);
        scene.subjects[0].count = count;
        const Shot shot = stage_shot(scene, sized(size, seed));
        ASSERT_EQ(shot.actors.size(), static_cast<size_t>(count));
        EXPECT_EQ(seen_until(scene, shot, size, kSafeShare), 1)
            << describe(scene, size) << " seed " << seed;
        for (size_t i = 0; i < shot.actors.size(); ++i) {
          for (size_t j = 0; j < i; ++j) {
            const Point d = shot.actors[i].start - shot.actors[j].start;
            EXPECT_GT(std::hypot(d.x, d.z), 1.5f) << "two horses in one place";
          }
        }
      }
    }
  }
}

SceneIR crowd(std::initializer_list<int> counts, int things) {
  SceneIR scene;
  for (const int count : counts) {
    const std::string name = "animal " + std::to_string(scene.subjects.size());
    scene.subjects.push_back(
        {.concept_name = name, .form = {FormKind::kRig, "fox"}, .count = count});
  }
  for (int i = 0; i < things; ++i) {
    const Form form{FormKind::kCard, "umbrella"};
    scene.subjects.back().accessories.push_back({"thing " + std::to_string(i), form, {}});
  }
  return scene;
}

TEST(Stage, a_set_that_is_full_has_every_subject_then_its_things_then_as_many_companions_as_fit) {
  const struct {
    SceneIR scene;
    std::vector<int> groups;
    int things;
  } cases[] = {
      {crowd({12, 12}, 0), {12, 12}, 0},         {crowd({12, 12}, 1), {12, 11}, 1},
      {crowd({12, 12, 12}, 0), {8, 8, 8}, 0},    {crowd({12, 3, 12}, 2), {10, 3, 9}, 2},
      {crowd({12, 12}, 22), {1, 1}, 22},         {crowd({12, 12}, 23), {1, 1}, 22},
      {crowd({1, 1, 1, 1}, 6), {1, 1, 1, 1}, 6},
  };
  for (const auto& each : cases) {
    const Shot shot = stage_shot(each.scene, sized(kSizes[0]));
    EXPECT_LE(shot.actors.size(), kActorsMax);
    std::vector<int> groups(each.groups.size());
    int things = 0;
    for (const Actor& actor : shot.actors) {
      const bool is_thing = actor.concept_name.starts_with("thing");
      ++(is_thing ? things : groups[static_cast<size_t>(actor.concept_name.back() - '0')]);
    }
    EXPECT_EQ(groups, each.groups);
    EXPECT_EQ(things, each.things);
  }
}

TEST(Stage, shot_sizes_fill_the_frame_as_they_are_meant_to) {
  struct {
    ShotSize shot;
    float low, high;
  } cases[] = {{ShotSize::kExtremeWide, 0.08f, 0.2f},
               {ShotSize::kWide, 0.25f, 0.45f},
               {ShotSize::kFull, 0.55f, 0.85f}};
  for (const auto& each : cases) {
    SceneIR scene = with("horse");
    scene.shot = each.shot;
    const Extent seen = extent(stage_shot(scene, sized({1280, 720})), {1280, 720});
    EXPECT_GE(seen.height, each.low) << to_string(each.shot);
    EXPECT_LE(seen.height, each.high) << to_string(each.shot);
  }
}

TEST(Stage, a_runner_has_more_room_ahead_than_behind) {
  for (const Size size : kSizes) {
    for (uint64_t seed = 0; seed < 8; ++seed) {
      const Shot shot = stage_shot(with("raccoon", Action::kRun), sized(size, seed));
      const float direction = shot.actors[0].velocity.x > 0 ? 1.0f : -1.0f;
      EXPECT_LT(extent(shot, size).x * direction, -0.01f);
    }
  }
}

TEST(Stage, a_runner_is_tracked_at_its_own_speed_also_in_slow_motion) {
  SceneIR scene = with("raccoon", Action::kRun);
  scene.speed = 0.4f;
  const Shot shot = stage_shot(scene, sized({1280, 720}));
  EXPECT_FLOAT_EQ(shot.camera.velocity.x, shot.actors[0].velocity.x * 0.4f);
  EXPECT_NE(shot.camera.velocity.x, 0);
}

TEST(Stage, somebody_who_approaches_comes_towards_the_camera_and_grows) {
  const Size size{1280, 720};
  const Shot shot = stage_shot(with("bear", Action::kApproach), sized(size));
  EXPECT_LT(shot.actors[0].velocity.z, 0);
  EXPECT_NEAR(shot.actors[0].heading, -1.57f, 0.2f);
}

TEST(Stage, the_sun_stands_on_the_side_the_subject_looks_to) {
  for (uint64_t seed = 0; seed < 8; ++seed) {
    for (const TimeOfDay time : {TimeOfDay::kDay, TimeOfDay::kDawn, TimeOfDay::kSunset,
                                 TimeOfDay::kDusk, TimeOfDay::kNight}) {
      SceneIR scene = with("fox");
      scene.time = time;
      const Shot shot = stage_shot(scene, sized({1280, 720}, seed));
      EXPECT_GT(shot.environment.to_sun.x * std::cos(shot.actors[0].heading), 0);
      EXPECT_NEAR(length(shot.environment.to_sun), 1, 1e-5f);
      EXPECT_GT(shot.environment.to_sun.y, 0.03f);
    }
  }
}

SceneIR rex_on_a_lounger() {
  SceneIR scene;
  scene.biome = Biome::kBeach;
  scene.subjects = {{.concept_name = "t-rex",
                     .form = {FormKind::kCard, "t-rex"},
                     .accessories = {{"sunglasses", {FormKind::kCard, "sunglasses"}, {}}},
                     .action = Action::kLie,
                     .relation = Relation::kOn,
                     .relative_to = 1},
                    {.concept_name = "sun lounger", .form = {FormKind::kProp, "sun_lounger"}}};
  return scene;
}

TEST(Stage, one_who_lies_on_a_lounger_leans_back_on_it_and_it_is_long_enough) {
  const SceneIR scene = rex_on_a_lounger();
  for (const Size size : kSizes) {
    const Shot shot = stage_shot(scene, sized(size));
    const Actor& rex = shot.actors[0];
    const Actor& lounger = shot.actors[1];
    EXPECT_GT(rex.recline, 0.5f);
    EXPECT_EQ(rex.heading, lounger.heading);
    EXPECT_EQ(rex.start.x, lounger.start.x);
    EXPECT_EQ(rex.start.z, lounger.start.z);
    EXPECT_GT(rex.start.y, lounger.start.y);
    EXPECT_LT(rex.start.y, lounger.start.y + lounger.height_m);
    EXPECT_GE(lounger.length_m, rex.height_m);
    ASSERT_EQ(rex.accessories.size(), 1u);
    EXPECT_EQ(seen_until(scene, shot, size, kSafeShare), 1);
  }
}

TEST(Stage, relations_place_the_second_subject_as_the_word_says) {
  struct {
    Relation relation;
    void (*check)(Point from_main);
  } cases[] = {
      {Relation::kBehind, [](Point d) { EXPECT_GT(d.z, 0.5f); }},
      {Relation::kInFrontOf, [](Point d) { EXPECT_LT(d.z, -0.5f); }},
      {Relation::kOver, [](Point d) { EXPECT_GT(d.y, 1.4f); }},
      {Relation::kOn, [](Point d) { EXPECT_NEAR(d.y, 1.35f, 0.01f); }},
      {Relation::kBeside, [](Point d) { EXPECT_GT(std::fabs(d.x), 1); }},
  };
  for (const auto& each : cases) {
    SceneIR scene = with("bear");
    scene.subjects.push_back({.concept_name = "cat",
                              .form = {FormKind::kRig, "cat"},
                              .relation = each.relation,
                              .relative_to = 0});
    for (const Size size : kSizes) {
      const Shot shot = stage_shot(scene, sized(size));
      SCOPED_TRACE(to_string(each.relation));
      each.check(shot.actors[1].start - shot.actors[0].start);
      EXPECT_EQ(seen_until(scene, shot, size, kSafeShare), 1);
    }
  }
}

TEST(Stage, a_rider_and_its_mount_move_as_one) {
  SceneIR scene = with("cat", Action::kRide);
  scene.subjects[0].relative_to = 1;
  scene.subjects[0].relation = Relation::kOn;
  scene.subjects.push_back({.concept_name = "horse", .form = {FormKind::kRig, "horse"}});
  const Shot shot = stage_shot(scene, sized({1280, 720}));
  EXPECT_EQ(shot.actors[0].velocity, shot.actors[1].velocity);
  EXPECT_NE(shot.actors[0].velocity, Point{});
  EXPECT_GT(shot.actors[0].start.y, 1);
}

TEST(Stage, relations_that_point_nowhere_are_survived) {
  for (const int other : {-5, 0, 3, 99}) {
    SceneIR scene = with("dog");
    scene.subjects[0].relative_to = other;
    scene.subjects[0].relation = Relation::kBeside;
    EXPECT_EQ(stage_shot(scene, sized({1280, 720})).actors.size(), 1u);
  }
}

TEST(Stage, a_scene_without_subjects_is_a_landscape_that_drifts) {
  SceneIR scene;
  scene.biome = Biome::kMountain;
  scene.shot = ShotSize::kLandscape;
  const Shot shot = stage_shot(scene, sized({1280, 720}));
  EXPECT_TRUE(shot.actors.empty());
  EXPECT_NE(shot.camera.velocity, Point{});
}

TEST(Stage, a_landscape_with_a_requested_move_is_calm_but_for_the_move) {
  SceneIR scene;
  for (const CameraMove& request : kRequests) {
    StageOptions options = sized({1280, 720});
    options.move = request;
    const Shot shot = stage_shot(scene, options);
    EXPECT_EQ(shot.camera.velocity, Point{});
    EXPECT_EQ(shot.camera.position_from, shot.camera.position_to);
    EXPECT_EQ(shot.camera.move.kind, request.kind);
    EXPECT_GT(camera_at(shot.camera, 5, 5).position.y, 0.3f);
  }
}

TEST(Stage, point_of_view_takes_the_main_subject_out_of_the_picture) {
  SceneIR scene = with("dog", Action::kRun);
  scene.angle = Angle::kPov;
  const Shot shot = stage_shot(scene, sized({1280, 720}));
  EXPECT_TRUE(shot.actors.empty());
  EXPECT_NE(shot.camera.velocity.x, 0);
}

TEST(Stage, concepts_and_the_place_keep_their_look_in_every_shot_and_change_with_the_task) {
  StageOptions options = sized({1280, 720}, 99);
  const Shot first = stage_shot(with("fox"), options);
  options.shot_index = 3;
  const Shot later = stage_shot(with("fox", Action::kRun), options);
  EXPECT_EQ(first.actors[0].seed, later.actors[0].seed);
  EXPECT_EQ(first.place_seed, later.place_seed);
  EXPECT_NE(first.seed, later.seed);
  const Shot of_another_task = stage_shot(with("fox"), sized({1280, 720}, 98));
  EXPECT_NE(of_another_task.actors[0].seed, first.actors[0].seed);
  EXPECT_NE(of_another_task.place_seed, first.place_seed);
  EXPECT_NE(concept_seed(1, "fox"), concept_seed(1, "dog"));
}

TEST(Stage, is_the_same_for_the_same_input) {
  SceneIR scene = with("deer", Action::kWalk);
  scene.subjects[0].count = 9;
  const Shot a = stage_shot(scene, sized({720, 1280})), b = stage_shot(scene, sized({720, 1280}));
  EXPECT_EQ(a.camera.position_from, b.camera.position_from);
  for (size_t i = 0; i < a.actors.size(); ++i) EXPECT_EQ(a.actors[i].start, b.actors[i].start);
}

TEST(Stage, a_sun_or_moon_that_is_excluded_stands_behind_the_camera_and_the_hour_stays) {
  for (const TimeOfDay time : {TimeOfDay::kDay, TimeOfDay::kSunset, TimeOfDay::kNight}) {
    SceneIR scene;
    scene.time = time;
    EXPECT_GT(stage_shot(scene, sized({1280, 720})).environment.to_sun.z, 0);
    scene.excluded = {time == TimeOfDay::kNight ? "sun" : "moon"};
    EXPECT_GT(stage_shot(scene, sized({1280, 720})).environment.to_sun.z, 0);
    scene.excluded = {time == TimeOfDay::kNight ? "moon" : "sun"};
    const Shot shot = stage_shot(scene, sized({1280, 720}));
    EXPECT_LT(shot.environment.to_sun.z, 0);
    EXPECT_EQ(shot.environment.time, time);
  }
}

TEST(Stage, without_wind_the_air_is_still) {
  SceneIR scene;
  EXPECT_GT(stage_shot(scene, sized({1280, 720})).environment.wind, 0);
  scene.excluded = {"wind"};
  EXPECT_EQ(stage_shot(scene, sized({1280, 720})).environment.wind, 0);
}

TEST(Stage, weather_raises_clouds_fog_and_wind) {
  SceneIR scene;
  scene.weather = Weather::kStorm;
  const Shot storm = stage_shot(scene, sized({1280, 720}));
  scene.weather = Weather::kClear;
  const Shot clear = stage_shot(scene, sized({1280, 720}));
  EXPECT_GT(storm.environment.cloud_amount, clear.environment.cloud_amount);
  EXPECT_GT(storm.environment.fog_amount, clear.environment.fog_amount);
  EXPECT_GT(storm.environment.wind, clear.environment.wind);
}

}  // namespace
}  // namespace rushes::previz
