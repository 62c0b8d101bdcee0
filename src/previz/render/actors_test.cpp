// Actors through the whole renderer: equal bits for every target and number of threads, and
// something to see where an actor stands.
#include "previz/render/actors.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <string>
#include <vector>

#include "previz/render/renderer.h"

namespace rushes::previz {
namespace {

Actor actor_of(FormKind kind, std::string name, Action action = Action::kIdle) {
  Actor actor;
  actor.form = {kind, std::move(name), false};
  actor.action = action;
  actor.height_m = 1;
  actor.length_m = 1.6f;
  actor.width_m = 0.5f;
  actor.heading = -0.5f;
  actor.seed = 5;
  return actor;
}

Shot shot_of(std::vector<Actor> actors) {
  Shot shot;
  shot.actors = std::move(actors);
  shot.frame_count = 48;
  shot.environment.to_sun = normalize(Point{-0.5f, 0.6f, -0.3f});
  shot.camera.position_from = shot.camera.position_to = {0.1f, 0.9f, -3};
  shot.camera.target_from = shot.camera.target_to = {0.1f, 0.5f, 0};
  return shot;
}

Picture picture_of(const Shot& shot, int frame, int width, int height, int threads = 1,
                   int64_t targets = 0) {
  RenderOptions options;
  options.width = width;
  options.height = height;
  options.samples = 2;
  options.threads = threads;
  options.targets = targets;
  auto renderer = Renderer::create(shot, options);
  EXPECT_TRUE(renderer.has_value());
  Picture picture;
  (*renderer)->render(frame, picture);
  return picture;
}

int pixels_that_differ(const Picture& a, const Picture& b) {
  int count = 0;
  for (size_t i = 0; i < a.rgb.size(); i += 3) {
    int most = 0;
    for (size_t c = 0; c < 3; ++c) most = std::max(most, std::abs(a.rgb[i + c] - b.rgb[i + c]));
    if (most > 12) ++count;
  }
  return count;
}

std::vector<Actor> troupe() {
  Actor raccoon = actor_of(FormKind::kRig, "raccoon", Action::kRun);
  raccoon.velocity = {3, 0, 0};
  raccoon.start = {-1.6f, 0, 0};
  raccoon.heading = 0;
  raccoon.accessories = {{"hat", {FormKind::kCard, "top-hat", false}, Colour{0.8f, 0.1f, 0.1f}}};
  Actor rex = actor_of(FormKind::kCard, "t-rex", Action::kLie);
  rex.start = {0.9f, 0.2f, 0.4f};
  rex.recline = 0.7f;
  rex.accessories = {{"sunglasses", {FormKind::kCard, "sunglasses", false}, std::nullopt}};
  Actor lounger = actor_of(FormKind::kProp, "sun_lounger");
  lounger.start = {0.9f, 0, 0.4f};
  Actor cat = actor_of(FormKind::kRig, "cat", Action::kPlay);
  cat.start = {-0.9f, 0, 0.8f};
  cat.height_m = 0.6f;
  return {raccoon, rex, lounger, cat};
}

TEST(Actors, AreEqualToTheBitOnEveryTargetAndNumberOfThreads) {
  const Shot shot = shot_of(troupe());
  for (const auto& [width, height] : {std::pair{160, 90}, std::pair{90, 122}}) {
    const Picture expected = picture_of(shot, 11, width, height);
    for (const RenderTarget& target : render_targets()) {
      for (const int threads : {1, 3}) {
        EXPECT_EQ(picture_of(shot, 11, width, height, threads, target.mask).rgb, expected.rgb)
            << target.name << ", " << threads << " threads, " << width << "x" << height;
      }
    }
  }
}

TEST(Actors, OfEveryKindAreSeen) {
  const Picture nobody = picture_of(shot_of({}), 3, 96, 64);
  for (const char* species : {"bear", "cat", "cow", "deer", "dog", "elephant", "fox", "horse",
                              "lion", "pig", "rabbit", "raccoon", "sheep", "tiger", "wolf"}) {
    EXPECT_GT(pixels_that_differ(
                  picture_of(shot_of({actor_of(FormKind::kRig, species)}), 3, 96, 64), nobody),
              150)
        << species;
  }
  for (const char* prop : {"sun_lounger", "parasol", "beach_ball", "campfire", "rock"}) {
    EXPECT_GT(pixels_that_differ(picture_of(shot_of({actor_of(FormKind::kProp, prop)}), 3, 96, 64),
                                 nobody),
              100)
        << prop;
  }
  for (const char* icon : {"t-rex", "sailboat", "no such icon"}) {
    EXPECT_GT(pixels_that_differ(picture_of(shot_of({actor_of(FormKind::kCard, icon)}), 3, 96, 64),
                                 nobody),
              150)
        << icon;
  }
}

TEST(Actors, MoveInEveryAction) {
  for (const FormKind kind : {FormKind::kRig, FormKind::kCard}) {
    for (int action = 0; action <= static_cast<int>(Action::kApproach); ++action) {
      Actor actor =
          actor_of(kind, kind == FormKind::kRig ? "fox" : "t-rex", static_cast<Action>(action));
      const Shot with = shot_of({actor});
      EXPECT_NE(picture_of(with, 2, 96, 64).rgb, picture_of(with, 13, 96, 64).rgb)
          << (kind == FormKind::kRig ? "rig " : "card ") << action;
    }
  }
}

TEST(Actors, OneWhoLeansBackIsNotHiddenByWhatItRestsOnFromWhereverOneLooks) {
  Actor lounger = actor_of(FormKind::kProp, "sun_lounger");
  lounger.height_m = 0.75f;
  lounger.length_m = 2.3f;
  lounger.width_m = 0.8f;
  Actor rex = actor_of(FormKind::kCard, "t-rex", Action::kLie);
  rex.height_m = 2.2f;
  rex.recline = 0.7f;
  rex.start.y = 0.42f * lounger.height_m;
  for (const Point camera :
       {Point{0, 1.3f, -6}, Point{2.5f, 1.3f, -5.5f}, Point{-2, 2.6f, -5.5f}}) {
    const auto picture = [&](std::vector<Actor> actors) {
      Shot shot = shot_of(std::move(actors));
      shot.environment.weather = Weather::kCloudy;  // no shadows to be taken for bodies
      shot.camera.position_from = shot.camera.position_to = camera;
      shot.camera.target_from = shot.camera.target_to = {0, 0.9f, 0};
      return picture_of(shot, 3, 240, 160);
    };
    const Picture nobody = picture({}), alone = picture({rex});
    const Picture empty = picture({lounger}), both = picture({rex, lounger});
    int body = 0, hidden = 0;
    for (size_t i = 0; i < nobody.rgb.size(); i += 3) {
      const auto differ = [i](const Picture& a, const Picture& b, int allowed) {
        return std::abs(a.rgb[i] - b.rgb[i]) + std::abs(a.rgb[i + 1] - b.rgb[i + 1]) +
                   std::abs(a.rgb[i + 2] - b.rgb[i + 2]) >
               allowed;
      };
      if (!differ(alone, nobody, 120)) continue;
      ++body;
      hidden += differ(both, empty, 24) ? 0 : 1;
    }
    EXPECT_GT(body, 1000);
    EXPECT_LT(hidden * 14, body) << "of " << body << " from x " << camera.x;
  }
}

TEST(Actors, ADozenOfThemIsNoTrouble) {
  std::vector<Actor> herd;
  for (int i = 0; i < 30; ++i) {
    Actor horse = actor_of(FormKind::kRig, "horse", Action::kGallop);
    horse.start = {static_cast<float>(i % 6) - 3, 0, static_cast<float>(i / 6) * 1.5f};
    horse.velocity = {6, 0, 0};
    horse.phase = static_cast<float>(i) / 30;
    herd.push_back(horse);
  }
  const Picture seen = picture_of(shot_of(herd), 4, 96, 64);
  EXPECT_GT(pixels_that_differ(seen, picture_of(shot_of({}), 4, 96, 64)), 800);
}

}  // namespace
}  // namespace rushes::previz
