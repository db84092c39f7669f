#include "server/aggregation/strategy.h"

#include <array>
#include <cmath>
#include <utility>

#include "absl/strings/str_cat.h"
#include "server/aggregation/coordinate_median.h"
#include "server/aggregation/cosine.h"
#include "server/aggregation/krum.h"
#include "server/aggregation/norm_bound.h"
#include "server/aggregation/trimmed_mean.h"
#include "server/aggregation/weighted_mean.h"

namespace seedfed {
namespace {

constexpr std::array<std::pair<Strategy, const char*>, 7> kNames = {
    {{Strategy::kMean, "mean"},
     {Strategy::kMedian, "median"},
     {Strategy::kTrimmedMean, "trimmed_mean"},
     {Strategy::kKrum, "krum"},
     {Strategy::kMultiKrum, "multi_krum"},
     {Strategy::kNormBound, "norm_bound"},
     {Strategy::kCosine, "cosine"}}};

// In units of 2^-32.
uint64_t ToFixed(double value) { return static_cast<uint64_t>(std::ldexp(value, 32)); }

}  // namespace

absl::string_view StrategyName(Strategy strategy) {
  return kNames[static_cast<size_t>(strategy)].second;
}

absl::StatusOr<Strategy> ParseStrategy(absl::string_view name) {
  std::string known;
  for (const auto& [strategy, text] : kNames) {
    if (name == text) return strategy;
    absl::StrAppend(&known, known.empty() ? "" : ", ", text);
  }
  return absl::InvalidArgumentError(
      absl::StrCat("aggregation strategy '", name, "' is not known; expected one of ", known));
}

absl::Status ValidateAggregationRules(const AggregationRules& rules, uint32_t quorum) {
  if (!(rules.trim >= 0 && rules.trim < 0.5)) {
    return absl::InvalidArgumentError(
        absl::StrCat("trim is ", rules.trim, "; expected 0 or more, below 0.5"));
  }
  if (!(rules.norm_bound >= 0.001 && rules.norm_bound <= 1000)) {
    return absl::InvalidArgumentError(
        absl::StrCat("norm bound is ", rules.norm_bound, "; expected 0.001 to 1000"));
  }
  uint64_t needed = 1;
  if (rules.strategy == Strategy::kKrum || rules.strategy == Strategy::kMultiKrum) {
    needed = uint64_t{rules.attackers} + 3;
  } else if (rules.strategy == Strategy::kCosine) {
    needed = 2 * uint64_t{rules.attackers} + 1;
  }
  if (needed > quorum) {
    return absl::InvalidArgumentError(absl::StrCat(StrategyName(rules.strategy), " against ",
                                                   rules.attackers, " attackers needs a quorum of ",
                                                   needed, " updates or more, not ", quorum));
  }
  return absl::OkStatus();
}

std::unique_ptr<Aggregator> MakeAggregator(const AggregationRules& rules, size_t coordinates) {
  switch (rules.strategy) {
    case Strategy::kMean:
      break;
    case Strategy::kMedian:
      return std::make_unique<CoordinateMedian>();
    case Strategy::kTrimmedMean:
      return std::make_unique<TrimmedMean>(ToFixed(rules.trim));
    case Strategy::kKrum:
      return std::make_unique<Krum>(rules.attackers, Krum::Selection::kOne);
    case Strategy::kMultiKrum:
      return std::make_unique<Krum>(rules.attackers, Krum::Selection::kAllButAttackers);
    case Strategy::kNormBound:
      return std::make_unique<NormBound>(ToFixed(rules.norm_bound));
    case Strategy::kCosine:
      return std::make_unique<Cosine>(rules.attackers, ToFixed(rules.norm_bound));
  }
  return std::make_unique<WeightedMean>(coordinates);
}

}  // namespace seedfed
