#include "previz/language/draft.h"

#include <algorithm>

#include "base/utf8.h"

namespace rushes::previz {
namespace {

constexpr size_t kWordsReportedMax = 64;
constexpr size_t kPlacesMax = 64;
constexpr size_t kWordCodePointsMax = 60;

// A word that is too long to be read is cut.
std::string shortened(std::string_view word) {
  const std::string_view start = truncate_code_points(word, kWordCodePointsMax);
  return start.size() == word.size() ? std::string(word) : std::string(start) += "…";
}

template <class T>
void set_once(std::optional<T>& target, const std::optional<T>& value) {
  if (!target) target = value;
}

// The place that wins: the highest rank, then the first.
const DraftPlace* main_place(const Draft& draft) {
  const DraftPlace* best = nullptr;
  for (const DraftPlace& place : draft.places) {
    if (place.setting.biome && (!best || place.setting.rank > best->setting.rank)) best = &place;
  }
  return best;
}

std::string variant_of(const Draft& draft, Biome biome) {
  std::string_view best;
  int best_rank = 0;
  for (const DraftPlace& place : draft.places) {
    const Setting& setting = place.setting;
    if (setting.biome != biome || setting.variant.empty() || setting.rank <= best_rank) continue;
    best = setting.variant;
    best_rank = setting.rank;
  }
  const std::string_view condition = draft.condition_variant;
  const bool has_condition = (condition == "autumn" && biome == Biome::kForest) ||
                             (condition == "snow" && biome == Biome::kMountain);
  // A named kind of trees stays what it is in autumn; the season says the rest.
  return std::string(best.empty() && has_condition ? condition : best);
}

void choose_place(SceneIR& scene, const Draft& draft) {
  if (const DraftPlace* place = main_place(draft)) {
    scene.biome = *place->setting.biome;
  } else if (!draft.subjects.empty()) {
    scene.biome = draft.subjects.front().noun.habitat;
  }
  scene.biome_variant = variant_of(draft, scene.biome);
}

void choose_sky(SceneIR& scene, const Draft& draft) {
  scene.time = draft.time.value_or(TimeOfDay::kDay);
  scene.weather = draft.weather.value_or(Weather::kClear);
  scene.season = draft.season.value_or(Season::kSummer);
  scene.cloud_amount = draft.clouds.value_or(scene.cloud_amount);
  scene.fog_amount = draft.fog.value_or(0.0f);
}

// Subjects of an earlier shot that nothing here spoke of; references to them end.
void drop_unmentioned(std::vector<DraftSubject>& drafts) {
  std::vector<int> moved(drafts.size(), -1);
  int kept = 0;
  for (size_t i = 0; i < drafts.size(); ++i) {
    if (drafts[i].is_mentioned) moved[i] = kept++;
  }
  std::erase_if(drafts, [](const DraftSubject& draft) { return !draft.is_mentioned; });
  for (DraftSubject& draft : drafts) {
    int& target = draft.subject.relative_to;
    if (target < 0) continue;
    target = moved[static_cast<size_t>(target)];
    if (target < 0) draft.subject.relation = Relation::kNone;
  }
}

// Main subjects before objects, each group in the order of the text; references follow.
std::vector<Subject> ordered_subjects(std::vector<DraftSubject>& drafts) {
  std::vector<size_t> order;
  for (const bool objects : {false, true}) {
    for (size_t i = 0; i < drafts.size(); ++i) {
      if (drafts[i].is_object == objects) order.push_back(i);
    }
  }
  std::vector<int> position(drafts.size());
  for (size_t i = 0; i < order.size(); ++i) position[order[i]] = static_cast<int>(i);
  std::vector<Subject> subjects;
  for (const size_t index : order) {
    Subject& subject = drafts[index].subject;
    if (subject.relative_to >= 0) {
      subject.relative_to = position[static_cast<size_t>(subject.relative_to)];
    }
    // What lives on the sea floats there.
    if (subject.action == Action::kFly && drafts[index].noun.habitat == Biome::kSea) {
      subject.action = Action::kSwim;
    }
    if (!drafts[index].noun.person.empty()) {
      subject.form.name = person_card(drafts[index].noun.person, subject.action);
    }
    subjects.push_back(std::move(subject));
  }
  return subjects;
}

void choose_camera(SceneIR& scene, const Draft& draft) {
  scene.angle = draft.angle.value_or(Angle::kEye);
  scene.move = draft.move.value_or(Move::kAuto);
  scene.speed = draft.speed.value_or(1.0f);
  scene.shot = draft.shot.value_or(ShotSize::kFull);
  if (scene.subjects.empty()) {
    scene.shot = ShotSize::kLandscape;
  } else if (scene.shot == ShotSize::kLandscape) {
    scene.shot = ShotSize::kWide;
  }
}

}  // namespace

void Draft::apply(const Setting& setting, std::string_view text) {
  if (setting.biome && places.size() < kPlacesMax) places.push_back({setting, std::string(text)});
  if (setting.elsewhere) report_unused(text);
  set_once(time, setting.time);
  set_once(weather, setting.weather);
  set_once(season, setting.season);
  if (setting.grade && (!grade || *grade == Grade::kFilm)) grade = setting.grade;
  if (mood.empty()) mood = setting.mood;
  if (!setting.biome && !setting.variant.empty()) condition_variant = setting.variant;
  if (setting.clouds) clouds = clouds ? std::max(*clouds, *setting.clouds) : *setting.clouds;
  if (setting.fog) fog = fog ? std::max(*fog, *setting.fog) : *setting.fog;
  set_once(speed, setting.speed);
  set_once(shot, setting.shot);
  set_once(angle, setting.angle);
  set_once(move, setting.move);
}

void Draft::report_unused(std::string_view word) {
  if (word.empty() || unused.size() >= kWordsReportedMax) return;
  std::string reported = shortened(word);
  if (std::ranges::find(unused, reported) == unused.end()) unused.push_back(std::move(reported));
}

void Draft::exclude(Exclusion exclusion) {
  if (excluded.size() >= kWordsReportedMax) return;
  exclusion.text = shortened(exclusion.text);
  if (std::ranges::find(excluded, exclusion.lemma, &Exclusion::lemma) == excluded.end()) {
    excluded.push_back(std::move(exclusion));
  }
}

SceneIR finish(Draft draft) {
  drop_unmentioned(draft.subjects);
  SceneIR scene;
  choose_sky(scene, draft);
  scene.grade = draft.grade.value_or(Grade::kFilm);
  scene.mood = draft.mood;
  const auto first_own =
      std::ranges::find_if(draft.subjects, [](const DraftSubject& s) { return !s.is_object; });
  Draft by_main = draft;
  if (first_own != draft.subjects.end()) by_main.subjects = {*first_own};
  choose_place(scene, by_main);
  scene.subjects = ordered_subjects(draft.subjects);
  scene.unused = std::move(draft.unused);
  apply_exclusions(draft.excluded, main_place(draft) ? PlaceOrigin::kNamed : PlaceOrigin::kHabitat,
                   scene);
  choose_camera(scene, draft);
  return scene;
}

}  // namespace rushes::previz
