#include "client/data/shard.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <numeric>
#include <vector>

#include "tests/client/data/temp_folder.h"

namespace seedfed {
namespace {

using testing::ElementsAre;
using Indices = std::vector<uint32_t>;

constexpr PhiloxKey kKey = {12, 34};

// `classes` labels in turn.
std::vector<uint32_t> Labels(uint32_t examples, uint32_t classes) {
  std::vector<uint32_t> labels(examples);
  for (uint32_t i = 0; i < examples; ++i) labels[i] = i % classes;
  return labels;
}

std::vector<Indices> IidShards(size_t examples, uint32_t shards, PhiloxKey key = kKey) {
  std::vector<Indices> all;
  for (uint32_t i = 0; i < shards; ++i) all.push_back(IidShard(examples, shards, i, key).value());
  return all;
}

std::vector<Indices> DirichletShards(const std::vector<uint32_t>& labels, uint32_t shards,
                                     double alpha, PhiloxKey key = kKey) {
  std::vector<Indices> all;
  for (uint32_t i = 0; i < shards; ++i) {
    all.push_back(DirichletShard(labels, shards, i, alpha, key).value());
  }
  return all;
}

// Every example in one shard exactly, each shard ascending.
void ExpectPartition(const std::vector<Indices>& shards, size_t examples) {
  Indices all;
  for (const Indices& shard : shards) {
    EXPECT_TRUE(std::is_sorted(shard.begin(), shard.end()));
    all.insert(all.end(), shard.begin(), shard.end());
  }
  std::sort(all.begin(), all.end());
  Indices expected(examples);
  std::iota(expected.begin(), expected.end(), 0u);
  EXPECT_TRUE(all == expected);
}

// Mean over the shards of the total variation distance between a shard's label distribution and the
// whole set's: 0 when all are alike, near 1 when each shard has one of many classes.
double Skewness(const std::vector<uint32_t>& labels, const std::vector<Indices>& shards) {
  std::map<uint32_t, double> overall;
  for (const uint32_t label : labels) overall[label] += 1.0 / static_cast<double>(labels.size());
  double sum = 0;
  for (const Indices& shard : shards) {
    std::map<uint32_t, double> own;
    for (const uint32_t i : shard) own[labels[i]] += 1.0 / static_cast<double>(shard.size());
    for (const auto& [label, share] : overall) sum += std::abs(own[label] - share) / 2;
  }
  return sum / static_cast<double>(shards.size());
}

TEST(IidShard, AllShards_ArePartitionOfNearlyEqualParts) {
  for (const uint32_t shards : {1u, 3u, 10u, 1000u}) {
    const std::vector<Indices> all = IidShards(1003, shards);
    ExpectPartition(all, 1003);
    for (uint32_t i = 0; i < shards; ++i) {
      EXPECT_EQ(all[i].size(), 1003 / shards + (i < 1003 % shards ? 1 : 0));
    }
  }
}

TEST(IidShard, AsManyShardsAsExamples_HaveOneEach) { ExpectPartition(IidShards(7, 7), 7); }

TEST(IidShard, SameKey_GivesTheGoldenShards) {
  EXPECT_THAT(IidShards(12, 3),
              ElementsAre(Indices{2, 3, 9, 10}, Indices{0, 1, 4, 11}, Indices{5, 6, 7, 8}));
}

TEST(IidShard, OtherKey_GivesOtherShards) {
  EXPECT_NE(IidShard(1000, 10, 0, {12, 34}).value(), IidShard(1000, 10, 0, {12, 35}).value());
  EXPECT_NE(IidShard(1000, 10, 0, {12, 34}).value(), IidShard(1000, 10, 0, {13, 34}).value());
}

TEST(IidShard, Labels_AreSpreadEvenly) {
  const std::vector<uint32_t> labels = Labels(60'000, 10);
  EXPECT_LT(Skewness(labels, IidShards(labels.size(), 10)), 0.03);
}

TEST(IidShard, ImpossibleRequest_IsRefused) {
  EXPECT_EQ(Sentence(IidShard(100, 10, 10, kKey)),
            "shard 10 does not exist: there are 10 shards (0 to 9)");
  EXPECT_EQ(Sentence(IidShard(100, 0, 0, kKey)), "shard 0 does not exist: there are 0 shards");
  EXPECT_EQ(Sentence(IidShard(5, 10, 0, kKey)),
            "cannot cut 5 examples into 10 shards of at least one");
  EXPECT_EQ(Sentence(IidShard(size_t{1} << 32, 10, 0, kKey)),
            "cannot cut 4294967296 examples into shards, at most 4294967295");
}

TEST(DirichletShard, AllShards_ArePartitionWithEnoughEach) {
  const std::vector<uint32_t> labels = Labels(6000, 10);
  for (const double alpha : {0.1, 0.3, 1.0, 10.0, 1e6}) {
    const std::vector<Indices> all = DirichletShards(labels, 10, alpha);
    ExpectPartition(all, labels.size());
    for (const Indices& shard : all) EXPECT_GE(shard.size(), kMinShardExamples) << alpha;
  }
}

TEST(DirichletShard, OneShard_HasEverything) {
  ExpectPartition(DirichletShards(Labels(50, 3), 1, 0.3), 50);
}

TEST(DirichletShard, FewExamples_LowerTheMinimumToHalfAShare) {
  const std::vector<Indices> all = DirichletShards(Labels(40, 2), 10, 5.0);
  ExpectPartition(all, 40);
  for (const Indices& shard : all) EXPECT_GE(shard.size(), 2u);
}

TEST(DirichletShard, LabelsMayBeAnyNumbers) {
  std::vector<uint32_t> labels(300, 7);
  std::fill(labels.begin(), labels.begin() + 100, std::numeric_limits<uint32_t>::max());
  ExpectPartition(DirichletShards(labels, 3, 1.0), 300);
}

TEST(DirichletShard, Skewness_FallsWithAlpha) {
  const std::vector<uint32_t> labels = Labels(60'000, 10);
  double previous = 1.0;
  for (const double alpha : {0.05, 0.3, 1.0, 10.0, 1000.0}) {
    const double skewness = Skewness(labels, DirichletShards(labels, 10, alpha));
    EXPECT_LT(skewness, previous) << alpha;
    previous = skewness;
  }
  EXPECT_GT(Skewness(labels, DirichletShards(labels, 10, 0.05)), 0.6);
  EXPECT_LT(Skewness(labels, DirichletShards(labels, 10, 1e6)), 0.01);
}

// A share of Dirichlet(alpha, ..., alpha) over k parts has mean 1/k and variance
// (1/k)(1 - 1/k) / (k alpha + 1); here a part of each of 2,000 classes is one draw.
TEST(DirichletShard, Shares_HaveTheMomentsOfTheDistribution) {
  constexpr uint32_t kClasses = 2000, kPerClass = 500, kParts = 4;
  const std::vector<uint32_t> labels = Labels(kClasses * kPerClass, kClasses);
  for (const double alpha : {0.3, 1.0, 4.0}) {
    std::vector<double> shares(kClasses, 0.0);
    const Indices shard = DirichletShard(labels, kParts, 1, alpha, kKey).value();
    for (const uint32_t i : shard) shares[labels[i]] += 1.0 / kPerClass;
    double mean = 0, variance = 0;
    for (const double share : shares) mean += share / kClasses;
    for (const double share : shares) variance += (share - mean) * (share - mean) / kClasses;
    const double expected = 0.25 * 0.75 / (kParts * alpha + 1);
    EXPECT_NEAR(mean, 0.25, 4 * std::sqrt(expected / kClasses)) << alpha;
    EXPECT_NEAR(variance / expected, 1.0, 0.15) << alpha;
  }
}

TEST(DirichletShard, SameKey_GivesTheGoldenShards) {
  EXPECT_THAT(
      DirichletShards(Labels(30, 3), 3, 0.5),
      ElementsAre(Indices{3, 6, 8, 12, 26, 27, 28}, Indices{0, 9, 15, 18, 24},
                  Indices{1, 2, 4, 5, 7, 10, 11, 13, 14, 16, 17, 19, 20, 21, 22, 23, 25, 29}));
}

TEST(DirichletShard, OtherKeyOrAlpha_GivesOtherShards) {
  const std::vector<uint32_t> labels = Labels(1000, 10);
  const Indices shard = DirichletShard(labels, 10, 0, 0.3, {1, 2}).value();
  EXPECT_NE(shard, DirichletShard(labels, 10, 0, 0.3, {1, 3}).value());
  EXPECT_NE(shard, DirichletShard(labels, 10, 0, 0.4, {1, 2}).value());
}

TEST(DirichletShard, TinyAlpha_StillPartitionsWhenThereAreManyClasses) {
  const std::vector<uint32_t> labels = Labels(2000, 100);
  ExpectPartition(DirichletShards(labels, 5, 1e-3), labels.size());
}

TEST(DirichletShard, NoSplitWithEnoughEach_IsRefused) {
  const std::vector<uint32_t> labels(1000, 0);  // one class goes to one shard almost entirely
  EXPECT_EQ(Sentence(DirichletShard(labels, 50, 0, 0.001, kKey)),
            "no Dirichlet(0.001) split of 1000 examples into 50 shards has at least 10 in each "
            "(1000 tried): use a "
            "larger alpha or fewer shards");
}

TEST(DirichletShard, ImpossibleRequest_IsRefused) {
  const std::vector<uint32_t> labels = Labels(100, 10);
  EXPECT_EQ(Sentence(DirichletShard(labels, 10, 12, 0.3, kKey)),
            "shard 12 does not exist: there are 10 shards (0 to 9)");
  EXPECT_EQ(Sentence(DirichletShard(labels, 101, 0, 0.3, kKey)),
            "cannot cut 100 examples into 101 shards of at least one");
  EXPECT_EQ(Sentence(DirichletShard({}, 1, 0, 0.3, kKey)),
            "cannot cut 0 examples into 1 shards of at least one");
  for (const double alpha : {0.0, -1.0, 2e6, std::numeric_limits<double>::quiet_NaN(),
                             std::numeric_limits<double>::infinity()}) {
    EXPECT_THAT(Sentence(DirichletShard(labels, 10, 0, alpha, kKey)),
                testing::MatchesRegex(
                    "Dirichlet alpha .* is out of range, expected more than 0 and at most "
                    "1e\\+06"));
  }
}

}  // namespace
}  // namespace seedfed
