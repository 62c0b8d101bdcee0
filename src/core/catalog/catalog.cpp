#include "core/catalog/catalog.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "base/check.h"
#include "base/utf8.h"
#include "core/catalog/embedded.h"
#include "core/catalog/loader.h"

namespace rushes::catalog {
namespace {

constexpr size_t kEchoCharactersMax = 64;
constexpr std::array kModes{Mode::kStd, Mode::kPro, Mode::k4k};
constexpr std::array kAspectRatios{AspectRatio::k16x9, AspectRatio::k9x16, AspectRatio::k1x1};

constexpr std::array kQuestions{
    Question::kModel,     Question::kMode,   Question::kDuration, Question::kSound,
    Question::kMultiShot, Question::kShots,  Question::kPrompt,   Question::kNegativePrompt,
    Question::kCfgScale,  Question::kCamera,
};

template <class... Args>
std::unexpected<Error> refuse(fmt::format_string<Args...> text, Args&&... args) {
  return fail_user(ErrorCode::kInvalidInput, fmt::format(text, std::forward<Args>(args)...));
}

std::string_view echo(std::string_view text) {
  return truncate_code_points(text, kEchoCharactersMax);
}

std::string list_words(const std::vector<Mode>& modes) {
  std::vector<std::string_view> words;
  for (const Mode mode : modes) words.push_back(to_string(mode));
  return fmt::format("{}", fmt::join(words, ", "));
}

template <class T>
bool contains(const std::vector<T>& all, const T& one) {
  return std::ranges::find(all, one) != all.end();
}

Result<void> ask_length(std::string_view field, std::string_view text, int characters_max) {
  if (count_code_points(text) > static_cast<size_t>(characters_max)) {
    return refuse("{} exceeds {} characters", field, characters_max);
  }
  return {};
}

Result<void> ask_text(std::string_view field, std::string_view text, int characters_max) {
  if (is_blank(text)) return refuse("{} must not be empty", field);
  return ask_length(field, text, characters_max);
}

Result<void> ask_shots(const Limits& limits, const Spec& spec) {
  if (spec.storyboard != Storyboard::kCustomize) return {};
  if (spec.shots.empty() || spec.shots.size() > static_cast<size_t>(limits.shots)) {
    return refuse("multi_prompt must contain 1 to {} shots", limits.shots);
  }
  int64_t sum_s = 0;
  for (size_t i = 0; i < spec.shots.size(); ++i) {
    const Shot& shot = spec.shots[i];
    TRY_VOID(ask_text(fmt::format("multi_prompt[{}].prompt", i), shot.prompt,
                      limits.shot_prompt_characters));
    if (shot.duration_s < 1 || shot.duration_s > spec.duration_s) {
      return refuse("multi_prompt[{}].duration value '{}' is invalid", i, shot.duration_s);
    }
    sum_s += shot.duration_s;
  }
  if (sum_s != spec.duration_s) return refuse("sum of multi_prompt durations must equal duration");
  return {};
}

Result<void> ask_cfg_scale(const Spec& spec) {
  if (spec.cfg_scale && !(*spec.cfg_scale >= 0 && *spec.cfg_scale <= 1)) {
    return refuse("cfg_scale value '{}' is invalid", *spec.cfg_scale);
  }
  return {};
}

}  // namespace

UnitTenths Price::of(int duration_s, Sound sound) const {
  if (per_second) {
    const bool extra = sound == Sound::kOn && per_second_with_sound.has_value();
    return (extra ? *per_second_with_sound : *per_second) * duration_s;
  }
  if (const auto listed = by_duration_s.find(duration_s); listed != by_duration_s.end()) {
    return listed->second;
  }
  return (by_duration_s.at(5) * duration_s + 4) / 5;
}

bool Model::lists_mode(Mode mode) const {
  return std::ranges::find(modes, mode, &ModelMode::mode) != modes.end();
}

const ModelMode& Model::mode_or_best(Mode mode) const {
  const auto found = std::ranges::find(modes, mode, &ModelMode::mode);
  return found != modes.end() ? *found : modes.back();
}

const Offer* Profile::find_offer(std::string_view offer_name) const {
  const auto found = std::ranges::find(offers, offer_name, &Offer::name);
  return found != offers.end() ? &*found : nullptr;
}

const Offer* Profile::offer_of(const Spec& spec) const {
  const auto found = std::ranges::find_if(offers, [&](const Offer& offer) {
    return offer.model == spec.model && offer.mode == spec.mode;
  });
  return found != offers.end() ? &*found : nullptr;
}

std::vector<Document> Catalog::built_in() { return embedded_documents(); }

Result<Catalog> Catalog::load(std::vector<Document> overrides) {
  std::vector<Document> documents = built_in();
  for (Document& document : overrides) {
    const auto same = std::ranges::find(documents, document.path, &Document::path);
    if (same != documents.end()) {
      *same = std::move(document);
    } else {
      documents.push_back(std::move(document));
    }
  }
  return parse(documents);
}

Result<Catalog> Catalog::parse(const std::vector<Document>& documents) {
  return Loader().load(documents);
}

const Model* Catalog::find_model(std::string_view name_or_alias) const {
  for (const Model& model : models_) {
    if (model.name == name_or_alias) return &model;
    for (const std::string& alias : model.aliases) {
      if (alias == name_or_alias) return &model;
    }
  }
  return nullptr;
}

const Profile* Catalog::find_profile(std::string_view dialect, std::string_view name) const {
  for (const Profile& profile : profiles_) {
    if (profile.dialect == dialect && profile.name == name) return &profile;
  }
  return nullptr;
}

const Model& Catalog::model_of(const Spec& spec) const {
  const Model* model = find_model(spec.model);
  RUSHES_CHECK(model != nullptr);
  return *model;
}

std::vector<Mode> Catalog::modes_offered(const Profile& profile, const Model& model) const {
  if (!profile.offers.empty()) {
    std::vector<Mode> modes;
    for (const Offer& offer : profile.offers) {
      if (offer.model == model.name) modes.push_back(offer.mode);
    }
    return modes;
  }
  if (model.mode_is_ignored) return {kModes.begin(), kModes.end()};
  if (profile.page) return profile.page->modes;
  std::vector<Mode> modes;
  for (const ModelMode& mode : model.modes) modes.push_back(mode.mode);
  return modes;
}

const std::vector<int>& Catalog::durations_offered(const Profile& profile,
                                                   const Model& model) const {
  return profile.page ? profile.page->durations_s : model.durations_s;
}

Size Catalog::size_of(const Model& model, Mode mode, AspectRatio aspect) const {
  const bool listed = model.mode_is_ignored || model.lists_mode(mode);
  const std::string& resolution =
      listed ? model.mode_or_best(mode).resolution : resolution_by_mode_.at(mode);
  return sizes_.at(resolution).at(aspect);
}

Result<void> Catalog::ask(Question question, const Profile& profile, const Spec& spec) const {
  switch (question) {
    case Question::kModel: return ask_model(profile, spec);
    case Question::kMode: return ask_mode(profile, spec);
    case Question::kDuration: return ask_duration(profile, spec);
    case Question::kSound: return ask_sound(profile, spec);
    case Question::kMultiShot: return ask_multi_shot(profile, spec);
    case Question::kShots: return ask_shots(profile.limits, spec);
    case Question::kPrompt: {
      if (spec.storyboard == Storyboard::kCustomize) return {};
      const Offer* offer = profile.offer_of(spec);
      const int characters_max = profile.limits.prompt_characters;
      return ask_text("prompt", spec.prompt,
                      offer ? offer->prompt_characters.value_or(characters_max) : characters_max);
    }
    case Question::kNegativePrompt:
      return ask_length("negative_prompt", spec.negative_prompt,
                        profile.limits.negative_prompt_characters);
    case Question::kCfgScale: return ask_cfg_scale(spec);
    case Question::kCamera: return ask_camera(profile, spec);
  }
  return {};
}

Result<UnitTenths> Catalog::check(const Profile& profile, const Spec& spec) const {
  for (const Question question : kQuestions) TRY_VOID(ask(question, profile, spec));
  return price(spec);
}

Result<void> Catalog::ask_model(const Profile& profile, const Spec& spec) const {
  const bool offered =
      std::ranges::find(profile.offers, spec.model, &Offer::model) != profile.offers.end();
  if (offered || contains(profile.models, spec.model)) return {};
  if (find_model(spec.model)) return refuse("model is not supported");
  return refuse("model_name value '{}' is invalid", echo(spec.model));
}

Result<void> Catalog::ask_mode(const Profile& profile, const Spec& spec) const {
  const std::vector<Mode> modes = modes_offered(profile, model_of(spec));
  if (contains(modes, spec.mode)) return {};
  return refuse("mode value '{}' is invalid: {} supports {}", to_string(spec.mode), spec.model,
                list_words(modes));
}

Result<void> Catalog::ask_duration(const Profile& profile, const Spec& spec) const {
  const Offer* offer = profile.offer_of(spec);
  const std::vector<int>& durations_s =
      offer ? offer->durations_s : durations_offered(profile, model_of(spec));
  if (contains(durations_s, spec.duration_s)) return {};
  return refuse("duration value '{}' is invalid: {} supports {}", spec.duration_s, spec.model,
                fmt::join(durations_s, ", "));
}

Result<void> Catalog::ask_sound(const Profile& profile, const Spec& spec) const {
  if (spec.sound == Sound::kOff || profile.page) return {};
  const Offer* offer = profile.offer_of(spec);
  if (offer && offer->sound != Offer::SoundRule::kOff) return {};
  if (!offer && model_of(spec).mode_or_best(spec.mode).sound) return {};
  return refuse("model/mode({}/{}) is not supported with sound on", spec.model,
                to_string(spec.mode));
}

Result<void> Catalog::ask_multi_shot(const Profile& profile, const Spec& spec) const {
  if (spec.storyboard == Storyboard::kSingle || profile.page) return {};
  const Offer* offer = profile.offer_of(spec);
  if (offer ? offer->shots != Offer::ShotRule::kNone : model_of(spec).multi_shot) return {};
  return refuse("Multi shot is not supported by the current model");
}

Result<void> Catalog::ask_camera(const Profile& profile, const Spec& spec) const {
  if (!spec.camera || profile.page) return {};
  const Offer* offer = profile.offer_of(spec);
  if (offer && offer->camera) return {};
  if (offer) return refuse("camera_control is not supported by {}", offer->name);
  for (const CameraRule& rule : model_of(spec).camera) {
    if (rule.mode == spec.mode && rule.duration_s == spec.duration_s) return {};
  }
  return refuse("{}", camera_refusal_);
}

Result<UnitTenths> Catalog::price(const Spec& spec) const {
  const Model* model = find_model(spec.model);
  if (!model) return fail_user(ErrorCode::kUnsupported, "model is not supported");
  return model->mode_or_best(spec.mode).price.of(spec.duration_s, spec.sound);
}

Result<Output> Catalog::output(const Spec& spec) const {
  const Model* model = find_model(spec.model);
  if (!model) return fail_user(ErrorCode::kUnsupported, "model is not supported");
  return Output{.size = size_of(*model, spec.mode, spec.aspect_ratio),
                .fps = model->fps,
                .frame_count = model->fps * spec.duration_s};
}

std::vector<Catalog::Listed> Catalog::list(const Profile& profile) const {
  std::vector<Listed> all;
  for (const Offer& offer : profile.offers) {
    all.push_back({.name = offer.name,
                   .model = *find_model(offer.model),
                   .modes = {offer.mode},
                   .durations_s = offer.durations_s,
                   .sound = offer.sound != Offer::SoundRule::kOff,
                   .multi_shot = offer.shots != Offer::ShotRule::kNone,
                   .cfg_scale = offer.cfg_scale,
                   .camera = offer.camera});
  }
  // What a profile drops from a request, it cannot offer, whatever the model could do.
  const auto drops = [&](std::string_view field) {
    return std::ranges::find(profile.ignored_fields, field) != profile.ignored_fields.end();
  };
  const std::optional<bool> sound = drops("sound") ? std::optional(false)
                                    : profile.page ? std::optional(true)
                                                   : std::nullopt;
  for (const std::string& name : profile.models) {
    const Model& model = *find_model(name);
    json::Array rules;
    for (const CameraRule& rule : model.camera) {
      rules.push_back(
          json::Object{{"mode", to_string(rule.mode)}, {"duration_s", rule.duration_s}});
    }
    all.push_back({.name = name,
                   .model = model,
                   .modes = modes_offered(profile, model),
                   .durations_s = durations_offered(profile, model),
                   .sound = sound,
                   .multi_shot = !drops("multi_shot") && (profile.page || model.multi_shot),
                   .cfg_scale = model.cfg_scale,
                   .camera = profile.page ? json::Value(true) : json::Value(std::move(rules))});
  }
  return all;
}

json::Value Catalog::to_json(const Listed& listed, bool is_default) const {
  const Model& model = listed.model;
  json::Object modes;
  for (const Mode mode : listed.modes) {
    const ModelMode& entry = model.mode_or_best(mode);
    json::Object sizes, prices, prices_with_sound;
    for (const AspectRatio aspect : kAspectRatios) {
      const Size size = size_of(model, mode, aspect);
      sizes.emplace_back(to_string(aspect), fmt::format("{}x{}", size.width, size.height));
    }
    const bool sound = listed.sound.value_or(entry.sound);
    for (const int duration_s : listed.durations_s) {
      const std::string key = std::to_string(duration_s);
      prices.emplace_back(key, format_units(entry.price.of(duration_s, Sound::kOff)));
      if (!sound) continue;
      prices_with_sound.emplace_back(key, format_units(entry.price.of(duration_s, Sound::kOn)));
    }
    json::Object offered{
        {"sizes", std::move(sizes)}, {"sound", sound}, {"price_units", std::move(prices)}};
    if (sound) offered.emplace_back("price_units_with_sound", std::move(prices_with_sound));
    modes.emplace_back(to_string(mode), std::move(offered));
  }
  return json::Object{
      {"name", listed.name},
      {"default", is_default},
      {"fps", model.fps},
      {"durations_s", json::Array(listed.durations_s.begin(), listed.durations_s.end())},
      {"aspect_ratios", json::Array{"16:9", "9:16", "1:1"}},
      {"multi_shot", listed.multi_shot},
      {"cfg_scale", listed.cfg_scale},
      {"camera_control", listed.camera},
      {"mode_is_ignored", model.mode_is_ignored},
      {"modes", std::move(modes)}};
}

json::Value Catalog::to_json(const Profile& profile) const {
  json::Array models;
  for (const Listed& listed : list(profile)) {
    models.push_back(to_json(listed, listed.name == profile.default_model));
  }
  const Limits& limits = profile.limits;
  return json::Object{
      {"name", profile.name},
      {"dialect", profile.dialect},
      {"note", profile.note},
      {"mount", profile.mount},
      {"limits", json::Object{{"prompt_characters", limits.prompt_characters},
                              {"negative_prompt_characters", limits.negative_prompt_characters},
                              {"shot_prompt_characters", limits.shot_prompt_characters},
                              {"shots", limits.shots}}},
      {"models", std::move(models)}};
}

}  // namespace rushes::catalog
