#ifndef SEEDFED_SERVER_AGGREGATION_INNER_PRODUCT_H_
#define SEEDFED_SERVER_AGGREGATION_INNER_PRODUCT_H_

#include <cstdint>
#include <span>

#include "absl/numeric/int128.h"

namespace seedfed {

// Exact. Spans of the same size, below 2^32, of coordinates (a size of at most 2^30).
absl::int128 InnerProduct(std::span<const int32_t> a, std::span<const int32_t> b);

// floor(sqrt(InnerProduct(a, a))), below 2^46.
uint64_t Length(std::span<const int32_t> a);

// The cosine of two updates in Q1.30, rounded towards zero; 0 where a length is 0.
int32_t CosineOf(absl::int128 inner_product, uint64_t length_a, uint64_t length_b);

}  // namespace seedfed

#endif  // SEEDFED_SERVER_AGGREGATION_INNER_PRODUCT_H_
