#include "common/pattern/rotation.h"

#include <array>
#include <cmath>
#include <cstdint>
#include <vector>

#include "gtest/gtest.h"

namespace seedfed {
namespace {

constexpr PhiloxKey kKey = {0x5f8e88d6, 0x44b05e46};

std::vector<uint8_t> Phases(uint32_t code, uint32_t phase_bits, size_t count) {
  std::vector<uint8_t> phases(count, 0xff);
  TilePhases(code, phase_bits, phases);
  return phases;
}

// The sum of (count - expected)^2 / expected over all phases.
double ChiSquare(const std::vector<int>& counts) {
  double total = 0, sum = 0;
  for (const int count : counts) total += count;
  const double expected = total / static_cast<double>(counts.size());
  for (const int count : counts) sum += (count - expected) * (count - expected) / expected;
  return sum;
}

TEST(PhaseTable, EveryPhase_IsTheRoundedCosineAndSine) {
  for (const uint32_t bits : {2U, 4U}) {
    const std::span<const PhaseVector> table = PhaseTable(bits);
    ASSERT_EQ(table.size(), size_t{1} << bits);
    for (size_t n = 0; n < table.size(); ++n) {
      const double phi =
          2 * M_PI * (static_cast<double>(n) + 0.5) / static_cast<double>(table.size());
      EXPECT_EQ(table[n].cos, std::lround(std::cos(phi) * 16384)) << n << " of " << bits << " bits";
      EXPECT_EQ(table[n].sin, std::lround(std::sin(phi) * 16384)) << n << " of " << bits << " bits";
    }
  }
}

// Opposite phases cancel exactly, so that a tile's weights have no drift from rounding.
TEST(PhaseTable, OppositePhases_AreExactlyOpposite) {
  for (const uint32_t bits : {2U, 4U}) {
    const std::span<const PhaseVector> table = PhaseTable(bits);
    const size_t half = table.size() / 2;
    for (size_t n = 0; n < half; ++n) {
      EXPECT_EQ(table[n].cos, -table[n + half].cos);
      EXPECT_EQ(table[n].sin, -table[n + half].sin);
    }
  }
}

TEST(TileCodes, KnownKey_GivesKnownCodes) {
  std::array<uint32_t, 6> codes;
  TileCodes(kKey, 3, 1, codes);
  EXPECT_EQ(codes, (std::array<uint32_t, 6>{0x236f9, 0x54827, 0x0f3a4, 0x1ffe0, 0x28167, 0x7ae50}));
}

TEST(TileCodes, EveryTile_IsTheUpperBitsOfItsLane) {
  for (const size_t count : {1U, 2U, 3U, 4U, 5U, 1023U}) {
    std::vector<uint32_t> codes(count);
    TileCodes(kKey, 7, 2, codes);
    for (size_t t = 0; t < count; ++t) {
      ASSERT_EQ(codes[t], Philox4x32({static_cast<uint32_t>(t / 4), 2, 7, 0}, kKey)[t % 4] >> 12);
      ASSERT_LT(codes[t], 1U << 20);
    }
  }
}

TEST(TileCodes, Rounds_LayersAndKeysHaveOtherCodes) {
  std::array<uint32_t, 8> codes, other;
  TileCodes(kKey, 1, 0, codes);
  TileCodes(kKey, 2, 0, other);
  EXPECT_NE(codes, other);
  TileCodes(kKey, 1, 1, other);
  EXPECT_NE(codes, other);
  TileCodes({kKey[0], kKey[1] ^ 1}, 1, 0, other);
  EXPECT_NE(codes, other);
}

TEST(TilePhases, KnownCode_GivesKnownPhases) {
  EXPECT_EQ(Phases(0xabcde, 2, 16),
            (std::vector<uint8_t>{3, 0, 3, 2, 2, 2, 1, 1, 0, 1, 0, 3, 1, 1, 1, 3}));
  EXPECT_EQ(Phases(0xabcde, 4, 16),
            (std::vector<uint8_t>{3, 11, 10, 5, 4, 12, 5, 13, 6, 10, 1, 14, 6, 1, 10, 9}));
}

// Position p of a tile is bits [b p, b p + b) of the blocks laid end to end, least significant bit
// first.
TEST(TilePhases, EveryPosition_IsItsBitsOfTheBlocks) {
  for (const uint32_t side : {4U, 8U, 16U, 32U, 64U, 128U, 256U}) {
    for (const uint32_t bits : {2U, 4U}) {
      for (const uint32_t code : {0U, 1U, 0xabcdeU, 0xfffffU}) {
        const std::vector<uint8_t> phases = Phases(code, bits, size_t{side} * side);
        for (uint32_t p = 0; p < side * side; ++p) {
          const uint32_t bit = p * bits;
          const PhiloxBlock block = Philox4x32({bit / 128, 0, 0, 0}, {code, 0});
          const uint32_t expected = block[bit % 128 / 32] >> (bit % 32) & ((1U << bits) - 1);
          ASSERT_EQ(phases[p], expected)
              << "position " << p << ", side " << side << ", " << bits << " bits";
        }
      }
    }
  }
}

TEST(TilePhases, SmallerTiles_AreAPrefix) {
  for (const uint32_t bits : {2U, 4U}) {
    const std::vector<uint8_t> large = Phases(0x12345, bits, 65536);
    const std::vector<uint8_t> small = Phases(0x12345, bits, 16);
    EXPECT_TRUE(std::equal(small.begin(), small.end(), large.begin()));
  }
}

TEST(TilePhases, Phases_AreUniform) {
  for (const uint32_t bits : {2U, 4U}) {
    std::vector<int> counts(size_t{1} << bits);
    for (uint32_t code = 0; code < 2000; ++code) {
      for (const uint8_t phase : Phases(code * 521, bits, 64)) ++counts.at(phase);
    }
    // Freedom n - 1; the mean is n - 1, the variance 2 (n - 1).
    const auto freedom = static_cast<double>(counts.size() - 1);
    EXPECT_LT(ChiSquare(counts), freedom + 4 * std::sqrt(2 * freedom)) << bits << " bits";
  }
}

TEST(TilePhases, NeighbouringPositions_AreIndependent) {
  std::vector<int> counts(16);
  for (uint32_t code = 0; code < 2000; ++code) {
    const std::vector<uint8_t> phases = Phases(code, 2, 64);
    for (size_t p = 0; p < 64; p += 2) ++counts.at(phases[p] * 4U + phases[p + 1]);
  }
  EXPECT_LT(ChiSquare(counts), 15 + 4 * std::sqrt(30.0));
}

// A position's phase over neighbouring codes: the code is the generator's key.
TEST(TilePhases, NeighbouringCodes_AreIndependent) {
  std::vector<int> counts(16);
  for (uint32_t code = 0; code < 40000; code += 2) {
    ++counts.at(Phases(code, 2, 1)[0] * 4U + Phases(code + 1, 2, 1)[0]);
  }
  EXPECT_LT(ChiSquare(counts), 15 + 4 * std::sqrt(30.0));
}

}  // namespace
}  // namespace seedfed
