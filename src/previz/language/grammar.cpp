#include "previz/language/grammar.h"

#include <algorithm>
#include <charconv>
#include <optional>

namespace rushes::previz {
namespace {

constexpr size_t kSubjectsMax = 8;
constexpr size_t kAccessoriesMax = 6;
constexpr size_t kColoursMax = 3;
constexpr int kCountMax = 12;

// How the next noun belongs to the subject before it.
enum class Attachment { kNone, kWith, kWear, kHold, kRide };

struct NounPhrase {
  bool open = false;
  bool another = false;
  bool possessed = false;  // "his sword"
  int count = 1;
  std::vector<std::pair<Colour, std::string>> colours;
  std::optional<float> size_scale;
  std::optional<Action> action;  // "a flying eagle"
  std::vector<std::string> leftovers;
};

// A negator that governs its whole sentence: "avoid X and Y", "don't show X, Y".
bool governs_sentence(std::string_view negator) {
  for (const std::string_view word : {"avoid", "exclude", "remove", "omit", "dont", "do not"}) {
    if (negator.starts_with(word)) return true;
  }
  return false;
}

// "eating an apple", "reading a book": the verb's object is in the subject's hands.
bool is_held_by(Action action) {
  return action == Action::kEat || action == Action::kDrink || action == Action::kPlay ||
         action == Action::kLook || action == Action::kWave;
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

class Grammar {
 public:
  Grammar(std::span<const Item> items, Draft& draft) : items_(items), draft_(draft) {
    for (size_t i = 0; i < draft_.subjects.size(); ++i) {
      if (!draft_.subjects[i].is_object) group_.push_back(i);
    }
  }

  void run() {
    for (at_ = 0; at_ < items_.size(); ++at_) read(items_[at_]);
    end_sentence();
  }

 private:
  const Item* peek(size_t ahead) const {
    const size_t index = at_ + ahead;
    return index < items_.size() ? &items_[index] : nullptr;
  }

  void read(const Item& item) {
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

  // Negation

  bool is_negated() const { return at_ < negated_until_; }

  void start_negation(const Item& negator) {
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
    if (negator.text == "nobody") draft_.exclude("person");
  }

  bool read_negated(const Item& item) {
    if (item.has_setting()) {
      draft_.exclude(item.phrase->setting->name);
    } else if (item.phrase && item.phrase->adjective && !item.phrase->adjective->name.empty()) {
      draft_.exclude(item.phrase->adjective->name);
    } else if (item.is_nominal()) {
      draft_.exclude(item.lemma);
    }
    return true;
  }

  // Function words

  bool read_function_word(const Item& item) {
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

  void read_number(const Item& item) {
    int count = 0;
    std::from_chars(item.text.data(), item.text.data() + item.text.size(), count);
    if (count < 1 || count > 1000) return;
    close_phrase();
    phrase_.open = true;
    phrase_.count = std::min(count, kCountMax);
  }

  void open_phrase(const Item& item) {
    if (phrase_.open && phrase_.count > 1) return;  // "two of the", "many of these"
    close_phrase();
    phrase_.open = true;
    phrase_.another = item.text == "another" || item.text == "other";
    phrase_.possessed =
        item.text == "his" || item.text == "her" || item.text == "its" || item.text == "their";
  }

  // "a herd of horses"; without its "of" a crowd of people.
  bool read_collective(const Item& item) {
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

  bool read_container(const Item& item) {
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

  // "a bottle of perfume": the bottle, since nothing draws perfume.
  std::optional<ResolvedNoun> resolve_container() {
    auto noun = resolve_noun(container_);
    container_.clear();
    return noun;
  }

  // "a shot of", "this video shows": the frame of the sentence.
  void read_measure() {
    drop_phrase();
    if (const Item* next = peek(1); next && next->word() == WordKind::kOf) ++at_;
  }

  void read_pronoun() {
    close_phrase();
    relation_ = Relation::kNone;
    attachment_ = Attachment::kNone;
    after_verb_ = false;
    scenery_acts_ = false;
    if (group_.empty() && !draft_.subjects.empty()) group_ = {0};
    for (const size_t index : group_) mention(index);
  }

  bool read_preposition(const Item& item) {
    // "to run" is a verb, not a direction.
    if (const Item* next = peek(1);
        item.text == "to" && next && next->verb && !next->is_nominal()) {
      return true;
    }
    close_phrase();
    relation_ = item.phrase->relation;
    attachment_ = Attachment::kNone;
    after_verb_ = false;
    after_of_ = false;
    return true;
  }

  void attach(Attachment attachment) {
    close_phrase();
    attachment_ = attachment;
    relation_ = Relation::kNone;
    after_verb_ = false;
    after_of_ = false;
  }

  void read_of() {
    if (last_noun_at_ + 1 == at_) after_of_ = true;
  }

  void read_and() {
    close_phrase();
    after_and_ = true;
  }

  // Towards the camera is an approach, whatever the feet do; looking at it is only a look.
  void read_camera() {
    const bool is_towards = relation_ == Relation::kTowards || relation_ == Relation::kAt;
    drop_phrase();
    relation_ = Relation::kNone;
    for (const size_t index : group_) {
      DraftSubject& subject = draft_.subjects[index];
      const bool travels = is_travel(subject.subject.action) && subject.action_weight == 2;
      if (is_towards && travels && last_verb_travels_) subject.subject.action = Action::kApproach;
    }
  }

  // Verbs

  // A word that may be a noun or a verb is a verb after a noun, a pronoun or another verb.
  bool is_verb_here(const Item& item) const {
    if (!item.verb) return false;
    const bool is_noun_in_tables = item.phrase != nullptr;
    if (!is_noun_in_tables && (!item.is_noun || item.is_participle)) return true;
    if (!phrase_.open && follows_noun()) {
      return !item.has_thing() || item.is_plural || item.is_participle;
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

  bool after_comma() const { return at_ > 0 && items_[at_ - 1].kind == TokenKind::kComma; }

  bool follows_noun() const { return at_ > 0 && last_noun_at_ + 1 == at_; }

  void read_verb(const Item& item) {
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

  bool phrase_is_due() const {
    return phrase_.open || attachment_ != Attachment::kNone || relation_ != Relation::kNone;
  }

  // "a running horse", "running horses": the verb belongs to the noun that follows.
  bool is_attributive(const Item& item) const {
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

  // The strongest verb of a shot is its action; the first among equals.
  void act(Action action, int weight) {
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

  void mention(size_t index) { draft_.subjects[index].is_mentioned = true; }

  // Modifiers

  bool read_modifier(const Item& item) {
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

  // "the raccoon is white", "a fox cub".
  void describe_group(const Item& item) {
    for (const size_t index : group_) {
      Subject& subject = draft_.subjects[index].subject;
      mention(index);
      if (item.phrase->colour) add_colour(subject.colours, *item.phrase->colour);
      if (item.phrase->size_scale) subject.size_scale = *item.phrase->size_scale;
    }
    if (group_.empty() && item.phrase->colour) draft_.report_unused(item.text);
  }

  static void add_colour(std::vector<Colour>& colours, const Colour& colour) {
    const bool is_new = std::ranges::find(colours, colour) == colours.end();
    if (is_new && colours.size() < kColoursMax) colours.push_back(colour);
  }

  void keep_leftover(std::string_view word) {
    if (phrase_.open) {
      phrase_.leftovers.emplace_back(word);
    } else {
      draft_.report_unused(word);
    }
  }

  // Places and conditions

  // "a tree": scenery that is the subject itself, being single and first.
  bool stands_alone(const Item& item) const {
    return item.has_thing() && phrase_.open && !item.is_plural && group_.empty() &&
           relation_ == Relation::kNone && !after_of_;
  }

  void read_setting(const Item& item) {
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

  // "waves crash", "the wind blowing": what the verb does is no subject's action.
  void begin_scenery_clause(const Setting& setting) {
    const bool is_nature = setting.biome || setting.clouds || setting.fog || setting.weather ||
                           setting.time || setting.season || setting.name == "wind" ||
                           setting.name == "sun" || setting.name == "sky";
    const bool is_subject =
        relation_ == Relation::kNone && attachment_ == Attachment::kNone && !after_verb_;
    if (is_nature && is_subject) scenery_acts_ = true;
    if (is_nature) last_noun_at_ = at_;
  }

  // The colours of scenery are its own; others are reported.
  void report_colour(const Setting& setting, const std::string& word) {
    const bool is_usual = word == "green" || word == "blue" || word == "white" || word == "golden";
    if (!is_usual && setting.name != "night" && setting.name != "day") draft_.report_unused(word);
  }

  // The subject stands in, on or over the place.
  void settle(const Setting& setting) {
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

  // Nouns

  void read_noun(const Item& item) {
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

  // "police dog": the last noun is the head.
  bool is_modifier_of_next(const Item& item) const {
    const Item* next = peek(1);
    if (!next || next->kind != TokenKind::kWord || item.is_plural) return false;
    if (next->is_participle || next->word() != WordKind::kNone) return false;
    if (next->has_thing()) return !(next->verb && next->is_plural);
    const bool head_is_known =
        next->is_nominal() && !next->has_setting() && !next->verb && !next->is_other_verb;
    return head_is_known && resolve_noun(next->lemma).has_value();
  }

  void add_noun(ResolvedNoun noun, const std::string& text) {
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

  void finish_noun() {
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

  // What the words before the noun make of it.
  Attachment attachment_for(const ResolvedNoun& noun) const {
    if (group_.empty()) return Attachment::kNone;
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

  void add_accessory(ResolvedNoun noun, const std::string& text) {
    Accessory accessory{.concept_name = std::move(noun.concept_name), .form = *noun.form};
    if (!phrase_.colours.empty()) accessory.colour = phrase_.colours.front().first;
    for (const std::string& word : phrase_.leftovers) draft_.report_unused(word);
    for (const size_t index : group_) {
      auto& accessories = draft_.subjects[index].subject.accessories;
      const bool is_new = std::ranges::none_of(accessories, [&](const Accessory& other) {
        return other.concept_name == accessory.concept_name;
      });
      if (is_new && accessories.size() < kAccessoriesMax) {
        accessories.push_back(accessory);
      } else if (is_new) {
        draft_.report_unused(text);
      }
    }
    if (attachment_ == Attachment::kWith) attachment_ = Attachment::kWear;
    listing_ = true;
  }

  // A new subject, or the one that was spoken of before; nothing if there are too many.
  std::optional<size_t> put_subject(ResolvedNoun noun, bool is_object, const std::string& text) {
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

  // The owners of a clause and the thing they do something with.
  void relate(const std::vector<size_t>& owners, size_t object, Attachment attachment) {
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
      if (shape == FormKind::kRig && chased.action_weight == 0)
        chased.subject.action = Action::kRun;
    }
  }

  static Relation object_relation(Action action) {
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

  void make_clause_subject(size_t index) {
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
  }

  void read_unknown(const Item& item) {
    if (item.is_other_verb) {
      draft_.report_unused(item.text);
      close_phrase();
      after_verb_ = true;
      clause_action_.reset();
      return;
    }
    keep_leftover(item.text);
  }

  // Ends

  // The open phrase turned out to have no noun.
  void close_phrase() {
    for (const std::string& word : phrase_.leftovers) draft_.report_unused(word);
    for (const auto& [colour, word] : phrase_.colours) draft_.report_unused(word);
    if (phrase_.action) act(*phrase_.action, 2);
    phrase_ = {};
  }

  void drop_phrase() {
    for (const std::string& word : phrase_.leftovers) draft_.report_unused(word);
    phrase_ = {};
  }

  void end_clause() {
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

  void end_sentence() {
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

  std::span<const Item> items_;
  Draft& draft_;
  size_t at_ = 0;
  size_t negated_until_ = 0;

  NounPhrase phrase_;
  Attachment attachment_ = Attachment::kNone;
  Relation relation_ = Relation::kNone;
  bool after_verb_ = false;  // a noun now is the verb's object
  bool after_of_ = false;    // a noun now completes the one before
  bool after_and_ = false;
  bool copula_ = false;
  bool listing_ = false;    // an accessory was added: the next noun may be another
  bool list_open_ = false;  // subjects so far have no verb: "a dog, a cat and a fox"
  bool last_was_verb_ = false;
  bool scenery_acts_ = false;  // the clause is about clouds, waves, the wind
  bool last_verb_travels_ = false;
  int settled_rank_ = 0;
  std::optional<Action> clause_action_;
  std::vector<size_t> group_;  // the subjects of the clause
  std::optional<size_t> last_subject_;
  std::string container_;  // "cup" while its "of coffee" is read
  size_t last_noun_at_ = static_cast<size_t>(-2);
  std::optional<Action> pending_action_;  // "Running through a forest, a fox ..."
  int pending_weight_ = 0;
  Relation pending_relation_ = Relation::kNone;
  std::optional<std::pair<Relation, size_t>> fronted_;  // "On a rock, a fox ..."
};

}  // namespace

void read_sentences(std::span<const Item> items, Draft& draft) { Grammar(items, draft).run(); }

void read_negative(std::span<const Item> items, Draft& draft) {
  for (const Item& item : items) {
    if (item.kind != TokenKind::kWord || is_quality_word(item.text)) continue;
    if (item.has_setting()) {
      draft.exclude(item.phrase->setting->name);
    } else if (item.phrase && item.phrase->adjective) {
      draft.exclude(item.phrase->adjective->name);
    } else if (item.is_nominal()) {
      draft.exclude(item.lemma);
    }
  }
}

}  // namespace rushes::previz
