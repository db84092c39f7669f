#include "common/base/random.h"

#include <algorithm>
#include <array>
#include <cstdint>

#include "gtest/gtest.h"

namespace seedfed {
namespace {

class FakeRandom final : public RandomSource {
 public:
  explicit FakeRandom(uint8_t value) : value_(value) {}
  void Fill(std::span<uint8_t> out) override { std::fill(out.begin(), out.end(), value_); }

 private:
  uint8_t value_;
};

TEST(RandomSource, Uniform_CoversZeroToJustBelowOne) {
  FakeRandom lowest(0x00), highest(0xff);
  EXPECT_EQ(lowest.Uniform(), 0.0);
  EXPECT_EQ(highest.Uniform(), 1.0 - 0x1p-53);
}

TEST(SystemRandom, Fill_FillsEveryByteAndDiffersBetweenCalls) {
  std::array<uint8_t, 64> first{}, second{};
  SystemRandom().Fill(first);
  SystemRandom().Fill(second);
  EXPECT_NE(first, second);
  // 64 zero bytes stay zero at one place in 200 draws with probability 1 - (1 - 2^-1600)^64.
  std::array<bool, 64> touched{};
  for (int i = 0; i < 200; ++i) {
    std::array<uint8_t, 64> bytes{};
    SystemRandom().Fill(bytes);
    for (size_t j = 0; j < bytes.size(); ++j) touched[j] = touched[j] || bytes[j] != 0;
  }
  EXPECT_EQ(std::count(touched.begin(), touched.end(), true), 64);
}

TEST(SystemRandom, FillOfNothing_IsAllowed) { SystemRandom().Fill({}); }

}  // namespace
}  // namespace seedfed
