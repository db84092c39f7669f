#include "common/kernels/weighted_sum.h"

#include <cstddef>
#include <limits>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "common/kernels/weighted_sum.cc"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace seedfed {
namespace HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

void AddWeighted(std::span<const int32_t> values, uint32_t weight, std::span<int64_t> sums) {
  size_t i = 0;
#if HWY_TARGET != HWY_SCALAR
  const hn::ScalableTag<int64_t> wide;
  const hn::RepartitionToNarrow<decltype(wide)> narrow;
  const hn::Rebind<int32_t, decltype(wide)> half;
  const size_t lanes = hn::Lanes(wide);
  // The product of signed 32-bit numbers; a weight beyond them is left to the loop below.
  if (weight <= uint32_t{std::numeric_limits<int32_t>::max()}) {
    const auto factor = hn::Set(narrow, static_cast<int32_t>(weight));
    for (; i + lanes <= values.size(); i += lanes) {
      const auto value = hn::PromoteTo(wide, hn::LoadU(half, values.data() + i));
      const auto product = hn::MulEven(hn::BitCast(narrow, value), factor);
      hn::StoreU(hn::Add(hn::LoadU(wide, sums.data() + i), product), wide, sums.data() + i);
    }
  }
#endif
  for (; i < values.size(); ++i) sums[i] += int64_t{values[i]} * weight;
}

}  // namespace HWY_NAMESPACE
}  // namespace seedfed
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace seedfed {

HWY_EXPORT(AddWeighted);

void AddWeighted(std::span<const int32_t> values, uint32_t weight, std::span<int64_t> sums) {
  HWY_DYNAMIC_DISPATCH(AddWeighted)(values, weight, sums);
}

}  // namespace seedfed
#endif
