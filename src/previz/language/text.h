// Prompt text as tokens: folded to lower-case plain letters, Chinese turned into English words.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace rushes::previz {

enum class TokenKind : uint8_t {
  kWord,
  kNumber,
  kPossessive,  // the 's of "dragon's"
  kComma,       // also ; : ( ) and dashes between clauses
  kStop,        // . ! ? and line ends
};

struct Token {
  TokenKind kind = TokenKind::kWord;
  std::string text;
  bool operator==(const Token&) const = default;
};

// Bytes that are not UTF-8 count as spaces. Lower case, Latin letters without accents, straight
// quotes, ASCII punctuation; scripts without an ASCII form stay as they are.
std::string fold_text(std::string_view text);

// Tokens of folded text. Hyphens separate words, apostrophes inside a word are dropped. Runs of Han
// characters are cut by longest match and become the English words of the lexicon.
std::vector<Token> tokenise(std::string_view folded);

}  // namespace rushes::previz
