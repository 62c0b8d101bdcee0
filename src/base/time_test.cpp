#include "base/time.h"

#include <gtest/gtest.h>

namespace rushes {
namespace {

TEST(Time, IsoTextHasMillisecondsAndZone) {
  EXPECT_EQ(to_iso8601(from_unix_ms(0)), "1970-01-01T00:00:00.000Z");
  EXPECT_EQ(to_iso8601(from_unix_ms(1774805076166)), "2026-03-29T17:24:36.166Z");
  EXPECT_EQ(to_iso8601(from_unix_ms(951782399999)), "2000-02-28T23:59:59.999Z");
}

TEST(Time, SecondsRoundDown) {
  EXPECT_EQ(to_unix_s(from_unix_ms(1999)), 1);
  EXPECT_EQ(to_unix_s(from_unix_ms(-1)), -1);
}

}  // namespace
}  // namespace rushes
