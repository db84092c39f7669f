#include "cli/plan/link_plan.h"

#include <gtest/gtest.h>

namespace seedfed {
namespace {

TEST(Messages, AreRoundedUp) {
  EXPECT_EQ(Messages(0, 340), 0U);
  EXPECT_EQ(Messages(1, 340), 1U);
  EXPECT_EQ(Messages(340, kSbdBytesUp), 1U);
  EXPECT_EQ(Messages(341, kSbdBytesUp), 2U);
  EXPECT_EQ(Messages(4'016, kSbdBytesUp), 12U);
  EXPECT_EQ(Messages(4'016, kSbdBytesDown), 15U);
}

TEST(LinkTime, IsBitsOverTheRate) {
  EXPECT_EQ(LinkTime(4'016, 20), absl::Microseconds(1'606'400));
  EXPECT_EQ(LinkTime(125, 1), absl::Seconds(1));
}

TEST(PlanLorawanRound, ElapsedTime_IsAHundredTimesTheAirTimeOfBothWays) {
  const LorawanRound round = PlanLorawanRound(51, kLorawanSf12);
  EXPECT_EQ(round.up.air_time, absl::Microseconds(2'793'472));
  // Without the checksum (8 * 64 - 48 + 28) / 40 = 12.3 blocks: still 13.
  EXPECT_EQ(round.down.air_time, absl::Microseconds(2'793'472));
  EXPECT_NEAR(absl::ToDoubleSeconds(round.elapsed), 558.6944, 1e-9);
}

}  // namespace
}  // namespace seedfed
