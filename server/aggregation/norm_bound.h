#ifndef SEEDFED_SERVER_AGGREGATION_NORM_BOUND_H_
#define SEEDFED_SERVER_AGGREGATION_NORM_BOUND_H_

#include <cstdint>
#include <vector>

#include "server/aggregation/collected_updates.h"

namespace seedfed {

// Weighted mean of updates none of which is longer than a multiple of the round's median length, or
// weighs more than the round's median weight: what is more is shortened, and counted less. After
// Sun et al., "Can You Really Backdoor Federated Learning?" (2019), whose bound is a fixed length.
class NormBound final : public CollectedUpdates {
 public:
  // `bound` in units of 2^-32 of the median length.
  explicit NormBound(uint64_t bound) : bound_(bound) {}

  std::vector<int32_t> Result() const override;

 private:
  const uint64_t bound_;
};

}  // namespace seedfed

#endif  // SEEDFED_SERVER_AGGREGATION_NORM_BOUND_H_
