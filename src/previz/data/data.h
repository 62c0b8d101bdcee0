// The icons of the Noto set and the names people call them by (CLDR, English and Chinese).
//
// Everything lies deflated in the binary; asking for one icon inflates its block of two dozen.
// Pure functions, callable from any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace rushes::previz {

// What an icon shows, from its CLDR group; tools/gen/icons.py has the same order.
enum class IconClass : uint8_t {
  kOther,
  kFace,
  kPerson,
  kBody,
  kAnimal,
  kPlant,
  kFood,
  kPlace,
  kTransport,
  kObject,
  kSky,
  kSymbol,
  kFlag,
};

// How a key came to its icon; tools/gen/icons.py has the same numbers.
enum class KeyKind : uint8_t { kOwnName, kLabel, kKeyword };

struct IconMatch {
  std::string_view icon;  // its name in the Noto set; valid for ever
  KeyKind kind = KeyKind::kOwnName;
  bool operator==(const IconMatch&) const = default;
};

// A whole SVG document with the view box 0 0 128 128; nothing if there is no icon of that name
// ("t-rex"; other spellings of the set, "mans-shoe", work too).
std::optional<std::string> icon_svg(std::string_view name);

// Nothing if there is no such icon.
std::optional<IconClass> icon_class(std::string_view name);

// The names of all icons, sorted, without skin-tone variants.
std::vector<std::string_view> icon_names();

// The icons known under `key`: lower case, without accents and hyphens ("t rex", "浣熊"). Own names
// first, then labels, then keywords; each by name.
std::vector<IconMatch> find_icons(std::string_view key);

}  // namespace rushes::previz
