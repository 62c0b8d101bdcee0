// Enumerators and their words on a wire or in a file, as one table.
//
//   constexpr Words<Mode, 2> kModes{{{Mode::kStd, "std"}, {Mode::kPro, "pro"}}};
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string_view>
#include <utility>

namespace rushes {

template <class Enum, size_t N>
using Words = std::array<std::pair<Enum, std::string_view>, N>;

// The table must hold every enumerator; "" for one it lacks.
template <class Enum, size_t N>
constexpr std::string_view word_of(const Words<Enum, N>& words, Enum value) {
  for (const auto& [candidate, word] : words) {
    if (candidate == value) return word;
  }
  return {};
}

// Exact: case and spaces count.
template <class Enum, size_t N>
constexpr std::optional<Enum> parse_word(const Words<Enum, N>& words, std::string_view text) {
  for (const auto& [candidate, word] : words) {
    if (word == text) return candidate;
  }
  return std::nullopt;
}

}  // namespace rushes
