#ifndef SEEDFED_COMMON_CORDIC_CORDIC_H_
#define SEEDFED_COMMON_CORDIC_CORDIC_H_

#include <cstdint>

namespace seedfed {

// CORDIC in fixed point: integers only, the same bits on every machine.
// Source: J. S. Walther, "A unified algorithm for elementary functions", AFIPS SJCC 1971.
// All functions are pure and thread-safe.

// A point of the plane. Coordinates are Q1.30: the integer 2^30 stands for 1.
struct Cartesian {
  int32_t x = 0;
  int32_t y = 0;
  friend bool operator==(const Cartesian&, const Cartesian&) = default;
};

// The same in polar form. `r` is Q2.30; `turns` is Q0.32: the angle in turns of a circle, modulo 1.
struct Polar {
  uint32_t r = 0;
  uint32_t turns = 0;
  friend bool operator==(const Polar&, const Polar&) = default;
};

// `point` turned counter-clockwise by `turns` (Q0.32). Circular rotation mode. The point's distance
// from the origin must be at most 2 - 2^-30; a coordinate of the result is off by at most
// kRotateMaxError (absolute, the unit disk's radius is 1).
Cartesian Rotate(Cartesian point, uint32_t turns);
inline constexpr double kRotateMaxError = 0.505 * 0x1p-30;

// The Cartesian form of `polar`; polar.r below 2 (2^31). Error as Rotate.
Cartesian ToCartesian(Polar polar);

// Distance and angle of `point`, any int32 pair; the origin gives {0, 0}. Circular vectoring mode.
// r is off by at most kVectorRadiusMaxError (absolute), the angle by at most kVectorAngleMaxError
// turns, however near the origin.
Polar ToPolar(Cartesian point);
inline constexpr double kVectorRadiusMaxError = 0.505 * 0x1p-30;
inline constexpr double kVectorAngleMaxError = 0.505 * 0x1p-32;

// a * b, all Q1.30, saturating. Linear rotation mode. Off by at most kMultiplyMaxError where it
// does not saturate.
int32_t Multiply(int32_t a, int32_t b);
inline constexpr double kMultiplyMaxError = 0.505 * 0x1p-30;

}  // namespace seedfed

#endif  // SEEDFED_COMMON_CORDIC_CORDIC_H_
