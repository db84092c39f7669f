#include "cli/layout/quantity.h"

#include <gtest/gtest.h>

namespace seedfed {
namespace {

TEST(RoundBytes, EveryMagnitude_HasThreeDigits) {
  EXPECT_EQ(RoundBytes(0), "0 B");
  EXPECT_EQ(RoundBytes(288), "288 B");
  EXPECT_EQ(RoundBytes(999), "999 B");
  EXPECT_EQ(RoundBytes(1000), "1.00 kB");
  EXPECT_EQ(RoundBytes(4016), "4.02 kB");
  EXPECT_EQ(RoundBytes(13'541'680), "13.5 MB");
  EXPECT_EQ(RoundBytes(203'125'008), "203 MB");
  EXPECT_EQ(RoundBytes(52e9), "52.0 GB");
  EXPECT_EQ(RoundBytes(1e24), "1.00 YB");
  EXPECT_EQ(RoundBytes(1.2345e28), "12,345 YB");
}

TEST(RoundBytes, JustBelowAUnit_RoundsUpIntoIt) {
  EXPECT_EQ(RoundBytes(9'994), "9.99 kB");
  EXPECT_EQ(RoundBytes(9'996), "10.0 kB");
  EXPECT_EQ(RoundBytes(99'960), "100 kB");
  EXPECT_EQ(RoundBytes(999'499), "999 kB");
  EXPECT_EQ(RoundBytes(999'501), "1.00 MB");
}

TEST(RoundDuration, EveryMagnitude_HasItsUnit) {
  EXPECT_EQ(RoundDuration(absl::ZeroDuration()), "0 s");
  EXPECT_EQ(RoundDuration(absl::Microseconds(20)), "0.02 ms");
  EXPECT_EQ(RoundDuration(absl::Microseconds(118'016)), "118 ms");
  EXPECT_EQ(RoundDuration(absl::Milliseconds(2793)), "2.79 s");
  EXPECT_EQ(RoundDuration(absl::Minutes(1.65)), "1.65 min");
  EXPECT_EQ(RoundDuration(absl::Hours(12.2)), "12.2 h");
  EXPECT_EQ(RoundDuration(absl::Hours(24 * 119)), "119 days");
  EXPECT_EQ(RoundDuration(absl::Hours(24 * 365.25 * 1234)), "1,234 years");
}

TEST(RoundDuration, JustBelowAUnit_RoundsUpIntoIt) {
  EXPECT_EQ(RoundDuration(absl::Seconds(59.9)), "59.9 s");
  EXPECT_EQ(RoundDuration(absl::Seconds(59.98)), "1.00 min");
}

TEST(RoundRatio, WholeAndSmallAndLargeRatios) {
  EXPECT_EQ(RoundRatio(940'584, 4'016), "234:1");
  EXPECT_EQ(RoundRatio(940'584, 288), "3,266:1");
  EXPECT_EQ(RoundRatio(4, 4), "1:1");
  EXPECT_EQ(RoundRatio(3, 2), "1.5:1");
  EXPECT_EQ(RoundRatio(994, 100), "9.9:1");
  EXPECT_EQ(RoundRatio(999, 100), "10:1");
  EXPECT_EQ(RoundRatio(1, 4), "0.25:1");
}

}  // namespace
}  // namespace seedfed
