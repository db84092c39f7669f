#ifndef SEEDFED_COMMON_KERNELS_ROTATE_BATCH_H_
#define SEEDFED_COMMON_KERNELS_ROTATE_BATCH_H_

#include <cstdint>
#include <span>

namespace seedfed {

// Turns every point (x, y), Q1.30, counter-clockwise by its angle, Q0.32 turns: to the last bit
// what Rotate (common/cordic/cordic.h) makes of it, on every processor. Spans of one length. Pure,
// thread-safe.
void RotateBatch(std::span<const uint32_t> turns, std::span<int32_t> x, std::span<int32_t> y);

}  // namespace seedfed

#endif  // SEEDFED_COMMON_KERNELS_ROTATE_BATCH_H_
