#include "common/codec/dense.h"

#include <cmath>
#include <cstdint>
#include <limits>

#include "common/base/philox.h"
#include "gtest/gtest.h"

namespace seedfed {
namespace {

constexpr double kPowerUnit = 0x1p-24;
const double kOddUnit = 8 / std::sqrt(785.0) * 0x1p-24;

TEST(DenseToUnits, Ties_GoToEven) {
  for (int32_t n = -1000; n <= 1000; ++n) {
    const auto tie = static_cast<float>((n + 0.5) * kPowerUnit);
    const auto units = DenseToUnits(tie, kPowerUnit);
    ASSERT_TRUE(units.ok()) << units.status();
    EXPECT_EQ(*units, n % 2 == 0 ? n : n + 1);
  }
}

TEST(DenseToUnits, ValuesBesideATie_GoToTheNearest) {
  for (int32_t n = -1000; n <= 1000; ++n) {
    const auto tie = static_cast<float>((n + 0.5) * kPowerUnit);
    EXPECT_EQ(*DenseToUnits(std::nextafter(tie, -1.0F), kPowerUnit), n);
    EXPECT_EQ(*DenseToUnits(std::nextafter(tie, 1.0F), kPowerUnit), n + 1);
  }
}

TEST(DenseToUnits, ZerosAndTheSmallestNumbers_AreZero) {
  for (const float value : {0.0F, -0.0F, std::numeric_limits<float>::denorm_min(),
                            -std::numeric_limits<float>::min()}) {
    EXPECT_EQ(*DenseToUnits(value, kPowerUnit), 0);
  }
}

TEST(DenseToUnits, Limit_IsTakenAndOneStepBeyondIsRefused) {
  const auto limit = static_cast<float>(kDenseLimit * kPowerUnit);
  EXPECT_EQ(*DenseToUnits(limit, kPowerUnit), kDenseLimit);
  EXPECT_EQ(*DenseToUnits(-limit, kPowerUnit), -kDenseLimit);
  for (const float beyond : {std::nextafter(limit, 1e9F), std::nextafter(-limit, -1e9F)}) {
    const auto units = DenseToUnits(beyond, kPowerUnit);
    EXPECT_EQ(units.status().code(), absl::StatusCode::kInvalidArgument);
  }
}

TEST(DenseToUnits, BadNumbers_AreRefusedWithTheNumberAndTheLimit) {
  constexpr float kInfinity = std::numeric_limits<float>::infinity();
  EXPECT_EQ(DenseToUnits(std::nanf(""), kPowerUnit).status().message(),
            "a weight's change is nan; expected a finite number of size at most 64");
  EXPECT_EQ(DenseToUnits(kInfinity, kPowerUnit).status().message(),
            "a weight's change is inf; expected a finite number of size at most 64");
  EXPECT_EQ(DenseToUnits(-kInfinity, kPowerUnit).status().message(),
            "a weight's change is -inf; expected a finite number of size at most 64");
  EXPECT_EQ(DenseToUnits(-65, kPowerUnit).status().message(),
            "a weight's change is -65; expected a finite number of size at most 64");
}

TEST(UnitsToDense, RoundTrip_IsExactForSmallAndWithinBinary32ForLargeChanges) {
  PhiloxStream random({1, 2}, 0, 0, 0);
  for (const double unit : {kPowerUnit, kOddUnit, 0x1p-38, 64.0 * 0x1p-24}) {
    for (int i = 0; i < 20000; ++i) {
      const int32_t units = (static_cast<int32_t>(random.Next()) >> 1) >> random.Below(31);
      const auto back = DenseToUnits(UnitsToDense(units, unit), unit);
      ASSERT_TRUE(back.ok()) << units << ": " << back.status();
      const double tolerance = std::abs(units) < (1 << 23) ? 0 : std::abs(units) * 0x1p-24 + 0.5;
      ASSERT_LE(std::abs(double{1} * *back - units), tolerance) << units << " of " << unit;
    }
  }
}

// In many units binary32 has no value exactly at the limit; rounding away from zero would make
// averaged words that no client can read.
TEST(UnitsToDense, Limit_CanBeReadBackInEveryUnit) {
  PhiloxStream random({1, 2}, 0, 0, 1);
  for (int i = 0; i < 20000; ++i) {
    const double unit =
        (0.0625 + 8 * random.Uniform()) / std::sqrt(2.0 + random.Below(1000)) * 0x1p-24;
    for (const int32_t units : {kDenseLimit, -kDenseLimit, kDenseLimit - 1, 1 - kDenseLimit}) {
      const auto back = DenseToUnits(UnitsToDense(units, unit), unit);
      ASSERT_TRUE(back.ok()) << back.status();
      ASSERT_LE(std::abs(*back - units), 128);
    }
  }
}

}  // namespace
}  // namespace seedfed
