#include "common/kernels/rotation_product.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "common/base/philox.h"
#include "common/kernels/philox_batch.h"
#include "common/kernels/rotation_tile.h"
#include "tests/common/kernels/each_target.h"

namespace seedfed {
namespace {

// Whole tiles and cut ones, one block of columns and several, for every kind of tile.
std::vector<TileGrid> Grids() {
  std::vector<TileGrid> grids;
  for (const uint32_t bits : {2U, 4U}) {
    for (const uint32_t tile : {4U, 8U, 16U, 64U, 256U}) {
      for (const auto& [rows, cols] :
           {std::pair{16U, 2048U}, {21U, 1030U}, {13U, 37U}, {1U, 3U}, {9U, 1U}}) {
        grids.push_back({rows, cols, tile, bits});
      }
    }
  }
  return grids;
}

class RotationProduct : public EachTarget {
 protected:
  static constexpr float kGain = 0.3f;

  void Make(const TileGrid& grid) {
    codes_.resize(grid.tile_rows() * grid.tile_cols());
    for (uint32_t& code : codes_) code = stream_.Below(1 << 20);
    phases_.resize(codes_.size() * grid.phase_words());
    PackTilePhases(grid, codes_, phases_);
    u_ = Floats(codes_.size());
    v_ = Floats(codes_.size());
    x_ = Floats(grid.cols);
  }

  // The matrix, row-major, by the kernel that expands.
  std::vector<float> Weights(const TileGrid& grid, float gain) {
    const std::vector<float> zero(size_t{grid.rows} * grid.cols);
    std::vector<float> weights(zero.size());
    ExpandTiles(grid, phases_, gain, u_.data(), v_.data(), zero.data(), weights.data());
    return weights;
  }

  std::vector<float> Product(const TileGrid& grid) {
    std::vector<float> y(grid.rows, NAN);
    MultiplyTiles(grid, phases_, kGain, u_, v_, x_, y);
    return y;
  }

  std::vector<float> Floats(size_t count) {
    std::vector<float> values(count);
    for (float& value : values) value = static_cast<float>(stream_.Uniform() * 2 - 1);
    return values;
  }

  PhiloxStream stream_{{7, 4}, 0, 0, 0};
  std::vector<uint32_t> codes_, phases_;
  std::vector<float> u_, v_, x_;
};

SEEDFED_INSTANTIATE_EACH_TARGET(RotationProduct);

TEST_P(RotationProduct, EveryGrid_EqualToTheLastBitToTheSumsOfTheDefinition) {
  for (const TileGrid& grid : Grids()) {
    Make(grid);
    const std::vector<float> weights = Weights(grid, 1);
    std::vector<float> expected(grid.rows);
    for (size_t i = 0; i < grid.rows; ++i) {
      float total = 0;
      for (size_t left = 0; left < grid.cols; left += 1024) {
        float s[8] = {};
        for (size_t j = left; j < std::min<size_t>(left + 1024, grid.cols); ++j) {
          s[j % 8] += weights[i * grid.cols + j] * x_[j];
        }
        total += ((s[0] + s[4]) + (s[2] + s[6])) + ((s[1] + s[5]) + (s[3] + s[7]));
      }
      expected[i] = kGain * total;
    }
    ASSERT_EQ(Product(grid), expected)
        << grid.rows << "x" << grid.cols << " tile " << grid.tile << " bits " << grid.phase_bits;
  }
}

TEST_P(RotationProduct, EveryGrid_NearTheProductOfTheExpandedMatrix) {
  for (const TileGrid& grid : Grids()) {
    Make(grid);
    const std::vector<float> weights = Weights(grid, kGain);
    const std::vector<float> product = Product(grid);
    for (size_t i = 0; i < grid.rows; ++i) {
      double exact = 0, sizes = 0;
      for (size_t j = 0; j < grid.cols; ++j) {
        const double term = double{weights[i * grid.cols + j]} * x_[j];
        exact += term;
        sizes += std::abs(term);
      }
      // At most 128 sums one after the other, and a few more operations on each term.
      ASSERT_NEAR(product[i], exact, sizes * 136 * 0x1p-24) << "row " << i;
    }
  }
}

TEST_P(RotationProduct, FromCodes_TheSameAsFromPhases) {
  for (const TileGrid& grid : Grids()) {
    Make(grid);
    std::vector<float> y(grid.rows, NAN);
    MultiplyCodedTiles(grid, codes_, kGain, u_, v_, x_, y);
    ASSERT_EQ(y, Product(grid)) << grid.rows << "x" << grid.cols << " tile " << grid.tile;
  }
}

}  // namespace
}  // namespace seedfed
