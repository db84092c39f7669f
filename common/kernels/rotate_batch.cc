#include "common/kernels/rotate_batch.h"

#include <algorithm>
#include <cstddef>

#include "common/cordic/cordic.h"

// How floats make the integers of CORDIC. Before it rounds to an integer, CORDIC's coordinate is
// off by at most E = 2^-40 (|x| + |y|) (1 + 2^-12) + 2^-19: what is left of the angle after 40
// steps, and what its shifts cut off. The vectors below are off by less than 2^-14: coordinates
// have 31 bits before the point, so that 2^-46 becomes 2^-15, and rounding loses less. So where a
// float's distance from the nearest half is more than E + 2^-13 both round to the same integer;
// where it is less, one point in some hundreds, the engine itself is asked.

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "common/kernels/rotate_batch.cc"
#include <hwy/foreach_target.h>
// After it, so that it is there for each target.
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace seedfed {
namespace HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

#if HWY_HAVE_FLOAT64

using D = hn::ScalableTag<double>;
using V = hn::Vec<D>;
using DI = hn::Rebind<int32_t, D>;
using DU = hn::Rebind<uint32_t, D>;

// sin a = a + a^3 S(a^2) and cos a = 1 + a^2 C(a^2) for a in [-pi / 4, pi / 4]: the polynomials
// that meet the functions at the Chebyshev nodes of a^2, highest power first. Off by less than
// 2^-46 and 2^-52.
constexpr size_t kTerms = 5;
constexpr double kSine[kTerms] = {-2.4805636241834762e-08, 2.755599092956532e-06,
                                  -0.00019841266916985966, 0.008333333331079223,
                                  -0.16666666666663885};
constexpr double kCosine[kTerms + 1] = {2.066550487012274e-09, -2.755585551192951e-07,
                                        2.480158262335195e-05, -0.0013888888882127952,
                                        0.04166666666663093,   -0.49999999999999967};

// Vectors that are worked on at a time: the steps of one fill the waits of the others.
constexpr size_t kVectors = 4;

// Rotates kVectors vectors of points from (x_in, y_in) to (x_out, y_out). False when one of the
// results is in doubt; then sure[i] says of each point whether it is not: 0 or 1.
HWY_INLINE bool RotateVectors(const uint32_t* turns, const int32_t* x_in, const int32_t* y_in,
                              int32_t* x_out, int32_t* y_out, double* sure) {
  const D d;
  const DI di;
  const DU du;
  const hn::Rebind<uint64_t, D> wide;
  const size_t lanes = hn::Lanes(d);
  V sine[kVectors], cosine[kVectors], square[kVectors], angle[kVectors];
  hn::Vec<DU> quarters[kVectors];
  for (size_t k = 0; k < kVectors; ++k) {
    const auto t = hn::LoadU(du, turns + k * lanes);
    quarters[k] = hn::ShiftRight<30>(hn::Add(t, hn::Set(du, 1U << 29)));
    const auto rest = hn::BitCast(di, hn::Sub(t, hn::ShiftLeft<30>(quarters[k])));
    angle[k] = hn::Mul(hn::PromoteTo(d, rest), hn::Set(d, 6.283185307179586 * 0x1p-32));
    square[k] = hn::Mul(angle[k], angle[k]);
    sine[k] = hn::Set(d, kSine[0]);
    cosine[k] = hn::MulAdd(hn::Set(d, kCosine[0]), square[k], hn::Set(d, kCosine[1]));
  }
  for (size_t n = 1; n < kTerms; ++n) {
    for (size_t k = 0; k < kVectors; ++k) {
      sine[k] = hn::MulAdd(sine[k], square[k], hn::Set(d, kSine[n]));
      cosine[k] = hn::MulAdd(cosine[k], square[k], hn::Set(d, kCosine[n + 1]));
    }
  }
  for (size_t k = 0; k < kVectors; ++k) {
    sine[k] = hn::MulAdd(hn::Mul(sine[k], square[k]), angle[k], angle[k]);
    cosine[k] = hn::MulAdd(cosine[k], square[k], hn::Set(d, 1));
  }
  V x_exact[kVectors], y_exact[kVectors];
  for (size_t k = 0; k < kVectors; ++k) {
    // By the quarter turns: (x, y), (-y, x), (-x, -y) or (y, -x).
    const auto q = hn::PromoteTo(wide, quarters[k]);
    const auto two = hn::Set(wide, 2);
    const auto odd = hn::RebindMask(d, hn::TestBit(q, hn::Set(wide, 1)));
    const auto x_sign = hn::ShiftLeft<62>(hn::And(hn::Add(q, hn::Set(wide, 1)), two));
    const auto y_sign = hn::ShiftLeft<62>(hn::And(q, two));
    const V x0 = hn::PromoteTo(d, hn::LoadU(di, x_in + k * lanes));
    const V y0 = hn::PromoteTo(d, hn::LoadU(di, y_in + k * lanes));
    const V x1 = hn::Xor(hn::IfThenElse(odd, y0, x0), hn::BitCast(d, x_sign));
    const V y1 = hn::Xor(hn::IfThenElse(odd, x0, y0), hn::BitCast(d, y_sign));
    x_exact[k] = hn::NegMulAdd(y1, sine[k], hn::Mul(x1, cosine[k]));
    y_exact[k] = hn::MulAdd(x1, sine[k], hn::Mul(y1, cosine[k]));
  }
  V doubt[kVectors];
  for (size_t k = 0; k < kVectors; ++k) {
    const V x_round = hn::Round(x_exact[k]), y_round = hn::Round(y_exact[k]);
    hn::StoreU(hn::DemoteTo(di, x_round), di, x_out + k * lanes);
    hn::StoreU(hn::DemoteTo(di, y_round), di, y_out + k * lanes);
    // What is left of CORDIC's angle moves x by y's share, and y by x's.
    const V left = hn::Set(d, 0x1.001p-40);
    const V x_off = hn::MulAdd(hn::Abs(y_exact[k]), left, hn::Abs(hn::Sub(x_exact[k], x_round)));
    const V y_off = hn::MulAdd(hn::Abs(x_exact[k]), left, hn::Abs(hn::Sub(y_exact[k], y_round)));
    doubt[k] = hn::Max(x_off, y_off);
  }
  const V most = hn::Set(d, 0.5 - 0x1p-13);
  const V largest = hn::Max(hn::Max(doubt[0], doubt[1]), hn::Max(doubt[2], doubt[3]));
  if (HWY_LIKELY(hn::AllTrue(d, hn::Lt(largest, most)))) return true;
  for (size_t k = 0; k < kVectors; ++k) {
    hn::StoreU(hn::IfThenElseZero(hn::Lt(doubt[k], most), hn::Set(d, 1)), d, sure + k * lanes);
  }
  return false;
}

#endif

void RotateBatch(std::span<const uint32_t> turns, std::span<int32_t> x, std::span<int32_t> y) {
  size_t i = 0;
#if HWY_HAVE_FLOAT64
  constexpr size_t kStep = kVectors * hn::MaxLanes(D());
  for (; i + kStep <= turns.size(); i += kStep) {
    int32_t x_out[kStep], y_out[kStep];
    double sure[kStep];
    if (!RotateVectors(turns.data() + i, x.data() + i, y.data() + i, x_out, y_out, sure)) {
      for (size_t n = 0; n < kStep; ++n) {
        if (sure[n] != 0) continue;
        const Cartesian point = Rotate({x[i + n], y[i + n]}, turns[i + n]);
        x_out[n] = point.x;
        y_out[n] = point.y;
      }
    }
    std::copy_n(x_out, kStep, x.data() + i);
    std::copy_n(y_out, kStep, y.data() + i);
  }
#endif
  for (; i < turns.size(); ++i) {
    const Cartesian point = Rotate({x[i], y[i]}, turns[i]);
    x[i] = point.x;
    y[i] = point.y;
  }
}

}  // namespace HWY_NAMESPACE
}  // namespace seedfed
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace seedfed {

HWY_EXPORT(RotateBatch);

void RotateBatch(std::span<const uint32_t> turns, std::span<int32_t> x, std::span<int32_t> y) {
  HWY_DYNAMIC_DISPATCH(RotateBatch)(turns, x, y);
}

}  // namespace seedfed
#endif
