// Inflected English words back to their lemmas: irregular forms from WordNet, then suffix rules
// whose results must be words that somebody knows.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace rushes::previz {

// Lemma candidates, most likely first; the word itself is one if it can be a lemma.
std::vector<std::string> noun_lemmas(std::string_view word);
std::vector<std::string> verb_lemmas(std::string_view word);

}  // namespace rushes::previz
