#include "server/aggregation/weighted_mean.h"

#include <algorithm>

#include "common/base/rounding.h"
#include "common/kernels/weighted_sum.h"

namespace seedfed {

bool WeightedMean::Add(uint32_t, std::span<const int32_t> coordinates, uint32_t weight) {
  if (total_weight_ + weight > kMaxTotalWeight) return false;
  total_weight_ += weight;
  AddWeighted(coordinates, weight, sums_);
  return true;
}

std::vector<int32_t> WeightedMean::Result() const {
  std::vector<int32_t> mean(sums_.size());
  for (size_t i = 0; i < sums_.size(); ++i) {
    mean[i] =
        static_cast<int32_t>(RoundHalfEvenDivide(sums_[i], static_cast<int64_t>(total_weight_)));
  }
  return mean;
}

void WeightedMean::Clear() {
  std::fill(sums_.begin(), sums_.end(), 0);
  total_weight_ = 0;
}

}  // namespace seedfed
