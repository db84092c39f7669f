#ifndef SEEDFED_COMMON_BASE_ROUNDING_H_
#define SEEDFED_COMMON_BASE_ROUNDING_H_

#include <algorithm>
#include <cstdint>
#include <limits>

namespace seedfed {

// value / 2^shift, rounded to the nearest integer, ties to even. shift 0 to 62.
constexpr int64_t RoundHalfEvenShift(int64_t value, int shift) {
  if (shift == 0) return value;
  const int64_t floor = value >> shift;
  const int64_t rest = value - (floor << shift);
  const int64_t half = int64_t{1} << (shift - 1);
  return floor + (rest > half || (rest == half && (floor & 1) != 0) ? 1 : 0);
}

// numerator / denominator, rounded to the nearest integer, ties to even. denominator 1 to 2^62.
constexpr int64_t RoundHalfEvenDivide(int64_t numerator, int64_t denominator) {
  int64_t quotient = numerator / denominator;
  int64_t rest = numerator % denominator;
  if (rest < 0) {
    rest += denominator;
    --quotient;
  }
  const int64_t other = denominator - rest;
  return quotient + (rest > other || (rest == other && (quotient & 1) != 0) ? 1 : 0);
}

// The nearest int32.
constexpr int32_t SaturateToInt32(int64_t value) {
  return static_cast<int32_t>(std::clamp<int64_t>(value, std::numeric_limits<int32_t>::min(),
                                                  std::numeric_limits<int32_t>::max()));
}

}  // namespace seedfed

#endif  // SEEDFED_COMMON_BASE_ROUNDING_H_
