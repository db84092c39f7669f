#include "common/codec/dense.h"

#include <cmath>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"

namespace seedfed {

absl::StatusOr<int32_t> DenseToUnits(float value, double unit) {
  const double units = static_cast<double>(value) / unit;
  if (!(std::abs(units) <= kDenseLimit)) {
    return absl::InvalidArgumentError(absl::StrCat("a weight's change is ", value,
                                                   "; expected a finite number of size at most ",
                                                   kDenseLimit * unit));
  }
  return static_cast<int32_t>(std::llrint(units));
}

float UnitsToDense(int32_t units, double unit) {
  const auto value = static_cast<float>(units * unit);
  // Rounding up at the limit would make a number that DenseToUnits refuses.
  return std::abs(static_cast<double>(value)) > kDenseLimit * unit ? std::nextafter(value, 0.0F)
                                                                   : value;
}

}  // namespace seedfed
