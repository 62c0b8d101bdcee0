#include "previz/language/exclusion.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <vector>

#include "previz/data/data.h"
#include "previz/data/word_net.h"
#include "previz/language/morphology.h"

namespace rushes::previz {
namespace {

constexpr size_t kNotesMax = 64;

// As the tables and the dictionary spell it: "t-rex" -> "t rex".
std::string spelled(std::string_view name) {
  std::string text(name);
  std::ranges::replace_if(text, [](char c) { return c == '-' || c == '_'; }, ' ');
  return text;
}

bool is_animal(const Form& form) {
  return form.kind == FormKind::kRig || icon_class(form.name) == IconClass::kAnimal;
}

bool is_person(const Form& form) {
  return form.kind == FormKind::kCard && icon_class(form.name) == IconClass::kPerson;
}

// One sense of a word, or anything above it, has that name.
bool climbs_to(Synset start, std::string_view kind) {
  constexpr int kStepsMax = 12;
  std::optional<Synset> at = start;
  for (int step = 0; at && step < kStepsMax; ++step, at = hypernym(*at)) {
    const auto words = synset_lemmas(*at);
    if (std::ranges::find(words, kind) != words.end()) return true;
  }
  return false;
}

// In the sense that the form shows: a bat that is drawn as an animal is no club.
bool is_kind_of(std::string_view word, std::string_view kind, const Form& form) {
  for (const NounSense& sense : noun_senses(word)) {
    const NounClass noun = noun_class(sense.synset);
    const bool fits = is_animal(form)   ? noun == NounClass::kAnimal
                      : is_person(form) ? noun == NounClass::kPerson
                                        : noun != NounClass::kAnimal && noun != NounClass::kPerson;
    if ((fits || sense.rank == 0) && climbs_to(sense.synset, kind)) return true;
  }
  return false;
}

const Thing* thing_of(const Meaning* meaning) {
  return meaning && meaning->thing ? &*meaning->thing : nullptr;
}

// Words of one line of the tables have one picture. Two kinds of it that the dictionary tells
// apart are two things all the same: without a husky a corgi may stay.
bool are_one_thing(const Exclusion& exclusion, std::string_view word, const Form& form) {
  const Thing* excluded = exclusion.thing;
  const Thing* shown = thing_of(find_phrase(word));
  if (!excluded || !shown || excluded->line != shown->line) return false;
  if (noun_senses(word).empty() || noun_senses(exclusion.lemma).empty()) return true;
  return is_kind_of(word, exclusion.lemma, form) || is_kind_of(exclusion.lemma, word, form);
}

// For a word that the dictionary does not know its neighbours in the tables speak: a T-Rex is what
// a tyrannosaurus is; and "long necked dinosaur" says by itself what it is.
bool is_unlisted_kind(std::string_view word, const std::string& kind, const Form& form) {
  if (!noun_senses(word).empty()) return false;
  if (word.ends_with(" " + kind)) return true;
  const Thing* shown = thing_of(find_phrase(word));
  if (!shown) return false;
  return std::ranges::any_of(phrases_of_line(shown->line),
                             [&](std::string_view other) { return is_kind_of(other, kind, form); });
}

bool is_named_by(const Exclusion& exclusion, const std::string& concept_name, const Form& form) {
  const std::string word = spelled(concept_name);
  const std::string& kind = exclusion.lemma;
  for (const std::string& name : {exclusion.name, kind}) {
    if (name == word || name == spelled(form.name)) return true;
    if (name == "person" || name == "people" || name == "human") return is_person(form);
    if (name == "animal") return is_animal(form);
    if (name == "vehicle" && icon_class(form.name) == IconClass::kTransport) return true;
  }
  return is_kind_of(word, kind, form) || are_one_thing(exclusion, word, form) ||
         is_unlisted_kind(word, kind, form);
}

// The subjects without those for whom `keep` is false; references follow.
template <class Keep>
void filter_subjects(std::vector<Subject>& subjects, Keep keep) {
  std::vector<int> moved(subjects.size(), -1);
  std::vector<Subject> kept;
  for (size_t i = 0; i < subjects.size(); ++i) {
    if (!keep(subjects[i])) continue;
    moved[i] = static_cast<int>(kept.size());
    kept.push_back(std::move(subjects[i]));
  }
  for (Subject& subject : kept) {
    if (subject.relative_to < 0) continue;
    subject.relative_to = moved[static_cast<size_t>(subject.relative_to)];
    if (subject.relative_to < 0) subject.relation = Relation::kNone;
  }
  subjects = std::move(kept);
}

// "oak", "bamboo forest": a kind of tree or place; without it other ones stay.
bool is_kind_of_place(const Setting& setting) {
  return !setting.variant.empty() && setting.biome &&
         (setting.rank >= 2 || setting.biome == Biome::kForest);
}

class Remover {
 public:
  Remover(std::span<const Exclusion> exclusions, PlaceOrigin place, SceneIR& scene)
      : exclusions_(exclusions), place_(place), scene_(scene) {}

