#include "previz/scene/scene.h"

#include <fmt/format.h>

#include <array>
#include <type_traits>

namespace rushes::previz {
namespace {

// The words of each enumeration in the order of its values: the one place that spells them.
template <class E>
constexpr std::array<std::string_view, 0> kWords{};
template <>
constexpr std::array<std::string_view, 5> kWords<Biome>{"field", "mountain", "forest", "beach",
                                                        "sea"};
template <>
constexpr std::array<std::string_view, 5> kWords<TimeOfDay>{"day", "dawn", "sunset", "dusk",
                                                            "night"};
template <>
constexpr std::array<std::string_view, 6> kWords<Weather>{"clear", "cloudy", "rain",
                                                          "snow",  "storm",  "fog"};
template <>
constexpr std::array<std::string_view, 4> kWords<Season>{"summer", "spring", "autumn", "winter"};
template <>
constexpr std::array<std::string_view, 6> kWords<Grade>{"film",    "noir", "anime",
                                                        "vintage", "neon", "watercolour"};
template <>
constexpr std::array<std::string_view, 24> kWords<Action>{
    "idle",  "walk", "run",  "gallop", "jump", "fly",   "swim", "sit",
    "lie",   "look", "wave", "dance",  "eat",  "drink", "play", "ride",
    "drive", "fall", "rise", "spin",   "glow", "burn",  "flow", "approach"};
template <>
constexpr std::array<std::string_view, 16> kWords<Relation>{
    "none",    "in",     "on",     "under",   "over",  "behind",  "in_front_of", "beside",
    "between", "around", "across", "through", "along", "towards", "away",        "at"};
template <>
constexpr std::array<std::string_view, 3> kWords<FormKind>{"rig", "card", "prop"};
template <>
constexpr std::array<std::string_view, 6> kWords<ShotSize>{"full",   "extreme_wide", "wide",
                                                           "medium", "close_up",     "landscape"};
template <>
constexpr std::array<std::string_view, 6> kWords<Angle>{"eye",    "low",           "high",
                                                        "aerial", "over_shoulder", "pov"};
template <>
constexpr std::array<std::string_view, 18> kWords<Move>{
    "auto",       "static",      "push_in",   "pull_out", "track",    "pan_left",
    "pan_right",  "tilt_up",     "tilt_down", "orbit",    "crane_up", "crane_down",
    "truck_left", "truck_right", "handheld",  "zoom_in",  "zoom_out", "fly_over"};

template <class E>
std::string_view word_of(E value) {
  const auto index = static_cast<size_t>(value);
  return index < kWords<E>.size() ? kWords<E>[index] : "unknown";
}

json::Value colour_to_json(const Colour& colour) {
  return json::Array{double{colour.red}, double{colour.green}, double{colour.blue}};
}

json::Value form_to_json(const Form& form) {
  return json::Object{
      {"kind", to_string(form.kind)}, {"name", form.name}, {"stand_in", form.stand_in}};
}

json::Value accessory_to_json(const Accessory& accessory) {
  json::Object object{{"concept", accessory.concept_name}, {"form", form_to_json(accessory.form)}};
  object.emplace_back("colour",
                      accessory.colour ? colour_to_json(*accessory.colour) : json::Value());
  return object;
}

json::Value subject_to_json(const Subject& subject) {
  json::Array colours, accessories;
  for (const Colour& colour : subject.colours) colours.push_back(colour_to_json(colour));
  for (const Accessory& item : subject.accessories) accessories.push_back(accessory_to_json(item));
  return json::Object{
      {"concept", subject.concept_name},
      {"form", form_to_json(subject.form)},
      {"count", subject.count},
      {"colours", std::move(colours)},
      {"accessories", std::move(accessories)},
      {"action", to_string(subject.action)},
      {"relation", to_string(subject.relation)},
      {"relative_to", subject.relative_to},
      {"size_scale", double{subject.size_scale}},
  };
}

json::Value texts_to_json(const std::vector<std::string>& texts) {
  json::Array array;
  for (const std::string& text : texts) array.emplace_back(text);
  return array;
}

// Reads the members of one object; the first mistake is kept and names its path.
class Reader {
 public:
  Reader(const json::Value& value, std::string path) : value_(value), path_(std::move(path)) {
    if (!value.as_object()) blame("", "must be an object");
  }

