#include "cli/layout/age.h"

#include <gtest/gtest.h>

namespace seedfed {
namespace {

TEST(AgeText, EveryMagnitude_HasOneUnit) {
  EXPECT_EQ(AgeText(absl::Seconds(-5)), "0 s ago");
  EXPECT_EQ(AgeText(absl::Milliseconds(900)), "0 s ago");
  EXPECT_EQ(AgeText(absl::Seconds(3.9)), "3 s ago");
  EXPECT_EQ(AgeText(absl::Seconds(59.9)), "59 s ago");
  EXPECT_EQ(AgeText(absl::Seconds(60)), "1 min ago");
  EXPECT_EQ(AgeText(absl::Minutes(59.9)), "59 min ago");
  EXPECT_EQ(AgeText(absl::Hours(1)), "1 h ago");
  EXPECT_EQ(AgeText(absl::Hours(47.9)), "47 h ago");
  EXPECT_EQ(AgeText(absl::Hours(48)), "2 days ago");
  EXPECT_EQ(AgeText(absl::Hours(24 * 500)), "500 days ago");
}

}  // namespace
}  // namespace seedfed
