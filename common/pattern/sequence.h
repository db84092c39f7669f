#ifndef SEEDFED_COMMON_PATTERN_SEQUENCE_H_
#define SEEDFED_COMMON_PATTERN_SEQUENCE_H_

#include <cstdint>
#include <span>

#include "absl/status/statusor.h"
#include "common/codec/single_word.h"

namespace seedfed {

// The sequence pattern of Packed64: a matrix of weights in [0, 1] from 8 bytes.
//
// Weight (i, j) is (1 + X) / 2. X is the first coordinate of the vector r (cos a, sin a), where a
// is theta turns plus the direction of the position (radial.h) seen from the centre, after 20
// CORDIC micro-rotations. The k-th, k = 0 to 19, turns by atan(2^-k): counter-clockwise where bit k
// of the code is 1, clockwise where it is 0. Vectors keep their length. The direction of the centre
// itself is 0.
//
// The micro-rotations add up to one angle, the same at every position: the code shifts theta, and
// the weight depends on the direction only. A step of the code is no small step of that angle, so
// codes are searched, not trained. All functions are pure and thread-safe.

// The weight by integers only, Q1.30 in [0, 2^30]. Sides as for the radial pattern.
int32_t SequenceWeight(const Packed64Fields& fields, uint32_t row, uint32_t col, uint32_t rows,
                       uint32_t cols);

// How far SequenceWeight is from the formula in real numbers with the same fields.
inline constexpr double kSequenceMaxError = 1.6 * 0x1p-30;

// What a code's micro-rotations add up to, turns; within +-0.2775.
double SequenceTurns(uint32_t code);

struct SequenceFit {
  Packed64Fields fields;
  double rmse = 0;  // of the integer weights
};

// The best word for a target, row-major: all 2^20 codes at theta = 0, 1/4, 1/2 and 3/4 turns, which
// together reach every direction; r follows from each in closed form, because the weight is linear
// in r. InvalidArgument when a side is not 1 to kMaxPatternSide, the target has another size, or a
// number in it is not finite.
absl::StatusOr<SequenceFit> FitSequence(std::span<const float> target, uint32_t rows,
                                        uint32_t cols);

}  // namespace seedfed

#endif  // SEEDFED_COMMON_PATTERN_SEQUENCE_H_
