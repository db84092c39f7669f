#include "cli/compress/code_search.h"

#include <gtest/gtest.h>

#include <cmath>

#include "common/base/philox.h"
#include "common/pattern/rotation.h"

namespace seedfed {
namespace {

// The part of a tile that is used, with zeros elsewhere.
std::vector<float> RandomTile(uint32_t tile, size_t rows, size_t cols, PhiloxStream& stream) {
  std::vector<float> values(size_t{tile} * tile, 0.0F);
  for (size_t i = 0; i < rows; ++i) {
    for (size_t j = 0; j < cols; ++j) {
      // A sum of uniforms is near enough to a Gaussian.
      double sum = -6;
      for (int k = 0; k < 12; ++k) sum += stream.Uniform();
      values[i * tile + j] = static_cast<float>(sum);
    }
  }
  return values;
}

// Sum of (w - u cos - v sin)^2 over the used part.
double Error(const std::vector<float>& values, uint32_t tile, uint32_t phase_bits, uint32_t code,
             double u, double v, size_t rows, size_t cols) {
  std::vector<uint8_t> phases(size_t{tile} * tile);
  TilePhases(code, phase_bits, phases);
  double sum = 0;
  for (size_t i = 0; i < rows; ++i) {
    for (size_t j = 0; j < cols; ++j) {
      const PhaseVector phase = PhaseTable(phase_bits)[phases[i * tile + j]];
      const double error = values[i * tile + j] - (u * phase.cos + v * phase.sin) * 0x1p-14;
      sum += error * error;
    }
  }
  return sum;
}

TEST(CodePattern, AnyTile_PointIsTheLeastSquaresPoint) {
  PhiloxStream stream({1, 2}, 3, 4, 5);
  for (const uint32_t phase_bits : {2U, 4U}) {
    for (const auto& [rows, cols] : {std::pair<size_t, size_t>{8, 8}, {3, 8}, {8, 1}, {2, 2}}) {
      const std::vector<float> values = RandomTile(8, rows, cols, stream);
      const TileFit fit = CodePattern(77, 8, phase_bits).Fit(values, rows, cols);
      const double least = Error(values, 8, phase_bits, 77, fit.u, fit.v, rows, cols);
      EXPECT_NEAR(Error(values, 8, phase_bits, 77, 0, 0, rows, cols) - least, fit.captured, 1e-9);
      for (const auto& [du, dv] : {std::pair(1e-4, 0.0), {-1e-4, 0.0}, {0.0, 1e-4}, {0.0, -1e-4}}) {
        EXPECT_GT(Error(values, 8, phase_bits, 77, fit.u + du, fit.v + dv, rows, cols), least);
      }
    }
  }
}

TEST(CodePattern, TileMadeOfThePattern_TheSamePointAgain) {
  std::vector<uint8_t> phases(64);
  TilePhases(99, 2, phases);
  std::vector<float> values(64);
  for (size_t p = 0; p < 64; ++p) {
    const PhaseVector phase = PhaseTable(2)[phases[p]];
    values[p] = static_cast<float>((0.25 * phase.cos - 0.5 * phase.sin) * 0x1p-14);
  }
  const TileFit fit = CodePattern(99, 8, 2).Fit(values, 8, 8);
  EXPECT_NEAR(fit.u, 0.25, 1e-7);
  EXPECT_NEAR(fit.v, -0.5, 1e-7);
}

// One weight, or several with phases on one line, are met exactly by many points.
TEST(CodePattern, SingularNormalEquations_TheShortestPoint) {
  std::vector<float> values(64, 0.0F);
  values[0] = 3;
  const TileFit fit = CodePattern(5, 8, 2).Fit(values, 1, 1);
  EXPECT_NEAR(Error(values, 8, 2, 5, fit.u, fit.v, 1, 1), 0, 1e-12);
  EXPECT_NEAR(std::hypot(fit.u, fit.v), 3, 1e-3);  // the phase vector's length is 1 to 14 bits
  EXPECT_NEAR(fit.captured, 9, 1e-9);
}

TEST(CodePattern, ZeroTile_ZeroPoint) {
  const TileFit fit = CodePattern(5, 8, 2).Fit(std::vector<float>(64, 0.0F), 8, 8);
  EXPECT_EQ(fit.u, 0);
  EXPECT_EQ(fit.v, 0);
  EXPECT_EQ(fit.captured, 0);
}

// The search against the dumb way: fit every code.
TEST(CodeSearch, AnyTiles_NoCodeCapturesMore) {
  PhiloxStream stream({6, 7}, 8, 9, 10);
  for (const auto& [tile, codes] : {std::pair(8U, 300U), {4U, 37U}, {32U, 20U}, {128U, 5U}}) {
    for (const uint32_t phase_bits : {2U, 4U}) {
      CodeSearch search(tile, phase_bits, codes);
      for (const size_t rows : {size_t{tile}, size_t{1}, size_t{3}}) {
        const size_t count = std::min<size_t>(5, search.batch());
        std::vector<float> tiles;
        for (size_t t = 0; t < count; ++t) {
          const std::vector<float> one = RandomTile(tile, rows, tile, stream);
          tiles.insert(tiles.end(), one.begin(), one.end());
        }
        std::vector<TileFit> fits(count);
        search.Search(tiles, rows, tile, fits);
        for (size_t t = 0; t < count; ++t) {
          const auto one = std::span(tiles).subspan(t * tile * tile, size_t{tile} * tile);
          double most = 0;
          for (uint32_t code = 0; code < codes; ++code) {
            most =
                std::max(most, CodePattern(code, tile, phase_bits).Fit(one, rows, tile).captured);
          }
          EXPECT_LT(fits[t].code, codes);
          EXPECT_NEAR(fits[t].captured, most, 1e-5 * most) << tile << " " << phase_bits;
        }
      }
    }
  }
}

TEST(CodeSearch, ManyCodes_FindsTheOneThatMadeTheTile) {
  constexpr uint32_t kCode = 70'001;
  std::vector<uint8_t> phases(256);
  TilePhases(kCode, 2, phases);
  std::vector<float> values(256);
  for (size_t p = 0; p < 256; ++p) values[p] = PhaseTable(2)[phases[p]].cos * 1e-30F;
  CodeSearch search(16, 2, 100'000);
  std::vector<TileFit> fits(1);
  search.Search(values, 16, 16, fits);
  EXPECT_EQ(fits[0].code, kCode);
}

TEST(CodeSearch, HugeAndTinyValues_NoOverflow) {
  PhiloxStream stream({1, 1}, 1, 1, 1);
  const std::vector<float> usual = RandomTile(8, 8, 8, stream);
  CodeSearch search(8, 2, 256);
  std::vector<TileFit> fits(1);
  search.Search(usual, 8, 8, fits);
  const uint32_t code = fits[0].code;
  for (const float scale : {1e37F, 1e-37F}) {
    std::vector<float> scaled = usual;
    for (float& value : scaled) value *= scale;
    search.Search(scaled, 8, 8, fits);
    EXPECT_EQ(fits[0].code, code);
    EXPECT_TRUE(std::isfinite(fits[0].captured));
  }
}

TEST(CodeSearch, ZeroTile_FirstCode) {
  CodeSearch search(8, 2, 256);
  std::vector<TileFit> fits(1);
  search.Search(std::vector<float>(64, 0.0F), 8, 8, fits);
  EXPECT_EQ(fits[0].code, 0u);
  EXPECT_EQ(fits[0].captured, 0);
}

}  // namespace
}  // namespace seedfed
