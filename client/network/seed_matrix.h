#ifndef SEEDFED_CLIENT_NETWORK_SEED_MATRIX_H_
#define SEEDFED_CLIENT_NETWORK_SEED_MATRIX_H_

#include <cstdint>
#include <span>
#include <vector>

#include "common/kernels/tile_grid.h"
#include "common/model/spec.h"

namespace seedfed {

// A layer that is its seeds: it multiplies, and its weights are never in memory. Holds 8 bytes per
// tile and 2 or 4 bits per weight. Immutable, thread-safe.
class SeedMatrix {
 public:
  // `codes`: the rotation code of every tile. `seeds`: u and v of every tile, Q1.30. `gain`: the
  // layer's, ModelSpec::LayerGain.
  SeedMatrix(const LayerSpec& layer, uint32_t phase_bits, double gain,
             std::span<const uint32_t> codes, std::span<const int32_t> seeds);

  // y = W x; `x` has one number for each column, `y` for each row. The same bits on every
  // processor, as MultiplyTiles (common/kernels/rotation_product.h).
  void Multiply(std::span<const float> x, std::span<float> y) const;

 private:
  TileGrid grid_;
  float gain_;
  std::vector<uint32_t> phases_;  // packed, of every tile
  std::vector<float> u_, v_;
};

}  // namespace seedfed

#endif  // SEEDFED_CLIENT_NETWORK_SEED_MATRIX_H_
