#include "previz/language/items.h"

#include <algorithm>

#include "previz/data/data.h"
#include "previz/data/word_net.h"
#include "previz/language/morphology.h"

namespace rushes::previz {
namespace {

// "panning" -> "pans" where a camera phrase begins so; else the word itself.
std::string camera_verb(const std::string& participle) {
  for (const std::string& lemma : verb_lemmas(participle)) {
    for (const std::string_view ending : {"s", "es"}) {
      const std::string form = lemma + std::string(ending);
      if (find_phrase("camera " + form)) return form;
    }
  }
  return participle;
}

std::string join(std::span<const Token> tokens) {
  std::string text;
  for (const Token& token : tokens) {
    if (!text.empty()) text += ' ';
    text += token.text;
  }
  return text;
}

bool are_words(std::span<const Token> tokens) {
  return std::ranges::all_of(tokens, [](const Token& token) {
    return token.kind == TokenKind::kWord || token.kind == TokenKind::kNumber;
  });
}

// A word that has its own job in a sentence cannot be part of a dictionary compound: "walk in" is
// no refrigerator here, and a "white wolf" is a wolf that is white.
bool may_be_in_compound(const Token& token) {
  const Meaning* meaning = find_phrase(token.text);
  if (!meaning) return token.kind == TokenKind::kWord;
  const bool is_plain =
      meaning->word == WordKind::kNone || meaning->word == WordKind::kCollective ||
      meaning->word == WordKind::kContainer || meaning->word == WordKind::kUndrawable;
  return is_plain && !meaning->colour && !meaning->size_scale && !meaning->adjective;
}

// "the camera slowly panning left" -> "camera pans left", as the tables spell it.
std::vector<Token> with_plain_camera(std::span<const Token> tokens) {
  std::vector<Token> out;
  bool after_camera = false;
  for (const Token& token : tokens) {
    const bool is_camera = token.text == "camera";
    if (is_camera && !out.empty() && (out.back().text == "the" || out.back().text == "our")) {
      out.pop_back();
    }
    const bool is_skipped = token.text.ends_with("ly") || token.text == "is" ||
                            token.text == "then" || token.text == "will" || token.text == "should";
    if (after_camera && is_skipped && token.text != "fly") continue;
    out.push_back(token);
    if (after_camera && token.text.size() > 5 && token.text.ends_with("ing")) {
      out.back().text = camera_verb(token.text);
    }
    after_camera = is_camera;
  }
  return out;
}

bool is_known_noun(std::string_view lemma) {
  if (!noun_senses(lemma).empty()) return true;
  const auto icons = find_icons(lemma);
  return !icons.empty() && icons.front().kind != KeyKind::kKeyword;
}

class Reader {
 public:
  explicit Reader(std::span<const Token> tokens) : tokens_(tokens) {}

  std::vector<Item> run() {
    while (at_ < tokens_.size()) {
      if (tokens_[at_].kind == TokenKind::kWord || tokens_[at_].kind == TokenKind::kNumber) {
        read_phrase();
      } else {
        items_.push_back({.kind = tokens_[at_].kind, .text = tokens_[at_].text});
        ++at_;
      }
    }
    return std::move(items_);
  }

 private:
  void read_phrase() {
    const size_t longest = std::min<size_t>(kPhraseWordsMax, tokens_.size() - at_);
    for (size_t size = longest; size > 1; --size) {
      const auto window = tokens_.subspan(at_, size);
      if (!are_words(window)) continue;
      if (read_table_phrase(window) || (size <= 3 && read_compound(window))) {
        at_ += size;
        return;
      }
    }
    read_word(tokens_[at_]);
    ++at_;
  }

  bool read_table_phrase(std::span<const Token> window) {
    Item item{.text = join(window)};
    item.phrase = find_phrase(item.text);
    item.lemma = item.text;
    if (!item.phrase) find_with_lemma(item, window);
    if (!item.phrase) find_verb_phrase(item, window);
    if (!item.phrase && !item.verb) return false;
    items_.push_back(std::move(item));
    return true;
  }

