#ifndef SEEDFED_COMMON_KERNELS_TILE_GRID_H_
#define SEEDFED_COMMON_KERNELS_TILE_GRID_H_

#include <cstddef>
#include <cstdint>

namespace seedfed {

// A rows x cols matrix, row-major, cut into tiles of tile x tile weights, numbered row-major; tiles
// at the right and lower edge are used in part. tile: a power of two from 4; phase_bits: 2 or 4.
struct TileGrid {
  uint32_t rows = 0;
  uint32_t cols = 0;
  uint32_t tile = 8;
  uint32_t phase_bits = 2;

  size_t tile_cols() const { return (size_t{cols} + tile - 1) / tile; }
  size_t tile_rows() const { return (size_t{rows} + tile - 1) / tile; }

  // Length of a tile's packed phases, 32-bit words. Phase n of the tile (row-major) is the
  // phase_bits bits from bit n * phase_bits on, word after word, least significant first.
  size_t phase_words() const { return size_t{tile} * tile * phase_bits / 32; }
};

}  // namespace seedfed

#endif  // SEEDFED_COMMON_KERNELS_TILE_GRID_H_
