#include "common/pattern/poincare_matrix.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "common/pattern/radial.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace seedfed {
namespace {

using ::testing::HasSubstr;

constexpr float kNan = std::numeric_limits<float>::quiet_NaN();

// The target of the original experiment.
std::vector<float> RadialTarget() {
  std::vector<float> target;
  for (const float dist : RadialDistances(32, 32)) {
    target.push_back(static_cast<float>(std::max(0.0, 1 - dist / 1.414)));
  }
  return target;
}

PoincareMatrix Start(float r, float theta, uint32_t rows = 32, uint32_t cols = 32) {
  return PoincareMatrix::Create(r, theta, rows, cols).value();
}

std::vector<PoincareMatrix> Starts() {
  std::vector<PoincareMatrix> starts = {Start(0.8F, -0.5F), Start(0.8F, 0.5F), Start(1.0F, -0.5F),
                                        Start(1.0F, 0.5F), Start(0.9F, 0.0F)};
  PhiloxStream random({3, 4}, 0, 0, 0);
  for (int n = 0; n < 5; ++n) {
    starts.push_back(PoincareMatrix::RandomStart(32, 32, random).value());
  }
  return starts;
}

TEST(PoincareMatrix, AWord_HasItsTwoReadings) {
  const Word word = PackSingle({0.75F, -0.125F, 0xABCDE});
  const auto matrix = PoincareMatrix::Create(word, 3, 5);
  ASSERT_TRUE(matrix.ok()) << matrix.status();
  EXPECT_EQ(matrix->word(), word);
  EXPECT_EQ(matrix->rows(), 3U);
  EXPECT_EQ(matrix->cols(), 5U);
  EXPECT_EQ(matrix->ContinuousWeight(1, 2), 0.625F);
  EXPECT_EQ(matrix->Weight(1, 2), 5 << 27);
  EXPECT_EQ(matrix->ContinuousWeight(1, 3), 0.25F);
  EXPECT_EQ(matrix->Weight(1, 3), 1 << 28);
  EXPECT_EQ(matrix->Weights()[1 * 5 + 3], matrix->Weight(1, 3));
  EXPECT_EQ(matrix->ContinuousWeights()[1 * 5 + 3], matrix->ContinuousWeight(1, 3));
  EXPECT_EQ(matrix->Weights().size(), 15U);
  EXPECT_EQ(matrix->ContinuousWeights().size(), 15U);
}

TEST(PoincareMatrix, IntegerAndContinuousWeights_AgreeWithinTheBound) {
  PhiloxStream random({3, 4}, 0, 0, 1);
  for (int n = 0; n < 50; ++n) {
    const PoincareMatrix matrix = PoincareMatrix::RandomStart(9, 14, random).value();
    for (uint32_t row = 0; row < 9; ++row) {
      for (uint32_t col = 0; col < 14; ++col) {
        // binary32 adds three roundings of 2^-25 to the bound.
        EXPECT_NEAR(matrix.Weight(row, col) * 0x1p-30, matrix.ContinuousWeight(row, col),
                    kRadialQuantisedMaxError + 3 * 0x1p-25);
      }
    }
  }
}

TEST(PoincareMatrix, BadWordsAndShapes_AreNamed) {
  const Word word = PackSingle({0.5F, 0.25F, 0});
  const auto message = [](const Word& w, uint32_t rows, uint32_t cols) {
    return std::string(PoincareMatrix::Create(w, rows, cols).status().message());
  };
  EXPECT_EQ(message(word, 0, 4), "the matrix has 0 rows; expected 1 to 1048576");
  EXPECT_EQ(message(word, 4, 1048577), "the matrix has 1048577 columns; expected 1 to 1048576");
  EXPECT_EQ(message(word, 8193, 8192),
            "the matrix has 67117056 weights; expected at most 67108864");
  EXPECT_THAT(message({word.hi ^ 1 << 20, word.lo}, 4, 4), HasSubstr("the integer half is"));
  EXPECT_THAT(message(PackSingle({0.5F, 0.5F - 0x1p-25F, 0}), 4, 4),
              HasSubstr("which the integer half reads as -0.5"));
  EXPECT_TRUE(PoincareMatrix::Create(PackSingle({0.5F, 0.5F - 0x1p-24F, 0}), 4, 4).ok());
  EXPECT_EQ(PoincareMatrix::Create(kNan, 0, 4, 4).status().message(),
            "r is nan and theta is 0; expected finite numbers");
}

TEST(PoincareMatrix, NumbersBeyondTheRange_MoveToItsEnds) {
  EXPECT_EQ(Start(1.0F, 0.5F).r(), kLargestRadialRadius);
  EXPECT_EQ(Start(1.0F, 0.5F).theta(), kLargestRadialTheta);
  EXPECT_EQ(Start(0.0F, -7.0F).r(), kLeastTrainedRadius);
  EXPECT_EQ(Start(0.0F, -7.0F).theta(), -0.5F);
  EXPECT_LT(kLargestRadialRadius, 1.0F);
}

TEST(PoincareMatrix, RandomStarts_AreInThePublishedRangeAndDiffer) {
  PhiloxStream random({3, 4}, 0, 0, 2);
  float least_r = 1, most_r = 0, least_theta = 1, most_theta = -1;
  for (int n = 0; n < 1000; ++n) {
    const PoincareMatrix start = PoincareMatrix::RandomStart(1, 1, random).value();
    least_r = std::min(least_r, start.r());
    most_r = std::max(most_r, start.r());
    least_theta = std::min(least_theta, start.theta());
    most_theta = std::max(most_theta, start.theta());
  }
  EXPECT_GE(least_r, 0.8F);
  EXPECT_LT(least_r, 0.805F);
  EXPECT_GT(most_r, 0.995F);
  EXPECT_GE(least_theta, -0.5F);
  EXPECT_LT(least_theta, -0.49F);
  EXPECT_GT(most_theta, 0.49F);
}

// The published end: r .7072, theta .2928, RMSE 2.86e-8.
TEST(TrainWithAdam, TheOriginalExperiment_EndsAtTheSameWordFromEveryStart) {
  const std::vector<float> target = RadialTarget();
  for (PoincareMatrix& matrix : Starts()) {
    const auto curve = matrix.TrainWithAdam(target, {});
    ASSERT_TRUE(curve.ok()) << curve.status();
    ASSERT_EQ(curve->size(), 1001U);
    EXPECT_NEAR(matrix.r(), 0.7072, 0.00005);
    EXPECT_NEAR(matrix.theta(), 0.2928, 0.00005);
    EXPECT_LE(curve->back(), 4e-8);
    EXPECT_EQ(curve->back(), matrix.Rmse(target));
    EXPECT_EQ(matrix.word(), PackSingle({matrix.r(), matrix.theta(), 0}));
  }
}

// With a probe of 1e-3 the numerical gradient sees the four clamped corners, and ends about 3e-6
// away in r; with a smaller probe it does not.
TEST(TrainWithAdam, NumericalGradients_ConvergeToo) {
  const std::vector<float> target = RadialTarget();
  for (PoincareMatrix& matrix : Starts()) {
    PoincareMatrix fine = matrix;
    const auto curve = matrix.TrainWithAdam(target, {.gradient = GradientMethod::kNumerical});
    ASSERT_TRUE(curve.ok()) << curve.status();
    EXPECT_NEAR(matrix.r(), 0.7072, 0.00005);
    EXPECT_NEAR(matrix.theta(), 0.2928, 0.00005);
    EXPECT_LT(curve->back(), 1.5e-6);
    const auto fine_curve =
        fine.TrainWithAdam(target, {.gradient = GradientMethod::kNumerical, .probe = 1e-4});
    ASSERT_TRUE(fine_curve.ok()) << fine_curve.status();
    EXPECT_LE(fine_curve->back(), 4e-8);
  }
}

// The loss has a kink wherever a weight meets 0 or 1 while its target is elsewhere. A probe that
// steps over a kink is off by up to that weight's share of the gradient; any other one is exact,
// because the loss is quadratic between kinks.
TEST(Gradient, BothMethods_AgreeWhereNoProbeMeetsABound) {
  const std::vector<float> target = RadialTarget();
  const std::vector<float> distances = RadialDistances(32, 32);
  int smooth = 0;
  for (int a = 0; a <= 18; ++a) {
    for (int b = 0; b <= 100; ++b) {
      const PoincareMatrix matrix =
          Start(0.1F + 0.05F * static_cast<float>(a), -0.5F + 0.01F * static_cast<float>(b));
      double kinks = 0;
      bool near = false;
      for (size_t i = 0; i < target.size(); ++i) {
        const double weight = matrix.r() * (1.0 - distances[i]) + matrix.theta();
        const double nearest = std::min(std::fabs(weight), std::fabs(weight - 1));
        if (nearest > 1e-3) continue;
        near = true;
        kinks += 2 * std::fabs(std::clamp(weight, 0.0, 1.0) - target[i]);
      }
      const RadialGradient analytic = matrix.Gradient(target, GradientMethod::kAnalytic);
      const RadialGradient numerical = matrix.Gradient(target, GradientMethod::kNumerical);
      const double tolerance = near ? kinks / 1024 + 1e-5 : 1e-9;
      smooth += near ? 0 : 1;
      ASSERT_NEAR(analytic.r, numerical.r, tolerance) << matrix.r() << " " << matrix.theta();
      ASSERT_NEAR(analytic.theta, numerical.theta, tolerance)
          << matrix.r() << " " << matrix.theta();
    }
  }
  EXPECT_GT(smooth, 500);
}

// One step of Adam is the learning rate, against the gradient's sign.
TEST(TrainWithAdam, TheFirstStep_IsTheLearningRate) {
  PoincareMatrix matrix = Start(0.9F, 0.0F);
  const std::vector<float> target = RadialTarget();
  const RadialGradient gradient = matrix.Gradient(target, GradientMethod::kAnalytic);
  ASSERT_TRUE(matrix.TrainWithAdam(target, {.epochs = 1, .learning_rate = 0.02}).ok());
  EXPECT_NEAR(matrix.r(), 0.9 - std::copysign(0.02, gradient.r), 1e-6);
  EXPECT_NEAR(matrix.theta(), 0.0 - std::copysign(0.02, gradient.theta), 1e-6);
}

TEST(TrainWithAdam, TargetsOutOfReach_StayInTheWordsRange) {
  PoincareMatrix dark = Start(0.9F, 0.2F), bright = Start(0.9F, 0.2F);
  ASSERT_TRUE(dark.TrainWithAdam(std::vector<float>(1024, -5.0F), {}).ok());
  ASSERT_TRUE(bright.TrainWithAdam(std::vector<float>(1024, 5.0F), {}).ok());
  EXPECT_GE(dark.r(), kLeastTrainedRadius);
  EXPECT_LE(bright.theta(), kLargestRadialTheta);
  EXPECT_TRUE(PoincareMatrix::Create(dark.word(), 32, 32).ok());
  EXPECT_TRUE(PoincareMatrix::Create(bright.word(), 32, 32).ok());
}

TEST(TrainWithAdam, OneRowAndOneColumn_AreLearned) {
  for (const auto& [rows, cols] : {std::pair{1U, 33U}, {33U, 1U}, {1U, 1U}}) {
    const std::vector<float> target = Start(0.6F, 0.1F, rows, cols).ContinuousWeights();
    PoincareMatrix matrix = Start(0.9F, -0.1F, rows, cols);
    const auto curve = matrix.TrainWithAdam(target, {});
    ASSERT_TRUE(curve.ok()) << curve.status();
    EXPECT_LT(curve->back(), 1e-6) << rows << " x " << cols;
  }
}

TEST(TrainWithAdam, NoEpochs_ChangeNothing) {
  PoincareMatrix matrix = PoincareMatrix::Create(PackSingle({0.05F, 0.3F, 9}), 4, 4).value();
  const Word before = matrix.word();
  const auto curve = matrix.TrainWithAdam(std::vector<float>(16), {.epochs = 0});
  ASSERT_TRUE(curve.ok()) << curve.status();
  EXPECT_EQ(curve->size(), 1U);
  EXPECT_EQ(matrix.word(), before);
}

TEST(TrainWithAdam, TheCode_IsKept) {
  PoincareMatrix matrix = PoincareMatrix::Create(PackSingle({0.9F, 0.3F, 0xABCDE}), 4, 4).value();
  ASSERT_TRUE(matrix.TrainWithAdam(std::vector<float>(16), {.epochs = 3}).ok());
  EXPECT_EQ(UnpackPacked64(matrix.word().hi).code, 0xABCDEU);
}

TEST(TrainWithAdam, BadInput_IsNamedAndChangesNothing) {
  PoincareMatrix matrix = Start(0.9F, 0.0F, 2, 2);
  const Word before = matrix.word();
  const auto message = [&](const std::vector<float>& target, const AdamOptions& options) {
    return std::string(matrix.TrainWithAdam(target, options).status().message());
  };
  EXPECT_EQ(message({1, 2, 3}, {}), "the target has 3 weights; expected 2 x 2");
  EXPECT_EQ(message({1, 2, kNan, 4}, {}),
            "weight 2 of the target is nan; expected a finite number");
  const std::vector<float> target(4);
  EXPECT_EQ(message(target, {.epochs = 1000001}), "epochs is 1000001; expected at most 1000000");
  EXPECT_EQ(message(target, {.learning_rate = 0}),
            "the learning rate is 0; expected a positive number");
  EXPECT_EQ(message(target, {.probe = -1}),
            "the probe of the numerical gradient is -1; expected a positive number");
  EXPECT_EQ(matrix.word(), before);
}

}  // namespace
}  // namespace seedfed
