#ifndef SEEDFED_COMMON_KERNELS_POLAR_BATCH_H_
#define SEEDFED_COMMON_KERNELS_POLAR_BATCH_H_

#include <span>

#include "common/cordic/cordic.h"

namespace seedfed {

// The polar form of every point: to the last bit what ToPolar (common/cordic/cordic.h) makes of it,
// on every processor, because it takes the same steps. Spans of one length. Pure, thread-safe.
void PolarBatch(std::span<const Cartesian> points, std::span<Polar> polar);

}  // namespace seedfed

#endif  // SEEDFED_COMMON_KERNELS_POLAR_BATCH_H_
