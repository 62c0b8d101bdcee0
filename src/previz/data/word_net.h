// What the language knows about English words: WordNet 3.0, reduced by tools/gen/words.py to
// physical nouns, parts of speech, frequencies and irregular forms.
//
// Words are lower case, without hyphens and apostrophes: "polar bear", "t shirt". Pure functions,
// callable from any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace rushes::previz {

// The physical lexicographer files of WordNet (lexnames(5WN)).
enum class NounClass : uint8_t {
  kAnimal = 5,
  kArtifact = 6,
  kBody = 8,
  kFood = 13,
  kGroup = 14,
  kLocation = 15,
  kObject = 17,
  kPerson = 18,
  kPhenomenon = 19,
  kPlant = 20,
  kSubstance = 27,
};

using Synset = uint32_t;

struct NounSense {
  Synset synset = 0;
  // 0: the most usual sense of the word, abstract ones counted too.
  int rank = 0;
};

struct WordUse {
  bool noun = false, verb = false, adjective = false, adverb = false;
  // Occurrences in the tagged corpora, at most 255.
  int noun_count = 0, verb_count = 0, adjective_count = 0;
};

// Nothing if the word is unknown. Knows lemmas only: "run", not "runs".
std::optional<WordUse> find_word(std::string_view lemma);

// Physical senses of a noun, most usual first, at most three.
std::vector<NounSense> noun_senses(std::string_view lemma);

NounClass noun_class(Synset synset);
// First hypernym; nothing at the top of the physical classes.
std::optional<Synset> hypernym(Synset synset);
// The words of a synset.
std::vector<std::string_view> synset_lemmas(Synset synset);

// Irregular forms: "mice" -> "mouse", "ran" -> "run".
std::optional<std::string_view> irregular_noun(std::string_view form);
std::optional<std::string_view> irregular_verb(std::string_view form);

}  // namespace rushes::previz
