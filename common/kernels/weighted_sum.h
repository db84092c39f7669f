#ifndef SEEDFED_COMMON_KERNELS_WEIGHTED_SUM_H_
#define SEEDFED_COMMON_KERNELS_WEIGHTED_SUM_H_

#include <cstdint>
#include <span>

namespace seedfed {

// sums[i] += values[i] * weight, integer: the same bits on every processor. No sum may overflow.
// Pure, thread-safe.
void AddWeighted(std::span<const int32_t> values, uint32_t weight, std::span<int64_t> sums);

}  // namespace seedfed

#endif  // SEEDFED_COMMON_KERNELS_WEIGHTED_SUM_H_
