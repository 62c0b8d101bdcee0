// Renders frames of a hand-written shot as PPM, to look at biomes, light and actors while drawing.
//
//   render_still --biome mountain --time sunset --size 1280x720 --frame 40 --out still.ppm
//   render_still --biome forest --rig raccoon --action run --velocity 3,0 --camera 0,1,-4 --target
//   0,0.5,0 render_still --biome field --bench 24        (CPU time per frame, nothing written)
#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

#include "previz/render/renderer.h"
#include "previz/scene/vantage.h"

namespace {

using namespace rushes;
using namespace rushes::previz;

struct Settings {
  Shot shot;
  RenderOptions render;
  int frame = 0, bench = 0;
  std::string out = "still.ppm";
  bool camera_given = false;
};

[[noreturn]] void refuse(const std::string& why) {
  std::fprintf(stderr, "render_still: %s\n", why.c_str());
  std::exit(2);
}

std::vector<float> numbers(std::string_view text) {
  std::vector<float> all;
  while (!text.empty()) {
    float value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc()) refuse("not a number: " + std::string(text));
    all.push_back(value);
    text.remove_prefix(static_cast<size_t>(end - text.data()));
    if (!text.empty()) text.remove_prefix(1);
  }
  return all;
}

Point point(std::string_view text) {
  const std::vector<float> n = numbers(text);
  if (n.size() != 3) refuse("expected x,y,z: " + std::string(text));
  return {n[0], n[1], n[2]};
}

// The enumerator whose name in `names` is `text`.
template <class Enum>
Enum pick(std::string_view text, std::initializer_list<std::string_view> names) {
  int index = 0;
  for (std::string_view name : names) {
    if (name == text) return static_cast<Enum>(index);
    ++index;
  }
  refuse("unknown word: " + std::string(text));
}

Action pick_action(std::string_view text) {
  return pick<Action>(text,
                      {"idle",  "walk", "run",  "gallop", "jump", "fly",   "swim", "sit",
                       "lie",   "look", "wave", "dance",  "eat",  "drink", "play", "ride",
                       "drive", "fall", "rise", "spin",   "glow", "burn",  "flow", "approach"});
}

// Where the director puts the sun, for want of a director.
Point sun_of(TimeOfDay time) {
  switch (time) {
    case TimeOfDay::kDay: return {-0.55f, 0.60f, -0.10f};
    case TimeOfDay::kDawn: return {-0.80f, 0.22f, 0.50f};
    case TimeOfDay::kSunset: return {0.45f, 0.13f, 0.88f};
    case TimeOfDay::kDusk: return {0.50f, 0.04f, 0.86f};
    case TimeOfDay::kNight: return {-0.45f, 0.50f, 0.62f};
  }
  return {0, 1, 0};
}

void add_actor(Settings& s, FormKind kind, std::string_view name) {
  Actor actor;
  actor.form = Form{kind, std::string(name), false};
  actor.concept_name = name;
  actor.seed = static_cast<uint32_t>(s.shot.actors.size()) + 5;
  actor.is_main = s.shot.actors.empty();
  s.shot.actors.push_back(std::move(actor));
}

void set_actor(Settings& s, std::string_view option, std::string_view value) {
  if (s.shot.actors.empty()) refuse("an actor (--rig, --card, --prop) must come first");
  Actor& actor = s.shot.actors.back();
  if (option == "--action") {
    actor.action = pick_action(value);
  } else if (option == "--at") {
    actor.start = point(value);
  } else if (option == "--velocity") {
    actor.velocity = point(value);
  } else if (option == "--heading") {
    actor.heading = numbers(value).at(0);
  } else if (option == "--box") {
    const Point box = point(value);
    actor.height_m = box.x;
    actor.length_m = box.y;
    actor.width_m = box.z;
  } else if (option == "--recline") {
    actor.recline = numbers(value).at(0);
  } else if (option == "--colour") {
    const Point c = point(value);
    actor.colours.push_back({c.x, c.y, c.z});
  } else if (option == "--wear") {
    actor.accessories.push_back(
        {std::string(value), Form{FormKind::kCard, std::string(value)}, {}});
  } else {
    refuse("unknown option: " + std::string(option));
  }
}

