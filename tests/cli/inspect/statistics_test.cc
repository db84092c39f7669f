#include "cli/inspect/statistics.h"

#include <gtest/gtest.h>

namespace seedfed {
namespace {

TEST(Statistics, Nothing_IsZero) {
  const Statistics none;
  EXPECT_EQ(none.count(), 0U);
  EXPECT_EQ(none.min(), 0);
  EXPECT_EQ(none.max(), 0);
  EXPECT_EQ(none.mean(), 0);
  EXPECT_EQ(none.stddev(), 0);
}

TEST(Statistics, FewNumbers_AsByHand) {
  Statistics statistics;
  for (const double value : {2.0, 4.0, 4.0, 4.0, 5.0, 5.0, 7.0, 9.0}) statistics.Add(value);
  EXPECT_EQ(statistics.count(), 8U);
  EXPECT_EQ(statistics.min(), 2);
  EXPECT_EQ(statistics.max(), 9);
  EXPECT_DOUBLE_EQ(statistics.mean(), 5);
  EXPECT_DOUBLE_EQ(statistics.stddev(), 2);
}

TEST(Statistics, NegativeNumbersOnly_HaveANegativeMaximum) {
  Statistics statistics;
  statistics.Add(-3);
  statistics.Add(-1);
  EXPECT_EQ(statistics.min(), -3);
  EXPECT_EQ(statistics.max(), -1);
}

TEST(Statistics, LargeMean_KeepsTheSmallSpread) {
  Statistics statistics;
  for (int i = 0; i < 1000; ++i) statistics.Add(1e9 + (i % 2));
  EXPECT_NEAR(statistics.stddev(), 0.5, 1e-6);
}

}  // namespace
}  // namespace seedfed
