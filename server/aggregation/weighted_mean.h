#ifndef SEEDFED_SERVER_AGGREGATION_WEIGHTED_MEAN_H_
#define SEEDFED_SERVER_AGGREGATION_WEIGHTED_MEAN_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "server/aggregation/strategy.h"

namespace seedfed {

// sum / total weight of each coordinate, rounded half to even. Keeps sums, not updates.
//
// No overflow: a coordinate has a size of at most 2^30 and all weights together are at most 2^32,
// so a sum stays within 2^62.
class WeightedMean final : public Aggregator {
 public:
  explicit WeightedMean(size_t coordinates) : sums_(coordinates) {}

  [[nodiscard]] bool Add(uint32_t client, std::span<const int32_t> coordinates,
                         uint32_t weight) override;
  std::vector<int32_t> Result() const override;
  void Clear() override;

  uint64_t total_weight() const { return total_weight_; }

 private:
  std::vector<int64_t> sums_;
  uint64_t total_weight_ = 0;
};

}  // namespace seedfed

#endif  // SEEDFED_SERVER_AGGREGATION_WEIGHTED_MEAN_H_
