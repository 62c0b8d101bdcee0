// Shot sizes and angles as numbers: what the camera operator aims for.
#pragma once

#include <vector>

#include "previz/scene/shot.h"
#include "previz/stage/framing.h"

namespace rushes::previz {

// Largest share of the frame that the focus may fill.
struct Window {
  float width_share = 0.6f, height_share = 0.76f;
};

struct IdealShot {
  Window window;
  float lens = 0.42f;            // tan of half the vertical field of view
  float nearest_by_size = 0.9f;  // metres of distance per metre of the focus
  float azimuth = 0;             // radians about y of the view; 0 looks along z
  float pitch_down = 0;          // radians
  float x = 0, y = 0;            // of the focus's centre in the frame, -1..1
};

IdealShot ideal_shot(const FramingOptions& options, const Actor& main, bool is_group);

// Medium shots and close-ups show a part of the subject.
bool is_close(ShotSize shot);
// The corners of that part: the upper half, or the head.
void append_close_corners(const Actor& actor, ShotSize shot, float seconds,
                          std::vector<Point>& corners);

}  // namespace rushes::previz
