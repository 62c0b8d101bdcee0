#include <algorithm>
#include <optional>
#include <span>

#include "base/utf8.h"
#include "previz/language/chinese.h"
#include "previz/language/dialogue.h"
#include "previz/language/items.h"
#include "previz/language/language.h"
#include "previz/language/text.h"
#include "previz/language/understand.h"

namespace rushes::previz {
namespace {

// More cuts than this are not looked for: shots are few, and time is bounded.
constexpr size_t kPartsMax = 24, kClausesMax = 96;

// Where a shot ends whatever follows: the mark itself is dropped. Longer marks first.
constexpr std::string_view kCuts[] = {
    "; then ",    ", and then ",    ", then ",       " and then ",
    " then ",     ", and finally ", ", finally ",    " and finally ",
    "; finally ", ", after that ",  ", afterwards ", ", next ",
    " cut to ",   " cuts to ",      " next shot ",   " the camera cuts to ",
    "，然后",     "，接着",         "，随后",        "，最后",
    "然后",       "接着",           "随后",          "切换到",
    "最后"};
// Where one ends if a clause of its own follows. "and" alone joins what happens at the same time,
// unless it closes a list of clauses.
constexpr std::string_view kJoints[] = {", and ", ", before ", " before ", ", ", "; ",
                                        " and ",  "，",        "；",       "、"};

bool is_sentence_end(char32_t c) {
  return c == '.' || c == '!' || c == '?' || c == '\n' || c == 0x3002 || c == 0xFF01 || c == 0xFF1F;
}

bool has_letters(std::string_view text) {
  return std::ranges::any_of(text, [](unsigned char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c >= 0x80;
  });
}

// "Shot 2:", "Scene 3 -", "2)" at the start of a part is a number, not a picture.
std::string_view without_label(std::string_view part) {
  while (part.starts_with(' ') || part.starts_with(',') || part.starts_with('-')) {
    part.remove_prefix(1);
  }
  const std::string folded = fold_text(part.substr(0, 24));
  size_t at = 0;
  for (const std::string_view label : {"shot ", "scene ", "镜头", "cut "}) {
    if (folded.starts_with(label)) at = label.size();
  }
  const size_t digits = at;
  while (at < folded.size() && folded[at] >= '0' && folded[at] <= '9') ++at;
  const bool has_number = at > digits;
  if (has_number && at < folded.size() &&
      std::string_view(":.)-").find(folded[at]) != std::string::npos) {
    return part.substr(std::min(at + 1, part.size()));
  }
  return part;
}

struct Part {
  std::string text;
  std::string_view joint;  // the soft mark before it; empty after a hard one
  bool goes_on = false;    // a mark, not the end of a sentence, stands before it
};

// Cuts outside quotation marks, so that a line of speech stays with its speaker.
class Cutter {
 public:
  explicit Cutter(std::string_view text) : text_(text) {}

  std::vector<Part> run() {
    while (at_ < text_.size()) {
      const auto next = first_code_point(text_.substr(at_));
      const size_t size_bytes = next ? next->size_bytes : 1;
      const char32_t c = next ? next->value : U' ';
      if (c == '"' || c == 0x201C || c == 0x201D) in_quote_ = !in_quote_;
      if (in_quote_) {
        at_ += size_bytes;
      } else if (const std::string_view cut = mark_here(kCuts); !cut.empty()) {
        end_part(cut.size(), {}, true);
      } else if (const std::string_view joint = mark_here(kJoints); !joint.empty()) {
        end_part(joint.size(), joint, true);
      } else if (is_sentence_end(c) && !is_inside_number(size_bytes)) {
        end_part(size_bytes, {}, false);
      } else {
        at_ += size_bytes;
      }
    }
    end_part(0, {}, false);
    return std::move(parts_);
  }

 private:
  std::string_view mark_here(std::span<const std::string_view> marks) const {
    for (const std::string_view mark : marks) {
      const std::string_view here = text_.substr(at_, mark.size());
      const bool same =
          here.size() == mark.size() && std::ranges::equal(here, mark, [](char a, char b) {
            return (a >= 'A' && a <= 'Z' ? a + 32 : a) == b;
          });
      if (same) return mark;
    }
    return {};
  }

  bool is_inside_number(size_t size_bytes) const {
    const size_t after = at_ + size_bytes;
    return text_[at_] == '.' && after < text_.size() && text_[after] != ' ' &&
           text_[after] != '\n' && text_[after] != '"';
  }

