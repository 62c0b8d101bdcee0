// Items: a sentence as phrases with all their meanings, before grammar chooses one.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "previz/language/lexicon.h"
#include "previz/language/text.h"

namespace rushes::previz {

struct Item {
  TokenKind kind = TokenKind::kWord;
  std::string text;                 // as written, folded
  std::string lemma;                // of the noun, if the phrase can be one
  const Meaning* phrase = nullptr;  // null: no table knows it
  const Meaning* verb = nullptr;    // null: no verb with an action
  bool is_noun = false;             // a dictionary knows it as a noun (tables aside)
  bool is_adjective = false;        // mostly an adjective
  bool is_other_verb = false;       // a form of a verb without an action
  bool is_participle = false;       // -ing or -ed
  bool is_plural = false;

  WordKind word() const { return phrase ? phrase->word : WordKind::kNone; }
  bool has_thing() const { return phrase && phrase->thing; }
  bool has_setting() const { return phrase && phrase->setting; }
  // May stand before a noun: "white", "tiny", "snowy".
  bool is_modifier() const {
    return phrase ? phrase->colour || phrase->size_scale || phrase->adjective : is_adjective;
  }
  // May be the head of a noun phrase.
  bool is_nominal() const {
    return has_thing() || has_setting() || word() == WordKind::kCollective ||
           word() == WordKind::kContainer || (!phrase && is_noun);
  }
};

std::vector<Item> read_items(std::span<const Token> tokens);

}  // namespace rushes::previz
