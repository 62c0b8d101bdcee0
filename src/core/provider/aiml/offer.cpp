#include "core/provider/aiml/offer.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/utf8.h"

namespace rushes::provider::aiml {
namespace {

using catalog::Offer;

template <class... Args>
std::unexpected<Error> refuse(fmt::format_string<Args...> text, Args&&... args) {
  return fail_user(ErrorCode::kUnsupported, fmt::format(text, std::forward<Args>(args)...));
}

bool ignores_mode(const catalog::Catalog& catalog, std::string_view model) {
  const catalog::Model* found = catalog.find_model(model);
  return found && found->mode_is_ignored;
}

Result<void> check_texts(const catalog::Profile& profile, const Offer& offer, const Spec& spec) {
  const auto check_length = [](std::string_view field, std::string_view text,
                               int characters_max) -> Result<void> {
    if (count_code_points(text) <= static_cast<size_t>(characters_max)) return {};
    return refuse("{} exceeds {} characters", field, characters_max);
  };
  const catalog::Limits& limits = profile.limits;
  if (spec.storyboard != Storyboard::kCustomize) {
    if (is_blank(spec.prompt)) return refuse("prompt must not be empty");
    TRY_VOID(check_length("prompt", spec.prompt,
                          offer.prompt_characters.value_or(limits.prompt_characters)));
  }
  if (!offer.negative_prompt) return {};
  return check_length("negative_prompt", spec.negative_prompt, limits.negative_prompt_characters);
}

Result<void> check_shots(const Offer& offer, const Spec& spec) {
  if (spec.storyboard == Storyboard::kSingle) return {};
  const bool planned = spec.storyboard == Storyboard::kIntelligence;
  const bool can_plan =
      std::ranges::find(offer.shot_types, Storyboard::kIntelligence,
                        [](const auto& word) { return word.second; }) != offer.shot_types.end();
  if (offer.shots == Offer::ShotRule::kNone || (planned && !can_plan)) {
    return refuse("Multi shot is not supported by the current model");
  }
  if (planned || offer.shots == Offer::ShotRule::kTimed) return {};
  // Texts share the length evenly; any other plan would be another video.
  const std::vector<int> split = even_split(spec.duration_s, spec.shots.size());
  for (size_t i = 0; i < spec.shots.size(); ++i) {
    if (spec.shots[i].duration_s == split[i]) continue;
    return refuse("multi_prompt[{}].duration value '{}' is invalid: {} supports {}", i,
                  spec.shots[i].duration_s, spec.model, split[i]);
  }
  return {};
}

Result<void> check_camera(const Offer& offer, const Spec& spec) {
  if (!spec.camera) return {};
  const CameraAxis* axis = moving_axis(*spec.camera);
  if (spec.camera->type == CameraType::kSimple && !axis) return {};
  if (!offer.camera) return refuse("camera_control is not supported by the current model");
  if (!axis) return {};
  const double value = (*spec.camera).*axis->value;
  if (std::trunc(value) == value) return {};
  return refuse("camera_control.config.{} value '{}' is invalid: {} supports whole numbers",
                axis->name, value, spec.model);
}

}  // namespace

const Offer* find_offer(const catalog::Catalog& catalog, std::string_view model, const Spec& spec) {
  const catalog::Profile* profile = catalog.find_profile("aiml", "aiml");
  if (!profile) return nullptr;
  if (const Offer* named = profile->find_offer(model)) return named;
  const catalog::Model* known = catalog.find_model(model);
  if (!known) return nullptr;
  for (const Offer& offer : profile->offers) {
    const bool mode_fits = offer.mode == spec.mode || known->mode_is_ignored;
    if (offer.model == known->name && mode_fits) return &offer;
  }
  return nullptr;
}

Result<void> check_offer(const catalog::Catalog& catalog, const Offer& offer, const Spec& spec) {
  const catalog::Profile& profile = *catalog.find_profile("aiml", "aiml");
  const bool any_mode = ignores_mode(catalog, offer.model) || ignores_mode(catalog, spec.model);
  if (!any_mode && spec.mode != offer.mode) {
    return refuse("mode value '{}' is invalid: {} supports {}", to_string(spec.mode), spec.model,
                  to_string(offer.mode));
  }
  if (std::ranges::find(offer.durations_s, spec.duration_s) == offer.durations_s.end()) {
    return refuse("duration value '{}' is invalid: {} supports {}", spec.duration_s, spec.model,
                  fmt::join(offer.durations_s, ", "));
  }
  if (spec.sound == Sound::kOn && offer.sound == Offer::SoundRule::kOff) {
    return refuse("model/mode({}/{}) is not supported with sound on", spec.model,
                  to_string(spec.mode));
  }
  TRY_VOID(check_shots(offer, spec));
  TRY_VOID(check_texts(profile, offer, spec));
  return spec.camera_optional ? Result<void>() : check_camera(offer, spec);
}

std::vector<std::string> left_out(const Offer& offer, const Spec& spec) {
  std::vector<std::string> fields;
  if (!spec.negative_prompt.empty() && !offer.negative_prompt) fields.push_back("negative_prompt");
  if (spec.cfg_scale && !offer.cfg_scale) fields.push_back("cfg_scale");
  if (spec.camera_optional && !check_camera(offer, spec)) fields.emplace_back(kCameraField);
  if (spec.watermark == Watermark::kOn) fields.push_back("watermark_info");
  return fields;
}

std::vector<int> even_split(int duration_s, size_t count) {
  std::vector<int> split(count, count == 0 ? 0 : duration_s / static_cast<int>(count));
  for (size_t i = 0; count > 0 && i < static_cast<size_t>(duration_s) % count; ++i) ++split[i];
  return split;
}

const CameraAxis* moving_axis(const CameraControl& camera) {
  if (camera.type != CameraType::kSimple) return nullptr;
  const auto axis = std::ranges::find_if(
      kCameraAxes, [&](const CameraAxis& one) { return camera.*one.value != 0; });
  return axis != kCameraAxes.end() ? &*axis : nullptr;
}

}  // namespace rushes::provider::aiml
