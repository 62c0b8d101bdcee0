// Shot: a SceneIR after the director: who stands where, what the light is, how the camera moves.
// It is all the renderer knows. Plain data; stage/ makes it, render/ and sound/ read it.
//
// World: left-handed, metres, x right, y up, z into the picture. Every biome is a *set*: around the
// origin lies a stage of 12 m radius whose ground stays within 0.3 m of y = 0 and which is free of
// trees and rocks in front of the subject; the landscape opens towards +z. Actors are given at
// ground level (y above ground); the renderer adds the height of its ground.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "previz/math/vector.h"
#include "previz/scene/scene.h"

namespace rushes::previz {

struct Environment {
  Biome biome = Biome::kField;
  std::string biome_variant;
  TimeOfDay time = TimeOfDay::kDay;
  Weather weather = Weather::kClear;
  Season season = Season::kSummer;
  Grade grade = Grade::kFilm;
  std::string mood;
  float cloud_amount = 0.35f;
  float fog_amount = 0;
  Point to_sun{0.4f, 0.6f, -0.5f};  // unit; of the moon at night
  float wind = 1;                   // 0 still .. 3 storm: clouds, grass, waves
  std::vector<std::string>
      excluded;  // set dressing the biome must leave out ("tree", "snow", "palm")
};

// The renderer shows the first ones; the director casts no more.
inline constexpr size_t kActorsMax = 24;

// One thing on the set. Position at t seconds of the shot: start + velocity * t, plus what its
// action adds (a hop, a bob) in the renderer.
struct Actor {
  Form form;
  std::string concept_name;
  Action action = Action::kIdle;
  Point start;         // y above ground; feet or lowest point
  Point velocity;      // metres a second
  float heading = 0;   // radians about y; 0 faces +x (to the right of the picture), pi/2 faces +z
  float height_m = 1;  // full height of the box, feet to top
  float length_m = 1;  // along the heading
  float width_m = 0.5f;
  float recline = 0;  // 0 upright .. 1 lying on its back (cards on a lounger)
  float phase = 0;    // 0..1, so that a herd does not walk in step
  uint32_t seed = 0;  // hash(task seed, concept): its look, the same in every shot
  std::vector<Colour> colours;
  std::vector<Accessory> accessories;
  bool is_main = false;
};

// The camera_control of the API: one axis in [-10, 10] of a simple move, or a named move.
enum class CameraMoveKind {
  kNone,
  kHorizontal,
  kVertical,
  kPan,
  kTilt,
  kRoll,
  kZoom,
  kDownBack,
  kForwardUp,
  kRightTurnForward,
  kLeftTurnForward,
};
struct CameraMove {
  CameraMoveKind kind = CameraMoveKind::kNone;
  float value = 0;
};

// The director's own path (from -> to, eased, plus a steady velocity for tracking), on top of
// which the requested move is applied unchanged.
struct CameraPath {
  Point position_from, position_to;
  Point target_from, target_to;
  Point velocity;                   // metres a second, added to position and target
  float tan_half_fov_from = 0.48f;  // of the vertical field of view
  float tan_half_fov_to = 0.48f;
  float shake = 0;  // handheld: metres of wander
  CameraMove move;
  float subject_distance = 7;  // scales horizontal and vertical moves
};

// Left-handed pinhole; forward, right and up are orthonormal.
struct Camera {
  Point position, forward, right, up;
  float tan_half_fov = 0.48f;
};

// The camera at `seconds` of a shot that lasts `duration_seconds`. Pure; no libm.
Camera camera_at(const CameraPath& path, float seconds, float duration_seconds);

struct Shot {
  Environment environment;
  std::vector<Actor> actors;
  CameraPath camera;
  int first_frame = 0;  // within the clip
  int frame_count = 0;
  int fps = 24;
  float speed = 1;          // time scale of everything that moves by itself
  uint32_t seed = 0;        // hash(task seed, index): of blocking and sound
  uint32_t place_seed = 0;  // of land and sky: the same in every shot of a task

  float duration_seconds() const {
    return static_cast<float>(frame_count) / static_cast<float>(fps);
  }
};

}  // namespace rushes::previz
