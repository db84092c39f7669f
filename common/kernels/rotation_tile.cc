#include "common/kernels/rotation_tile.h"

#include <algorithm>
#include <array>

#include "common/base/rounding.h"
#include "common/pattern/rotation.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "common/kernels/rotation_tile.cc"
#include <hwy/foreach_target.h>
// After it, so that it is there for each target.
#include <hwy/highway.h>

#include "common/kernels/eight_tile-inl.h"
#include "common/kernels/rotation_strip-inl.h"

HWY_BEFORE_NAMESPACE();
namespace seedfed {
namespace HWY_NAMESPACE {

template <uint32_t kBits>
void Expand(const TileGrid& grid, std::span<const uint32_t> phases, float gain, const float* u,
            const float* v, const float* base, float* weights) {
  const Tag<float> d;
  const Directions<kBits> directions;
  HWY_ALIGN float tables[kTilesAtATime << kBits];
  const auto expand = [&](const Strip& strip, size_t first, size_t offset) {
    directions.Scale(gain, u + first, v + first, strip.tiles, tables);
    size_t done = 0;
#if SEEDFED_EIGHT_TILE
    if (kBits == 2 && strip.tile == 8 && strip.rows == 8) {
      done = strip.whole();
      const size_t stride = grid.cols;
      const float* from = base + offset;
      float* to = weights + offset;
      EightTile<float>().ForRowPairs(
          tables, strip.phases, done, [=](size_t t, size_t part, auto change) {
            const auto before = EightTile<float>::Load(from + 8 * t, stride, part);
            EightTile<float>::Store(hn::Add(before, change), to + 8 * t, stride, part);
          });
    }
#endif
    for (size_t i = 0; i < strip.rows; ++i, offset += grid.cols) {
      const float* from = base + offset;
      float* to = weights + offset;
      ForRow<kBits>(
          strip, i, done, tables,
          [&](size_t column, uint32_t word, Vector<uint32_t> shifts, const float* table) {
            const auto change = LookUp<kBits>(table, word, shifts);
            hn::StoreU(hn::Add(hn::LoadU(d, from + column), change), d, to + column);
          },
          [&](size_t column, uint32_t phase, const float* table) {
            to[column] = from[column] + table[phase];
          });
    }
  };
  ForStrips(grid, 0, grid.tile_rows() * grid.tile_cols(), phases.data(), expand);
}

#if SEEDFED_EIGHT_TILE

// The gradients of four vectors of neighbouring tiles, one or two whole tiles in each vector.
class EightProjection {
 public:
  static constexpr bool kUsable = EightTile<float>::kLanes >= 8;
  static constexpr size_t kInVector = kUsable ? EightTile<float>::kLanes / 8 : 1;
  static constexpr size_t kTiles = 4 * kInVector;

  EightProjection() {
    const std::span<const PhaseVector> vectors = PhaseTable(2);
    for (uint32_t n = 0; n < kLanes; ++n) {
      cos_[n] = 0x1p-14f * vectors[n % 4].cos;
      sin_[n] = 0x1p-14f * vectors[n % 4].sin;
      shifts_[n] = 2 * (n % 8);
      for (uint32_t word = 0; word < 8; ++word) {
        places_[word][n] = (word / 4 * 8 + n / 8 * 4 + word % 4) % kLanes;
      }
    }
  }

  // `gradient` is where the first tile begins, in rows of `stride`.
  HWY_INLINE void Project(const uint32_t* words, float gain, const float* gradient, size_t stride,
                          float* du, float* dv) const {
    const D d;
    const auto cos = hn::Load(d, cos_), sin = hn::Load(d, sin_);
    const auto even = hn::Load(DU(), shifts_), odd = hn::Add(even, hn::Set(DU(), 16));
    V u[4], v[4];
    for (size_t k = 0; k < 4; ++k) {
      u[k] = v[k] = hn::Zero(d);
      for (size_t i = 0; i < 8; ++i) {
        const auto value = hn::LoadU(d, gradient + i * stride + k * kLanes);
        const auto shifted = hn::Shr(Words(words, k, i / 2), i % 2 == 0 ? even : odd);
        u[k] = hn::Add(u[k], hn::Mul(value, EightTile<float>::LookUp(cos, shifted)));
        v[k] = hn::Add(v[k], hn::Mul(value, EightTile<float>::LookUp(sin, shifted)));
      }
    }
    Sum(u, gain, du);
    Sum(v, gain, dv);
  }

 private:
  using D = EightTile<float>::D;
  using DU = EightTile<float>::DU;
  using V = EightTile<float>::V;
  static constexpr size_t kLanes = EightTile<float>::kLanes;

  // Word `word` of its tile, in all lanes of vector k.
  HWY_INLINE hn::Vec<DU> Words(const uint32_t* words, size_t k, size_t word) const {
    const DU du;
    if constexpr (kLanes == 8) return hn::Set(du, words[4 * k + word]);
    const auto four_tiles = hn::LoadU(du, words + k / 2 * 16);
    const auto places = hn::Load(du, places_[k % 2 * 4 + word]);
    return hn::TableLookupLanes(four_tiles, hn::IndicesFromVec(du, places));
  }

