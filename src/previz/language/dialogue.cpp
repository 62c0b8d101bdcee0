#include "previz/language/dialogue.h"

#include <algorithm>
#include <array>
#include <optional>

#include "base/utf8.h"
#include "previz/language/text.h"

namespace rushes::previz {
namespace {

constexpr size_t kLinesMax = 16;
constexpr size_t kLookBackBytes = 60;

struct QuotePair {
  std::string_view open, close;
};
constexpr QuotePair kQuotes[] = {{"\"", "\""}, {"“", "”"}, {"「", "」"},
                                 {"『", "』"}, {"«", "»"}, {"„", "“"}};

constexpr std::string_view kSaying[] = {
    "say",      "says",     "said",      "saying",     "shout",    "shouts",  "shouted",
    "shouting", "whisper",  "whispers",  "whispering", "ask",      "asks",    "asking",
    "asked",    "reply",    "replies",   "yell",       "yells",    "yelling", "exclaim",
    "exclaims", "speak",    "speaks",    "sing",       "sings",    "singing", "cry",
    "cries",    "announce", "announces", "answer",     "answers",  "mutter",  "mutters",
    "scream",   "screams",  "call",      "calls",      "declares", "murmurs", "roars",
    "laughs",   "narrates", "narrator",  "speaking",   "replied",  "out"};
constexpr std::string_view kSayingChinese[] = {"说", "道",   "喊",   "问",   "答",   "叫",
                                               "唱", "说道", "喊道", "问道", "答道", "叫道"};
constexpr std::string_view kShowing[] = {"sign",     "reading", "reads",   "read",  "text",
                                         "words",    "word",    "titled",  "title", "labeled",
                                         "labelled", "written", "letters", "logo",  "caption"};

template <size_t N>
bool is_one_of(std::string_view word, const std::string_view (&words)[N]) {
  return std::ranges::find(words, word) != std::end(words);
}

struct Context {
  bool speech = false, sign = false;
};

std::string_view trimmed(std::string_view text, std::string_view marks) {
  const size_t first = text.find_first_not_of(marks);
  if (first == text.npos) return {};
  return text.substr(first, text.find_last_not_of(marks) - first + 1);
}

// What a quotation ends in that is spoken, and the name of something is not.
bool ends_as_line(std::string_view body) {
  constexpr std::string_view kMarks[] = {",", ".", "!", "?", "…", "，", "。", "！", "？"};
  return std::ranges::any_of(kMarks, [&](std::string_view mark) { return body.ends_with(mark); });
}

enum class Place {
  kBefore,      // of a quotation
  kAfterLine,   // of one that ends as a spoken line does
  kAfterWords,  // of any other
};

// "他说". After words that need not be spoken, 道 and the like are rather the end of a noun:
// "街道".
bool says_in_chinese(std::string_view clause, Place place) {
  return std::ranges::any_of(kSayingChinese, [&](std::string_view verb) {
    const bool is_sure = verb == "说" || verb.size() > std::string_view("说").size();
    return clause.ends_with(verb) && (place != Place::kAfterWords || is_sure);
  });
}

// What the words just before (or after) a quotation make of it.
Context context_of(std::string_view around, Place place) {
  const bool before = place == Place::kBefore;
  Context context;
  const std::string folded = fold_text(around);
  std::string word;
  const auto take = [&] {
    context.speech = context.speech || is_one_of(std::string_view(word), kSaying);
    context.sign = context.sign || is_one_of(std::string_view(word), kShowing);
    word.clear();
  };
  for (const char c : folded) {
    if (c == '.' || c == '!' || c == '?') {
      if (!before) break;
      context = {};
    }
    if (c >= 'a' && c <= 'z') {
      word += c;
    } else {
      take();
    }
  }
  take();
  std::string_view clause = trimmed(folded, " ,");
  if (!before) clause = clause.substr(0, clause.find_first_of(",.!?:;"));
  if (says_in_chinese(clause, place) || (before && clause.ends_with(':'))) context.speech = true;
  return context;
}

// The last word of a text, which may end in marks; folded.
std::string last_word(std::string_view text) {
  const std::string folded = fold_text(text);
  size_t end = folded.size();
  const auto is_letter = [&](size_t at) { return folded[at] >= 'a' && folded[at] <= 'z'; };
  while (end > 0 && std::string_view(" ,:").find(folded[end - 1]) != std::string_view::npos) --end;
  size_t start = end;
  while (start > 0 && is_letter(start - 1)) --start;
  return folded.substr(start, end - start);
}

// Do the words end in a verb of saying, so that what is said comes after them?
bool opens_speech(std::string_view words) {
  const std::string folded = fold_text(words);
  return is_one_of(std::string_view(last_word(folded)), kSaying) ||
         says_in_chinese(trimmed(folded, " ,:"), Place::kBefore);
}

bool ends_with_article(std::string_view words) {
  constexpr std::string_view kArticles[] = {"a",   "an",  "the", "this", "that", "my",
                                            "his", "her", "its", "our",  "their"};
  return is_one_of(std::string_view(last_word(
                       words.substr(words.size() - std::min(words.size(), kLookBackBytes)))),
                   kArticles);
}

constexpr std::string_view kVoiceOpen = "<<<";
constexpr std::string_view kVoiceClose = ">>>";

// Removes every `<<<...>>>` of `text`; the last voice mark among them is kept in `voice`.
std::string without_marks(std::string_view text, std::string& voice) {
  std::string out;
  while (!text.empty()) {
    const size_t open = text.find(kVoiceOpen);
    const size_t close = open == text.npos ? text.npos : text.find(kVoiceClose, open);
    if (close == text.npos) break;
    const std::string_view mark = text.substr(open, close + kVoiceClose.size() - open);
    if (mark.starts_with("<<<voice_")) voice = mark;
    out += text.substr(0, open);
    out += ' ';
    text.remove_prefix(close + kVoiceClose.size());
  }
  return out += text;
}

class Extractor {
 public:
  explicit Extractor(std::string_view text) : text_(text) {}

