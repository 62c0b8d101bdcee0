// Chinese by longest match: runs of Han characters become the English words of the lexicon, so that
// one grammar serves both languages.
#pragma once

#include <string_view>
#include <vector>

#include "previz/language/text.h"

namespace rushes::previz {

bool is_han(char32_t code_point);

// `run` holds Han characters only. Characters nobody knows become one token as they are.
void append_chinese(std::vector<Token>& tokens, std::string_view run);

// An emoji as the words of its icon's name; itself if there is no such icon.
void append_symbol(std::vector<Token>& tokens, std::string_view symbol);

}  // namespace rushes::previz
