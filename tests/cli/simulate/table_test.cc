#include "cli/simulate/table.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>

namespace seedfed {
namespace {

const EvaluatedRound kRecord = {.round = 12,
                                .accuracy = 0.84625,
                                .loss = 0.43218,
                                .bytes_up = 4051,
                                .bytes_down = 4016,
                                .seconds = 2.126};

TEST(RoundTable, WideEnough_AllColumns) {
  const RoundTable table(80);
  EXPECT_EQ(table.Header(), " round  test accuracy      loss     bytes up   bytes down   seconds");
  EXPECT_EQ(table.Row(kRecord),
            "    12         0.8462    0.4322        4,051        4,016      2.13");
}

TEST(RoundTable, Narrower_LossGoesFirstThenSecondsThenBytes) {
  EXPECT_EQ(RoundTable(66).Header(), " round  test accuracy     bytes up   bytes down   seconds");
  EXPECT_EQ(RoundTable(50).Header(), " round  test accuracy     bytes up   bytes down");
  EXPECT_EQ(RoundTable(40).Header(), " round  test accuracy     bytes up");
  EXPECT_EQ(RoundTable(30).Header(), " round  test accuracy");
  EXPECT_EQ(RoundTable(30).Row(kRecord), "    12         0.8462");
}

TEST(RoundTable, AnyWidth_RowIsAsLongAsHeaderAndFitsFrom21Up) {
  for (size_t width = 0; width < 130; ++width) {
    const RoundTable table(width);
    EXPECT_EQ(table.Row(kRecord).size(), table.Header().size());
    EXPECT_LE(table.Header().size(), std::max<size_t>(width, 21)) << width;
  }
}

TEST(RoundTable, DenseBytesAndDivergedModel_KeepTheColumns) {
  EvaluatedRound record = kRecord;
  record.bytes_up = record.bytes_down = 940584;
  record.loss = std::numeric_limits<double>::quiet_NaN();
  EXPECT_EQ(RoundTable(80).Row(record),
            "    12         0.8462       nan      940,584      940,584      2.13");
}

TEST(TimeLeft, SomeRounds_MeanSoFarTimesTheRest) {
  SimulationProgress progress = {
      .done = 10, .rounds = 60, .elapsed = absl::Seconds(26), .per_round = absl::Seconds(2)};
  EXPECT_EQ(TimeLeft(progress), absl::Seconds(100));
  progress.since_last_round = absl::Seconds(1);
  EXPECT_EQ(TimeLeft(progress), absl::Seconds(99));
}

TEST(TimeLeft, RoundThatNeverEnds_Zero) {
  EXPECT_EQ(TimeLeft({.done = 1,
                      .rounds = 2,
                      .per_round = absl::Seconds(2),
                      .since_last_round = absl::Seconds(500)}),
            absl::ZeroDuration());
}

TEST(TimeLeft, NoRound_Unknown) {
  EXPECT_EQ(TimeLeft({.done = 0, .rounds = 2, .elapsed = absl::Seconds(5)}),
            absl::InfiniteDuration());
}

const SimulationProgress kProgress = {.done = 15,
                                      .rounds = 60,
                                      .elapsed = absl::Seconds(34),
                                      .per_round = absl::Seconds(2.1),
                                      .since_last_round = absl::Seconds(1.5)};

TEST(ProgressLine, EightyColumns_BarFillsTheRest) {
  const std::string line = ProgressLine(kProgress, 79, {});
  EXPECT_EQ(line,
            " round 15/60 [##########..............................] 0:34 elapsed, 1:33 left");
  EXPECT_EQ(line.size(), 79u);
}

TEST(ProgressLine, VeryWide_BarStopsGrowing) {
  EXPECT_EQ(ProgressLine(kProgress, 300, {}).size(), 99u);
}

TEST(ProgressLine, NoRoundYet_NoTimeLeft) {
  EXPECT_EQ(ProgressLine({.done = 0, .rounds = 60, .elapsed = absl::Seconds(3)}, 45, {}),
            " round 0/60 [..................] 0:03 elapsed");
}

TEST(ProgressLine, Narrow_LeavesOutBarThenTimes) {
  EXPECT_EQ(ProgressLine(kProgress, 40, {}), " round 15/60 0:34 elapsed, 1:33 left");
  EXPECT_EQ(ProgressLine(kProgress, 20, {}), " round 15/60");
  EXPECT_EQ(ProgressLine(kProgress, 5, {}), " roun");
}

TEST(ProgressLine, AnyWidth_Fits) {
  for (size_t width = 0; width < 200; ++width) {
    EXPECT_LE(ProgressLine(kProgress, width, {}).size(), width);
  }
}

TEST(ProgressLine, ColourAndUtf8_OnlyInTheBar) {
  EXPECT_EQ(ProgressLine(kProgress, 50, {.utf8 = true, .color = true}),
            " round 15/60 "
            "[\x1b[32m\u2588\u2588\x1b[0m\u2591\u2591\u2591\u2591\u2591\u2591\u2591\u2591\u2591]"
            " 0:34 elapsed, 1:33 left");
}

TEST(ProgressLine, MoreRoundsThanPlanned_FullBar) {
  EXPECT_EQ(
      ProgressLine(
          {.done = 7, .rounds = 5, .elapsed = absl::Seconds(9), .per_round = absl::Seconds(1)}, 50,
          {}),
      " round 5/5 [#############] 0:09 elapsed, 0:00 left");
}

}  // namespace
}  // namespace seedfed
