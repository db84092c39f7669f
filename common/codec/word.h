#ifndef SEEDFED_COMMON_CODEC_WORD_H_
#define SEEDFED_COMMON_CODEC_WORD_H_

#include <cstddef>
#include <cstdint>

#include "common/base/bytes.h"

namespace seedfed {

// 128 bits that stand for one tile of weights (single) or fifteen (ensemble).
struct Word {
  uint64_t hi = 0;
  uint64_t lo = 0;
  friend bool operator==(const Word&, const Word&) = default;
};

inline constexpr size_t kWordBytes = 16;

// On the wire and on disk: hi, then lo, each little-endian.
inline Word LoadWord(const char* bytes) {
  return {LoadLittleEndian<uint64_t>(bytes), LoadLittleEndian<uint64_t>(bytes + 8)};
}

inline void StoreWord(const Word& word, char* bytes) {
  StoreLittleEndian(word.hi, bytes);
  StoreLittleEndian(word.lo, bytes + 8);
}

// A seed in Cartesian form: the point (u, v) of the unit disk, Q1.30 (2^30 stands for 1).
struct Seed {
  int32_t u = 0;
  int32_t v = 0;
  friend bool operator==(const Seed&, const Seed&) = default;
};

}  // namespace seedfed

#endif  // SEEDFED_COMMON_CODEC_WORD_H_
