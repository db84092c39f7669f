// What the kernels make of fixed inputs, as hashes that must be the same on every architecture.
#include <gtest/gtest.h>

#include <cstdint>
#include <span>
#include <vector>

#include "common/base/philox.h"
#include "common/kernels/philox_batch.h"
#include "common/kernels/rotate_batch.h"
#include "common/kernels/rotation_product.h"
#include "common/kernels/rotation_tile.h"
#include "common/kernels/weighted_sum.h"
#include "tests/common/kernels/each_target.h"

namespace seedfed {
namespace {

// FNV-1a of the numbers' bytes as they lie in memory, little-endian. Source: G. Fowler, L. C. Noll,
// K.-P. Vo, 1991.
template <typename T>
uint64_t Hash(const std::vector<T>& numbers) {
  uint64_t hash = 0xCBF29CE484222325;
  for (const std::byte byte : std::as_bytes(std::span(numbers))) {
    hash = (hash ^ static_cast<uint64_t>(byte)) * 0x100000001B3;
  }
  return hash;
}

// Whole tiles and cut ones, more than one block of columns.
class GoldenBits : public EachTarget {
 protected:
  static constexpr TileGrid kGrid = {45, 1203, 8, 2};
  static constexpr size_t kWeights = size_t{45} * 1203;
  static constexpr size_t kTiles = size_t{6} * 151;

  GoldenBits() : codes_(kTiles), phases_(kTiles * kGrid.phase_words()) {
    for (uint32_t& code : codes_) code = random_.Below(1 << 20);
    PackTilePhases(kGrid, codes_, phases_);
  }

  std::vector<float> Floats(size_t count) {
    std::vector<float> values(count);
    for (float& value : values) value = static_cast<float>(random_.Uniform() * 2 - 1);
    return values;
  }

  std::vector<int32_t> Points(size_t count) {
    std::vector<int32_t> values(count);
    for (int32_t& value : values) value = static_cast<int32_t>(random_.Next()) >> 1;
    return values;
  }

  PhiloxStream random_{{2026, 11}, 0, 0, 0};
  std::vector<uint32_t> codes_, phases_;
};

SEEDFED_INSTANTIATE_EACH_TARGET(GoldenBits);

TEST_P(GoldenBits, Phases) { EXPECT_EQ(Hash(phases_), 0x06266CFA9405BCBBu); }

TEST_P(GoldenBits, Expand) {
  const std::vector<float> u = Floats(kTiles), v = Floats(kTiles), base = Floats(kWeights);
  std::vector<float> weights(kWeights);
  ExpandTiles(kGrid, phases_, 0.3f, u.data(), v.data(), base.data(), weights.data());
  EXPECT_EQ(Hash(weights), 0x8F795E193AA5D69Au);
}

TEST_P(GoldenBits, Project) {
  const std::vector<float> gradient = Floats(kWeights);
  std::vector<float> seeds(2 * kTiles);
  ProjectTiles(kGrid, phases_, 0.3f, gradient.data(), seeds.data(), seeds.data() + kTiles);
  EXPECT_EQ(Hash(seeds), 0x6F6926CCE4D088A7u);
}

TEST_P(GoldenBits, Merge) {
  const std::vector<int32_t> seeds = Points(2 * kTiles);
  std::vector<int32_t> base = Points(kWeights);
  MergeTiles(kGrid, 0, phases_, seeds, base.data());
  EXPECT_EQ(Hash(base), 0xB2F8AEDFFB2DE22Du);
}

TEST_P(GoldenBits, Product) {
  const std::vector<float> u = Floats(kTiles), v = Floats(kTiles), x = Floats(kGrid.cols);
  std::vector<float> y(kGrid.rows);
  MultiplyTiles(kGrid, phases_, 0.3f, u, v, x, y);
  EXPECT_EQ(Hash(y), 0x5DC44DA5F328C481u);
}

TEST_P(GoldenBits, Rotate) {
  std::vector<int32_t> x = Points(20000), y = Points(20000);
  std::vector<uint32_t> turns(x.size());
  for (uint32_t& turn : turns) turn = random_.Next();
  RotateBatch(turns, x, y);
  x.insert(x.end(), y.begin(), y.end());
  EXPECT_EQ(Hash(x), 0x75048CF662EFC533u);
}

TEST_P(GoldenBits, WeightedSum) {
  const std::vector<int32_t> values = Points(999);
  std::vector<int64_t> sums(values.size(), -7);
  AddWeighted(values, 2000, sums);
  AddWeighted(values, 0xFFFFFFFF, sums);
  EXPECT_EQ(Hash(sums), 0x24FC84C51AB415F8u);
}

}  // namespace
}  // namespace seedfed
