#include "previz/plan.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "base/bytes.h"
#include "base/crypto/digest.h"
#include "previz/language/language.h"
#include "previz/scene/wardrobe.h"
#include "previz/stage/stage.h"

namespace rushes::previz {
namespace {

// Raised by a release in which the same job may give another picture.
constexpr int kEngineVersion = 2;

// Whose point of view the picture is.
constexpr const char* kUnseen = " (seen through its eyes)";

std::vector<StoryShot> understand(const Job& job) {
  switch (job.storyboard) {
    case StoryboardKind::kSingle: break;
    case StoryboardKind::kIntelligence:
      return split_story(job.prompt, job.negative_prompt, job.duration_s);
    case StoryboardKind::kCustomize: {
      std::vector<StoryShot> story;
      for (const JobShot& shot : job.shots) {
        story.push_back({parse_prompt(shot.prompt, job.negative_prompt), shot.duration_s});
      }
      return story;
    }
  }
  return {{parse_prompt(job.prompt, job.negative_prompt), job.duration_s}};
}

void add_once(std::vector<std::string>& list, std::string line) {
  if (std::ranges::find(list, line) == list.end()) list.push_back(std::move(line));
}

std::string describe(const std::string& concept_name, const Form& form) {
  return fmt::format("{}: {} {}{}", concept_name, to_string(form.kind), form.name,
                     form.stand_in ? " (stand-in)" : "");
}

bool is_on_set(const std::string& concept_name, const Shot& shot) {
  return std::ranges::find(shot.actors, concept_name, &Actor::concept_name) != shot.actors.end();
}

// What keeps a thing that a subject wears or carries out of the picture; nothing: it is there.
std::optional<std::string> absence_of(const Accessory& thing, const Subject& owner,
                                      size_t worn_before, const Shot& shot) {
  switch (carriage_of(owner.form, thing.form)) {
    case Carriage::kWorn:
      if (!is_on_set(owner.concept_name, shot)) return " (its owner is not seen)";
      if (owner.form.kind == FormKind::kRig && worn_before >= kWornByAnimalMax) {
        return fmt::format(" (an animal wears at most {} things)", kWornByAnimalMax);
      }
      return std::nullopt;
    case Carriage::kBeside:
      if (!is_on_set(thing.concept_name, shot)) return " (the picture is full)";
      return std::nullopt;
    case Carriage::kAbsent: break;
  }
  return "";
}

void report_things(const Subject& owner, const Shot& shot, Plan& plan) {
  size_t worn = 0;
  for (const Accessory& thing : owner.accessories) {
    if (const auto reason = absence_of(thing, owner, worn, shot)) {
      add_once(plan.notes, fmt::format("not drawn: {}{}", thing.concept_name, *reason));
    } else {
      add_once(plan.drawn, describe(thing.concept_name, thing.form));
    }
    if (carriage_of(owner.form, thing.form) == Carriage::kWorn) ++worn;
  }
}

void report(const SceneIR& scene, const Shot& shot, Plan& plan) {
  for (const Subject& subject : scene.subjects) {
    if (is_on_set(subject.concept_name, shot)) {
      add_once(plan.drawn, describe(subject.concept_name, subject.form));
    } else {
      add_once(plan.notes, fmt::format("not drawn: {}{}", subject.concept_name, kUnseen));
    }
    report_things(subject, shot, plan);
  }
  for (const std::string& word : scene.unused) add_once(plan.ignored, word);
  for (const std::string& note : scene.notes) add_once(plan.notes, note);
}

}  // namespace

Plan plan_job(const Job& job) {
  Plan plan;
  for (StoryShot& story : understand(job)) {
    const StageOptions options{.width = job.width,
                               .height = job.height,
                               .fps = job.fps,
                               .first_frame = plan.frame_count,
                               .frame_count = story.duration_s * job.fps,
                               .task_seed = job.seed,
                               .shot_index = static_cast<int>(plan.shots.size()),
                               .move = job.camera};
    Shot shot = stage_shot(story.scene, options);
    report(story.scene, shot, plan);
    plan.frame_count += shot.frame_count;
    plan.shots.push_back({std::move(story.scene), std::move(shot)});
  }
  if (job.storyboard == StoryboardKind::kCustomize && !job.prompt.empty()) {
    plan.notes.emplace_back("the prompt is not used: every shot has its own");
  }
  return plan;
}

std::string provenance(const Job& job) {
  Sha256 prompt;
  prompt.update(job.prompt);
  for (const JobShot& shot : job.shots) {
    prompt.update("\n");
    prompt.update(shot.prompt);
  }
  prompt.update("\n");
  prompt.update(job.negative_prompt);
  return fmt::format(
      "procedural previz, Rushes previz/{}, not a diffusion model; seed {}; prompt sha256 {}",
      kEngineVersion, job.seed, to_hex(prompt.finish()));
}

}  // namespace rushes::previz
