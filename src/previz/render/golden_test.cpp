// Golden frames: a case is a shot, a size and a frame; its SHA-256 over the RGB bytes is on record
// in testdata/goldens.txt. `previz_render_test --update-goldens` writes the record anew.
//
// Every vector target this machine has and every number of threads must give the same bytes.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>

#include "base/bytes.h"
#include "base/crypto/digest.h"
#include "previz/render/renderer.h"
#include "previz/scene/vantage.h"

namespace rushes::previz {
namespace {

struct Size {
  int width, height;
};
// The last two are no multiples of the widest packet.
constexpr Size kSizes[] = {{320, 180}, {180, 320}, {270, 270}};
constexpr int kFrameCount = 48;
constexpr int kFrames[] = {0, kFrameCount / 2, kFrameCount - 1};
const std::filesystem::path kRecord = std::filesystem::path(RUSHES_TESTDATA) / "goldens.txt";

struct Case {
  std::string name;
  Environment environment;
  bool at_stage = false;  // the camera among the actors instead of the landscape's vantage
};

Environment place(Biome biome, TimeOfDay time, Point sun) {
  Environment e;
  e.biome = biome;
  e.time = time;
  e.to_sun = normalize(sun);
  e.cloud_amount = 0.55f;
  return e;
}

std::vector<Case> cases() {
  std::vector<Case> all;
  all.push_back({"mountain_day", place(Biome::kMountain, TimeOfDay::kDay, {-0.75f, 0.4f, 0.3f})});
  all.push_back({"mountain_stage_sunset",
                 place(Biome::kMountain, TimeOfDay::kSunset, {0.8f, 0.16f, 0.2f}), true});
  all.push_back({"field_day", place(Biome::kField, TimeOfDay::kDay, {-0.55f, 0.6f, -0.1f})});
  Environment snow = place(Biome::kField, TimeOfDay::kDusk, {0.5f, 0.1f, 0.8f});
  snow.weather = Weather::kSnow;
  snow.season = Season::kWinter;
  snow.grade = Grade::kVintage;
  all.push_back({"field_snow_dusk_vintage", snow});
  Environment storm = place(Biome::kField, TimeOfDay::kNight, {-0.4f, 0.5f, 0.6f});
  storm.weather = Weather::kStorm;
  storm.season = Season::kAutumn;
  storm.grade = Grade::kNoir;
  storm.wind = 3;
  all.push_back({"field_storm_night_noir", storm});
  all.push_back({"forest_day", place(Biome::kForest, TimeOfDay::kDay, {-0.55f, 0.6f, -0.1f})});
  Environment autumn = place(Biome::kForest, TimeOfDay::kDawn, {-0.8f, 0.22f, 0.5f});
  autumn.biome_variant = "broadleaf";
  autumn.season = Season::kAutumn;
  all.push_back({"forest_stage_autumn_dawn", autumn, true});
  Environment pines = place(Biome::kForest, TimeOfDay::kNight, {-0.45f, 0.5f, 0.62f});
  pines.biome_variant = "conifer";
  pines.weather = Weather::kSnow;
  all.push_back({"forest_conifer_snow_night", pines});
  Environment bamboo = place(Biome::kForest, TimeOfDay::kDay, {0.52f, 0.62f, -0.3f});
  bamboo.biome_variant = "bamboo";
  bamboo.weather = Weather::kFog;
  all.push_back({"forest_bamboo_fog", bamboo});
  all.push_back({"beach_sunset", place(Biome::kBeach, TimeOfDay::kSunset, {0.45f, 0.13f, 0.88f})});
  all.push_back(
      {"beach_stage_day", place(Biome::kBeach, TimeOfDay::kDay, {0.52f, 0.62f, -0.3f}), true});
  Environment dunes = place(Biome::kBeach, TimeOfDay::kDay, {0.8f, 0.3f, 0.4f});
  dunes.biome_variant = "dunes";
  all.push_back({"beach_dunes", dunes});
  all.push_back({"sea_sunset", place(Biome::kSea, TimeOfDay::kSunset, {0.45f, 0.13f, 0.88f})});
  Environment gale = place(Biome::kSea, TimeOfDay::kDusk, {0.5f, 0.1f, 0.8f});
  gale.weather = Weather::kStorm;
  gale.wind = 3;
  all.push_back({"sea_stage_storm_dusk", gale, true});
  return all;
}

Shot shot_of(const Case& c, Size size) {
  Shot shot;
  shot.environment = c.environment;
  shot.frame_count = kFrameCount;
  shot.place_seed = 7;
  const Vantage v = landscape_vantage(c.environment, size.height > size.width);
  shot.camera.position_from = shot.camera.position_to =
      c.at_stage ? Point{0, 1.4f, -6} : v.position;
  shot.camera.target_from = shot.camera.target_to = c.at_stage ? Point{0, 1.2f, 4} : v.target;
  shot.camera.velocity = v.drift * (c.at_stage ? 0.02f : 1.0f);
  return shot;
}

std::unique_ptr<Renderer> renderer_of(const Case& c, Size size, int threads = 2,
                                      int64_t targets = 0) {
  RenderOptions options;
  options.width = size.width;
  options.height = size.height;
  options.threads = threads;
  options.targets = targets;
  auto renderer = Renderer::create(shot_of(c, size), options);
  EXPECT_TRUE(renderer.has_value());
  return std::move(*renderer);
}

std::string digest(const Picture& picture) {
  return to_hex(sha256({reinterpret_cast<const char*>(picture.rgb.data()), picture.rgb.size()}));
}

// Pictures of a failed case go below the folder the test runs in: the build folder.
void keep(const Picture& picture, const std::string& name) {
  std::filesystem::create_directories("golden_mismatch");
  std::ofstream file("golden_mismatch/" + name + ".ppm", std::ios::binary);
  file << "P6\n" << picture.width << ' ' << picture.height << "\n255\n";
  file.write(reinterpret_cast<const char*>(picture.rgb.data()),
             static_cast<std::streamsize>(picture.rgb.size()));
}

void keep_both(const Picture& expected, const Picture& actual, const std::string& name) {
  Picture difference = expected;
  for (size_t i = 0; i < difference.rgb.size(); ++i) {
    const int off = std::abs(int{expected.rgb[i]} - int{actual.rgb[i]});
    difference.rgb[i] = static_cast<uint8_t>(std::min(255, off * 16));
  }
  keep(expected, name + "_expected");
  keep(actual, name + "_actual");
  keep(difference, name + "_difference");
}

bool asked_to_update() {
  const auto arguments = testing::internal::GetArgvs();
  return std::find(arguments.begin(), arguments.end(), "--update-goldens") != arguments.end();
}

std::map<std::string, std::string> read_record() {
  std::map<std::string, std::string> record;
  std::ifstream file(kRecord);
  for (std::string name, hash; file >> name >> hash;) record[name] = hash;
  return record;
}

TEST(GoldenFrames, AreTheOnesOnRecord) {
  const std::map<std::string, std::string> before = read_record();
  std::map<std::string, std::string> now;
  for (const Case& c : cases()) {
    for (const Size size : kSizes) {
      const auto renderer = renderer_of(c, size);
      for (const int frame : kFrames) {
        Picture picture;
        renderer->render(frame, picture);
        const std::string name = fmt::format("{}_{}x{}_{}", c.name, size.width, size.height, frame);
        now[name] = digest(picture);
        if (asked_to_update()) continue;
        const auto known = before.find(name);
        const bool same = known != before.end() && known->second == now[name];
        EXPECT_TRUE(same) << name << " is kept in golden_mismatch/; see --update-goldens";
        if (!same) keep(picture, name);
      }
    }
  }
  if (asked_to_update()) {
    std::ofstream file(kRecord);
    for (const auto& [name, hash] : now) file << name << ' ' << hash << '\n';
  } else {
    EXPECT_EQ(before.size(), now.size()) << "the record has other cases than the test";
  }
}

// The portable baseline works on one pixel at a time: too slow for more than one frame a case.
TEST(GoldenFrames, AreTheSameOnEveryVectorTargetAndNumberOfThreads) {
  const Size size{90, 160};
  const int frame = kFrameCount / 2;
  for (const Case& c : cases()) {
    Picture expected, again;
    const auto reference = renderer_of(c, size, 1);
    reference->render(frame, expected);
    reference->render(0, again);
    reference->render(frame, again);
    EXPECT_EQ(expected.rgb, again.rgb) << c.name << ": a frame depends on the frames before it";
    for (const RenderTarget& target : render_targets()) {
      const bool baseline = target.mask == render_targets().back().mask;
      for (const int threads : {1, 2, 5}) {
        if (baseline && threads != 2) continue;
        Picture actual;
        renderer_of(c, size, threads, target.mask)->render(frame, actual);
        const std::string name = fmt::format("{}_{}_{}_threads", c.name, target.name, threads);
        EXPECT_EQ(expected.rgb, actual.rgb) << name << ": see golden_mismatch/";
        if (expected.rgb != actual.rgb) keep_both(expected, actual, name);
      }
    }
  }
}

}  // namespace
}  // namespace rushes::previz
