#include "previz/language/language.h"

#include <charconv>

#include "base/utf8.h"
#include "previz/language/understand.h"

namespace rushes::previz {

SceneIR parse_prompt(std::string_view prompt, std::string_view negative_prompt) {
  return understand(prompt, negative_prompt).scene;
}

SpokenLine read_spoken_line(std::string_view line) {
  constexpr std::string_view kOpen = "<<<voice_", kClose = ">>>";
  SpokenLine spoken{0, std::string(line)};
  const size_t close = line.find(kClose);
  if (!line.starts_with(kOpen) || close == line.npos) return spoken;
  int voice = 0;
  const auto [end, code] = std::from_chars(line.data() + kOpen.size(), line.data() + close, voice);
  if (code != std::errc() || end != line.data() + close || voice < 1) return spoken;
  return {voice, std::string(line.substr(close + kClose.size()))};
}

}  // namespace rushes::previz
