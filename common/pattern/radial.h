#ifndef SEEDFED_COMMON_PATTERN_RADIAL_H_
#define SEEDFED_COMMON_PATTERN_RADIAL_H_

#include <cstdint>
#include <vector>

#include "common/codec/single_word.h"
#include "common/cordic/cordic.h"

namespace seedfed {

// The radial pattern: weight (i, j) of a matrix is clamp(r - r dist + theta, 0, 1). dist is the
// position's distance from the matrix's centre, with coordinates from -1 (first row or column) to 1
// (last one); the coordinate along a side of length 1 is 0. theta is the signed reading of the
// word's residue: a number in [-0.5, 0.5). All functions are pure and thread-safe.

// The longest side of a matrix.
inline constexpr uint32_t kMaxPatternSide = 1U << 20;

// The position of (row, col), Q1.30: x along the columns, y along the rows. Rounded to nearest.
// Sides 1 to kMaxPatternSide, row < rows, col < cols.
Cartesian PatternPosition(uint32_t row, uint32_t col, uint32_t rows, uint32_t cols);

// The weight from the quantised half of a word, Q1.30 in [0, 2^30], by integers only: dist by
// CORDIC vectoring, r dist by CORDIC multiplication.
int32_t RadialWeight(const Packed64Fields& fields, uint32_t row, uint32_t col, uint32_t rows,
                     uint32_t cols);

// How far RadialWeight is from the formula in real numbers with the same r and theta, and with the
// r and theta of the word's float half. The second error is mostly the rounding of r to Q0.20:
// 2^-21, and 2^-20 next to r = 1, where r would round up to the 1 that Q0.20 lacks.
inline constexpr double kRadialMaxError = 2.0 * 0x1p-30;
inline constexpr double kRadialQuantisedMaxError = 1.0 * 0x1p-20;

// dist of every position, row-major, rounded to binary32.
std::vector<float> RadialDistances(uint32_t rows, uint32_t cols);

// The weight in binary32; `dist` as RadialDistances.
inline float ContinuousRadialWeight(float r, float theta, float dist) {
  const float weight = r - r * dist + theta;
  return weight < 0 ? 0.0F : weight > 1 ? 1.0F : weight;
}

}  // namespace seedfed

#endif  // SEEDFED_COMMON_PATTERN_RADIAL_H_
