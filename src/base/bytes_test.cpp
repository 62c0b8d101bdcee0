#include "base/bytes.h"

#include <gtest/gtest.h>

namespace rushes {
namespace {

using namespace std::string_view_literals;

TEST(Bytes, EncodingsRoundTripEveryLength) {
  std::string bytes;
  for (int i = 0; i < 70; ++i) {
    EXPECT_EQ(from_hex(to_hex(bytes)), bytes);
    EXPECT_EQ(from_base64(to_base64(bytes)), bytes);
    EXPECT_EQ(from_base64url(to_base64url(bytes)), bytes);
    bytes += static_cast<char>(i * 37);
  }
}

TEST(Bytes, KnownVectorsOfRfc4648) {
  EXPECT_EQ(to_base64(""), "");
  EXPECT_EQ(to_base64("f"), "Zg==");
  EXPECT_EQ(to_base64("fo"), "Zm8=");
  EXPECT_EQ(to_base64("foobar"), "Zm9vYmFy");
  EXPECT_EQ(to_base64url("\xfb\xff"), "-_8");
  EXPECT_EQ(to_hex("\x00\xaf"sv), "00af");
}

TEST(Bytes, DecodersRefuseForeignCharactersAndLooseBits) {
  for (const char* text : {"Z", "Zg=", "Zh==", "Z g=", "Zg==Zg==", "-_8="}) {
    EXPECT_FALSE(from_base64(text)) << text;
  }
  for (const char* text : {"Z", "Zg==", "Zh", "+/8", "Z\n"}) {
    EXPECT_FALSE(from_base64url(text)) << text;
  }
  for (const char* text : {"0", "0g", " 0"}) EXPECT_FALSE(from_hex(text)) << text;
}

TEST(Bytes, ConstantTimeComparisonComparesLengthToo) {
  EXPECT_TRUE(equal_constant_time("", ""));
  EXPECT_TRUE(equal_constant_time("secret", "secret"));
  EXPECT_FALSE(equal_constant_time("secret", "secreT"));
  EXPECT_FALSE(equal_constant_time("secret", "secret1"));
  EXPECT_FALSE(equal_constant_time("secret\0"sv, "secret"));
}

}  // namespace
}  // namespace rushes
