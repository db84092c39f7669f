#include "client/network/seed_matrix.h"

#include <cstddef>

#include "common/kernels/philox_batch.h"
#include "common/kernels/rotation_product.h"
#include "common/model/layer_grid.h"

namespace seedfed {

SeedMatrix::SeedMatrix(const LayerSpec& layer, uint32_t phase_bits, double gain,
                       std::span<const uint32_t> codes, std::span<const int32_t> seeds)
    : grid_(LayerGrid(layer, phase_bits)),
      gain_(static_cast<float>(gain)),
      phases_(codes.size() * grid_.phase_words()),
      u_(codes.size()),
      v_(codes.size()) {
  PackTilePhases(grid_, codes, phases_);
  for (size_t t = 0; t < codes.size(); ++t) {
    u_[t] = static_cast<float>(seeds[2 * t]) * 0x1p-30f;
    v_[t] = static_cast<float>(seeds[2 * t + 1]) * 0x1p-30f;
  }
}

void SeedMatrix::Multiply(std::span<const float> x, std::span<float> y) const {
  MultiplyTiles(grid_, phases_, gain_, u_, v_, x, y);
}

}  // namespace seedfed