  void end_part(size_t mark_bytes, std::string_view joint, bool goes_on) {
    if (parts_.size() + 1 >= kClausesMax && at_ < text_.size()) {  // the rest is one part
      at_ += std::max<size_t>(mark_bytes, 1);
      return;
    }
    const std::string_view part = without_label(text_.substr(start_, at_ - start_));
    if (has_letters(part)) {
      parts_.push_back({std::string(part), joint_, goes_on_});
      joint_ = joint;
      goes_on_ = goes_on;
    } else if (joint.empty()) {
      joint_ = {};  // a hard mark counts even with nothing before it
    }
    at_ += mark_bytes;
    start_ = at_;
  }

  std::string_view text_;
  size_t at_ = 0, start_ = 0;
  bool in_quote_ = false;
  std::string_view joint_;  // before the part that is being read
  bool goes_on_ = false;
  std::vector<Part> parts_;
};

bool has_han(std::string_view text) {
  while (const auto next = first_code_point(text)) {
    if (is_han(next->value)) return true;
    text.remove_prefix(next->size_bytes);
  }
  return false;
}

// What a piece of a sentence is, as far as cutting needs to know.
class Clause {
 public:
  explicit Clause(std::string_view text)
      : items_(read_items(tokenise(fold_text(text)))), is_chinese_(has_han(text)) {}

  bool has_verb() const {
    return std::ranges::any_of(items_,
                               [](const Item& item) { return item.verb || item.is_other_verb; });
  }

  // Does it say what somebody does next? "runs to the river", "it drinks", "a dog barks"; not
  // "running", "covered in snow", "a dog". Chinese verbs have one form.
  bool stands_alone() const {
    if (is_chinese_) return has_verb();
    const size_t at = first();
    if (at == items_.size()) return false;
    if (is_finite(items_[at]) || opens_with_noun_or_verb()) return true;
    for (size_t i = at + 1; i < items_.size(); ++i) {
      const Item& before = items_[i - 1];
      if ((before.is_nominal() || before.word() == WordKind::kPronoun || is_adverb(before)) &&
          is_finite(items_[i])) {
        return true;
      }
      // Beyond a preposition lies no subject any more.
      if (items_[i].word() == WordKind::kPreposition || items_[i].word() == WordKind::kWith) break;
    }
    return false;
  }

  // "drinks", "flies": things, were it not for their place.
  bool opens_with_noun_or_verb() const {
    const size_t at = first();
    return at < items_.size() && items_[at].verb && items_[at].has_thing() &&
           !items_[at].text.ends_with("ing");
  }

  // The clause with a subject before such a word.
  std::string with_subject(std::string text) const {
    const size_t at = text.find(items_[first()].text);
    return text.insert(at == text.npos ? 0 : at, "it ");
  }

  // "before drinking": a clause too.
  bool opens_with_gerund() const {
    return !items_.empty() && items_.front().text.ends_with("ing") &&
           (items_.front().verb || items_.front().is_other_verb);
  }

 private:
  size_t first() const {
    return static_cast<size_t>(std::ranges::find_if_not(items_, is_adverb) - items_.begin());
  }
  static bool is_adverb(const Item& item) {
    return item.word() == WordKind::kAnd || item.word() == WordKind::kThen ||
           item.word() == WordKind::kFiller || item.text.ends_with("ly") || item.text == "later" ||
           item.text == "soon" || item.text == "next" || item.text == "afterwards";
  }
  static bool is_finite(const Item& item) {
    if (item.text.ends_with("ing") || item.has_setting() || item.has_thing()) return false;
    return item.verb || (item.is_other_verb && !item.is_participle && !item.is_noun);
  }

