#include "core/wire/message.h"

#include <gtest/gtest.h>

namespace rushes::wire {
namespace {

TEST(Headers, FindsTheFirstFieldWithoutRegardToCase) {
  Headers headers;
  headers.add("Accept", "a");
  headers.add("ACCEPT", "b");
  ASSERT_NE(headers.find("accept"), nullptr);
  EXPECT_EQ(*headers.find("accept"), "a");
  EXPECT_EQ(headers.count("aCCept"), 2u);
  EXPECT_EQ(headers.find("Accep"), nullptr);
}

TEST(Headers, SetReplacesEveryFieldOfThatNameAndRemoveTakesThemAway) {
  Headers headers;
  headers.add("X", "1");
  headers.add("Y", "2");
  headers.add("x", "3");
  headers.set("X", "4");
  EXPECT_EQ(headers.count("x"), 1u);
  EXPECT_EQ(*headers.find("x"), "4");
  headers.remove("y");
  EXPECT_EQ(headers.size(), 1u);
}

TEST(Headers, ComparesOnlyAsciiLettersWithoutCase) {
  EXPECT_TRUE(equal_ignoring_case("Content-Type", "content-TYPE"));
  EXPECT_FALSE(equal_ignoring_case("a", "ab"));
  EXPECT_FALSE(equal_ignoring_case("[", "{"));  // differ by the case bit
  EXPECT_FALSE(equal_ignoring_case("@", "`"));
}

TEST(Request, SplitsItsTargetAtTheFirstQuestionMark) {
  Request request;
  request.target = "/v1/videos?a=1?b=2";
  EXPECT_EQ(request.path(), "/v1/videos");
  EXPECT_EQ(request.query(), "a=1?b=2");
  request.target = "/v1";
  EXPECT_EQ(request.path(), "/v1");
  EXPECT_EQ(request.query(), "");
}

TEST(ReasonPhrase, KnowsTheStandardCodesAndSaysUnknownOtherwise) {
  EXPECT_EQ(reason_phrase(200), "OK");
  EXPECT_EQ(reason_phrase(404), "Not Found");
  EXPECT_EQ(reason_phrase(431), "Request Header Fields Too Large");
  EXPECT_EQ(reason_phrase(505), "HTTP Version Not Supported");
  EXPECT_EQ(reason_phrase(299), "Unknown");
}

}  // namespace
}  // namespace rushes::wire
