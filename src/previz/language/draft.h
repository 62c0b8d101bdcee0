// Draft: what the words of one shot said so far, with what was named and what was not, so that a
// later shot can inherit the rest.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "previz/language/exclusion.h"
#include "previz/language/nouns.h"
#include "previz/scene/scene.h"

namespace rushes::previz {

struct DraftSubject {
  ResolvedNoun noun;
  Subject subject;
  int action_weight = 0;     // 0: no verb yet
  bool is_object = false;    // named by a preposition or as the object of a verb
  bool is_mentioned = true;  // false: carried over from the shot before, not spoken of yet
};

struct DraftPlace {
  Setting setting;
  std::string text;
};

struct Draft {
  std::vector<DraftSubject> subjects;
  std::vector<DraftPlace> places;  // every place, in order
  std::optional<TimeOfDay> time;
  std::optional<Weather> weather;
  std::optional<Season> season;
  std::optional<Grade> grade;
  std::string mood;
  std::string condition_variant;  // "snow", "autumn": adopted by biomes that have it
  std::optional<float> clouds, fog, speed;
  std::optional<ShotSize> shot;
  std::optional<Angle> angle;
  std::optional<Move> move;
  std::vector<Exclusion> excluded;
  std::vector<std::string> unused;

  void apply(const Setting& setting, std::string_view text);
  void report_unused(std::string_view word);
  void exclude(Exclusion exclusion);
};

// The scene of a draft: places weighed, people posed, exclusions applied, main subject first.
SceneIR finish(Draft draft);

}  // namespace rushes::previz
