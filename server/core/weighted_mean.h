#ifndef SEEDFED_SERVER_CORE_WEIGHTED_MEAN_H_
#define SEEDFED_SERVER_CORE_WEIGHTED_MEAN_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace seedfed {

// The weighted mean of updates, integer only: the same bits in any order of arrival. Not
// thread-safe.
//
// No overflow: a coordinate has a size of at most 2^30 and all weights together are at most
// kMaxTotalWeight = 2^32, so a sum stays within 2^62.
class WeightedMean {
 public:
  static constexpr uint64_t kMaxTotalWeight = uint64_t{1} << 32;

  explicit WeightedMean(size_t coordinates) : sums_(coordinates) {}

  // Adds an update with `weight` >= 1. False, and nothing changes, when the total weight would pass
  // kMaxTotalWeight.
  [[nodiscard]] bool Add(std::span<const int32_t> coordinates, uint32_t weight);

  uint64_t total_weight() const { return total_weight_; }

  // sum / total weight of each coordinate, rounded half to even. total_weight() must not be 0.
  std::vector<int32_t> Mean() const;

  void Clear();

 private:
  std::vector<int64_t> sums_;
  uint64_t total_weight_ = 0;
};

}  // namespace seedfed

#endif  // SEEDFED_SERVER_CORE_WEIGHTED_MEAN_H_
