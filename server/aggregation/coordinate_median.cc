#include "server/aggregation/coordinate_median.h"

#include <algorithm>

#include "common/base/rounding.h"

namespace seedfed {

std::vector<int32_t> CoordinateMedian::Result() const {
  std::vector<int32_t> result(coordinates());
  std::vector<int32_t> column(updates().size());
  const auto middle = column.begin() + static_cast<std::ptrdiff_t>(column.size() / 2);
  for (size_t i = 0; i < result.size(); ++i) {
    auto at = column.begin();
    for (const auto& [client, update] : updates()) *at++ = update.coordinates[i];
    std::nth_element(column.begin(), middle, column.end());
    int64_t median = *middle;
    if (column.size() % 2 == 0) {
      median = RoundHalfEvenShift(median + *std::max_element(column.begin(), middle), 1);
    }
    result[i] = static_cast<int32_t>(median);
  }
  return result;
}

}  // namespace seedfed
