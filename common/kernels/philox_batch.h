#ifndef SEEDFED_COMMON_KERNELS_PHILOX_BATCH_H_
#define SEEDFED_COMMON_KERNELS_PHILOX_BATCH_H_

#include <cstdint>
#include <span>

#include "common/kernels/tile_grid.h"

namespace seedfed {

// The packed phases of tiles with these rotation codes: TileGrid::phase_words() words for each, one
// tile after the other. The phases are those of TilePhases (common/pattern/rotation.h), bit by bit,
// on every processor. Pure, thread-safe.
void PackTilePhases(const TileGrid& grid, std::span<const uint32_t> codes,
                    std::span<uint32_t> packed);

}  // namespace seedfed

#endif  // SEEDFED_COMMON_KERNELS_PHILOX_BATCH_H_
