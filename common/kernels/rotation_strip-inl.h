// What the kernels on rotation tiles share, once for each kind of processor.

#if defined(SEEDFED_COMMON_KERNELS_ROTATION_STRIP_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef SEEDFED_COMMON_KERNELS_ROTATION_STRIP_INL_H_
#undef SEEDFED_COMMON_KERNELS_ROTATION_STRIP_INL_H_
#else
#define SEEDFED_COMMON_KERNELS_ROTATION_STRIP_INL_H_
#endif

#include <hwy/highway.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>

#include "common/kernels/tile_grid.h"
#include "common/pattern/rotation.h"

HWY_BEFORE_NAMESPACE();
namespace seedfed {
namespace HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

// At most eight columns at a time: a tile of eight is the default, and a word holds at least eight
// phases.
template <typename T>
using Tag = hn::CappedTag<T, 8>;
template <typename T>
using Vector = hn::Vec<Tag<T>>;

// A single lane cannot look anything up: there the plain loops do all.
constexpr bool kVectors = HWY_TARGET != HWY_SCALAR;

// Cosine and sine of the phases.
template <uint32_t kBits>
struct Directions {
  Directions() {
    const std::span<const PhaseVector> vectors = PhaseTable(kBits);
    for (size_t n = 0; n < vectors.size(); ++n) {
      cos[n] = 0x1p-14f * vectors[n].cos;
      sin[n] = 0x1p-14f * vectors[n].sin;
    }
  }

  // The tables of `tiles` tiles, one after the other: entry n is gain * u * cos[n] + gain * v *
  // sin[n].
  HWY_INLINE void Scale(float gain, const float* u, const float* v, size_t tiles,
                        float* tables) const {
    const hn::CappedTag<float, 4> d;
    for (size_t n = 0; n < 1U << kBits; n += hn::Lanes(d)) {
      const auto cosines = hn::Load(d, cos + n), sines = hn::Load(d, sin + n);
      for (size_t t = 0; t < tiles; ++t) {
        const auto first = hn::Mul(hn::Set(d, gain * u[t]), cosines);
        const auto second = hn::Mul(hn::Set(d, gain * v[t]), sines);
        hn::Store(hn::Add(first, second), d, tables + (t << kBits) + n);
      }
    }
  }

  HWY_ALIGN float cos[1 << kBits];
  HWY_ALIGN float sin[1 << kBits];
};

// So many tiles of a row of tiles at a time: their tables stay in the first-level cache.
constexpr size_t kTilesAtATime = 128;

// Neighbouring tiles of one row of tiles.
struct Strip {
  const uint32_t* phases;  // of the first one
  size_t tile;             // side
  size_t words;            // phase words of a tile
  size_t tiles;
  size_t rows, cols;  // used: the last tile may be cut at the right, all of them below

