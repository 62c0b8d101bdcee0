#include "previz/data/data.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "previz/data/word_net.h"

namespace rushes::previz {
namespace {

TEST(Icons, AnIconIsAWholeSvgDocument) {
  const auto svg = icon_svg("raccoon");
  ASSERT_TRUE(svg.has_value());
  EXPECT_TRUE(svg->starts_with("<svg "));
  EXPECT_TRUE(svg->ends_with("</svg>"));
  EXPECT_NE(svg->find("viewBox=\"0 0 128 128\""), std::string::npos);
  EXPECT_NE(svg->find("<path"), std::string::npos);
}

TEST(Icons, AnUnknownNameHasNoPicture) {
  for (const std::string_view name : {"", "raccoo", "raccoons", "Raccoon", "\xff", "zzzz"}) {
    EXPECT_FALSE(icon_svg(name).has_value()) << name;
    EXPECT_FALSE(icon_class(name).has_value()) << name;
  }
}

TEST(Icons, EveryIconInflates) {
  const auto names = icon_names();
  EXPECT_GT(names.size(), 1500u);
  EXPECT_TRUE(std::is_sorted(names.begin(), names.end()));
  for (const std::string_view name : names) {
    const auto svg = icon_svg(name);
    ASSERT_TRUE(svg.has_value()) << name;
    EXPECT_GT(svg->size(), 150u) << name;
  }
}

TEST(Icons, OtherSpellingsOfTheSetGiveTheSamePicture) {
  EXPECT_EQ(icon_svg("adult"), icon_svg("person"));
}

TEST(Icons, ClassesFollowTheCldrGroups) {
  EXPECT_EQ(icon_class("raccoon"), IconClass::kAnimal);
  EXPECT_EQ(icon_class("cook"), IconClass::kPerson);
  EXPECT_EQ(icon_class("sunflower"), IconClass::kPlant);
  EXPECT_EQ(icon_class("pizza"), IconClass::kFood);
  EXPECT_EQ(icon_class("castle"), IconClass::kPlace);
  EXPECT_EQ(icon_class("locomotive"), IconClass::kTransport);
  EXPECT_EQ(icon_class("sunglasses"), IconClass::kObject);
  EXPECT_EQ(icon_class("grinning-face"), IconClass::kFace);
}

TEST(Icons, NamesAreFoundInEnglishAndChinese) {
  EXPECT_EQ(find_icons("浣熊").at(0).icon, "raccoon");
  EXPECT_EQ(find_icons("t rex").at(0), (IconMatch{"t-rex", KeyKind::kOwnName}));
  const auto sly = find_icons("sly");
  EXPECT_TRUE(std::ranges::find(sly, IconMatch{"raccoon", KeyKind::kKeyword}) != sly.end());
  EXPECT_TRUE(find_icons("xyzzy").empty());
}

TEST(WordNet, ClimbsFromAWordToItsKind) {
  const auto senses = noun_senses("stallion");
  ASSERT_FALSE(senses.empty());
  EXPECT_EQ(noun_class(senses[0].synset), NounClass::kAnimal);
  bool reached = false;
  for (auto at = hypernym(senses[0].synset); at && !reached; at = hypernym(*at)) {
    const auto words = synset_lemmas(*at);
    reached = std::ranges::find(words, "horse") != words.end();
  }
  EXPECT_TRUE(reached);
}

TEST(WordNet, NamesOfSinglePlacesAndPeopleAreNotKinds) {
  EXPECT_TRUE(noun_senses("jupiter").empty());
  EXPECT_TRUE(noun_senses("genus canis").empty());
}

TEST(WordNet, PartsOfSpeechCarryFrequencies) {
  const auto run = find_word("run");
  ASSERT_TRUE(run.has_value());
  EXPECT_TRUE(run->verb && run->noun);
  EXPECT_GT(run->verb_count, run->noun_count);
  EXPECT_TRUE(find_word("cheerful")->adjective);
  EXPECT_FALSE(find_word("runs").has_value());
}

TEST(WordNet, IrregularFormsHaveTheirLemma) {
  EXPECT_EQ(irregular_noun("mice"), "mouse");
  EXPECT_EQ(irregular_noun("wolves"), "wolf");
  EXPECT_EQ(irregular_verb("ran"), "run");
  EXPECT_FALSE(irregular_noun("raccoons").has_value());
}

}  // namespace
}  // namespace rushes::previz
