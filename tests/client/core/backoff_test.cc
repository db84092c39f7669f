#include "client/core/backoff.h"

#include <gtest/gtest.h>

#include <cstring>

#include "common/base/random.h"

namespace seedfed {
namespace {

// Uniform() gives `value`, rounded down to 53 bits.
class FixedRandom final : public RandomSource {
 public:
  explicit FixedRandom(double value) : bits_(static_cast<uint64_t>(value * 0x1p53) << 11) {}

  void Fill(std::span<uint8_t> out) override { std::memcpy(out.data(), &bits_, out.size()); }

 private:
  uint64_t bits_;
};

constexpr double kAlmostOne = 1 - 0x1p-53;

TEST(Backoff, CeilingDoubles_UpToTheMost) {
  FixedRandom random(0.5);
  Backoff backoff(random, absl::Milliseconds(100), absl::Seconds(1));
  EXPECT_EQ(backoff.Next(), absl::Milliseconds(50));
  EXPECT_EQ(backoff.Next(), absl::Milliseconds(100));
  EXPECT_EQ(backoff.Next(), absl::Milliseconds(200));
  EXPECT_EQ(backoff.Next(), absl::Milliseconds(400));
  EXPECT_EQ(backoff.Next(), absl::Milliseconds(500));
  EXPECT_EQ(backoff.Next(), absl::Milliseconds(500));
}

TEST(Backoff, FullJitter_SpansFromZeroToTheCeiling) {
  FixedRandom low(0);
  EXPECT_EQ(Backoff(low).Next(), absl::ZeroDuration());
  FixedRandom high(kAlmostOne);
  Backoff backoff(high);
  EXPECT_GT(backoff.Next(), absl::Milliseconds(99));
  for (int i = 0; i < 1000; ++i) EXPECT_LE(backoff.Next(), absl::Seconds(2));
  EXPECT_GT(backoff.Next(), absl::Milliseconds(1999));
}

TEST(Backoff, Reset_StartsAgain) {
  FixedRandom random(0.5);
  Backoff backoff(random);
  for (int i = 0; i < 5; ++i) backoff.Next();
  backoff.Reset();
  EXPECT_EQ(backoff.Next(), absl::Milliseconds(50));
}

TEST(Backoff, SystemRandom_GivesDifferentWaits) {
  Backoff backoff(SystemRandom(), absl::Seconds(10), absl::Seconds(10));
  const absl::Duration first = backoff.Next();
  bool different = false;
  for (int i = 0; i < 8; ++i) different |= backoff.Next() != first;
  EXPECT_TRUE(different);
}

}  // namespace
}  // namespace seedfed
