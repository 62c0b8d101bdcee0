// Speech in a prompt: quoted lines that somebody says, taken out before the words are read.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace rushes::previz {

struct Dialogue {
  std::string rest;                // the prompt without lines and voice marks
  std::vector<std::string> lines;  // as written, each with its voice mark before it, if it has one
  std::vector<std::string> signs;  // quoted text that is to be seen, not heard
};

// A quotation is speech after a verb of saying, a colon or a voice mark `<<<voice_1>>>`; it is a
// sign after "reading", "sign" and the like; any other quoted words stay in the text.
Dialogue extract_dialogue(std::string_view prompt);

}  // namespace rushes::previz
