#include "previz/data/pack.h"

#include <cstring>

#include "base/check.h"

// Laid down by packs.S.
extern "C" const char rushes_icons_pack[], rushes_icons_pack_end[];
extern "C" const char rushes_words_pack[], rushes_words_pack_end[];

namespace rushes::previz {
namespace {

constexpr size_t kMagicSize = 8;
constexpr size_t kHeaderSize = kMagicSize + 4;

// Packs are little-endian, as are all machines that the renderer supports.
uint32_t load(std::string_view bytes, size_t offset) {
  RUSHES_CHECK(offset + sizeof(uint32_t) <= bytes.size());
  uint32_t value = 0;
  std::memcpy(&value, bytes.data() + offset, sizeof value);
  return value;
}

}  // namespace

PackView::PackView(std::string_view bytes, std::string_view magic) : bytes_(bytes) {
  RUSHES_CHECK(bytes.starts_with(magic) && magic.size() == kMagicSize);
}

std::string_view PackView::section(uint32_t index) const {
  RUSHES_CHECK(index < load(bytes_, kMagicSize));
  const size_t row = kHeaderSize + size_t{8} * index;
  return bytes_.substr(load(bytes_, row), load(bytes_, row + 4));
}

uint32_t PackView::number_count(uint32_t section_index) const {
  return static_cast<uint32_t>(section(section_index).size() / sizeof(uint32_t));
}

uint32_t PackView::number(uint32_t section_index, uint32_t index) const {
  return load(section(section_index), size_t{4} * index);
}

std::string_view PackView::text(uint32_t table, uint32_t index) const {
  const uint32_t from = number(table, index);
  return section(table + 1).substr(from, number(table, index + 1) - from);
}

std::optional<uint32_t> PackView::find_text(uint32_t table, std::string_view wanted) const {
  uint32_t low = 0, high = text_count(table);
  while (low < high) {
    const uint32_t middle = low + (high - low) / 2;
    const int order = text(table, middle).compare(wanted);
    if (order == 0) return middle;
    if (order < 0) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return std::nullopt;
}

std::string_view icons_pack_bytes() {
  return {rushes_icons_pack, static_cast<size_t>(rushes_icons_pack_end - rushes_icons_pack)};
}

std::string_view words_pack_bytes() {
  return {rushes_words_pack, static_cast<size_t>(rushes_words_pack_end - rushes_words_pack)};
}

}  // namespace rushes::previz
