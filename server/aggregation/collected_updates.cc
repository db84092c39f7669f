#include "server/aggregation/collected_updates.h"

#include <algorithm>
#include <bit>
#include <utility>

#include "common/base/check.h"

namespace seedfed {

bool CollectedUpdates::Add(uint32_t client, std::span<const int32_t> coordinates, uint32_t weight) {
  if (total_weight_ + weight > kMaxTotalWeight) return false;
  const bool is_new =
      updates_.emplace(client, Update{{coordinates.begin(), coordinates.end()}, weight}).second;
  SEEDFED_CHECK(is_new);
  total_weight_ += weight;
  return true;
}

void CollectedUpdates::Clear() {
  updates_.clear();
  total_weight_ = 0;
}

uint64_t SquaredDistance(std::span<const int32_t> a, std::span<const int32_t> b) {
  // A difference has at most 31 bits besides its sign; 2^count_bits squares are added.
  constexpr int kDifferenceBits = 31;
  constexpr int kSumBits = 62;
  const int count_bits = std::bit_width(a.size());
  const int shift = std::max((2 * kDifferenceBits + count_bits - kSumBits + 1) / 2, 0);
  uint64_t sum = 0;
  for (size_t i = 0; i < a.size(); ++i) {
    const int64_t difference = (int64_t{a[i]} - (b.empty() ? 0 : b[i])) >> shift;
    sum += static_cast<uint64_t>(difference * difference);
  }
  return sum;
}

}  // namespace seedfed
