#include "previz/language/nouns.h"

#include <algorithm>
#include <vector>

#include "previz/data/data.h"
#include "previz/data/word_net.h"
#include "previz/scene/species.h"

namespace rushes::previz {
namespace {

constexpr int kClimbMax = 5;
constexpr size_t kKeywordIconsMax = 2;
// A word whose first physical sense comes later than this is hardly ever meant so.
// Of persons only the first sense counts: a beauty is rarely a woman.
constexpr int kSenseRankMax = 2;

// Words at which the climb ends: everything is a thing.
constexpr std::string_view kTooGeneral[] = {
    "thing",        "object",     "artifact",   "artefact",
    "device",       "machine",    "structure",  "construction",
    "person",       "player",     "worker",     "adult",
    "creature",     "equipment",  "container",  "entity",
    "whole",        "unit",       "individual", "someone",
    "animal",       "plant",      "organism",   "being",
    "matter",       "food",       "substance",  "instrumentality",
    "covering",     "vessel",     "conveyance", "transport",
    "implement",    "instrument", "commodity",  "group",
    "location",     "region",     "area",       "part",
    "body",         "leader",     "expert",     "contestant",
    "communicator", "creator",    "mechanism",  "system",
    "facility"};

bool is_too_general(std::string_view word) {
  return std::ranges::find(kTooGeneral, word) != std::end(kTooGeneral);
}

bool fits(NounClass noun, IconClass icon) {
  switch (noun) {
    case NounClass::kAnimal: return icon == IconClass::kAnimal;
    case NounClass::kPerson: return icon == IconClass::kPerson;
    case NounClass::kPlant: return icon == IconClass::kPlant || icon == IconClass::kFood;
    case NounClass::kFood: return icon == IconClass::kFood;
    case NounClass::kSubstance: return icon == IconClass::kFood;
    case NounClass::kArtifact:
      return icon == IconClass::kObject || icon == IconClass::kTransport ||
             icon == IconClass::kPlace;
    case NounClass::kObject: return icon == IconClass::kPlace || icon == IconClass::kSky;
    case NounClass::kLocation: return icon == IconClass::kPlace;
    case NounClass::kPhenomenon: return icon == IconClass::kSky;
    case NounClass::kBody:
    case NounClass::kGroup: return false;
  }
  return false;
}

bool is_showable(IconClass icon) {
  switch (icon) {
    case IconClass::kPerson:
    case IconClass::kAnimal:
    case IconClass::kPlant:
    case IconClass::kFood:
    case IconClass::kPlace:
    case IconClass::kTransport:
    case IconClass::kObject:
    case IconClass::kSky: return true;
    default: return false;
  }
}

// The one icon that `word` names, of a class that `noun` allows (any showable one if nothing is
// known about the word).
std::optional<std::string_view> icon_of(std::string_view word, std::optional<NounClass> noun,
                                        bool by_keyword) {
  std::vector<std::string_view> by_key;
  for (const IconMatch& match : find_icons(word)) {
    const IconClass icon = icon_class(match.icon).value_or(IconClass::kOther);
    if (noun ? !fits(*noun, icon) : !is_showable(icon)) continue;
    if (match.kind != KeyKind::kKeyword) return match.icon;
    by_key.push_back(match.icon);
  }
  if (!by_keyword || by_key.empty() || by_key.size() > kKeywordIconsMax) return std::nullopt;
  return by_key.front();
}

Biome habitat_of(std::string_view name, NounClass noun) {
  if (noun == NounClass::kAnimal) {
    for (const std::string_view word : {"fish", "whale", "shark", "tropical-fish", "dolphin",
                                        "squid", "octopus", "jellyfish", "shrimp", "lobster"}) {
      if (name == word) return Biome::kSea;
    }
    for (const std::string_view word : {"bear", "deer", "wolf", "tiger", "monkey", "fox"}) {
      if (name == word) return Biome::kForest;
    }
  }
  return Biome::kField;
}

ResolvedNoun card_noun(std::string_view lemma, std::string_view icon, NounClass noun) {
  ResolvedNoun result{.concept_name = std::string(lemma)};
  result.form = Form{FormKind::kCard, std::string(icon), false};
  result.is_person = noun == NounClass::kPerson;
  result.habitat = habitat_of(icon, noun);
  return result;
}

// What the tables or the icons make of one word of the climb.
std::optional<ResolvedNoun> resolve_step(std::string_view lemma, std::string_view word,
                                         NounClass start, NounClass here, int level) {
  const Meaning* meaning = find_phrase(word);
  if (meaning && meaning->thing && word != lemma) {
    ResolvedNoun noun = resolve_thing(lemma, *meaning->thing);
    const bool is_rig = noun.form->kind == FormKind::kRig;
    const IconClass shown = icon_class(noun.form->name).value_or(IconClass::kOther);
    const bool fits_both = fits(start, shown) && fits(here, shown);
    if ((is_rig && start == NounClass::kAnimal) || fits_both) return noun;
  }
  if (meaning && meaning->setting && meaning->setting->rank >= 2 && word != lemma &&
      (start == NounClass::kObject || start == NounClass::kLocation)) {
    ResolvedNoun noun{.concept_name = std::string(lemma)};
    noun.setting = meaning->setting;
    noun.setting->rank = 2;
    return noun;
  }
  if (const auto icon = icon_of(word, here, level == 0)) {
    if (fits(start, *icon_class(*icon))) return card_noun(lemma, *icon, start);
  }
  return std::nullopt;
}

std::optional<ResolvedNoun> climb(std::string_view lemma, const NounSense& sense) {
  const NounClass start = noun_class(sense.synset);
  Synset at = sense.synset;
  for (int level = 0; level <= kClimbMax; ++level) {
    // At the bottom the word itself comes before its synonyms.
    if (level == 0) {
      if (auto own = resolve_step(lemma, lemma, start, start, 0)) return own;
    }
    for (const std::string_view word : synset_lemmas(at)) {
      if (is_too_general(word)) return std::nullopt;
      if (auto found = resolve_step(lemma, word, start, noun_class(at), level)) {
        return found;
      }
    }
    const auto above = hypernym(at);
    if (!above) break;
    at = *above;
  }
  return std::nullopt;
}

// What stands in for a thing that is known by its class only.
std::optional<ResolvedNoun> stand_in(std::string_view lemma, NounClass noun) {
  ResolvedNoun result{.concept_name = std::string(lemma)};
  switch (noun) {
    case NounClass::kAnimal: result.form = Form{FormKind::kRig, "dog", true}; break;
    case NounClass::kPerson:
      result.form = Form{FormKind::kCard, "person-standing", true};
      result.is_person = true;
      result.person = "person";
      break;
    case NounClass::kPlant: result.form = Form{FormKind::kCard, "herb", true}; break;
    default: return std::nullopt;
  }
  return result;
}

}  // namespace

ResolvedNoun resolve_thing(std::string_view concept_name, const Thing& thing) {
  // The one animal that is spelled with a hyphen.
  ResolvedNoun noun{.concept_name = std::string(concept_name)};
  if (concept_name == "t rex") noun.concept_name = thing.form;
  noun.size_scale = thing.size_scale;
  noun.colour = thing.colour;
  noun.habitat = thing.habitat.value_or(Biome::kField);
  noun.is_wearable = thing.is_wearable;
  FormKind kind = FormKind::kCard;
  if (thing.kind == ThingKind::kProp) kind = FormKind::kProp;
  if (thing.kind == ThingKind::kRig) kind = FormKind::kRig;
  if (thing.kind == ThingKind::kMixed && find_species(thing.form)) kind = FormKind::kRig;
  noun.form = Form{kind, std::string(thing.form), false};
  if (thing.kind == ThingKind::kPerson) {
    noun.is_person = true;
    noun.person = thing.form;
    noun.form->name = person_card(thing.form, Action::kIdle);
  }
  return noun;
}

bool is_hand_sized(const ResolvedNoun& noun) {
  if (!noun.form || noun.form->kind != FormKind::kCard) return false;
  const auto shown = icon_class(noun.form->name);
  return shown == IconClass::kObject || shown == IconClass::kFood;
}

std::optional<ResolvedNoun> resolve_noun(std::string_view lemma) {
  // Words of one or two letters are abbreviations, hardly ever things.
  constexpr size_t kLemmaBytesMin = 3;
  if (lemma.size() < kLemmaBytesMin) return std::nullopt;
  const auto senses = noun_senses(lemma);
  for (const NounSense& sense : senses) {
    const bool is_person = noun_class(sense.synset) == NounClass::kPerson;
    if (sense.rank > (is_person ? 0 : kSenseRankMax)) break;
    // Only the first physical sense counts: the others are somebody else's word.
    if (auto found = climb(lemma, sense)) return found;
    return stand_in(lemma, noun_class(sense.synset));
  }
  if (!senses.empty()) return std::nullopt;
  // Words that WordNet does not know, or knows as abstract only: by the icon's very name.
  const auto use = find_word(lemma);
  if (use) return std::nullopt;
  if (const auto icon = icon_of(lemma, std::nullopt, false)) {
    return card_noun(lemma, *icon, NounClass::kArtifact);
  }
  return std::nullopt;
}

std::string person_card(std::string_view person, Action action) {
  std::string_view suffix = "-standing";
  switch (action) {
    case Action::kWalk:
    case Action::kApproach: suffix = "-walking"; break;
    case Action::kRun: suffix = "-running"; break;
    case Action::kDance: suffix = "-dancing"; break;
    case Action::kSwim: suffix = "-swimming"; break;
    case Action::kSit: suffix = "-in-lotus-position"; break;
    default: break;
  }
  if (person == "person" && action == Action::kDance) return "woman-dancing";
  std::string name = std::string(person) += suffix;
  if (icon_class(name)) return name;
  return std::string(person) += "-standing";
}

}  // namespace rushes::previz
