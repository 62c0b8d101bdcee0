#include "core/catalog/loader.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "base/words.h"

namespace rushes::catalog {
namespace {

constexpr int kDurationMaxS = 60;
constexpr int kCharactersMax = 100'000;
constexpr int kTenthsMax = 1'000'000;
constexpr std::string_view kOffersFolder = "offers/";
constexpr std::array kAspectRatios{AspectRatio::k16x9, AspectRatio::k9x16, AspectRatio::k1x1};

Mode read_mode(const Cursor& at, std::string_view word) {
  if (const auto mode = parse_mode(word)) return *mode;
  at.refuse("std, pro, 4k");
  return Mode::kStd;
}

Price read_price(const Cursor& at) {
  at.allow_only({"tenths_by_duration_s", "tenths_per_second", "tenths_per_second_with_sound"});
  Price price;
  if (const auto list = at.find("tenths_by_duration_s")) {
    for (const auto& [key, tenths] : list->members()) {
      int duration_s = 0;
      const auto [end, error] = std::from_chars(key.data(), key.data() + key.size(), duration_s);
      if (error != std::errc{} || end != key.data() + key.size() || duration_s < 1 ||
          duration_s > kDurationMaxS) {
        tenths.refuse(fmt::format("a length from 1 to {} as the member's name", kDurationMaxS));
      }
      price.by_duration_s[duration_s] = tenths.integer(1, kTenthsMax);
    }
    if (!price.by_duration_s.contains(5)) list->refuse("a list with a price for 5 seconds");
  }
  if (const auto rate = at.find("tenths_per_second")) {
    price.per_second = rate->integer(1, kTenthsMax);
  }
  if (const auto rate = at.find("tenths_per_second_with_sound")) {
    price.per_second_with_sound = rate->integer(1, kTenthsMax);
  }
  if (price.by_duration_s.empty() == !price.per_second) {
    at.refuse("either tenths_by_duration_s or tenths_per_second");
  }
  return price;
}

ModelMode read_model_mode(const Cursor& at, std::string_view word) {
  at.allow_only({"resolution", "sound", "price"});
  ModelMode mode;
  mode.mode = read_mode(at, word);
  mode.resolution = at.at("resolution").text();
  if (const auto sound = at.find("sound")) mode.sound = sound->boolean();
  mode.price = read_price(at.at("price"));
  return mode;
}

CameraRule read_camera_rule(const Cursor& at) {
  at.allow_only({"mode", "duration_s"});
  CameraRule rule;
  rule.mode = read_mode(at.at("mode"), at.at("mode").text());
  rule.duration_s = static_cast<int>(at.at("duration_s").integer(1, kDurationMaxS));
  return rule;
}

Model read_model(const Cursor& at) {
  at.allow_only({"name", "aliases", "since", "note", "fps", "durations_s", "cfg_scale",
                 "multi_shot", "camera", "mode_is_ignored", "modes"});
  Model model;
  model.name = at.at("name").text();
  if (const auto aliases = at.find("aliases")) model.aliases = aliases->texts();
  model.since = at.at("since").text();
  if (const auto note = at.find("note")) model.note = note->text();
  model.fps = static_cast<int>(at.at("fps").integer(1, 120));
  model.durations_s = at.at("durations_s").integers(1, kDurationMaxS);
  if (const auto cfg = at.find("cfg_scale")) model.cfg_scale = cfg->boolean();
  if (const auto shots = at.find("multi_shot")) model.multi_shot = shots->boolean();
  if (const auto camera = at.find("camera")) {
    for (const Cursor& rule : camera->elements()) model.camera.push_back(read_camera_rule(rule));
  }
  if (const auto ignored = at.find("mode_is_ignored")) model.mode_is_ignored = ignored->boolean();
  for (const auto& [word, mode] : at.at("modes").members()) {
    model.modes.push_back(read_model_mode(mode, word));
  }
  std::ranges::sort(model.modes, {}, &ModelMode::mode);
  if (model.modes.empty()) at.at("modes").refuse("at least one mode");
  if (model.mode_is_ignored && model.modes.size() > 1) {
    at.at("modes").refuse("one mode, where mode_is_ignored is true");
  }
  return model;
}

Limits read_limits(const Cursor& at) {
  at.allow_only({"prompt_characters", "negative_prompt_characters", "shot_prompt_characters",
                 "shots", "external_task_id_characters", "callback_url_characters"});
  const auto characters = [&](std::string_view name) {
    return static_cast<int>(at.at(name).integer(1, kCharactersMax));
  };
  return {.prompt_characters = characters("prompt_characters"),
          .negative_prompt_characters = characters("negative_prompt_characters"),
          .shot_prompt_characters = characters("shot_prompt_characters"),
          .shots = static_cast<int>(at.at("shots").integer(1, 100)),
          .external_task_id_characters = characters("external_task_id_characters"),
          .callback_url_characters = characters("callback_url_characters")};
}

std::string read_path(const Cursor& at) {
  std::string path = at.text();
  if (!path.starts_with('/') || path.ends_with('/') || path.find_first_of("?#{ ") != path.npos) {
    at.refuse("a path such as \"/v1/videos\"");
  }
  return path;
}

PageCapabilities read_page(const Cursor& at) {
  at.allow_only({"modes", "durations_s"});
  PageCapabilities page;
  for (const Cursor& mode : at.at("modes").elements()) {
    page.modes.push_back(read_mode(mode, mode.text()));
  }
  if (page.modes.empty()) at.at("modes").refuse("at least one mode");
  page.durations_s = at.at("durations_s").integers(1, kDurationMaxS);
  return page;
}

constexpr Words<Offer::SoundRule, 3> kSoundRules{
    {{Offer::SoundRule::kOff, "off"},
     {Offer::SoundRule::kOn, "on"},
     {Offer::SoundRule::kOnUnlessRefused, "on_unless_refused"}}};
constexpr Words<Offer::ShotRule, 3> kShotRules{{{Offer::ShotRule::kNone, "none"},
                                                {Offer::ShotRule::kTexts, "texts"},
                                                {Offer::ShotRule::kTimed, "timed"}}};

template <class Enum, size_t N>
void read_word(const Cursor& at, std::string_view name, const Words<Enum, N>& words, Enum& value) {
  const auto word = at.find(name);
  if (!word) return;
  if (const auto known = parse_word(words, word->text())) {
    value = *known;
    return;
  }
  std::vector<std::string_view> allowed;
  for (const auto& row : words) allowed.push_back(row.second);
  word->refuse(fmt::format("{}", fmt::join(allowed, ", ")));
}

void read_flag(const Cursor& at, std::string_view name, bool& value) {
  if (const auto flag = at.find(name)) value = flag->boolean();
}

Offer read_offer(const Cursor& at) {
  at.allow_only({"name", "model", "mode", "durations_s", "default_duration_s", "prompt_characters",
                 "negative_prompt", "cfg_scale", "camera", "sound", "shots", "shot_types"});
  Offer offer;
  offer.name = at.at("name").text();
  offer.model = at.at("model").text();
  offer.mode = read_mode(at.at("mode"), at.at("mode").text());
  offer.durations_s = at.at("durations_s").integers(1, kDurationMaxS);
  if (const auto duration_s = at.find("default_duration_s")) {
    offer.default_duration_s = static_cast<int>(duration_s->integer(1, kDurationMaxS));
  }
  if (!std::ranges::binary_search(offer.durations_s, offer.default_duration_s)) {
    at.at("durations_s").refuse("a list with default_duration_s, which is 5 if absent");
  }
  if (const auto characters = at.find("prompt_characters")) {
    offer.prompt_characters = static_cast<int>(characters->integer(1, kCharactersMax));
  }
  read_flag(at, "negative_prompt", offer.negative_prompt);
  read_flag(at, "cfg_scale", offer.cfg_scale);
  read_flag(at, "camera", offer.camera);
  read_word(at, "sound", kSoundRules, offer.sound);
  read_word(at, "shots", kShotRules, offer.shots);
  if (const auto types = at.find("shot_types")) {
    for (const auto& [word, meaning] : types->members()) {
      const auto storyboard = parse_storyboard(meaning.text());
      if (!storyboard || *storyboard == Storyboard::kSingle) {
        meaning.refuse("customize, intelligence");
        break;
      }
      offer.shot_types.emplace_back(word, *storyboard);
    }
  }
  return offer;
}

bool contains(const std::vector<std::string>& all, const std::string& text) {
  return std::ranges::find(all, text) != all.end();
}

}  // namespace

Result<Catalog> Loader::load(const std::vector<Document>& documents) {
  for (const Document& document : documents) {
    if (!problem_) read(document);
  }
  if (!problem_) check_references();
  if (problem_) return fail_user(ErrorCode::kInvalidInput, "catalog/" + *problem_);
  catalog_.camera_refusal_ = camera_refusal();
  return std::move(catalog_);
}

void Loader::read(const Document& document) {
  const auto value = json::parse(document.text);
  if (!value) {
    problem_ = fmt::format("{}: {}", document.path, value.error().message);
    return;
  }
  const Cursor root(problem_, document.path, *value);
  if (document.path == "resolutions.json") {
    read_resolutions(root);
  } else if (document.path.starts_with("models/")) {
    root.allow_only({"models"});
    for (const Cursor& at : root.at("models").elements()) {
      Model model = read_model(at);
      add_name(at.at("name"), model.name);
      for (const std::string& alias : model.aliases) add_name(at.at("aliases"), alias);
      catalog_.models_.push_back(std::move(model));
    }
  } else if (document.path.starts_with(kOffersFolder)) {
    root.allow_only({"note", "offers"});
    std::vector<Offer>& offers = offers_[document.path];
    for (const Cursor& at : root.at("offers").elements()) offers.push_back(read_offer(at));
  } else if (document.path.starts_with("profiles/")) {
    read_profile(root);
  } else {
    problem_ = document.path +
               ": unknown document, allowed are resolutions.json, models/*.json, offers/*.json, "
               "profiles/*.json";
  }
}

void Loader::read_resolutions(const Cursor& root) {
  root.allow_only({"note", "sizes", "modes"});
  for (const auto& [name, sizes] : root.at("sizes").members()) {
    sizes.allow_only({"16:9", "9:16", "1:1"});
    for (const AspectRatio aspect : kAspectRatios) {
      const Cursor at = sizes.at(to_string(aspect));
      const auto sides = at.elements();
      if (sides.size() != 2) {
        at.refuse("an array of width and height");
        return;
      }
      const Size size{static_cast<int>(sides[0].integer(16, 4096)),
                      static_cast<int>(sides[1].integer(16, 4096))};
      if (size.width % 2 != 0 || size.height % 2 != 0) at.refuse("even numbers");
      catalog_.sizes_[name][aspect] = size;
    }
  }
  for (const auto& [word, at] : root.at("modes").members()) {
    catalog_.resolution_by_mode_[read_mode(at, word)] = at.text();
  }
}

void Loader::read_profile(const Cursor& root) {
  root.allow_only({"name", "dialect", "note", "mount", "account_costs", "default_model", "models",
                   "capabilities", "offers", "camera_control_object", "ignored_fields", "limits"});
  Profile profile;
  profile.name = root.at("name").text();
  profile.dialect = root.at("dialect").text();
  if (const auto note = root.find("note")) profile.note = note->text();
  profile.mount = read_path(root.at("mount"));
  if (const auto paths = root.find("account_costs")) {
    for (const Cursor& path : paths->elements()) profile.account_costs.push_back(read_path(path));
  }
  read_models_of(root, profile);
  if (const auto ignored = root.find("ignored_fields")) profile.ignored_fields = ignored->texts();
  profile.limits = read_limits(root.at("limits"));
  catalog_.profiles_.push_back(std::move(profile));
}

void Loader::read_models_of(const Cursor& root, Profile& profile) {
  if (const auto offers = root.find("offers")) {
    for (const std::string_view other : {"default_model", "models", "capabilities"}) {
      if (const auto given = root.find(other)) given->refuse("nothing beside offers");
    }
    const std::string path = std::string(kOffersFolder) + offers->text() + ".json";
    read_flag(root, "camera_control_object", profile.camera_control_object);
    offers_of_profile_[profile.dialect + "/" + profile.name] = path;
    return;
  }
  profile.default_model = root.at("default_model").text();
  profile.models = root.at("models").texts();
  if (!contains(profile.models, profile.default_model)) {
    root.at("default_model").refuse("one of this profile's models");
  }
  const Cursor capabilities = root.at("capabilities");
  if (!capabilities.is_text("of_the_model")) profile.page = read_page(capabilities);
}

void Loader::add_name(const Cursor& at, const std::string& name) {
  if (contains(names_, name)) at.refuse("a name that no other model or alias has");
  names_.push_back(name);
}

void Loader::check_references() {
  check_models();
  for (Profile& profile : catalog_.profiles_) {
    const auto path = offers_of_profile_.find(profile.dialect + "/" + profile.name);
    if (path == offers_of_profile_.end() || problem_) continue;
    profile.offers = offers_[path->second];
    check_offers(profile);
  }
  if (!problem_) check_profiles();
}

void Loader::check_models() {
  for (const Model& model : catalog_.models_) {
    for (const ModelMode& mode : model.modes) {
      if (catalog_.sizes_.contains(mode.resolution)) continue;
      problem_ = fmt::format("models: {} has the resolution {}, which resolutions.json lacks",
                             model.name, mode.resolution);
      return;
    }
  }
  for (const Mode mode : {Mode::kStd, Mode::kPro, Mode::k4k}) {
    const auto resolution = catalog_.resolution_by_mode_.find(mode);
    if (resolution == catalog_.resolution_by_mode_.end() ||
        !catalog_.sizes_.contains(resolution->second)) {
      problem_ =
          fmt::format("resolutions.json: /modes/{} must name one of its sizes", to_string(mode));
      return;
    }
  }
}

void Loader::check_offers(const Profile& profile) {
  const std::string_view path = offers_of_profile_[profile.dialect + "/" + profile.name];
  if (profile.offers.empty()) {
    problem_ =
        fmt::format("profiles/{}.json: /offers names {}, which has none", profile.name, path);
    return;
  }
  for (const Offer& offer : profile.offers) {
    const Model* model = catalog_.find_model(offer.model);
    const bool has_mode = model && model->lists_mode(offer.mode);
    if (!has_mode) {
      problem_ = fmt::format("{}: {} is the mode {} of {}, which no model has", path, offer.name,
                             to_string(offer.mode), offer.model);
      return;
    }
    // A spec must lead back to the rules it was judged by.
    if (profile.find_offer(offer.name) != &offer ||
        std::ranges::count_if(profile.offers, [&](const Offer& other) {
          return other.model == offer.model && other.mode == offer.mode;
        }) != 1) {
      problem_ = fmt::format("{}: {} has the name, or the model and mode, of another offer", path,
                             offer.name);
      return;
    }
  }
}

void Loader::check_profiles() {
  std::vector<std::string> paths, profiles;
  for (const Profile& profile : catalog_.profiles_) {
    for (const std::string& name : profile.models) {
      if (contains(names_, name)) continue;
      problem_ = fmt::format("profiles/{}.json: /models has {}, allowed is {}", profile.name, name,
                             fmt::join(names_, ", "));
      return;
    }
    std::vector<std::string> own = profile.account_costs;
    own.push_back(profile.mount);
    for (const std::string& path : own) {
      if (contains(paths, path)) {
        problem_ = fmt::format("profiles/{}.json: {} is mounted twice", profile.name, path);
        return;
      }
      paths.push_back(path);
    }
    const std::string full_name = profile.dialect + "/" + profile.name;
    if (contains(profiles, full_name)) {
      problem_ = fmt::format("profiles: {} exists twice", full_name);
      return;
    }
    profiles.push_back(full_name);
  }
  if (profiles.empty()) problem_ = "profiles: at least one is required";
}

std::string Loader::camera_refusal() const {
  std::vector<std::string> where;
  for (const Model& model : catalog_.models_) {
    for (const CameraRule& rule : model.camera) {
      where.push_back(fmt::format("{} mode with {}s duration and {}", to_string(rule.mode),
                                  rule.duration_s, model.name));
    }
  }
  if (where.empty()) return "camera_control is not supported by any model";
  return fmt::format("camera_control is only supported in {}", fmt::join(where, " or "));
}

}  // namespace rushes::catalog
