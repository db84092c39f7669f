#include "client/core/tile_basis.h"

#include "common/kernels/philox_batch.h"
#include "common/kernels/rotation_tile.h"
#include "common/model/layer_grid.h"

namespace seedfed {

TileBasis::TileBasis(const LayerSpec& layer, uint32_t phase_bits, double gain,
                     std::span<const uint32_t> codes)
    : grid_(LayerGrid(layer, phase_bits)),
      gain_(static_cast<float>(gain)),
      phases_(codes.size() * grid_.phase_words()) {
  PackTilePhases(grid_, codes, phases_);
}

void TileBasis::Expand(const Matrix& base, std::span<const float> u, std::span<const float> v,
                       Matrix& weights) const {
  ExpandTiles(grid_, phases_, gain_, u.data(), v.data(), base.data(), weights.data());
}

void TileBasis::Project(const Matrix& gradient, std::span<float> du, std::span<float> dv) const {
  ProjectTiles(grid_, phases_, gain_, gradient.data(), du.data(), dv.data());
}

}  // namespace seedfed
