#include "common/model/merge.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

#include "common/base/philox.h"
#include "common/pattern/rotation.h"
#include "gtest/gtest.h"
#include "tests/common/model/example_models.h"

namespace seedfed {
namespace {

constexpr int32_t kOne = 1 << 30;
constexpr int32_t kMax = std::numeric_limits<int32_t>::max();
constexpr int32_t kMin = std::numeric_limits<int32_t>::min();

// One weight, by the definition: find its tile and its place there, draw that one phase, add the
// rounded product.
int32_t DumbWeight(const LayerSpec& layer, uint32_t phase_bits, const std::vector<uint32_t>& codes,
                   const std::vector<int32_t>& seeds, const std::vector<int32_t>& base, size_t row,
                   size_t col) {
  const size_t tile =
      row / layer.tile * ((layer.cols + layer.tile - 1) / layer.tile) + col / layer.tile;
  const size_t position = row % layer.tile * layer.tile + col % layer.tile;
  const size_t bit = position * phase_bits;
  const PhiloxBlock block =
      Philox4x32({static_cast<uint32_t>(bit / 128), 0, 0, 0}, {codes[tile], 0});
  const uint32_t phase = block[bit % 128 / 32] >> (bit % 32) & ((1U << phase_bits) - 1);
  const double phi = 2 * M_PI * (phase + 0.5) / (1U << phase_bits);
  const auto cosine = static_cast<int64_t>(std::lround(std::cos(phi) * 16384));
  const auto sine = static_cast<int64_t>(std::lround(std::sin(phi) * 16384));
  // At most 2^45, so that long double holds it exactly, and nearbyint rounds ties to even.
  const long double sum =
      static_cast<long double>(seeds[2 * tile] * cosine + seeds[2 * tile + 1] * sine);
  const auto change = static_cast<int64_t>(std::nearbyint(sum / 1048576));
  const int64_t weight = base[row * layer.cols + col] + change;
  return static_cast<int32_t>(std::min<int64_t>(std::max<int64_t>(weight, kMin), kMax));
}

std::vector<int32_t> DumbMerge(const LayerSpec& layer, uint32_t phase_bits,
                               const std::vector<uint32_t>& codes,
                               const std::vector<int32_t>& seeds,
                               const std::vector<int32_t>& base) {
  std::vector<int32_t> result(base.size());
  for (size_t row = 0; row < layer.rows; ++row) {
    for (size_t col = 0; col < layer.cols; ++col) {
      result[row * layer.cols + col] = DumbWeight(layer, phase_bits, codes, seeds, base, row, col);
    }
  }
  return result;
}

TEST(MergeSeeds, RandomShapes_EqualTheDefinition) {
  PhiloxStream random({1, 2}, 0, 0, 0);
  int saturated = 0;
  for (int trial = 0; trial < 300; ++trial) {
    const LayerSpec layer = {1 + random.Below(40), 2 + random.Below(40), 4U << random.Below(4)};
    const uint32_t phase_bits = trial % 2 == 0 ? 2 : 4;
    std::vector<uint32_t> codes(layer.tiles());
    for (uint32_t& code : codes) code = random.Next() >> 12;
    std::vector<int32_t> seeds(2 * layer.tiles());
    for (int32_t& s : seeds) {
      s = random.Below(8) == 0 ? 0 : (static_cast<int32_t>(random.Next()) >> 1) >> random.Below(30);
    }
    std::vector<int32_t> base(layer.weights());
    for (int32_t& b : base) {
      b = static_cast<int32_t>(random.Next());
      if (random.Below(4) == 0)
        b = random.Below(2) == 0 ? kMax - static_cast<int32_t>(random.Below(1 << 22))
                                 : kMin + static_cast<int32_t>(random.Below(1 << 22));
    }
    const std::vector<int32_t> expected = DumbMerge(layer, phase_bits, codes, seeds, base);
    MergeSeeds(layer, phase_bits, codes, seeds, base);
    ASSERT_EQ(base, expected) << layer.rows << "x" << layer.cols << ", tile " << layer.tile;
    saturated += static_cast<int>(std::count(base.begin(), base.end(), kMax) +
                                  std::count(base.begin(), base.end(), kMin));
  }
  EXPECT_GT(saturated, 100);
}

TEST(MergeSeeds, LargestTileAndExtremeSeeds_EqualTheDefinition) {
  const LayerSpec layer = {257, 300, 256};
  const std::vector<uint32_t> codes = {0, 0xfffff, 0x12345, 1};
  const std::vector<int32_t> seeds = {kOne, kOne, -kOne, -kOne, kOne, -kOne, -kOne, 0};
  for (const uint32_t phase_bits : {2U, 4U}) {
    std::vector<int32_t> base(layer.weights());
    const std::vector<int32_t> expected = DumbMerge(layer, phase_bits, codes, seeds, base);
    MergeSeeds(layer, phase_bits, codes, seeds, base);
    EXPECT_EQ(base, expected);
  }
}

TEST(MergeSeeds, OppositeSeeds_UndoEachOther) {
  const LayerSpec layer = {20, 21, 8};
  const std::vector<uint32_t> codes(layer.tiles(), 77);
  std::vector<int32_t> seeds(2 * layer.tiles());
  PhiloxStream random({1, 2}, 0, 0, 1);
  for (int32_t& s : seeds) s = static_cast<int32_t>(random.Next()) >> 1;
  std::vector<int32_t> base(layer.weights(), 5);
  MergeSeeds(layer, 2, codes, seeds, base);
  EXPECT_NE(base, std::vector<int32_t>(layer.weights(), 5));
  for (int32_t& s : seeds) s = -s;
  MergeSeeds(layer, 2, codes, seeds, base);
  EXPECT_EQ(base, std::vector<int32_t>(layer.weights(), 5));
}

TEST(MergeDense, Changes_AddAndSaturate) {
  std::vector<int32_t> base = {1, -2, kMax, kMin, kMax - 1, 0};
  MergeDense(std::vector<int32_t>{2, -3, 1, -1, 1, kOne}, base);
  EXPECT_EQ(base, (std::vector<int32_t>{3, -5, kMax, kMin, kMax, kOne}));
}

TEST(InitialRange, IsTheRootOfSixOverTheGain) {
  for (const double gain : {0.0625, 1.0, 8.0, 100.0, 1024.0}) {
    EXPECT_EQ(InitialRange(gain), std::llrint(std::sqrt(6.0) / gain * 16777216)) << gain;
  }
}

TEST(InitialBase, EveryWeight_EqualsTheDefinition) {
  const LayerSpec layer = {13, 21, 4};
  const PhiloxKey key = {3, 4};
  std::vector<int32_t> base(layer.weights(), 99);
  InitialBase(layer, 5, 8, key, base);
  const int64_t range = InitialRange(8);
  for (size_t i = 0; i < base.size(); ++i) {
    const uint64_t lane = Philox4x32({static_cast<uint32_t>(i / 4), 5, 0, 0}, key)[i % 4];
    const int64_t expected = i % layer.cols == layer.cols - 1
                                 ? 0
                                 : static_cast<int64_t>((lane * (2 * range + 1)) >> 32) - range;
    ASSERT_EQ(base[i], expected) << i;
  }
}

TEST(InitialBase, KnownKey_GivesKnownWeights) {
  const LayerSpec layer = {13, 21, 4};
  std::vector<int32_t> base(layer.weights());
  InitialBase(layer, 0, 8, ExampleKey().SubKey(Purpose::kBase), base);
  EXPECT_EQ(std::vector<int32_t>(base.begin(), base.begin() + 4),
            (std::vector<int32_t>{808849, -3351234, -2050233, -2792536}));
}

TEST(InitialBase, Weights_HaveTheMomentsOfHe) {
  const LayerSpec layer = {256, 785, 8};
  for (const double gain : {0.0625, 8.0, 1024.0}) {
    std::vector<int32_t> base(layer.weights());
    InitialBase(layer, 0, gain, {3, 4}, base);
    // In weights: base * gain / sqrt(cols) * 2^-24; the variance should be 2 / cols.
    const double unit = gain / std::sqrt(785.0) * 0x1p-24;
    double sum = 0, squares = 0, largest = 0;
    for (const int32_t b : base) {
      sum += b * unit;
      squares += b * unit * b * unit;
      largest = std::max(largest, std::abs(b * unit));
    }
    const double n = 256 * 784;
    EXPECT_NEAR(sum / n, 0, 4 * std::sqrt(2 / 785.0 / n)) << gain;
    // The variance of x^2 is 4/5 of its squared mean.
    EXPECT_NEAR(squares / n / (2 / 785.0), 1, 4 * std::sqrt(0.8 / n) + 1e-4) << gain;
    EXPECT_LE(largest, std::sqrt(6 / 785.0) * 1.0001) << gain;
    EXPECT_GE(largest, std::sqrt(6 / 785.0) * 0.999) << gain;
  }
}

TEST(InitialSeeds, Seeds_LieOnTheCircleOfTheRadius) {
  const LayerSpec layer = {256, 785, 8};
  for (const double gain : {1.0, 2.0, 8.0, 100.0}) {
    std::vector<int32_t> seeds(2 * layer.tiles());
    InitialSeeds(layer, 0, gain, {3, 4}, seeds);
    const double radius = std::min(2 / gain * 0x1p30, 0x1p30 - 64);
    std::vector<int> quadrants(4);
    for (size_t t = 0; t < layer.tiles(); ++t) {
      const double u = seeds[2 * t], v = seeds[2 * t + 1];
      ASSERT_NEAR(std::hypot(u, v), radius, 1.5) << gain;
      ++quadrants[(u < 0 ? 1 : 0) + (v < 0 ? 2 : 0)];
    }
    const auto tiles = static_cast<double>(layer.tiles());
    for (const int count : quadrants) EXPECT_NEAR(count, tiles / 4, 4 * std::sqrt(tiles * 3 / 16));
  }
}

// Expanded, initial seeds give weights of variance 2 / cols, as He's initialisation.
TEST(InitialSeeds, ExpandedWeights_HaveTheVarianceOfHe) {
  const LayerSpec layer = {256, 785, 8};
  std::vector<int32_t> seeds(2 * layer.tiles());
  InitialSeeds(layer, 0, 8, {3, 4}, seeds);
  std::vector<uint32_t> codes(layer.tiles());
  TileCodes({5, 6}, 0, 0, codes);
  std::vector<int32_t> base(layer.weights());
  MergeSeeds(layer, 4, codes, seeds, base);
  double squares = 0;
  const double unit = 8 / std::sqrt(785.0) * 0x1p-24;
  for (const int32_t b : base) squares += b * unit * b * unit;
  EXPECT_NEAR(squares / static_cast<double>(base.size()) / (2 / 785.0), 1, 0.02);
}

}  // namespace
}  // namespace seedfed
