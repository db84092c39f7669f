#ifndef SEEDFED_COMMON_MODEL_LAYER_GRID_H_
#define SEEDFED_COMMON_MODEL_LAYER_GRID_H_

#include <cstdint>

#include "common/kernels/tile_grid.h"
#include "common/model/spec.h"

namespace seedfed {

// The layer as the kernels see it.
inline TileGrid LayerGrid(const LayerSpec& layer, uint32_t phase_bits) {
  return {layer.rows, layer.cols, layer.tile, phase_bits};
}

}  // namespace seedfed

#endif  // SEEDFED_COMMON_MODEL_LAYER_GRID_H_