  void run() {
    for (const Exclusion& exclusion : exclusions_) {
      add_name(exclusion.name);
      remove_subjects(exclusion);
      if (remove_condition(exclusion.name)) continue;
      remove_light(exclusion);
      if (const Setting* setting = setting_of(exclusion)) remove_setting(exclusion, *setting);
    }
  }

 private:
  static const Setting* setting_of(const Exclusion& exclusion) {
    if (!exclusion.meaning) return nullptr;
    if (exclusion.meaning->setting) return &*exclusion.meaning->setting;
    return exclusion.meaning->adjective ? &*exclusion.meaning->adjective : nullptr;
  }

  void add_name(const std::string& name) {
    auto& names = scene_.excluded;
    if (std::ranges::find(names, name) == names.end()) names.push_back(name);
  }

  void keep(const Exclusion& exclusion, std::string_view reason) {
    std::string note = fmt::format("not removed: {} ({})", exclusion.text, reason);
    auto& notes = scene_.notes;
    if (notes.size() >= kNotesMax || std::ranges::find(notes, note) != notes.end()) return;
    notes.push_back(std::move(note));
  }

  void remove_subjects(const Exclusion& exclusion) {
    filter_subjects(scene_.subjects, [&](const Subject& subject) {
      return !is_named_by(exclusion, subject.concept_name, subject.form);
    });
    for (Subject& subject : scene_.subjects) {
      std::erase_if(subject.accessories, [&](const Accessory& item) {
        return is_named_by(exclusion, item.concept_name, item.form);
      });
    }
  }

  void clear_weather(std::initializer_list<Weather> kinds) {
    if (std::ranges::find(kinds, scene_.weather) != kinds.end()) scene_.weather = Weather::kClear;
  }

  // Weather, season and time of day; true if the name is one of them and nothing is left of it.
  bool remove_condition(const std::string& name) {
    if (name == "cloud") {
      scene_.cloud_amount = 0;
      clear_weather({Weather::kCloudy});
    } else if (name == "rain" || name == "storm") {
      clear_weather({Weather::kRain, Weather::kStorm});
    } else if (name == "snow") {
      clear_weather({Weather::kSnow});
      if (scene_.biome_variant == "snow") scene_.biome_variant.clear();
      if (scene_.season == Season::kWinter) scene_.season = Season::kSummer;
    } else if (name == "fog") {
      scene_.fog_amount = 0;
      clear_weather({Weather::kFog});
    } else if (name == "dark") {
      if (scene_.time == TimeOfDay::kNight || scene_.time == TimeOfDay::kDusk) {
        scene_.time = TimeOfDay::kDay;
      }
    } else if (name == to_string(scene_.time) && scene_.time != TimeOfDay::kDay) {
      scene_.time = TimeOfDay::kDay;
    } else if (name == to_string(scene_.season) && scene_.season != Season::kSummer) {
      scene_.season = Season::kSummer;
      if (scene_.biome_variant == "autumn") scene_.biome_variant.clear();
    } else {
      return false;
    }
    return true;
  }

  void remove_setting(const Exclusion& exclusion, const Setting& setting) {
    if (setting.grade && setting.grade == scene_.grade) scene_.grade = Grade::kFilm;
    if (!setting.mood.empty() && setting.mood == scene_.mood) scene_.mood.clear();
    const bool is_variant = remove_variant(setting);
    if (is_known_by_general_name(setting)) {
      add_name(std::string(setting.name));
      remove_condition(std::string(setting.name));
    }
    if (is_variant) return;
    if (is_place(setting)) return remove_place(exclusion);
    if (is_part_of_place(exclusion)) {
      keep(exclusion, fmt::format("part of the {}", to_string(scene_.biome)));
    }
  }

  // The trees beyond a meadow are of every kind, and fallen leaves lie under all: without one kind
  // there are none. Two are told apart: a beach has palms only, an autumn tree is not every tree.
  bool is_known_by_general_name(const Setting& setting) const {
    if (!is_kind_of_place(setting)) return false;
    if (setting.biome == scene_.biome) return setting.variant == "autumn" && setting.name != "tree";
    return scene_.biome != Biome::kBeach || setting.name != "tree";
  }

