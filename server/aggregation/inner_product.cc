#include "server/aggregation/inner_product.h"

#include <algorithm>

namespace seedfed {

absl::int128 InnerProduct(std::span<const int32_t> a, std::span<const int32_t> b) {
  // A product has a size of at most 2^60, so four of them fit together.
  constexpr size_t kAtOnce = 4;
  absl::int128 sum = 0;
  size_t i = 0;
  for (; i + kAtOnce <= a.size(); i += kAtOnce) {
    int64_t part = 0;
    for (size_t k = i; k < i + kAtOnce; ++k) part += int64_t{a[k]} * b[k];
    sum += part;
  }
  for (; i < a.size(); ++i) sum += int64_t{a[i]} * b[i];
  return sum;
}

uint64_t Length(std::span<const int32_t> a) {
  const auto square = static_cast<absl::uint128>(InnerProduct(a, a));
  uint64_t root = 0;
  for (uint64_t bit = uint64_t{1} << 46; bit != 0; bit >>= 1) {
    const absl::uint128 next = root + bit;
    if (next * next <= square) root += bit;
  }
  return root;
}

int32_t CosineOf(absl::int128 inner_product, uint64_t length_a, uint64_t length_b) {
  const absl::int128 lengths = absl::int128(length_a) * absl::int128(length_b);
  if (lengths == 0) return 0;
  // The lengths are rounded down, so that the quotient may pass 1.
  const absl::int128 one = 1 << 30;
  return static_cast<int32_t>(std::clamp(inner_product * one / lengths, -one, one));
}

}  // namespace seedfed
