#include "previz/render/renderer.h"

#include <gtest/gtest.h>

#include <numeric>

#include "previz/scene/vantage.h"

namespace rushes::previz {
namespace {

Shot shot_in(Biome biome) {
  Shot shot;
  shot.environment.biome = biome;
  shot.frame_count = 24;
  const Vantage v = landscape_vantage(shot.environment, false);
  shot.camera.position_from = shot.camera.position_to = v.position;
  shot.camera.target_from = shot.camera.target_to = v.target;
  return shot;
}

Shot field_shot() { return shot_in(Biome::kField); }

RenderOptions small() {
  RenderOptions o;
  o.width = 64;
  o.height = 36;
  return o;
}

Picture frame_of(const Shot& shot, const RenderOptions& options, int frame = 0) {
  Picture picture;
  auto renderer = Renderer::create(shot, options);
  EXPECT_TRUE(renderer.has_value());
  (*renderer)->render(frame, picture);
  return picture;
}

double mean(const Picture& p) {
  return std::accumulate(p.rgb.begin(), p.rgb.end(), 0.0) / static_cast<double>(p.rgb.size());
}

// How far two pictures are apart, in codes per channel.
double distance(const Picture& a, const Picture& b) {
  double sum = 0;
  for (size_t i = 0; i < a.rgb.size(); ++i) sum += std::abs(int{a.rgb[i]} - int{b.rgb[i]});
  return sum / static_cast<double>(a.rgb.size());
}

TEST(Renderer, AcceptsTheBoundsOfItsOptionsAndRefusesWhatLiesBeyond) {
  struct Row {
    const char* name;
    void (*change)(RenderOptions&);
    bool accepted;
  };
  const Row rows[] = {
      {"width 16", [](RenderOptions& o) { o.width = 16; }, true},
      {"width 15", [](RenderOptions& o) { o.width = 15; }, false},
      {"width 4097", [](RenderOptions& o) { o.width = 4097; }, false},
      {"height 16", [](RenderOptions& o) { o.height = 16; }, true},
      {"height 15", [](RenderOptions& o) { o.height = 15; }, false},
      {"height 4097", [](RenderOptions& o) { o.height = 4097; }, false},
      {"1 sample", [](RenderOptions& o) { o.samples = 1; }, true},
      {"16 samples", [](RenderOptions& o) { o.samples = 16; }, true},
      {"no samples", [](RenderOptions& o) { o.samples = 0; }, false},
      {"17 samples", [](RenderOptions& o) { o.samples = 17; }, false},
      {"64 threads", [](RenderOptions& o) { o.threads = 64; }, true},
      {"no threads", [](RenderOptions& o) { o.threads = 0; }, false},
      {"65 threads", [](RenderOptions& o) { o.threads = 65; }, false},
      {"a quarter inside", [](RenderOptions& o) { o.internal_scale = 0.25f; }, true},
      {"less than a quarter inside", [](RenderOptions& o) { o.internal_scale = 0.24f; }, false},
      {"more than full size inside", [](RenderOptions& o) { o.internal_scale = 1.01f; }, false},
  };
  for (const Row& row : rows) {
    RenderOptions options = small();
    row.change(options);
    const auto renderer = Renderer::create(field_shot(), options);
    EXPECT_EQ(renderer.has_value(), row.accepted) << row.name;
    if (!renderer) {
      EXPECT_EQ(renderer.error().code, ErrorCode::kInvalidInput) << row.name;
    }
  }
}

TEST(Renderer, RefusesAShotWithoutFrames) {
  Shot shot = field_shot();
  shot.frame_count = 0;
  const auto renderer = Renderer::create(shot, small());
  ASSERT_FALSE(renderer.has_value());
  EXPECT_EQ(renderer.error().message, "frame_count is 0: must be 1 to 1048576");
}

TEST(Renderer, EnlargesASmallerInsideToTheSizeThatWasAskedFor) {
  RenderOptions options = small();
  const Picture full = frame_of(field_shot(), options);
  options.internal_scale = 0.67f;
  const Picture enlarged = frame_of(field_shot(), options);
  EXPECT_EQ(enlarged.width, 64);
  EXPECT_EQ(enlarged.height, 36);
  EXPECT_LT(distance(full, enlarged), 16);
}

TEST(Renderer, MovesBetweenFrames) {
  EXPECT_GT(distance(frame_of(field_shot(), small(), 0), frame_of(field_shot(), small(), 23)), 0.5);
}

TEST(Renderer, HourAndWeatherSetTheBrightnessOfAFrame) {
  auto brightness = [](TimeOfDay time, Weather weather) {
    Shot shot = field_shot();
    shot.environment.time = time;
    shot.environment.weather = weather;
    return mean(frame_of(shot, small()));
  };
  const double day = brightness(TimeOfDay::kDay, Weather::kClear);
  const double dusk = brightness(TimeOfDay::kDusk, Weather::kClear);
  const double night = brightness(TimeOfDay::kNight, Weather::kClear);
  EXPECT_GT(day, dusk);
  EXPECT_GT(dusk, night);
  EXPECT_GT(night, 8) << "a night must still be seen";
  EXPECT_LT(brightness(TimeOfDay::kDay, Weather::kStorm), day);
}

TEST(Renderer, WinterWhitensTheGroundUnlessSnowIsExcluded) {
  auto ground = [](Season season, std::vector<std::string> excluded) {
    Shot shot = field_shot();
    shot.environment.season = season;
    shot.environment.excluded = std::move(excluded);
    const Picture p = frame_of(shot, small());
    double sum = 0;  // blue of the lowest rows: grass has next to none
    for (size_t i = p.rgb.size() * 3 / 4; i + 2 < p.rgb.size(); i += 3) sum += p.rgb[i + 2];
    return sum;
  };
  const double summer = ground(Season::kSummer, {}), winter = ground(Season::kWinter, {});
  EXPECT_GT(winter, summer * 1.5);
  EXPECT_LT(ground(Season::kWinter, {"snow"}), winter * 0.8);
}

TEST(Renderer, NoirHasNoColour) {
  Shot shot = field_shot();
  shot.environment.grade = Grade::kNoir;
  const Picture p = frame_of(shot, small());
  for (size_t i = 0; i + 2 < p.rgb.size(); i += 3) {
    ASSERT_NEAR(p.rgb[i], p.rgb[i + 1], 8);
    ASSERT_NEAR(p.rgb[i + 2], p.rgb[i + 1], 8);
  }
}

TEST(Renderer, APlaceFollowsItsSeedAndNotThatOfTheShot) {
  for (const Biome biome :
       {Biome::kForest, Biome::kMountain, Biome::kBeach, Biome::kSea, Biome::kField}) {
    Shot shot = shot_in(biome);
    shot.place_seed = 1;
    const Picture first = frame_of(shot, small());
    shot.seed = 2;
    EXPECT_EQ(distance(frame_of(shot, small()), first), 0) << "biome " << static_cast<int>(biome);
    shot.place_seed = 2;
    EXPECT_GT(distance(frame_of(shot, small()), first), 8) << "biome " << static_cast<int>(biome);
  }
}

TEST(RenderTargets, ListsAtLeastTheBaselineAndTheBestFirst) {
  const std::vector<RenderTarget> targets = render_targets();
  ASSERT_FALSE(targets.empty());
  EXPECT_NE(targets.front().mask, 0);
  EXPECT_FALSE(targets.front().name.empty());
}

}  // namespace
}  // namespace rushes::previz
