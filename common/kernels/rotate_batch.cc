#include "common/kernels/rotate_batch.h"

#include <cstddef>

#include "common/cordic/cordic.h"

// How floats make the integers of CORDIC. Before it rounds to an integer, CORDIC's coordinate is
// off by at most E = 2^-40 (|x| + |y|) (1 + 2^-12) + 2^-19: what is left of the angle after 40
// steps, and what its shifts cut off. The vectors below are off by less than 2^-16: 31 bits of 53
// are before the point, and about 20 operations lose a bit each. So where a float's distance from
// the nearest half is more than E + 2^-14 both round to the same integer; where it is less, one
// point in some hundreds, the engine itself is asked.

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

// The sine and cosine of `a` in [-pi / 4, pi / 4]; by their Taylor series off by less than 2^-49.
HWY_INLINE void SineAndCosine(V a, V& sine, V& cosine) {
  const D d;
  constexpr double kSine[] = {-1.0 / 1307674368000, 1.0 / 6227020800, -1.0 / 39916800, 1.0 / 362880,
                              -1.0 / 5040,          1.0 / 120,        -1.0 / 6};
  constexpr double kCosine[] = {-1.0 / 87178291200, 1.0 / 479001600, -1.0 / 3628800, 1.0 / 40320,
                                -1.0 / 720,         1.0 / 24,        -1.0 / 2};
  const V square = hn::Mul(a, a);
  V s = hn::Set(d, kSine[0]), c = hn::Set(d, kCosine[0]);
  for (size_t n = 1; n < 7; ++n) {
    s = hn::MulAdd(s, square, hn::Set(d, kSine[n]));
    c = hn::MulAdd(c, square, hn::Set(d, kCosine[n]));
  }
  sine = hn::MulAdd(hn::Mul(s, square), a, a);
  cosine = hn::MulAdd(c, square, hn::Set(d, 1));
}

// Rotates a vector of points; false in the lanes of `sure` where a coordinate is too near a half,
// or beyond int32.
HWY_INLINE void RotateVector(hn::Vec<hn::Rebind<uint32_t, D>> turns, hn::Vec<DI>& x, hn::Vec<DI>& y,
                             hn::Mask<D>& sure) {
  const D d;
  const DI di;
  const hn::Rebind<uint32_t, D> du;
  const hn::Rebind<uint64_t, D> wide;
  const auto quarters = hn::ShiftRight<30>(hn::Add(turns, hn::Set(du, 1U << 29)));
  const auto rest = hn::BitCast(di, hn::Sub(turns, hn::ShiftLeft<30>(quarters)));
  V sine, cosine;
  SineAndCosine(hn::Mul(hn::PromoteTo(d, rest), hn::Set(d, 6.283185307179586 * 0x1p-32)), sine,
                cosine);

  // By the quarter turns: (x, y), (-y, x), (-x, -y) or (y, -x).
  const auto q = hn::PromoteTo(wide, quarters);
  const auto two = hn::Set(wide, 2);
  const auto odd = hn::RebindMask(d, hn::TestBit(q, hn::Set(wide, 1)));
  const auto x_sign = hn::ShiftLeft<62>(hn::And(hn::Add(q, hn::Set(wide, 1)), two));
  const auto y_sign = hn::ShiftLeft<62>(hn::And(q, two));
  const V x_in = hn::PromoteTo(d, x), y_in = hn::PromoteTo(d, y);
  const V x_turned = hn::Xor(hn::IfThenElse(odd, y_in, x_in), hn::BitCast(d, x_sign));
  const V y_turned = hn::Xor(hn::IfThenElse(odd, x_in, y_in), hn::BitCast(d, y_sign));

  const V x_out = hn::NegMulAdd(y_turned, sine, hn::Mul(x_turned, cosine));
  const V y_out = hn::MulAdd(x_turned, sine, hn::Mul(y_turned, cosine));
  const V x_round = hn::Round(x_out), y_round = hn::Round(y_out);
  const V size = hn::Add(hn::Abs(x_in), hn::Abs(y_in));
  const V most = hn::NegMulAdd(size, hn::Set(d, 0x1.001p-40), hn::Set(d, 0.5 - 0x1p-14));
  const V off = hn::Max(hn::Abs(hn::Sub(x_out, x_round)), hn::Abs(hn::Sub(y_out, y_round)));
  const V largest = hn::Max(hn::Abs(x_round), hn::Abs(y_round));
  sure = hn::And(hn::Lt(off, most), hn::Lt(largest, hn::Set(d, 0x1p31)));
  x = hn::DemoteTo(di, x_round);
  y = hn::DemoteTo(di, y_round);
}

#endif

void RotateBatch(std::span<const uint32_t> turns, std::span<int32_t> x, std::span<int32_t> y) {
  size_t i = 0;
#if HWY_HAVE_FLOAT64
  const D d;
  const DI di;
  const hn::Rebind<uint32_t, D> du;
  const size_t lanes = hn::Lanes(d);
  for (; i + lanes <= turns.size(); i += lanes) {
    auto x_lanes = hn::LoadU(di, x.data() + i), y_lanes = hn::LoadU(di, y.data() + i);
    hn::Mask<D> sure;
    RotateVector(hn::LoadU(du, turns.data() + i), x_lanes, y_lanes, sure);
    if (HWY_UNLIKELY(!hn::AllTrue(d, sure))) {
      HWY_ALIGN double is_sure[hn::MaxLanes(d)];
      hn::Store(hn::IfThenElseZero(sure, hn::Set(d, 1)), d, is_sure);
      HWY_ALIGN int32_t xs[hn::MaxLanes(d)], ys[hn::MaxLanes(d)];
      hn::Store(x_lanes, di, xs);
      hn::Store(y_lanes, di, ys);
      for (size_t lane = 0; lane < lanes; ++lane) {
        if (is_sure[lane] != 0) continue;
        const Cartesian point = Rotate({x[i + lane], y[i + lane]}, turns[i + lane]);
        xs[lane] = point.x;
        ys[lane] = point.y;
      }
      x_lanes = hn::Load(di, xs);
      y_lanes = hn::Load(di, ys);
    }
    hn::StoreU(x_lanes, di, x.data() + i);
    hn::StoreU(y_lanes, di, y.data() + i);
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
