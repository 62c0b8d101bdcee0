// The reason filter. Nothing of an upstream's text is ever copied out as it stands: the texts that
// clients may read are templates in a table, and only what fits the narrow shape of a placeholder
// is put into one.
#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "core/provider/provider.h"
#include "core/provider/reading.h"

namespace rushes::provider {
namespace {

constexpr size_t kRawBytesMax = 2048;  // the rest cannot be a known text
constexpr std::string_view kCut = "…";

constexpr std::string_view kContentPolicy = "content_policy";
constexpr std::string_view kInvalidInput = "invalid_input";
constexpr std::string_view kProviderFailed = "provider_failed";

struct Known {
  std::string_view text;  // placeholders: {path} {value} {number} {mode} {model} {list}
  std::string_view failure_code;
};

// Longer before shorter where one begins like another. Sources: the vendor's page "Error codes" and
// the texts that its API was seen to answer; the rest are this server's own of the same style, as
// another Rushes answers them.
constexpr Known kKnown[]{
    {"Failure to pass the risk control system", kContentPolicy},
    {"Request blocked by platform policy", kContentPolicy},
    {"The resolution or aspect ratio of the input image is invalid. Please ensure it meets the "
     "required specifications.",
     kInvalidInput},
    {"Something went wrong when we tried to get the contents of the file.", kInvalidInput},
    {"{path} value '{value}' is invalid: {model} supports {list}", kInvalidInput},
    {"{path} value '{value}' is invalid", kInvalidInput},
    {"{path} must not be empty", kInvalidInput},
    {"{path} exceeds {number} characters", kInvalidInput},
    {"model is not supported", kInvalidInput},
    {"model/mode({model}/{mode}) is not supported with sound on", kInvalidInput},
    {"model/mode/duration({model}/{mode}/{number}) is not supported with image_tail",
     kInvalidInput},
    {"Image tail is not supported by the current model", kInvalidInput},
    {"Multi shot is not supported by the current model", kInvalidInput},
    {"Aspect ratio must be specified when no first image and not video editing", kInvalidInput},
    {"sound on is not supported with video input", kInvalidInput},
    {"camera_control is only supported in {mode} mode with {number}s duration and {model}",
     kInvalidInput},
    {"camera_control.config is required when type is simple", kInvalidInput},
    {"only one camera_control.config value can be non-zero", kInvalidInput},
    {"shot_type must be specified when multi_shot is true", kInvalidInput},
    {"multi_prompt must contain {number} to {number} shots", kInvalidInput},
    {"multi_prompt index must start at 1 and be consecutive", kInvalidInput},
    {"sum of multi_prompt durations must equal duration", kInvalidInput},
    {"Invalid request parameters", kInvalidInput},
    {"Task was cancelled", "cancelled"},
    {"Task expired", "expired"},
};

// Every step of a path that is the client's own. model_name, callback_url and external_task_id are
// ours: a complaint about them is not for the client.
constexpr std::string_view kPathWords[]{
    "prompt",     "negative_prompt", "multi_shot", "shot_type",      "multi_prompt", "index",
    "duration",   "sound",           "cfg_scale",  "mode",           "type",         "config",
    "horizontal", "vertical",        "pan",        "camera_control", "tilt",         "roll",
    "zoom",       "aspect_ratio",    "enabled",    "watermark_info", "image",        "image_tail",
};

constexpr std::string_view kModes[]{"std", "pro", "4k"};

// In a text that is not known, these say at least what it is about.
constexpr std::string_view kPolicyWords[]{"risk control", "content policy", "platform policy",
                                          "moderation",   "nsfw",           "sensitive content",
                                          "prohibited"};

struct Generic {
  std::string_view failure_code;
  std::string_view sentence;
};
constexpr Generic kGeneric[]{
    {kContentPolicy, "The request was blocked by the content policy"},
    {kProviderFailed, "Video generation failed"},
};

constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }
constexpr bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
constexpr bool is_letter(char c) { return is_lower(c) || (c >= 'A' && c <= 'Z'); }
constexpr bool is_hex(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}
constexpr bool is_word(char c) { return is_letter(c) || is_digit(c) || c == '_'; }
constexpr char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

template <class Allowed>
std::string_view take_while(std::string_view& text, Allowed allowed) {
  size_t size = 0;
  while (size < text.size() && allowed(text[size])) ++size;
  const std::string_view taken = text.substr(0, size);
  text.remove_prefix(size);
  return taken;
}

template <size_t N>
bool is_in(std::string_view word, const std::string_view (&words)[N]) {
  return std::ranges::find(words, word) != std::end(words);
}

// "5", "-1.5"
bool is_short_number(std::string_view text) {
  constexpr size_t kDigitsMax = 7;
  if (text.starts_with('-') || text.starts_with('+')) text.remove_prefix(1);
  size_t digits = take_while(text, is_digit).size();
  if (digits == 0) return false;
  if (text.starts_with('.')) {
    text.remove_prefix(1);
    const size_t decimals = take_while(text, is_digit).size();
    if (decimals == 0) return false;
    digits += decimals;
  }
  return text.empty() && digits <= kDigitsMax;
}

// "16:9", and neither a port nor a part of an address.
bool is_ratio(std::string_view text) {
  constexpr size_t kDigitsMax = 4;
  const size_t before = take_while(text, is_digit).size();
  if (before == 0 || before > kDigitsMax || !text.starts_with(':')) return false;
  text.remove_prefix(1);
  const size_t after = take_while(text, is_digit).size();
  return after > 0 && after <= kDigitsMax && text.empty();
}

// "zoom_in", "720p"
bool is_short_word(std::string_view text) {
  constexpr size_t kBytesMax = 24, kLettersMax = 15, kMixedMax = 7, kDigitsMax = 4;
  if (text.size() > kBytesMax) return false;
  size_t digits = 0;
  while (!text.empty()) {
    if (text.front() == '_' || text.front() == '-') {
      text.remove_prefix(1);
      continue;
    }
    const std::string_view run =
        take_while(text, [](char c) { return is_letter(c) || is_digit(c); });
    if (run.empty() || run.size() > kLettersMax) return false;
    const auto digits_of_run = static_cast<size_t>(std::ranges::count_if(run, is_digit));
    const bool could_be_key = digits_of_run > 0 || std::ranges::all_of(run, is_hex);
    if (run.size() > kMixedMax && could_be_key) return false;
    digits += digits_of_run;
  }
  return digits <= kDigitsMax;
}

// A value that the client may have written itself. What could be an id, a key, a host or an address
// is none.
bool is_harmless_value(std::string_view value) {
  return is_short_number(value) || is_ratio(value) || is_short_word(value);
}

class Matcher {
 public:
  Matcher(std::string_view upstream_model, std::string_view model)
      : upstream_model_(upstream_model), model_(model) {}

