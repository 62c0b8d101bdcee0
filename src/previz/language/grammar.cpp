#include "previz/language/grammar.h"

#include <algorithm>
#include <charconv>
#include <optional>

#include "previz/language/grammar_reader.h"

namespace rushes::previz {
namespace {

constexpr int kCountMax = 12;

// A negator that governs its whole sentence: "avoid X and Y", "don't show X, Y".
bool governs_sentence(std::string_view negator) {
  for (const std::string_view word : {"avoid", "exclude", "remove", "omit", "dont", "do not"}) {
    if (negator.starts_with(word)) return true;
  }
  return false;
}

bool is_travel(Action action) {
  switch (action) {
    case Action::kWalk:
    case Action::kRun:
    case Action::kGallop:
    case Action::kJump:
    case Action::kFly:
    case Action::kSwim:
    case Action::kDrive:
    case Action::kApproach: return true;
    default: return false;
  }
}

}  // namespace

void Grammar::run() {
  for (at_ = 0; at_ < items_.size(); ++at_) read(items_[at_]);
  end_sentence();
  move_camera();
}

void Grammar::move_camera() {
  for (const Accessory& item : pending_accessories_) draft_.report_unused(item.concept_name);
  if (!pending_action_ || draft_.move || !group_.empty()) return;
  if (*pending_action_ == Action::kFly) draft_.move = Move::kFlyOver;
  if (*pending_action_ == Action::kWalk || *pending_action_ == Action::kRun) {
    draft_.move = Move::kPushIn;
  }
}

const Item* Grammar::peek(size_t ahead) const {
  const size_t index = at_ + ahead;
  return index < items_.size() ? &items_[index] : nullptr;
}

void Grammar::read(const Item& item) {
  if (is_negated() && read_negated(item)) return;
  switch (item.kind) {
    case TokenKind::kStop: return end_sentence();
    case TokenKind::kComma: return end_clause();
    case TokenKind::kPossessive: phrase_.open = true; return;
    case TokenKind::kNumber: return read_number(item);
    case TokenKind::kWord: break;
  }
  if (read_function_word(item)) return;
  if (is_verb_here(item)) return read_verb(item);
  if (!item.phrase && item.is_other_verb && follows_noun()) return read_unknown(item);
  if (read_modifier(item)) return;
  if (item.has_setting() && !stands_alone(item)) return read_setting(item);
  if (item.is_nominal()) return read_noun(item);
  read_unknown(item);
}

void Grammar::start_negation(const Item& negator) {
  close_phrase();
  size_t end = at_ + 1;
  const bool whole = governs_sentence(negator.text);
  size_t last_or = 0;
  for (size_t i = end; i < items_.size() && items_[i].kind != TokenKind::kStop; ++i) {
    if (items_[i].text == "or" || items_[i].text == "nor") last_or = i;
  }
  for (; end < items_.size(); ++end) {
    const Item& item = items_[end];
    if (item.kind == TokenKind::kStop) break;
    if (whole || end < last_or) continue;
    if (item.kind == TokenKind::kComma || item.word() == WordKind::kPreposition ||
        item.word() == WordKind::kWith || item.text == "but") {
      break;
    }
  }
  negated_until_ = end;
  if (negator.text == "nobody") {
    draft_.exclude({.name = "person", .lemma = "person", .text = negator.text});
  }
}

bool Grammar::read_negated(const Item& item) {
  if (auto exclusion = exclusion_of(item)) draft_.exclude(std::move(*exclusion));
  return true;
}

bool Grammar::read_function_word(const Item& item) {
  switch (item.word()) {
    case WordKind::kNone: return false;
    case WordKind::kArticle: open_phrase(item); return true;
    case WordKind::kCount:
      close_phrase();
      phrase_.open = true;
      phrase_.count = item.phrase->count;
      return true;
    case WordKind::kCollective: return read_collective(item);
    case WordKind::kContainer: return read_container(item);
    case WordKind::kMeasure: read_measure(); return true;
    case WordKind::kPronoun: read_pronoun(); return true;
    case WordKind::kCopula:
      close_phrase();
      copula_ = true;
      return true;
    case WordKind::kPreposition: return read_preposition(item);
    case WordKind::kWith: attach(Attachment::kWith); return true;
    case WordKind::kWear: attach(Attachment::kWear); return true;
    case WordKind::kHold: attach(Attachment::kHold); return true;
    case WordKind::kRide:
      attach(Attachment::kRide);
      act(Action::kRide, 2);
      return true;
    case WordKind::kOf: read_of(); return true;
    case WordKind::kAnd: read_and(); return true;
    case WordKind::kThen: end_clause(); return true;
    case WordKind::kNegator: start_negation(item); return true;
    case WordKind::kCamera: read_camera(); return true;
    case WordKind::kFiller: after_of_ = false; return true;
    case WordKind::kUndrawable:
      draft_.report_unused(item.text);
      drop_phrase();
      relation_ = Relation::kNone;
      attachment_ = Attachment::kNone;
      last_noun_at_ = at_;
      return true;
  }
  return false;
}

void Grammar::read_number(const Item& item) {
  int count = 0;
  std::from_chars(item.text.data(), item.text.data() + item.text.size(), count);
  if (count < 1 || count > 1000) return;
  close_phrase();
  phrase_.open = true;
  phrase_.count = std::min(count, kCountMax);
}

void Grammar::open_phrase(const Item& item) {
  if (phrase_.open && phrase_.count > 1) return;  // "two of the", "many of these"
  close_phrase();
  phrase_.open = true;
  phrase_.another = item.text == "another" || item.text == "other";
  phrase_.possessed =
      item.text == "his" || item.text == "her" || item.text == "its" || item.text == "their";
}

bool Grammar::read_collective(const Item& item) {
  if (const Item* next = peek(1); next && next->word() == WordKind::kOf) {
    phrase_.open = true;
    phrase_.count = item.phrase->count;
    ++at_;
    return true;
  }
  if (last_noun_at_ + 1 == at_ && last_subject_) {  // "a wolf pack"
    draft_.subjects[*last_subject_].subject.count = item.phrase->count;
    return true;
  }
  phrase_.count = item.phrase->count;
  add_noun(resolve_thing("person", {.kind = ThingKind::kPerson, .form = "person"}), item.text);
  return true;
}

bool Grammar::read_container(const Item& item) {
  const Item* next = peek(1);
  if (next && next->word() == WordKind::kOf) {
    phrase_.open = true;
    container_ = item.lemma;
    ++at_;
    return true;
  }
  read_noun(item);
  return true;
}

std::optional<ResolvedNoun> Grammar::resolve_container() {
  auto noun = resolve_noun(container_);
  container_.clear();
  return noun;
}

void Grammar::read_measure() {
  drop_phrase();
  if (const Item* next = peek(1); next && next->word() == WordKind::kOf) ++at_;
}

void Grammar::read_pronoun() {
  close_phrase();
  relation_ = Relation::kNone;
  attachment_ = Attachment::kNone;
  after_verb_ = false;
  scenery_acts_ = false;
  if (group_.empty() && !draft_.subjects.empty()) group_ = {0};
  for (const size_t index : group_) mention(index);
}

bool Grammar::read_preposition(const Item& item) {
  // "to run" is a verb, not a direction.
  if (const Item* next = peek(1); item.text == "to" && next && next->verb && !next->is_nominal()) {
    return true;
  }
  close_phrase();
  relation_ = item.phrase->relation;
  attachment_ = Attachment::kNone;
  after_verb_ = false;
  after_of_ = false;
  return true;
}

void Grammar::attach(Attachment attachment) {
  close_phrase();
  attachment_ = attachment;
  relation_ = Relation::kNone;
  after_verb_ = false;
  after_of_ = false;
}

void Grammar::read_of() {
  if (last_noun_at_ + 1 == at_) after_of_ = true;
}

void Grammar::read_and() {
  // "a red and white fox" goes on with its modifiers.
  const Item* next = peek(1);
  if (!phrase_.colours.empty() && next && next->phrase && next->phrase->colour) return;
  close_phrase();
  after_and_ = true;
}

void Grammar::read_camera() {
  const bool is_towards = relation_ == Relation::kTowards || relation_ == Relation::kAt;
  drop_phrase();
  relation_ = Relation::kNone;
  for (const size_t index : group_) {
    DraftSubject& subject = draft_.subjects[index];
    const bool travels = is_travel(subject.subject.action) && subject.action_weight == 2;
    if (is_towards && travels && last_verb_travels_) subject.subject.action = Action::kApproach;
  }
}

bool Grammar::is_verb_here(const Item& item) const {
  if (!item.verb) return false;
  const bool is_noun_in_tables = item.phrase != nullptr;
  if (!is_noun_in_tables && (!item.is_noun || item.is_participle)) return true;
  if (!phrase_.open && follows_noun()) {
    return !item.has_thing() || item.is_plural || item.is_participle || items_[at_ - 1].is_plural;
  }
  if (phrase_.open || relation_ != Relation::kNone || attachment_ != Attachment::kNone) {
    return !is_noun_in_tables && !phrase_.open && after_comma();
  }
  if (!is_noun_in_tables) return true;
  if (at_ == 0) return false;
  const Item& before = items_[at_ - 1];
  return before.word() == WordKind::kPronoun || before.word() == WordKind::kCopula ||
         before.word() == WordKind::kThen || before.text == "to" ||
         (before.word() == WordKind::kAnd && last_was_verb_);
}

void Grammar::read_verb(const Item& item) {
  if (is_attributive(item)) {
    phrase_.action = item.verb->verb;
    return;
  }
  close_phrase();
  act(*item.verb->verb, item.verb->verb_weight);
  relation_ = Relation::kNone;
  attachment_ = Attachment::kNone;
  after_verb_ = true;
  after_of_ = false;
  copula_ = false;
  last_was_verb_ = true;
  clause_action_ = item.verb->verb;
  last_verb_travels_ = is_travel(*item.verb->verb);
}

bool Grammar::phrase_is_due() const {
  return phrase_.open || attachment_ != Attachment::kNone || relation_ != Relation::kNone;
}

bool Grammar::is_attributive(const Item& item) const {
  if (!item.is_participle) return false;
  const Item* next = peek(1);
  if (!next || next->kind != TokenKind::kWord) return false;
  if (phrase_is_due() && next->word() == WordKind::kUndrawable) return true;  // "flowing hair"
  const bool noun_follows = next->is_modifier() || next->is_nominal();
  if (!noun_follows || next->word() != WordKind::kNone) return false;
  if (phrase_.open) return true;
  const bool starts = at_ == 0 || items_[at_ - 1].kind != TokenKind::kWord ||
                      items_[at_ - 1].word() == WordKind::kOf ||
                      items_[at_ - 1].word() == WordKind::kMeasure;
  return starts && group_.empty();
}

void Grammar::act(Action action, int weight) {
  if (scenery_acts_) return;
  if (group_.empty()) {
    if (weight > pending_weight_) pending_action_ = action, pending_weight_ = weight;
    return;
  }
  for (const size_t index : group_) {
    DraftSubject& subject = draft_.subjects[index];
    mention(index);
    if (weight <= subject.action_weight) continue;
    subject.subject.action = action;
    subject.action_weight = weight;
  }
}

void Grammar::close_phrase() {
  // "raccoon, running, white": colours without a noun are the one subject's.
  if (group_.size() == 1 && !scenery_acts_ && relation_ == Relation::kNone &&
      phrase_.leftovers.empty()) {
    auto& colours = draft_.subjects[group_[0]].subject.colours;
    for (const auto& [colour, word] : phrase_.colours) add_colour(colours, colour);
    phrase_.colours.clear();
  }
  for (const std::string& word : phrase_.leftovers) draft_.report_unused(word);
  for (const auto& [colour, word] : phrase_.colours) draft_.report_unused(word);
  if (phrase_.action) act(*phrase_.action, 2);
  phrase_ = {};
}

void Grammar::drop_phrase() {
  for (const std::string& word : phrase_.leftovers) draft_.report_unused(word);
  phrase_ = {};
}

void Grammar::end_clause() {
  close_phrase();
  scenery_acts_ = false;
  relation_ = Relation::kNone;
  after_verb_ = false;
  after_of_ = false;
  copula_ = false;
  if (attachment_ == Attachment::kWith || attachment_ == Attachment::kRide) {
    attachment_ = Attachment::kNone;
  }
}

void Grammar::end_sentence() {
  end_clause();
  attachment_ = Attachment::kNone;
  listing_ = false;
  list_open_ = false;
  after_and_ = false;
  clause_action_.reset();
  fronted_.reset();
  negated_until_ = 0;
  last_was_verb_ = false;
}
void read_sentences(std::span<const Item> items, Draft& draft) { Grammar(items, draft).run(); }

void read_negative(std::span<const Item> items, Draft& draft) {
  for (const Item& item : items) {
    if (item.kind != TokenKind::kWord || is_quality_word(item.text)) continue;
    if (auto exclusion = exclusion_of(item)) draft.exclude(std::move(*exclusion));
  }
}

}  // namespace rushes::previz