  // Each tile's sum of eight lanes, from the left.
  static HWY_INLINE void Sum(const V columns[4], float gain, float* out) {
    const D d;
    const hn::RepartitionToWide<DU> pairs;
    const auto low01 = hn::BitCast(pairs, hn::InterleaveLower(d, columns[0], columns[1]));
    const auto low23 = hn::BitCast(pairs, hn::InterleaveLower(d, columns[2], columns[3]));
    const auto high01 = hn::BitCast(pairs, hn::InterleaveUpper(d, columns[0], columns[1]));
    const auto high23 = hn::BitCast(pairs, hn::InterleaveUpper(d, columns[2], columns[3]));
    // Their blocks of four are a lane of four tiles: lanes 0 to 3, and beside them 4 to 7.
    const V lanes[4] = {hn::BitCast(d, hn::InterleaveLower(pairs, low01, low23)),
                        hn::BitCast(d, hn::InterleaveUpper(pairs, low01, low23)),
                        hn::BitCast(d, hn::InterleaveLower(pairs, high01, high23)),
                        hn::BitCast(d, hn::InterleaveUpper(pairs, high01, high23))};
    V sum = hn::Zero(d);
    for (const V& lane : lanes) sum = hn::Add(sum, lane);
    sum = hn::SwapAdjacentBlocks(sum);
    for (const V& lane : lanes) sum = hn::Add(sum, lane);
    HWY_ALIGN float sums[kLanes];
    hn::Store(hn::Mul(hn::Set(d, gain), sum), d, sums);
    for (size_t t = 0; t < kTiles; ++t) {
      out[t] = sums[4 + t % kInVector * 8 + t / kInVector];
    }
  }

