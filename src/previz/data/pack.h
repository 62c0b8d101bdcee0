// PackView: reads a data pack (tools/gen/pack.py) where it lies in the binary. Nothing is copied or
// inflated, so a pack costs memory only by the pages that were touched.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace rushes::previz {

class PackView {
 public:
  // `bytes` must outlive the view; a wrong magic is a broken build and ends the process.
  PackView(std::string_view bytes, std::string_view magic);

  std::string_view section(uint32_t index) const;
  uint32_t number_count(uint32_t section_index) const;
  uint32_t number(uint32_t section_index, uint32_t index) const;

  // A text table occupies two sections from `table` on: n + 1 offsets, characters.
  uint32_t text_count(uint32_t table) const { return number_count(table) - 1; }
  std::string_view text(uint32_t table, uint32_t index) const;
  // Binary search in a table sorted by bytes.
  std::optional<uint32_t> find_text(uint32_t table, std::string_view text) const;

 private:
  std::string_view bytes_;
};

// The packs linked into this program.
std::string_view icons_pack_bytes();
std::string_view words_pack_bytes();

}  // namespace rushes::previz
