#include "common/kernels/weighted_sum.h"

#include <vector>

#include "common/base/philox.h"
#include "tests/common/kernels/each_target.h"

namespace seedfed {
namespace {

using WeightedSum = EachTarget;
SEEDFED_INSTANTIATE_EACH_TARGET(WeightedSum);

TEST_P(WeightedSum, EveryLengthAndWeight_TheSumsOfTheDefinition) {
  PhiloxStream stream({1, 2}, 0, 0, 0);
  for (size_t length = 0; length < 40; ++length) {
    for (const uint32_t weight : {1U, 2000U, 0x7FFFFFFFU, 0x80000000U, 0xFFFFFFFFU}) {
      std::vector<int32_t> values(length);
      std::vector<int64_t> sums(length), expected(length);
      for (size_t i = 0; i < length; ++i) {
        values[i] = static_cast<int32_t>(stream.Below((1U << 31) + 1)) - (1 << 30);
        sums[i] = static_cast<int64_t>(stream.Next()) - (int64_t{1} << 31);
        expected[i] = sums[i] + int64_t{values[i]} * weight;
      }
      AddWeighted(values, weight, sums);
      ASSERT_EQ(sums, expected) << length << " values, weight " << weight;
    }
  }
}

}  // namespace
}  // namespace seedfed
