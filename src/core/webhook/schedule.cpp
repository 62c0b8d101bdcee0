#include "core/webhook/schedule.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>

#include "base/check.h"

namespace rushes::webhook {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

constexpr int kGoneStatus = 410;

// Before the second try, the third, ...
constexpr std::array<Millis, kTriesMax - 1> kDelays{Seconds{5}, minutes{5}, minutes{30},
                                                    hours{2},   hours{5},   hours{10},
                                                    hours{14},  hours{20},  hours{24}};

constexpr std::array<std::string_view, 7> kWeekdays{"Sun", "Mon", "Tue", "Wed",
                                                    "Thu", "Fri", "Sat"};
constexpr std::array<std::string_view, 12> kMonths{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                   "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

template <size_t N>
std::optional<unsigned> index_of(const std::array<std::string_view, N>& names,
                                 std::string_view name) {
  const auto found = std::ranges::find(names, name);
  if (found == names.end()) return std::nullopt;
  return static_cast<unsigned>(found - names.begin());
}

// A number of exactly the digits of `text`, at most `max`.
std::optional<int> parse_digits(std::string_view text, int max) {
  int number = 0;
  if (text.empty() || !std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; })) {
    return std::nullopt;
  }
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || number > max) return std::nullopt;
  return number;
}

// IMF-fixdate: "Sun, 06 Nov 1994 08:49:37 GMT".
std::optional<std::chrono::sys_seconds> parse_http_date(std::string_view text) {
  constexpr std::string_view kForm = "???, ?? ??? ???? ??:??:?? GMT";
  if (text.size() != kForm.size()) return std::nullopt;
  for (size_t i = 0; i < text.size(); ++i) {
    if (kForm[i] != '?' && kForm[i] != text[i]) return std::nullopt;
  }
  const auto weekday = index_of(kWeekdays, text.substr(0, 3));
  const auto month = index_of(kMonths, text.substr(8, 3));
  const auto day = parse_digits(text.substr(5, 2), 31);
  const auto year = parse_digits(text.substr(12, 4), 9999);
  const auto hour = parse_digits(text.substr(17, 2), 23);
  const auto minute = parse_digits(text.substr(20, 2), 59);
  const auto second = parse_digits(text.substr(23, 2), 60);  // a leap second
  if (!weekday || !month || !day || !year || !hour || !minute || !second) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year{*year}, std::chrono::month{*month + 1},
                                         std::chrono::day{static_cast<unsigned>(*day)}};
  if (!date.ok()) return std::nullopt;
  return std::chrono::sys_days{date} + hours{*hour} + minutes{*minute} + Seconds{*second};
}

Millis jittered(Millis delay, double chance) {
  const double factor = 1 - kJitter + 2 * kJitter * chance;
  return Millis{static_cast<int64_t>(static_cast<double>(delay.count()) * factor)};
}

}  // namespace

Judgement judge(const TryOutcome& outcome, int number, double chance, int tries_max) {
  RUSHES_CHECK(number >= 1 && tries_max <= kTriesMax);
  if (outcome.status >= 200 && outcome.status < 300) return {Judgement::Kind::kDelivered};
  if (outcome.status == kGoneStatus) return {Judgement::Kind::kGone};
  if (number >= tries_max) return {Judgement::Kind::kExhausted};
  Millis delay = jittered(kDelays[static_cast<size_t>(number) - 1], chance);
  if (outcome.retry_after) {
    delay = std::max<Millis>(delay, std::min(*outcome.retry_after, kRetryAfterMax));
  }
  return {Judgement::Kind::kAgain, delay};
}

std::optional<Seconds> parse_retry_after(std::string_view text, Timestamp now) {
  if (!text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; })) {
    int64_t seconds = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
    // More digits than a number holds is a very long time.
    if (error != std::errc{}) return kRetryAfterMax;
    return std::min(Seconds{seconds}, kRetryAfterMax);
  }
  const auto date = parse_http_date(text);
  if (!date) return std::nullopt;
  const auto wait = std::chrono::ceil<Seconds>(*date - now);
  return std::clamp<Seconds>(wait, Seconds{0}, kRetryAfterMax);
}

}  // namespace rushes::webhook