  // The moon and the wind are the director's to leave out, who finds their names.
  void remove_light(const Exclusion& exclusion) {
    const bool is_night = scene_.time == TimeOfDay::kNight;
    const bool is_open = scene_.weather == Weather::kClear;
    const std::string& name = exclusion.name;
    if (name == "sky") keep(exclusion, "part of every picture");
    if (name == "day" && scene_.time == TimeOfDay::kDay) {
      keep(exclusion, "no other time of day is named");
    }
    if (name == "summer" && scene_.season == Season::kSummer) {
      keep(exclusion, "no other season is named");
    }
    if (name == "star" && is_night && is_open) keep(exclusion, "part of a clear night");
    if ((name != "sun" && name != "sunlight") || is_night || !is_open) return;
    const bool is_cloudless = std::ranges::any_of(
        exclusions_, [](const Exclusion& other) { return other.name == "cloud"; });
    if (is_cloudless) {
      keep(exclusion, "without clouds nothing hides the sun");
    } else {
      scene_.weather = Weather::kCloudy;
    }
  }

  // A forest of other trees, a mountain without its snow cap, a beach without palms.
  bool remove_variant(const Setting& setting) {
    if (!is_kind_of_place(setting) || setting.biome != scene_.biome) return false;
    const bool is_forest = scene_.biome == Biome::kForest;
    // A forest of no particular kind is one of sequoias.
    const bool is_usual = is_forest && scene_.biome_variant.empty() && setting.variant == "sequoia";
    if (setting.variant != scene_.biome_variant && !is_usual) return true;  // not in the picture
    scene_.biome_variant.clear();
    if (is_forest) {
      scene_.biome_variant = setting.variant == "broadleaf" ? "conifer" : "broadleaf";
    }
    if (setting.season == scene_.season) scene_.season = Season::kSummer;
    return true;
  }

  bool is_place(const Setting& setting) const {
    return setting.biome == scene_.biome && setting.rank >= 2 && !setting.elsewhere;
  }

  void remove_place(const Exclusion& exclusion) {
    if (place_ == PlaceOrigin::kNamed || scene_.biome == Biome::kField) {
      return keep(exclusion, "the place itself");
    }
    scene_.biome = Biome::kField;
    scene_.biome_variant.clear();
  }

  bool is_part_of_place(const Exclusion& exclusion) const {
    const auto is_one_of = [&](std::initializer_list<std::string_view> words) {
      return std::ranges::find(words, exclusion.lemma) != words.end();
    };
    const std::string& name = exclusion.name;
    const bool is_ground = is_one_of({"ground", "earth", "soil", "dirt", "land", "terrain"});
    switch (scene_.biome) {
      case Biome::kSea: return name == "wave";
      case Biome::kBeach:
        return name == "sea" || name == "wave" || is_one_of({"sand", "tide", "surf"});
      case Biome::kField:
        return is_ground || is_one_of({"grass", "tall grass", "green grass", "meadow grass"});
      case Biome::kForest:
      case Biome::kMountain: return is_ground;
    }
    return false;
  }

  std::span<const Exclusion> exclusions_;
  PlaceOrigin place_;
  SceneIR& scene_;
};

// "sunflowers" are scenery in the tables, but one of them is a thing.
void find_thing(Exclusion& exclusion) {
  exclusion.thing = thing_of(exclusion.meaning);
  if (exclusion.thing || !exclusion.meaning) return;
  const size_t space = exclusion.lemma.rfind(' ');
  const size_t head = space == std::string::npos ? 0 : space + 1;
  for (const std::string& lemma : noun_lemmas(exclusion.lemma.substr(head))) {
    const std::string phrase = exclusion.lemma.substr(0, head) + lemma;
    exclusion.thing = thing_of(find_phrase(phrase));
    if (!exclusion.thing) continue;
    exclusion.lemma = phrase;
    return;
  }
}

}  // namespace

std::optional<Exclusion> exclusion_of(const Item& item) {
  Exclusion exclusion{.lemma = item.lemma, .text = item.text, .meaning = item.phrase};
  if (item.has_setting()) {
    const Setting& setting = *item.phrase->setting;
    exclusion.name = is_kind_of_place(setting) ? item.lemma : std::string(setting.name);
  } else if (item.phrase && item.phrase->adjective) {
    exclusion.name = item.phrase->adjective->name;
  } else if (item.is_nominal()) {
    exclusion.name = item.lemma;
  }
  if (exclusion.name.empty()) return std::nullopt;
  find_thing(exclusion);
  return exclusion;
}

void apply_exclusions(std::span<const Exclusion> exclusions, PlaceOrigin place, SceneIR& scene) {
  Remover(exclusions, place, scene).run();
}

}  // namespace rushes::previz
