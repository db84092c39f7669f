// The default tile, 8 x 8 with two-bit phases, a whole tile at a time; once for each kind of
// processor.

#if defined(SEEDFED_COMMON_KERNELS_EIGHT_TILE_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef SEEDFED_COMMON_KERNELS_EIGHT_TILE_INL_H_
#undef SEEDFED_COMMON_KERNELS_EIGHT_TILE_INL_H_
#else
#define SEEDFED_COMMON_KERNELS_EIGHT_TILE_INL_H_
#endif

#include <hwy/highway.h>

#include <cstddef>
#include <cstdint>

#include "common/kernels/rotation_strip-inl.h"

// Not where a vector has one lane.
#undef SEEDFED_EIGHT_TILE
#define SEEDFED_EIGHT_TILE (HWY_TARGET != HWY_SCALAR)

#if SEEDFED_EIGHT_TILE
HWY_BEFORE_NAMESPACE();
namespace seedfed {
namespace HWY_NAMESPACE {

// A tile's weights are kParts vectors: of two rows, the phases of which are one word, or of a row,
// or of half a row.
template <typename T>
class EightTile {
 public:
  using D = hn::CappedTag<T, 16>;
  using DU = hn::Rebind<uint32_t, D>;
  using V = hn::Vec<D>;
  static constexpr size_t kLanes = hn::MaxLanes(D());
  static constexpr size_t kParts = 64 / kLanes;
  static constexpr size_t kWords = 4;  // phases of a tile

  EightTile() {
    for (size_t n = 0; n < kShifts; ++n) {
      shifts_[n] = hn::Add(hn::ShiftLeft<1>(hn::Iota(DU(), 0)),
                           hn::Set(DU(), static_cast<uint32_t>(2 * kLanes * n)));
    }
  }

  // table[phase] for the weights of a part; the table's four entries repeat in all lanes.
  HWY_INLINE V LookUp(V table, const uint32_t* words, size_t part) const {
    return LookUp(table, hn::Shr(hn::Set(DU(), words[part / kShifts]), shifts_[part % kShifts]));
  }

  // The same for phases in the two lowest bits of each lane.
  static HWY_INLINE V LookUp(V table, hn::Vec<DU> phases) {
    if constexpr (!kTakesLowestBits) phases = hn::And(phases, hn::Set(DU(), 3));
    return hn::TableLookupLanes(table, hn::IndicesFromVec(D(), phases));
  }

  // Calls each(tile, part, values) for all parts of `tiles` neighbouring tiles, two rows at a time:
  // more at a time would be too many places for the processor to read ahead at. `tables` have four
  // entries for each tile.
  template <typename Each>
  HWY_INLINE void ForRowPairs(const T* tables, const uint32_t* phases, size_t tiles,
                              const Each& each) const {
    for (size_t first = 0; first < kParts; first += kShifts) {
      for (size_t t = 0; t < tiles; ++t) {
        const V table = hn::LoadDup128(D(), tables + 4 * t);
        for (size_t part = first; part < first + kShifts; ++part) {
          each(t, part, LookUp(table, phases + kWords * t, part));
        }
      }
    }
  }

  // The part's numbers of a matrix with rows of `stride`, the tile beginning at `tile`.
  static HWY_INLINE V Load(const T* tile, size_t stride, size_t part) {
    const T* row = tile + part * kLanes / 8 * stride + part * kLanes % 8;
    if constexpr (kLanes == 16) {
      return hn::Combine(D(), hn::LoadU(Half(), row + stride), hn::LoadU(Half(), row));
    } else {
      return hn::LoadU(D(), row);
    }
  }

  static HWY_INLINE void Store(V numbers, T* tile, size_t stride, size_t part) {
    T* row = tile + part * kLanes / 8 * stride + part * kLanes % 8;
    if constexpr (kLanes == 16) {
      hn::StoreU(hn::LowerHalf(Half(), numbers), Half(), row);
      hn::StoreU(hn::UpperHalf(Half(), numbers), Half(), row + stride);
    } else {
      hn::StoreU(numbers, D(), row);
    }
  }

 private:
  using Half = hn::Half<D>;
  static constexpr size_t kShifts = 16 / kLanes;  // parts of a word

  hn::Vec<DU> shifts_[kShifts];
};

}  // namespace HWY_NAMESPACE
}  // namespace seedfed
HWY_AFTER_NAMESPACE();
#endif

#endif  // SEEDFED_COMMON_KERNELS_EIGHT_TILE_INL_H_
