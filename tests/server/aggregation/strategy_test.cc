#include "server/aggregation/strategy.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "common/base/philox.h"
#include "common/base/rounding.h"
#include "server/aggregation/collected_updates.h"

namespace seedfed {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

struct Update {
  uint32_t client;
  std::vector<int32_t> coordinates;
  uint32_t weight;
};

constexpr Strategy kAll[] = {Strategy::kMean,  Strategy::kMedian,    Strategy::kTrimmedMean,
                             Strategy::kKrum,  Strategy::kMultiKrum, Strategy::kNormBound,
                             Strategy::kCosine};

std::vector<Update> RandomUpdates(uint32_t seed, uint32_t count, size_t coordinates) {
  PhiloxStream stream({seed, 0}, 0, 0, 0);
  std::vector<Update> updates;
  for (uint32_t client = 0; client < count; ++client) {
    Update update = {client * 3, {}, 1 + stream.Below(5000)};
    for (size_t i = 0; i < coordinates; ++i) {
      update.coordinates.push_back(static_cast<int32_t>(stream.Below((1U << 31) + 1)) - (1 << 30));
    }
    updates.push_back(std::move(update));
  }
  return updates;
}

std::vector<int32_t> Aggregate(const AggregationRules& rules, const std::vector<Update>& updates) {
  const auto aggregator = MakeAggregator(rules, updates[0].coordinates.size());
  for (const Update& update : updates) {
    EXPECT_TRUE(aggregator->Add(update.client, update.coordinates, update.weight));
  }
  return aggregator->Result();
}

// One coordinate, weights 1, clients 0, 1, 2 ...
std::vector<Update> Values(const std::vector<int32_t>& values) {
  std::vector<Update> updates;
  for (const int32_t value : values) {
    updates.push_back({static_cast<uint32_t>(updates.size()), {value}, 1});
  }
  return updates;
}

class EachStrategy : public testing::TestWithParam<Strategy> {
 protected:
  AggregationRules rules_ = {
      .strategy = GetParam(), .trim = 0.3, .attackers = 3, .norm_bound = 1.5};
};

INSTANTIATE_TEST_SUITE_P(Strategies, EachStrategy, testing::ValuesIn(kAll),
                         [](const auto& strategy) {
                           return std::string(StrategyName(strategy.param));
                         });

TEST_P(EachStrategy, AnyOrderOfArrival_SameBits) {
  for (uint32_t seed = 0; seed < 20; ++seed) {
    const std::vector<Update> updates = RandomUpdates(seed, 10, 40);
    const std::vector<int32_t> expected = Aggregate(rules_, updates);
    PhiloxStream stream({seed, 1}, 0, 0, 0);
    for (int order = 0; order < 10; ++order) {
      std::vector<Update> permuted;
      for (const uint32_t i : Permutation(10, stream)) permuted.push_back(updates[i]);
      ASSERT_EQ(Aggregate(rules_, permuted), expected) << "seed " << seed;
    }
  }
}

TEST_P(EachStrategy, OneUpdate_ItIsTheResult) {
  const std::vector<Update> updates = RandomUpdates(1, 1, 20);
  EXPECT_EQ(Aggregate(rules_, updates), updates[0].coordinates);
}

TEST_P(EachStrategy, EqualUpdates_AreTheResult) {
  std::vector<Update> updates;
  for (uint32_t client = 0; client < 9; ++client) updates.push_back({client, {5, -7, 1 << 30}, 3});
  EXPECT_THAT(Aggregate(rules_, updates), ElementsAre(5, -7, 1 << 30));
}

TEST_P(EachStrategy, Clear_ForgetsEverything) {
  const auto aggregator = MakeAggregator(rules_, 2);
  ASSERT_TRUE(aggregator->Add(1, std::vector<int32_t>{100, 200}, 1));
  aggregator->Clear();
  ASSERT_TRUE(aggregator->Add(1, std::vector<int32_t>{-3, 4}, 7));
  EXPECT_THAT(aggregator->Result(), ElementsAre(-3, 4));
}

TEST_P(EachStrategy, TotalWeightAboveTheLimit_RefusedAndNothingChanges) {
  const auto aggregator = MakeAggregator(rules_, 1);
  ASSERT_TRUE(aggregator->Add(0, std::vector<int32_t>{5}, UINT32_MAX));
  EXPECT_FALSE(aggregator->Add(1, std::vector<int32_t>{1000}, 2));
  EXPECT_THAT(aggregator->Result(), ElementsAre(5));
}

// The far ends of the range of a coordinate, in updates as long as a big model's.
TEST_P(EachStrategy, LargestCoordinates_DoNotOverflow) {
  std::vector<Update> updates;
  for (uint32_t client = 0; client < 10; ++client) {
    updates.push_back(
        {client, std::vector<int32_t>(1 << 16, client < 7 ? 1 << 30 : -(1 << 30)), 1U << 28});
  }
  const std::vector<int32_t> result = Aggregate(rules_, updates);
  const int32_t mean = (7 - 3) * ((1 << 30) / 10);
  if (GetParam() == Strategy::kMean || GetParam() == Strategy::kNormBound) {
    EXPECT_NEAR(result[0], mean, 2);
  } else {
    EXPECT_GT(result[0], mean);
  }
}

TEST(Strategy, Median_TheMiddleOrTheMeanOfTheTwo) {
  const AggregationRules rules = {.strategy = Strategy::kMedian};
  EXPECT_THAT(Aggregate(rules, Values({900, -5, 7})), ElementsAre(7));
  EXPECT_THAT(Aggregate(rules, Values({10, 1, 4, 1000})), ElementsAre(7));
  EXPECT_THAT(Aggregate(rules, Values({1, 2})), ElementsAre(2)) << "1.5: half to even";
  EXPECT_THAT(Aggregate(rules, Values({2, 3})), ElementsAre(2)) << "2.5: half to even";
  EXPECT_THAT(Aggregate(rules, Values({-(1 << 30), 1 << 30})), ElementsAre(0));
}

TEST(Strategy, TrimmedMean_TheSharesAtBothEndsDoNotCount) {
  AggregationRules rules = {.strategy = Strategy::kTrimmedMean, .trim = 0.3};
  EXPECT_THAT(Aggregate(rules, Values({9, 8, 7, 1000, 1001, 1002, -1, -2, -3, 12})),
              ElementsAre((7 + 8 + 9 + 12) / 4));
  rules.trim = 0.29;
  EXPECT_THAT(Aggregate(rules, Values({6, 8, 7, 60, 1001, 1002, -6, -2, -3, 0})),
              ElementsAre(RoundHalfEvenDivide(6 + 8 + 7 + 60 - 2 + 0, 6)));
  rules.trim = 0.49;
  EXPECT_THAT(Aggregate(rules, Values({1, 2, 300})), ElementsAre(2));
  rules.trim = 0;
  EXPECT_THAT(Aggregate(rules, Values({1, 2, 300})), ElementsAre(101));
}

// The definition, plainly, in floating point.
uint32_t PlainKrum(const std::vector<Update>& updates, size_t attackers) {
  double best = INFINITY;
  uint32_t winner = 0;
  for (const Update& a : updates) {
    std::vector<double> distances;
    for (const Update& b : updates) {
      if (&a == &b) continue;
      double sum = 0;
      for (size_t i = 0; i < a.coordinates.size(); ++i) {
        const double difference = static_cast<double>(a.coordinates[i]) - b.coordinates[i];
        sum += difference * difference;
      }
      distances.push_back(sum);
    }
    std::sort(distances.begin(), distances.end());
    double score = 0;
    for (size_t k = 0; k < updates.size() - attackers - 2; ++k) score += distances[k];
    if (score < best) {
      best = score;
      winner = a.client;
    }
  }
  return winner;
}

TEST(Strategy, Krum_TheUpdateOfTheDefinition) {
  for (uint32_t seed = 0; seed < 50; ++seed) {
    const std::vector<Update> updates = RandomUpdates(seed, 9, 30);
    const std::vector<int32_t> result =
        Aggregate({.strategy = Strategy::kKrum, .attackers = 2}, updates);
    const uint32_t winner = PlainKrum(updates, 2);
    const auto found = std::find_if(updates.begin(), updates.end(), [&](const Update& update) {
      return update.coordinates == result;
    });
    ASSERT_NE(found, updates.end()) << "seed " << seed;
    EXPECT_EQ(found->client, winner) << "seed " << seed;
  }
}

TEST(Strategy, MultiKrum_TheFarOnesDoNotCount) {
  std::vector<Update> updates = Values({10, 12, 11, 9, 13, 1000000, -900000});
  for (Update& update : updates) update.weight = 7;
  updates[0].weight = 3;
  EXPECT_THAT(Aggregate({.strategy = Strategy::kMultiKrum, .attackers = 2}, updates),
              ElementsAre(RoundHalfEvenDivide(3 * 10 + 7 * (12 + 11 + 9 + 13), 3 + 4 * 7)));
}

TEST(Strategy, NormBound_LongOnesAreShortenedToTheMedianLength) {
  std::vector<Update> updates = Values({0, 0, 0});
  updates[0].coordinates = {3000, 4000};
  updates[1].coordinates = {0, 5000};
  updates[2].coordinates = {300000, -400000};
  const std::vector<int32_t> result =
      Aggregate({.strategy = Strategy::kNormBound, .norm_bound = 1}, updates);
  EXPECT_NEAR(result[0], (3000 + 0 + 3000) / 3, 2);
  EXPECT_NEAR(result[1], (4000 + 5000 - 4000) / 3, 2);
}

// A strategy that resists attackers must not let them buy influence with a number they choose.
TEST(Strategy, ClaimOfManyExamples_CountsForNoMoreThanTheMedian) {
  std::vector<Update> modest = RandomUpdates(3, 10, 40);
  for (Update& update : modest) update.weight = 2000;
  std::vector<Update> greedy = modest;
  for (size_t i = 0; i < 4; ++i) greedy[i].weight = 1U << 20;
  for (const Strategy strategy : kAll) {
    const AggregationRules rules = {.strategy = strategy, .trim = 0.3, .attackers = 3};
    if (strategy == Strategy::kMean) {
      EXPECT_NE(Aggregate(rules, greedy), Aggregate(rules, modest));
    } else {
      EXPECT_EQ(Aggregate(rules, greedy), Aggregate(rules, modest)) << StrategyName(strategy);
    }
  }
}

TEST(Strategy, NormBound_OfAnEvenNumberTheLowerMedianWeight) {
  std::vector<Update> updates = Values({100, -100, 100, -100});
  for (uint32_t i = 0; i < 4; ++i) updates[i].weight = 2 + i;
  EXPECT_THAT(Aggregate({.strategy = Strategy::kNormBound}, updates),
              ElementsAre(RoundHalfEvenDivide(200 - 300 + 300 - 300, 11)));
}

// Two of three attackers can make each other's cosine 1; a third match would have to be honest.
TEST(Strategy, Cosine_WhoSendTheSameOrNothingDoNotCount) {
  std::vector<Update> updates;
  for (int32_t i = 0; i < 7; ++i) {
    updates.push_back({static_cast<uint32_t>(i), {1000, 1000, i * 300 - 900, 900 - i * 300}, 1});
  }
  const AggregationRules rules = {
      .strategy = Strategy::kCosine, .attackers = 3, .norm_bound = 1000};
  const std::vector<int32_t> honest = {1000, 1000, 0, 0};
  for (const std::vector<int32_t>& sent :
       {std::vector<int32_t>{-1000, -1000, 0, 0}, {0, 0, 0, 0}, {-50000, 3, -7, 9}}) {
    std::vector<Update> all = updates;
    for (uint32_t client = 7; client < 10; ++client) all.push_back({client, sent, 1});
    EXPECT_EQ(Aggregate(rules, all), honest);
  }
}

// The definition, plainly, in floating point.
TEST(Strategy, Cosine_TheUpdatesOfTheDefinition) {
  constexpr size_t kAttackers = 2;
  for (uint32_t seed = 0; seed < 50; ++seed) {
    std::vector<Update> updates = RandomUpdates(seed, 9, 30);
    std::vector<std::pair<double, const Update*>> scores;
    for (Update& update : updates) update.weight = 1;
    const auto dot = [](const Update& a, const Update& b) {
      double sum = 0;
      for (size_t i = 0; i < a.coordinates.size(); ++i) {
        sum += static_cast<double>(a.coordinates[i]) * b.coordinates[i];
      }
      return sum;
    };
    for (const Update& a : updates) {
      std::vector<double> cosines;
      for (const Update& b : updates) {
        if (&a != &b) cosines.push_back(dot(a, b) / std::sqrt(dot(a, a) * dot(b, b)));
      }
      std::sort(cosines.rbegin(), cosines.rend());
      scores.emplace_back(-cosines[updates.size() - kAttackers - 2], &a);
    }
    std::sort(scores.begin(), scores.end());
    std::vector<Update> best;
    for (size_t i = 0; i < updates.size() - kAttackers; ++i) best.push_back(*scores[i].second);
    EXPECT_EQ(
        Aggregate({.strategy = Strategy::kCosine, .attackers = 2, .norm_bound = 1000}, updates),
        Aggregate({}, best))
        << "seed " << seed;
  }
}

TEST(Strategy, SquaredDistance_SameBothWaysAndToTheBit) {
  const std::vector<int32_t> a = {1 << 30, -5, 7, 3};
  const std::vector<int32_t> b = {-(1 << 30), 6, 7, 0};
  // Four numbers: three bits, so differences lose two bits. 2^31, 11, 0 and 3 become 2^29, 2, 0, 0.
  EXPECT_EQ(SquaredDistance(a, b), (uint64_t{1} << 58) + 4);
  EXPECT_EQ(SquaredDistance(b, a), (uint64_t{1} << 58) + 4);
}

TEST(Strategy, Names_GoBothWays) {
  for (const Strategy strategy : kAll) {
    EXPECT_EQ(*ParseStrategy(StrategyName(strategy)), strategy);
  }
  EXPECT_EQ(ParseStrategy("medain").status().message(),
            "aggregation strategy 'medain' is not known; expected one of mean, median, "
            "trimmed_mean, krum, multi_krum, norm_bound, cosine");
}

TEST(Strategy, Rules_OutOfRangeAreRefusedWithTheReason) {
  const auto message = [](const AggregationRules& rules, uint32_t quorum) {
    return std::string(ValidateAggregationRules(rules, quorum).message());
  };
  EXPECT_EQ(message({}, 1), "");
  EXPECT_EQ(message({.strategy = Strategy::kKrum, .attackers = 3}, 6), "");
  EXPECT_EQ(message({.strategy = Strategy::kKrum, .attackers = 3}, 5),
            "krum against 3 attackers needs a quorum of 6 updates or more, not 5");
  EXPECT_EQ(message({.strategy = Strategy::kCosine, .attackers = 3}, 7), "");
  EXPECT_EQ(message({.strategy = Strategy::kCosine, .attackers = 3}, 6),
            "cosine against 3 attackers needs a quorum of 7 updates or more, not 6");
  EXPECT_THAT(message({.trim = 0.5}, 1), HasSubstr("trim is 0.5; expected 0 or more, below 0.5"));
  EXPECT_THAT(message({.trim = NAN}, 1), HasSubstr("trim is nan"));
  EXPECT_THAT(message({.norm_bound = 0}, 1), HasSubstr("norm bound is 0; expected 0.001 to 1000"));
}

}  // namespace
}  // namespace seedfed
