#include "previz/plan.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "previz/stage/blocking.h"
#include "previz/stage/framing.h"

namespace rushes::previz {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::StartsWith;

Plan plan(std::string prompt, std::string negative = "", int width = 1280, int height = 720,
          uint64_t seed = 5) {
  Job job;
  job.prompt = std::move(prompt);
  job.negative_prompt = std::move(negative);
  job.width = width;
  job.height = height;
  job.duration_s = 5;
  job.seed = seed;
  return plan_job(job);
}

bool shows(const Shot& shot, const std::string& concept_name) {
  return std::ranges::any_of(
      shot.actors, [&](const Actor& actor) { return actor.concept_name == concept_name; });
}

// Prompts whose subjects all stay together, by standing or by going the same way.
constexpr const char* kTogether[] = {
    "A fox and a dog on a beach with an umbrella",
    "A fox and a dog",
    "A horse and a cat in a field",
    "An elephant and a mouse",
    "A fox, a dog and a cat",
    "A bear, a wolf and a rabbit in a forest",
    "A dog and a cat running through a forest",
    "A woman with a dog on a beach",
    "A raccoon holding a balloon",
    "A horse running with a guitar",
    "A bear eating an apple in a forest",
    "A cat on a rock and a dog",
    "A T-Rex lying on a sun lounger with a cocktail",
    "Three foxes and a castle",
    "A dog chasing a cat through a park",
};
// Whom the main subject leaves behind is in the picture when they meet, at the middle.
constexpr const char* kPassing[] = {
    "A dragon flying over a castle",
    "A fox running past a dog",
    "A horse galloping, and a castle",
};

void expect_all_in_frame(const char* prompt, std::initializer_list<float> moments) {
  constexpr int kFormats[][2] = {{1280, 720}, {720, 1280}, {960, 960}};
  for (const auto& [width, height] : kFormats) {
    const float aspect = static_cast<float>(width) / static_cast<float>(height);
    for (const uint64_t seed : {5u, 6u, 7u}) {
      const Shot shot = plan(prompt, "", width, height, seed).shots.front().shot;
      for (const float progress : moments) {
        const float seconds = progress * shot.duration_seconds();
        const Camera camera = camera_at(shot.camera, seconds, shot.duration_seconds());
        for (const Actor& actor : shot.actors) {
          std::vector<Point> corners;
          append_corners(actor, seconds * shot.speed, corners);
          EXPECT_GE(share_in_frame(camera, aspect, corners), 0.8f)
              << prompt << ": " << actor.concept_name << " in " << width << "x" << height << " at "
              << progress << ", seed " << seed;
        }
      }
    }
  }
}

TEST(Plan, what_is_said_to_be_drawn_is_in_the_frame_from_the_first_to_the_last_in_every_format) {
  for (const char* prompt : kTogether) expect_all_in_frame(prompt, {0.0f, 0.5f, 1.0f});
  for (const char* prompt : kPassing) expect_all_in_frame(prompt, {0.5f});
}

TEST(Plan, what_two_animals_carry_is_set_down_beside_them_once) {
  const Plan with = plan("A fox and a dog on a beach with an umbrella");
  EXPECT_THAT(with.drawn, Contains("umbrella: card umbrella"));
  EXPECT_EQ(std::ranges::count(with.shots[0].shot.actors, "umbrella", &Actor::concept_name), 1);
  const Plan without = plan("A fox and a dog on a beach with an umbrella", "umbrella");
  EXPECT_THAT(without.drawn, Not(Contains(StartsWith("umbrella"))));
  EXPECT_FALSE(shows(without.shots[0].shot, "umbrella"));
}

TEST(Plan, what_is_worn_stays_on_its_owner_and_what_cannot_be_worn_is_noted) {
  const Plan hat = plan("A fox wearing a hat");
  EXPECT_THAT(hat.drawn, Contains("hat: card top-hat"));
  EXPECT_EQ(hat.shots[0].shot.actors.size(), 1u);
  EXPECT_THAT(hat.notes, IsEmpty());
  const Plan coat = plan("A fox wearing a coat");
  EXPECT_THAT(coat.drawn, ElementsAre("fox: rig fox"));
  EXPECT_EQ(coat.shots[0].shot.actors.size(), 1u);
  EXPECT_THAT(coat.notes, ElementsAre("not drawn: coat"));
}

TEST(Plan, an_animal_wears_three_things_and_the_rest_is_noted) {
  const Plan three = plan("A fox wearing a hat, sunglasses and a scarf");
  EXPECT_THAT(three.drawn, ElementsAre("fox: rig fox", "hat: card top-hat",
                                       "sunglasses: card sunglasses", "scarf: card scarf"));
  EXPECT_THAT(three.notes, IsEmpty());
  const Plan four = plan("A fox wearing a hat, sunglasses, a scarf and a crown");
  EXPECT_THAT(four.drawn, Not(Contains(StartsWith("crown"))));
  EXPECT_THAT(four.notes, ElementsAre("not drawn: crown (an animal wears at most 3 things)"));
  const Plan icon = plan("A T-Rex wearing a hat, sunglasses, a scarf and a crown");
  EXPECT_THAT(icon.drawn, Contains("crown: card crown"));
  EXPECT_THAT(icon.notes, IsEmpty());
}

TEST(Plan, what_a_crowd_carries_is_in_the_picture_too) {
  const Plan crowd = plan("Twelve foxes and twelve dogs with an umbrella");
  const std::vector<Actor>& actors = crowd.shots[0].shot.actors;
  EXPECT_EQ(actors.size(), kActorsMax);
  EXPECT_EQ(std::ranges::count(actors, Form{FormKind::kRig, "fox"}, &Actor::form), 12);
  EXPECT_EQ(std::ranges::count(actors, "umbrella", &Actor::concept_name), 1);
  EXPECT_THAT(crowd.drawn, Contains("umbrella: card umbrella"));
}

TEST(Plan, what_is_seen_through_somebodys_eyes_does_not_show_them) {
  const Plan pov = plan("POV of a dog");
  EXPECT_THAT(pov.drawn, IsEmpty());
  EXPECT_THAT(pov.notes, ElementsAre("not drawn: dog (seen through its eyes)"));
}

TEST(Plan, what_stays_though_it_was_excluded_is_noted) {
  EXPECT_THAT(plan("A dog on a beach", "sea").notes,
              ElementsAre("not removed: sea (part of the beach)"));
  EXPECT_THAT(plan("A dog on a beach", "cat").notes, IsEmpty());
}

}  // namespace
}  // namespace rushes::previz
