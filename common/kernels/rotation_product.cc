#include "common/kernels/rotation_product.h"

#include <algorithm>
#include <cstddef>
#include <vector>

#include "common/kernels/philox_batch.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "common/kernels/rotation_product.cc"
#include <hwy/cache_control.h>
#include <hwy/foreach_target.h>
// After it, so that they are there for each target.
#include <hwy/highway.h>

#include "common/kernels/eight_tile-inl.h"
#include "common/kernels/rotation_strip-inl.h"

HWY_BEFORE_NAMESPACE();
namespace seedfed {
namespace HWY_NAMESPACE {

// Columns of a block, and the sums of a row in it.
constexpr size_t kBlock = 1024;
constexpr size_t kSums = 8;

HWY_INLINE float Total(const float* sums) {
  return ((sums[0] + sums[4]) + (sums[2] + sums[6])) + ((sums[1] + sums[5]) + (sums[3] + sums[7]));
}

// Tiles of a row of tiles that lie in one block of columns.
struct Part {
  const uint32_t* phases;
  const float* u;
  const float* v;
  size_t tiles;
  size_t rows, cols;
  // Tiles from here to the next part, which is fetched meanwhile: it is too far for the processor
  // to foresee. 0: nothing to fetch.
  size_t ahead, phases_ahead;
};

// The sums of a part whose tiles have any form; adds the rows' totals to y.
template <uint32_t kBits>
void AddPart(const Directions<kBits>& directions, const TileGrid& grid, const Part& part,
             const float* x, float* y) {
  const Tag<float> d;
  const Strip strip = {.phases = part.phases,
                       .tile = grid.tile,
                       .words = grid.phase_words(),
                       .tiles = part.tiles,
                       .rows = part.rows,
                       .cols = part.cols};
  HWY_ALIGN float tables[(kBlock / 4) << kBits];
  directions.Scale(1, part.u, part.v, part.tiles, tables);
  for (size_t i = 0; i < part.rows; ++i) {
    HWY_ALIGN float sums[kSums] = {};
    ForRow<kBits>(
        strip, i, 0, tables,
        [&](size_t column, uint32_t word, Vector<uint32_t> shifts, const float* table) {
          float* sum = sums + column % kSums;
          const auto weights = LookUp<kBits>(table, word, shifts);
          hn::Store(hn::Add(hn::Load(d, sum), hn::Mul(weights, hn::LoadU(d, x + column))), d, sum);
        },
        [&](size_t column, uint32_t phase, const float* table) {
          sums[column % kSums] += table[phase] * x[column];
        });
    y[i] += Total(sums);
  }
}

#if SEEDFED_EIGHT_TILE

// The same for tiles with whole words of phases in each row, four rows at a time.
template <uint32_t kBits>
class WideTilePart {
 public:
  // Whether tiles are such.
  static bool Fits(const TileGrid& grid) { return grid.tile * kBits >= 32; }

  WideTilePart() {
    for (size_t n = 0; n < kShifts; ++n) shifts_[n] = Shifts<kBits>(n * kLanes * kBits);
  }

  // The block's columns; `x` has `cols` of them, the rest are zero.
  void SetColumns(const float* x, size_t cols) {
    std::fill(std::copy_n(x, cols, x_), x_ + kBlock, 0.0f);
  }

  void Add(const TileGrid& grid, const Part& part, float* y) const {
    HWY_ALIGN float tables[(kBlock / 8) << kBits];
    directions_.Scale(1, part.u, part.v, part.tiles, tables);
    for (size_t i = 0; i < part.rows; i += kRows) {
      HWY_ALIGN float sums[kRows * kSums];
      Sum(grid, part, i, tables, sums);
      const size_t rows = std::min(kRows, part.rows - i);
      for (size_t r = 0; r < rows; ++r) y[i + r] += Total(sums + r * kSums);
    }
  }

 private:
  static constexpr size_t kRows = 4;
  static constexpr size_t kLanes = hn::MaxLanes(Tag<float>());
  static constexpr size_t kShifts = 32 / kBits / kLanes;
  static constexpr size_t kVectors = kSums / kLanes;  // of a row's sums

