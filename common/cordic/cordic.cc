#include "common/cordic/cordic.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstdlib>

#include "common/base/rounding.h"

namespace seedfed {
namespace {

constexpr int kSteps =
    40;  // the last step turns by 2^-40 radians: 2^-9 of a Q1.30 unit at distance 2
constexpr int kGuardBits = 27;  // working values are Q1.57

// atan(2^-i) in turns, i = 1 to 40, in units of 2^-60 turn.
constexpr std::array<int64_t, kSteps> kStepAngle = {85076163258429574,
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

// The product of cos(atan(2^-i)), i = 1 to 40, in Q0.62, cut in two halves of 31 bits.
constexpr int64_t kInverseGainHigh = 1844227467;
constexpr int64_t kInverseGainLow = 502287803;

struct Vector {
  int64_t x;
  int64_t y;
};

int64_t ScaleByInverseGain(int64_t q30) {
  return (q30 * kInverseGainHigh + ((q30 * kInverseGainLow) >> 31)) >> (31 - kGuardBits);
}

Vector QuarterTurns(Vector v, uint32_t quarters) {
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

// `value`, or its opposite where `sign` is -1 instead of 0. The signs of the steps are as good as
// random: a processor that guesses them would be wrong every other time.
constexpr int64_t WithSign(int64_t value, int64_t sign) { return (value ^ sign) - sign; }

}  // namespace

Cartesian Rotate(Cartesian point, uint32_t turns) {
  const uint32_t quarters = (turns + (1U << 29)) >> 30;  // the nearest quarter turn
  int64_t rest = int64_t{static_cast<int32_t>(turns - (quarters << 30))} << 28;
  Vector v = QuarterTurns({ScaleByInverseGain(point.x), ScaleByInverseGain(point.y)}, quarters);
  for (int i = 1; i <= kSteps; ++i) {
    const int64_t sign = rest >> 63;
    v = {v.x - WithSign(v.y >> i, sign), v.y + WithSign(v.x >> i, sign)};
    rest -= WithSign(kStepAngle[i - 1], sign);
  }
  return {SaturateToInt32(RoundHalfEvenShift(v.x, kGuardBits)),
          SaturateToInt32(RoundHalfEvenShift(v.y, kGuardBits))};
}

Cartesian ToCartesian(Polar polar) {
  const uint32_t r = std::min(polar.r, uint32_t{INT32_MAX});
  return Rotate({static_cast<int32_t>(r), 0}, polar.turns);
}

Polar ToPolar(Cartesian point) {
  Vector v = {point.x, point.y};
  const uint64_t largest = std::max(std::llabs(v.x), std::llabs(v.y));
  if (largest == 0) return {};
  // Turn into the quadrant around the positive x axis, and scale up so that small vectors keep
  // their direction.
  uint32_t quarters = 0;
  if (std::llabs(v.y) > std::llabs(v.x)) {
    quarters = v.y > 0 ? 1 : 3;
  } else if (v.x < 0) {
    quarters = 2;
  }
  v = QuarterTurns(v, 4 - quarters);
  const int shift = std::countl_zero(largest) - 32;
  v = {ScaleByInverseGain(v.x << shift), ScaleByInverseGain(v.y << shift)};
  int64_t angle = 0;
  for (int i = 1; i <= kSteps; ++i) {
    const int64_t sign = v.y >> 63;
    v = {v.x + WithSign(v.y >> i, sign), v.y - WithSign(v.x >> i, sign)};
    angle += WithSign(kStepAngle[i - 1], sign);
  }
  return {static_cast<uint32_t>(RoundHalfEvenShift(v.x, kGuardBits + shift)),
          static_cast<uint32_t>(RoundHalfEvenShift(angle, 28)) + (quarters << 30)};
}

int32_t Multiply(int32_t a, int32_t b) {
  const int64_t x = int64_t{a} << kGuardBits;
  int64_t y = 0;
  int64_t z = int64_t{b} << kGuardBits;
  for (int i = 0; i <= kSteps; ++i) {
    const int64_t sign = z >> 63;
    y += WithSign(x >> i, sign);
    z -= WithSign(int64_t{1} << (30 + kGuardBits - i), sign);
  }
  return SaturateToInt32(RoundHalfEvenShift(y, kGuardBits));
}

}  // namespace seedfed
