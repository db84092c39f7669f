#ifndef SEEDFED_COMMON_KERNELS_ROTATION_PRODUCT_H_
#define SEEDFED_COMMON_KERNELS_ROTATION_PRODUCT_H_

#include <cstdint>
#include <span>

#include "common/kernels/tile_grid.h"

namespace seedfed {

// y = W x, W being a rows x cols matrix that is given by its tiles' seeds: w_ij = gain * (u cos
// phi_ij + v sin phi_ij), (u, v) being the seed of weight (i, j)'s tile. No weight is ever in
// memory. u, v: one number for each tile; x: grid.cols numbers; y: grid.rows. All finite.
//
// The same bits on every processor, because the order of operations is fixed: columns are taken in
// blocks of 1,024; in a block column j is added to the sum j mod 8, from the left; then ((s0 + s4)
// + (s2 + s6)) + ((s1 + s5) + (s3 + s7)) is added to the row's total, and the total multiplied by
// the gain. Products of w and x are of w without the gain. Both functions are pure and
// thread-safe.

// `phases` are PackTilePhases of all tiles.
void MultiplyTiles(const TileGrid& grid, std::span<const uint32_t> phases, float gain,
                   std::span<const float> u, std::span<const float> v, std::span<const float> x,
                   std::span<float> y);

// The phases are made from the tiles' rotation codes on the way: 128 * phase_bits * tile bytes of
// them are there at a time.
void MultiplyCodedTiles(const TileGrid& grid, std::span<const uint32_t> codes, float gain,
                        std::span<const float> u, std::span<const float> v,
                        std::span<const float> x, std::span<float> y);

}  // namespace seedfed

#endif  // SEEDFED_COMMON_KERNELS_ROTATION_PRODUCT_H_
