#include "previz/language/language.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <fstream>

#include "base/json/value.h"
#include "base/utf8.h"
#include "previz/data/data.h"
#include "previz/language/items.h"
#include "previz/language/text.h"
#include "previz/scene/species.h"

namespace rushes::previz {
namespace {

std::string hex(const Colour& colour) {
  const auto byte = [](float part) { return static_cast<int>(part * 255 + 0.5f); };
  return fmt::format("#{:02x}{:02x}{:02x}", byte(colour.red), byte(colour.green),
                     byte(colour.blue));
}

std::string summary(const Subject& subject) {
  std::string text = subject.count == 1 ? "" : fmt::format("{} ", subject.count);
  text += fmt::format("{}:{}:{}", to_string(subject.form.kind), subject.form.name,
                      to_string(subject.action));
  if (subject.form.stand_in) text += "?";
  if (subject.relation != Relation::kNone) {
    text += fmt::format(" {}", to_string(subject.relation));
    if (subject.relative_to >= 0) text += fmt::format("@{}", subject.relative_to);
  }
  for (const Colour& colour : subject.colours) text += " " + hex(colour);
  if (subject.size_scale != 1) text += fmt::format(" x{}", subject.size_scale);
  for (const Accessory& item : subject.accessories) {
    text += " +" + item.form.name + (item.colour ? hex(*item.colour) : "");
  }
  return text;
}

// A scene in one line: only what differs from a plain summer's day.
std::string summary(const SceneIR& scene) {
  const SceneIR plain;
  std::string text{to_string(scene.biome)};
  if (!scene.biome_variant.empty()) text += "." + scene.biome_variant;
  const auto add = [&](bool differs, std::string_view word) {
    if (differs) text += fmt::format(" {}", word);
  };
  add(scene.time != plain.time, to_string(scene.time));
  add(scene.weather != plain.weather, to_string(scene.weather));
  add(scene.season != plain.season, to_string(scene.season));
  add(scene.grade != plain.grade, to_string(scene.grade));
  add(!scene.mood.empty(), scene.mood);
  add(scene.cloud_amount != plain.cloud_amount, fmt::format("clouds={}", scene.cloud_amount));
  add(scene.fog_amount != 0, fmt::format("fog={}", scene.fog_amount));
  add(scene.speed != 1, fmt::format("speed={}", scene.speed));
  add(scene.shot != plain.shot, to_string(scene.shot));
  add(scene.angle != plain.angle, to_string(scene.angle));
  add(scene.move != plain.move, to_string(scene.move));
  for (const Subject& subject : scene.subjects) text += " | " + summary(subject);
  if (!scene.dialogue.empty()) text += fmt::format(" | says {}", fmt::join(scene.dialogue, " / "));
  if (!scene.excluded.empty()) text += fmt::format(" | no {}", fmt::join(scene.excluded, ", "));
  if (!scene.notes.empty()) text += fmt::format(" | {}", fmt::join(scene.notes, "; "));
  if (!scene.unused.empty()) text += fmt::format(" | unused {}", fmt::join(scene.unused, ", "));
  return text;
}

struct Case {
  std::string prompt, negative, expected;
};

// `prompt [|- negative prompt] => summary`, one a line; # begins a comment.
std::vector<Case> read_cases() {
  std::vector<Case> cases;
  std::ifstream file(RUSHES_TESTDATA "/cases.txt");
  for (std::string line; std::getline(file, line);) {
    const size_t arrow = line.find(" => ");
    if (line.empty() || line[0] == '#' || arrow == line.npos) continue;
    Case c{line.substr(0, arrow), "", line.substr(arrow + 4)};
    if (const size_t bar = c.prompt.find(" |- "); bar != c.prompt.npos) {
      c.negative = c.prompt.substr(bar + 4);
      c.prompt.resize(bar);
    }
    cases.push_back(std::move(c));
  }
  return cases;
}

TEST(Language, EveryLineOfTheTableIsUnderstoodAsWritten) {
  const std::vector<Case> cases = read_cases();
  ASSERT_GT(cases.size(), 250u);
  for (const Case& c : cases) {
    EXPECT_EQ(summary(parse_prompt(c.prompt, c.negative)), c.expected) << c.prompt;
  }
}

// Nouns with what may draw them: `noun = form[, form]`.
TEST(Language, EverydayNounsGetTheRightPicture) {
  std::ifstream file(RUSHES_TESTDATA "/nouns.txt");
  int total = 0, right = 0;
  std::string wrong;
  for (std::string line; std::getline(file, line);) {
    const size_t equals = line.find(" = ");
    if (line.empty() || line[0] == '#' || equals == line.npos) continue;
    const SceneIR scene = parse_prompt("a " + line.substr(0, equals), "");
    const std::string form = scene.subjects.empty() ? "-" : scene.subjects[0].form.name;
    const bool is_right =
        (", " + line.substr(equals + 3) + ",").find(", " + form + ",") != std::string::npos;
    ++total;
    right += is_right ? 1 : 0;
    if (!is_right) wrong += line.substr(0, equals) + " as " + form + "; ";
  }
  ASSERT_GE(total, 150);
  EXPECT_GE(right, total * 97 / 100) << wrong;
}

TEST(Language, EveryFormOfEveryCaseCanBeDrawn) {
  const auto expect_drawable = [](const Form& form, const std::string& prompt) {
    switch (form.kind) {
      case FormKind::kRig:
        EXPECT_TRUE(find_species(form.name)) << form.name << ": " << prompt;
        break;
      case FormKind::kCard:
        EXPECT_TRUE(icon_class(form.name)) << form.name << ": " << prompt;
        break;
      case FormKind::kProp:
        EXPECT_TRUE(form.name == "sun_lounger" || form.name == "rock") << form.name;
        break;
    }
  };
  for (const Case& c : read_cases()) {
    const SceneIR scene = parse_prompt(c.prompt, c.negative);
    for (const Subject& subject : scene.subjects) {
      expect_drawable(subject.form, c.prompt);
      for (const Accessory& item : subject.accessories) expect_drawable(item.form, c.prompt);
    }
  }
}

// Every line of the tables that names a picture names one that exists.
TEST(Lexicon, EveryCardOfTheTablesHasAnIcon) {
  for (const std::string_view table : {tables::kAnimals, tables::kThings}) {
    size_t at = 0;
    while (at < table.size()) {
      const size_t end = std::min(table.find('\n', at), table.size());
      const std::string_view line = table.substr(at, end - at);
      at = end + 1;
      if (!line.starts_with("card ")) continue;
      const std::string_view name = line.substr(5, line.find(' ', 5) - 5);
      EXPECT_TRUE(icon_class(name)) << line;
    }
  }
}

// Every phrase of a table that a kind of line gives a picture.
std::vector<std::string> drawable_words() {
  std::vector<std::string> words;
  for (const std::string_view table : {tables::kAnimals, tables::kThings}) {
    std::string text(table);
    std::ranges::replace(text, '\n', ',');
    size_t at = 0;
    while (at < text.size()) {
      const size_t end = std::min(text.find(',', at), text.size());
      std::string word = text.substr(at, end - at);
      at = end + 1;
      if (const size_t equals = word.find(" = "); equals != word.npos) word.erase(0, equals + 3);
      word.erase(0, word.find_first_not_of(' '));
      if (!word.empty()) words.push_back(word);
    }
  }
  return words;
}

bool shows(const SceneIR& scene, const std::string& concept_name) {
  return std::ranges::any_of(scene.subjects, [&](const Subject& subject) {
    return subject.concept_name == concept_name ||
           std::ranges::any_of(subject.accessories, [&](const Accessory& item) {
             return item.concept_name == concept_name;
           });
  });
}

// Plurals stay what they are, and so do those that are no plural by the rules: "does", "emus".
std::string plural_of(const std::string& word) {
  for (const std::string_view ending : {"ss", "us", "x", "ch", "sh"}) {
    if (word.ends_with(ending)) return word + "es";
  }
  if (word.ends_with('s') || word.ends_with('u') || word == "doe" || word == "letter") return word;
  if (word.ends_with('y') && word.size() > 3 && !std::strchr("aeiou", word[word.size() - 2])) {
    return word.substr(0, word.size() - 1) + "ies";
  }
  return word + "s";
}

TEST(Exclusion, EveryThingThatIsDrawnIsRemovedByItsWordAndItsPlural) {
  int checked = 0;
  for (const std::string& word : drawable_words()) {
    const SceneIR scene = parse_prompt("a " + word, "");
    if (scene.subjects.size() != 1) continue;  // scenery by its own word: "rolling hills"
    ++checked;
    const Subject& subject = scene.subjects[0];
    for (const std::string& negative : {word, plural_of(word)}) {
      EXPECT_FALSE(shows(parse_prompt("a " + word, negative), subject.concept_name))
          << word << " |- " << negative;
    }
    EXPECT_FALSE(shows(parse_prompt("a " + word + ", no " + word, ""), subject.concept_name))
        << word;
  }
  EXPECT_GT(checked, 700);
}

TEST(Language, SceneOfEveryCaseSurvivesJson) {
  for (const Case& c : read_cases()) {
    const SceneIR scene = parse_prompt(c.prompt, c.negative);
    const auto text = json::parse(json::to_text(to_json(scene)));
    ASSERT_TRUE(text.has_value()) << c.prompt;
    const auto back = scene_from_json(*text);
    ASSERT_TRUE(back.has_value()) << c.prompt << ": " << back.error().message;
    EXPECT_EQ(*back, scene) << c.prompt;
  }
}

TEST(Language, OnlyTheFirstCodePointsOfAPromptAreRead) {
  const std::string filler(kPromptCodePointsMax - 4, ' ');
  EXPECT_EQ(parse_prompt(filler.substr(1) + " wolf", "").subjects.size(), 1u);
  EXPECT_EQ(parse_prompt(filler + " wolf", "").subjects.size(), 0u);
}

TEST(Language, AWordTooLongToBeReadIsReportedByItsBeginning) {
  const std::string word(60, 'q');
  EXPECT_EQ(parse_prompt(word, "").unused, std::vector<std::string>{word});
  for (const size_t size : {61u, 2500u}) {
    EXPECT_EQ(parse_prompt(std::string(size, 'q'), "").unused,
              std::vector<std::string>{word + "…"});
  }
}

TEST(Language, SpeechBeyondTheLastLineThatIsSpokenIsReported) {
  std::string prompt;
  for (int i = 0; i < 17; ++i) prompt += fmt::format("A man says \"line {}\". ", i);
  const SceneIR scene = parse_prompt(prompt, "");
  EXPECT_EQ(scene.dialogue.size(), 16u);
  EXPECT_EQ(scene.unused, std::vector<std::string>{"line 16"});
}

TEST(Language, BytesThatAreNotUtf8AreSpaces) {
  EXPECT_EQ(parse_prompt("a\xff"
                         "fox\xc3(running\x80",
                         ""),
            parse_prompt("a fox (running ", ""));
  EXPECT_EQ(parse_prompt("", ""), parse_prompt(" \n ", "\xff\xfe"));
}

// Processor time, so that a busy machine does not matter.
template <class Work>
double cpu_ms(Work work) {
  constexpr int kRuns = 3;
  const std::clock_t start = std::clock();
  for (int i = 0; i < kRuns; ++i) work();
  return 1000.0 * static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC / kRuns;
}

TEST(Language, TheLongestPromptTakesLessThanFiftyMilliseconds) {
  std::vector<std::string> prompts(6);
  while (prompts[0].size() < kPromptCodePointsMax) prompts[0] += "white fox jumps over a ";
  while (prompts[1].size() < kPromptCodePointsMax) prompts[1] += "a.";
  while (prompts[2].size() < 3 * kPromptCodePointsMax) prompts[2] += "浣熊龘";
  while (prompts[3].size() < kPromptCodePointsMax) prompts[3] += "\"";
  while (prompts[4].size() < kPromptCodePointsMax) prompts[4] += "no cat or ";
  while (prompts[5].size() < kPromptCodePointsMax) prompts[5] += "He says \"x\". Then ";
  for (const std::string& prompt : prompts) {
    EXPECT_LT(cpu_ms([&] { EXPECT_LE(parse_prompt(prompt, prompt).unused.size(), 64u); }),
              50.0 * RUSHES_TIME_SCALE)
        << prompt.substr(0, 40);
    // A storyboard reads its parts several times over.
    EXPECT_LT(cpu_ms([&] { EXPECT_LE(split_story(prompt, prompt, 15).size(), 6u); }),
              250.0 * RUSHES_TIME_SCALE)
        << prompt.substr(0, 40);
  }
}

TEST(Story, OneSentenceIsTheSameSceneWideMediumAndClose) {
  const auto shots = split_story("A white raccoon runs through a forest", "", 10);
  ASSERT_EQ(shots.size(), 3u);
  const ShotSize sizes[] = {ShotSize::kWide, ShotSize::kMedium, ShotSize::kCloseUp};
  for (size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(shots[i].scene.shot, sizes[i]);
    EXPECT_EQ(shots[i].scene.subjects, shots[0].scene.subjects);
  }
  EXPECT_EQ(shots[0].duration_s, 4);
  EXPECT_EQ(shots[1].duration_s, 3);
}

TEST(Story, DurationsAreWholeSecondsThatSumToTheWhole) {
  for (const std::string_view prompt :
       {"A fox.", "A fox. A dog. A cat.", "a. b. c. d. e. f. g. h.", "", "clouds over a ridge",
        "A fox runs, then jumps, then sleeps. It wakes. It eats. It drinks. It leaves."}) {
    for (const int total : {1, 2, 3, 5, 7, 10, 15, 60}) {
      const auto shots = split_story(prompt, "", total);
      ASSERT_FALSE(shots.empty());
      EXPECT_LE(shots.size(), static_cast<size_t>(std::min(total, kStoryShotsMax)));
      int sum = 0;
      for (const StoryShot& shot : shots) {
        EXPECT_GE(shot.duration_s, 1);
        sum += shot.duration_s;
      }
      EXPECT_EQ(sum, total) << prompt;
    }
  }
}

TEST(Story, LaterShotsInheritWhatTheyDoNotName) {
  const auto shots = split_story(
      "A raccoon runs through a sequoia forest at sunset. It jumps over a rock. "
      "Then it sleeps under a tree at night.",
      "", 9);
  ASSERT_EQ(shots.size(), 3u);
  EXPECT_EQ(summary(shots[0].scene), "forest.sequoia sunset | rig:raccoon:run through");
  EXPECT_EQ(summary(shots[1].scene),
            "forest.sequoia sunset | rig:raccoon:jump over@1 | prop:rock:idle");
  EXPECT_EQ(summary(shots[2].scene), "forest night | rig:raccoon:lie under");
}

TEST(Story, CutsStandAtThenAndCutToButNeverInsideSpeech) {
  const auto shots = split_story(
      "A dog on the beach cut to a cat in a field, then a man says \"Stop. Then go.\"", "", 9);
  ASSERT_EQ(shots.size(), 3u);
  EXPECT_EQ(shots[0].scene.biome, Biome::kBeach);
  EXPECT_EQ(shots[1].scene.biome, Biome::kField);
  EXPECT_EQ(shots[2].scene.dialogue, (std::vector<std::string>{"Stop. Then go."}));
}

std::vector<std::string> actions_of(const std::vector<StoryShot>& shots) {
  std::vector<std::string> actions;
  for (const StoryShot& shot : shots) {
    actions.emplace_back(shot.scene.subjects.empty()
                             ? "nobody"
                             : fmt::format("{} {}", shot.scene.subjects[0].concept_name,
                                           to_string(shot.scene.subjects[0].action)));
  }
  return actions;
}

TEST(Story, EveryClauseIsAShotHoweverTheyAreJoined) {
  const struct {
    std::string_view prompt;
    std::vector<std::string> actions;
  } cases[] = {
      {"A fox wakes up, runs to the river, and finally drinks",
       {"fox look", "fox run", "fox drink"}},
      {"A fox sits down, runs to the river and drinks", {"fox sit", "fox run", "fox drink"}},
      {"A fox runs, then jumps", {"fox run", "fox jump"}},
      {"A fox runs through a forest and then jumps over a rock", {"fox run", "fox jump"}},
      {"A fox runs; it jumps; it sleeps", {"fox run", "fox jump", "fox lie"}},
      {"A fox runs. It jumps. It sleeps. It eats.", {"fox run", "fox jump", "fox lie", "fox eat"}},
      {"A fox walks to the river, quickly drinks, jumps over a rock, and sleeps",
       {"fox walk", "fox drink", "fox jump", "fox lie"}},
      {"A fox walked, jumped, and slept", {"fox walk", "fox jump", "fox lie"}},
      {"A fox runs, a dog jumps, a horse eats, then the fox sleeps",
       {"fox run", "dog jump", "horse eat", "fox lie"}},
      {"A fox walks, runs, jumps, eats, and finally sleeps",
       {"fox walk", "fox run", "fox jump", "fox eat", "fox lie"}},
      {"A fox walks, runs, jumps, swims, eats, and sleeps",
       {"fox walk", "fox run", "fox jump", "fox swim", "fox eat", "fox lie"}},
      {"A fox runs to the river before drinking", {"fox run", "fox drink"}},
      {"一只狐狸坐着，跑到河边，最后喝水", {"fox sit", "fox run", "fox drink"}},
      {"一只狐狸在森林里奔跑。然后它跳跃。", {"fox run", "fox jump"}},
      {"一只狐狸走路，奔跑，跳跃，然后睡觉", {"fox walk", "fox run", "fox jump", "fox lie"}},
  };
  for (const auto& each : cases) {
    EXPECT_EQ(actions_of(split_story(each.prompt, "", 12)), each.actions) << each.prompt;
  }
}

TEST(Story, CommasAndAndsInsideAClauseCutNothing) {
  for (const std::string_view prompt :
       {"A fox, a dog and a cat run through a forest", "A white, fluffy raccoon runs",
        "A raccoon runs through a forest, sun shining through the trees",
        "A raccoon running through a forest, cinematic, golden hour, shallow depth of field",
        "A dog runs on the beach, ocean waves in the background", "A cat sits and looks around",
        "A raccoon, covered in snow, runs", "A fox sits before a tree", "A dog runs, jumping",
        "一只白色的浣熊，在森林里奔跑，阳光明媚"}) {
    const auto shots = split_story(prompt, "", 9);
    ASSERT_EQ(shots.size(), 3u) << prompt;  // one scene: wide, medium, close
    EXPECT_EQ(shots[0].scene.shot, ShotSize::kWide) << prompt;
    EXPECT_EQ(shots[2].scene.shot, ShotSize::kCloseUp) << prompt;
  }
}

TEST(Story, TheNegativePromptHoldsInEveryShot) {
  for (const StoryShot& shot : split_story("A dog and a cat. They run.", "cats", 4)) {
    for (const Subject& subject : shot.scene.subjects) EXPECT_NE(subject.concept_name, "cat");
  }
}

TEST(Speech, LinesCarryTheVoiceThatWasNamed) {
  EXPECT_EQ(read_spoken_line("<<<voice_2>>>Hello"), (SpokenLine{2, "Hello"}));
  EXPECT_EQ(read_spoken_line("Hello"), (SpokenLine{0, "Hello"}));
  EXPECT_EQ(read_spoken_line("<<<voice_x>>>Hello"), (SpokenLine{0, "<<<voice_x>>>Hello"}));
  EXPECT_EQ(read_spoken_line("<<<voice_1"), (SpokenLine{0, "<<<voice_1"}));
  const SceneIR scene = parse_prompt(
      "The man <<<voice_1>>> said, \"Hello.\" The woman <<<voice_2>>>: “Hi, you!” "
      "A sign reading \"OPEN\". A \"happy\" dog.",
      "");
  EXPECT_EQ(scene.dialogue,
            (std::vector<std::string>{"<<<voice_1>>>Hello.", "<<<voice_2>>>Hi, you!"}));
  EXPECT_EQ(scene.mood, "cheerful");
}

TEST(Text, FoldsCaseAccentsWidthsAndQuotes) {
  EXPECT_EQ(fold_text("Café ÀÉÎ “Ｆｏｘ” — x"), "cafe aei \"fox\" , x");
  EXPECT_EQ(fold_text("e\xcc\x81"
                      "a"),
            "ea");  // combining accents
  EXPECT_EQ(fold_text("Москва Ω"), "москва ω");
  EXPECT_EQ(fold_text("45° ×½ → Coke™ ¿Qué?"), "45     , coke   que?");
}

TEST(Text, WordsOfEveryScriptAreWhole) {
  for (const std::string word :
       {"кошка", "γάτα", "חתול", "قطة", "แมว", "बिल्ली", "việt", "µm", "ƒ"}) {
    const auto tokens = tokenise(fold_text("a " + word + ", fox"));
    ASSERT_EQ(tokens.size(), 4u) << word;
    EXPECT_EQ(tokens[1].text, fold_text(word));
    EXPECT_EQ(tokens[3].text, "fox");
  }
}

TEST(Text, EveryCharacterLeavesValidText) {
  for (char32_t c = 1; c <= 0x1FFFF; ++c) {  // nothing tells those beyond from the last
    if (c >= 0xD800 && c <= 0xDFFF) continue;
    std::string text = "a fox";
    append_utf8(text, c);
    text += "x";
    for (const Token& token : tokenise(fold_text(text))) {
      ASSERT_TRUE(is_valid_utf8(token.text)) << std::hex << static_cast<uint32_t>(c);
    }
    if (c == 0x3000) c = 0xABFF;  // ideographs are told by range; their middle adds nothing
  }
}

TEST(Text, HyphensSeparateAndApostrophesJoin) {
  const auto tokens = tokenise("t-rex's don't 8k 12. it's");
  std::vector<std::string> words;
  for (const Token& token : tokens) words.push_back(token.text);
  EXPECT_EQ(words, (std::vector<std::string>{"t", "rex", "'s", "dont", "8k", "12", ".", "it"}));
}

}  // namespace
}  // namespace rushes::previz
