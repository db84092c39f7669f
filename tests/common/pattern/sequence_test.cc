#include "common/pattern/sequence.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <numbers>
#include <vector>

#include "common/base/philox.h"
#include "common/pattern/radial.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace seedfed {
namespace {

using ::testing::HasSubstr;

constexpr int32_t kOne = 1 << 30;

double Coordinate(uint32_t index, uint32_t count) {
  return count == 1 ? 0 : 2.0 * index / (count - 1.0) - 1;
}

double Formula(const Packed64Fields& fields, uint32_t row, uint32_t col, uint32_t rows,
               uint32_t cols) {
  const double x = Coordinate(col, cols), y = Coordinate(row, rows);
  const double direction = x == 0 && y == 0 ? 0 : std::atan2(y, x);
  const double turned = fields.theta * 0x1p-24 + SequenceTurns(fields.code);
  return (1 + fields.r * 0x1p-20 * std::cos(direction + 2 * std::numbers::pi * turned)) / 2;
}

std::vector<float> Weights(const Packed64Fields& fields, uint32_t rows, uint32_t cols) {
  std::vector<float> weights;
  for (uint32_t row = 0; row < rows; ++row) {
    for (uint32_t col = 0; col < cols; ++col) {
      weights.push_back(static_cast<float>(SequenceWeight(fields, row, col, rows, cols)) *
                        0x1p-30F);
    }
  }
  return weights;
}

double Rmse(const std::vector<float>& a, const std::vector<float>& b) {
  double squares = 0;
  for (size_t i = 0; i < a.size(); ++i) squares += std::pow(a[i] - b[i], 2);
  return std::sqrt(squares / static_cast<double>(a.size()));
}

TEST(SequenceWeight, RandomPlaces_AreWithinTheBoundOfTheFormula) {
  PhiloxStream random({1, 2}, 0, 0, 0);
  double largest = 0;
  for (int n = 0; n < 1000000; ++n) {
    const uint32_t rows = 1 + (random.Next() >> (12 + random.Below(20)));
    const uint32_t cols = 1 + (random.Next() >> (12 + random.Below(20)));
    const uint32_t row = random.Below(rows), col = random.Below(cols);
    const Packed64Fields fields = {random.Next() >> 12, random.Next() >> 8, random.Next() >> 12};
    const double weight = SequenceWeight(fields, row, col, rows, cols) * 0x1p-30;
    largest = std::max(largest, std::fabs(weight - Formula(fields, row, col, rows, cols)));
  }
  EXPECT_LE(largest, kSequenceMaxError);
  EXPECT_GE(largest, kSequenceMaxError * 0.75);
}

TEST(SequenceWeight, KnownWords_GiveKnownBits) {
  EXPECT_EQ(SequenceWeight({0xFFFFF, 0, 0}, 0, 0, 32, 32), 228036201);
  EXPECT_EQ(SequenceWeight({0xFFFFF, 0, 0xFFFFF}, 0, 0, 32, 32), 976018891);
  EXPECT_EQ(SequenceWeight({0x80000, 0x400000, 0xABCDE}, 3, 20, 32, 32), 779315313);
  EXPECT_EQ(SequenceWeight({0x12345, 0xABCDEF, 0x54321}, 5, 1, 7, 300), 572240803);
}

// r = 0 leaves nothing to turn.
TEST(SequenceWeight, RadiusZero_IsOneHalfEverywhere) {
  EXPECT_EQ(SequenceWeight({0, 12345, 0xABCDE}, 0, 0, 4, 4), kOne / 2);
  EXPECT_EQ(SequenceWeight({0, 12345, 0xABCDE}, 2, 3, 4, 4), kOne / 2);
}

TEST(SequenceWeight, TheCentre_HasDirectionZero) {
  const Packed64Fields fields = {1 << 19, 1 << 20, 0xABCDE};
  EXPECT_EQ(SequenceWeight(fields, 1, 1, 3, 3), SequenceWeight(fields, 1, 2, 3, 3));
  EXPECT_EQ(SequenceWeight(fields, 0, 0, 1, 1), SequenceWeight(fields, 0, 1, 1, 3));
}

TEST(SequenceTurns, EveryBit_TurnsByItsStep) {
  double sum = 0;
  for (int k = 0; k < 20; ++k) {
    const double step = std::atan(std::ldexp(1.0, -k)) / (2 * std::numbers::pi);
    sum += step;
    EXPECT_NEAR(SequenceTurns(1U << k) - SequenceTurns(0), 2 * step, 1e-15) << "bit " << k;
  }
  EXPECT_NEAR(SequenceTurns(0), -sum, 1e-15);
  EXPECT_NEAR(SequenceTurns(0xFFFFF), sum, 1e-15);
}

TEST(FitSequence, ATargetOfThePattern_IsFound) {
  for (const Packed64Fields& fields :
       {Packed64Fields{900000, 0, 0x12345}, Packed64Fields{300000, 11 << 20, 0xABCDE}}) {
    const std::vector<float> target = Weights(fields, 16, 12);
    const auto fit = FitSequence(target, 16, 12);
    ASSERT_TRUE(fit.ok()) << fit.status();
    EXPECT_LT(fit->rmse, 2e-6);
    EXPECT_NEAR(fit->fields.r, fields.r, 2);
    EXPECT_NEAR(fit->rmse, Rmse(Weights(fit->fields, 16, 12), target), 1e-7);
  }
}

// A ramp is what the pattern does worst but can do: no word drawn at random does better.
TEST(FitSequence, RandomWords_AreNoBetter) {
  std::vector<float> target;
  for (uint32_t row = 0; row < 8; ++row) {
    for (uint32_t col = 0; col < 8; ++col) {
      target.push_back((3 * static_cast<float>(row) + static_cast<float>(col)) / 28);
    }
  }
  const auto fit = FitSequence(target, 8, 8);
  ASSERT_TRUE(fit.ok()) << fit.status();
  PhiloxStream random({1, 2}, 0, 0, 1);
  for (int n = 0; n < 3000; ++n) {
    const Packed64Fields fields = {random.Next() >> 12, random.Next() >> 8, random.Next() >> 12};
    ASSERT_GE(Rmse(Weights(fields, 8, 8), target), fit->rmse - 1e-7);
  }
}

// No direction is better than another, so that the best word is grey.
TEST(FitSequence, ARoundTarget_IsGrey) {
  std::vector<float> target;
  for (const float dist : RadialDistances(8, 8)) target.push_back(dist / 2);
  const auto fit = FitSequence(target, 8, 8);
  ASSERT_TRUE(fit.ok()) << fit.status();
  EXPECT_LE(fit->fields.r, 1U);
  EXPECT_NEAR(fit->rmse, Rmse(std::vector<float>(64, 0.5F), target), 1e-6);
}

TEST(FitSequence, BadInput_IsNamed) {
  const std::vector<float> target(6);
  EXPECT_THAT(FitSequence(target, 2, 4).status().message(),
              HasSubstr("the target has 6 weights; expected 2 x 4"));
  EXPECT_THAT(FitSequence(target, 0, 6).status().message(), HasSubstr("the matrix is 0 x 6"));
  std::vector<float> bad(6);
  bad[3] = std::numeric_limits<float>::quiet_NaN();
  EXPECT_THAT(FitSequence(bad, 2, 3).status().message(), HasSubstr("not finite"));
}

}  // namespace
}  // namespace seedfed
