#include "previz/language/grammar_reader.h"

#include <algorithm>

namespace rushes::previz {
namespace {

constexpr size_t kSubjectsMax = 8;
constexpr size_t kAccessoriesMax = 6;
constexpr size_t kColoursMax = 3;

// "eating an apple", "reading a book": the verb's object is in the subject's hands.
bool is_held_by(Action action) {
  return action == Action::kEat || action == Action::kDrink || action == Action::kPlay ||
         action == Action::kLook || action == Action::kWave;
}

}  // namespace

bool Grammar::read_modifier(const Item& item) {
  if (!item.is_modifier()) return false;
  const Item* next = peek(1);
  const bool noun_follows = next && next->kind == TokenKind::kWord &&
                            (next->is_modifier() || next->is_nominal() || next->is_participle);
  // "an orange", "the dark": a word that is a noun as well stands alone as one.
  const bool is_in_colour = item.phrase && item.phrase->colour && relation_ == Relation::kIn;
  if (item.is_nominal() && !noun_follows && !copula_ && !is_in_colour) return false;
  if (!item.phrase) {  // an adjective without a picture
    keep_leftover(item.text);
    return true;
  }
  if (item.phrase->adjective) draft_.apply(*item.phrase->adjective, item.text);
  if (copula_ || (!noun_follows && !phrase_.open && last_noun_at_ + 1 == at_)) {
    describe_group(item);
    return true;
  }
  if (item.phrase->colour) phrase_.colours.emplace_back(*item.phrase->colour, item.text);
  if (item.phrase->size_scale) phrase_.size_scale = item.phrase->size_scale;
  phrase_.open = true;
  return true;
}

void Grammar::describe_group(const Item& item) {
  for (const size_t index : group_) {
    Subject& subject = draft_.subjects[index].subject;
    mention(index);
    if (item.phrase->colour) add_colour(subject.colours, *item.phrase->colour);
    if (item.phrase->size_scale) subject.size_scale = *item.phrase->size_scale;
  }
  if (group_.empty() && item.phrase->colour) draft_.report_unused(item.text);
}

void Grammar::add_colour(std::vector<Colour>& colours, const Colour& colour) {
  const bool is_new = std::ranges::find(colours, colour) == colours.end();
  if (is_new && colours.size() < kColoursMax) colours.push_back(colour);
}

void Grammar::keep_leftover(std::string_view word) {
  if (phrase_.open) {
    phrase_.leftovers.emplace_back(word);
  } else {
    draft_.report_unused(word);
  }
}

bool Grammar::stands_alone(const Item& item) const {
  return item.has_thing() && phrase_.open && !item.is_plural && group_.empty() &&
         relation_ == Relation::kNone && !after_of_;
}

void Grammar::read_setting(const Item& item) {
  const Setting& setting = *item.phrase->setting;
  // A thing that is scenery elsewhere: nothing to drink from here.
  const bool is_drunk = after_verb_ && clause_action_ == Action::kDrink;
  if (!is_drunk) draft_.apply(setting, item.text);
  begin_scenery_clause(setting);
  if (setting.biome || setting.name == "sky") settle(setting);
  for (const auto& [colour, word] : phrase_.colours) report_colour(setting, word);
  phrase_.colours.clear();
  close_phrase();
  last_was_verb_ = false;
  copula_ = false;
}

void Grammar::begin_scenery_clause(const Setting& setting) {
  const bool is_nature = setting.biome || setting.clouds || setting.fog || setting.weather ||
                         setting.time || setting.season || setting.name == "wind" ||
                         setting.name == "sun" || setting.name == "sky";
  const bool is_subject =
      relation_ == Relation::kNone && attachment_ == Attachment::kNone && !after_verb_;
  if (is_nature && is_subject) scenery_acts_ = true;
  if (is_nature) last_noun_at_ = at_;
}

void Grammar::report_colour(const Setting& setting, const std::string& word) {
  const bool is_usual = word == "green" || word == "blue" || word == "white" || word == "golden";
  if (!is_usual && !setting.time) draft_.report_unused(word);
}

void Grammar::settle(const Setting& setting) {
  if (relation_ == Relation::kNone) return;
  for (const size_t index : group_) {
    Subject& subject = draft_.subjects[index].subject;
    if (subject.relation == Relation::kNone || setting.rank > settled_rank_) {
      if (subject.relative_to < 0) subject.relation = relation_;
    }
  }
  settled_rank_ = setting.rank;
  if (group_.empty()) pending_relation_ = relation_;
  relation_ = Relation::kNone;
  attachment_ = Attachment::kNone;
  after_verb_ = false;
}

void Grammar::read_noun(const Item& item) {
  if (is_modifier_of_next(item)) {
    // "a golden retriever puppy" is one dog, said twice.
    const Item& head = *peek(1);
    const bool is_same = item.has_thing() && head.has_thing() &&
                         item.phrase->thing->form == head.phrase->thing->form;
    if (!is_same) keep_leftover(item.text);
    phrase_.open = true;
    return;
  }
  std::optional<ResolvedNoun> noun;
  if (item.has_thing()) {
    noun = resolve_thing(item.lemma, *item.phrase->thing);
  } else {
    noun = resolve_noun(item.lemma);
  }
  // A stand-in must be worth a place of its own; beside a subject only animals are.
  const bool is_vague = noun && noun->form && noun->form->stand_in && !group_.empty() &&
                        noun->form->kind != FormKind::kRig;
  if ((!noun || is_vague) && !container_.empty()) noun = resolve_container();
  if (!noun || is_vague || after_of_) {
    draft_.report_unused(item.text);
    drop_phrase();
    after_of_ = false;
    relation_ = Relation::kNone;
    return;
  }
  if (noun->setting) {
    draft_.apply(*noun->setting, item.text);
    settle(*noun->setting);
    close_phrase();
    return;
  }
  if (item.is_plural && phrase_.count == 1) phrase_.count = 3;
  add_noun(std::move(*noun), item.text);
}

bool Grammar::is_modifier_of_next(const Item& item) const {
  const Item* next = peek(1);
  if (!next || next->kind != TokenKind::kWord || item.is_plural) return false;
  if (next->is_participle || next->word() != WordKind::kNone) return false;
  if (next->has_thing()) return !(next->verb && next->is_plural);
  const bool head_is_known =
      next->is_nominal() && !next->has_setting() && !next->verb && !next->is_other_verb;
  return head_is_known && resolve_noun(next->lemma).has_value();
}

void Grammar::add_noun(ResolvedNoun noun, const std::string& text) {
  const Attachment attachment = attachment_for(noun);
  if (attachment == Attachment::kWear || attachment == Attachment::kHold) {
    add_accessory(std::move(noun), text);
    finish_noun();
    return;
  }
  const std::vector<size_t> owners = scenery_acts_ ? std::vector<size_t>{} : group_;
  const bool is_bystander = scenery_acts_ && !group_.empty() && relation_ != Relation::kNone;
  const bool is_object = !owners.empty() && (relation_ != Relation::kNone || after_verb_ ||
                                             attachment != Attachment::kNone);
  const bool is_fronted = owners.empty() && relation_ != Relation::kNone && !is_bystander;
  const auto index = put_subject(std::move(noun), is_object || is_fronted || is_bystander, text);
  if (index) {
    if (is_object) {
      relate(owners, *index, attachment);
    } else if (is_fronted) {
      fronted_ = {relation_, *index};
    } else if (!is_bystander) {
      make_clause_subject(*index);
    }
    last_subject_ = index;
  }
  finish_noun();
}

void Grammar::finish_noun() {
  container_.clear();
  const bool keeps_list = attachment_ == Attachment::kWear || attachment_ == Attachment::kHold;
  phrase_ = {};
  relation_ = Relation::kNone;
  if (!keeps_list) attachment_ = Attachment::kNone;
  after_verb_ = false;
  after_and_ = false;
  after_of_ = false;
  copula_ = false;
  last_was_verb_ = false;
  last_noun_at_ = at_;
}

Attachment Grammar::attachment_for(const ResolvedNoun& noun) const {
  const bool may_come_first =
      (attachment_ == Attachment::kWear && noun.is_wearable) ||
      (attachment_ == Attachment::kHold && is_hand_sized(noun) && !listing_);
  if (group_.empty()) return may_come_first ? attachment_ : Attachment::kNone;
  if (phrase_.possessed && relation_ == Relation::kNone) {
    if (noun.is_wearable) return Attachment::kWear;
    if (is_hand_sized(noun)) return Attachment::kHold;
  }
  switch (attachment_) {
    case Attachment::kWear:
    case Attachment::kHold:
      // "wearing a hat, a dog": the list ends where something cannot be worn.
      if (listing_ && !noun.is_wearable && attachment_ == Attachment::kWear) {
        return Attachment::kNone;
      }
      return attachment_;
    case Attachment::kWith:
      if (noun.is_wearable) return Attachment::kWear;
      return is_hand_sized(noun) ? Attachment::kHold : Attachment::kWith;
    case Attachment::kRide: return Attachment::kRide;
    case Attachment::kNone: break;
  }
  if (after_verb_ && clause_action_ && is_hand_sized(noun) && is_held_by(*clause_action_)) {
    return Attachment::kHold;
  }
  if (relation_ == Relation::kIn && noun.is_wearable) return Attachment::kWear;
  return Attachment::kNone;
}

void Grammar::add_accessory(ResolvedNoun noun, const std::string& text) {
  if (pending_accessories_.size() >= kAccessoriesMax) return draft_.report_unused(text);
  Accessory accessory{.concept_name = std::move(noun.concept_name), .form = *noun.form};
  if (!phrase_.colours.empty()) accessory.colour = phrase_.colours.front().first;
  for (const std::string& word : phrase_.leftovers) draft_.report_unused(word);
  if (group_.empty()) pending_accessories_.push_back(accessory);
  for (const size_t index : group_) give(index, accessory);
  if (attachment_ == Attachment::kWith) attachment_ = Attachment::kWear;
  listing_ = true;
}

void Grammar::give(size_t index, const Accessory& accessory) {
  auto& accessories = draft_.subjects[index].subject.accessories;
  const bool is_new = std::ranges::none_of(accessories, [&](const Accessory& other) {
    return other.concept_name == accessory.concept_name;
  });
  if (!is_new) return;
  if (accessories.size() < kAccessoriesMax) {
    accessories.push_back(accessory);
  } else {
    draft_.report_unused(accessory.concept_name);
  }
}

std::optional<size_t> Grammar::put_subject(ResolvedNoun noun, bool is_object,
                                           const std::string& text) {
  for (const std::string& word : phrase_.leftovers) draft_.report_unused(word);
  std::optional<size_t> index;
  for (size_t i = 0; i < draft_.subjects.size() && !phrase_.another; ++i) {
    if (draft_.subjects[i].noun.concept_name == noun.concept_name) index = i;
  }
  if (!index) {
    if (draft_.subjects.size() >= kSubjectsMax) {
      draft_.report_unused(text);
      return std::nullopt;
    }
    DraftSubject fresh{.noun = std::move(noun), .is_object = is_object};
    fresh.subject.concept_name = fresh.noun.concept_name;
    fresh.subject.form = *fresh.noun.form;
    fresh.subject.size_scale = fresh.noun.size_scale;
    fresh.subject.count = phrase_.count;
    draft_.subjects.push_back(std::move(fresh));
    index = draft_.subjects.size() - 1;
  }
  DraftSubject& known = draft_.subjects[*index];
  known.is_mentioned = true;
  for (const auto& [colour, word] : phrase_.colours) add_colour(known.subject.colours, colour);
  if (known.subject.colours.empty() && known.noun.colour) {
    known.subject.colours.push_back(*known.noun.colour);
  }
  if (phrase_.size_scale) known.subject.size_scale = known.noun.size_scale * *phrase_.size_scale;
  if (phrase_.action && known.action_weight < 2) {
    known.subject.action = *phrase_.action;
    known.action_weight = 2;
  }
  return index;
}

void Grammar::relate(const std::vector<size_t>& owners, size_t object, Attachment attachment) {
  Relation relation = relation_;
  if (attachment == Attachment::kRide) {
    relation = Relation::kOn;
  } else if (relation == Relation::kNone && clause_action_ && attachment == Attachment::kNone) {
    relation = object_relation(*clause_action_);
  }
  for (const size_t owner : owners) {
    if (owner == object) continue;
    if (attachment == Attachment::kWith) {
      Subject& companion = draft_.subjects[object].subject;
      companion.relation = Relation::kBeside;
      companion.relative_to = static_cast<int>(owner);
      return;
    }
    Subject& subject = draft_.subjects[owner].subject;
    const bool is_free = subject.relative_to < 0;
    if (!is_free || draft_.subjects[object].subject.relative_to == static_cast<int>(owner))
      continue;
    subject.relation = relation == Relation::kNone ? Relation::kBeside : relation;
    subject.relative_to = static_cast<int>(object);
  }
  if (clause_action_ == Action::kRun && after_verb_) {  // who is chased runs as well
    DraftSubject& chased = draft_.subjects[object];
    const auto shape = chased.subject.form.kind;
    if (shape == FormKind::kRig && chased.action_weight == 0) chased.subject.action = Action::kRun;
  }
}

Relation Grammar::object_relation(Action action) {
  switch (action) {
    case Action::kWalk:
    case Action::kRun: return Relation::kBehind;  // follows, chases
    case Action::kApproach: return Relation::kTowards;
    case Action::kLook: return Relation::kAt;
    case Action::kJump: return Relation::kOver;
    case Action::kRide: return Relation::kOn;
    case Action::kDrive: return Relation::kIn;
    default: return Relation::kBeside;
  }
}

void Grammar::make_clause_subject(size_t index) {
  scenery_acts_ = false;
  if (!after_and_ && !(list_open_ && !draft_.subjects[index].is_object)) group_.clear();
  if (std::ranges::find(group_, index) == group_.end()) group_.push_back(index);
  DraftSubject& subject = draft_.subjects[index];
  subject.is_object = false;
  list_open_ = true;
  clause_action_.reset();
  listing_ = false;
  if (pending_action_ && pending_weight_ > subject.action_weight) {
    subject.subject.action = *pending_action_;
    subject.action_weight = pending_weight_;
  }
  pending_action_.reset();
  pending_weight_ = 0;
  if (fronted_ && fronted_->second != index && subject.subject.relation == Relation::kNone) {
    subject.subject.relation = fronted_->first;
    subject.subject.relative_to = static_cast<int>(fronted_->second);
  } else if (pending_relation_ != Relation::kNone) {
    subject.subject.relation = pending_relation_;
  }
  fronted_.reset();
  pending_relation_ = Relation::kNone;
  for (const Accessory& accessory : pending_accessories_) give(index, accessory);
  pending_accessories_.clear();
}

void Grammar::read_unknown(const Item& item) {
  if (item.is_other_verb) {
    draft_.report_unused(item.text);
    close_phrase();
    after_verb_ = true;
    clause_action_.reset();
    return;
  }
  keep_leftover(item.text);
}

}  // namespace rushes::previz
