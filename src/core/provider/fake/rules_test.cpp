#include "core/provider/fake/rules.h"

#include <gtest/gtest.h>

namespace rushes::provider::fake {
namespace {

std::string refusal(const json::Value& value) {
  const auto rules = parse_rules(value, {});
  return rules ? "" : rules.error().user_message;
}

TEST(FakeRules, TableOverlaysTheBase) {
  const auto rules = parse_rules(
      *json::parse(R"({"time_scale":60,"fail_every":3,"answer_1303_every":2,"query_5000_every":4,
                       "late_ms":5000,"duplicate_callbacks":true,"fail_reason":"no"})"),
      {.queue = Millis{7}});
  ASSERT_TRUE(rules);
  EXPECT_EQ(rules->time_scale, 60);
  EXPECT_EQ(rules->fail_every, 3);
  EXPECT_EQ(rules->answer_every, (std::map<int, int64_t>{{1303, 2}}));
  EXPECT_EQ(rules->query_answer_every, (std::map<int, int64_t>{{5000, 4}}));
  EXPECT_EQ(rules->late, Millis{5'000});
  EXPECT_EQ(rules->queue, Millis{7});
  EXPECT_TRUE(rules->duplicate_callbacks);
  EXPECT_EQ(rules->fail_reason, "no");
}

TEST(FakeRules, TextSaysTheSame) {
  const Rules expected = *parse_rules(
      *json::parse(R"({"time_scale":0.5,"answer_1302_every":1,"fail_reason":"404 not here",
                       "duplicate_callbacks":true})"),
      {});
  EXPECT_EQ(parse_rule_text("time_scale=0.5, answer_1302_every = 1,fail_reason=404 not here,"
                            "duplicate_callbacks=true",
                            {}),
            expected);
  EXPECT_EQ(parse_rule_text("fail_reason=1303", {})->fail_reason, "1303");
}

TEST(FakeRules, WhatIsWrongIsNamedWithWhatIsAllowed) {
  EXPECT_EQ(refusal(json::Array{}), "rules value '[]' is invalid: it must be a table");
  EXPECT_EQ(refusal(json::Object{{"fail_every", -1}}),
            "fail_every value '-1' is invalid: it must be a whole number from 0 to 1000000");
  EXPECT_EQ(refusal(json::Object{{"fail_every", "3"}}),
            "fail_every value '3' is invalid: it must be a whole number from 0 to 1000000");
  EXPECT_EQ(refusal(json::Object{{"fail_every", 1'000'000}}), "");
  EXPECT_EQ(refusal(json::Object{{"fail_every", 1'000'001}}),
            "fail_every value '1000001' is invalid: it must be a whole number from 0 to 1000000");
  EXPECT_EQ(refusal(json::Object{{"time_scale", 0}}),
            "time_scale value '0' is invalid: it must be a number from 0.001 to 1000000");
  EXPECT_EQ(refusal(json::Object{{"fail_reason", 1}}),
            "fail_reason value '1' is invalid: it must be a text of at most 1000 bytes");
  EXPECT_EQ(refusal(json::Object{{"duplicate_callbacks", 1}}),
            "duplicate_callbacks value '1' is invalid: it must be true or false");
  for (const char* name : {"fail", "answer_every", "answer__every", "answer_1_every", "answer_1303",
                           "answer_1303x_every", "query_0_every", "_every", ""}) {
    EXPECT_TRUE(refusal(json::Object{{name, 1}}).starts_with("rule '")) << name;
  }
  for (const char* text : {"", "never_ends", "fail_every", "fail_every=", "=1", "fail_every=1,",
                           "fail_every=x", "\xff=1"}) {
    EXPECT_FALSE(parse_rule_text(text, {})) << text;
  }
  EXPECT_FALSE(parse_rule_text(std::string(2001, ' '), {}));
}

TEST(FakeRules, BookHasCommonRulesAndNamedOnesOnTopOfThem) {
  const auto book = RuleBook::parse(
      *json::parse(R"({"time_scale":60,"never_ends":{"hang_every":1},"slow":{"time_scale":1}})"));
  ASSERT_TRUE(book);
  EXPECT_EQ(book->common().time_scale, 60);
  EXPECT_EQ(book->select("never_ends")->hang_every, 1);
  EXPECT_EQ(book->select("never_ends")->time_scale, 60);
  EXPECT_EQ(book->select("slow")->time_scale, 1);
  EXPECT_EQ(book->select("fail_every=2")->fail_every, 2);
  EXPECT_EQ(book->select("fail_every=2")->time_scale, 60);
  EXPECT_FALSE(book->select("unheard_of"));
  EXPECT_EQ(RuleBook::parse({})->common(), Rules{});
  EXPECT_EQ(RuleBook::parse(*json::parse(R"({"a":{"b":1}})")).error().user_message.substr(0, 17),
            "rules.a: rule 'b'");
}

}  // namespace
}  // namespace rushes::provider::fake
