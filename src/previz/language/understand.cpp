#include "previz/language/understand.h"

#include "base/utf8.h"
#include "previz/language/dialogue.h"
#include "previz/language/grammar.h"
#include "previz/language/items.h"
#include "previz/language/language.h"
#include "previz/language/text.h"

namespace rushes::previz {
namespace {

// The subjects of the shot before, standing by until a word speaks of them.
void carry_subjects(Draft& draft, const Draft& before) {
  for (const DraftSubject& known : before.subjects) {
    if (known.is_object) continue;
    DraftSubject carried = known;
    carried.is_mentioned = false;
    carried.action_weight = 0;
    carried.subject.action = Action::kIdle;
    carried.subject.relation = Relation::kNone;
    carried.subject.relative_to = -1;
    draft.subjects.push_back(std::move(carried));
  }
}

template <class T>
void inherit(std::optional<T>& own, const std::optional<T>& before) {
  if (!own) own = before;
}

void inherit_rest(Draft& draft, const Draft& before) {
  if (draft.places.empty()) {
    draft.places = before.places;
    if (draft.condition_variant.empty()) draft.condition_variant = before.condition_variant;
  }
  inherit(draft.time, before.time);
  inherit(draft.weather, before.weather);
  inherit(draft.season, before.season);
  inherit(draft.grade, before.grade);
  inherit(draft.clouds, before.clouds);
  inherit(draft.fog, before.fog);
  if (draft.mood.empty()) draft.mood = before.mood;
}

}  // namespace

std::string bounded_prompt(std::string_view text) {
  std::string out;
  for (size_t count = 0; count < kPromptCodePointsMax && !text.empty(); ++count) {
    const auto next = first_code_point(text);
    if (next) {
      out += text.substr(0, next->size_bytes);
    } else {
      out += ' ';
    }
    text.remove_prefix(next ? next->size_bytes : 1);
  }
  return out;
}

Understanding understand(std::string_view prompt, std::string_view negative_prompt,
                         const Draft* before) {
  const Dialogue dialogue = extract_dialogue(bounded_prompt(prompt));
  Draft draft;
  if (before) carry_subjects(draft, *before);
  read_sentences(read_items(tokenise(fold_text(dialogue.rest))), draft);
  read_negative(read_items(tokenise(fold_text(bounded_prompt(negative_prompt)))), draft);
  for (const std::string& sign : dialogue.signs) draft.report_unused(sign);
  if (before) inherit_rest(draft, *before);
  SceneIR scene = finish(draft);
  scene.dialogue = dialogue.lines;
  return {std::move(draft), std::move(scene)};
}

}  // namespace rushes::previz
