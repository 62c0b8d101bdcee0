#include "previz/data/word_net.h"

#include "previz/data/pack.h"

namespace rushes::previz {
namespace {

// Sections in the order of tools/gen/words.py.
enum : uint32_t {
  kLemmas = 0,  // text table
  kUse = 2,     // flags | noun count << 8 | verb count << 16 | adjective count << 24
  kSenseStarts = 3,
  kSenses = 4,   // rank << 24 | synset
  kSynsets = 5,  // class << 24 | hypernym + 1
  kWordStarts = 6,
  kWords = 7,      // lemma numbers
  kNounForms = 8,  // text tables: form, lemma
  kNounFormLemmas = 10,
  kVerbForms = 12,
  kVerbFormLemmas = 14,
};

constexpr uint32_t kLow24 = 0xffffff;

const PackView& pack() {
  static const PackView view(words_pack_bytes(), "RUSHWRD1");
  return view;
}

std::optional<std::string_view> look_up(uint32_t forms, uint32_t lemmas, std::string_view form) {
  const auto found = pack().find_text(forms, form);
  if (!found) return std::nullopt;
  return pack().text(lemmas, *found);
}

}  // namespace

std::optional<WordUse> find_word(std::string_view lemma) {
  const auto found = pack().find_text(kLemmas, lemma);
  if (!found) return std::nullopt;
  const uint32_t use = pack().number(kUse, *found);
  return WordUse{(use & 1) != 0,
                 (use & 2) != 0,
                 (use & 4) != 0,
                 (use & 8) != 0,
                 static_cast<int>(use >> 8 & 0xff),
                 static_cast<int>(use >> 16 & 0xff),
                 static_cast<int>(use >> 24)};
}

std::vector<NounSense> noun_senses(std::string_view lemma) {
  std::vector<NounSense> senses;
  const auto found = pack().find_text(kLemmas, lemma);
  if (!found) return senses;
  for (uint32_t i = pack().number(kSenseStarts, *found);
       i < pack().number(kSenseStarts, *found + 1); ++i) {
    const uint32_t sense = pack().number(kSenses, i);
    senses.push_back({sense & kLow24, static_cast<int>(sense >> 24)});
  }
  return senses;
}

NounClass noun_class(Synset synset) {
  return static_cast<NounClass>(pack().number(kSynsets, synset) >> 24);
}

std::optional<Synset> hypernym(Synset synset) {
  const uint32_t above = pack().number(kSynsets, synset) & kLow24;
  if (above == 0) return std::nullopt;
  return above - 1;
}

std::vector<std::string_view> synset_lemmas(Synset synset) {
  std::vector<std::string_view> words;
  for (uint32_t i = pack().number(kWordStarts, synset); i < pack().number(kWordStarts, synset + 1);
       ++i) {
    words.push_back(pack().text(kLemmas, pack().number(kWords, i)));
  }
  return words;
}

std::optional<std::string_view> irregular_noun(std::string_view form) {
  return look_up(kNounForms, kNounFormLemmas, form);
}

std::optional<std::string_view> irregular_verb(std::string_view form) {
  return look_up(kVerbForms, kVerbFormLemmas, form);
}

}  // namespace rushes::previz
