#include "common/kernels/rotation_tile.h"

#include <algorithm>
#include <limits>
#include <vector>

#include "common/base/philox.h"
#include "common/base/rounding.h"
#include "common/kernels/philox_batch.h"
#include "common/pattern/rotation.h"
#include "tests/common/kernels/each_target.h"

namespace seedfed {
namespace {

// Whole tiles, cut ones, single rows and columns, for every kind of tile.
std::vector<TileGrid> Grids() {
  std::vector<TileGrid> grids;
  for (const uint32_t bits : {2U, 4U}) {
    for (const uint32_t tile : {4U, 8U, 16U, 32U}) {
      for (const auto& [rows, cols] :
           {std::pair{32U, 64U}, {24U, 203U}, {13U, 21U}, {1U, 7U}, {9U, 1U}}) {
        grids.push_back({rows, cols, tile, bits});
      }
    }
  }
  return grids;
}

class RotationTile : public EachTarget {
 protected:
  // A grid with random phases; the phase of each weight, plainly.
  void Make(const TileGrid& grid) {
    const size_t tiles = grid.tile_rows() * grid.tile_cols();
    codes_.resize(tiles);
    for (uint32_t& code : codes_) code = stream_.Below(1 << 20);
    phases_.resize(tiles * grid.phase_words());
    PackTilePhases(grid, codes_, phases_);
    tile_of_.resize(size_t{grid.rows} * grid.cols);
    vector_of_.resize(tile_of_.size());
    std::vector<uint8_t> tile(size_t{grid.tile} * grid.tile);
    for (size_t t = 0; t < tiles; ++t) {
      TilePhases(codes_[t], grid.phase_bits, tile);
      const size_t top = t / grid.tile_cols() * grid.tile, left = t % grid.tile_cols() * grid.tile;
      for (size_t i = top; i < std::min<size_t>(top + grid.tile, grid.rows); ++i) {
        for (size_t j = left; j < std::min<size_t>(left + grid.tile, grid.cols); ++j) {
          tile_of_[i * grid.cols + j] = t;
          vector_of_[i * grid.cols + j] =
              PhaseTable(grid.phase_bits)[tile[(i - top) * grid.tile + j - left]];
        }
      }
    }
  }

  std::vector<float> Floats(size_t count) {
    std::vector<float> values(count);
    for (float& value : values) value = static_cast<float>(stream_.Uniform() * 2 - 1);
    return values;
  }

  PhiloxStream stream_{{3, 4}, 0, 0, 0};
  std::vector<uint32_t> codes_, phases_;
  std::vector<size_t> tile_of_;  // of each weight
  std::vector<PhaseVector> vector_of_;
};

SEEDFED_INSTANTIATE_EACH_TARGET(RotationTile);

TEST_P(RotationTile, Expand_EqualToTheLastBit) {
  for (const TileGrid& grid : Grids()) {
    Make(grid);
    const std::vector<float> u = Floats(codes_.size()), v = Floats(codes_.size());
    const std::vector<float> base = Floats(tile_of_.size());
    std::vector<float> weights(base.size()), expected(base.size());
    for (size_t n = 0; n < base.size(); ++n) {
      const float cosine = 0x1p-14f * vector_of_[n].cos, sine = 0x1p-14f * vector_of_[n].sin;
      const float first = 0.3f * u[tile_of_[n]] * cosine, second = 0.3f * v[tile_of_[n]] * sine;
      expected[n] = base[n] + (first + second);
    }
    ExpandTiles(grid, phases_, 0.3f, u.data(), v.data(), base.data(), weights.data());
    ASSERT_EQ(weights, expected) << grid.rows << "x" << grid.cols << " tile " << grid.tile;
  }
}

// The sums go down the columns first, so that they are the same for every number of lanes.
TEST_P(RotationTile, Project_EqualToTheLastBit) {
  for (const TileGrid& grid : Grids()) {
    Make(grid);
    const std::vector<float> gradient = Floats(tile_of_.size());
    std::vector<float> expected_u(codes_.size()), expected_v(codes_.size());
    for (size_t j = 0; j < grid.cols; ++j) {
      for (size_t top = 0; top < grid.rows; top += grid.tile) {
        float column_u = 0, column_v = 0;
        for (size_t i = top; i < std::min<size_t>(top + grid.tile, grid.rows); ++i) {
          const size_t n = i * grid.cols + j;
          column_u += gradient[n] * (0x1p-14f * vector_of_[n].cos);
          column_v += gradient[n] * (0x1p-14f * vector_of_[n].sin);
        }
        expected_u[tile_of_[top * grid.cols + j]] += column_u;
        expected_v[tile_of_[top * grid.cols + j]] += column_v;
      }
    }
    for (float& sum : expected_u) sum = 0.3f * sum;
    for (float& sum : expected_v) sum = 0.3f * sum;
    std::vector<float> du(codes_.size()), dv(codes_.size());
    ProjectTiles(grid, phases_, 0.3f, gradient.data(), du.data(), dv.data());
    ASSERT_EQ(du, expected_u) << grid.rows << "x" << grid.cols << " tile " << grid.tile;
    ASSERT_EQ(dv, expected_v) << grid.rows << "x" << grid.cols << " tile " << grid.tile;
  }
}

TEST_P(RotationTile, Merge_EqualToTheLastBitAndSaturating) {
  constexpr int32_t kEnds[] = {std::numeric_limits<int32_t>::max(),
                               std::numeric_limits<int32_t>::min(), 0};
  for (const TileGrid& grid : Grids()) {
    Make(grid);
    std::vector<int32_t> seeds(2 * codes_.size());
    for (int32_t& seed : seeds) seed = static_cast<int32_t>(stream_.Below(1U << 31)) - (1 << 30);
    if (seeds.size() > 2) seeds[2] = seeds[3] = 0;
    std::vector<int32_t> base(tile_of_.size());
    for (int32_t& weight : base) {
      const uint32_t end = stream_.Below(4);
      weight = end < 3 ? kEnds[end] : static_cast<int32_t>(stream_.Next());
    }
    std::vector<int32_t> expected = base;
    for (size_t n = 0; n < base.size(); ++n) {
      const int64_t u = seeds[2 * tile_of_[n]], v = seeds[2 * tile_of_[n] + 1];
      expected[n] = SaturateToInt32(
          base[n] + RoundHalfEvenShift(u * vector_of_[n].cos + v * vector_of_[n].sin, 20));
    }
    MergeTiles(grid, 0, phases_, seeds, base.data());
    ASSERT_EQ(base, expected) << grid.rows << "x" << grid.cols << " tile " << grid.tile;
  }
}

TEST_P(RotationTile, MergeInParts_TheSameAsAtOnce) {
  const TileGrid grid = {29, 45, 8, 2};
  Make(grid);
  std::vector<int32_t> seeds(2 * codes_.size());
  for (int32_t& seed : seeds) seed = static_cast<int32_t>(stream_.Below(1U << 31)) - (1 << 30);
  std::vector<int32_t> whole(tile_of_.size()), parts(tile_of_.size());
  MergeTiles(grid, 0, phases_, seeds, whole.data());
  for (size_t first = 0; first < codes_.size(); first += 5) {
    const size_t count = std::min<size_t>(5, codes_.size() - first);
    const size_t words = grid.phase_words();
    MergeTiles(grid, first, std::span(phases_).subspan(first * words, count * words),
               std::span(seeds).subspan(2 * first, 2 * count), parts.data());
  }
  EXPECT_EQ(parts, whole);
}

}  // namespace
}  // namespace seedfed
