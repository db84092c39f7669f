#include "common/pattern/radial.h"

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "common/base/philox.h"
#include "gtest/gtest.h"

namespace seedfed {
namespace {

constexpr int32_t kOne = 1 << 30;
constexpr float kLargestTheta = 0.5F - 0x1p-24F;

struct Place {
  uint32_t row, col, rows, cols;
};

// Sides of every order of size, so that 1 and 2 are as likely as a million.
Place RandomPlace(PhiloxStream& random) {
  const uint32_t rows = 1 + (random.Next() >> (12 + random.Below(20)));
  const uint32_t cols = 1 + (random.Next() >> (12 + random.Below(20)));
  return {random.Below(rows), random.Below(cols), rows, cols};
}

double Coordinate(uint32_t index, uint32_t count) {
  return count == 1 ? 0 : 2.0 * index / (count - 1.0) - 1;
}

double Distance(const Place& at) {
  return std::hypot(Coordinate(at.col, at.cols), Coordinate(at.row, at.rows));
}

double Formula(double r, double theta, double dist) {
  return std::clamp(r - r * dist + theta, 0.0, 1.0);
}

SingleFields RandomFields(PhiloxStream& random) {
  const auto r = static_cast<float>(random.Uniform());
  const auto theta = static_cast<float>(random.Uniform() - 0.5);
  return {std::min(r, 1 - 0x1p-24F), std::min(theta, kLargestTheta), random.Next() >> 12};
}

int32_t WeightOf(const Packed64Fields& fields, const Place& at) {
  return RadialWeight(fields, at.row, at.col, at.rows, at.cols);
}

// The promise is 2^-16; the constants are the true bounds, far below it.
TEST(RadialWeight, AMillionRandomPlaces_AreWithinTheBoundsOfBothFormulas) {
  PhiloxStream random({1, 2}, 0, 0, 0);
  double largest = 0, largest_quantised = 0;
  for (int n = 0; n < 1000000; ++n) {
    const Place at = RandomPlace(random);
    const SingleFields fields = RandomFields(random);
    const Packed64Fields half = UnpackPacked64(PackSingle(fields).hi);
    const double weight = WeightOf(half, at) * 0x1p-30;
    const double dist = Distance(at);
    const double theta = static_cast<int32_t>(half.theta << 8) * 0x1p-32;
    largest = std::max(largest, std::fabs(weight - Formula(half.r * 0x1p-20, theta, dist)));
    largest_quantised =
        std::max(largest_quantised, std::fabs(weight - Formula(fields.r, fields.theta, dist)));
  }
  EXPECT_LE(largest, kRadialMaxError);
  EXPECT_GE(largest, kRadialMaxError * 0.75);
  EXPECT_LE(largest_quantised, kRadialQuantisedMaxError);
  static_assert(kRadialQuantisedMaxError < 0x1p-16);
}

TEST(RadialWeight, TheLargestRadiusAtTheCentre_NeedsTheQuantisedBound) {
  const SingleFields fields = {1 - 0x1p-24F, -0x1p-25F, 0};
  const Packed64Fields half = UnpackPacked64(PackSingle(fields).hi);
  const double error = WeightOf(half, {1, 1, 3, 3}) * 0x1p-30 - Formula(fields.r, fields.theta, 0);
  EXPECT_LE(std::fabs(error), kRadialQuantisedMaxError);
  EXPECT_GE(std::fabs(error), kRadialQuantisedMaxError * 0.75);
}

TEST(RadialWeight, KnownWords_GiveKnownBits) {
  const Packed64Fields learned = UnpackPacked64(0xB50C14AF40C00000);
  EXPECT_EQ(WeightOf(learned, {0, 0, 32, 32}), 0);
  EXPECT_EQ(WeightOf(learned, {0, 15, 32, 32}), 313981971);
  EXPECT_EQ(WeightOf(learned, {15, 15, 32, 32}), 1039101467);
  EXPECT_EQ(WeightOf(learned, {3, 20, 32, 32}), 422876725);
  EXPECT_EQ(WeightOf(learned, {31, 5, 32, 100}), 52633227);
  EXPECT_EQ(WeightOf({0xFFFFF, 0x7FFFFF, 0}, {5, 1, 7, 300}), 326105595);
  EXPECT_EQ(WeightOf({0x80000, 0x800000, 0}, {1, 1, 3, 4}), 0);
  EXPECT_EQ(WeightOf({0x12345, 0x0ABCDE, 0}, {1000, 2, 1048576, 5}), 45183075);
}

TEST(RadialWeight, OneRowAndOneColumn_AreInTheMiddle) {
  const Packed64Fields fields = {1 << 19, 0, 0};  // r = 1/2, theta = 0
  EXPECT_EQ(WeightOf(fields, {0, 0, 1, 1}), kOne / 2);
  EXPECT_EQ(WeightOf(fields, {0, 0, 1, 5}), 0);
  EXPECT_EQ(WeightOf(fields, {0, 2, 1, 5}), kOne / 2);
  EXPECT_EQ(WeightOf(fields, {0, 3, 1, 5}), kOne / 4);
  EXPECT_EQ(WeightOf(fields, {3, 0, 5, 1}), kOne / 4);
  EXPECT_EQ(WeightOf(fields, {4, 0, 5, 1}), 0);
}

TEST(RadialWeight, Theta_IsReadAsASignedNumber) {
  const auto at_centre = [](uint32_t r, uint32_t theta) {
    return WeightOf({r, theta, 0}, {0, 0, 1, 1});
  };
  EXPECT_EQ(at_centre(1 << 19, 0x400000), kOne / 4 * 3);
  EXPECT_EQ(at_centre(1 << 19, 0xC00000), kOne / 4);
  EXPECT_EQ(at_centre(1 << 19, 0x800000), 0);
  EXPECT_EQ(at_centre(0, 0xFFFFFF), 0);
  EXPECT_EQ(at_centre(0, 1), 64);
}

TEST(RadialWeight, SumsOutsideZeroToOne_AreClamped) {
  EXPECT_EQ(WeightOf({0xFFFFF, 0x7FFFFF, 0}, {0, 0, 1, 1}), kOne);
  EXPECT_EQ(WeightOf({0xFFFFF, 0x800000, 0}, {0, 0, 2, 2}), 0);
}

TEST(RadialWeight, TheCode_HasNoEffect) {
  EXPECT_EQ(WeightOf({777777, 1234567, 0}, {1, 2, 9, 9}),
            WeightOf({777777, 1234567, 0xFFFFF}, {1, 2, 9, 9}));
}

TEST(RadialWeight, MirroredPlaces_HaveTheSameBits) {
  const Packed64Fields fields = {777777, 1234567, 0};
  for (uint32_t row = 0; row < 7; ++row) {
    for (uint32_t col = 0; col < 10; ++col) {
      const int32_t weight = WeightOf(fields, {row, col, 7, 10});
      EXPECT_EQ(weight, WeightOf(fields, {6 - row, col, 7, 10}));
      EXPECT_EQ(weight, WeightOf(fields, {row, 9 - col, 7, 10}));
      EXPECT_EQ(weight, WeightOf(fields, {col, row, 10, 7}));
    }
  }
}

TEST(PatternPosition, Corners_AreExactlyOneAway) {
  for (const uint32_t side : {2U, 3U, 32U, 1000U, kMaxPatternSide}) {
    EXPECT_EQ(PatternPosition(0, side - 1, side, side), (Cartesian{kOne, -kOne}));
    EXPECT_EQ(PatternPosition(side - 1, 0, side, side), (Cartesian{-kOne, kOne}));
  }
  EXPECT_EQ(PatternPosition(1, 0, 3, 4).x, -kOne);
  EXPECT_EQ(PatternPosition(1, 1, 3, 4), (Cartesian{-357913941, 0}));  // -1/3
}

TEST(RadialDistances, EveryPlace_IsTheRoundedDistance) {
  const std::vector<float> distances = RadialDistances(5, 9);
  ASSERT_EQ(distances.size(), 45U);
  for (uint32_t row = 0; row < 5; ++row) {
    for (uint32_t col = 0; col < 9; ++col) {
      EXPECT_FLOAT_EQ(distances[row * 9 + col], static_cast<float>(Distance({row, col, 5, 9})));
    }
  }
  EXPECT_EQ(RadialDistances(1, 1), std::vector<float>{0});
}

TEST(ContinuousRadialWeight, Formula_IsClamped) {
  EXPECT_EQ(ContinuousRadialWeight(0.5F, 0.25F, 0.5F), 0.5F);
  EXPECT_EQ(ContinuousRadialWeight(0.75F, 0.49F, 0.0F), 1.0F);
  EXPECT_EQ(ContinuousRadialWeight(0.75F, -0.25F, 1.0F), 0.0F);
}

}  // namespace
}  // namespace seedfed
