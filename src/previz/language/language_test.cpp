#include "previz/language/language.h"

#include <gtest/gtest.h>

namespace rushes::previz {
namespace {

TEST(Language, SeedPromptsAreUnderstood) {
  const SceneIR ridge = parse_prompt("A cinematic shot of clouds moving over a mountain ridge", "");
  EXPECT_EQ(ridge.biome, Biome::kMountain);
  EXPECT_TRUE(ridge.subjects.empty());
  EXPECT_EQ(ridge.shot, ShotSize::kLandscape);
  EXPECT_GE(ridge.cloud_amount, 0.7f);

  const SceneIR raccoon =
      parse_prompt("A cheerful white raccoon running through a sequoia forest", "");
  EXPECT_EQ(raccoon.biome, Biome::kForest);
  EXPECT_EQ(raccoon.biome_variant, "sequoia");
  EXPECT_EQ(raccoon.mood, "cheerful");
  ASSERT_EQ(raccoon.subjects.size(), 1u);
  EXPECT_EQ(raccoon.subjects[0].form, (Form{FormKind::kRig, "raccoon", false}));
  EXPECT_EQ(raccoon.subjects[0].action, Action::kRun);
  EXPECT_EQ(raccoon.subjects[0].relation, Relation::kThrough);
  EXPECT_EQ(raccoon.subjects[0].colours, (std::vector<Colour>{{1, 1, 1}}));

  const SceneIR rex = parse_prompt(
      "A T-Rex relaxing on a beach, lying on a sun lounger and wearing sunglasses", "");
  EXPECT_EQ(rex.biome, Biome::kBeach);
  ASSERT_EQ(rex.subjects.size(), 2u);
  EXPECT_EQ(rex.subjects[0].form, (Form{FormKind::kCard, "t-rex", false}));
  EXPECT_EQ(rex.subjects[0].action, Action::kLie);
  EXPECT_EQ(rex.subjects[0].relation, Relation::kOn);
  EXPECT_EQ(rex.subjects[0].relative_to, 1);
  ASSERT_EQ(rex.subjects[0].accessories.size(), 1u);
  EXPECT_EQ(rex.subjects[0].accessories[0].concept_name, "sunglasses");
  EXPECT_EQ(rex.subjects[1].form, (Form{FormKind::kProp, "sun_lounger", false}));
}

}  // namespace
}  // namespace rushes::previz
