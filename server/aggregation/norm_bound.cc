#include "server/aggregation/norm_bound.h"

#include <algorithm>
#include <map>

#include "common/base/check.h"
#include "common/base/rounding.h"
#include "server/aggregation/weighted_mean.h"

namespace seedfed {
namespace {

// floor(sqrt(value)), value below 2^62.
uint64_t SquareRoot(uint64_t value) {
  uint64_t root = 0;
  for (uint64_t bit = uint64_t{1} << 30; bit != 0; bit >>= 1) {
    if ((root + bit) * (root + bit) <= value) root += bit;
  }
  return root;
}

}  // namespace

std::vector<int32_t> NormBound::Result() const {
  std::map<uint32_t, uint64_t> lengths;  // below 2^31
  std::vector<uint64_t> sorted;
  for (const auto& [client, update] : updates()) {
    lengths[client] = SquareRoot(SquaredDistance(update.coordinates, {}));
    sorted.push_back(lengths[client]);
  }
  std::sort(sorted.begin(), sorted.end());
  const uint64_t median = sorted[(sorted.size() - 1) / 2];
  // median * bound / 2^32 in two halves: the product itself has up to 73 bits.
  const uint64_t bound = median * (bound_ >> 32) + ((median * (bound_ & 0xffffffff)) >> 32);

  const uint32_t most = MedianWeight();
  WeightedMean mean(coordinates());
  std::vector<int32_t> shortened(coordinates());
  for (const auto& [client, update] : updates()) {
    const uint64_t length = lengths.at(client);
    const uint32_t weight = std::min(update.weight, most);
    if (length <= bound) {
      SEEDFED_CHECK(mean.Add(client, update.coordinates, weight));
      continue;
    }
    for (size_t i = 0; i < shortened.size(); ++i) {
      // bound < length < 2^31: the product stays within 2^61.
      shortened[i] = static_cast<int32_t>(
          RoundHalfEvenDivide(int64_t{update.coordinates[i]} * static_cast<int64_t>(bound),
                              static_cast<int64_t>(length)));
    }
    SEEDFED_CHECK(mean.Add(client, shortened, weight));
  }
  return mean.Result();
}

}  // namespace seedfed
