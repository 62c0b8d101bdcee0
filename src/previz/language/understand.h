// One shot's text to a scene, and the draft behind it for the shots that follow.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "previz/language/draft.h"

namespace rushes::previz {

struct Understanding {
  Draft draft;
  SceneIR scene;
};

// At most kPromptCodePointsMax code points of `text`; bytes that are not UTF-8 become spaces.
std::string bounded_prompt(std::string_view text);

// `before` is the shot before this one: its subjects can be spoken of, its place, time and light
// hold where this one names none.
Understanding understand(std::string_view prompt, std::string_view negative_prompt,
                         const Draft* before = nullptr);

}  // namespace rushes::previz