  std::vector<Item> items_;
  bool is_chinese_;
};

bool begins_new_part(const Part& part, std::string_view current, bool in_list) {
  if (part.joint.empty()) return true;
  const Clause clause(part.text);
  if (part.joint.ends_with("before ")) return clause.opens_with_gerund();
  if (part.joint == " and " && !in_list) return false;
  return clause.stands_alone() && Clause(current).has_verb();
}

// A clause of the prompt that may be a shot.
struct Candidate {
  std::string text;
  bool is_soft = false;  // cut off at a soft mark
};

// Soft cuts that divide no clauses are undone.
std::vector<Candidate> clauses(std::string_view prompt) {
  std::vector<Candidate> all;
  bool in_list = false;  // a clause of this sentence was cut off at a soft mark already
  for (const Part& part : Cutter(prompt).run()) {
    if (all.empty() ||
        (all.size() < kPartsMax && begins_new_part(part, all.back().text, in_list))) {
      in_list = !all.empty() && !part.joint.empty();
      // After a mark the subject is understood; where a thing could be meant, it has to be said.
      const Clause clause(part.text);
      const bool unsaid = part.goes_on && clause.opens_with_noun_or_verb();
      all.push_back({unsaid ? clause.with_subject(part.text) : part.text, !part.joint.empty()});
    } else {
      all.back().text += part.joint.empty() ? ". " : part.joint;
      all.back().text += part.text;
    }
  }
  return all;
}

// A part that shows nothing of its own (only a camera word, a mood, an exclusion) belongs to the
// shot before it.
bool shows_something(std::string_view part) {
  const Draft draft = understand(part, "").draft;
  const bool has_place = std::ranges::any_of(
      draft.places, [](const DraftPlace& place) { return place.setting.rank >= 2; });
  return !draft.subjects.empty() || has_place;
}

bool speaks_of_subject(std::string_view part, const Draft& before) {
  const Draft draft = understand(part, "", &before).draft;
  return std::ranges::any_of(
      draft.subjects, [](const DraftSubject& s) { return s.is_mentioned && s.action_weight > 0; });
}

std::vector<std::string> shot_texts(std::string_view prompt, size_t count_max) {
  std::vector<std::string> shots;
  std::optional<Draft> before;
  for (const auto& [part, is_soft] : clauses(prompt)) {
    // After a soft mark light that falls and rivers that flow describe the shot before.
    const bool own = shots.empty() || (!is_soft && shows_something(part)) ||
                     (before && speaks_of_subject(part, *before));
    if (!own || shots.size() >= count_max) {
      shots.back() += ". " + part;
    } else {
      shots.push_back(part);
    }
    before = understand(shots.back(), "", before ? &*before : nullptr).draft;
  }
  return shots;
}

// Whole seconds that sum to `total`, the first shots taking what does not divide.
std::vector<int> share_seconds(int total, size_t count) {
  std::vector<int> shares(count, total / static_cast<int>(count));
  for (int i = 0; i < total % static_cast<int>(count); ++i) ++shares[static_cast<size_t>(i)];
  return shares;
}

// One scene seen three times: wide, medium, close; a place without a subject by three moves.
std::vector<SceneIR> coverage(const SceneIR& scene, int duration_s) {
  const size_t count = static_cast<size_t>(std::min(duration_s, 3));
  std::vector<SceneIR> shots(count, scene);
  constexpr ShotSize kSizes[] = {ShotSize::kWide, ShotSize::kMedium, ShotSize::kCloseUp};
  constexpr Move kMoves[] = {Move::kPushIn, Move::kTruckRight, Move::kCraneUp};
  if (count == 1) return shots;
  for (size_t i = 0; i < count; ++i) {
    if (scene.subjects.empty()) {
      shots[i].move = kMoves[i];
    } else {
      shots[i].shot = kSizes[count == 2 ? i * 2 : i];
    }
    if (i > 0) shots[i].dialogue.clear();
  }
  return shots;
}

}  // namespace

std::vector<StoryShot> split_story(std::string_view prompt, std::string_view negative_prompt,
                                   int duration_s) {
  duration_s = std::max(duration_s, 1);
  const std::string text = bounded_prompt(prompt);
  const size_t count_max = static_cast<size_t>(std::min(duration_s, kStoryShotsMax));
  const std::vector<std::string> texts = shot_texts(text, count_max);
  std::vector<SceneIR> scenes;
  if (texts.size() < 2) {
    scenes = coverage(parse_prompt(text, negative_prompt), duration_s);
  } else {
    std::optional<Draft> before;
    for (const std::string& shot : texts) {
      Understanding next = understand(shot, negative_prompt, before ? &*before : nullptr);
      before = std::move(next.draft);
      scenes.push_back(std::move(next.scene));
    }
  }
  const std::vector<int> shares = share_seconds(duration_s, scenes.size());
  std::vector<StoryShot> shots;
  for (size_t i = 0; i < scenes.size(); ++i) shots.push_back({std::move(scenes[i]), shares[i]});
  return shots;
}

}  // namespace rushes::previz
