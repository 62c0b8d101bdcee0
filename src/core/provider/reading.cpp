#include "core/provider/reading.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "core/wire/url.h"

namespace rushes::provider {
namespace {

constexpr size_t kIdBytesMax = 256;
constexpr size_t kWholeDigitsMax = 9;
constexpr size_t kIndexDigitsMax = 4;
constexpr size_t kShownWordBytesMax = 40;
constexpr int64_t kRetryAfterMaxS = 3600;

constexpr std::string_view kQueuedWords[]{"submitted", "queued",  "not_start", "pending",
                                          "in_queue",  "waiting", "queuing"};
constexpr std::string_view kRunningWords[]{"processing", "in_progress", "running", "generating"};
constexpr std::string_view kSucceededWords[]{"succeed", "succeeded", "success", "completed"};
constexpr std::string_view kFailedWords[]{"failed",    "failure",  "fail",   "error",
                                          "cancelled", "canceled", "expired"};
constexpr struct {
  std::span<const std::string_view> words;
  Progress meaning;
} kMeanings[]{{kQueuedWords, Progress::kQueued},
              {kRunningWords, Progress::kRunning},
              {kSucceededWords, Progress::kSucceeded},
              {kFailedWords, Progress::kFailed}};

constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool is_number(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, is_digit);
}

std::string as_text(const json::Value& value) {
  if (const std::string* text = value.as_string()) return *text;
  if (const auto number = value.as_int()) return std::to_string(*number);
  return {};
}

const json::Value* step_into(const json::Value& value, std::string_view step) {
  const json::Array* array = value.as_array();
  if (!array) return value.find(step);
  size_t index = 0;
  if (!is_number(step) || step.size() > kIndexDigitsMax) return nullptr;
  std::from_chars(step.data(), step.data() + step.size(), index);
  return index < array->size() ? &(*array)[index] : nullptr;
}

std::optional<int64_t> parse_decimal(std::string_view text, int decimals) {
  const size_t point = text.find('.');
  const std::string_view whole = text.substr(0, point);
  const std::string_view fraction =
      point == std::string_view::npos ? std::string_view("0") : text.substr(point + 1);
  if (!is_number(whole) || !is_number(fraction) || whole.size() > kWholeDigitsMax) {
    return std::nullopt;
  }
  int64_t value = 0;
  std::from_chars(whole.data(), whole.data() + whole.size(), value);
  const auto digit_at = [&](size_t i) { return i < fraction.size() ? fraction[i] - '0' : 0; };
  const auto places = static_cast<size_t>(decimals);
  for (size_t i = 0; i < places; ++i) value = value * 10 + digit_at(i);
  return digit_at(places) >= 5 ? value + 1 : value;
}

}  // namespace

std::optional<json::Value> read_object(const Reply& reply) {
  Result<json::Value> value = json::parse(reply.body);
  if (!value || !value->as_object()) return std::nullopt;
  return *std::move(value);
}

const json::Value* find_path(const json::Value& root, std::string_view path) {
  const json::Value* at = &root;
  while (at) {
    const size_t dot = path.find('.');
    at = step_into(*at, path.substr(0, dot));
    if (dot == std::string_view::npos) break;
    path.remove_prefix(dot + 1);
  }
  return at;
}

std::string text_at(const json::Value& root, std::span<const std::string_view> paths) {
  for (const std::string_view path : paths) {
    const json::Value* value = find_path(root, path);
    if (!value) continue;
    if (std::string text = as_text(*value); !text.empty()) return text;
  }
  return {};
}

std::string text_at(const json::Value& root, std::string_view path) {
  return text_at(root, std::span(&path, 1));
}

std::string id_at(const json::Value& root, std::span<const std::string_view> paths) {
  std::string id = text_at(root, paths);
  const bool visible = std::ranges::all_of(id, [](char c) { return c > ' ' && c < 0x7f; });
  if (!visible || id.size() > kIdBytesMax) return {};
  return id;
}

std::string url_at(const json::Value& root, std::span<const std::string_view> paths) {
  for (const std::string_view path : paths) {
    std::string text = text_at(root, path);
    if (wire::parse_url(text)) return text;
  }
  return {};
}

std::optional<int64_t> decimal_at(const json::Value& root, std::string_view path, int decimals) {
  const json::Value* value = find_path(root, path);
  if (!value) return std::nullopt;
  if (const std::string* text = value->as_string()) return parse_decimal(*text, decimals);
  if (const auto number = value->as_double()) {
    return parse_decimal(fmt::format("{}", *number), decimals);
  }
  return std::nullopt;
}

std::optional<Millis> retry_after_of(const Reply& reply) {
  const std::string* text = reply.headers.find("Retry-After");
  if (!text || !is_number(*text) || text->size() > kWholeDigitsMax) return std::nullopt;
  int64_t seconds = 0;
  std::from_chars(text->data(), text->data() + text->size(), seconds);
  return Seconds{std::min(seconds, kRetryAfterMaxS)};
}

std::optional<Progress> meaning_of(std::string_view word) {
  for (const auto& row : kMeanings) {
    if (is_one_of(word, row.words)) return row.meaning;
  }
  return std::nullopt;
}

std::string unknown_word(std::string_view word) {
  std::string shown(word.substr(0, kShownWordBytesMax));
  std::ranges::replace_if(shown, [](char c) { return c < ' ' || c > '~'; }, '?');
  return fmt::format("the status '{}' is unknown", shown);
}

std::string to_lower(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return lower;
}

bool is_one_of(std::string_view text, std::span<const std::string_view> texts) {
  return std::ranges::any_of(
      texts, [&](std::string_view other) { return wire::equal_ignoring_case(text, other); });
}

}  // namespace rushes::provider
