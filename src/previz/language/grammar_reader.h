// Grammar: the reader of sentences, one pass from left to right over the items of a text.
//
// State is what the words so far have opened: a noun phrase, a preposition, an attachment, the
// subjects of the clause. Lives for one text; no thread shares it.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "previz/language/draft.h"
#include "previz/language/items.h"

namespace rushes::previz {

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

class Grammar {
 public:
  Grammar(std::span<const Item> items, Draft& draft) : items_(items), draft_(draft) {
    for (size_t i = 0; i < draft_.subjects.size(); ++i) {
      if (!draft_.subjects[i].is_object) group_.push_back(i);
    }
  }

  void run();

 private:
  const Item* peek(size_t ahead) const;

  void read(const Item& item);

  // Negation

  bool is_negated() const { return at_ < negated_until_; }

  void start_negation(const Item& negator);

  bool read_negated(const Item& item);

  // Function words

  bool read_function_word(const Item& item);

  void read_number(const Item& item);

  void open_phrase(const Item& item);

  // "a herd of horses"; without its "of" a crowd of people.
  bool read_collective(const Item& item);

  bool read_container(const Item& item);

  // "a bottle of perfume": the bottle, since nothing draws perfume.
  std::optional<ResolvedNoun> resolve_container();

  // "a shot of", "this video shows": the frame of the sentence.
  void read_measure();

  void read_pronoun();

  bool read_preposition(const Item& item);

  void attach(Attachment attachment);

  void read_of();

  void read_and();

  // Towards the camera is an approach, whatever the feet do; looking at it is only a look.
  void read_camera();

  // Verbs

  // A word that may be a noun or a verb is a verb after a noun, a pronoun or another verb.
  bool is_verb_here(const Item& item) const;

  bool after_comma() const { return at_ > 0 && items_[at_ - 1].kind == TokenKind::kComma; }

  bool follows_noun() const { return at_ > 0 && last_noun_at_ + 1 == at_; }

  void read_verb(const Item& item);

  bool phrase_is_due() const;

  // "a running horse", "running horses": the verb belongs to the noun that follows.
  bool is_attributive(const Item& item) const;

  // The strongest verb of a shot is its action; the first among equals.
  void act(Action action, int weight);

  void mention(size_t index) { draft_.subjects[index].is_mentioned = true; }

  // Modifiers

  bool read_modifier(const Item& item);

  // "the raccoon is white", "a fox cub".
  void describe_group(const Item& item);

  static void add_colour(std::vector<Colour>& colours, const Colour& colour);

  void keep_leftover(std::string_view word);

  // Places and conditions

  // "a tree": scenery that is the subject itself, being single and first.
  bool stands_alone(const Item& item) const;

  void read_setting(const Item& item);

  // "waves crash", "the wind blowing": what the verb does is no subject's action.
  void begin_scenery_clause(const Setting& setting);

  // The colours of scenery are its own; others are reported.
  void report_colour(const Setting& setting, const std::string& word);

  // The subject stands in, on or over the place.
  void settle(const Setting& setting);

  // Nouns

  void read_noun(const Item& item);

  // "police dog": the last noun is the head.
  bool is_modifier_of_next(const Item& item) const;

  void add_noun(ResolvedNoun noun, const std::string& text);

  void finish_noun();

  // What the words before the noun make of it.
  Attachment attachment_for(const ResolvedNoun& noun) const;

  void add_accessory(ResolvedNoun noun, const std::string& text);

  void give(size_t index, const Accessory& accessory);

  // A new subject, or the one that was spoken of before; nothing if there are too many.
  std::optional<size_t> put_subject(ResolvedNoun noun, bool is_object, const std::string& text);

  // The owners of a clause and the thing they do something with.
  void relate(const std::vector<size_t>& owners, size_t object, Attachment attachment);

  static Relation object_relation(Action action);

  void make_clause_subject(size_t index);

  void read_unknown(const Item& item);

  // Ends

  // The open phrase turned out to have no noun.
  void close_phrase();

  void drop_phrase();

  void end_clause();

  void end_sentence();

  // A verb of motion without a subject is the camera's: "flying over the Alps".
  void move_camera();

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
  std::vector<Accessory> pending_accessories_;  // "Wearing a hat, a fox ..."
  Relation pending_relation_ = Relation::kNone;
  std::optional<std::pair<Relation, size_t>> fronted_;  // "On a rock, a fox ..."
};

}  // namespace rushes::previz
