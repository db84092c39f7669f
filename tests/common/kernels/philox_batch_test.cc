#include "common/kernels/philox_batch.h"

#include <vector>

#include "common/pattern/rotation.h"
#include "tests/common/kernels/each_target.h"

namespace seedfed {
namespace {

using PhiloxBatch = EachTarget;
SEEDFED_INSTANTIATE_EACH_TARGET(PhiloxBatch);

// The packed phases, one a number.
std::vector<uint8_t> Unpack(const TileGrid& grid, std::span<const uint32_t> words) {
  std::vector<uint8_t> phases;
  for (const uint32_t word : words) {
    for (uint32_t bit = 0; bit < 32; bit += grid.phase_bits) {
      phases.push_back(static_cast<uint8_t>(word >> bit & ((1U << grid.phase_bits) - 1)));
    }
  }
  return phases;
}

TEST_P(PhiloxBatch, EveryTileAndNumberOfTiles_ThePhasesOfTheDefinition) {
  for (const uint32_t bits : {2U, 4U}) {
    for (const uint32_t tile : {4U, 8U, 16U, 64U}) {
      const TileGrid grid = {0, 0, tile, bits};
      for (const size_t count : {1U, 3U, 8U, 21U, 32U, 77U}) {
        std::vector<uint32_t> codes(count);
        for (size_t t = 0; t < count; ++t)
          codes[t] = static_cast<uint32_t>(t * 49999 + 7) & 0xFFFFF;
        // The words around them must stay as they are.
        std::vector<uint32_t> packed(count * grid.phase_words() + 2, 0xABCD1234);
        PackTilePhases(grid, codes, std::span(packed).subspan(1, count * grid.phase_words()));
        EXPECT_EQ(packed.front(), 0xABCD1234);
        EXPECT_EQ(packed.back(), 0xABCD1234);
        for (size_t t = 0; t < count; ++t) {
          std::vector<uint8_t> expected(size_t{tile} * tile);
          TilePhases(codes[t], bits, expected);
          const auto words =
              std::span(packed).subspan(1 + t * grid.phase_words(), grid.phase_words());
          ASSERT_EQ(Unpack(grid, words), expected) << "tile " << t << " of " << count;
        }
      }
    }
  }
}

}  // namespace
}  // namespace seedfed