  Dialogue run() {
    while (!text_.empty()) {
      const auto quote = next_quote();
      if (!quote) break;
      take(*quote);
    }
    keep(text_);
    return std::move(result_);
  }

 private:
  struct Found {
    size_t open, body, close, end;
  };

  std::optional<Found> next_quote() const {
    std::optional<Found> first;
    for (const QuotePair& pair : kQuotes) {
      const size_t open = text_.find(pair.open);
      if (open == text_.npos || (first && open >= first->open)) continue;
      const size_t body = open + pair.open.size();
      const size_t close = text_.find(pair.close, body);
      if (close != text_.npos) first = Found{open, body, close, close + pair.close.size()};
    }
    return first;
  }

  void take(const Found& quote) {
    keep(text_.substr(0, quote.open));
    const std::string_view body = text_.substr(quote.body, quote.close - quote.body);
    const bool is_line = ends_as_line(body);
    const std::string_view after = said_after(quote.end, is_line);
    const Place place = is_line ? Place::kAfterLine : Place::kAfterWords;
    const std::string_view rest = std::string_view(result_.rest).substr(heard_);
    const size_t back = std::min(rest.size(), kLookBackBytes);
    const Context before = context_of(rest.substr(rest.size() - back), Place::kBefore);
    const bool is_sign = before.sign && !before.speech;
    const bool is_named = ends_with_article(rest);  // 'the "Fox" says': who speaks, not what
    if (is_sign) {
      result_.signs.emplace_back(body);
    } else if (before.speech || !voice_.empty() || (!is_named && context_of(after, place).speech)) {
      add_line(body);
    } else {
      keep(body);
    }
    text_.remove_prefix(quote.end);
  }

  // The words after a quotation that may say who spoke it. `"A fox" says "hello"`: the verb is the
  // next quotation's, but `"Hello," he says, "come in"` speaks of this one too.
  std::string_view said_after(size_t end, bool is_line) {
    const std::string_view after = truncate_code_points(text_.substr(end), kLookBackBytes / 3);
    size_t next = after.npos;
    for (const QuotePair& pair : kQuotes) next = std::min(next, after.find(pair.open));
    if (next == after.npos) return after;
    const std::string_view between = after.substr(0, next);
    return !is_line && opens_speech(between) ? std::string_view() : between;
  }

  void add_line(std::string_view body) {
    if (is_blank(body)) return;
    if (result_.lines.size() >= kLinesMax) {
      result_.signs.emplace_back(body);  // too many to be spoken: reported
      return;
    }
    result_.lines.push_back(voice_ + std::string(body));
    result_.rest += " , ";
    heard_ = result_.rest.size();
    voice_.clear();
  }

  void keep(std::string_view part) { result_.rest += without_marks(part, voice_); }

  std::string_view text_;
  std::string voice_;  // the mark that waits for its line
  size_t heard_ = 0;   // words before this offset of the rest have had their line
  Dialogue result_;
};

}  // namespace

Dialogue extract_dialogue(std::string_view prompt) { return Extractor(prompt).run(); }

}  // namespace rushes::previz
