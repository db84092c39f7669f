#include "server/aggregation/coordinate_median.h"

#include <algorithm>

#include "common/base/rounding.h"

namespace seedfed {

std::vector<int32_t> CoordinateMedian::Result() const {
  return EachCoordinate([](std::span<int32_t> values) {
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::nth_element(values.begin(), middle, values.end());
    int64_t median = *middle;
    if (values.size() % 2 == 0) {
      median = RoundHalfEvenShift(median + *std::max_element(values.begin(), middle), 1);
    }
    return static_cast<int32_t>(median);
  });
}

}  // namespace seedfed
