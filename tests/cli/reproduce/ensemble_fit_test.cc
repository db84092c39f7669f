#include "cli/reproduce/ensemble_fit.h"

#include <array>

#include "cli/reproduce/code_search.h"
#include "common/codec/single_word.h"
#include "gtest/gtest.h"

namespace seedfed {
namespace {

constexpr PhiloxKey kKey = {1, 2};

Target Gaussian(uint32_t rows, uint32_t cols) {
  PhiloxStream random(kKey, 9, 0, 0);
  return GaussianTarget(rows, cols, random);
}

TEST(FitRotationWords, Captured_IsThatOfTheDecodedWords) {
  const Target target = Gaussian(24, 17);
  const RotationWords fit = FitRotationWords(target, 12, 16, kKey);
  ASSERT_EQ(fit.words.size(), 12U);
  ASSERT_EQ(fit.captured.size(), 12U);
  const std::vector<float> weights = ExpandRotationWords(fit, target.weights.size());
  EXPECT_NEAR(fit.captured.back(), Captured(target.weights, weights, 0), 1e-5);
}

TEST(FitRotationWords, EveryWord_CapturesMore) {
  const RotationWords fit = FitRotationWords(Gaussian(16, 16), 20, 4, kKey);
  double before = 0;
  for (const double captured : fit.captured) {
    EXPECT_GT(captured, before);
    before = captured;
  }
}

// One random pattern captures 2 of n on average; the best of N about 2 ln N of n.
TEST(FitRotationWords, MoreCodes_CaptureMore) {
  const Target target = Gaussian(32, 32);
  const double one = FitRotationWords(target, 16, 1, kKey).captured.back();
  const double many = FitRotationWords(target, 16, 256, kKey).captured.back();
  EXPECT_NEAR(one, 16 * 2 / 1024.0, 0.02);
  EXPECT_GT(many, 0.1);
  EXPECT_LT(many, ShannonLimit(16 * 128 / 1024.0));
}

TEST(FitRotationWords, TheSearch_WrapsAroundAfterTheLastCode) {
  const RotationWords fit = FitRotationWords(Gaussian(4, 4), 6, 50, kKey);
  for (const Word& word : fit.words) EXPECT_LT(UnpackPacked64(word.hi).code, kCodes);
}

TEST(FitRadialWords, ARadialMatrixOutsideTheUnitRange_NeedsOneWord) {
  Target target = RadialTarget();
  for (float& weight : target.weights) weight = 3 - 7 * weight;
  PhiloxStream random(kKey, 1, 0, 0);
  const RadialWords fit = FitRadialWords(target, 1, random);
  ASSERT_EQ(fit.captured.size(), 1U);
  EXPECT_GT(fit.captured[0], 0.999);
}

TEST(FitRadialWords, AWord_NeverLosesWhatWasCaptured) {
  PhiloxStream random(kKey, 1, 0, 0);
  const RadialWords fit = FitRadialWords(Gaussian(12, 12), 4, random);
  double before = 0;
  for (const double captured : fit.captured) {
    EXPECT_GE(captured, before - 1e-6);
    before = captured;
  }
  EXPECT_LT(before, 0.1);  // noise has little that is round
}

TEST(SearchTiles, MoreCodes_CaptureMoreBelowTheLimit) {
  constexpr std::array<uint32_t, 3> kCounts = {1, 64, 2048};
  const std::vector<TileSearch> found = SearchTiles(Gaussian(64, 64), kCounts);
  ASSERT_EQ(found.size(), 3U);
  EXPECT_NEAR(found[0].continuous, 2 / 64.0, 0.015);
  double before = 0;
  for (size_t i = 0; i < found.size(); ++i) {
    EXPECT_EQ(found[i].codes, kCounts[i]);
    EXPECT_GT(found[i].continuous, before);
    before = found[i].continuous;
    // Rounding to eight bits costs something, but little.
    EXPECT_LT(found[i].stored, found[i].continuous);
    EXPECT_GT(found[i].stored, 0.97 * found[i].continuous);
  }
  EXPECT_LT(before, ShannonLimit((128.0 / 15 + 11) / 64));
}

TEST(ShannonLimit, HalfABit_CapturesHalf) {
  EXPECT_EQ(ShannonLimit(0), 0);
  EXPECT_EQ(ShannonLimit(0.5), 0.5);
  EXPECT_EQ(ShannonLimit(1), 0.75);
}

}  // namespace
}  // namespace seedfed
