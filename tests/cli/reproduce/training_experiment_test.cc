#include "cli/reproduce/training_experiment.h"

#include <gmock/gmock.h>

#include "gtest/gtest.h"

namespace seedfed {
namespace {

using ::testing::HasSubstr;

// Every reading is a millisecond later than the one before.
class TickingClock final : public Clock {
 public:
  absl::Time Wall() const override { return absl::UnixEpoch() + Monotonic(); }
  absl::Duration Monotonic() const override { return absl::Milliseconds(++readings_); }

 private:
  mutable int readings_ = 0;
};

Results RunWith(uint64_t seed) { return RunTrainingExperiment(seed, TickingClock()); }

double Number(const ResultTable& table, size_t row, const std::string& column) {
  for (size_t c = 0; c < table.columns.size(); ++c) {
    if (table.columns[c].name == column) return table.rows.at(row).at(c).value.get<double>();
  }
  ADD_FAILURE() << "no column " << column;
  return 0;
}

class TrainingExperiment : public testing::Test {
 protected:
  static void SetUpTestSuite() { results_ = new Results(RunWith(1)); }
  static void TearDownTestSuite() {
    delete results_;
    results_ = nullptr;
  }
  static const ResultTable& Curve() { return results_->tables.at(0); }
  static const ResultTable& Gradients() { return results_->tables.at(1); }

  static inline Results* results_ = nullptr;
};

TEST_F(TrainingExperiment, EveryStart_EndsAtThePublishedNumbers) {
  ASSERT_GE(Curve().rows.size(), 10U);
  for (size_t row = 1; row < Curve().rows.size(); ++row) {
    EXPECT_NEAR(Number(Curve(), row, "r"), 0.7072, 0.00005);
    EXPECT_NEAR(Number(Curve(), row, "theta"), 0.2928, 0.00005);
    EXPECT_LE(Number(Curve(), row, "rmse_1000"), 4e-8);
    EXPECT_EQ(Number(Curve(), row, "milliseconds"), 1);
  }
}

TEST_F(TrainingExperiment, TheFirstRow_IsWhatWasPublished) {
  EXPECT_EQ(Curve().rows[0][0].text, "published");
  EXPECT_EQ(Number(Curve(), 0, "rmse_0"), 0.49976);
  EXPECT_EQ(Number(Curve(), 0, "rmse_100"), 0.00142);
  EXPECT_EQ(Number(Curve(), 0, "rmse_200"), 0.00001);
  EXPECT_EQ(Number(Curve(), 0, "rmse_1000"), 2.86e-8);
}

TEST_F(TrainingExperiment, TheNearestStart_PassesThePublishedFigures) {
  EXPECT_NEAR(Number(Curve(), 1, "rmse_100"), 0.00142, 0.00005);
  EXPECT_NEAR(Number(Curve(), 1, "rmse_200"), 0.00001, 0.000005);
}

TEST_F(TrainingExperiment, TheFirstPublishedFigure_IsSaidToBeOutOfReach) {
  EXPECT_THAT(Curve().notes.at(1), HasSubstr("the largest RMSE there is 0.47087"));
  EXPECT_THAT(Curve().notes.at(1), HasSubstr("zeros has 0.48799"));
}

TEST_F(TrainingExperiment, Gradients_AgreeAndConverge) {
  ASSERT_EQ(Gradients().rows.size(), 4U);
  EXPECT_LE(Number(Gradients(), 0, "final_rmse"), 4e-8);
  for (size_t row = 1; row < 4; ++row) {
    EXPECT_LT(Number(Gradients(), row, "difference_smooth"), 1e-4);
    EXPECT_GT(Number(Gradients(), row, "smooth_points"), 1000);
    EXPECT_NEAR(Number(Gradients(), row, "r"), 0.7072, 0.00005);
    EXPECT_NEAR(Number(Gradients(), row, "theta"), 0.2928, 0.00005);
  }
  EXPECT_NEAR(Number(Gradients(), 1, "final_rmse"), 1.0e-6, 0.2e-6);
  EXPECT_LE(Number(Gradients(), 2, "final_rmse"), 4e-8);
}

TEST_F(TrainingExperiment, Pictures_AreTargetLearnedTileAndError) {
  ASSERT_EQ(results_->pictures.size(), 3U);
  EXPECT_EQ(results_->pictures[0].file, "radial-target.png");
  EXPECT_EQ(results_->pictures[1].file, "radial-learned.png");
  EXPECT_EQ(results_->pictures[2].file, "radial-error.png");
  // The learned tile looks like the target to eight bits; the error, drawn to its own scale, does
  // not.
  EXPECT_EQ(results_->pictures[0].png, results_->pictures[1].png);
  EXPECT_NE(results_->pictures[0].png, results_->pictures[2].png);
}

TEST_F(TrainingExperiment, TheSeed_DecidesTheRandomStarts) {
  EXPECT_EQ(ResultsJson(RunWith(1).tables), ResultsJson(results_->tables));
  EXPECT_NE(ResultsJson(RunWith(2).tables), ResultsJson(results_->tables));
}

}  // namespace
}  // namespace seedfed
