#ifndef SEEDFED_COMMON_MODEL_MERGE_H_
#define SEEDFED_COMMON_MODEL_MERGE_H_

#include <cstdint>
#include <span>

#include "common/base/key.h"
#include "common/model/spec.h"

namespace seedfed {

// The integer base of a layer: rows x cols int32, row-major, in units of LayerUnit. All functions
// are pure, integer only and thread-safe.

// Adds a layer's expanded seeds to its base, saturating: weight (i, j) of a tile changes by
// RoundHalfEven((u * cos + v * sin) / 2^20), cos and sin in Q1.14. seeds: u and v of every tile.
void MergeSeeds(const LayerSpec& layer, uint32_t phase_bits, std::span<const uint32_t> codes,
                std::span<const int32_t> seeds, std::span<int32_t> base);

// Adds changes in units of LayerUnit, saturating.
void MergeDense(std::span<const int32_t> changes, std::span<int32_t> base);

// The initial base of rolling mode: He-uniform, weights uniform in +-sqrt(6 / cols), bias zero.
// Weight i (row-major) is (x * (2 A + 1)) div 2^32 - A, x being lane i mod 4 of Philox(counter = (i
// div 4, layer, 0, 0), key), A = InitialRange(gain).
void InitialBase(const LayerSpec& layer, uint32_t layer_number, double gain, PhiloxKey base_key,
                 std::span<int32_t> base);

// A above: sqrt(6) / gain in units of 2^-24, to nearest.
int64_t InitialRange(double gain);

// The initial seeds of pure mode: r = min(2 / gain, 1 - 2^-24), so that weights have the variance 2
// / cols, and theta (Q0.32) lane t mod 4 of Philox(counter = (t div 4, layer, 1, 0), key), turned
// to (u, v) by CORDIC.
void InitialSeeds(const LayerSpec& layer, uint32_t layer_number, double gain, PhiloxKey base_key,
                  std::span<int32_t> seeds);

}  // namespace seedfed

#endif  // SEEDFED_COMMON_MODEL_MERGE_H_
