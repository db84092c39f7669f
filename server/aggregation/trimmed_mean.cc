#include "server/aggregation/trimmed_mean.h"

#include <algorithm>
#include <numeric>

#include "common/base/rounding.h"

namespace seedfed {

std::vector<int32_t> TrimmedMean::Result() const {
  // Rounded up by less than 2^-22 before it is cut, so that 0.3 of 10 is 3.
  constexpr uint64_t kSlack = 1 << 10;
  const size_t count = updates().size();
  const size_t cut = std::min<size_t>((trim_ * count + kSlack) >> 32, (count - 1) / 2);
  const auto low = static_cast<std::ptrdiff_t>(cut);
  const auto kept = static_cast<std::ptrdiff_t>(count - 2 * cut);
  return EachCoordinate([&](std::span<int32_t> values) {
    const auto first = values.begin() + low;
    const auto last = first + kept;
    if (low > 0) {
      std::nth_element(values.begin(), first, values.end());
      std::nth_element(first, last, values.end());
    }
    const int64_t sum = std::accumulate(first, last, int64_t{0});
    return static_cast<int32_t>(RoundHalfEvenDivide(sum, kept));
  });
}

}  // namespace seedfed
