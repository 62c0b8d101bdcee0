// Language: prompts to scenes. Pure functions of their text; any UTF-8 (and anything else) is legal
// input, at most kPromptCodePointsMax code points of it are read, within a few milliseconds.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "previz/scene/scene.h"

namespace rushes::previz {

inline constexpr size_t kPromptCodePointsMax = 2500;

// The scene of one shot. `negative_prompt` may be empty.
SceneIR parse_prompt(std::string_view prompt, std::string_view negative_prompt);

struct StoryShot {
  SceneIR scene;
  int duration_s = 0;
  bool operator==(const StoryShot&) const = default;
};

inline constexpr int kStoryShotsMax = 6;

// The prompt as a storyboard of at most kStoryShotsMax shots whose durations sum to `duration_s`
// (at least 1): cut at sentences, "then", "finally", "cut to", and at commas where a clause of its
// own follows; a single clause becomes the same scene wide, medium and close. What a later shot
// does not name (place, time, light, subject) it inherits.
std::vector<StoryShot> split_story(std::string_view prompt, std::string_view negative_prompt,
                                   int duration_s);

// A line of SceneIR::dialogue: `<<<voice_2>>>Hello` is "Hello" in voice 2; 0 where none was named.
struct SpokenLine {
  int voice = 0;
  std::string text;
  bool operator==(const SpokenLine&) const = default;
};
SpokenLine read_spoken_line(std::string_view line);

}  // namespace rushes::previz
