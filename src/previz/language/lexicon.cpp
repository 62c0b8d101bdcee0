#include "previz/language/lexicon.h"

#include <algorithm>
#include <charconv>
#include <unordered_map>
#include <unordered_set>

#include "base/check.h"

namespace rushes::previz {
namespace {

std::string_view trim(std::string_view text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  return text;
}

// Calls visit(part) for every trimmed, non-empty part.
template <class Visit>
void split(std::string_view text, char separator, Visit visit) {
  while (!text.empty()) {
    const size_t end = std::min(text.find(separator), text.size());
    if (const std::string_view part = trim(text.substr(0, end)); !part.empty()) visit(part);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
}

template <class E>
E enum_of(std::string_view word) {
  for (int i = 0; i < 64; ++i) {
    if (to_string(static_cast<E>(i)) == word) return static_cast<E>(i);
  }
  RUSHES_CHECK(!"a table names a value that does not exist");
  return E{};
}

float number_of(std::string_view text) {
  float value = 0;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value);
  RUSHES_CHECK(code == std::errc() && end == text.data() + text.size());
  return value;
}

Colour colour_of(std::string_view hex) {
  uint32_t value = 0;
  const auto [end, code] = std::from_chars(hex.data(), hex.data() + hex.size(), value, 16);
  RUSHES_CHECK(code == std::errc() && end == hex.data() + hex.size() && hex.size() == 6);
  return {static_cast<float>(value >> 16) / 255.0f, static_cast<float>(value >> 8 & 255) / 255.0f,
          static_cast<float>(value & 255) / 255.0f};
}

constexpr std::pair<std::string_view, WordKind> kWordKinds[] = {
    {"article", WordKind::kArticle},
    {"count", WordKind::kCount},
    {"collective", WordKind::kCollective},
    {"container", WordKind::kContainer},
    {"measure", WordKind::kMeasure},
    {"pronoun", WordKind::kPronoun},
    {"copula", WordKind::kCopula},
    {"preposition", WordKind::kPreposition},
    {"with", WordKind::kWith},
    {"wear", WordKind::kWear},
    {"hold", WordKind::kHold},
    {"ride", WordKind::kRide},
    {"of", WordKind::kOf},
    {"and", WordKind::kAnd},
    {"then", WordKind::kThen},
    {"negator", WordKind::kNegator},
    {"camera", WordKind::kCamera},
    {"filler", WordKind::kFiller},
    {"undrawable", WordKind::kUndrawable}};

constexpr std::pair<std::string_view, ThingKind> kThingKinds[] = {{"rig", ThingKind::kRig},
                                                                  {"card", ThingKind::kCard},
                                                                  {"prop", ThingKind::kProp},
                                                                  {"person", ThingKind::kPerson},
                                                                  {"mixed", ThingKind::kMixed}};

// `name:tree biome:forest rank:1 ...`
Setting setting_of(std::string_view payload) {
  Setting setting;
  split(payload, ' ', [&](std::string_view pair) {
    const size_t colon = pair.find(':');
    const std::string_view key = pair.substr(0, colon);
    const std::string_view value = colon == pair.npos ? "" : pair.substr(colon + 1);
    if (key == "name")
      setting.name = value;
    else if (key == "biome")
      setting.biome = enum_of<Biome>(value);
    else if (key == "variant")
      setting.variant = value;
    else if (key == "rank")
      setting.rank = static_cast<int>(number_of(value));
    else if (key == "elsewhere")
      setting.elsewhere = true;
    else if (key == "time")
      setting.time = enum_of<TimeOfDay>(value);
    else if (key == "weather")
      setting.weather = enum_of<Weather>(value);
    else if (key == "season")
      setting.season = enum_of<Season>(value);
    else if (key == "grade")
      setting.grade = enum_of<Grade>(value);
    else if (key == "mood")
      setting.mood = value;
    else if (key == "clouds")
      setting.clouds = number_of(value);
    else if (key == "fog")
      setting.fog = number_of(value);
    else if (key == "speed")
      setting.speed = number_of(value);
    else if (key == "shot")
      setting.shot = enum_of<ShotSize>(value);
    else if (key == "angle")
      setting.angle = enum_of<Angle>(value);
    else if (key == "move")
      setting.move = enum_of<Move>(value);
    else
      RUSHES_CHECK(!"a table has an unknown key");
  });
  return setting;
}

// `raccoon size:0.5 colour:ffffff habitat:forest wear`
Thing thing_of(ThingKind kind, std::string_view payload) {
  Thing thing{.kind = kind};
  split(payload, ' ', [&](std::string_view part) {
    const size_t colon = part.find(':');
    const std::string_view value = colon == part.npos ? "" : part.substr(colon + 1);
    if (part == "wear")
      thing.is_wearable = true;
    else if (colon == part.npos)
      thing.form = part;
    else if (part.starts_with("size:"))
      thing.size_scale = number_of(value);
    else if (part.starts_with("colour:"))
      thing.colour = colour_of(value);
    else if (part.starts_with("habitat:"))
      thing.habitat = enum_of<Biome>(value);
    else
      RUSHES_CHECK(!"a table has an unknown key");
  });
  return thing;
}

bool apply_thing(Meaning& meaning, std::string_view kind, std::string_view payload,
                 std::string_view phrase, int line) {
  for (const auto& [name, thing_kind] : kThingKinds) {
    if (name != kind) continue;
    if (!meaning.thing) {
      meaning.thing = thing_of(thing_kind, payload);
      meaning.thing->line = line;
    }
    if (meaning.thing->form.empty()) meaning.thing->form = phrase;
    return true;
  }
  return false;
}

bool apply_word(Meaning& meaning, std::string_view kind, std::string_view payload) {
  for (const auto& [name, word_kind] : kWordKinds) {
    if (name != kind) continue;
    meaning.word = word_kind;
    if (word_kind == WordKind::kPreposition) meaning.relation = enum_of<Relation>(payload);
    if (word_kind == WordKind::kCount || word_kind == WordKind::kCollective) {
      meaning.count = static_cast<int>(number_of(payload));
    }
    return true;
  }
  return false;
}

class Lexicon {
 public:
  Lexicon() {
    for (const std::string_view table :
         {tables::kGrammar, tables::kLooks, tables::kPlaces, tables::kConditions, tables::kCamera,
          tables::kAnimals, tables::kThings, tables::kVerbs}) {
      read_table(table);
    }
    split(tables::kQuality, '\n', [&](std::string_view line) {
      split(line, ',', [&](std::string_view phrase) { quality_.insert(phrase); });
    });
  }

