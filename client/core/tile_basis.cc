#include "client/core/tile_basis.h"

#include <algorithm>
#include <cstddef>

#include "common/pattern/rotation.h"

namespace seedfed {
namespace {

// Each value of a row of tiles, once for every column that the tile covers.
void SpreadOverColumns(const float* values, float gain, size_t tile, std::span<float> columns) {
  for (size_t c = 0; c < columns.size(); c += tile, ++values) {
    std::fill_n(columns.data() + c, std::min(tile, columns.size() - c), gain * *values);
  }
}

// The opposite: the sum over the columns that each tile covers.
void SumOverColumns(std::span<const float> columns, float gain, size_t tile, float* values) {
  for (size_t c = 0; c < columns.size(); c += tile, ++values) {
    float sum = 0;
    for (size_t i = c; i < std::min(c + tile, columns.size()); ++i) sum += columns[i];
    *values = gain * sum;
  }
}

}  // namespace

TileBasis::TileBasis(const LayerSpec& layer, uint32_t phase_bits, double gain,
                     std::span<const uint32_t> codes)
    : layer_(layer),
      gain_(static_cast<float>(gain)),
      cos_(layer.rows, layer.cols),
      sin_(layer.rows, layer.cols),
      row_u_(layer.cols),
      row_v_(layer.cols) {
  const std::span<const PhaseVector> table = PhaseTable(phase_bits);
  std::vector<uint8_t> phases(size_t{layer.tile} * layer.tile);
  for (size_t t = 0; t < codes.size(); ++t) {
    TilePhases(codes[t], phase_bits, phases);
    const size_t row = t / layer.tile_cols() * layer.tile, col = t % layer.tile_cols() * layer.tile;
    const size_t rows = std::min<size_t>(layer.tile, layer.rows - row);
    const size_t cols = std::min<size_t>(layer.tile, layer.cols - col);
    for (size_t i = 0; i < rows; ++i) {
      for (size_t j = 0; j < cols; ++j) {
        const PhaseVector phase = table[phases[i * layer.tile + j]];
        cos_(row + i, col + j) = 0x1p-14f * phase.cos;
        sin_(row + i, col + j) = 0x1p-14f * phase.sin;
      }
    }
  }
}

void TileBasis::Expand(const Matrix& base, std::span<const float> u, std::span<const float> v,
                       Matrix& weights) {
  const size_t cols = layer_.cols;
  for (size_t t = 0; t < layer_.tile_rows(); ++t) {
    SpreadOverColumns(u.data() + t * layer_.tile_cols(), gain_, layer_.tile, row_u_);
    SpreadOverColumns(v.data() + t * layer_.tile_cols(), gain_, layer_.tile, row_v_);
    const size_t end = std::min<size_t>((t + 1) * layer_.tile, layer_.rows);
    for (size_t row = t * layer_.tile; row < end; ++row) {
      const float* __restrict from = base.data() + row * cols;
      const float* __restrict cosine = cos_.data() + row * cols;
      const float* __restrict sine = sin_.data() + row * cols;
      const float* __restrict row_u = row_u_.data();
      const float* __restrict row_v = row_v_.data();
      float* __restrict to = weights.data() + row * cols;
      for (size_t c = 0; c < cols; ++c)
        to[c] = from[c] + (row_u[c] * cosine[c] + row_v[c] * sine[c]);
    }
  }
}

void TileBasis::Project(const Matrix& gradient, std::span<float> du, std::span<float> dv) {
  const size_t cols = layer_.cols;
  for (size_t t = 0; t < layer_.tile_rows(); ++t) {
    std::fill(row_u_.begin(), row_u_.end(), 0.0f);
    std::fill(row_v_.begin(), row_v_.end(), 0.0f);
    const size_t end = std::min<size_t>((t + 1) * layer_.tile, layer_.rows);
    for (size_t row = t * layer_.tile; row < end; ++row) {
      const float* __restrict g = gradient.data() + row * cols;
      const float* __restrict cosine = cos_.data() + row * cols;
      const float* __restrict sine = sin_.data() + row * cols;
      float* __restrict row_u = row_u_.data();
      float* __restrict row_v = row_v_.data();
      for (size_t c = 0; c < cols; ++c) {
        row_u[c] += g[c] * cosine[c];
        row_v[c] += g[c] * sine[c];
      }
    }
    SumOverColumns(row_u_, gain_, layer_.tile, du.data() + t * layer_.tile_cols());
    SumOverColumns(row_v_, gain_, layer_.tile, dv.data() + t * layer_.tile_cols());
  }
}

}  // namespace seedfed
