#ifndef SEEDFED_SERVER_AGGREGATION_TRIMMED_MEAN_H_
#define SEEDFED_SERVER_AGGREGATION_TRIMMED_MEAN_H_

#include <cstdint>
#include <vector>

#include "server/aggregation/collected_updates.h"

namespace seedfed {

// The mean of each coordinate without its floor(trim * n) largest and as many smallest values,
// rounded half to even. Weights do not count. Yin et al., "Byzantine-Robust Distributed Learning"
// (2018), algorithm 1.
class TrimmedMean final : public CollectedUpdates {
 public:
  // `trim` in units of 2^-32, below 2^31.
  explicit TrimmedMean(uint64_t trim) : trim_(trim) {}

  std::vector<int32_t> Result() const override;

 private:
  const uint64_t trim_;
};

}  // namespace seedfed

#endif  // SEEDFED_SERVER_AGGREGATION_TRIMMED_MEAN_H_
