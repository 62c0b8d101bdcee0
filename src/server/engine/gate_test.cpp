#include "server/engine/gate.h"

#include <gtest/gtest.h>

namespace rushes::engine {
namespace {

const Timestamp kNow = from_unix_ms(1'800'000'000'000);
constexpr Millis kHalfMinute{30'000};
constexpr Millis kFiveMinutes{300'000};

TEST(Gate, LetsAsManyJobsInAsAreAllowedAndOneMoreForEachThatLeaves) {
  Gate gate({.concurrency = 2});
  EXPECT_EQ(gate.room(kNow), 2);
  gate.enter();
  gate.enter();
  EXPECT_EQ(gate.room(kNow), 0);
  gate.enter();  // an adopted job is there whatever the limit says
  EXPECT_EQ(gate.room(kNow), 0);
  gate.leave();
  EXPECT_EQ(gate.room(kNow), 0);
  gate.leave();
  EXPECT_EQ(gate.room(kNow), 1);
}

TEST(Gate, TurnsAreEvenlySpacedAndUnusedOnesAreNotSaved) {
  Gate gate({.requests_per_second = 4});
  EXPECT_EQ(gate.take_turn(kNow, Gate::Turn::kInOrder), Millis{0});
  EXPECT_EQ(gate.take_turn(kNow, Gate::Turn::kInOrder), Millis{250});
  EXPECT_EQ(gate.take_turn(kNow + Millis{100}, Gate::Turn::kInOrder), Millis{400});
  EXPECT_EQ(gate.take_turn(kNow + Millis{5'000}, Gate::Turn::kInOrder), Millis{0});
  EXPECT_EQ(gate.take_turn(kNow + Millis{5'000}, Gate::Turn::kInOrder), Millis{250});
}

TEST(Gate, ATurnAtOnceIsPaidForByThoseWhoWait) {
  Gate gate({.requests_per_second = 4});
  gate.take_turn(kNow, Gate::Turn::kInOrder);
  EXPECT_EQ(gate.take_turn(kNow, Gate::Turn::kNow), Millis{0});
  EXPECT_EQ(gate.take_turn(kNow, Gate::Turn::kInOrder), Millis{500});
}

TEST(Gate, WithoutARateEveryTurnIsNow) {
  Gate gate({.requests_per_second = 0});
  for (int i = 0; i < 100; ++i) {
    EXPECT_EQ(gate.take_turn(kNow, Gate::Turn::kInOrder), Millis{0});
  }
}

TEST(Gate, TheFifthFailureInARowClosesItAndOneTrialOpensItAgain) {
  Gate gate({.concurrency = 3});
  for (int i = 0; i < 4; ++i) gate.failed(kNow);
  EXPECT_EQ(gate.room(kNow), 3) << "four are bad luck";
  gate.failed(kNow);
  EXPECT_EQ(gate.room(kNow), 0);
  EXPECT_EQ(gate.room(kNow + kHalfMinute - Millis{1}), 0);
  EXPECT_EQ(gate.room(kNow + kHalfMinute), 1) << "one, to try";
  EXPECT_TRUE(gate.worked());
  EXPECT_EQ(gate.room(kNow + kHalfMinute), 3);
}

TEST(Gate, AnAnswerOpensWhatFailuresHaveClosedBeforeItsTime) {
  Gate gate({.concurrency = 3});
  for (int i = 0; i < 5; ++i) gate.failed(kNow);
  EXPECT_EQ(gate.closed_until(), kNow + kHalfMinute);
  EXPECT_TRUE(gate.worked()) << "to a poll, say";
  EXPECT_EQ(gate.room(kNow), 3);
  gate.slow_down(kNow, Millis{2'000});
  gate.worked();
  EXPECT_EQ(gate.room(kNow), 0) << "busy is what the provider answered";
}

TEST(Gate, ChangesAreNewsOnce) {
  Gate gate({.concurrency = 3});
  EXPECT_FALSE(gate.worked());
  for (int round = 0; round < 2; ++round) {
    for (int i = 0; i < 4; ++i) EXPECT_FALSE(gate.failed(kNow));
    EXPECT_TRUE(gate.failed(kNow));
    for (int i = 0; i < 9; ++i) EXPECT_FALSE(gate.failed(kNow));
    EXPECT_TRUE(gate.worked());
    EXPECT_FALSE(gate.worked());
  }
  EXPECT_TRUE(gate.park(kNow));
  EXPECT_FALSE(gate.worked()) << "the refusal is an answer too";
  EXPECT_FALSE(gate.park(kNow + kFiveMinutes - Millis{1}));
  EXPECT_FALSE(gate.park(kNow + kFiveMinutes)) << "counted from the last refusal";
  EXPECT_TRUE(gate.park(kNow + 2 * kFiveMinutes));
}

TEST(Gate, AnAnswerInBetweenBeginsTheCountAnew) {
  Gate gate({.concurrency = 3});
  for (int i = 0; i < 4; ++i) gate.failed(kNow);
  gate.worked();
  for (int i = 0; i < 4; ++i) gate.failed(kNow);
  EXPECT_EQ(gate.room(kNow), 3);
}

TEST(Gate, FurtherFailuresDoubleThePauseUpToFiveMinutes) {
  Gate gate({.concurrency = 3});
  for (int i = 0; i < 4; ++i) gate.failed(kNow);
  Timestamp now = kNow;
  for (const Millis pause : {Millis{30'000}, Millis{60'000}, Millis{120'000}, Millis{240'000},
                             kFiveMinutes, kFiveMinutes}) {
    gate.failed(now);
    EXPECT_EQ(gate.room(now + pause - Millis{1}), 0);
    EXPECT_EQ(gate.room(now + pause), 1);
    now += pause;
  }
}

TEST(Gate, AParkedCredentialIsTriedAgainEveryFiveMinutes) {
  Gate gate({.concurrency = 3});
  gate.park(kNow);
  EXPECT_EQ(gate.room(kNow + kFiveMinutes - Millis{1}), 0);
  EXPECT_EQ(gate.room(kNow + kFiveMinutes), 1);
  gate.worked();
  EXPECT_EQ(gate.room(kNow + kFiveMinutes), 3);
}

TEST(Gate, ABusyProviderGetsNothingNewForAWhileAndNeverLongerThanFiveMinutes) {
  Gate gate({.concurrency = 3});
  gate.slow_down(kNow, Millis{2'000});
  EXPECT_EQ(gate.room(kNow + Millis{1'999}), 0);
  EXPECT_EQ(gate.room(kNow + Millis{2'000}), 3);
  gate.slow_down(kNow, Millis{3'600'000});
  EXPECT_EQ(gate.closed_until(), kNow + kFiveMinutes);
  gate.slow_down(kNow, Millis{1});
  EXPECT_EQ(gate.closed_until(), kNow + kFiveMinutes) << "never earlier than it said";
}

}  // namespace
}  // namespace rushes::engine
