#include "common/codec/ensemble_word.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

#include "common/base/philox.h"
#include "gtest/gtest.h"

namespace seedfed {
namespace {

constexpr int32_t kOne = 1 << 30;
constexpr double kTurn = 6.283185307179586476925286766559;
constexpr SubSeedDither kHalf = {0x80000000, 0x80000000};
constexpr SubSeedDither kLargest = {0xffffffff, 0xffffffff};

__extension__ typedef __int128 Int128;  // -Wpedantic knows no other way to name it

using Bytes = std::array<uint8_t, kWordBytes>;

Bytes ToByteArray(const Word& word) {
  Bytes bytes;
  for (size_t i = 0; i < 8; ++i) {
    bytes[i] = static_cast<uint8_t>(word.hi >> (8 * i));
    bytes[8 + i] = static_cast<uint8_t>(word.lo >> (8 * i));
  }
  return bytes;
}

Word FromByteArray(const Bytes& bytes) {
  return LoadWord(reinterpret_cast<const char*>(bytes.data()));
}

// The radius of the disk of exponent e, in Q1.30, not rounded.
double DiskRadius(int e) { return std::exp2(30 - e / 8.0); }

// 2^(-k/8) in Q1.30, by the C library.
int64_t Fraction(int k) {
  return std::llrintl(std::exp2(static_cast<long double>(-k) / 8) * 0x1p30L);
}

int64_t DivideHalfEven(Int128 numerator, Int128 denominator) {
  Int128 below = numerator / denominator;
  while (below * denominator > numerator) --below;
  const Int128 twice = 2 * (numerator - below * denominator);
  const bool up = twice > denominator || (twice == denominator && below % 2 != 0);
  return static_cast<int64_t>(below + (up ? 1 : 0));
}

double Distance(Seed a, Seed b) {
  return std::hypot(static_cast<double>(a.u) - b.u, static_cast<double>(a.v) - b.v);
}

std::vector<SubSeedDither> RandomDither(PhiloxStream& random, size_t count) {
  std::vector<SubSeedDither> dither(count);
  for (SubSeedDither& d : dither) d = {random.Next(), random.Next()};
  return dither;
}

std::vector<Seed> RandomSeeds(PhiloxStream& random, size_t count, int shift) {
  std::vector<Seed> seeds(count);
  for (Seed& s : seeds) {
    s = {static_cast<int32_t>(random.Next()) >> shift,
         static_cast<int32_t>(random.Next()) >> shift};
  }
  return seeds;
}

TEST(SubSeedPoint, EveryByte_EqualsTheRuleInLongDouble) {
  for (int byte = 0; byte < 256; ++byte) {
    const int level = byte >> 5, angle = byte & 31;
    const long double phi = 6.283185307179586476925286766559L * angle / 32;
    const int64_t cosine = std::llrintl(std::cos(phi) * 0x1p30L);
    const int64_t sine = std::llrintl(std::sin(phi) * 0x1p30L);
    const Seed point = SubSeedPoint(static_cast<uint8_t>(byte));
    EXPECT_EQ(point.u, DivideHalfEven(cosine * level, 7)) << byte;
    EXPECT_EQ(point.v, DivideHalfEven(sine * level, 7)) << byte;
    EXPECT_LE(std::max(std::abs(point.u), std::abs(point.v)), kOne);
  }
}

// Every exponent with every sub-seed byte: all 2^16 cases of the format.
TEST(DecodeEnsemble, EveryExponentAndByte_EqualsTheRuleIn128Bits) {
  for (int e = 0; e < 256; ++e) {
    const Int128 fraction = Fraction(e % 8);
    const Int128 divisor = Int128{1} << (30 + e / 8);
    for (int first = 0; first < 256; first += kSubSeeds) {
      Bytes bytes{};
      bytes[0] = static_cast<uint8_t>(e);
      for (size_t i = 0; i < kSubSeeds; ++i) bytes[i + 1] = static_cast<uint8_t>(first + i);
      const std::array<Seed, kSubSeeds> seeds = DecodeEnsemble(FromByteArray(bytes));
      for (size_t i = 0; i < kSubSeeds; ++i) {
        const Seed point = SubSeedPoint(bytes[i + 1]);
        ASSERT_EQ(seeds[i].u, DivideHalfEven(point.u * fraction, divisor))
            << e << ", " << +bytes[i + 1];
        ASSERT_EQ(seeds[i].v, DivideHalfEven(point.v * fraction, divisor))
            << e << ", " << +bytes[i + 1];
      }
    }
  }
}

TEST(DecodeEnsemble, AllZeroWord_IsFifteenOrigins) {
  for (const Seed seed : DecodeEnsemble(Word{})) EXPECT_EQ(seed, Seed{});
}

TEST(DecodeEnsemble, KnownWord_GivesKnownPoints) {
  const Bytes bytes = {0x13, 0xff, 0x00, 0xe0, 0xe8, 0xf0, 0xf8, 0x27,
                       0x4f, 0x8a, 0x5c, 0x39, 0xd7, 0x61, 0x6b, 0x9d};
  const std::array<Seed, kSubSeeds> expected = {{{203014739, -40382142},
                                                 {0, 0},
                                                 {206992033, 0},
                                                 {0, 206992033},
                                                 {-206992033, 0},
                                                 {0, -206992033},
                                                 {5768877, 29002106},
                                                 {-58004211, 11537755},
                                                 {-45264241, 109277544},
                                                 {41818706, -41818706},
                                                 {5768877, -29002106},
                                                 {-34613265, -174012634},
                                                 {87006317, 17306632},
                                                 {-49285119, 73760394},
                                                 {98347192, -65713493}}};
  EXPECT_EQ(DecodeEnsemble(FromByteArray(bytes)), expected);
}

TEST(EncodeEnsemble, KnownPoints_GiveKnownWords) {
  const std::array<Seed, 7> seeds = {{{123456789, -98765432},
                                      {1, 0},
                                      {0, -(1 << 29)},
                                      {-kOne, kOne - 1},
                                      {0, 0},
                                      {300000000, 300000001},
                                      {-7, 9}}};
  std::array<SubSeedDither, 7> dither;
  for (uint32_t i = 0; i < 7; ++i) dither[i] = {0x9e3779b9U * (i + 1), 0x7f4a7c15U * (i + 1)};
  const Bytes expected = {0x00, 0x3d, 0x00, 0x78, 0xec, 0x00, 0x64, 0x0b};
  EXPECT_EQ(ToByteArray(EncodeEnsemble(seeds, dither)), expected);

  std::array<Seed, kSubSeeds> smaller;
  for (int i = 0; i < 15; ++i) smaller[i] = {(1 << 26) >> i, -((1 << 25) >> i)};
  std::array<SubSeedDither, kSubSeeds> half;
  half.fill(kHalf);
  const Bytes expected_smaller = {0x1e, 0xfe, 0x7e, 0x5e, 0x3e, 0x1e, 0x1e, 0x1e,
                                  0x1e, 0x1e, 0x1e, 0x1e, 0x1e, 0x1e, 0x1e, 0x1e};
  EXPECT_EQ(ToByteArray(EncodeEnsemble(smaller, half)), expected_smaller);
}

TEST(EncodeEnsemble, Origins_DecodeToOrigins) {
  for (const SubSeedDither d : {SubSeedDither{}, kHalf, kLargest}) {
    const std::array<Seed, kSubSeeds> seeds{};
    std::array<SubSeedDither, kSubSeeds> dither;
    dither.fill(d);
    const Word word = EncodeEnsemble(seeds, dither);
    EXPECT_EQ(ToByteArray(word)[0], 255);
    EXPECT_EQ(DecodeEnsemble(word), seeds);
  }
}

TEST(EncodeEnsemble, FewerPoints_LeaveTheRestZero) {
  PhiloxStream random({1, 2}, 0, 0, 0);
  for (size_t count = 0; count <= kSubSeeds; ++count) {
    const std::vector<Seed> seeds = RandomSeeds(random, count, 3);
    const std::vector<SubSeedDither> dither(count, kLargest);
    const Bytes bytes = ToByteArray(EncodeEnsemble(seeds, dither));
    for (size_t i = count; i < kSubSeeds; ++i) EXPECT_EQ(bytes[i + 1], 0) << count;
  }
}

TEST(EncodeEnsemble, ExactGridPoints_SurviveWithEveryFractionOfTheDisk) {
  for (int e = 0; e < 8; ++e) {
    for (uint8_t quarter = 0; quarter < 4; ++quarter) {
      Bytes bytes{};
      bytes[0] = static_cast<uint8_t>(e);
      bytes[1] = static_cast<uint8_t>(7 << 5 | quarter << 3);
      const Word word = FromByteArray(bytes);
      const std::array<Seed, kSubSeeds> seeds = DecodeEnsemble(word);
      for (const uint32_t r : {0U, 0xffffffffU}) {
        const std::array<SubSeedDither, 1> dither = {{{0, r}}};
        EXPECT_EQ(EncodeEnsemble({seeds.data(), 1}, dither), word) << e << " at " << +quarter;
      }
    }
  }
}

TEST(EncodeEnsemble, ScaleExponent_IsTheLargestWhoseDiskHoldsEveryPoint) {
  PhiloxStream random({1, 2}, 0, 0, 1);
  for (int i = 0; i < 20000; ++i) {
    const std::vector<Seed> seeds =
        RandomSeeds(random, kSubSeeds, 1 + static_cast<int>(random.Below(31)));
    const Bytes bytes = ToByteArray(EncodeEnsemble(seeds, RandomDither(random, kSubSeeds)));
    double largest = 0;
    for (const Seed& s : seeds) largest = std::max(largest, Distance(s, {}));
    largest = std::min(largest, 0x1p30);
    const int e = bytes[0];
    // One unit for the rounding of r.
    ASSERT_LE(largest, DiskRadius(e) + 1);
    if (e < 255) {
      ASSERT_GT(largest, DiskRadius(e + 1) - 1);
    }
  }
}

TEST(EncodeEnsemble, RadiusOfTheDiskWithTheLargestDither_StaysAtTheHighestLevel) {
  for (int e = 0; e < 256; ++e) {
    Bytes bytes{};
    bytes[0] = static_cast<uint8_t>(e);
    bytes[1] = 7 << 5;
    const std::array<Seed, kSubSeeds> seeds = DecodeEnsemble(FromByteArray(bytes));
    const std::array<SubSeedDither, 1> dither = {{{0, 0xffffffff}}};
    const Bytes again = ToByteArray(EncodeEnsemble({seeds.data(), 1}, dither));
    // One level more would carry out of the byte and leave level 0.
    if (seeds[0].u > 0) {
      EXPECT_EQ(again[1] >> 5, 7) << e;
    }
  }
  const std::array<Seed, 1> rim = {{{kOne, 0}}};
  EXPECT_EQ(ToByteArray(EncodeEnsemble(rim, std::array<SubSeedDither, 1>{kLargest}))[1] >> 5, 7);
}

TEST(EncodeEnsemble, EveryRadiusWithExtremeDithers_TakesANeighbouringLevel) {
  PhiloxStream random({1, 2}, 0, 0, 2);
  for (int i = 0; i < 100000; ++i) {
    const std::array<Seed, 1> seed = {
        {{static_cast<int32_t>(random.Next() >> (2 + random.Below(29))), 0}}};
    for (const SubSeedDither d : {SubSeedDither{}, kLargest}) {
      const Bytes bytes = ToByteArray(EncodeEnsemble(seed, std::array<SubSeedDither, 1>{d}));
      const double exact = seed[0].u / DiskRadius(bytes[0]) * 7;
      const int level = bytes[1] >> 5;
      ASSERT_LT(std::abs(level - exact), 1 + 1e-4) << seed[0].u;
    }
  }
}

TEST(EncodeEnsemble, AngleJustBelowOneTurn_WrapsToZero) {
  const std::array<Seed, 1> seed = {{{kOne / 2, -1}}};
  const Bytes bytes = ToByteArray(EncodeEnsemble(seed, std::array<SubSeedDither, 1>{kLargest}));
  EXPECT_EQ(bytes[1] & 31, 0);
}

TEST(EncodeEnsemble, PointsBeyondTheDisk_MoveToTheRim) {
  constexpr int32_t kMin = std::numeric_limits<int32_t>::min();
  const std::array<Seed, 4> seeds = {{{kOne, kOne}, {kMin, 0}, {kMin, kMin}, {0, kMin + 1}}};
  const std::array<SubSeedDither, 4> dither = {kHalf, kHalf, kHalf, kHalf};
  const Bytes bytes = ToByteArray(EncodeEnsemble(seeds, dither));
  EXPECT_EQ(bytes[0], 0);
  EXPECT_EQ(bytes[1], 7 << 5 | 4);
  EXPECT_EQ(bytes[2], 7 << 5 | 16);
  EXPECT_EQ(bytes[3], 7 << 5 | 20);
  EXPECT_EQ(bytes[4], 7 << 5 | 24);
}

// A cell is a seventh of R deep and a 32nd of a turn wide; at the rim its diagonal is below R (1/7
// + 2 pi / 32).
TEST(EncodeEnsemble, Decode_StaysWithinOneCell) {
  PhiloxStream random({1, 2}, 0, 0, 3);
  double largest = 0;
  for (int i = 0; i < 20000; ++i) {
    const std::vector<Seed> seeds =
        RandomSeeds(random, kSubSeeds, 2 + static_cast<int>(random.Below(12)));
    const Word word = EncodeEnsemble(seeds, RandomDither(random, kSubSeeds));
    const std::array<Seed, kSubSeeds> back = DecodeEnsemble(word);
    const double radius = DiskRadius(ToByteArray(word)[0]);
    for (size_t t = 0; t < kSubSeeds; ++t) {
      largest = std::max(largest, Distance(seeds[t], back[t]) / radius);
    }
  }
  constexpr double kBound = 0.25;  // sqrt((1/7)^2 + (2 pi / 32)^2) is 0.243
  EXPECT_LE(largest, kBound);
  EXPECT_GE(largest, kBound * 0.75);
}

// Over all 2^16 dithers the mean level is exactly r in sevenths of R, cut to 16 more bits.
TEST(EncodeEnsemble, MeanRadiusOverAllDithers_IsTheRadius) {
  for (const int32_t u :
       {kOne, kOne - 1, 987654321, 777777777, 555555555, 123456789, 31415927, 27182, 1001}) {
    const std::array<Seed, 1> seed = {{{u, 0}}};
    int64_t sum = 0;
    int e = 0;
    for (uint32_t d = 0; d < 65536; ++d) {
      const std::array<SubSeedDither, 1> dither = {{{0, d << 16}}};
      const Bytes bytes = ToByteArray(EncodeEnsemble(seed, dither));
      e = bytes[0];
      sum += bytes[1] >> 5;
    }
    const double exact = u / DiskRadius(e) * 7 * 65536;
    EXPECT_LE(sum, exact * (1 + 1e-8) + 1e-3) << u;
    EXPECT_GE(sum, exact * (1 - 1e-8) - 1.001) << u;
  }
}

// Over evenly spread dithers the mean angle is the angle.
TEST(EncodeEnsemble, MeanAngleOverAllDithers_IsTheAngle) {
  PhiloxStream random({1, 2}, 0, 0, 4);
  for (int i = 0; i < 20; ++i) {
    const std::array<Seed, 1> seed = {
        {{static_cast<int32_t>(random.Next()) >> 2, static_cast<int32_t>(random.Next()) >> 2}}};
    const double turns = std::atan2(seed[0].v, seed[0].u) / kTurn;
    double sum = 0;
    for (uint32_t d = 0; d < 65536; ++d) {
      const std::array<SubSeedDither, 1> dither = {{{d << 16 | 0x8000, 0}}};
      const int angle = ToByteArray(EncodeEnsemble(seed, dither))[1] & 31;
      sum += std::remainder(angle / 32.0 - turns, 1.0);
    }
    // Half of a 2^16th of a step for the evenly spread dithers, and the rounding of turns.
    EXPECT_NEAR(sum / 65536, 0, 0x1p-5 * 0x1p-16) << i;
  }
}

// The rounding of r and theta has no bias. A mean of two neighbouring angles lies on their chord,
// so the mean point is nearer to the origin by a factor of at least cos(pi / 32) = 0.9952.
TEST(EncodeEnsemble, MeanPointOverManyDithers_IsThePoint) {
  PhiloxStream random({1, 2}, 0, 0, 5);
  constexpr int kDraws = 20000;
  const std::vector<Seed> seeds = RandomSeeds(random, kSubSeeds, 2);
  std::array<double, kSubSeeds> u{}, v{};
  double radius = 0;
  for (int draw = 0; draw < kDraws; ++draw) {
    const Word word = EncodeEnsemble(seeds, RandomDither(random, kSubSeeds));
    radius = DiskRadius(ToByteArray(word)[0]);
    const std::array<Seed, kSubSeeds> back = DecodeEnsemble(word);
    for (size_t t = 0; t < kSubSeeds; ++t) {
      u[t] += back[t].u;
      v[t] += back[t].v;
    }
  }
  // A coordinate's deviation is below half a cell's diagonal, R / 8.
  const double four_sigma = 4 * radius / 8 / std::sqrt(kDraws);
  for (size_t t = 0; t < kSubSeeds; ++t) {
    const double chord = (1 - 0.9952) * Distance(seeds[t], {});
    EXPECT_NEAR(u[t] / kDraws, seeds[t].u, four_sigma + chord) << t;
    EXPECT_NEAR(v[t] / kDraws, seeds[t].v, four_sigma + chord) << t;
  }
}

}  // namespace
}  // namespace seedfed
