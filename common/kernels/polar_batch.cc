#include "common/kernels/polar_batch.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "common/cordic/vectoring.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "common/kernels/polar_batch.cc"
#include <hwy/foreach_target.h>
// After it, so that it is there for each target.
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace seedfed {
namespace HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

using D = hn::ScalableTag<int64_t>;
using V = hn::Vec<D>;

// Points that are worked on at a time, in several vectors: the steps of one fill the waits of the
// others. An ensemble word has 15.
constexpr size_t kPoints = 16;
constexpr size_t kVectors = kPoints / hn::MaxLanes(D());

// `value`, or its opposite where `sign` is -1 instead of 0.
HWY_INLINE V WithSign(V value, V sign) { return hn::Sub(hn::Xor(value, sign), sign); }

// All steps of kPoints vectors: x becomes their length, `angle` the angle they had.
HWY_INLINE void TakeSteps(int64_t* x_inout, const int64_t* y_in, int64_t* angle_out) {
  const D d;
  const size_t lanes = hn::Lanes(d);
  V x[kVectors], y[kVectors], angle[kVectors];
  for (size_t k = 0; k < kVectors; ++k) {
    x[k] = hn::LoadU(d, x_inout + k * lanes);
    y[k] = hn::LoadU(d, y_in + k * lanes);
    angle[k] = hn::Zero(d);
  }
  for (int i = 1; i <= kCordicSteps; ++i) {
    const V step = hn::Set(d, kCordicStepAngle[static_cast<size_t>(i - 1)]);
    for (size_t k = 0; k < kVectors; ++k) {
      const V sign = hn::BroadcastSignBit(y[k]);
      const V x_part = WithSign(hn::ShiftRightSame(y[k], i), sign);
      const V y_part = WithSign(hn::ShiftRightSame(x[k], i), sign);
      x[k] = hn::Add(x[k], x_part);
      y[k] = hn::Sub(y[k], y_part);
      angle[k] = hn::Add(angle[k], WithSign(step, sign));
    }
  }
  for (size_t k = 0; k < kVectors; ++k) {
    hn::StoreU(x[k], d, x_inout + k * lanes);
    hn::StoreU(angle[k], d, angle_out + k * lanes);
  }
}

void PolarBatch(std::span<const Cartesian> points, std::span<Polar> polar) {
  for (size_t first = 0; first < points.size(); first += kPoints) {
    const size_t count = std::min(kPoints, points.size() - first);
    Vectoring vectoring[kPoints];
    int64_t x[kPoints] = {}, y[kPoints] = {}, angle[kPoints];
    for (size_t i = 0; i < count; ++i) {
      vectoring[i] = BeginVectoring(points[first + i]);
      x[i] = vectoring[i].start.x;
      y[i] = vectoring[i].start.y;
    }
    TakeSteps(x, y, angle);
    for (size_t i = 0; i < count; ++i) {
      polar[first + i] = EndVectoring(vectoring[i], x[i], angle[i]);
    }
  }
}

}  // namespace HWY_NAMESPACE
}  // namespace seedfed
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace seedfed {

HWY_EXPORT(PolarBatch);

void PolarBatch(std::span<const Cartesian> points, std::span<Polar> polar) {
  HWY_DYNAMIC_DISPATCH(PolarBatch)(points, polar);
}

}  // namespace seedfed
#endif
