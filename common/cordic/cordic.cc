#include "common/cordic/cordic.h"

#include <algorithm>

#include "common/base/rounding.h"
#include "common/cordic/vectoring.h"

namespace seedfed {
namespace {

// `value`, or its opposite where `sign` is -1 instead of 0. The signs of the steps are as good as
// random: a processor that guesses them would be wrong every other time.
constexpr int64_t WithSign(int64_t value, int64_t sign) { return (value ^ sign) - sign; }

}  // namespace

Cartesian Rotate(Cartesian point, uint32_t turns) {
  const uint32_t quarters = (turns + (1U << 29)) >> 30;  // the nearest quarter turn
  int64_t rest = int64_t{static_cast<int32_t>(turns - (quarters << 30))} << 28;
  CordicVector v =
      QuarterTurns({ScaleByInverseGain(point.x), ScaleByInverseGain(point.y)}, quarters);
  for (int i = 1; i <= kCordicSteps; ++i) {
    const int64_t sign = rest >> 63;
    v = {v.x - WithSign(v.y >> i, sign), v.y + WithSign(v.x >> i, sign)};
    rest -= WithSign(kCordicStepAngle[i - 1], sign);
  }
  return {SaturateToInt32(RoundHalfEvenShift(v.x, kCordicGuardBits)),
          SaturateToInt32(RoundHalfEvenShift(v.y, kCordicGuardBits))};
}

Cartesian ToCartesian(Polar polar) {
  const uint32_t r = std::min(polar.r, uint32_t{INT32_MAX});
  return Rotate({static_cast<int32_t>(r), 0}, polar.turns);
}

Polar ToPolar(Cartesian point) {
  const Vectoring vectoring = BeginVectoring(point);
  CordicVector v = vectoring.start;
  int64_t angle = 0;
  for (int i = 1; i <= kCordicSteps; ++i) {
    const int64_t sign = v.y >> 63;
    v = {v.x + WithSign(v.y >> i, sign), v.y - WithSign(v.x >> i, sign)};
    angle += WithSign(kCordicStepAngle[i - 1], sign);
  }
  return EndVectoring(vectoring, v.x, angle);
}

int32_t Multiply(int32_t a, int32_t b) {
  const int64_t x = int64_t{a} << kCordicGuardBits;
  int64_t y = 0;
  int64_t z = int64_t{b} << kCordicGuardBits;
  for (int i = 0; i <= kCordicSteps; ++i) {
    const int64_t sign = z >> 63;
    y += WithSign(x >> i, sign);
    z -= WithSign(int64_t{1} << (30 + kCordicGuardBits - i), sign);
  }
  return SaturateToInt32(RoundHalfEvenShift(y, kCordicGuardBits));
}

}  // namespace seedfed
