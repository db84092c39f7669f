#include "client/core/tile_basis.h"

#include <gtest/gtest.h>

#include <cmath>
#include <tuple>

#include "common/base/philox.h"
#include "common/model/merge.h"
#include "common/pattern/rotation.h"

namespace seedfed {
namespace {

// tile side, phase bits
class TileBasisTest : public testing::TestWithParam<std::tuple<uint32_t, uint32_t>> {
 protected:
  // Neither side is a multiple of a tile, one tile row is a single row of weights.
  TileBasisTest()
      : layer_{.rows = 17, .cols = 45, .tile = std::get<0>(GetParam())},
        phase_bits_(std::get<1>(GetParam())),
        codes_(layer_.tiles()),
        basis_(MakeBasis()) {}

  TileBasis MakeBasis() {
    TileCodes({1, 2}, 3, 4, codes_);
    return TileBasis(layer_, phase_bits_, kGain, codes_);
  }

  float Uniform() { return static_cast<float>(2 * random_.Uniform() - 1); }

  std::vector<float> Numbers(size_t count) {
    std::vector<float> numbers(count);
    for (float& number : numbers) number = Uniform();
    return numbers;
  }

  Matrix Weights() {
    Matrix weights(layer_.rows, layer_.cols);
    for (float& weight : weights.reshaped()) weight = Uniform();
    return weights;
  }

  static constexpr double kGain = 1.25;
  PhiloxStream random_{{7, 8}, 0, 0, 0};
  LayerSpec layer_;
  uint32_t phase_bits_;
  std::vector<uint32_t> codes_;
  TileBasis basis_;
};

TEST_P(TileBasisTest, Expand_IsTheIntegerMerge) {
  const std::vector<float> u = Numbers(layer_.tiles()), v = Numbers(layer_.tiles());
  const Matrix base = Weights();
  Matrix weights(layer_.rows, layer_.cols);
  basis_.Expand(base, u, v, weights);

  constexpr double kUnit = kGain * 0x1p-24;
  std::vector<int32_t> seeds, merged;
  for (size_t t = 0; t < layer_.tiles(); ++t) {
    seeds.push_back(static_cast<int32_t>(std::lrint(u[t] * 0x1p30)));
    seeds.push_back(static_cast<int32_t>(std::lrint(v[t] * 0x1p30)));
  }
  for (Eigen::Index i = 0; i < base.size(); ++i) {
    merged.push_back(static_cast<int32_t>(std::lrint(base.data()[i] / kUnit)));
  }
  MergeSeeds(layer_, phase_bits_, codes_, seeds, merged);
  for (Eigen::Index i = 0; i < weights.size(); ++i) {
    ASSERT_NEAR(weights.data()[i], merged[i] * kUnit, 1e-6) << "weight " << i;
  }
}

TEST_P(TileBasisTest, Project_IsTheSumOverEachTile) {
  const Matrix gradient = Weights();
  std::vector<float> du(layer_.tiles(), 9), dv(layer_.tiles(), 9);
  basis_.Project(gradient, du, dv);

  std::vector<uint8_t> phases(layer_.tile * layer_.tile);
  for (size_t t = 0; t < layer_.tiles(); ++t) {
    TilePhases(codes_[t], phase_bits_, phases);
    double u = 0, v = 0;
    for (size_t i = 0; i < layer_.tile; ++i) {
      for (size_t j = 0; j < layer_.tile; ++j) {
        const size_t row = t / layer_.tile_cols() * layer_.tile + i;
        const size_t col = t % layer_.tile_cols() * layer_.tile + j;
        if (row >= layer_.rows || col >= layer_.cols) continue;
        const double phase = (phases[i * layer_.tile + j] + .5) / (1 << phase_bits_) * 2 * M_PI;
        u += kGain * gradient(row, col) * std::cos(phase);
        v += kGain * gradient(row, col) * std::sin(phase);
      }
    }
    // PhaseTable rounds a cosine by up to 2^-15; a tile has at most 17 x 45 weights.
    ASSERT_NEAR(du[t], u, 1e-2) << "tile " << t;
    ASSERT_NEAR(dv[t], v, 1e-2) << "tile " << t;
  }
}

TEST_P(TileBasisTest, Project_IsTheTransposeOfExpand) {
  const std::vector<float> u = Numbers(layer_.tiles()), v = Numbers(layer_.tiles());
  const Matrix gradient = Weights(), zero = Matrix::Zero(layer_.rows, layer_.cols);
  Matrix weights(layer_.rows, layer_.cols);
  basis_.Expand(zero, u, v, weights);
  std::vector<float> du(layer_.tiles()), dv(layer_.tiles());
  basis_.Project(gradient, du, dv);

  double by_seeds = 0;
  for (size_t t = 0; t < layer_.tiles(); ++t)
    by_seeds += double{du[t]} * u[t] + double{dv[t]} * v[t];
  EXPECT_NEAR(by_seeds, gradient.cast<double>().cwiseProduct(weights.cast<double>()).sum(), 1e-4);
}

INSTANTIATE_TEST_SUITE_P(TilesAndPhases, TileBasisTest,
                         testing::Combine(testing::Values(4, 8, 16, 256), testing::Values(2, 4)));

}  // namespace
}  // namespace seedfed
