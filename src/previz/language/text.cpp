#include "previz/language/text.h"

#include <algorithm>

#include "base/utf8.h"
#include "previz/language/chinese.h"

namespace rushes::previz {
namespace {

// Base letters of U+00C0..U+017F in order; a space keeps the character as it is.
constexpr std::string_view kPlainLatin =
    "aaaaaa ceeeeiiiidnooooo ouuuuyt "
    "aaaaaa ceeeeiiiidnooooo ouuuuyty"
    "aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiiiiijjkkklllllll"
    "lllnnnnnnnnnoooooo  rrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs";

struct Fold {
  char32_t from;
  std::string_view to;
};
constexpr Fold kFolds[] = {
    {0x00A0, " "},  {0x00AB, "\""}, {0x00BB, "\""}, {0x2013, "-"},  {0x2014, ","},  {0x2018, "'"},
    {0x2019, "'"},  {0x201C, "\""}, {0x201D, "\""}, {0x201E, "\""}, {0x2026, "."},  {0x2028, "\n"},
    {0x2029, "\n"}, {0x3000, " "},  {0x3001, ","},  {0x3002, "."},  {0x300A, " "},  {0x300B, " "},
    {0x300C, "\""}, {0x300D, "\""}, {0x300E, "\""}, {0x300F, "\""}, {0x00C6, "ae"}, {0x00E6, "ae"},
    {0x0152, "oe"}, {0x0153, "oe"}, {0x00DF, "ss"}, {0x2010, "-"},  {0x2011, "-"},  {0x2212, "-"},
    {0x2022, ","},  {0x2192, ","},  {0x2039, "\""}, {0x203A, "\""}, {0x060C, ","},  {0x061F, "?"},
    {0x0964, "."},
};

bool is_invisible(char32_t c) {
  return (c >= 0x0300 && c <= 0x036F) || (c >= 0x200B && c <= 0x200F) || c == 0xFEFF ||
         (c >= 0xFE00 && c <= 0xFE0F) || (c >= 0x1F3FB && c <= 0x1F3FF) || c == 0x00AD ||
         (c >= 0x202A && c <= 0x202E) || (c >= 0x2060 && c <= 0x206F) || c == 0x061C;
}

// Between words, and of no meaning to us: "45°", "Coke™", "½", "×", spaces of all widths.
bool is_separator(char32_t c) {
  const bool is_latin_letter = c == 0x00AA || c == 0x00B5 || c == 0x00BA;
  return (c >= 0x0080 && c <= 0x00BF && !is_latin_letter) || c == 0x00D7 || c == 0x00F7 ||
         (c >= 0x2000 && c <= 0x22FF) || (c >= 0x2400 && c <= 0x25FF);
}

// Emoji, dingbats and the scripts that are not written in words: "⌚", "☀".
bool is_symbol(char32_t c) { return (c >= 0x2300 && c <= 0x23FF) || c >= 0x2600; }

void append_folded(std::string& out, char32_t c) {
  if (is_invisible(c)) return;
  if (c >= 0xFF01 && c <= 0xFF5E) c -= 0xFEE0;  // full-width forms
  for (const Fold& fold : kFolds) {
    if (fold.from == c) {
      out += fold.to;
      return;
    }
  }
  if (is_separator(c)) c = ' ';
  if (c >= 'A' && c <= 'Z') c += 'a' - 'A';
  const bool is_latin = c >= 0xC0 && c < 0xC0 + kPlainLatin.size();
  if (is_latin && kPlainLatin[c - 0xC0] != ' ')
    c = static_cast<unsigned char>(kPlainLatin[c - 0xC0]);
  if (c >= 0x0391 && c <= 0x03A9) c += 32;  // Greek
  if (c >= 0x0410 && c <= 0x042F) c += 32;  // Cyrillic
  append_utf8(out, c);
}

bool is_letter(unsigned char c) { return (c >= 'a' && c <= 'z') || c >= 0x80; }
bool is_digit(unsigned char c) { return c >= '0' && c <= '9'; }

class Tokeniser {
 public:
  explicit Tokeniser(std::string_view text) : text_(text) {}

  std::vector<Token> run() {
    while (at_ < text_.size()) step();
    return std::move(tokens_);
  }

 private:
  void step() {
    const auto first = first_code_point(text_.substr(at_));
    if (!first) {  // cannot be: folded text is valid UTF-8
      ++at_;
    } else if (is_han(first->value)) {
      take_han();
    } else if (is_symbol(first->value)) {
      take_symbol(first->size_bytes);
    } else if (is_letter(static_cast<unsigned char>(text_[at_]))) {
      take_word();
    } else if (is_digit(static_cast<unsigned char>(text_[at_]))) {
      take_number();
    } else {
      take_mark();
    }
  }

