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
        "\"\xc0\xaf\"", R"("\ud800")", R"("\udc00")", "[NaN]", "[1e999]", "{\"a\":1,}"}) {
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

}  // namespace
}  // namespace rushes::json
