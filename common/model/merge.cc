#include "common/model/merge.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "common/base/rounding.h"
#include "common/cordic/cordic.h"
#include "common/pattern/rotation.h"

namespace seedfed {

void MergeSeeds(const LayerSpec& layer, uint32_t phase_bits, std::span<const uint32_t> codes,
                std::span<const int32_t> seeds, std::span<int32_t> base) {
  const std::span<const PhaseVector> table = PhaseTable(phase_bits);
  std::vector<uint8_t> phases(size_t{layer.tile} * layer.tile);
  std::array<int64_t, 16> change;
  for (size_t t = 0; t < layer.tiles(); ++t) {
    const int64_t u = seeds[2 * t], v = seeds[2 * t + 1];
    if (u == 0 && v == 0) continue;
    for (size_t n = 0; n < table.size(); ++n) {
      change[n] = RoundHalfEvenShift(u * table[n].cos + v * table[n].sin, 20);
    }
    TilePhases(codes[t], phase_bits, phases);
    const size_t row = t / layer.tile_cols() * layer.tile, col = t % layer.tile_cols() * layer.tile;
    const size_t rows = std::min<size_t>(layer.tile, layer.rows - row);
    const size_t cols = std::min<size_t>(layer.tile, layer.cols - col);
    for (size_t i = 0; i < rows; ++i) {
      int32_t* weights = base.data() + (row + i) * layer.cols + col;
      const uint8_t* phase = phases.data() + i * layer.tile;
      for (size_t j = 0; j < cols; ++j) weights[j] = SaturateToInt32(weights[j] + change[phase[j]]);
    }
  }
}

void MergeDense(std::span<const int32_t> changes, std::span<int32_t> base) {
  for (size_t i = 0; i < base.size(); ++i) base[i] = SaturateToInt32(int64_t{base[i]} + changes[i]);
}

int64_t InitialRange(double gain) {
  constexpr double kSqrt6 = 2.449489742783178;
  return std::min<int64_t>(std::llrint(kSqrt6 / gain * 0x1p24), INT32_MAX);
}

void InitialBase(const LayerSpec& layer, uint32_t layer_number, double gain, PhiloxKey base_key,
                 std::span<int32_t> base) {
  const int64_t range = InitialRange(gain);
  for (size_t i = 0; i < base.size(); i += 4) {
    const PhiloxBlock block =
        Philox4x32({static_cast<uint32_t>(i / 4), layer_number, 0, 0}, base_key);
    for (size_t lane = 0; lane < 4 && i + lane < base.size(); ++lane) {
      const bool bias = (i + lane + 1) % layer.cols == 0;
      const uint64_t scaled = block[lane] * static_cast<uint64_t>(2 * range + 1) >> 32;
      base[i + lane] = bias ? 0 : static_cast<int32_t>(static_cast<int64_t>(scaled) - range);
    }
  }
}

void InitialSeeds(const LayerSpec& layer, uint32_t layer_number, double gain, PhiloxKey base_key,
                  std::span<int32_t> seeds) {
  constexpr int64_t kLargest = (int64_t{1} << 30) - (1 << 6);
  const auto r = static_cast<uint32_t>(std::min<int64_t>(std::llrint(2 / gain * 0x1p30), kLargest));
  for (size_t t = 0; t < layer.tiles(); t += 4) {
    const PhiloxBlock block =
        Philox4x32({static_cast<uint32_t>(t / 4), layer_number, 1, 0}, base_key);
    for (size_t lane = 0; lane < 4 && t + lane < layer.tiles(); ++lane) {
      const Cartesian point = ToCartesian({r, block[lane]});
      seeds[2 * (t + lane)] = point.x;
      seeds[2 * (t + lane) + 1] = point.y;
    }
  }
}

}  // namespace seedfed
