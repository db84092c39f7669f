#ifndef SEEDFED_COMMON_CORDIC_VECTORING_H_
#define SEEDFED_COMMON_CORDIC_VECTORING_H_

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <cstdlib>

#include "common/base/rounding.h"
#include "common/cordic/cordic.h"

namespace seedfed {

// The parts of the engine (cordic.h), for those that take its steps in their own way.

inline constexpr int kCordicSteps =
    40;  // the last step turns by 2^-40 radians: 2^-9 of a Q1.30 unit at distance 2
inline constexpr int kCordicGuardBits = 27;  // working values are Q1.57

// atan(2^-i) in turns, i = 1 to 40, in units of 2^-60 turn.
inline constexpr std::array<int64_t, kCordicSteps> kCordicStepAngle = {85076163258429574,
                                                                       44951908161305065,
                                                                       22818290470345122,
                                                                       11453424468330927,
                                                                       5732295643252264,
                                                                       2866847280169571,
                                                                       1433511120421931,
                                                                       716766496754739,
                                                                       358384615492275,
                                                                       179192478636968,
                                                                       89596260679883,
                                                                       44798133010118,
                                                                       22399066838831,
                                                                       11199533461137,
                                                                       5599766735784,
                                                                       2799883368544,
                                                                       1399941684353,
                                                                       699970842187,
                                                                       349985421095,
                                                                       174992710548,
                                                                       87496355274,
                                                                       43748177637,
                                                                       21874088818,
                                                                       10937044409,
                                                                       5468522205,
                                                                       2734261102,
                                                                       1367130551,
                                                                       683565276,
                                                                       341782638,
                                                                       170891319,
                                                                       85445659,
                                                                       42722830,
                                                                       21361415,
                                                                       10680707,
                                                                       5340354,
                                                                       2670177,
                                                                       1335088,
                                                                       667544,
                                                                       333772,
                                                                       166886};

struct CordicVector {
  int64_t x;
  int64_t y;
};

// By the product of cos(atan(2^-i)), i = 1 to 40, in Q0.62, cut in two halves of 31 bits: what the
// steps lengthen is made shorter before.
inline int64_t ScaleByInverseGain(int64_t q30) {
  constexpr int64_t kHigh = 1844227467;
  constexpr int64_t kLow = 502287803;
  return (q30 * kHigh + ((q30 * kLow) >> 31)) >> (31 - kCordicGuardBits);
}

inline CordicVector QuarterTurns(CordicVector v, uint32_t quarters) {
  switch (quarters & 3) {
    case 0:
      return v;
    case 1:
      return {-v.y, v.x};
    case 2:
      return {-v.x, -v.y};
    default:
      return {v.y, -v.x};
  }
}

// A point, ready for the steps that turn it onto the positive x axis.
struct Vectoring {
  CordicVector start;  // in the quadrant around that axis
  uint32_t quarters;   // by which it was turned for that
  int shift;           // scaled up by 2^shift, so that small vectors keep their direction
};

inline Vectoring BeginVectoring(Cartesian point) {
  const CordicVector v = {point.x, point.y};
  const uint64_t largest = std::max(std::llabs(v.x), std::llabs(v.y));
  uint32_t quarters = 0;
  if (std::llabs(v.y) > std::llabs(v.x)) {
    quarters = v.y > 0 ? 1 : 3;
  } else if (v.x < 0) {
    quarters = 2;
  }
  const CordicVector turned = QuarterTurns(v, 4 - quarters);
  const int shift = largest == 0 ? 0 : std::countl_zero(largest) - 32;
  return {{ScaleByInverseGain(turned.x << shift), ScaleByInverseGain(turned.y << shift)},
          quarters,
          shift};
}

// `x` and `angle` (units of 2^-60 turn) after the steps.
inline Polar EndVectoring(const Vectoring& vectoring, int64_t x, int64_t angle) {
  if (vectoring.start.x == 0) return {};  // the origin; all others are right of it
  return {static_cast<uint32_t>(RoundHalfEvenShift(x, kCordicGuardBits + vectoring.shift)),
          static_cast<uint32_t>(RoundHalfEvenShift(angle, 28)) + (vectoring.quarters << 30)};
}

}  // namespace seedfed

#endif  // SEEDFED_COMMON_CORDIC_VECTORING_H_