  HWY_ALIGN float cos_[kLanes];
  HWY_ALIGN float sin_[kLanes];
  HWY_ALIGN uint32_t shifts_[kLanes];
  HWY_ALIGN uint32_t places_[8][kLanes];  // of the words in those of four tiles
};

#endif

template <uint32_t kBits>
void Project(const TileGrid& grid, std::span<const uint32_t> phases, float gain,
             const float* gradient, float* du, float* dv) {
  const Tag<float> d;
  const size_t lanes = hn::Lanes(d), words = grid.phase_words();
  const Directions<kBits> directions;
  const float* cosines = directions.cos;
  const float* sines = directions.sin;
  const Vector<uint32_t> shifts = Shifts<kBits>(0);
  HWY_ALIGN float columns_u[8], columns_v[8];
  // One tile: down its columns first, then along them from the left.
  const auto project = [&](const uint32_t* tile, const float* g, size_t rows, size_t cols,
                           float& out_u, float& out_v) {
    float sum_u = 0, sum_v = 0;
    size_t j = 0;
    for (; kVectors && j + lanes <= cols; j += lanes) {
      auto column_u = hn::Zero(d), column_v = hn::Zero(d);
      for (size_t i = 0; i < rows; ++i) {
        const size_t bit = (i * grid.tile + j) * kBits;
        const auto value = hn::LoadU(d, g + i * grid.cols + j);
        const uint32_t word = tile[bit / 32] >> (bit % 32);
        column_u = hn::Add(column_u, hn::Mul(value, LookUp<kBits>(cosines, word, shifts)));
        column_v = hn::Add(column_v, hn::Mul(value, LookUp<kBits>(sines, word, shifts)));
      }
      hn::Store(column_u, d, columns_u);
      hn::Store(column_v, d, columns_v);
      for (size_t lane = 0; lane < lanes; ++lane) {
        sum_u += columns_u[lane];
        sum_v += columns_v[lane];
      }
    }
    for (; j < cols; ++j) {
      float column_u = 0, column_v = 0;
      for (size_t i = 0; i < rows; ++i) {
        const uint32_t phase = Phase<kBits>(tile, (i * grid.tile + j) * kBits);
        column_u += g[i * grid.cols + j] * cosines[phase];
        column_v += g[i * grid.cols + j] * sines[phase];
      }
      sum_u += column_u;
      sum_v += column_v;
    }
    out_u = gain * sum_u;
    out_v = gain * sum_v;
  };
#if SEEDFED_EIGHT_TILE
  const EightProjection eight;
#endif
  const auto each = [&](const Strip& strip, size_t first, size_t offset) {
    size_t t = 0;
#if SEEDFED_EIGHT_TILE
    if constexpr (kBits == 2 && EightProjection::kUsable) {
      constexpr size_t kTiles = EightProjection::kTiles;
      const bool whole_rows = strip.tile == 8 && strip.rows == 8;
      for (; whole_rows && t + kTiles <= strip.whole(); t += kTiles) {
        eight.Project(strip.phases + t * words, gain, gradient + offset + 8 * t, grid.cols,
                      du + first + t, dv + first + t);
      }
    }
#endif
    for (; t < strip.tiles; ++t) {
      const size_t left = t * strip.tile;
      project(strip.phases + t * words, gradient + offset + left, strip.rows,
              std::min(strip.tile, strip.cols - left), du[first + t], dv[first + t]);
    }
  };
  ForStrips(grid, 0, grid.tile_rows() * grid.tile_cols(), phases.data(), each);
}

// The changes of a tile's weights, by phase: sizes of at most 2^25, as |u| and |v| are at most
// 2^30.
template <uint32_t kBits>
HWY_INLINE void Changes(std::span<const PhaseVector> vectors, int64_t u, int64_t v,
                        int32_t* table) {
  // The upper half of the phases are the opposites of the lower half.
  constexpr size_t kHalf = 1U << (kBits - 1);
  for (size_t n = 0; n < kHalf; ++n) {
    const int64_t product = u * vectors[n].cos + v * vectors[n].sin;
    // RoundHalfEvenShift(product, 20) for products far from the ends of int64.
    const auto change = static_cast<int32_t>((product + (1 << 19) - 1 + (product >> 20 & 1)) >> 20);
    table[n] = change;
    table[n + kHalf] = -change;
  }
}

template <uint32_t kBits>
void Merge(const TileGrid& grid, size_t first_tile, std::span<const uint32_t> phases,
           std::span<const int32_t> seeds, int32_t* base) {
  const Tag<int32_t> d;
  const std::span<const PhaseVector> vectors = PhaseTable(kBits);
  HWY_ALIGN int32_t tables[kTilesAtATime << kBits];
  const auto merge = [&](const Strip& strip, size_t first, size_t offset) {
    const int32_t* seed = seeds.data() + 2 * (first - first_tile);
    for (size_t t = 0; t < strip.tiles; ++t) {
      Changes<kBits>(vectors, seed[2 * t], seed[2 * t + 1], tables + (t << kBits));
    }
    // One of its two highest bits is set when a sum has a size of 2^30 or more: only then one can
    // have overflowed.
    auto large = hn::Zero(d);
    size_t done = 0;
#if SEEDFED_EIGHT_TILE
    if (kBits == 2 && strip.tile == 8 && strip.rows == 8) {
      done = strip.whole();
      const EightTile<int32_t>::D all;
      auto sizes = hn::Zero(all);
      const size_t stride = grid.cols;
      int32_t* from = base + offset;
      EightTile<int32_t>().ForRowPairs(
          tables, strip.phases, done, [=, &sizes](size_t t, size_t part, auto change) {
            const auto before = EightTile<int32_t>::Load(from + 8 * t, stride, part);
            const auto sum = hn::Add(before, change);
            sizes = hn::Or(sizes, hn::Abs(sum));
            EightTile<int32_t>::Store(sum, from + 8 * t, stride, part);
          });
      if (!hn::AllTrue(all, hn::Eq(hn::ShiftRight<30>(sizes), hn::Zero(all)))) {
        large = hn::Set(d, -1);
      }
    }
#endif
    for (size_t i = 0; i < strip.rows; ++i) {
      int32_t* row = base + offset + i * grid.cols;
      ForRow<kBits>(
          strip, i, done, tables,
          [&](size_t column, uint32_t word, Vector<uint32_t> shifts, const int32_t* table) {
            const auto change = LookUp<kBits>(table, word, shifts);
            const auto sum = hn::Add(hn::LoadU(d, row + column), change);
            large = hn::Or(large, hn::Abs(sum));
            hn::StoreU(sum, d, row + column);
          },
          [&](size_t column, uint32_t phase, const int32_t* table) {
            row[column] = SaturateToInt32(int64_t{row[column]} + table[phase]);
          });
    }
    if (hn::AllTrue(d, hn::Eq(hn::ShiftRight<30>(large), hn::Zero(d)))) return;
    // Sums wrap around, so what was there before can be had again.
    for (size_t i = 0; i < strip.rows; ++i) {
      int32_t* row = base + offset + i * grid.cols;
      const auto saturate = [&](size_t column, const int32_t* table, uint32_t phase) {
        const auto before = static_cast<int32_t>(static_cast<uint32_t>(row[column]) -
                                                 static_cast<uint32_t>(table[phase]));
        row[column] = SaturateToInt32(int64_t{before} + table[phase]);
      };
      ForRow<kBits>(
          strip, i, 0, tables,
          [&](size_t column, uint32_t word, Vector<uint32_t> shifts, const int32_t* table) {
            HWY_ALIGN uint32_t lane_phases[8];
            hn::Store(Phases<kBits>(word, shifts), Tag<uint32_t>(), lane_phases);
            for (size_t lane = 0; lane < hn::Lanes(d); ++lane) {
              saturate(column + lane, table, lane_phases[lane]);
            }
          },
          [](size_t, uint32_t, const int32_t*) {});
    }
  };
  ForStrips(grid, first_tile, seeds.size() / 2, phases.data(), merge);
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