  const Meaning* phrase(std::string_view text) const { return find_in(phrases_, text); }
  const Meaning* verb(std::string_view text) const { return find_in(verbs_, text); }
  bool is_quality(std::string_view text) const { return quality_.contains(text); }
  std::span<const std::string_view> line_phrases(int line) const {
    return lines_.at(static_cast<size_t>(line));
  }

 private:
  using Table = std::unordered_map<std::string_view, Meaning>;

  static const Meaning* find_in(const Table& table, std::string_view text) {
    const auto found = table.find(text);
    return found == table.end() ? nullptr : &found->second;
  }

  // A line that begins with spaces goes on with the phrases of the one before.
  void read_table(std::string_view table) {
    std::string_view kind, payload;
    split(table, '\n', [&](std::string_view line) {
      const size_t equals = line.find(" = ");
      if (equals != line.npos) {
        const std::string_view head = line.substr(0, equals);
        const size_t space = std::min(head.find(' '), head.size());
        kind = head.substr(0, space);
        payload = trim(head.substr(space));
        line.remove_prefix(equals + 3);
        lines_.emplace_back();
      }
      split(line, ',', [&](std::string_view phrase) { read_phrase(kind, payload, phrase); });
    });
  }

  void read_phrase(std::string_view kind, std::string_view payload, std::string_view phrase) {
    if (kind == "verb" || kind == "stance") {
      Meaning& meaning = verbs_[phrase];
      meaning.verb = enum_of<Action>(payload);
      meaning.verb_weight = kind == "verb" ? 2 : 1;
      return;
    }
    Meaning& meaning = phrases_[phrase];
    lines_.back().push_back(phrase);
    if (kind == "colour")
      meaning.colour = colour_of(payload);
    else if (kind == "size")
      meaning.size_scale = number_of(payload);
    else if (kind == "adjective")
      meaning.adjective = setting_of(payload);
    else if (kind == "setting")
      meaning.setting = setting_of(payload);
    else
      RUSHES_CHECK(apply_thing(meaning, kind, payload, phrase, line()) ||
                   apply_word(meaning, kind, payload));
    // A place, a thing, a colour by its own name: "no palms" needs a name for every setting.
    if (meaning.setting && meaning.setting->name.empty()) meaning.setting->name = phrase;
    if (meaning.adjective && meaning.adjective->name.empty()) meaning.adjective->name = phrase;
  }

  int line() const { return static_cast<int>(lines_.size()) - 1; }

  Table phrases_, verbs_;
  std::vector<std::vector<std::string_view>> lines_;
  std::unordered_set<std::string_view> quality_;
};

// Immutable after construction and shared by all threads.
const Lexicon& lexicon() {
  static const Lexicon instance;
  return instance;
}

}  // namespace

bool Meaning::is_empty() const {
  return word == WordKind::kNone && !colour && !size_scale && !adjective && !setting && !thing &&
         !verb;
}

const Meaning* find_phrase(std::string_view phrase) { return lexicon().phrase(phrase); }
const Meaning* find_verb(std::string_view lemma) { return lexicon().verb(lemma); }
std::span<const std::string_view> phrases_of_line(int line) { return lexicon().line_phrases(line); }
bool is_quality_word(std::string_view phrase) { return lexicon().is_quality(phrase); }

}  // namespace rushes::previz
