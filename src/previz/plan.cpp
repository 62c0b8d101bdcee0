#include "previz/plan.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/bytes.h"
#include "base/crypto/digest.h"
#include "previz/language/language.h"
#include "previz/scene/wardrobe.h"
#include "previz/stage/stage.h"

namespace rushes::previz {
namespace {

// Changes when the same job may give another picture.
constexpr int kEngineVersion = 2;

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

void report(const SceneIR& scene, Plan& plan) {
  for (const Subject& subject : scene.subjects) {
    add_once(plan.drawn, describe(subject.concept_name, subject.form));
    for (const Accessory& accessory : subject.accessories) {
      if (carriage_of(subject.form, accessory.form) == Carriage::kAbsent) {
        add_once(plan.notes, fmt::format("not drawn: {}", accessory.concept_name));
      } else {
        add_once(plan.drawn, describe(accessory.concept_name, accessory.form));
      }
    }
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
    report(story.scene, plan);
    Shot shot = stage_shot(story.scene, options);
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
