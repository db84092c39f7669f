#ifndef SEEDFED_COMMON_KERNELS_ROTATION_TILE_H_
#define SEEDFED_COMMON_KERNELS_ROTATION_TILE_H_

#include <cstddef>
#include <cstdint>
#include <span>

#include "common/kernels/tile_grid.h"

namespace seedfed {

// The rotation pattern of a matrix, tile by tile. `phases` are PackTilePhases of all of its tiles.
// The same bits on every processor, floats included: each result is one fixed sequence of
// operations. Pure, thread-safe.

// weights_ij = base_ij + (gain * u * cos phi_ij + gain * v * sin phi_ij), (u, v) being the seed of
// weight (i, j)'s tile. `base` and `weights` are rows x cols.
void ExpandTiles(const TileGrid& grid, std::span<const uint32_t> phases, float gain, const float* u,
                 const float* v, const float* base, float* weights);

// The transpose: du = gain * sum(g_ij cos phi_ij) over each tile, dv likewise with the sine.
void ProjectTiles(const TileGrid& grid, std::span<const uint32_t> phases, float gain,
                  const float* gradient, float* du, float* dv);

// Adds to the base, saturating: weight (i, j) changes by RoundHalfEven((u * cos + v * sin) / 2^20),
// cos and sin in Q1.14. Only of the tiles from `first_tile` on that `phases` are of; seeds: u and v
// (Q1.30) of each of these.
void MergeTiles(const TileGrid& grid, size_t first_tile, std::span<const uint32_t> phases,
                std::span<const int32_t> seeds, int32_t* base);

}  // namespace seedfed

#endif  // SEEDFED_COMMON_KERNELS_ROTATION_TILE_H_