void set(Settings& s, std::string_view option, std::string_view value) {
  Environment& e = s.shot.environment;
  const std::string text(value);
  if (option == "--biome") {
    e.biome = pick<Biome>(value, {"field", "mountain", "forest", "beach", "sea"});
  } else if (option == "--variant") {
    e.biome_variant = text;
  } else if (option == "--time") {
    e.time = pick<TimeOfDay>(value, {"day", "dawn", "sunset", "dusk", "night"});
    e.to_sun = normalize(sun_of(e.time));
  } else if (option == "--sun") {
    e.to_sun = normalize(point(value));
  } else if (option == "--weather") {
    e.weather = pick<Weather>(value, {"clear", "cloudy", "rain", "snow", "storm", "fog"});
  } else if (option == "--season") {
    e.season = pick<Season>(value, {"summer", "spring", "autumn", "winter"});
  } else if (option == "--grade") {
    e.grade = pick<Grade>(value, {"film", "noir", "anime", "vintage", "neon", "watercolour"});
  } else if (option == "--clouds") {
    e.cloud_amount = numbers(value).at(0);
  } else if (option == "--fog") {
    e.fog_amount = numbers(value).at(0);
  } else if (option == "--wind") {
    e.wind = numbers(value).at(0);
  } else if (option == "--exclude") {
    e.excluded.push_back(text);
  } else if (option == "--size") {
    const size_t x = text.find('x');
    s.render.width = std::atoi(text.c_str());
    s.render.height = x == std::string::npos ? 0 : std::atoi(text.c_str() + x + 1);
  } else if (option == "--samples") {
    s.render.samples = std::atoi(text.c_str());
  } else if (option == "--threads") {
    s.render.threads = std::atoi(text.c_str());
  } else if (option == "--scale") {
    s.render.internal_scale = numbers(value).at(0);
  } else if (option == "--target-name") {
    for (const RenderTarget& target : render_targets()) {
      if (target.name == text) s.render.targets = target.mask;
    }
    if (s.render.targets == 0) refuse("no such vector target here: " + text);
  } else if (option == "--seed") {
    s.shot.place_seed = static_cast<uint32_t>(std::atoi(text.c_str()));
  } else if (option == "--frames") {
    s.shot.frame_count = std::atoi(text.c_str());
  } else if (option == "--frame") {
    s.frame = std::atoi(text.c_str());
  } else if (option == "--bench") {
    s.bench = std::atoi(text.c_str());
  } else if (option == "--camera") {
    s.shot.camera.position_from = s.shot.camera.position_to = point(value);
    s.camera_given = true;
  } else if (option == "--target") {
    s.shot.camera.target_from = s.shot.camera.target_to = point(value);
  } else if (option == "--drift") {
    s.shot.camera.velocity = point(value);
  } else if (option == "--fov") {
    s.shot.camera.tan_half_fov_from = s.shot.camera.tan_half_fov_to = numbers(value).at(0);
  } else if (option == "--out") {
    s.out = text;
  } else if (option == "--rig") {
    add_actor(s, FormKind::kRig, value);
  } else if (option == "--card") {
    add_actor(s, FormKind::kCard, value);
  } else if (option == "--prop") {
    add_actor(s, FormKind::kProp, value);
  } else {
    set_actor(s, option, value);
  }
}

// Without --camera, the biome's own landscape vantage.
void place_camera(Settings& s) {
  if (s.camera_given) return;
  const Vantage v = landscape_vantage(s.shot.environment, s.render.height > s.render.width);
  CameraPath& c = s.shot.camera;
  c.position_from = c.position_to = v.position;
  c.target_from = c.target_to = v.target;
  c.velocity = v.drift;
  c.tan_half_fov_from = c.tan_half_fov_to = v.tan_half_fov;
}

void write_ppm(const Picture& picture, const std::string& path) {
  std::ofstream file(path, std::ios::binary);
  file << "P6\n" << picture.width << ' ' << picture.height << "\n255\n";
  file.write(reinterpret_cast<const char*>(picture.rgb.data()),
             static_cast<std::streamsize>(picture.rgb.size()));
  if (!file) refuse("cannot write " + path);
}

double cpu_ms() { return 1e3 * static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

}  // namespace

int main(int argc, char** argv) {
  Settings s;
  s.shot.frame_count = 120;
  s.shot.environment.to_sun = normalize(sun_of(TimeOfDay::kDay));
  s.render.threads = 2;
  for (int i = 1; i + 1 < argc; i += 2) set(s, argv[i], argv[i + 1]);
  if (argc % 2 == 0) refuse("every option takes a value");
  place_camera(s);

  const double begin = cpu_ms();
  auto renderer = Renderer::create(s.shot, s.render);
  if (!renderer) refuse(renderer.error().message);
  const double baked = cpu_ms();
  Picture picture;
  if (s.bench > 0) {
    for (int i = 0; i < s.bench; ++i)
      (*renderer)->render(i * s.shot.frame_count / s.bench, picture);
    std::printf("bake %.0f ms, %.1f ms of CPU per frame\n", baked - begin,
                (cpu_ms() - baked) / s.bench);
    return 0;
  }
  (*renderer)->render(s.frame, picture);
  write_ppm(picture, s.out);
  std::printf("bake %.0f ms, frame %.1f ms of CPU\n", baked - begin, cpu_ms() - baked);
  return 0;
}
