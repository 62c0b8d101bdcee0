#include "previz/language/morphology.h"

#include <algorithm>

#include "previz/data/word_net.h"

namespace rushes::previz {
namespace {

void add(std::vector<std::string>& lemmas, std::string lemma) {
  if (lemma.size() >= 2 && std::ranges::find(lemmas, lemma) == lemmas.end()) {
    lemmas.push_back(std::move(lemma));
  }
}

// Longer than any English word; longer input is left alone.
constexpr size_t kWordSizeMax = 40;

struct Suffix {
  std::string_view from, to;
};

// A suffix replaced, where a stem of two letters remains.
void add_by_rules(std::vector<std::string>& lemmas, std::string_view word,
                  std::initializer_list<Suffix> rules) {
  for (const Suffix& rule : rules) {
    if (!word.ends_with(rule.from) || word.size() < rule.from.size() + 2) continue;
    add(lemmas, std::string(word.substr(0, word.size() - rule.from.size())) += rule.to);
  }
}

// "running" -> "run": the stem's doubled consonant halved.
void add_undoubled(std::vector<std::string>& lemmas, std::string_view word,
                   std::string_view suffix) {
  if (!word.ends_with(suffix) || word.size() < suffix.size() + 4) return;
  const std::string_view stem = word.substr(0, word.size() - suffix.size());
  if (stem[stem.size() - 1] == stem[stem.size() - 2]) {
    add(lemmas, std::string(stem.substr(0, stem.size() - 1)));
  }
}

}  // namespace

std::vector<std::string> noun_lemmas(std::string_view word) {
  std::vector<std::string> lemmas;
  if (const auto irregular = irregular_noun(word)) add(lemmas, std::string(*irregular));
  if (word == "people") add(lemmas, "person");
  add(lemmas, std::string(word));
  if (word.size() > kWordSizeMax) return lemmas;
  if (!word.ends_with("ss") && !word.ends_with("us")) {
    add_by_rules(
        lemmas, word,
        {{"ies", "y"}, {"ves", "f"}, {"ves", "fe"}, {"men", "man"}, {"s", ""}, {"es", ""}});
  }
  if (word.ends_with("sses")) add_by_rules(lemmas, word, {{"es", ""}});
  return lemmas;
}

std::vector<std::string> verb_lemmas(std::string_view word) {
  std::vector<std::string> lemmas;
  if (const auto irregular = irregular_verb(word)) add(lemmas, std::string(*irregular));
  add(lemmas, std::string(word));
  if (word.size() > kWordSizeMax) return lemmas;
  add_undoubled(lemmas, word, "ing");
  add_undoubled(lemmas, word, "ed");
  add_by_rules(lemmas, word,
               {{"ies", "y"},
                {"ied", "y"},
                {"ying", "ie"},
                {"ing", ""},
                {"ing", "e"},
                {"ed", ""},
                {"ed", "e"}});
  if (!word.ends_with("ss")) add_by_rules(lemmas, word, {{"s", ""}, {"es", ""}});
  return lemmas;
}

}  // namespace rushes::previz