  // `known` filled from the front of `text`; nothing if it does not fit.
  std::optional<std::string> match(std::string_view known, std::string_view text) const {
    std::string out;
    while (!known.empty()) {
      if (known.front() == '{') {
        const size_t end = known.find('}');
        if (!fill(known.substr(1, end - 1), text, out)) return std::nullopt;
        known.remove_prefix(end + 1);
        continue;
      }
      if (text.empty() || lower(text.front()) != lower(known.front())) return std::nullopt;
      out += known.front();
      known.remove_prefix(1);
      text.remove_prefix(1);
    }
    if (!text.empty() && is_word(text.front()) && is_word(out.back())) return std::nullopt;
    return out;
  }

 private:
  bool fill(std::string_view placeholder, std::string_view& text, std::string& out) const {
    if (placeholder == "path") return fill_path(text, out);
    if (placeholder == "value") return fill_value(text, out);
    if (placeholder == "model") return fill_model(text, out);
    if (placeholder == "list") return fill_list(text, out);
    if (placeholder == "mode") return fill_mode(text, out);
    return fill_number(text, out);
  }

  static bool fill_mode(std::string_view& text, std::string& out) {
    const std::string_view mode =
        take_while(text, [](char c) { return is_letter(c) || is_digit(c); });
    out += mode;
    return is_in(mode, kModes);
  }

  static bool fill_number(std::string_view& text, std::string& out) {
    constexpr size_t kDigitsMax = 5;
    const std::string_view digits = take_while(text, is_digit);
    out += digits;
    return !digits.empty() && digits.size() <= kDigitsMax;
  }

