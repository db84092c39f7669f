#include "common/codec/single_word.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

#include "common/base/philox.h"
#include "gtest/gtest.h"

namespace seedfed {
namespace {

constexpr float kLargestRadius = 1 - 0x1p-24F;
constexpr float kLargestTheta = 0.5F - 0x1p-25F;
constexpr uint32_t kLargestCode = (1U << kCodeBits) - 1;

Word WithFloats(float r, float theta, uint64_t hi = 0) {
  return {hi, uint64_t{std::bit_cast<uint32_t>(r)} << 32 | std::bit_cast<uint32_t>(theta)};
}

// All powers of two below 2^bits, their neighbours, and both ends.
std::vector<uint32_t> PowersAndNeighbours(int bits) {
  const uint32_t largest = (1U << bits) - 1;
  std::vector<uint32_t> values = {0, largest};
  for (int bit = 0; bit < bits; ++bit) {
    for (const uint32_t value : {(1U << bit) - 1, 1U << bit, (1U << bit) + 1}) {
      values.push_back(std::min(value, largest));
    }
  }
  return values;
}

std::vector<float> RadiiAndNeighbours() {
  std::vector<float> values = {0.0F, kLargestRadius};
  for (int exponent = -1; exponent >= -149; --exponent) {
    const float power = std::ldexp(1.0F, exponent);
    for (const float value : {std::nextafter(power, 0.0F), power, std::nextafter(power, 1.0F)}) {
      values.push_back(value);
    }
  }
  return values;
}

std::vector<float> ThetasAndNeighbours() {
  std::vector<float> values = {0.0F, -0.5F, std::nextafter(-0.5F, 0.0F), kLargestTheta};
  for (const float value : RadiiAndNeighbours()) {
    if (value < 0.5F) values.push_back(value);
    if (value <= 0.5F) values.push_back(-value);
  }
  return values;
}

TEST(Packed64, EveryFieldAtAllPowersOfTwo_SurvivesPacking) {
  for (const uint32_t r : PowersAndNeighbours(20)) {
    for (const uint32_t theta : PowersAndNeighbours(24)) {
      for (const uint32_t code : PowersAndNeighbours(20)) {
        const Packed64Fields fields = {r, theta, code};
        ASSERT_EQ(UnpackPacked64(PackPacked64(fields)), fields);
      }
    }
  }
}

TEST(Packed64, Fields_HaveTheDocumentedPositions) {
  EXPECT_EQ(PackPacked64({0xfffff, 0, 0}), 0xfffff00000000000U);
  EXPECT_EQ(PackPacked64({0, 0xffffff, 0}), 0x00000ffffff00000U);
  EXPECT_EQ(PackPacked64({0, 0, 0xfffff}), 0x00000000000fffffU);
  EXPECT_EQ(PackPacked64({0x12345, 0x6789ab, 0xcdef0}), 0x123456789abcdef0U);
}

TEST(Packed64, EveryHalf_SurvivesUnpacking) {
  PhiloxStream random({1, 2}, 0, 0, 0);
  for (int i = 0; i < 100000; ++i) {
    const uint64_t hi = uint64_t{random.Next()} << 32 | random.Next();
    ASSERT_EQ(PackPacked64(UnpackPacked64(hi)), hi);
  }
}

TEST(SingleWord, EveryFieldAtAllPowersOfTwo_SurvivesPacking) {
  for (const float r : RadiiAndNeighbours()) {
    for (const float theta : ThetasAndNeighbours()) {
      for (const uint32_t code : {0U, 1U, 0x80000U, kLargestCode}) {
        const Word word = PackSingle({r, theta, code});
        const auto fields = UnpackSingle(word);
        ASSERT_TRUE(fields.ok()) << r << ", " << theta << ": " << fields.status();
        ASSERT_EQ(fields->r, r);
        ASSERT_EQ(fields->theta, theta);
        ASSERT_EQ(fields->code, code);
        ASSERT_EQ(PackSingle(*fields), word);
      }
    }
  }
}

TEST(SingleWord, EveryCode_SurvivesPacking) {
  for (uint32_t code = 0; code <= kLargestCode; ++code) {
    ASSERT_EQ(UnpackPacked64(PackSingle({0.25F, 0.125F, code}).hi).code, code);
  }
}

// The integer half equals the exact quotient rounded by hand, for every representable tie.
TEST(SingleWord, IntegerHalf_RoundsTiesToEven) {
  for (int64_t n = 0; n < (1 << 20); n += 997) {
    const auto r = static_cast<float>(std::ldexp(static_cast<double>(2 * n + 1), -21));
    const int64_t even = n % 2 == 0 ? n : n + 1;
    ASSERT_EQ(UnpackPacked64(PackSingle({r, 0, 0}).hi).r, std::min<int64_t>(even, (1 << 20) - 1))
        << n;
    const float below = std::nextafter(r, 0.0F), above = std::nextafter(r, 1.0F);
    ASSERT_EQ(UnpackPacked64(PackSingle({below, 0, 0}).hi).r, n);
    if (above < 1) {
      ASSERT_EQ(UnpackPacked64(PackSingle({above, 0, 0}).hi).r,
                std::min<int64_t>(n + 1, (1 << 20) - 1));
    }
  }
  // Above 2^-2 binary32 has no bits beyond 2^-25, so ties of theta lie at 2^-25.
  for (int64_t n = -(1 << 23); n < (1 << 23); n += 4001) {
    const auto theta = static_cast<float>(std::ldexp(static_cast<double>(2 * n + 1), -25));
    const auto even = static_cast<uint32_t>(n % 2 == 0 ? n : n + 1) & 0xffffff;
    ASSERT_EQ(UnpackPacked64(PackSingle({0, theta, 0}).hi).theta, even) << n;
  }
}

TEST(SingleWord, LargestRadius_StaysBelowOneInTheIntegerHalf) {
  EXPECT_EQ(UnpackPacked64(PackSingle({kLargestRadius, 0, 0}).hi).r, 0xfffffU);
}

TEST(SingleWord, LargestTheta_WrapsToMinusHalfInTheIntegerHalf) {
  EXPECT_EQ(UnpackPacked64(PackSingle({0, kLargestTheta, 0}).hi).theta, 0x800000U);
  EXPECT_EQ(UnpackPacked64(PackSingle({0, -0.5F, 0}).hi).theta, 0x800000U);
}

TEST(SingleWord, KnownValues_OfAnIndependentComputation) {
  EXPECT_EQ(PackSingle({0.75F, -0.125F, 0xabcde}), (Word{0xc0000e00000abcde, 0x3f400000be000000}));
  EXPECT_EQ(PackSingle({0.1F, -0.3F, 1}), (Word{0x1999ab3333300001, 0x3dcccccdbe99999a}));
  EXPECT_EQ(*DecodeSingle(PackSingle({0.75F, -0.125F, 0xabcde}), 0xabcde),
            (Seed{569437594, -569437594}));
  EXPECT_EQ(*DecodeSingle(PackSingle({0.1F, -0.3F, 1}), 1), (Seed{-33180455, -102118915}));
  EXPECT_EQ(*DecodeSingle(PackSingle({kLargestRadius, kLargestTheta, kLargestCode}), kLargestCode),
            (Seed{-1073741760, 201}));
  const Word word = {0xed4ecc5111212345, 0x3f6d4ec3be6bbbb9};
  EXPECT_EQ(EncodeSingle({123456789, -987654321}, 0x12345), word);
  EXPECT_EQ(*DecodeSingle(word, 0x12345), (Seed{123456763, -987654342}));
}

TEST(SingleWord, AllZeroWord_IsTheOrigin) { EXPECT_EQ(*DecodeSingle(Word{}, 0), Seed{}); }

TEST(SingleWord, BadRadius_IsRefusedWithItsValue) {
  constexpr float kInfinity = std::numeric_limits<float>::infinity();
  const auto message = [](float r) { return UnpackSingle(WithFloats(r, 0)).status(); };
  EXPECT_EQ(message(std::nanf("")),
            absl::InvalidArgumentError("r is nan; expected a number in [0, 1)"));
  EXPECT_EQ(message(kInfinity).message(), "r is inf; expected a number in [0, 1)");
  EXPECT_EQ(message(-kInfinity).message(), "r is -inf; expected a number in [0, 1)");
  EXPECT_EQ(message(1).message(), "r is 1; expected a number in [0, 1)");
  EXPECT_EQ(message(-0.25F).message(), "r is -0.25; expected a number in [0, 1)");
  EXPECT_FALSE(message(-std::numeric_limits<float>::denorm_min()).ok());
}

TEST(SingleWord, BadTheta_IsRefusedWithItsValue) {
  constexpr float kInfinity = std::numeric_limits<float>::infinity();
  const auto message = [](float theta) { return UnpackSingle(WithFloats(0, theta)).status(); };
  EXPECT_EQ(message(std::nanf("")),
            absl::InvalidArgumentError("theta is nan; expected a number of turns in [-0.5, 0.5)"));
  EXPECT_EQ(message(kInfinity).message(),
            "theta is inf; expected a number of turns in [-0.5, 0.5)");
  EXPECT_EQ(message(-kInfinity).message(),
            "theta is -inf; expected a number of turns in [-0.5, 0.5)");
  EXPECT_EQ(message(0.5F).message(), "theta is 0.5; expected a number of turns in [-0.5, 0.5)");
  EXPECT_EQ(message(-0.75F).message(), "theta is -0.75; expected a number of turns in [-0.5, 0.5)");
  EXPECT_FALSE(message(std::nextafter(-0.5F, -1.0F)).ok());
}

TEST(SingleWord, NegativeZeros_AreZeros) {
  const auto seed = DecodeSingle(WithFloats(-0.0F, -0.0F), 0);
  ASSERT_TRUE(seed.ok()) << seed.status();
  EXPECT_EQ(*seed, Seed{});
}

TEST(SingleWord, EveryWrongBitOfTheIntegerHalf_IsRefusedWithBothHalves) {
  const Word good = PackSingle({0.75F, -0.125F, 0xabcde});
  for (int bit = 0; bit < 64; ++bit) {
    const Word bad = {good.hi ^ (uint64_t{1} << bit), good.lo};
    EXPECT_FALSE(DecodeSingle(bad, 0xabcde).ok()) << bit;
    // A code of its own is no contradiction to the floats.
    EXPECT_EQ(UnpackSingle(bad).ok(), bit < 20) << bit;
  }
  EXPECT_EQ(
      UnpackSingle({good.hi ^ (uint64_t{1} << 63), good.lo}).status().message(),
      "the integer half is 0x40000e00000abcde but the float half rounds to 0xc0000e00000abcde");
}

TEST(SingleWord, WrongCode_IsRefusedWithBothCodes) {
  EXPECT_EQ(DecodeSingle(PackSingle({0.5F, 0, 0x0ab}), 0xcde).status(),
            absl::InvalidArgumentError("the rotation code is 0xab; expected 0xcde"));
}

// binary32 keeps 24 bits of r (half a unit in the last place of [1/2, 1) is 2^-25) and of theta
// (2^-26 turns), then the two roundings to integers follow. In Q1.30 that is 32 for r and 2 pi * 16
// for the arc, and 2 for the roundings.
TEST(SingleWord, DecodeOfEncode_StaysWithinItsBound) {
  constexpr double kBound = 106;
  PhiloxStream random({1, 2}, 0, 0, 1);
  double largest = 0;
  for (int i = 0; i < 300000; ++i) {
    const Seed seed = {static_cast<int32_t>(random.Next()) >> 1,
                       static_cast<int32_t>(random.Next()) >> 1};
    if (std::hypot(static_cast<double>(seed.u), static_cast<double>(seed.v)) >= 0x1p30 - 0x1p6)
      continue;
    const uint32_t code = random.Next() >> 12;
    const auto back = DecodeSingle(EncodeSingle(seed, code), code);
    ASSERT_TRUE(back.ok()) << back.status();
    largest = std::max(largest, std::hypot(static_cast<double>(back->u) - seed.u,
                                           static_cast<double>(back->v) - seed.v));
  }
  EXPECT_LE(largest, kBound);
  EXPECT_GE(largest, kBound * 0.75);
}

TEST(SingleWord, PointsBeyondTheDisk_MoveToTheRim) {
  constexpr int32_t kOne = 1 << 30;
  constexpr int32_t kMin = std::numeric_limits<int32_t>::min();
  for (const Seed seed :
       {Seed{kOne, 0}, Seed{0, -kOne}, Seed{kOne, kOne}, Seed{kMin, kMin}, Seed{-kOne, 5}}) {
    const auto fields = UnpackSingle(EncodeSingle(seed, 7));
    ASSERT_TRUE(fields.ok()) << fields.status();
    EXPECT_EQ(fields->r, kLargestRadius);
    const auto back = DecodeSingle(EncodeSingle(seed, 7), 7);
    ASSERT_TRUE(back.ok()) << back.status();
    EXPECT_LE(std::abs(back->u), kOne - 64);
    EXPECT_LE(std::abs(back->v), kOne - 64);
    EXPECT_NEAR(std::atan2(back->v, back->u), std::atan2(seed.v, seed.u), 1e-6);
  }
}

TEST(SingleWord, HalfATurn_IsMinusHalf) {
  EXPECT_EQ(UnpackSingle(EncodeSingle({-(1 << 30), 0}, 0))->theta, -0.5F);
  // An angle that binary32 rounds up to half a turn.
  EXPECT_EQ(UnpackSingle(EncodeSingle({-(1 << 30), 1}, 0))->theta, -0.5F);
}

// The coordinates of any valid word have a size below 2^30: the server's sums rely on it.
TEST(SingleWord, EveryValidWord_DecodesIntoTheCoordinateRange) {
  PhiloxStream random({1, 2}, 0, 0, 2);
  for (int i = 0; i < 300000; ++i) {
    const float theta = static_cast<float>(static_cast<int32_t>(random.Next()) >> 8) * 0x1p-24F;
    const auto seed = DecodeSingle(PackSingle({kLargestRadius, theta, 0}), 0);
    ASSERT_TRUE(seed.ok()) << seed.status();
    ASSERT_LE(std::max(std::abs(seed->u), std::abs(seed->v)), (1 << 30) - 64);
  }
}

TEST(SingleWord, RandomBits_NeverCrashAndWhatIsTakenIsConsistent) {
  PhiloxStream random({1, 2}, 0, 0, 3);
  int taken = 0;
  for (int i = 0; i < 300000; ++i) {
    Word word = {uint64_t{random.Next()} << 32 | random.Next(),
                 uint64_t{random.Next()} << 32 | random.Next()};
    // Half of the words get floats that are in range by exponent, with the integer half they ask
    // for.
    if (i % 2 == 0) {
      word.lo = (word.lo & 0x007fffff807fffff) | 0x3e8000003e000000;
      word.hi = PackSingle({std::bit_cast<float>(static_cast<uint32_t>(word.lo >> 32)),
                            std::bit_cast<float>(static_cast<uint32_t>(word.lo)), 5})
                    .hi;
    }
    const auto seed = DecodeSingle(word, 5);
    if (!seed.ok()) continue;
    ++taken;
    ASSERT_EQ(PackSingle(*UnpackSingle(word)), word);
  }
  EXPECT_GE(taken, 150000);
}

}  // namespace
}  // namespace seedfed