  void take_han() {
    size_t end = at_;
    while (end < text_.size()) {
      const auto next = first_code_point(text_.substr(end));
      if (!next || !is_han(next->value)) break;
      end += next->size_bytes;
    }
    append_chinese(tokens_, text_.substr(at_, end - at_));
    at_ = end;
  }

  // Each becomes the name of its icon; a row of them is a list, not one long name.
  void take_symbol(size_t size_bytes) {
    if (!tokens_.empty() && tokens_.size() == after_symbol_) push_mark(TokenKind::kComma);
    append_symbol(tokens_, text_.substr(at_, size_bytes));
    after_symbol_ = tokens_.size();
    at_ += size_bytes;
  }

  void take_word() {
    std::string word;
    while (at_ < text_.size()) {
      const auto next = first_code_point(text_.substr(at_));
      if (!next || is_symbol(next->value)) break;
      const unsigned char first = static_cast<unsigned char>(text_[at_]);
      if (first == '\'') {
        if (take_possessive(word)) return;
      } else if (is_letter(first) || is_digit(first)) {
        word += text_.substr(at_, next->size_bytes);
      } else {
        break;
      }
      at_ += next->size_bytes;
    }
    tokens_.push_back({TokenKind::kWord, std::move(word)});
  }

  // At an apostrophe: "dragon's" and "girls'" end here; "don't" goes on as "dont".
  bool take_possessive(const std::string& word) {
    const std::string_view rest = text_.substr(at_ + 1);
    const auto ends_word = [&](size_t offset) {
      return offset >= rest.size() || !(is_letter(static_cast<unsigned char>(rest[offset])) ||
                                        is_digit(static_cast<unsigned char>(rest[offset])));
    };
    const bool has_s = rest.starts_with('s') && ends_word(1);
    if (!has_s && !ends_word(0)) return false;
    // "bird's eye view" is a phrase of the tables, without its apostrophe.
    const bool is_view = word == "bird" || word == "worm" || word == "god";
    if (is_view && rest.starts_with("s eye")) return false;
    constexpr std::string_view kContractions[] = {"it",    "he",   "she", "that",
                                                  "there", "what", "let"};
    const bool is_contraction =
        has_s && std::ranges::find(kContractions, word) != std::end(kContractions);
    tokens_.push_back({TokenKind::kWord, word});
    if (has_s && !is_contraction) tokens_.push_back({TokenKind::kPossessive, "'s"});
    at_ += has_s ? 2 : 1;
    return true;
  }

  void take_number() {
    std::string digits;
    while (at_ < text_.size() && is_digit(static_cast<unsigned char>(text_[at_]))) {
      digits += text_[at_++];
    }
    // "8k", "35mm", "3d", "1st": a word.
    if (at_ < text_.size() && is_letter(static_cast<unsigned char>(text_[at_])) &&
        static_cast<unsigned char>(text_[at_]) < 0x80) {
      while (at_ < text_.size() && text_[at_] >= 'a' && text_[at_] <= 'z') digits += text_[at_++];
      tokens_.push_back({TokenKind::kWord, std::move(digits)});
      return;
    }
    tokens_.push_back({TokenKind::kNumber, std::move(digits)});
  }

  void take_mark() {
    const char mark = text_[at_++];
    const bool joined_dot = mark == '.' && at_ < text_.size() && at_ > 1 && text_[at_] != ' ' &&
                            text_[at_] != '\n' && text_[at_] != '.' && text_[at_ - 2] != '.';
    if (std::string_view(".!?\n").find(mark) != std::string_view::npos && !joined_dot) {
      push_mark(TokenKind::kStop);
    } else if (std::string_view(",;:()[]|").find(mark) != std::string_view::npos) {
      push_mark(TokenKind::kComma);
    } else if (mark == '-' && at_ > 1 && text_[at_ - 2] == ' ' && at_ < text_.size() &&
               text_[at_] == ' ') {
      push_mark(TokenKind::kComma);
    }
  }

  void push_mark(TokenKind kind) {
    const bool repeats = !tokens_.empty() &&
                         (tokens_.back().kind == TokenKind::kStop || tokens_.back().kind == kind);
    if (!repeats) tokens_.push_back({kind, kind == TokenKind::kStop ? "." : ","});
  }

  std::string_view text_;
  size_t at_ = 0;
  size_t after_symbol_ = 0;  // the number of tokens after the last symbol
  std::vector<Token> tokens_;
};

}  // namespace

std::string fold_text(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const auto next = first_code_point(text);
    if (!next) {
      out += ' ';
      text.remove_prefix(1);
      continue;
    }
    append_folded(out, next->value);
    text.remove_prefix(next->size_bytes);
  }
  return out;
}

std::vector<Token> tokenise(std::string_view folded) { return Tokeniser(folded).run(); }

}  // namespace rushes::previz