  // The last word as the noun it is a form of.
  static void find_with_lemma(Item& item, std::span<const Token> window) {
    std::string head = join(window.first(window.size() - 1));
    for (const std::string& lemma : noun_lemmas(window.back().text)) {
      const std::string phrase = head + ' ' + lemma;
      const Meaning* meaning = find_phrase(phrase);
      if (!meaning || !(meaning->thing || meaning->setting)) continue;
      item.phrase = meaning;
      item.lemma = phrase;
      item.is_plural = lemma != window.back().text;
      return;
    }
  }

  // The first word as the verb it is a form of: "lies down", "took off".
  static void find_verb_phrase(Item& item, std::span<const Token> window) {
    const std::string rest = join(window.subspan(1));
    for (const std::string& lemma : verb_lemmas(window.front().text)) {
      const Meaning* meaning = find_verb(lemma + ' ' + rest);
      if (!meaning) continue;
      item.verb = meaning;
      item.is_participle = window.front().text.ends_with("ing");
      return;
    }
  }

  bool read_compound(std::span<const Token> window) {
    if (!std::ranges::all_of(window, may_be_in_compound)) return false;
    // "drinking water", "flying fish": more often a verb and its object.
    const auto verbs = verb_lemmas(window.front().text);
    if (window.front().text.ends_with("ing") && std::ranges::any_of(verbs, find_verb)) return false;
    const std::string head = join(window.first(window.size() - 1));
    for (const std::string& lemma : noun_lemmas(window.back().text)) {
      const std::string phrase = head + ' ' + lemma;
      if (!is_known_noun(phrase)) continue;
      items_.push_back({.text = join(window),
                        .lemma = phrase,
                        .is_noun = true,
                        .is_plural = lemma != window.back().text});
      return true;
    }
    return false;
  }

  void read_word(const Token& token) {
    Item item{.kind = token.kind, .text = token.text, .lemma = token.text};
    item.phrase = find_phrase(token.text);
    item.is_participle = token.text.ends_with("ing") || token.text.ends_with("ed");
    const std::vector<std::string> nouns = noun_lemmas(token.text);
    for (const std::string& lemma : nouns) {
      if (item.phrase) break;
      const Meaning* meaning = find_phrase(lemma);
      if (!meaning || meaning->is_empty()) continue;
      const bool inflects = meaning->thing || meaning->setting ||
                            meaning->word == WordKind::kCollective ||
                            meaning->word == WordKind::kContainer;
      if (!inflects) continue;
      item.phrase = meaning;
      item.lemma = lemma;
    }
    const std::vector<std::string> verbs = verb_lemmas(token.text);
    for (const std::string& lemma : verbs) {
      if ((item.verb = find_verb(lemma))) break;
    }
    if (!item.phrase) classify(item, nouns, verbs);
    item.is_plural = item.lemma != token.text;
    items_.push_back(std::move(item));
  }

  // Parts of speech by WordNet, the more usual one where there are several.
  static void classify(Item& item, const std::vector<std::string>& nouns,
                       const std::vector<std::string>& verbs) {
    int noun_count = 0;
    for (const std::string& lemma : nouns) {
      if (!is_known_noun(lemma)) continue;
      item.is_noun = true;
      item.lemma = lemma;
      if (const auto use = find_word(lemma)) noun_count = use->noun_count;
      break;
    }
    for (const std::string& lemma : verbs) {
      const auto use = find_word(lemma);
      if (!use || !use->verb) continue;
      const bool is_mostly_verb = use->verb_count > 2 * noun_count + 2;
      item.is_other_verb = !item.is_noun || item.is_participle || is_mostly_verb;
      if (is_mostly_verb && item.is_participle) item.is_noun = false;
      break;
    }
    if (const auto use = find_word(item.text); use && use->adjective) {
      item.is_adjective = !item.is_noun || use->adjective_count >= noun_count;
      if (use->adjective_count > 2 * noun_count + 2) item.is_noun = false;
    }
    if (const auto use = find_word(item.text); use && use->adverb && use->noun_count == 0) {
      item.is_noun = false;
    }
  }

  std::span<const Token> tokens_;
  size_t at_ = 0;
  std::vector<Item> items_;
};

}  // namespace

std::vector<Item> read_items(std::span<const Token> tokens) {
  const std::vector<Token> plain = with_plain_camera(tokens);
  return Reader(plain).run();
}

}  // namespace rushes::previz
