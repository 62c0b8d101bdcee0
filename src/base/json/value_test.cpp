#include "base/json/value.h"

#include <gtest/gtest.h>

namespace rushes::json {
namespace {

std::string round_trip(std::string_view text) {
  const auto value = parse(text);
  return value ? to_text(*value) : "refused: " + value.error().message;
}

TEST(JsonValue, KeepsMembersInOrderAndNumbersShortest) {
  EXPECT_EQ(round_trip(R"({"b":1,"a":[0.5,-3,1e2,true,null,"\u00e9\n"]})"),
            "{\"b\":1,\"a\":[0.5,-3,100,true,null,\"\xc3\xa9\\n\"]}");
}

TEST(JsonValue, LastOfRepeatedKeysWinsInItsPlace) {
  EXPECT_EQ(round_trip(R"({"a":1,"b":2,"a":3})"), R"({"b":2,"a":3})");
}

TEST(JsonValue, CanonicalTextDoesNotDependOnMemberOrder) {
  const auto a = parse(R"({"x":{"b":1,"a":2},"y":[1,2]})");
  const auto b = parse(R"({ "y":[1,2], "x":{"a":2,"b":1.0} })");
  ASSERT_TRUE(a && b);
  EXPECT_EQ(to_canonical_text(*a), to_canonical_text(*b));
}

TEST(JsonValue, RefusesWhatIsNotJson) {
  for (const char* text :
       {"", "{", "{}x", "[1,]", "{'a':1}", "nul", "[01]", "[1.]", "\"\x01\"", "\"\xff\"",
        "\"\xc0\xaf\"", R"("\ud800")", R"("\udc00")", "[NaN]", "{\"a\":1,}"}) {
    EXPECT_FALSE(parse(text)) << text;
  }
}

TEST(JsonValue, RefusesNestingBeyondTheLimit) {
  const auto nested = [](int depth) { return std::string(depth, '[') + std::string(depth, ']'); };
  EXPECT_TRUE(parse(nested(kDepthMax - 1)));
  EXPECT_FALSE(parse(nested(kDepthMax + 1)));
  EXPECT_FALSE(parse(nested(100'000)));
}

TEST(JsonValue, ReadsIntegersHoweverTheyAreWritten) {
  const auto value = parse("[5, 5.0, 5e0, 5.5, 9007199254740993, 1e300, 18446744073709551615]");
  ASSERT_TRUE(value);
  const Array& items = *value->as_array();
  EXPECT_EQ(items[0].as_int(), 5);
  EXPECT_EQ(items[1].as_int(), 5);
  EXPECT_EQ(items[2].as_int(), 5);
  EXPECT_EQ(items[3].as_int(), std::nullopt);
  EXPECT_EQ(items[4].as_int(), 9007199254740993);
  EXPECT_EQ(items[5].as_int(), std::nullopt);
  EXPECT_EQ(items[6].as_int(), std::nullopt);
}

TEST(JsonValue, NumbersThatNoTypeHoldsBecomeTheNearestDouble) {
  const struct {
    const char *text, *value;
  } rows[] = {
      {"99999999999999999999999", "1e+23"},
      {"18446744073709551616", "1.8446744073709552e+19"},
      {"-9223372036854775808", "-9223372036854775808"},
      {"-9223372036854775809", "-9.223372036854775808e+18"},
      {"1e999", "1.7976931348623157e+308"},
      {"-1E+999", "-1.7976931348623157e+308"},
      {"1e-999", "0"},
      {"1.5e99999999999999999999", "1.7976931348623157e+308"},
  };
  for (const auto& row : rows) {
    const auto expected = parse(row.value);
    ASSERT_TRUE(expected) << row.value;
    const auto value = parse(row.text);
    ASSERT_TRUE(value) << row.text;
    EXPECT_EQ(value->as_double(), expected->as_double()) << row.text;
    EXPECT_EQ(parse("{\"a\":[" + std::string(row.text) + "]}")->find("a")->as_array()->front(),
              *value);
  }
  const std::string digits(1000, '9');
  EXPECT_EQ(round_trip("[" + digits + ",9223372036854775807,0.5,\"" + digits + "\\\"1e999\"]"),
            "[1.7976931348623157e+308,9223372036854775807,0.5,\"" + digits + "\\\"1e999\"]");
}

TEST(JsonValue, LargeNumbersExcuseNothingElse) {
  for (const char* text :
       {"[1e999,]", "[1e999,01]", "[099999999999999999999999]", "[1e999", "1e999x", "[-]",
        "[1e999e5]", "[1e999 1]", "[+1e999]", "[1e999,1.]", "[1e999,\"\xff\"]", "[1e999,\"a]"}) {
    EXPECT_FALSE(parse(text)) << text;
  }
  // In linear time: a megabyte of zeros is one malformed number, not a million.
  EXPECT_FALSE(parse("[" + std::string(1 << 20, '0') + ",1e999]"));
}

}  // namespace
}  // namespace rushes::json
