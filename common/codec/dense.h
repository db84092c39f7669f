#ifndef SEEDFED_COMMON_CODEC_DENSE_H_
#define SEEDFED_COMMON_CODEC_DENSE_H_

#include <cstdint>

#include "absl/status/statusor.h"

namespace seedfed {

// The format `dense`: a change of one weight as IEEE-754 binary32. Inside, a weight is an int32 in
// units of layer gain * 2^-24. Pure and thread-safe.
inline constexpr int32_t kDenseLimit = 1 << 30;  // the largest change, in units

// The change in units, rounded to nearest, ties to even. `unit` is layer gain * 2^-24, positive.
// InvalidArgument when `value` is not finite or beyond kDenseLimit units.
absl::StatusOr<int32_t> DenseToUnits(float value, double unit);

// The nearest binary32 that DenseToUnits takes; `units` of size at most kDenseLimit.
float UnitsToDense(int32_t units, double unit);

}  // namespace seedfed

#endif  // SEEDFED_COMMON_CODEC_DENSE_H_
