#include "core/provider/reading.h"

#include <gtest/gtest.h>

#include "core/provider/settings.h"

namespace rushes::provider {
namespace {

json::Value parse(std::string_view text) { return *json::parse(text); }

TEST(Reading, OnlyAnObjectIsABody) {
  EXPECT_TRUE(read_object({.body = "{}"}));
  for (const char* body : {"", "[]", "null", "1", "<html>", "{", "{}x", "\"{}\""}) {
    EXPECT_FALSE(read_object({.body = body})) << body;
  }
}

TEST(Reading, PathsWalkObjectsAndArrays) {
  const json::Value root = parse(R"({"a":[{"b":"x"},7],"":1,"long":18})");
  EXPECT_EQ(text_at(root, "a.0.b"), "x");
  EXPECT_EQ(text_at(root, "a.1"), "7");
  for (const char* path : {"a.2", "a.b", "a.0.b.c", "a.-1", "a.00001", "b", "a.", ".a"}) {
    EXPECT_EQ(text_at(root, path), "") << path;
  }
}

TEST(Reading, IdsAreTextsOrWholeNumbersThatCanTravel) {
  const std::string_view id = "id";
  const auto id_of = [&](std::string_view json) { return id_at(parse(json), std::span(&id, 1)); };
  EXPECT_EQ(id_of(R"({"id":"u:kling-video/v2.1"})"), "u:kling-video/v2.1");
  EXPECT_EQ(id_of(R"({"id":867283741759111202})"), "867283741759111202");
  EXPECT_EQ(id_of(R"({"id":")" + std::string(256, 'a') + R"("})").size(), 256);
  EXPECT_EQ(id_of(R"({"id":")" + std::string(257, 'a') + R"("})"), "");
  for (const char* json : {R"({"id":""})", R"({"id":"a b"})", R"({"id":"a\nb"})", R"({"id":null})",
                           R"({"id":1.5})", R"({"id":["x"]})", R"({"id":"é"})"}) {
    EXPECT_EQ(id_of(json), "") << json;
  }
}

TEST(Reading, AnUnknownWordIsShownInVisibleAsciiAndAtMostFortyBytes) {
  EXPECT_EQ(unknown_word("reviewing"), "the status 'reviewing' is unknown");
  EXPECT_EQ(unknown_word("a\nb\x1b[2J\x7f.\xc2\x9b."), "the status 'a?b?[2J?.??.' is unknown");
  EXPECT_EQ(unknown_word(std::string(40, 'x')), unknown_word(std::string(41, 'x')));
  EXPECT_NE(unknown_word(std::string(39, 'x')), unknown_word(std::string(40, 'x')));
}

TEST(Reading, DecimalsAreTextsOrNumbersInTenths) {
  const auto tenths = [](std::string_view json) { return decimal_at(parse(json), "n", 1); };
  EXPECT_EQ(tenths(R"({"n":"4"})"), 40);
  EXPECT_EQ(tenths(R"({"n":"1.8"})"), 18);
  EXPECT_EQ(tenths(R"({"n":1.8})"), 18);
  EXPECT_EQ(tenths(R"({"n":0.30000000000000004})"), 3);
  EXPECT_EQ(tenths(R"({"n":"0.05"})"), 1);
  EXPECT_EQ(tenths(R"({"n":"0.04"})"), 0);
  EXPECT_EQ(tenths(R"({"n":"999999999"})"), 9999999990);
  for (const char* json :
       {R"({"n":"1000000000"})", R"({"n":-1})", R"({"n":""})", R"({"n":"."})", R"({"n":"1."})",
        R"({"n":".5"})", R"({"n":"1e3"})", R"({"n":1e300})", R"({"n":true})", R"({})"}) {
    EXPECT_EQ(tenths(json), std::nullopt) << json;
  }
  EXPECT_EQ(decimal_at(parse(R"({"n":"5.041"})"), "n", 3), 5041);
}

TEST(Reading, RetryAfterIsAWholeNumberOfSecondsUpToAnHour) {
  const auto after = [](std::string text) {
    Reply reply;
    reply.headers.add("retry-after", std::move(text));
    return retry_after_of(reply);
  };
  EXPECT_EQ(after("7"), Millis{7'000});
  EXPECT_EQ(after("86400"), Millis{3'600'000});
  EXPECT_EQ(after("Wed, 21 Oct 2026 07:28:00 GMT"), std::nullopt);
  EXPECT_EQ(after("-1"), std::nullopt);
  EXPECT_EQ(after(""), std::nullopt);
}

TEST(Words, AreKnownInEverySpelling) {
  EXPECT_EQ(meaning_of("submitted"), Progress::kQueued);
  EXPECT_EQ(meaning_of("NOT_START"), Progress::kQueued);
  EXPECT_EQ(meaning_of("In_Progress"), Progress::kRunning);
  EXPECT_EQ(meaning_of("succeed"), Progress::kSucceeded);
  EXPECT_EQ(meaning_of("succeeded"), Progress::kSucceeded);
  EXPECT_EQ(meaning_of("FAILURE"), Progress::kFailed);
  EXPECT_EQ(meaning_of("reviewing"), std::nullopt);
  EXPECT_EQ(meaning_of(""), std::nullopt);
}

TEST(CheckAddress, TakesAnOriginAndAPrefix) {
  const auto check = [](std::string base_url, std::string prefix) {
    return check_address({.base_url = std::move(base_url), .path_prefix = std::move(prefix)});
  };
  EXPECT_TRUE(check("https://api-singapore.klingai.com", ""));
  EXPECT_TRUE(check("http://127.0.0.1:8080", "/kling"));
  EXPECT_TRUE(check("https://gateway.example.com", "/a/b-c"));
  for (const char* base : {"", "api.klingai.com", "ftp://a.b", "https://a.b/", "https://a.b/v1",
                           "https://u:p@a.b", "https://a.b?x=1"}) {
    const auto refused = check(base, "");
    ASSERT_FALSE(refused) << base;
    EXPECT_TRUE(refused.error().user_message.contains("base_url")) << base;
  }
  for (const char* prefix : {"/", "kling", "/kling/", "//kling", "/a//b", "/a?b", "/a b", "/%2e"}) {
    EXPECT_FALSE(check("https://a.b", prefix)) << prefix;
  }
}

TEST(CheckCredential, IsAKeyOrAPairThatCanTravelInAHeader) {
  EXPECT_TRUE(check_key_or_pair({.api_key = "key"}));
  EXPECT_TRUE(check_key_or_pair({.access_key = "ak", .secret_key = "sk"}));
  EXPECT_FALSE(check_key_or_pair({}));
  EXPECT_FALSE(check_key_or_pair({.access_key = "ak"}));
  EXPECT_FALSE(check_key_or_pair({.api_key = "key", .access_key = "ak", .secret_key = "sk"}));
  EXPECT_TRUE(check_key({.api_key = std::string(4096, 'k')}));
  EXPECT_FALSE(check_key({.api_key = std::string(4097, 'k')}));
  EXPECT_FALSE(check_key({.access_key = "ak", .secret_key = "sk"}));
  for (const char* secret : {"a b", "a\nb", "a\r\nX: y", "é"}) {
    const auto refused = check_key({.api_key = secret});
    ASSERT_FALSE(refused);
    EXPECT_FALSE(refused.error().message.contains(secret));
  }
}

TEST(ReplaceWord, LeavesLongerNamesAlone) {
  EXPECT_EQ(replace_word("kling-v1 and kling-v1-6, kling-v1.", "kling-v1", "m"),
            "m and kling-v1-6, kling-v1.");
  EXPECT_EQ(replace_word("(kling-v1/std)", "kling-v1", "m"), "(m/std)");
  EXPECT_EQ(replace_word("text", "", "m"), "text");
}

}  // namespace
}  // namespace rushes::provider
