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

// Eight lanes at most: a tile for each.
using U32 = hn::CappedTag<uint32_t, 8>;
using Vector = hn::Vec<U32>;

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

// Block `counter` under the keys (codes, 0), as in Philox4x32.
HWY_INLINE void Blocks(uint32_t counter, Vector codes, Vector block[4]) {
  constexpr uint32_t kMultiplier0 = 0xD2511F53, kMultiplier1 = 0xCD9E8D57;
  constexpr uint32_t kWeyl0 = 0x9E3779B9, kWeyl1 = 0xBB67AE85;
  const U32 d;
  Vector key0 = codes, key1 = hn::Zero(d);
  Vector c0 = hn::Set(d, counter), c1 = hn::Zero(d), c2 = hn::Zero(d), c3 = hn::Zero(d);
  for (int round = 0; round < 10; ++round) {
    Vector high0, low0, high1, low1;
    Multiply(c0, kMultiplier0, high0, low0);
    Multiply(c2, kMultiplier1, high1, low1);
    c0 = hn::Xor(hn::Xor(high1, c1), key0);
    c2 = hn::Xor(hn::Xor(high0, c3), key1);
    c1 = low1;
    c3 = low0;
    key0 = hn::Add(key0, hn::Set(d, kWeyl0));
    key1 = hn::Add(key1, hn::Set(d, kWeyl1));
  }
  block[0] = c0;
  block[1] = c1;
  block[2] = c2;
  block[3] = c3;
}

void PackTilePhases(const TileGrid& grid, std::span<const uint32_t> codes,
                    std::span<uint32_t> packed) {
  const U32 d;
  const size_t lanes = hn::Lanes(d);
  const size_t words = grid.phase_words();
  const size_t block_words = std::min<size_t>(words, 4);
  HWY_ALIGN uint32_t padded[8];
  HWY_ALIGN uint32_t tiles[4 * 8];
  for (size_t first = 0; first < codes.size(); first += lanes) {
    const size_t count = std::min(lanes, codes.size() - first);
    std::fill(std::copy_n(codes.begin() + static_cast<std::ptrdiff_t>(first), count, padded),
              padded + lanes, 0U);
    const Vector keys = hn::Load(d, padded);
    for (size_t b = 0; 4 * b < words; ++b) {
      Vector block[4];
      Blocks(static_cast<uint32_t>(b), keys, block);
      hn::StoreInterleaved4(block[0], block[1], block[2], block[3], d, tiles);
      for (size_t t = 0; t < count; ++t) {
        std::copy_n(tiles + 4 * t, block_words, packed.data() + (first + t) * words + 4 * b);
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
