#ifndef SEEDFED_SERVER_AGGREGATION_COORDINATE_MEDIAN_H_
#define SEEDFED_SERVER_AGGREGATION_COORDINATE_MEDIAN_H_

#include <cstdint>
#include <vector>

#include "server/aggregation/collected_updates.h"

namespace seedfed {

// The median of each coordinate; of an even number of updates, the mean of the two in the middle,
// rounded half to even. Weights do not count: who claims many examples has no more say. Yin et al.,
// "Byzantine-Robust Distributed Learning" (2018), algorithm 1.
class CoordinateMedian final : public CollectedUpdates {
 public:
  std::vector<int32_t> Result() const override;
};

}  // namespace seedfed

#endif  // SEEDFED_SERVER_AGGREGATION_COORDINATE_MEDIAN_H_
