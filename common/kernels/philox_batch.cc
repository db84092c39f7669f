#include "common/kernels/philox_batch.h"

#include <algorithm>
#include <array>
#include <cstddef>

#include "common/base/philox.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "common/kernels/philox_batch.cc"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace seedfed {
namespace HWY_NAMESPACE {

#if HWY_TARGET == HWY_SCALAR

// For processors without any vectors that Highway knows, and the reference for those with.
void PackTilePhases(const TileGrid& grid, std::span<const uint32_t> codes,
                    std::span<uint32_t> packed) {
  const size_t words = grid.phase_words();
  for (size_t t = 0; t < codes.size(); ++t) {
    for (size_t w = 0; w < words; w += 4) {
      const PhiloxBlock block = Philox4x32({static_cast<uint32_t>(w / 4), 0, 0, 0}, {codes[t], 0});
      std::copy_n(block.begin(), std::min<size_t>(words - w, 4), packed.data() + t * words + w);
    }
  }
}

#else

namespace hn = hwy::HWY_NAMESPACE;

// A tile in each lane, sixteen at most.
using U32 = hn::CappedTag<uint32_t, 16>;
using Vector = hn::Vec<U32>;

// Tiles are worked on in two vectors at a time: the rounds of one fill the waits of the other.
constexpr size_t kMostTiles = 2 * 16;

// The 64-bit products of `x` and a constant, as their upper and lower halves.
HWY_INLINE void Multiply(Vector x, uint32_t constant, Vector& high, Vector& low) {
  const U32 d;
  const hn::RepartitionToWide<U32> wide;
  const Vector factor = hn::Set(d, constant);
  const auto even = hn::MulEven(x, factor);
  const auto odd = hn::MulEven(hn::BitCast(d, hn::ShiftRight<32>(hn::BitCast(wide, x))), factor);
  high = hn::OddEven(hn::BitCast(d, odd), hn::BitCast(d, hn::ShiftRight<32>(even)));
  low = hn::OddEven(hn::BitCast(d, hn::ShiftLeft<32>(odd)), hn::BitCast(d, even));
}

struct State {
  Vector c0, c1, c2, c3;
};

HWY_INLINE void Round(State& s, Vector key0, Vector key1) {
  Vector high0, low0, high1, low1;
  Multiply(s.c0, 0xD2511F53, high0, low0);
  Multiply(s.c2, 0xCD9E8D57, high1, low1);
  s = {hn::Xor(hn::Xor(high1, s.c1), key0), low1, hn::Xor(hn::Xor(high0, s.c3), key1), low0};
}

// Block `counter` under the keys (codes, 0), as in Philox4x32, of the tiles with the codes in
// `first` and `second`: four words for each tile, one tile after the other.
HWY_INLINE void Blocks(uint32_t counter, Vector first, Vector second, uint32_t* words) {
  const U32 d;
  const Vector zero = hn::Zero(d), weyl0 = hn::Set(d, 0x9E3779B9);
  State a = {hn::Set(d, counter), zero, zero, zero}, b = a;
  uint32_t weyl1 = 0;
  for (int round = 0; round < 10; ++round, weyl1 += 0xBB67AE85) {
    const Vector key1 = hn::Set(d, weyl1);
    Round(a, first, key1);
    Round(b, second, key1);
    first = hn::Add(first, weyl0);
    second = hn::Add(second, weyl0);
  }
  hn::StoreInterleaved4(a.c0, a.c1, a.c2, a.c3, d, words);
  hn::StoreInterleaved4(b.c0, b.c1, b.c2, b.c3, d, words + 4 * hn::Lanes(d));
}

void PackTilePhases(const TileGrid& grid, std::span<const uint32_t> codes,
                    std::span<uint32_t> packed) {
  const U32 d;
  const size_t tiles = 2 * hn::Lanes(d);
  const size_t words = grid.phase_words();
  const size_t block_words = std::min<size_t>(words, 4);
  HWY_ALIGN uint32_t keys[kMostTiles] = {};
  HWY_ALIGN uint32_t blocks[4 * kMostTiles];
  for (size_t first = 0; first < codes.size(); first += tiles) {
    const size_t count = std::min(tiles, codes.size() - first);
    std::copy_n(codes.begin() + static_cast<std::ptrdiff_t>(first), count, keys);
    const Vector low = hn::Load(d, keys), high = hn::Load(d, keys + hn::Lanes(d));
    if (words == 4 && count == tiles) {
      Blocks(0, low, high, packed.data() + 4 * first);
      continue;
    }
    for (size_t b = 0; 4 * b < words; ++b) {
      Blocks(static_cast<uint32_t>(b), low, high, blocks);
      for (size_t t = 0; t < count; ++t) {
        std::copy_n(blocks + 4 * t, block_words, packed.data() + (first + t) * words + 4 * b);
      }
    }
  }
}

#endif

}  // namespace HWY_NAMESPACE
}  // namespace seedfed
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace seedfed {

HWY_EXPORT(PackTilePhases);

void PackTilePhases(const TileGrid& grid, std::span<const uint32_t> codes,
                    std::span<uint32_t> packed) {
  HWY_DYNAMIC_DISPATCH(PackTilePhases)(grid, codes, packed);
}

}  // namespace seedfed
#endif