  HWY_INLINE void Sum(const TileGrid& grid, const Part& part, size_t first_row, const float* tables,
                      float* out) const {
    const Tag<float> d;
    const size_t row_words = grid.tile * kBits / 32, tile_words = grid.phase_words();
    const uint32_t* words = part.phases + first_row * row_words;
    const float* x = x_;
    Vector<float> sums[kRows * kVectors];
    for (Vector<float>& sum : sums) sum = hn::Zero(d);
    for (size_t t = 0; t < part.tiles; ++t, words += tile_words) {
      const float* table = tables + (t << kBits);
      for (size_t w = 0; w < row_words; ++w, x += 32 / kBits) {
        for (size_t r = 0; r < kRows; ++r) {
          const uint32_t word = words[r * row_words + w];
          for (size_t n = 0; n < kShifts; ++n) {
            Vector<float>& sum = sums[r * kVectors + n % kVectors];
            const auto weights = LookUp<kBits>(table, word, shifts_[n]);
            sum = hn::Add(sum, hn::Mul(weights, hn::Load(d, x + n * kLanes)));
          }
        }
      }
    }
    for (size_t n = 0; n < kRows * kVectors; ++n) hn::Store(sums[n], d, out + n * kLanes);
  }

  const Directions<kBits> directions_;
  Vector<uint32_t> shifts_[kShifts];
  HWY_ALIGN float x_[kBlock];
};

// The same for tiles of eight with two-bit phases.
class EightPart {
 public:
  EightPart() {
    const std::span<const PhaseVector> vectors = PhaseTable(2);
    for (size_t n = 0; n < Tile::kLanes; ++n) {
      cos_[n] = 0x1p-14f * vectors[n % 4].cos;
      sin_[n] = 0x1p-14f * vectors[n % 4].sin;
    }
  }

  // The block's columns, each eight twice where a vector has two rows; `x` has `cols` of them, the
  // rest are zero.
  void SetColumns(const float* x, size_t cols) {
    for (size_t j = 0; j < kBlock; ++j) {
      for (size_t copy = 0; copy < kCopies; ++copy) {
        x_[j / 8 * 8 * kCopies + copy * 8 + j % 8] = j < cols ? x[j] : 0.0f;
      }
    }
  }

  void Add(const Part& part, float* y) const {
    const Tile tile;
    const Tile::D d;
    const Tile::V cos = hn::Load(d, cos_), sin = hn::Load(d, sin_);
    Tile::V sums[Tile::kParts];
    for (Tile::V& sum : sums) sum = hn::Zero(d);
    const uint32_t* words = part.phases;
    const float* x = x_;
    for (size_t t = 0; t < part.tiles; ++t, words += Tile::kWords, x += 8 * kCopies) {
      const Tile::V table =
          hn::Add(hn::Mul(hn::Set(d, part.u[t]), cos), hn::Mul(hn::Set(d, part.v[t]), sin));
      if (t % 4 == 0) hwy::Prefetch(words + Tile::kWords * part.phases_ahead);
      if (t % 16 == 0) hwy::Prefetch(part.u + t + part.ahead);
      if (t % 16 == 0) hwy::Prefetch(part.v + t + part.ahead);
      for (size_t p = 0; p < Tile::kParts; ++p) {
        const Tile::V columns = hn::Load(d, x + p * Tile::kLanes % 8);
        sums[p] = hn::Add(sums[p], hn::Mul(tile.LookUp(table, words, p), columns));
      }
    }
    HWY_ALIGN float rows[8 * kSums];
    for (size_t p = 0; p < Tile::kParts; ++p) hn::Store(sums[p], d, rows + p * Tile::kLanes);
    for (size_t i = 0; i < part.rows; ++i) y[i] += Total(rows + i * kSums);
  }

 private:
  using Tile = EightTile<float>;
  static constexpr size_t kCopies = Tile::kLanes == 16 ? 2 : 1;

