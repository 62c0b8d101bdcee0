// UTF-8 text: validity, counting and cutting by Unicode code points.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace rushes {

// The code point at the start of `text` and its length in bytes; nothing if it is not valid UTF-8
// (overlong forms, surrogates and values past U+10FFFF are invalid).
struct CodePoint {
  char32_t value;
  size_t size_bytes;
};
std::optional<CodePoint> first_code_point(std::string_view text);

bool is_valid_utf8(std::string_view text);

// Number of code points; `text` must be valid.
size_t count_code_points(std::string_view text);

// At most `count_max` code points of `text`, never cutting one in two.
std::string_view truncate_code_points(std::string_view text, size_t count_max);

void append_utf8(std::string& out, char32_t code_point);

// True if every code point is Unicode white space (also for an empty text).
bool is_blank(std::string_view text);

// True if any code point is a control character (C0, DEL, C1).
bool has_control_characters(std::string_view text);

}  // namespace rushes
