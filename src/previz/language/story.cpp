#include <algorithm>
#include <optional>

#include "base/utf8.h"
#include "previz/language/dialogue.h"
#include "previz/language/language.h"
#include "previz/language/text.h"
#include "previz/language/understand.h"

namespace rushes::previz {
namespace {

// More cuts than this are not looked for: shots are few, and time is bounded.
constexpr size_t kPartsMax = 24;

// Where a shot ends: the mark itself is dropped. Longer marks first.
constexpr std::string_view kCuts[] = {"; then ",    ", and then ", ", then ",
                                      " and then ", " then ",      " cut to ",
                                      " cuts to ",  " next shot ", " the camera cuts to ",
                                      "然后",       "接着",        "随后",
                                      "切换到",     "最后"};

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

// Cuts outside quotation marks, so that a line of speech stays with its speaker.
class Cutter {
 public:
  explicit Cutter(std::string_view text) : text_(text) {}

  std::vector<std::string> run() {
    while (at_ < text_.size()) {
      const auto next = first_code_point(text_.substr(at_));
      const size_t size_bytes = next ? next->size_bytes : 1;
      const char32_t c = next ? next->value : U' ';
      if (c == '"' || c == 0x201C || c == 0x201D) in_quote_ = !in_quote_;
      const size_t cut = in_quote_ ? 0 : cut_here();
      if (cut > 0) {
        end_part(cut);
      } else if (!in_quote_ && is_sentence_end(c) && !is_inside_number(size_bytes)) {
        end_part(size_bytes);
      } else {
        at_ += size_bytes;
      }
    }
    end_part(0);
    return std::move(parts_);
  }

 private:
  size_t cut_here() const {
    for (const std::string_view mark : kCuts) {
      const std::string_view here = text_.substr(at_, mark.size());
      const bool same =
          here.size() == mark.size() && std::ranges::equal(here, mark, [](char a, char b) {
            return (a >= 'A' && a <= 'Z' ? a + 32 : a) == b;
          });
      if (same) return mark.size();
    }
    return 0;
  }

  bool is_inside_number(size_t size_bytes) const {
    const size_t after = at_ + size_bytes;
    return text_[at_] == '.' && after < text_.size() && text_[after] != ' ' &&
           text_[after] != '\n' && text_[after] != '"';
  }

  void end_part(size_t mark_bytes) {
    if (parts_.size() + 1 >= kPartsMax && at_ < text_.size()) {  // the rest is one part
      at_ += std::max<size_t>(mark_bytes, 1);
      return;
    }
    const std::string_view part = without_label(text_.substr(start_, at_ - start_));
    if (has_letters(part)) parts_.emplace_back(part);
    at_ += mark_bytes;
    start_ = at_;
  }

  std::string_view text_;
  size_t at_ = 0, start_ = 0;
  bool in_quote_ = false;
  std::vector<std::string> parts_;
};

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
  for (const std::string& part : Cutter(prompt).run()) {
    const bool own =
        shots.empty() || shows_something(part) || (before && speaks_of_subject(part, *before));
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
