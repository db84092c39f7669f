#include "server/aggregation/weighted_mean.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "common/base/philox.h"

namespace seedfed {
namespace {

struct Update {
  std::vector<int32_t> coordinates;
  uint32_t weight;
};

std::vector<Update> RandomUpdates(uint32_t seed, size_t updates, size_t coordinates) {
  PhiloxStream stream({seed, 0}, 0, 0, 0);
  std::vector<Update> result(updates);
  for (Update& update : result) {
    for (size_t i = 0; i < coordinates; ++i) {
      update.coordinates.push_back(static_cast<int32_t>(stream.Below((1U << 31) + 1)) - (1 << 30));
    }
    update.weight = 1 + stream.Below(5000);
  }
  return result;
}

std::vector<int32_t> MeanOf(const std::vector<Update>& updates) {
  WeightedMean mean(updates[0].coordinates.size());
  for (const Update& update : updates) EXPECT_TRUE(mean.Add(0, update.coordinates, update.weight));
  return mean.Result();
}

TEST(WeightedMean, AnyOrderOfArrival_SameBits) {
  for (uint32_t seed = 0; seed < 50; ++seed) {
    std::vector<Update> updates = RandomUpdates(seed, 12, 40);
    const std::vector<int32_t> expected = MeanOf(updates);
    PhiloxStream stream({seed, 1}, 0, 0, 0);
    for (int order = 0; order < 20; ++order) {
      std::vector<Update> permuted;
      for (const uint32_t i : Permutation(12, stream)) permuted.push_back(updates[i]);
      ASSERT_EQ(MeanOf(permuted), expected) << "seed " << seed;
    }
  }
}

TEST(WeightedMean, RandomUpdates_NearestIntegerToTheExactMean) {
  for (uint32_t seed = 0; seed < 50; ++seed) {
    const std::vector<Update> updates = RandomUpdates(seed, 7, 20);
    const std::vector<int32_t> mean = MeanOf(updates);
    for (size_t i = 0; i < mean.size(); ++i) {
      long double sum = 0, total = 0;
      for (const Update& update : updates) {
        sum += static_cast<long double>(update.coordinates[i]) * update.weight;
        total += update.weight;
      }
      ASSERT_LE(std::abs(sum / total - mean[i]), 0.5L) << "seed " << seed << ", coordinate " << i;
    }
  }
}

TEST(WeightedMean, Ties_RoundToEven) {
  WeightedMean mean(4);
  ASSERT_TRUE(mean.Add(0, std::vector<int32_t>{1, 3, -1, -3}, 1));
  ASSERT_TRUE(mean.Add(0, std::vector<int32_t>{0, 0, 0, 0}, 1));
  EXPECT_EQ(mean.Result(), (std::vector<int32_t>{0, 2, 0, -2}));
}

TEST(WeightedMean, LargestWeightsAndCoordinates_NoOverflow) {
  constexpr int32_t kLimit = 1 << 30;
  WeightedMean mean(2);
  for (int i = 0; i < 2; ++i) {
    ASSERT_TRUE(mean.Add(0, std::vector<int32_t>{kLimit, -kLimit}, 1U << 31));
  }
  EXPECT_EQ(mean.total_weight(), WeightedMean::kMaxTotalWeight);
  EXPECT_EQ(mean.Result(), (std::vector<int32_t>{kLimit, -kLimit}));
}

TEST(WeightedMean, TotalWeightPastTheLimit_RefusedAndUnchanged) {
  WeightedMean mean(1);
  ASSERT_TRUE(mean.Add(0, std::vector<int32_t>{5}, UINT32_MAX));
  EXPECT_FALSE(mean.Add(0, std::vector<int32_t>{1000}, 2));
  EXPECT_EQ(mean.total_weight(), UINT32_MAX);
  EXPECT_EQ(mean.Result(), std::vector<int32_t>{5});
  EXPECT_TRUE(mean.Add(0, std::vector<int32_t>{5}, 1));
}

TEST(WeightedMean, Clear_StartsAgain) {
  WeightedMean mean(1);
  ASSERT_TRUE(mean.Add(0, std::vector<int32_t>{7}, 3));
  mean.Clear();
  ASSERT_TRUE(mean.Add(0, std::vector<int32_t>{-9}, 2));
  EXPECT_EQ(mean.total_weight(), 2U);
  EXPECT_EQ(mean.Result(), std::vector<int32_t>{-9});
}

}  // namespace
}  // namespace seedfed
