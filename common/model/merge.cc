#include "common/model/merge.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "common/base/rounding.h"
#include "common/cordic/cordic.h"
#include "common/kernels/philox_batch.h"
#include "common/kernels/rotation_tile.h"
#include "common/model/layer_grid.h"

namespace seedfed {

void MergeSeeds(const LayerSpec& layer, uint32_t phase_bits, std::span<const uint32_t> codes,
                std::span<const int32_t> seeds, std::span<int32_t> base) {
  // The phases of so many tiles at a time stay in the processor's cache.
  constexpr size_t kTilesAtATime = 128;
  const TileGrid grid = LayerGrid(layer, phase_bits);
  std::vector<uint32_t> phases(kTilesAtATime * grid.phase_words());
  for (size_t first = 0; first < codes.size(); first += kTilesAtATime) {
    const size_t count = std::min(kTilesAtATime, codes.size() - first);
    const std::span<uint32_t> packed(phases.data(), count * grid.phase_words());
    PackTilePhases(grid, codes.subspan(first, count), packed);
    MergeTiles(grid, first, packed, seeds.subspan(2 * first, 2 * count), base.data());
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
