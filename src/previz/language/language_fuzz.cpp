// The prompt language on any bytes: the first half is the prompt, the rest the negative prompt.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/check.h"
#include "base/utf8.h"
#include "previz/language/language.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace rushes::previz;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const std::string_view prompt = text.substr(0, size - size / 4);
  const std::string_view negative = text.substr(prompt.size());
  const SceneIR scene = parse_prompt(prompt, negative);
  RUSHES_CHECK(rushes::is_valid_utf8(rushes::json::to_text(to_json(scene))));
  const auto back = scene_from_json(to_json(scene));
  RUSHES_CHECK(back.has_value() && *back == scene);
  int seconds = 0;
  for (const StoryShot& shot : split_story(prompt, negative, 7)) seconds += shot.duration_s;
  RUSHES_CHECK(seconds == 7);
  for (const std::string& line : scene.dialogue) (void)read_spoken_line(line);
  return 0;
}
