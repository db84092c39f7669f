#include "server/monitor/round_series.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <numeric>
#include <vector>

namespace seedfed {
namespace {

RoundRecord Round(uint32_t number) {
  return {.round = number,
          .updates = 10,
          .training_loss = 1.0 / number,
          .bytes_up = 1000 + number,
          .duration_ms = 500};
}

void Fill(RoundSeries& series, uint32_t rounds) {
  for (uint32_t r = 1; r <= rounds; ++r) series.Append(Round(r));
}

TEST(RoundSeries, New_HasNoRows) {
  const RoundSeries series;
  EXPECT_EQ(series.last_round(), 0U);
  EXPECT_TRUE(series.Rows(1, 100, 10).empty());
}

TEST(RoundSeries, FewRounds_OneRowEach) {
  RoundSeries series;
  Fill(series, 5);
  const auto rows = series.Rows(2, 4, 100);
  ASSERT_EQ(rows.size(), 3U);
  EXPECT_EQ(rows[0].last_round, 2U);
  EXPECT_EQ(rows[2].last_round, 4U);
  EXPECT_DOUBLE_EQ(rows[1].training_loss, 1.0 / 3);
  EXPECT_EQ(rows[1].seconds, 0.5);
  EXPECT_EQ(series.Stride(2, 4, 100), 1U);
}

TEST(RoundSeries, MoreRoundsThanPoints_RowsAreSumsOfConsecutiveRounds) {
  RoundSeries series;
  Fill(series, 10);
  const auto rows = series.Rows(1, 10, 4);
  ASSERT_EQ(rows.size(), 4U);
  EXPECT_EQ(series.Stride(1, 10, 4), 3U);
  EXPECT_EQ(rows[0].rounds, 3U);
  EXPECT_EQ(rows[0].bytes_up, 1001 + 1002 + 1003);
  EXPECT_EQ(rows[3].rounds, 1U);
  EXPECT_EQ(rows[3].last_round, 10U);
}

// Whatever is merged on the way, nothing is lost: sums over all rows are sums over all rounds.
TEST(RoundSeries, ManyRounds_MemoryIsBoundedAndSumsStay) {
  for (const uint32_t rounds : {15U, 16U, 17U, 31U, 32U, 33U, 64U, 1000U}) {
    RoundSeries series(16, 8);
    double bytes = 0;
    for (uint32_t r = 1; r <= rounds; ++r) {
      series.Append(Round(r));
      series.Evaluated({r, 7, 0.5, 1, 10});
      series.CountLate(r);
      bytes += 1000 + r;
    }
    const auto rows = series.Rows(1, rounds, 1000);
    EXPECT_LE(rows.size(), 16U);
    RoundSeries::Row all;
    uint32_t next = 0;
    for (const auto& row : rows) {
      all.Merge(row);
      next += row.rounds;
      EXPECT_EQ(row.last_round, next);
    }
    EXPECT_EQ(all.rounds, rounds);
    EXPECT_EQ(all.bytes_up, bytes);
    EXPECT_EQ(all.late, rounds);
    EXPECT_EQ(all.examples, 10 * rounds);
    EXPECT_EQ(all.evaluated_round, rounds);
  }
}

TEST(RoundSeries, RecentRounds_StayOneByOne) {
  RoundSeries series(16, 8);
  Fill(series, 1000);
  const auto rows = series.Rows(993, 1000, 100);
  ASSERT_EQ(rows.size(), 8U);
  EXPECT_EQ(rows[0].last_round, 993U);
  EXPECT_EQ(series.Stride(993, 1000, 100), 1U);
  EXPECT_GT(series.Stride(992, 1000, 100), 1U);
}

TEST(RoundSeries, LateAndRefused_BelongToTheirRound) {
  RoundSeries series;
  series.CountRefused();
  series.CountLate(1);
  Fill(series, 2);
  series.CountLate(1);
  series.CountRefused();
  series.Append(Round(3));
  const auto rows = series.Rows(1, 3, 10);
  EXPECT_EQ(rows[0].late, 2);
  EXPECT_EQ(rows[0].refused, 1);
  EXPECT_EQ(rows[1].refused, 0);
  EXPECT_EQ(rows[2].refused, 1);
}

TEST(RoundSeries, Evaluations_AreWeightedWithTheirExamples) {
  RoundSeries series;
  Fill(series, 2);
  series.Evaluated({2, 1, 0.5, 2, 100});
  series.Evaluated({2, 2, 1.0, 1, 300});
  series.Evaluated({3, 2, 1.0, 1, 300});  // not complete: not counted
  const auto rows = series.Rows(1, 2, 10);
  EXPECT_EQ(rows[0].evaluated_round, 0U);
  EXPECT_EQ(rows[1].evaluated_round, 2U);
  EXPECT_DOUBLE_EQ(rows[1].accuracy / rows[1].examples, 0.875);
  EXPECT_DOUBLE_EQ(rows[1].loss / rows[1].examples, 1.25);
}

}  // namespace
}  // namespace seedfed
