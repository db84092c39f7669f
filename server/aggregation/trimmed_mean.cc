#include "server/aggregation/trimmed_mean.h"

#include <algorithm>
#include <numeric>

#include "common/base/rounding.h"

namespace seedfed {

std::vector<int32_t> TrimmedMean::Result() const {
  // Rounded up by less than 2^-22 before it is cut, so that 0.3 of 10 is 3.
  constexpr uint64_t kSlack = 1 << 10;
  const size_t cut =
      std::min<size_t>((trim_ * updates().size() + kSlack) >> 32, (updates().size() - 1) / 2);
  const auto kept = static_cast<int64_t>(updates().size() - 2 * cut);
  std::vector<int32_t> result(coordinates());
  std::vector<int32_t> column(updates().size());
  for (size_t i = 0; i < result.size(); ++i) {
    auto at = column.begin();
    for (const auto& [client, update] : updates()) *at++ = update.coordinates[i];
    std::sort(column.begin(), column.end());
    const auto first = column.begin() + static_cast<std::ptrdiff_t>(cut);
    const int64_t sum = std::accumulate(first, first + kept, int64_t{0});
    result[i] = static_cast<int32_t>(RoundHalfEvenDivide(sum, kept));
  }
  return result;
}

}  // namespace seedfed
