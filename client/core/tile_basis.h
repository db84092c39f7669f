#ifndef SEEDFED_CLIENT_CORE_TILE_BASIS_H_
#define SEEDFED_CLIENT_CORE_TILE_BASIS_H_

#include <cstdint>
#include <span>
#include <vector>

#include "client/core/trainer.h"
#include "common/kernels/tile_grid.h"
#include "common/model/spec.h"

namespace seedfed {

// The rotation pattern of one layer in one round as floats: the linear map from its seeds to its
// weights, and the transpose of that map. Seeds are points (u, v), |u|, |v| <= 1, as two arrays
// over the layer's tiles. Holds 2 or 4 bits per weight. Immutable, thread-safe.
class TileBasis {
 public:
  // `codes`: the rotation code of every tile. `gain`: the layer's, ModelSpec::LayerGain.
  TileBasis(const LayerSpec& layer, uint32_t phase_bits, double gain,
            std::span<const uint32_t> codes);

  // weights_ij = base_ij + gain * (u cos phi_ij + v sin phi_ij), (u, v) being the seed of weight
  // (i, j)'s tile. `base` and `weights` have the layer's shape.
  void Expand(const Matrix& base, std::span<const float> u, std::span<const float> v,
              Matrix& weights) const;

  // The gradients by the seeds from those by the weights: du = gain * sum(g_ij cos phi_ij) over
  // each tile, dv likewise with the sine.
  void Project(const Matrix& gradient, std::span<float> du, std::span<float> dv) const;

 private:
  TileGrid grid_;
  float gain_;
  std::vector<uint32_t> phases_;  // packed, of every tile
};

}  // namespace seedfed

#endif  // SEEDFED_CLIENT_CORE_TILE_BASIS_H_
