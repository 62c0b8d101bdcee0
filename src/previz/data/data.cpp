#include "previz/data/data.h"

#include <zlib.h>

#include <algorithm>

#include "base/check.h"
#include "previz/data/pack.h"

namespace rushes::previz {
namespace {

// Sections in the order of tools/gen/icons.py.
enum : uint32_t {
  kSpellings = 0,     // text table: every spelling, aliases included
  kSpellingBody = 2,  // its body
  kNames = 3,         // text table: the name of each body, sorted
  kPlaces = 5,        // per body: block, offset, size, class
  kBlocks = 6,        // per block: offset, deflated size, plain size
  kBlockBytes = 7,
  kKeys = 8,  // text table: what people call them
  kKeyStarts = 10,
  kKeyEntries = 11,  // kind << 24 | body
};

constexpr uint32_t kPlaceWidth = 4, kBlockWidth = 3;

const PackView& pack() {
  static const PackView view(icons_pack_bytes(), "RUSHICO1");
  return view;
}

std::optional<uint32_t> find_body(std::string_view name) {
  const auto spelling = pack().find_text(kSpellings, name);
  if (!spelling) return std::nullopt;
  return pack().number(kSpellingBody, *spelling);
}

std::string inflate_block(uint32_t block) {
  const uint32_t offset = pack().number(kBlocks, block * kBlockWidth);
  const uint32_t deflated_size = pack().number(kBlocks, block * kBlockWidth + 1);
  std::string plain(pack().number(kBlocks, block * kBlockWidth + 2), '\0');
  uLongf plain_size = plain.size();
  const std::string_view deflated = pack().section(kBlockBytes).substr(offset, deflated_size);
  const int code = uncompress(reinterpret_cast<Bytef*>(plain.data()), &plain_size,
                              reinterpret_cast<const Bytef*>(deflated.data()), deflated.size());
  RUSHES_CHECK(code == Z_OK && plain_size == plain.size());
  return plain;
}

}  // namespace

std::optional<std::string> icon_svg(std::string_view name) {
  const auto body = find_body(name);
  if (!body) return std::nullopt;
  const std::string plain = inflate_block(pack().number(kPlaces, *body * kPlaceWidth));
  std::string svg =
      R"(<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" )"
      R"(viewBox="0 0 128 128">)";
  svg.append(plain, pack().number(kPlaces, *body * kPlaceWidth + 1),
             pack().number(kPlaces, *body * kPlaceWidth + 2));
  svg += "</svg>";
  return svg;
}

std::optional<IconClass> icon_class(std::string_view name) {
  const auto body = find_body(name);
  if (!body) return std::nullopt;
  return static_cast<IconClass>(pack().number(kPlaces, *body * kPlaceWidth + 3));
}

std::vector<std::string_view> icon_names() {
  std::vector<std::string_view> names;
  for (uint32_t i = 0; i < pack().text_count(kNames); ++i) names.push_back(pack().text(kNames, i));
  return names;
}

std::vector<IconMatch> find_icons(std::string_view key) {
  std::vector<IconMatch> matches;
  const auto found = pack().find_text(kKeys, key);
  if (!found) return matches;
  for (uint32_t i = pack().number(kKeyStarts, *found); i < pack().number(kKeyStarts, *found + 1);
       ++i) {
    const uint32_t entry = pack().number(kKeyEntries, i);
    matches.push_back({pack().text(kNames, entry & 0xffffff), static_cast<KeyKind>(entry >> 24)});
  }
  return matches;
}

}  // namespace rushes::previz
