#include "common/base/philox.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <set>
#include <vector>

#include "gtest/gtest.h"

namespace seedfed {
namespace {

// Source: kat_vectors of Random123 1.14, lines "philox4x32 10".
TEST(Philox, KnownAnswers_OfRandom123) {
  EXPECT_EQ(Philox4x32({0, 0, 0, 0}, {0, 0}),
            (PhiloxBlock{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}));
  EXPECT_EQ(Philox4x32({0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff}, {0xffffffff, 0xffffffff}),
            (PhiloxBlock{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}));
  EXPECT_EQ(Philox4x32({0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, {0xa4093822, 0x299f31d0}),
            (PhiloxBlock{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}));
}

TEST(PhiloxStream, Next_IsTheBlocksInOrder) {
  const PhiloxKey key = {1, 2};
  PhiloxStream stream(key, 3, 4, 5);
  for (uint32_t counter = 0; counter < 5; ++counter) {
    for (const uint32_t lane : Philox4x32({counter, 3, 4, 5}, key)) ASSERT_EQ(stream.Next(), lane);
  }
}

TEST(PhiloxStream, Next_HasKnownValues) {
  PhiloxStream stream({1, 2}, 3, 4, 5);
  for (const uint32_t expected : {0x4264a1ceU, 0xd0f1313bU, 0x2fe9541aU, 0xf1db28b6U, 0x19c01a71U,
                                  0xcd1ba23eU, 0xb7e8f003U, 0x91da4e2bU, 0x1c36487bU}) {
    EXPECT_EQ(stream.Next(), expected);
  }
}

TEST(PhiloxStream, Streams_DifferInEveryArgument) {
  std::set<uint32_t> first;
  for (PhiloxStream stream : {PhiloxStream({1, 2}, 3, 4, 5), PhiloxStream({0, 2}, 3, 4, 5),
                              PhiloxStream({1, 0}, 3, 4, 5), PhiloxStream({1, 2}, 0, 4, 5),
                              PhiloxStream({1, 2}, 3, 0, 5), PhiloxStream({1, 2}, 3, 4, 0)}) {
    first.insert(stream.Next());
  }
  EXPECT_EQ(first.size(), 6U);
}

TEST(PhiloxStream, Below_HasKnownValuesWhereItRejects) {
  PhiloxStream stream({1, 2}, 3, 4, 5);
  // 3 * 10^9 rejects three draws of ten, so the values show the rejection rule.
  for (const uint32_t expected :
       {778044069U, 2448540907U, 301762540U, 2155194284U, 1709211975U, 330609884U}) {
    EXPECT_EQ(stream.Below(3000000000U), expected);
  }
}

TEST(PhiloxStream, BelowOne_IsZero) {
  PhiloxStream stream({1, 2}, 3, 4, 5);
  for (int i = 0; i < 100; ++i) ASSERT_EQ(stream.Below(1), 0U);
}

TEST(PhiloxStream, Below_StaysBelow) {
  PhiloxStream stream({1, 2}, 0, 0, 0);
  for (const uint32_t n : {2U, 3U, 10U, 255U, 65536U, 0x80000000U, 0x80000001U, 0xffffffffU}) {
    for (int i = 0; i < 1000; ++i) ASSERT_LT(stream.Below(n), n);
  }
}

// With 3/4 of 2^32 values, multiply-and-shift without rejection would give every third value twice
// as often.
TEST(PhiloxStream, Below_IsUnbiasedModuloThree) {
  PhiloxStream stream({1, 2}, 0, 0, 1);
  constexpr int kDraws = 300000;
  std::array<int, 3> count{};
  for (int i = 0; i < kDraws; ++i) ++count[stream.Below(0xC0000000U) % 3];
  const double sigma = std::sqrt(kDraws * (1.0 / 3) * (2.0 / 3));
  for (const int c : count) EXPECT_NEAR(c, kDraws / 3.0, 4 * sigma);
}

TEST(PhiloxStream, Below_CoversEveryValueEvenly) {
  PhiloxStream stream({1, 2}, 0, 0, 2);
  constexpr int kDraws = 70000;
  std::array<int, 7> count{};
  for (int i = 0; i < kDraws; ++i) ++count[stream.Below(7)];
  const double sigma = std::sqrt(kDraws * (1.0 / 7) * (6.0 / 7));
  for (const int c : count) EXPECT_NEAR(c, kDraws / 7.0, 4 * sigma);
}

TEST(PhiloxStream, Uniform_HasKnownFirstValueAndMoments) {
  PhiloxStream stream({1, 2}, 3, 4, 5);
  EXPECT_EQ(stream.Uniform(), 0.2593480234072032);
  constexpr int kDraws = 100000;
  double sum = 0, squares = 0;
  for (int i = 0; i < kDraws; ++i) {
    const double x = stream.Uniform();
    ASSERT_GE(x, 0);
    ASSERT_LT(x, 1);
    sum += x;
    squares += x * x;
  }
  EXPECT_NEAR(sum / kDraws, 0.5, 4 * std::sqrt(1.0 / 12 / kDraws));
  EXPECT_NEAR(squares / kDraws, 1.0 / 3, 4 * std::sqrt(4.0 / 45 / kDraws));
}

TEST(Permutation, HasKnownValues) {
  PhiloxStream stream({1, 2}, 3, 4, 5);
  EXPECT_EQ(Permutation(12, stream), (std::vector<uint32_t>{9, 6, 11, 7, 2, 4, 5, 0, 10, 1, 8, 3}));
}

TEST(Permutation, IsAPermutationOfEverySize) {
  PhiloxStream stream({1, 2}, 0, 0, 3);
  for (uint32_t n = 0; n < 200; ++n) {
    std::vector<uint32_t> order = Permutation(n, stream);
    std::sort(order.begin(), order.end());
    ASSERT_EQ(order.size(), n);
    for (uint32_t i = 0; i < n; ++i) ASSERT_EQ(order[i], i);
  }
}

TEST(Permutation, AllOrdersOfThree_AreEquallyFrequent) {
  PhiloxStream stream({1, 2}, 0, 0, 4);
  constexpr int kDraws = 60000;
  std::array<int, 27> count{};
  for (int i = 0; i < kDraws; ++i) {
    const std::vector<uint32_t> p = Permutation(3, stream);
    ++count[p[0] * 9 + p[1] * 3 + p[2]];
  }
  int orders = 0;
  for (const int c : count) {
    if (c == 0) continue;
    ++orders;
    EXPECT_NEAR(c, kDraws / 6.0, 4 * std::sqrt(kDraws * (1.0 / 6) * (5.0 / 6)));
  }
  EXPECT_EQ(orders, 6);
}

}  // namespace
}  // namespace seedfed