  HWY_ALIGN float cos_[Tile::kLanes];
  HWY_ALIGN float sin_[Tile::kLanes];
  HWY_ALIGN float x_[kBlock * kCopies];
};

#endif

// Calls add(part, its first column, its first row) for the tiles of one block of columns after
// the other, row by row. `phases` are those of all tiles, or empty: then they are made from
// `codes`.
template <typename Add>
void ForParts(const TileGrid& grid, std::span<const uint32_t> phases,
              std::span<const uint32_t> codes, const float* u, const float* v, const Add& add) {
  const size_t tile_cols = grid.tile_cols(), words = grid.phase_words();
  const size_t most = std::min(kBlock / grid.tile, tile_cols);
  std::vector<uint32_t> made(phases.empty() ? most * words : 0);
  for (size_t tile_col = 0; tile_col < tile_cols; tile_col += most) {
    const size_t tiles = std::min(most, tile_cols - tile_col);
    const size_t left = tile_col * grid.tile;
    for (size_t tile_row = 0; tile_row < grid.tile_rows(); ++tile_row) {
      const size_t first = tile_row * tile_cols + tile_col, top = tile_row * grid.tile;
      if (phases.empty()) PackTilePhases(grid, codes.subspan(first, tiles), made);
      const size_t ahead = tile_row + 1 < grid.tile_rows() ? tile_cols : 0;
      const Part part = {.phases = phases.empty() ? made.data() : phases.data() + first * words,
                         .u = u + first,
                         .v = v + first,
                         .tiles = tiles,
                         .rows = std::min<size_t>(grid.tile, grid.rows - top),
                         .cols = std::min<size_t>(tiles * grid.tile, grid.cols - left),
                         .ahead = ahead,
                         .phases_ahead = phases.empty() ? 0 : ahead};
      add(part, left, top);
    }
  }
}

template <uint32_t kBits>
void Multiply(const TileGrid& grid, std::span<const uint32_t> phases,
              std::span<const uint32_t> codes, const float* u, const float* v, const float* x,
              float* y) {
#if SEEDFED_EIGHT_TILE
  if (kBits == 2 && grid.tile == 8) {
    EightPart eight;
    ForParts(grid, phases, codes, u, v, [&](const Part& part, size_t left, size_t top) {
      if (top == 0) eight.SetColumns(x + left, part.cols);
      eight.Add(part, y + top);
    });
    return;
  }
  if (WideTilePart<kBits>::Fits(grid)) {
    WideTilePart<kBits> wide;
    ForParts(grid, phases, codes, u, v, [&](const Part& part, size_t left, size_t top) {
      if (top == 0) wide.SetColumns(x + left, part.cols);
      wide.Add(grid, part, y + top);
    });
    return;
  }
#endif
  const Directions<kBits> directions;
  ForParts(grid, phases, codes, u, v, [&](const Part& part, size_t left, size_t top) {
    AddPart(directions, grid, part, x + left, y + top);
  });
}

void MultiplyTiles(const TileGrid& grid, std::span<const uint32_t> phases,
                   std::span<const uint32_t> codes, float gain, const float* u, const float* v,
                   const float* x, std::span<float> y) {
  std::fill(y.begin(), y.end(), 0.0f);
  const auto multiply = grid.phase_bits == 2 ? Multiply<2> : Multiply<4>;
  multiply(grid, phases, codes, u, v, x, y.data());
  for (float& sum : y) sum *= gain;
}

}  // namespace HWY_NAMESPACE
}  // namespace seedfed
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace seedfed {

HWY_EXPORT(MultiplyTiles);

void MultiplyTiles(const TileGrid& grid, std::span<const uint32_t> phases, float gain,
                   std::span<const float> u, std::span<const float> v, std::span<const float> x,
                   std::span<float> y) {
  HWY_DYNAMIC_DISPATCH(MultiplyTiles)(grid, phases, {}, gain, u.data(), v.data(), x.data(), y);
}

void MultiplyCodedTiles(const TileGrid& grid, std::span<const uint32_t> codes, float gain,
                        std::span<const float> u, std::span<const float> v,
                        std::span<const float> x, std::span<float> y) {
  HWY_DYNAMIC_DISPATCH(MultiplyTiles)(grid, {}, codes, gain, u.data(), v.data(), x.data(), y);
}

}  // namespace seedfed
#endif