  template <class E>
    requires std::is_enum_v<E>
  void read(std::string_view key, E& out) {
    const std::string* text = member(key).as_string();
    for (size_t i = 0; text && i < kWords<E>.size(); ++i) {
      if (kWords<E>[i] == *text) {
        out = static_cast<E>(i);
        return;
      }
    }
    blame(key, text ? fmt::format("has the unknown value '{}'", *text) : "must be a string");
  }
  void read(std::string_view key, std::string& out) {
    const std::string* text = member(key).as_string();
    if (!text) return blame(key, "must be a string");
    out = *text;
  }
  void read(std::string_view key, bool& out) {
    const auto flag = member(key).as_bool();
    if (!flag) return blame(key, "must be true or false");
    out = *flag;
  }
  void read(std::string_view key, int& out, int min, int max) {
    const auto number = member(key).as_int();
    if (!number || *number < min || *number > max) {
      return blame(key, fmt::format("must be an integer from {} to {}", min, max));
    }
    out = static_cast<int>(*number);
  }
  void read(std::string_view key, float& out, float min, float max) {
    const auto number = member(key).as_double();
    if (!number || !(*number >= min && *number <= max)) {
      return blame(key, fmt::format("must be a number from {} to {}", min, max));
    }
    out = static_cast<float>(*number);
  }
  void read(std::string_view key, std::vector<std::string>& out) {
    each(key, [&](const json::Value& item, const std::string& path) {
      if (const std::string* text = item.as_string()) return out.push_back(*text);
      blame_at(path, "must be a string");
    });
  }
  void read(std::string_view key, Form& out) {
    Reader inner(member(key), at(key));
    inner.read("kind", out.kind);
    inner.read("name", out.name);
    inner.read("stand_in", out.stand_in);
    adopt(inner);
  }
  void read(std::string_view key, std::vector<Colour>& out) {
    each(key, [&](const json::Value& item, const std::string& path) {
      out.push_back(colour(item, path));
    });
  }
  void read(std::string_view key, std::optional<Colour>& out) {
    const json::Value& item = member(key);
    if (!item.is_null() || !value_.find(key)) out = colour(item, at(key));
  }

  template <class Visit>
  void each(std::string_view key, Visit visit) {
    const json::Array* array = member(key).as_array();
    if (!array) return blame(key, "must be an array");
    for (size_t i = 0; i < array->size(); ++i) {
      visit((*array)[i], fmt::format("{}[{}]", at(key), i));
    }
  }
  void adopt(const Reader& inner) {
    if (problem_.empty()) problem_ = inner.problem_;
  }
  // After the last read: members that nobody writes are a mistake too.
  void expect_member_count(size_t count) {
    const json::Object* object = value_.as_object();
    if (object && object->size() != count) {
      blame("", fmt::format("must have {} members, has {}", count, object->size()));
    }
  }
  const std::string& problem() const { return problem_; }

 private:
  const json::Value& member(std::string_view key) const {
    static const json::Value kNull;
    const json::Value* found = value_.find(key);
    return found ? *found : kNull;
  }
  std::string at(std::string_view key) const {
    if (path_.empty()) return std::string(key);
    return key.empty() ? path_ : fmt::format("{}.{}", path_, key);
  }
  void blame(std::string_view key, std::string_view what) { blame_at(at(key), what); }
  void blame_at(std::string_view path, std::string_view what) {
    if (problem_.empty()) {
      problem_ = fmt::format("{} {}", path.empty() ? std::string_view("scene") : path, what);
    }
  }
  Colour colour(const json::Value& item, const std::string& path) {
    const json::Array* parts = item.as_array();
    std::array<float, 3> rgb{};
    bool good = parts && parts->size() == rgb.size();
    for (size_t i = 0; good && i < rgb.size(); ++i) {
      const auto number = (*parts)[i].as_double();
      good = number && *number >= 0 && *number <= 1;
      if (good) rgb[i] = static_cast<float>(*number);
    }
    if (!good) blame_at(path, "must be three numbers from 0 to 1");
    return {rgb[0], rgb[1], rgb[2]};
  }