  // Tiles that are not cut at the right.
  size_t whole() const { return cols / tile; }
};

// A word shifted by it has the phases of a row's columns n, n + 1, ... at its bottom, one in each
// lane; `bit` is where phase n begins.
template <uint32_t kBits>
HWY_INLINE Vector<uint32_t> Shifts(size_t bit) {
  const Tag<uint32_t> d;
  return hn::Add(hn::Mul(hn::Iota(d, 0), hn::Set(d, kBits)),
                 hn::Set(d, static_cast<uint32_t>(bit % 32)));
}

template <uint32_t kBits>
HWY_INLINE Vector<uint32_t> Phases(uint32_t word, Vector<uint32_t> shifts) {
  const Tag<uint32_t> d;
  return hn::And(hn::Shr(hn::Set(d, word), shifts), hn::Set(d, (1U << kBits) - 1));
}

template <uint32_t kBits>
HWY_INLINE uint32_t Phase(const uint32_t* phases, size_t bit) {
  return phases[bit / 32] >> (bit % 32) & ((1U << kBits) - 1);
}

// Look-ups among eight lanes take the lowest bits of the indices that they are given here, except
// in builds where Highway checks its arguments. A table of four is there twice, so that the third
// bit does not matter.
constexpr bool kTakesLowestBits = HWY_TARGET <= HWY_AVX2 && HWY_ARCH_X86 && !HWY_IS_DEBUG_BUILD;

// table[phase] in each lane, the phases being those of Phases(word, shifts). The table has 2^kBits
// entries.
template <uint32_t kBits, typename T>
HWY_INLINE Vector<T> LookUp(const T* table, uint32_t word, Vector<uint32_t> shifts) {
  const Tag<T> d;
  if constexpr (kBits == 4) {
    const auto phases = Phases<kBits>(word, shifts);
    return hn::GatherIndex(d, table, hn::BitCast(Tag<int32_t>(), phases));
  } else if constexpr (kTakesLowestBits) {
    const auto shifted = hn::Shr(hn::Set(Tag<uint32_t>(), word), shifts);
    return hn::TableLookupLanes(hn::LoadDup128(d, table), hn::IndicesFromVec(d, shifted));
  } else {
    const auto phases = Phases<kBits>(word, shifts);
    return hn::TableLookupLanes(hn::LoadDup128(d, table), hn::IndicesFromVec(d, phases));
  }
}

// Calls vector(column, word, shifts, table) for whole vectors of columns of row `i`, and
// scalar(column, phase, table) for what is left, in the tiles from `first` on. `tables`: 2^kBits
// entries for every tile.
template <uint32_t kBits, typename T, typename WholeVector, typename Scalar>
HWY_INLINE void ForRow(const Strip& strip, size_t i, size_t first, const T* tables,
                       const WholeVector& vector, const Scalar& scalar) {
  const size_t lanes = hn::Lanes(Tag<T>());
  const size_t first_bit = i * strip.tile * kBits;
  const size_t whole = strip.whole();
  size_t t = first;
  if (kVectors && strip.tile == lanes) {
    const Vector<uint32_t> shifts = Shifts<kBits>(first_bit);
    const uint32_t* word = strip.phases + t * strip.words + first_bit / 32;
    for (; t < whole; ++t, word += strip.words) {
      vector(t * lanes, *word, shifts, tables + (t << kBits));
    }
  }
  for (; t < strip.tiles; ++t) {
    const uint32_t* phases = strip.phases + t * strip.words;
    const T* table = tables + (t << kBits);
    const size_t left = t * strip.tile, width = std::min(strip.tile, strip.cols - left);
    size_t j = 0;
    for (; kVectors && j + lanes <= width; j += lanes) {
      const size_t bit = first_bit + j * kBits;
      vector(left + j, phases[bit / 32], Shifts<kBits>(bit), table);
    }
    for (; j < width; ++j) scalar(left + j, Phase<kBits>(phases, first_bit + j * kBits), table);
  }
}

// Calls each(strip, index of its first tile, offset of its first weight) for tiles `first` to
// first + count - 1, in strips of at most kTilesAtATime. `phases` begin with those of tile `first`.
template <typename Each>
HWY_INLINE void ForStrips(const TileGrid& grid, size_t first, size_t count, const uint32_t* phases,
                          const Each& each) {
  const size_t tile_cols = grid.tile_cols(), words = grid.phase_words();
  size_t row = first / tile_cols, col = first % tile_cols;
  for (size_t done = 0; done < count;) {
    const size_t tiles = std::min({count - done, tile_cols - col, kTilesAtATime});
    const size_t top = row * grid.tile, left = col * grid.tile;
    const Strip strip = {.phases = phases + done * words,
                         .tile = grid.tile,
                         .words = words,
                         .tiles = tiles,
                         .rows = std::min<size_t>(grid.tile, grid.rows - top),
                         .cols = std::min<size_t>(tiles * grid.tile, grid.cols - left)};
    each(strip, first + done, top * grid.cols + left);
    done += tiles;
    col += tiles;
    if (col == tile_cols) {
      col = 0;
      ++row;
    }
  }
}

}  // namespace HWY_NAMESPACE
}  // namespace seedfed
HWY_AFTER_NAMESPACE();

#endif  // SEEDFED_COMMON_KERNELS_ROTATION_STRIP_INL_H_
