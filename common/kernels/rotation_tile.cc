#include "common/kernels/rotation_tile.h"

#include <algorithm>
#include <array>

#include "common/base/rounding.h"
#include "common/pattern/rotation.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "common/kernels/rotation_tile.cc"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace seedfed {
namespace HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

// At most eight columns at a time: a tile of eight is the default, and a word holds at least eight
// phases.
template <typename T>
using Tag = hn::CappedTag<T, 8>;

// A single lane cannot look anything up: there the plain loops do all.
constexpr bool kVectors = HWY_TARGET != HWY_SCALAR;

// Where a tile lies, and its phases.
struct Tile {
  const uint32_t* phases;
  size_t offset;  // of its first weight
  size_t rows, cols;
};

Tile FindTile(const TileGrid& grid, size_t t, const uint32_t* phases) {
  const size_t row = t / grid.tile_cols() * grid.tile, col = t % grid.tile_cols() * grid.tile;
  return {phases, row * grid.cols + col, std::min<size_t>(grid.tile, grid.rows - row),
          std::min<size_t>(grid.tile, grid.cols - col)};
}

template <uint32_t kBits>
HWY_INLINE uint32_t Phase(const Tile& tile, size_t n) {
  const size_t bit = n * kBits;
  return tile.phases[bit / 32] >> (bit % 32) & ((1U << kBits) - 1);
}

// The phases n, n + 1, ... one in each lane. They lie in one word.
template <uint32_t kBits>
HWY_INLINE hn::Vec<Tag<uint32_t>> Phases(const Tile& tile, size_t n) {
  const Tag<uint32_t> d;
  const size_t bit = n * kBits;
  const uint32_t word = tile.phases[bit / 32] >> (bit % 32);
  const auto shift = hn::Mul(hn::Iota(d, 0), hn::Set(d, kBits));
  return hn::And(hn::Shr(hn::Set(d, word), shift), hn::Set(d, (1U << kBits) - 1));
}

// table[phase] in each lane. The table has 2^kBits entries.
template <uint32_t kBits, typename T>
HWY_INLINE hn::Vec<Tag<T>> LookUp(const T* table, hn::Vec<Tag<uint32_t>> phases) {
  const Tag<T> d;
  if constexpr (kBits == 2) {
    return hn::TableLookupLanes(hn::LoadDup128(d, table), hn::IndicesFromVec(d, phases));
  } else {
    return hn::GatherIndex(d, table, hn::BitCast(Tag<int32_t>(), phases));
  }
}

template <uint32_t kBits>
void Expand(const TileGrid& grid, std::span<const uint32_t> phases, float gain, const float* u,
            const float* v, const float* base, float* weights) {
  const Tag<float> d;
  const size_t lanes = hn::Lanes(d), words = grid.phase_words();
  const std::span<const PhaseVector> vectors = PhaseTable(kBits);
  HWY_ALIGN float table[1 << kBits];
  for (size_t t = 0; t < grid.tile_rows() * grid.tile_cols(); ++t) {
    const Tile tile = FindTile(grid, t, phases.data() + t * words);
    const float gain_u = gain * u[t], gain_v = gain * v[t];
    for (size_t n = 0; n < vectors.size(); ++n) {
      table[n] = gain_u * (0x1p-14f * vectors[n].cos) + gain_v * (0x1p-14f * vectors[n].sin);
    }
    for (size_t i = 0; i < tile.rows; ++i) {
      const size_t row = tile.offset + i * grid.cols;
      size_t j = 0;
      for (; kVectors && j + lanes <= tile.cols; j += lanes) {
        const auto change = LookUp<kBits>(table, Phases<kBits>(tile, i * grid.tile + j));
        hn::StoreU(hn::Add(hn::LoadU(d, base + row + j), change), d, weights + row + j);
      }
      for (; j < tile.cols; ++j) {
        weights[row + j] = base[row + j] + table[Phase<kBits>(tile, i * grid.tile + j)];
      }
    }
  }
}

template <uint32_t kBits>
void Project(const TileGrid& grid, std::span<const uint32_t> phases, float gain,
             const float* gradient, float* du, float* dv) {
  const Tag<float> d;
  const size_t lanes = hn::Lanes(d), words = grid.phase_words();
  HWY_ALIGN float cosines[1 << kBits], sines[1 << kBits];
  const std::span<const PhaseVector> vectors = PhaseTable(kBits);
  for (size_t n = 0; n < vectors.size(); ++n) {
    cosines[n] = 0x1p-14f * vectors[n].cos;
    sines[n] = 0x1p-14f * vectors[n].sin;
  }
  HWY_ALIGN float columns_u[8], columns_v[8];
  for (size_t t = 0; t < grid.tile_rows() * grid.tile_cols(); ++t) {
    const Tile tile = FindTile(grid, t, phases.data() + t * words);
    const float* g = gradient + tile.offset;
    // Down the columns first, then along the columns from the left.
    float sum_u = 0, sum_v = 0;
    size_t j = 0;
    for (; kVectors && j + lanes <= tile.cols; j += lanes) {
      auto column_u = hn::Zero(d), column_v = hn::Zero(d);
      for (size_t i = 0; i < tile.rows; ++i) {
        const auto value = hn::LoadU(d, g + i * grid.cols + j);
        const auto phase = Phases<kBits>(tile, i * grid.tile + j);
        column_u = hn::Add(column_u, hn::Mul(value, LookUp<kBits>(cosines, phase)));
        column_v = hn::Add(column_v, hn::Mul(value, LookUp<kBits>(sines, phase)));
      }
      hn::Store(column_u, d, columns_u);
      hn::Store(column_v, d, columns_v);
      for (size_t lane = 0; lane < lanes; ++lane) {
        sum_u += columns_u[lane];
        sum_v += columns_v[lane];
      }
    }
    for (; j < tile.cols; ++j) {
      float column_u = 0, column_v = 0;
      for (size_t i = 0; i < tile.rows; ++i) {
        const uint32_t phase = Phase<kBits>(tile, i * grid.tile + j);
        column_u += g[i * grid.cols + j] * cosines[phase];
        column_v += g[i * grid.cols + j] * sines[phase];
      }
      sum_u += column_u;
      sum_v += column_v;
    }
    du[t] = gain * sum_u;
    dv[t] = gain * sum_v;
  }
}