  const json::Value& value_;
  std::string path_;
  std::string problem_;
};

Accessory read_accessory(Reader& reader) {
  Accessory accessory;
  reader.read("concept", accessory.concept_name);
  reader.read("form", accessory.form);
  reader.read("colour", accessory.colour);
  reader.expect_member_count(3);
  return accessory;
}

Subject read_subject(Reader& reader) {
  Subject subject;
  reader.read("concept", subject.concept_name);
  reader.read("form", subject.form);
  reader.read("count", subject.count, 1, 12);
  reader.read("colours", subject.colours);
  reader.each("accessories", [&](const json::Value& item, const std::string& path) {
    Reader inner(item, path);
    subject.accessories.push_back(read_accessory(inner));
    reader.adopt(inner);
  });
  reader.read("action", subject.action);
  reader.read("relation", subject.relation);
  reader.read("relative_to", subject.relative_to, -1, 63);
  reader.read("size_scale", subject.size_scale, 0.01f, 100);
  reader.expect_member_count(9);
  return subject;
}

}  // namespace

std::string_view to_string(Biome biome) { return word_of(biome); }
std::string_view to_string(TimeOfDay time) { return word_of(time); }
std::string_view to_string(Weather weather) { return word_of(weather); }
std::string_view to_string(Season season) { return word_of(season); }
std::string_view to_string(Grade grade) { return word_of(grade); }
std::string_view to_string(Action action) { return word_of(action); }
std::string_view to_string(Relation relation) { return word_of(relation); }
std::string_view to_string(FormKind kind) { return word_of(kind); }
std::string_view to_string(ShotSize shot) { return word_of(shot); }
std::string_view to_string(Angle angle) { return word_of(angle); }
std::string_view to_string(Move move) { return word_of(move); }

json::Value to_json(const SceneIR& scene) {
  json::Array subjects;
  for (const Subject& subject : scene.subjects) subjects.push_back(subject_to_json(subject));
  return json::Object{
      {"biome", to_string(scene.biome)},
      {"biome_variant", scene.biome_variant},
      {"time", to_string(scene.time)},
      {"weather", to_string(scene.weather)},
      {"season", to_string(scene.season)},
      {"grade", to_string(scene.grade)},
      {"mood", scene.mood},
      {"cloud_amount", double{scene.cloud_amount}},
      {"fog_amount", double{scene.fog_amount}},
      {"speed", double{scene.speed}},
      {"subjects", std::move(subjects)},
      {"shot", to_string(scene.shot)},
      {"angle", to_string(scene.angle)},
      {"move", to_string(scene.move)},
      {"dialogue", texts_to_json(scene.dialogue)},
      {"excluded", texts_to_json(scene.excluded)},
      {"notes", texts_to_json(scene.notes)},
      {"unused", texts_to_json(scene.unused)},
  };
}

Result<SceneIR> scene_from_json(const json::Value& value) {
  SceneIR scene;
  Reader reader(value, "");
  reader.read("biome", scene.biome);
  reader.read("biome_variant", scene.biome_variant);
  reader.read("time", scene.time);
  reader.read("weather", scene.weather);
  reader.read("season", scene.season);
  reader.read("grade", scene.grade);
  reader.read("mood", scene.mood);
  reader.read("cloud_amount", scene.cloud_amount, 0, 1);
  reader.read("fog_amount", scene.fog_amount, 0, 1);
  reader.read("speed", scene.speed, 0.01f, 100);
  reader.each("subjects", [&](const json::Value& item, const std::string& path) {
    Reader inner(item, path);
    scene.subjects.push_back(read_subject(inner));
    reader.adopt(inner);
  });
  reader.read("shot", scene.shot);
  reader.read("angle", scene.angle);
  reader.read("move", scene.move);
  reader.read("dialogue", scene.dialogue);
  reader.read("excluded", scene.excluded);
  reader.read("notes", scene.notes);
  reader.read("unused", scene.unused);
  reader.expect_member_count(18);
  if (!reader.problem().empty()) return fail(ErrorCode::kCorrupt, reader.problem());
  for (size_t i = 0; i < scene.subjects.size(); ++i) {
    if (scene.subjects[i].relative_to >= static_cast<int>(scene.subjects.size())) {
      return fail(ErrorCode::kCorrupt, fmt::format("subjects[{}].relative_to names no subject", i));
    }
  }
  return scene;
}

}  // namespace rushes::previz
