// What the report says is worn and what the renderer puts on: two lists that must be one.
#include "previz/scene/wardrobe.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "previz/data/data.h"
#include "previz/render/actors.h"
#include "previz/render/card/sprite.h"

namespace rushes::previz {
namespace {

const Form kFox{FormKind::kRig, "fox"};
const Form kRex{FormKind::kCard, "t-rex"};

Accessory thing_of(std::string_view icon) {
  const std::string name(icon);
  return {name, {FormKind::kCard, name}, {}};
}

struct Things {
  std::vector<Accessory> worn, others;
};

// Every icon, by what the report says of it on that owner.
Things things_of(const Form& owner) {
  Things things;
  for (const std::string_view icon : icon_names()) {
    Accessory thing = thing_of(icon);
    const bool is_worn = carriage_of(owner, thing.form) == Carriage::kWorn;
    (is_worn ? things.worn : things.others).push_back(std::move(thing));
  }
  return things;
}

int bones_of_fox(std::vector<Accessory> things) {
  Shot shot;
  shot.actors.push_back({.form = kFox, .accessories = std::move(things)});
  const Light light;
  ThreadPool pool(1);
  Cast cast({.shot = shot, .light = light, .pool = pool});
  cast.pose({}, [](float, float) { return 0.0f; });
  return cast.figures().front().bone_count;
}

std::vector<int32_t> drawing_of_rex(std::vector<Accessory> things) {
  return make_sprite({.icon = kRex.name, .accessories = std::move(things)}, &icon_svg).colours;
}

TEST(Wardrobe, of_the_report_is_what_animals_wear) {
  const Things things = things_of(kFox);
  const int bare = bones_of_fox({});
  EXPECT_EQ(bones_of_fox(things.others), bare);
  ASSERT_GT(things.worn.size(), kWornByAnimalMax);
  for (const Accessory& thing : things.worn) {
    EXPECT_GT(bones_of_fox({thing}), bare) << thing.concept_name;
  }
}

TEST(Wardrobe, of_the_report_has_as_many_places_as_an_animal) {
  std::vector<Accessory> things;
  for (size_t count = 1; count <= kWornByAnimalMax; ++count) {
    const int bones = bones_of_fox(things);
    things.push_back(thing_of("crown"));
    EXPECT_GT(bones_of_fox(things), bones) << count;
  }
  const int bones = bones_of_fox(things);
  things.push_back(thing_of("crown"));
  EXPECT_EQ(bones_of_fox(things), bones);
}

TEST(Wardrobe, of_the_report_is_what_icons_wear) {
  const Things things = things_of(kRex);
  const std::vector<int32_t> bare = drawing_of_rex({});
  EXPECT_EQ(drawing_of_rex(things.others), bare);
  ASSERT_FALSE(things.worn.empty());
  for (const Accessory& thing : things.worn) {
    EXPECT_NE(drawing_of_rex({thing}), bare) << thing.concept_name;
  }
}

}  // namespace
}  // namespace rushes::previz
