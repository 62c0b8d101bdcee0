#include <gtest/gtest.h>

#include <cmath>
#include <string>

#include "previz/render/prop/prop.h"
#include "previz/render/rig/anatomy.h"
#include "previz/render/rig/clip.h"
#include "previz/render/rig/figure.h"
#include "previz/render/rig/skeleton.h"
#include "previz/scene/species.h"

namespace rushes::previz {
namespace {

constexpr std::string_view kAnimals[] = {"bear",     "cat",     "cow",   "deer",  "dog",
                                         "elephant", "fox",     "horse", "lion",  "pig",
                                         "rabbit",   "raccoon", "sheep", "tiger", "wolf"};
constexpr int kActions = static_cast<int>(Action::kApproach) + 1;

bool finite(Point p) { return std::isfinite(p.x) && std::isfinite(p.y) && std::isfinite(p.z); }

ClipInput input_of(Action action, float seconds, float speed = 0) {
  ClipInput input;
  input.action = action;
  input.seconds = seconds;
  input.speed = speed;
  input.travelled = speed * seconds;
  input.unit_m = 0.4f;
  input.seed = 7;
  return input;
}

TEST(Species, EveryOneHasAnAnatomyAndNoOtherNameHas) {
  for (const std::string_view name : kAnimals) {
    EXPECT_TRUE(find_species(name).has_value()) << name;
    EXPECT_NE(find_anatomy(name), nullptr) << name;
  }
  EXPECT_FALSE(find_species("unicorn").has_value());
  EXPECT_EQ(find_anatomy("unicorn"), nullptr);
}

TEST(Species, SizesAgreeWithTheRig) {
  for (const std::string_view name : kAnimals) {
    const Species species = *find_species(name);
    const Anatomy& anatomy = *find_anatomy(name);
    Figure figure;
    Placement at;
    at.unit_m = species.height_m / rest_height(anatomy);
    build_animal(anatomy, clip_state(anatomy, input_of(Action::kIdle, 0)), at, {}, figure);
    float low = 1e9f, high = -1e9f, side = 0;
    for (int i = 0; i < figure.bone_count; ++i) {
      const Bone& b = figure.bones[static_cast<size_t>(i)];
      low = std::min({low, b.a.x - b.radius, b.a.x + b.axis.x - b.radius - b.taper});
      high = std::max({high, b.a.x + b.radius, b.a.x + b.axis.x + b.radius + b.taper});
      side = std::max(side, std::abs(b.a.z) + b.radius * (b.flatness > 0 ? 0.85f : 1.0f));
    }
    EXPECT_NEAR((high - low) / species.length_m, 1, 0.12)
        << name << " is " << high - low << " m long";
    EXPECT_NEAR(2 * side / species.width_m, 1, 0.30) << name << " is " << 2 * side << " m wide";
  }
}

TEST(Figure, KeepsEveryBoneInItsBoundsInAllClips) {
  const std::vector<Worn> all = {
      {Garment::kSunglasses, {}}, {Garment::kHat, {}}, {Garment::kScarf, {}}};
  for (const std::string_view name : kAnimals) {
    const Anatomy& anatomy = *find_anatomy(name);
    for (int action = 0; action < kActions; ++action) {
      for (int step = 0; step < 24; ++step) {
        const float speed = step % 3 == 0 ? 0.0f : static_cast<float>(step % 5) * 2.5f;
        const ClipInput input =
            input_of(static_cast<Action>(action), static_cast<float>(step) * 0.31f, speed);
        Figure f;
        build_animal(anatomy, clip_state(anatomy, input), {}, all, f);
        ASSERT_GT(f.bone_count, 20);
        for (int g = 0; g < f.group_count; ++g) {
          const Group& group = f.groups[static_cast<size_t>(g)];
          EXPECT_LE(length(group.centre - f.centre) + group.bound, f.bound * 1.0001f)
              << name << action;
          for (int i = group.first; i < group.first + group.count; ++i) {
            const Bone& b = f.bones[static_cast<size_t>(i)];
            ASSERT_TRUE(finite(b.a) && finite(b.axis) && finite(b.axis_over) && finite(b.flat))
                << name << " action " << action << " step " << step;
            EXPECT_LE(length(b.centre - group.centre) + b.bound, group.bound * 1.0001f)
                << name << action;
            const float far_a = length(b.a - b.centre) + b.radius;
            const float far_b = length(b.a + b.axis - b.centre) + b.radius + b.taper;
            EXPECT_LE(std::max(far_a, far_b), b.bound * 1.0001f + 1e-5f);
            EXPECT_GT(b.caution, 0);
            EXPECT_LE(b.caution, 1);
          }
        }
        EXPECT_EQ(f.groups[static_cast<size_t>(f.group_count - 1)].first +
                      f.groups[static_cast<size_t>(f.group_count - 1)].count,
                  f.bone_count);
      }
    }
  }
}

// A paw on the ground keeps its place in the world while the animal moves on.
TEST(Clip, FeetOnTheGroundDoNotSlide) {
  for (const std::string_view name : kAnimals) {
    const Anatomy& anatomy = *find_anatomy(name);
    for (const Action action :
         {Action::kWalk, Action::kRun, Action::kGallop, Action::kIdle, Action::kJump}) {
      for (const float speed : {0.8f, 1.7f, 4.0f, 9.0f}) {
        int planted = 0;
        for (int frame = 0; frame < 96; ++frame) {
          const float t0 = static_cast<float>(frame) / 48, t1 = t0 + 1.0f / 480;
          const BodyState a = clip_state(anatomy, input_of(action, t0, speed));
          const BodyState b = clip_state(anatomy, input_of(action, t1, speed));
          for (size_t k = 0; k < 4; ++k) {
            if (!a.paws[k].planted || !b.paws[k].planted) continue;
            ++planted;
            EXPECT_NEAR(a.paws[k].at.x + speed * t0, b.paws[k].at.x + speed * t1, 2e-3f)
                << name << " action " << static_cast<int>(action) << " speed " << speed << " at "
                << t0;
            EXPECT_EQ(a.paws[k].at.y, 0) << name;
          }
        }
        EXPECT_GT(planted, 40) << name << " hardly touches the ground";
      }
    }
  }
}

TEST(Clip, MovesWithoutJumps) {
  for (int action = 0; action < kActions; ++action) {
    for (const float speed : {0.0f, 1.2f, 6.0f}) {
      const Anatomy& anatomy = *find_anatomy("raccoon");
      for (int i = 0; i < 600; ++i) {
        const float t = static_cast<float>(i) / 100;
        const BodyState a = clip_state(anatomy, input_of(static_cast<Action>(action), t, speed));
        const BodyState b =
            clip_state(anatomy, input_of(static_cast<Action>(action), t + 0.002f, speed));
        for (size_t k = 0; k < 4; ++k) {
          EXPECT_LT(length(a.paws[k].at - b.paws[k].at), 0.16f)
              << "action " << action << " speed " << speed << " at " << t << " paw " << k;
        }
        EXPECT_LT(length(a.hips - b.hips), 0.05f) << "action " << action << " at " << t;
        EXPECT_LT(length(a.shoulders - b.shoulders), 0.05f) << "action " << action << " at " << t;
      }
    }
  }
}

TEST(Coat, KeepsMaskAndRingsOfAWhiteRaccoon) {
  const Coat natural = find_anatomy("raccoon")->coat;
  const Coat white = recoloured(natural, {{1, 1, 1}});
  EXPECT_GT(white.flank.x, 0.6f);
  EXPECT_EQ(white.marking, natural.marking);
  EXPECT_EQ(white.sock, natural.sock);
  EXPECT_LT(white.back.x, white.flank.x) << "the back stays the darker part";
  EXPECT_EQ(recoloured(natural, {}).flank, natural.flank);
}

TEST(Coat, TakesASecondColourForItsMarkings) {
  const Coat coat = recoloured(find_anatomy("cow")->coat, {{1, 1, 1}, {0.4f, 0.2f, 0}});
  EXPECT_GT(coat.marking.x, coat.marking.z * 3);
}

TEST(Prop, EveryOneHasBoundsAndStandsOnTheGround) {
  for (const char* name :
       {"sun_lounger", "parasol", "beach_ball", "campfire", "rock", "something else"}) {
    Actor actor;
    actor.form = {FormKind::kProp, name, false};
    Figure f;
    build_prop(actor, {2, 0, 1}, 0.4f, f);
    ASSERT_GT(f.bone_count, 0) << name;
    EXPECT_LT(length(f.centre - Point{2, 0.5f, 1}), 1.2f) << name;
    EXPECT_LT(f.bound, 2.5f) << name;
  }
  EXPECT_TRUE(is_prop("rock"));
  EXPECT_FALSE(is_prop("t-rex"));
}

}  // namespace
}  // namespace rushes::previz