  static bool fill_path(std::string_view& text, std::string& out) {
    constexpr size_t kIndexDigitsMax = 2, kStepsMax = 4;
    for (size_t step = 0; step < kStepsMax; ++step) {
      const std::string_view word =
          take_while(text, [](char c) { return is_lower(c) || c == '_'; });
      if (!is_in(word, kPathWords)) return false;
      out += word;
      if (text.starts_with('[')) {
        text.remove_prefix(1);
        const std::string_view index = take_while(text, is_digit);
        if (index.empty() || index.size() > kIndexDigitsMax || !text.starts_with(']')) return false;
        text.remove_prefix(1);
        out.append("[").append(index).append("]");
      }
      if (!text.starts_with('.')) return true;
      text.remove_prefix(1);
      out += '.';
    }
    return false;
  }

  // Up to the closing quote that the template goes on with.
  static bool fill_value(std::string_view& text, std::string& out) {
    const size_t end = text.find("' is invalid");
    if (end == std::string_view::npos) return false;
    const std::string_view value = text.substr(0, end);
    out += is_harmless_value(value) ? value : kCut;
    text.remove_prefix(end);
    return true;
  }

  bool fill_model(std::string_view& text, std::string& out) const {
    constexpr size_t kModelBytesMax = 64;
    if (text.starts_with(kCut)) {  // by another Rushes
      text.remove_prefix(kCut.size());
      out += kCut;
      return true;
    }
    std::string_view name =
        take_while(text, [](char c) { return is_lower(c) || is_digit(c) || c == '-' || c == '.'; });
    if (name.empty() || name.size() > kModelBytesMax) return false;
    const bool is_known = !model_.empty() && (name == model_ || name == upstream_model_);
    out += is_known ? model_ : kCut;
    return true;
  }

  // "5, 10" or "std, pro".
  static bool fill_list(std::string_view& text, std::string& out) {
    constexpr size_t kItemBytesMax = 5, kItemsMax = 20;
    for (size_t i = 0; i < kItemsMax; ++i) {
      const std::string_view item =
          take_while(text, [](char c) { return is_lower(c) || is_digit(c) || c == ':'; });
      if (item.empty() || item.size() > kItemBytesMax || !is_harmless_value(item)) return false;
      out += item;
      if (!text.starts_with(", ")) return true;
      text.remove_prefix(2);
      out += ", ";
    }
    return false;
  }

  std::string_view upstream_model_, model_;
};

struct Found {
  const Known& known;
  std::string text;
};

// The first known text that stands anywhere in `raw`, so that what surrounds it (a request id, a
// link, a trace) is cut with no further thought.
std::optional<Found> find_known(std::string_view raw, const Matcher& matcher) {
  raw = raw.substr(0, kRawBytesMax);
  for (size_t at = 0; at < raw.size(); ++at) {
    if (!is_word(raw[at])) continue;
    const bool inside_of_word = at > 0 && (is_word(raw[at - 1]) || raw[at - 1] == '.');
    if (inside_of_word) continue;
    for (const Known& known : kKnown) {
      if (auto text = matcher.match(known.text, raw.substr(at))) {
        return Found{known, *std::move(text)};
      }
    }
  }
  return std::nullopt;
}

bool speaks_of_policy(std::string_view raw) {
  const std::string text = to_lower(raw.substr(0, kRawBytesMax));
  return std::ranges::any_of(
      kPolicyWords, [&](std::string_view word) { return text.find(word) != std::string::npos; });
}

}  // namespace

std::string public_reason(std::string_view raw, std::string_view upstream_model,
                          std::string_view model) {
  if (auto found = find_known(raw, Matcher(upstream_model, model))) return std::move(found->text);
  const std::string_view code = speaks_of_policy(raw) ? kContentPolicy : kProviderFailed;
  return std::string(std::ranges::find(kGeneric, code, &Generic::failure_code)->sentence);
}

std::string_view failure_code_of(std::string_view raw) {
  if (const auto found = find_known(raw, Matcher({}, {}))) return found->known.failure_code;
  return speaks_of_policy(raw) ? kContentPolicy : kProviderFailed;
}

}  // namespace rushes::provider
