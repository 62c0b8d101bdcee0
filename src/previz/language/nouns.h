// Nouns to forms: what draws a thing that no table names, by icon names and the climb through
// WordNet, checked by class at both ends (a knight is no chess piece).
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "previz/language/lexicon.h"
#include "previz/scene/scene.h"

namespace rushes::previz {

struct ResolvedNoun {
  std::string concept_name;
  // One of the three: what a picture of it is made of.
  std::optional<Form> form;        // a subject
  std::optional<Setting> setting;  // a kind of place or scenery: "fjord"
  bool is_person = false;
  std::string_view person;  // of a person: "woman", "man", "person", or nothing: the card stands
  float size_scale = 1;
  std::optional<Colour> colour;
  Biome habitat = Biome::kField;
  bool is_wearable = false;
};

// The form of an entry of the tables.
ResolvedNoun resolve_thing(std::string_view concept_name, const Thing& thing);

// True for cards of things that fit into a hand or paw: "umbrella", "apple".
bool is_hand_sized(const ResolvedNoun& noun);

// `lemma` is a noun of one to four words that the tables do not know. Nothing if it names nothing
// that can be shown.
std::optional<ResolvedNoun> resolve_noun(std::string_view lemma);

// The card of a person in action: "woman", kRun -> "woman-running".
std::string person_card(std::string_view person, Action action);

}  // namespace rushes::previz
