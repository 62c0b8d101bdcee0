#include "core/webhook/schedule.h"

#include <gtest/gtest.h>

namespace rushes::webhook {
namespace {

using Kind = Judgement::Kind;

constexpr double kMiddle = 0.5;  // of the jitter: none

TEST(Schedule, FollowsTheSuggestedTimes) {
  const int64_t delays_s[] = {5, 300, 1800, 7200, 18'000, 36'000, 50'400, 72'000, 86'400};
  int64_t total_s = 0;
  for (int number = 1; number < kTriesMax; ++number) {
    const Judgement judged = judge({.status = 500}, number, kMiddle);
    EXPECT_EQ(judged.kind, Kind::kAgain);
    EXPECT_EQ(judged.delay, Seconds{delays_s[number - 1]}) << number;
    total_s += judged.delay / Seconds{1};
  }
  EXPECT_EQ(total_s, 75 * 3600 + 35 * 60 + 5);
  EXPECT_EQ(judge({.status = 500}, kTriesMax, kMiddle).kind, Kind::kExhausted);
  EXPECT_EQ(judge({.status = 500}, kTriesMax + 1, kMiddle).kind, Kind::kExhausted);
}

TEST(Schedule, AReplyDecides) {
  const struct {
    int status;
    Kind kind;
  } cases[] = {
      {0, Kind::kAgain},       {100, Kind::kAgain},     {199, Kind::kAgain},
      {200, Kind::kDelivered}, {204, Kind::kDelivered}, {299, Kind::kDelivered},
      {300, Kind::kAgain},     {301, Kind::kAgain},     {400, Kind::kAgain},
      {404, Kind::kAgain},     {409, Kind::kAgain},     {410, Kind::kGone},
      {411, Kind::kAgain},     {429, Kind::kAgain},     {500, Kind::kAgain},
      {503, Kind::kAgain},
  };
  for (const auto& [status, kind] : cases) {
    EXPECT_EQ(judge({.status = status}, 1, kMiddle).kind, kind) << status;
  }
}

TEST(Schedule, TheLastTryStillCountsIfItSucceeds) {
  EXPECT_EQ(judge({.status = 200}, kTriesMax, kMiddle).kind, Kind::kDelivered);
  EXPECT_EQ(judge({.status = 410}, kTriesMax, kMiddle).kind, Kind::kGone);
}

TEST(Schedule, AShorterScheduleEndsEarlier) {
  EXPECT_EQ(judge({.status = 500}, 1, kMiddle, 2).kind, Kind::kAgain);
  EXPECT_EQ(judge({.status = 500}, 2, kMiddle, 2).kind, Kind::kExhausted);
  EXPECT_EQ(judge({.status = 500}, 1, kMiddle, 1).kind, Kind::kExhausted);
}

TEST(Schedule, JitterMovesATryByATenthBothWays) {
  EXPECT_EQ(judge({}, 1, 0.0).delay, Millis{4500});
  EXPECT_EQ(judge({}, 1, 0.25).delay, Millis{4750});
  EXPECT_LT(judge({}, 1, 0.9999).delay, Millis{5500});
  EXPECT_GT(judge({}, 1, 0.9999).delay, Millis{5490});
}

TEST(Schedule, RetryAfterMovesATryLaterAndNeverEarlier) {
  const auto delay = [](int number, Seconds retry_after) {
    return judge({.status = 429, .retry_after = retry_after}, number, kMiddle).delay;
  };
  EXPECT_EQ(delay(1, Seconds{4}), Seconds{5});
  EXPECT_EQ(delay(1, Seconds{6}), Seconds{6});
  EXPECT_EQ(delay(2, Seconds{1}), Seconds{300});
  EXPECT_EQ(delay(1, kRetryAfterMax), kRetryAfterMax);
  EXPECT_EQ(delay(1, kRetryAfterMax + Seconds{1}), kRetryAfterMax);
  EXPECT_EQ(judge({.status = 503, .retry_after = Seconds{9}}, kTriesMax, kMiddle).kind,
            Kind::kExhausted);
}

TEST(RetryAfter, IsSecondsOrADate) {
  const Timestamp now = from_unix_ms(784'111'777'500);  // Sun, 06 Nov 1994 08:49:37.5 GMT
  const struct {
    std::string_view text;
    std::optional<Seconds> wait;
  } cases[] = {
      {"0", Seconds{0}},
      {"120", Seconds{120}},
      {"86400", Seconds{86'400}},
      {"86401", Seconds{86'400}},
      {"99999999999999999999999", Seconds{86'400}},
      {"Sun, 06 Nov 1994 08:49:38 GMT", Seconds{1}},
      {"Sun, 06 Nov 1994 08:50:37 GMT", Seconds{60}},
      {"Sun, 06 Nov 1994 08:49:37 GMT", Seconds{0}},
      {"Sat, 05 Nov 1994 08:49:37 GMT", Seconds{0}},
      {"Fri, 31 Dec 9999 23:59:60 GMT", Seconds{86'400}},
  };
  for (const auto& [text, wait] : cases) EXPECT_EQ(parse_retry_after(text, now), wait) << text;
}

TEST(RetryAfter, RefusesEverythingElse) {
  const Timestamp now = from_unix_ms(784'111'777'500);
  for (const std::string_view text :
       {"", " ", "-1", "+1", "1.5", "1 ", "soon", "Sun, 06 Nov 1994 08:49:37 UTC",
        "Sun, 06 Nov 1994 8:49:37 GMT", "Sun, 06 Foo 1994 08:49:37 GMT",
        "Xyz, 06 Nov 1994 08:49:37 GMT", "Sun, 31 Feb 1994 08:49:37 GMT",
        "Sun, 00 Nov 1994 08:49:37 GMT", "Sun, 06 Nov 1994 24:49:37 GMT",
        "Sun, 06 Nov 1994 08:60:37 GMT", "Sun, 06 Nov 1994 08:49:61 GMT",
        "Sun, -6 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT"}) {
    EXPECT_EQ(parse_retry_after(text, now), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace rushes::webhook
