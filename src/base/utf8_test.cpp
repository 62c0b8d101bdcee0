#include "base/utf8.h"

#include <gtest/gtest.h>

namespace rushes {
namespace {

TEST(Utf8, AcceptsExactlyWhatUnicodeAllows) {
  for (const char* text :
       {"", "a", "ä", "€", "𝄞", "\xed\x9f\xbf", "\xee\x80\x80", "\xf4\x8f\xbf\xbf"}) {
    EXPECT_TRUE(is_valid_utf8(text)) << text;
  }
  for (const char* text :
       {"\x80", "\xc0\xaf", "\xc1\xbf", "\xe0\x80\x80", "\xed\xa0\x80", "\xed\xbf\xbf",
        "\xf0\x80\x80\x80", "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xe2\x82", "a\xff"}) {
    EXPECT_FALSE(is_valid_utf8(text)) << text;
  }
}

TEST(Utf8, AppendIsTheInverseOfReading) {
  for (const char32_t c : {U'a', U'ä', U'€', U'𝄞', char32_t{0x10ffff}}) {
    std::string text;
    append_utf8(text, c);
    const auto point = first_code_point(text);
    ASSERT_TRUE(point);
    EXPECT_EQ(point->value, c);
    EXPECT_EQ(point->size_bytes, text.size());
  }
}

TEST(Utf8, CountsAndCutsByCodePoint) {
  EXPECT_EQ(count_code_points("浣熊runs"), 6u);
  EXPECT_EQ(truncate_code_points("浣熊runs", 2), "浣熊");
  EXPECT_EQ(truncate_code_points("浣熊", 2), "浣熊");
  EXPECT_EQ(truncate_code_points("浣熊", 0), "");
}

TEST(Utf8, BlankMeansUnicodeWhiteSpaceOnly) {
  EXPECT_TRUE(is_blank(""));
  EXPECT_TRUE(is_blank(" \t\n\u00a0\u2003\u3000"));
  EXPECT_FALSE(is_blank(" x "));
  EXPECT_FALSE(is_blank("\u200b"));  // a zero-width space is no White_Space
}

TEST(Utf8, FindsControlCharacters) {
  EXPECT_FALSE(has_control_characters("order 17/ä"));
  EXPECT_TRUE(has_control_characters("a\nb"));
  EXPECT_TRUE(has_control_characters("\x7f"));
  EXPECT_TRUE(has_control_characters("\u0085"));
}

}  // namespace
}  // namespace rushes
