// Framing: where the camera stands, what lens it has and how it moves, so that the subjects are
// whole, of the size that was asked for, and stay in the picture.
#pragma once

#include <vector>

#include "previz/scene/scene.h"
#include "previz/scene/shot.h"

namespace rushes::previz {

struct FramingOptions {
  float aspect = 16.0f / 9;    // width by height
  float duration_seconds = 5;  // of the film
  float speed = 1;             // Shot::speed: actors live by this clock
  ShotSize shot = ShotSize::kFull;
  Angle angle = Angle::kEye;
  Move move = Move::kAuto;
  CameraMove request;  // applied unchanged on top of a calm camera; kNone: `move` counts
  float side = 1;      // +1: the main subject looks to the right
  Biome biome = Biome::kField;
};

// Inside of this share of the frame's width and height the subjects stay.
inline constexpr float kSafeShare = 0.9f;
// Whatever move was requested, the subjects are whole until then, and that share of their box on
// the screen stays in the frame until the end, if any start allows it: the shot starts wider or
// aims ahead, the move is never made smaller.
inline constexpr float kRequestProgress = 0.6f;
inline constexpr float kEndShare = 0.8f;

// `actors` holds at least one with is_main.
CameraPath frame_subjects(const std::vector<Actor>& actors, const FramingOptions& options);

// For shots without a subject, from the biome's own vantage point.
CameraPath frame_landscape(const Environment& environment, const FramingOptions& options);

// What must be seen at a moment of the film (progress 0..1): corners of the boxes of the main
// subjects, or of their upper half or head in closer shots. Others count while they move along with
// the main one, and at the middle of the shot.
std::vector<Point> focus_points(const std::vector<Actor>& actors, const FramingOptions& options,
                                float progress);

// True if the camera goes along with the main subject.
bool follows_subject(const Actor& main, const FramingOptions& options);

// True if every point lies inside that share of the frame.
bool is_in_frame(const Camera& camera, float aspect, const std::vector<Point>& points, float share);

// The share of the points' upright rectangle on the screen that lies in the frame; 0 if some point
// is behind the camera.
float share_in_frame(const Camera& camera, float aspect, const std::vector<Point>& points);

}  // namespace rushes::previz
