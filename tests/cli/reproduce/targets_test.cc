#include "cli/reproduce/targets.h"

#include <algorithm>
#include <cmath>

#include "gtest/gtest.h"

namespace seedfed {
namespace {

TEST(RadialTarget, CornersAndMiddle_AreTheFormula) {
  const Target target = RadialTarget();
  ASSERT_EQ(target.weights.size(), 1024U);
  EXPECT_EQ(target.weights[0], 0.0F);
  EXPECT_EQ(target.weights[1023], 0.0F);
  const double dist = std::sqrt(2.0) / 31;  // of the four positions around the centre
  EXPECT_FLOAT_EQ(target.weights[15 * 32 + 16], static_cast<float>(1 - dist / 1.414));
  EXPECT_FLOAT_EQ(target.weights[15], static_cast<float>(1 - std::hypot(1, 1.0 / 31) / 1.414));
}

TEST(RampTarget, ThePlane_RisesFromZeroToOneAtThirtyDegrees) {
  const Target target = RampTarget();
  ASSERT_EQ(target.weights.size(), 1024U);
  EXPECT_NEAR(target.weights[0], 0, 1e-7);
  EXPECT_NEAR(target.weights[1023], 1, 1e-7);
  const double along_row = target.weights[1] - target.weights[0];
  const double along_column = target.weights[32] - target.weights[0];
  EXPECT_NEAR(along_column / along_row, std::tan(M_PI / 6), 1e-4);
  EXPECT_NEAR(target.weights[500] - target.weights[499], along_row, 1e-6);
}

TEST(GaussianTarget, Numbers_AreStandardNormal) {
  PhiloxStream random({1, 2}, 0, 0, 0);
  const Target target = GaussianTarget(200, 300, random);
  ASSERT_EQ(target.weights.size(), 60000U);
  double square = 0;
  int beyond_two = 0;
  for (const float weight : target.weights) {
    square += double{weight} * weight;
    beyond_two += std::fabs(weight) > 2 ? 1 : 0;
  }
  EXPECT_NEAR(Mean(target.weights), 0, 4 / std::sqrt(60000.0));
  EXPECT_NEAR(square / 60000, 1, 4 * std::sqrt(2 / 60000.0));
  EXPECT_NEAR(beyond_two / 60000.0, 0.0455, 0.0035);
}

TEST(InUnitRange, Weights_GoFromZeroToOne) {
  EXPECT_EQ(InUnitRange({"x", 1, 3, {-2, 0, 2}}).weights, (std::vector<float>{0, 0.5F, 1}));
  EXPECT_EQ(InUnitRange({"x", 1, 2, {7, 7}}).weights, (std::vector<float>{0, 0}));
}

TEST(Captured, Shares_AreOfTheEnergyAboutTheCentre) {
  const std::vector<float> target = {1, 3};
  EXPECT_EQ(Captured(target, target, 2), 1);
  EXPECT_EQ(Captured(target, std::vector<float>{2, 2}, 2), 0);
  EXPECT_EQ(Captured(target, std::vector<float>{0, 0}, 0), 0);
  EXPECT_EQ(Captured(target, std::vector<float>{1, 2}, 0), 0.9);
  EXPECT_EQ(Captured(std::vector<float>{5, 5}, std::vector<float>{1, 2}, 5), 0);
}

TEST(RmseOf, Differences_AreAveragedAsSquares) {
  EXPECT_DOUBLE_EQ(RmseOf(std::vector<float>{0, 0}, std::vector<float>{3, -4}), std::sqrt(12.5));
}

}  // namespace
}  // namespace seedfed
