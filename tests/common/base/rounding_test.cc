#include "common/base/rounding.h"

#include <cstdint>
#include <limits>

#include "common/base/philox.h"
#include "gtest/gtest.h"

namespace seedfed {
namespace {

constexpr int64_t kMin64 = std::numeric_limits<int64_t>::min();
constexpr int64_t kMax64 = std::numeric_limits<int64_t>::max();

__extension__ typedef __int128 Int128;  // -Wpedantic knows no other way to name it

// The definition, in 128-bit arithmetic: of the two neighbours the nearer one, at a tie the even
// one.
int64_t DumbDivide(int64_t numerator, int64_t denominator) {
  Int128 below = numerator / denominator;
  while (below * denominator > numerator) --below;
  const Int128 to_below = numerator - below * denominator;
  const Int128 to_above = (below + 1) * denominator - numerator;
  if (to_below < to_above) return static_cast<int64_t>(below);
  if (to_above < to_below) return static_cast<int64_t>(below + 1);
  return static_cast<int64_t>(below % 2 == 0 ? below : below + 1);
}

TEST(RoundHalfEvenShift, Ties_GoToTheEvenNeighbour) {
  EXPECT_EQ(RoundHalfEvenShift(1, 1), 0);
  EXPECT_EQ(RoundHalfEvenShift(3, 1), 2);
  EXPECT_EQ(RoundHalfEvenShift(5, 1), 2);
  EXPECT_EQ(RoundHalfEvenShift(7, 1), 4);
  EXPECT_EQ(RoundHalfEvenShift(-1, 1), 0);
  EXPECT_EQ(RoundHalfEvenShift(-3, 1), -2);
  EXPECT_EQ(RoundHalfEvenShift(-5, 1), -2);
  EXPECT_EQ(RoundHalfEvenShift(-7, 1), -4);
}

TEST(RoundHalfEvenShift, NeighboursOfATie_GoToTheNearest) {
  EXPECT_EQ(RoundHalfEvenShift(7, 4), 0);
  EXPECT_EQ(RoundHalfEvenShift(9, 4), 1);
  EXPECT_EQ(RoundHalfEvenShift(23, 4), 1);
  EXPECT_EQ(RoundHalfEvenShift(25, 4), 2);
  EXPECT_EQ(RoundHalfEvenShift(-7, 4), 0);
  EXPECT_EQ(RoundHalfEvenShift(-9, 4), -1);
  EXPECT_EQ(RoundHalfEvenShift(-23, 4), -1);
  EXPECT_EQ(RoundHalfEvenShift(-25, 4), -2);
}

TEST(RoundHalfEvenShift, EveryShift_EqualsTheDefinition) {
  PhiloxStream random({1, 2}, 0, 0, 0);
  for (int shift = 0; shift <= 62; ++shift) {
    const int64_t one = int64_t{1} << shift;
    const int64_t half = one >> 1;
    for (int i = 0; i < 2000; ++i) {
      const auto bits = uint64_t{random.Next()} << 32 | random.Next();
      const int64_t value = static_cast<int64_t>(bits) >> random.Below(64);
      ASSERT_EQ(RoundHalfEvenShift(value, shift), DumbDivide(value, one))
          << value << " >> " << shift;
      // A tie and its neighbours.
      const int64_t tie = (value >> shift << shift) | half;
      for (int64_t near : {tie - 1, tie, tie + 1}) {
        if (tie == kMax64 && near == kMin64) continue;
        ASSERT_EQ(RoundHalfEvenShift(near, shift), DumbDivide(near, one))
            << near << " >> " << shift;
      }
    }
  }
  EXPECT_EQ(RoundHalfEvenShift(kMin64, 62), -2);
  EXPECT_EQ(RoundHalfEvenShift(kMax64, 62), 2);
  EXPECT_EQ(RoundHalfEvenShift(kMin64, 0), kMin64);
}

TEST(RoundHalfEvenDivide, SmallNumbers_EqualTheDefinition) {
  for (int64_t denominator = 1; denominator <= 40; ++denominator) {
    for (int64_t numerator = -500; numerator <= 500; ++numerator) {
      ASSERT_EQ(RoundHalfEvenDivide(numerator, denominator), DumbDivide(numerator, denominator))
          << numerator << " / " << denominator;
    }
  }
}

TEST(RoundHalfEvenDivide, RandomAndExtremeNumbers_EqualTheDefinition) {
  PhiloxStream random({1, 2}, 0, 0, 1);
  for (int i = 0; i < 200000; ++i) {
    const auto bits = uint64_t{random.Next()} << 32 | random.Next();
    const int64_t numerator = static_cast<int64_t>(bits) >> random.Below(64);
    const auto more = uint64_t{random.Next()} << 32 | random.Next();
    const int64_t denominator = static_cast<int64_t>((more >> 2) >> random.Below(62)) + 1;
    ASSERT_EQ(RoundHalfEvenDivide(numerator, denominator), DumbDivide(numerator, denominator))
        << numerator << " / " << denominator;
  }
  constexpr int64_t kLargest = int64_t{1} << 62;
  for (const int64_t numerator :
       {kMin64, kMin64 + 1, -kLargest, -kLargest / 2, int64_t{0}, kLargest / 2, kLargest, kMax64}) {
    for (const int64_t denominator : {int64_t{1}, int64_t{2}, int64_t{3}, kLargest - 1, kLargest}) {
      ASSERT_EQ(RoundHalfEvenDivide(numerator, denominator), DumbDivide(numerator, denominator))
          << numerator << " / " << denominator;
    }
  }
}

TEST(SaturateToInt32, StopsAtBothEnds) {
  EXPECT_EQ(SaturateToInt32(0), 0);
  EXPECT_EQ(SaturateToInt32(2147483647), 2147483647);
  EXPECT_EQ(SaturateToInt32(2147483648), 2147483647);
  EXPECT_EQ(SaturateToInt32(kMax64), 2147483647);
  EXPECT_EQ(SaturateToInt32(-2147483648LL), std::numeric_limits<int32_t>::min());
  EXPECT_EQ(SaturateToInt32(-2147483649LL), std::numeric_limits<int32_t>::min());
  EXPECT_EQ(SaturateToInt32(kMin64), std::numeric_limits<int32_t>::min());
}

}  // namespace
}  // namespace seedfed
