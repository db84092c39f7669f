#include "common/terminal/text.h"

#include <gtest/gtest.h>

#include <limits>

namespace seedfed {
namespace {

TEST(WithSeparators, AnyNumber_GroupsOfThreeDigits) {
  EXPECT_EQ(WithSeparators(0), "0");
  EXPECT_EQ(WithSeparators(999), "999");
  EXPECT_EQ(WithSeparators(1000), "1,000");
  EXPECT_EQ(WithSeparators(940584), "940,584");
  EXPECT_EQ(WithSeparators(std::numeric_limits<uint64_t>::max()), "18,446,744,073,709,551,615");
}

TEST(ByteCount, AnyNumber_OneDecimalInTheUnitThatFits) {
  EXPECT_EQ(ByteCount(0), "0 B");
  EXPECT_EQ(ByteCount(999), "999 B");
  EXPECT_EQ(ByteCount(1000), "1.0 kB");
  EXPECT_EQ(ByteCount(240960), "241.0 kB");
  EXPECT_EQ(ByteCount(999949), "999.9 kB");
  EXPECT_EQ(ByteCount(999950), "1.0 MB");
  EXPECT_EQ(ByteCount(1'128'700'800), "1.1 GB");
  EXPECT_EQ(ByteCount(std::numeric_limits<uint64_t>::max()), "18446.7 PB");
}

TEST(ClockText, AnyDuration_HoursOnlyWhenThereAreSome) {
  EXPECT_EQ(ClockText(absl::Seconds(-3)), "0:00");
  EXPECT_EQ(ClockText(absl::Seconds(7.9)), "0:07");
  EXPECT_EQ(ClockText(absl::Seconds(151)), "2:31");
  EXPECT_EQ(ClockText(absl::Seconds(3751)), "1:02:31");
}

TEST(DurationText, AnyDuration_TwoUnitsAtMost) {
  EXPECT_EQ(DurationText(absl::Seconds(-3)), "0.0 s");
  EXPECT_EQ(DurationText(absl::Seconds(7.26)), "7.3 s");
  EXPECT_EQ(DurationText(absl::Seconds(59.96)), "1 min 0 s");
  EXPECT_EQ(DurationText(absl::Seconds(151.4)), "2 min 31 s");
  EXPECT_EQ(DurationText(absl::Seconds(3751)), "1 h 2 min");
}

}  // namespace
}  // namespace seedfed
