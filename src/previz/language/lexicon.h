// The hand-written knowledge of the language: what a phrase means, before any grammar.
//
// The tables live in lexicon_*.cpp as lines `kind payload = phrase, phrase`; they are read once, on
// first use; indented lines continue the one above. Phrases are spelled as tokens are: lower case,
// no hyphens, one space between words.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "previz/scene/scene.h"

namespace rushes::previz {

// What a phrase of the environment, the style or the camera sets; absent members set nothing.
struct Setting {
  std::string_view name;  // what "no X" calls it, and what a biome may leave out: "tree", "cloud"
  std::optional<Biome> biome;
  std::string_view variant;
  // Which place wins: 3 a place, 2 part of one, 1 a hint ("palms"); 0: no place.
  int rank = 0;
  bool elsewhere = false;  // a place that no biome draws: the nearest is taken and reported
  std::optional<TimeOfDay> time;
  std::optional<Weather> weather;
  std::optional<Season> season;
  std::optional<Grade> grade;
  std::string_view mood;
  std::optional<float> clouds, fog, speed;
  std::optional<ShotSize> shot;
  std::optional<Angle> angle;
  std::optional<Move> move;
};

enum class ThingKind : uint8_t {
  kRig,     // form: a species
  kCard,    // form: an icon
  kProp,    // form: a modelled thing
  kPerson,  // form: "woman", "man" or "person"; the card follows the action
  kMixed,   // form: a species if one is drawn, else the icon of the same name
};

struct Thing {
  ThingKind kind = ThingKind::kCard;
  std::string_view form;
  float size_scale = 1;
  std::optional<Colour> colour;  // of its nature: a polar bear is white
  std::optional<Biome> habitat;
  bool is_wearable = false;
  int line = 0;  // of the tables: its words share the picture
};

enum class WordKind : uint8_t {
  kNone,
  kArticle,      // a the this its ...: opens a noun phrase
  kCount,        // count
  kCollective,   // "herd" of: count
  kContainer,    // "cup" of
  kMeasure,      // "shot", "video", "scene" of: the frame of the sentence, not of the picture
  kPronoun,      // it she they: the subject again
  kCopula,       // is are was
  kPreposition,  // relation
  kWith,
  kWear,
  kHold,
  kRide,
  kOf,
  kAnd,
  kThen,
  kNegator,
  kCamera,      // "camera", "viewer": what one moves towards
  kFiller,      // claimed, means nothing to a picture
  kUndrawable,  // understood, reported as not drawn
};

// Everything a phrase may mean; the grammar chooses by context.
struct Meaning {
  WordKind word = WordKind::kNone;
  int count = 1;
  Relation relation = Relation::kNone;
  std::optional<Colour> colour;
  std::optional<float> size_scale;
  std::optional<Setting> adjective;  // "snowy", "cheerful": before a noun or after "is"
  std::optional<Setting> setting;    // as a noun or an adverbial
  std::optional<Thing> thing;
  std::optional<Action> verb;  // the phrase is a form of a verb
  int verb_weight = 0;         // 2 a motion, 1 a stance or look that any motion replaces
  bool is_empty() const;
};

// Phrases have at most this many words.
inline constexpr int kPhraseWordsMax = 4;

// The meaning of `words` joined by single spaces, without inflection; null if there is none.
const Meaning* find_phrase(std::string_view phrase);
// A verb lemma ("run", "lie down"); null if it has no action.
const Meaning* find_verb(std::string_view lemma);

// The words of one line of the tables (Thing::line).
std::span<const std::string_view> phrases_of_line(int line);

// Words of the negative prompt that name a fault of pictures, not a thing ("blurry").
bool is_quality_word(std::string_view phrase);

// The tables, as text.
namespace tables {
extern const std::string_view kGrammar, kVerbs, kLooks, kPlaces, kConditions, kCamera, kAnimals,
    kThings, kQuality;
}  // namespace tables

}  // namespace rushes::previz
