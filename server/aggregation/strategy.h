#ifndef SEEDFED_SERVER_AGGREGATION_STRATEGY_H_
#define SEEDFED_SERVER_AGGREGATION_STRATEGY_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace seedfed {

// Makes one update of many. Integer only, and the same bits for the same updates in any order of
// arrival. Not thread-safe.
//
// A coordinate has a size of at most 2^30.
class Aggregator {
 public:
  // All weights together are at most this.
  static constexpr uint64_t kMaxTotalWeight = uint64_t{1} << 32;

  virtual ~Aggregator() = default;

  // Adds the update of a client that has none in here yet, with `weight` >= 1. False, and nothing
  // changes, when the total weight would pass kMaxTotalWeight.
  [[nodiscard]] virtual bool Add(uint32_t client, std::span<const int32_t> coordinates,
                                 uint32_t weight) = 0;

  // Of the updates added so far, at least one.
  virtual std::vector<int32_t> Result() const = 0;

  // Forgets all updates.
  virtual void Clear() = 0;
};

enum class Strategy {
  kMean,         // weighted with the examples
  kMedian,       // of each coordinate, every update alike
  kTrimmedMean,  // of each coordinate without its largest and smallest values, every update alike
  kKrum,         // the one update that is nearest to the others
  kMultiKrum,    // weighted mean of those that are nearest to the others
  kNormBound,    // weighted mean of updates that are shortened to a bound
  kCosine,       // the same, of those whose directions agree most
};

// "mean", "median", "trimmed_mean", "krum", "multi_krum", "norm_bound",
// "cosine".
absl::string_view StrategyName(Strategy strategy);
// InvalidArgument, with the names that are known, for any other name.
absl::StatusOr<Strategy> ParseStrategy(absl::string_view name);

struct AggregationRules {
  Strategy strategy = Strategy::kMean;
  // Trimmed mean: the share of the updates that is cut off at each end, in [0, 0.5); the number is
  // rounded down.
  double trim = 0.2;
  // Krum, multi-Krum and cosine: how many of the updates may be an attacker's.
  uint32_t attackers = 0;
  // Norm bound and cosine: an update longer than this many times the median length is shortened to
  // it; 0.001 to 1,000.
  double norm_bound = 1;

  friend bool operator==(const AggregationRules&, const AggregationRules&) = default;
};

// InvalidArgument when a rule is out of range, or when rounds that close with `quorum` updates are
// too small for the strategy: Krum needs at least attackers + 3, cosine more than twice the
// attackers.
absl::Status ValidateAggregationRules(const AggregationRules& rules, uint32_t quorum);

// For updates of so many coordinates. The rules must be valid.
std::unique_ptr<Aggregator> MakeAggregator(const AggregationRules& rules, size_t coordinates);

}  // namespace seedfed

#endif  // SEEDFED_SERVER_AGGREGATION_STRATEGY_H_
