// Catalog: which models exist, what each can do and costs, and which of that a profile offers.
//
// Data, not code: the JSON documents under catalog/ are compiled in, and documents of the same path
// from the configured directory replace them. A Catalog is an immutable value made at start and
// shared by every thread.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/json/value.h"
#include "base/result.h"
#include "core/task/task.h"

namespace rushes::catalog {

struct Document {
  std::string path;  // relative to catalog/, e.g. "models/kling-v1.json"
  std::string text;
};

// Integer tenths of a unit, by the second or by a list of lengths. Off the list a second costs a
// fifth of 5 seconds, and the sum is rounded up to a tenth.
struct Price {
  std::map<int, UnitTenths> by_duration_s;
  std::optional<UnitTenths> per_second;
  std::optional<UnitTenths> per_second_with_sound;  // absent: sound costs nothing extra

  UnitTenths of(int duration_s, Sound sound) const;
};

struct ModelMode {
  Mode mode = Mode::kStd;
  std::string resolution;  // a key of the sizes: "720p"
  bool sound = false;
  Price price;
};

struct CameraRule {
  Mode mode = Mode::kStd;
  int duration_s = 5;
};

struct Model {
  std::string name;
  std::vector<std::string> aliases;
  std::string since;  // when the vendor published it: "2025-12-15"
  std::string note;
  int fps = 24;
  std::vector<int> durations_s;
  bool cfg_scale = false;  // false: range-checked, then without effect
  bool multi_shot = false;
  std::vector<CameraRule> camera;  // empty: no camera_control
  bool mode_is_ignored = false;    // any legal mode word means the one mode there is
  std::vector<ModelMode> modes;    // at least one, from plain to best

  // The entry for `mode`; the best one there is where the model does not list it (a profile may
  // offer more than the model's list).
  const ModelMode& mode_or_best(Mode mode) const;
  bool lists_mode(Mode mode) const;
};

struct Limits {
  int prompt_characters = 0;
  int negative_prompt_characters = 0;
  int shot_prompt_characters = 0;
  int shots = 0;
  int external_task_id_characters = 0;
  int callback_url_characters = 0;
};

// Every mode and length here is legal for every model of the profile, and so are sound, multi-shot
// and camera control.
struct PageCapabilities {
  std::vector<Mode> modes;
  std::vector<int> durations_s;
};

// One mode of a model under a name of a dialect's own, with what the page of that name lists. A
// field that it does not list is unknown there.
struct Offer {
  enum class SoundRule { kOff, kOn, kOnUnlessRefused };
  enum class ShotRule { kNone, kTexts, kTimed };  // texts share the length; timed ones make it

  std::string name;   // of the wire: "klingai/v2.5-turbo/pro/text-to-video"
  std::string model;  // of the catalog
  Mode mode = Mode::kStd;
  std::vector<int> durations_s;
  int default_duration_s = 5;
  std::optional<int> prompt_characters;  // absent: the profile's limit
  bool negative_prompt = false;
  bool cfg_scale = false;
  bool camera = false;  // also where the model has none: the provider drops it and says so
  SoundRule sound = SoundRule::kOff;
  ShotRule shots = ShotRule::kNone;
  std::vector<std::pair<std::string, Storyboard>> shot_types;  // words of the wire; may be empty
};

struct Profile {
  std::string name;
  std::string dialect;
  std::string note;
  std::string mount;                       // path prefix, e.g. "/v1/videos/text2video"
  std::vector<std::string> account_costs;  // paths of the account query; may be empty
  // Meant when the request names none; empty where a request must name one.
  std::string default_model;
  std::vector<std::string> models;       // names or aliases that a request may use
  std::optional<PageCapabilities> page;  // absent: each model's own capabilities apply
  // Instead of `models` and capabilities, in the dialects that have names of their own.
  std::vector<Offer> offers;
  bool camera_control_object = false;  // the dialect's older encoding of it is legal too
  std::vector<std::string> ignored_fields;
  Limits limits;

  const Offer* find_offer(std::string_view offer_name) const;
  // The offer that a decoded spec came from; null if there is none.
  const Offer* offer_of(const Spec& spec) const;
};

struct Size {
  int width = 0, height = 0;
  bool operator==(const Size&) const = default;
};

struct Output {
  Size size;
  int fps = 24;
  int frame_count = 0;
};

// The questions of a check, in the order in which they are asked; the first refusal is the answer.
enum class Question {
  kModel,
  kMode,
  kDuration,
  kSound,
  kMultiShot,
  kShots,
  kPrompt,
  kNegativePrompt,
  kCfgScale,
  kCamera,
};

class Catalog {
 public:
  // The compiled-in documents.
  static std::vector<Document> built_in();
  // The compiled-in documents, with `overrides` in place of those of the same path and beside the
  // others. kInvalidInput names the document, the JSON pointer and what is allowed there.
  static Result<Catalog> load(std::vector<Document> overrides);
  // `documents` and nothing else.
  static Result<Catalog> parse(const std::vector<Document>& documents);

  const std::vector<Model>& models() const { return models_; }
  const std::vector<Profile>& profiles() const { return profiles_; }
  const Model* find_model(std::string_view name_or_alias) const;
  const Profile* find_profile(std::string_view dialect, std::string_view name) const;

  // May `spec` run under `profile`, as far as `question` goes? The refusal is kInvalidInput with a
  // message for the client. Questions after kModel need a model that passed it.
  Result<void> ask(Question question, const Profile& profile, const Spec& spec) const;
  // Every question in order, then the price.
  Result<UnitTenths> check(const Profile& profile, const Spec& spec) const;

  // Price and pixels of a spec that passed the check. kUnsupported if its model is not in this
  // catalog (any more: a task may be older than the documents).
  Result<UnitTenths> price(const Spec& spec) const;
  Result<Output> output(const Spec& spec) const;

  // What may be asked for under `profile`, for people and programs.
  json::Value to_json(const Profile& profile) const;

 private:
  friend class Loader;

  // One entry of the listing: a model of a profile, or an offer.
  struct Listed {
    std::string name;
    const Model& model;
    std::vector<Mode> modes;
    std::vector<int> durations_s;
    std::optional<bool> sound;  // absent: as the model's modes say
    bool multi_shot = false;
    bool cfg_scale = false;
    json::Value camera;
  };
  std::vector<Listed> list(const Profile& profile) const;
  json::Value to_json(const Listed& listed, bool is_default) const;

  const Model& model_of(const Spec& spec) const;
  std::vector<Mode> modes_offered(const Profile& profile, const Model& model) const;
  const std::vector<int>& durations_offered(const Profile& profile, const Model& model) const;
  Size size_of(const Model& model, Mode mode, AspectRatio aspect) const;

  Result<void> ask_model(const Profile& profile, const Spec& spec) const;
  Result<void> ask_mode(const Profile& profile, const Spec& spec) const;
  Result<void> ask_duration(const Profile& profile, const Spec& spec) const;
  Result<void> ask_sound(const Profile& profile, const Spec& spec) const;
  Result<void> ask_multi_shot(const Profile& profile, const Spec& spec) const;
  Result<void> ask_camera(const Profile& profile, const Spec& spec) const;

  std::vector<Model> models_;
  std::vector<Profile> profiles_;
  std::map<std::string, std::map<AspectRatio, Size>, std::less<>> sizes_;
  std::map<Mode, std::string> resolution_by_mode_;  // where a model does not list the mode
  std::string camera_refusal_;                      // names what has camera control
};

}  // namespace rushes::catalog