// a + b, saturating.
HWY_INLINE hn::Vec<Tag<int32_t>> AddSaturated(hn::Vec<Tag<int32_t>> a, hn::Vec<Tag<int32_t>> b) {
  const Tag<int32_t> d;
  const auto sum = hn::Add(a, b);
  // Both have the sign that the sum has not.
  const auto overflow = hn::And(hn::Xor(a, sum), hn::Xor(b, sum));
  const auto limit = hn::Xor(hn::BroadcastSignBit(a), hn::Set(d, INT32_MAX));
  return hn::IfThenElse(hn::MaskFromVec(hn::BroadcastSignBit(overflow)), limit, sum);
}

template <uint32_t kBits>
void Merge(const TileGrid& grid, size_t first_tile, std::span<const uint32_t> phases,
           std::span<const int32_t> seeds, int32_t* base) {
  const Tag<int32_t> d;
  const size_t lanes = hn::Lanes(d), words = grid.phase_words();
  const std::span<const PhaseVector> vectors = PhaseTable(kBits);
  HWY_ALIGN int32_t table[1 << kBits];
  for (size_t t = 0; t < seeds.size() / 2; ++t) {
    const int64_t u = seeds[2 * t], v = seeds[2 * t + 1];
    if (u == 0 && v == 0) continue;
    const Tile tile = FindTile(grid, first_tile + t, phases.data() + t * words);
    for (size_t n = 0; n < vectors.size(); ++n) {
      // A size of at most 2^25, as |u| and |v| are at most 2^30.
      table[n] =
          static_cast<int32_t>(RoundHalfEvenShift(u * vectors[n].cos + v * vectors[n].sin, 20));
    }
    for (size_t i = 0; i < tile.rows; ++i) {
      int32_t* row = base + tile.offset + i * grid.cols;
      size_t j = 0;
      for (; kVectors && j + lanes <= tile.cols; j += lanes) {
        const auto change = LookUp<kBits>(table, Phases<kBits>(tile, i * grid.tile + j));
        hn::StoreU(AddSaturated(hn::LoadU(d, row + j), change), d, row + j);
      }
      for (; j < tile.cols; ++j) {
        row[j] = SaturateToInt32(int64_t{row[j]} + table[Phase<kBits>(tile, i * grid.tile + j)]);
      }
    }
  }
}

void ExpandTiles(const TileGrid& grid, std::span<const uint32_t> phases, float gain, const float* u,
                 const float* v, const float* base, float* weights) {
  const auto expand = grid.phase_bits == 2 ? Expand<2> : Expand<4>;
  expand(grid, phases, gain, u, v, base, weights);
}

void ProjectTiles(const TileGrid& grid, std::span<const uint32_t> phases, float gain,
                  const float* gradient, float* du, float* dv) {
  const auto project = grid.phase_bits == 2 ? Project<2> : Project<4>;
  project(grid, phases, gain, gradient, du, dv);
}

void MergeTiles(const TileGrid& grid, size_t first_tile, std::span<const uint32_t> phases,
                std::span<const int32_t> seeds, int32_t* base) {
  const auto merge = grid.phase_bits == 2 ? Merge<2> : Merge<4>;
  merge(grid, first_tile, phases, seeds, base);
}

}  // namespace HWY_NAMESPACE
}  // namespace seedfed
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace seedfed {

HWY_EXPORT(ExpandTiles);
HWY_EXPORT(ProjectTiles);
HWY_EXPORT(MergeTiles);

void ExpandTiles(const TileGrid& grid, std::span<const uint32_t> phases, float gain, const float* u,
                 const float* v, const float* base, float* weights) {
  HWY_DYNAMIC_DISPATCH(ExpandTiles)(grid, phases, gain, u, v, base, weights);
}

void ProjectTiles(const TileGrid& grid, std::span<const uint32_t> phases, float gain,
                  const float* gradient, float* du, float* dv) {
  HWY_DYNAMIC_DISPATCH(ProjectTiles)(grid, phases, gain, gradient, du, dv);
}

void MergeTiles(const TileGrid& grid, size_t first_tile, std::span<const uint32_t> phases,
                std::span<const int32_t> seeds, int32_t* base) {
  HWY_DYNAMIC_DISPATCH(MergeTiles)(grid, first_tile, phases, seeds, base);
}

}  // namespace seedfed
#endif
