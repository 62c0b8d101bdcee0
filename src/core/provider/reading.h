// What the adapters' readers have in common: a reply's body is foreign bytes, and vendors differ in
// what they quote, nest and leave out. Nothing here fails; what is not there reads as absent.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/json/value.h"
#include "core/provider/provider.h"

namespace rushes::provider {

// The body as a JSON object; nothing for HTML, other JSON and what is no JSON at all.
std::optional<json::Value> read_object(const Reply& reply);

// "data.task_result.videos.0.url": members and array indices. Null if a step is missing.
const json::Value* find_path(const json::Value& root, std::string_view path);

// The first of `paths` that is a text, or a whole number as text; else "".
std::string text_at(const json::Value& root, std::span<const std::string_view> paths);
std::string text_at(const json::Value& root, std::string_view path);

// As text_at, if it can be an id: at most 256 visible ASCII characters; else "".
std::string id_at(const json::Value& root, std::span<const std::string_view> paths);

// As text_at, if it is an absolute http or https URL; else "".
std::string url_at(const json::Value& root, std::span<const std::string_view> paths);

// A plain decimal, not negative and below 10^9, as text or number, in units of 10^-`decimals`;
// rounded half up. "1.8" with 1 decimal is 18.
std::optional<int64_t> decimal_at(const json::Value& root, std::string_view path, int decimals);

// Retry-After in whole seconds, at most an hour; nothing for dates and nonsense.
std::optional<Millis> retry_after_of(const Reply& reply);

// What a task's word means, in every vendor's spelling and without regard to case; nothing for a
// word that nobody knows.
enum class Progress { kQueued, kRunning, kSucceeded, kFailed };
std::optional<Progress> meaning_of(std::string_view word);

// What Outcome::odd says of a success without a link, and of a word that nobody knows: as much of
// it as a line of a log should hold, in visible ASCII.
inline constexpr std::string_view kNoUrl = "success without the URL of a video";
std::string unknown_word(std::string_view word);

// Lower-case ASCII; other bytes stay.
std::string to_lower(std::string_view text);

// `texts` looked up without regard to case.
bool is_one_of(std::string_view text, std::span<const std::string_view> texts);

}  // namespace rushes::provider
