#ifndef SEEDFED_COMMON_CODEC_SINGLE_WORD_H_
#define SEEDFED_COMMON_CODEC_SINGLE_WORD_H_

#include <cstdint>

#include "absl/status/statusor.h"
#include "common/codec/word.h"
#include "common/cordic/cordic.h"

namespace seedfed {

// The word format `single` (Packed128): one seed. Bit positions:
//   hi [63:44] r      Q0.20, unsigned       lo [63:32] r      binary32, in [0, 1)
//   hi [43:20] theta  Q0.24, modulo 1 turn  lo [31: 0] theta  binary32 turns, in [-0.5, 0.5)
//   hi [19: 0] code   rotation code
// `hi` follows from `lo`: r and theta rounded to nearest, ties to even; r at most 2^20 - 1.
// `hi` alone is Packed64. All functions are pure and thread-safe.
inline constexpr uint32_t kCodeBits = 20;

struct SingleFields {
  float r = 0;        // [0, 1)
  float theta = 0;    // turns, [-0.5, 0.5)
  uint32_t code = 0;  // below 2^20
};

// The quantised half.
struct Packed64Fields {
  uint32_t r = 0;      // Q0.20
  uint32_t theta = 0;  // Q0.24
  uint32_t code = 0;   // below 2^20
  friend bool operator==(const Packed64Fields&, const Packed64Fields&) = default;
};

uint64_t PackPacked64(const Packed64Fields& fields);
Packed64Fields UnpackPacked64(uint64_t hi);

// Fields must be in range.
Word PackSingle(const SingleFields& fields);

// InvalidArgument when r or theta is not finite or out of range, or `hi` is not what `lo` rounds
// to.
absl::StatusOr<SingleFields> UnpackSingle(const Word& word);

// The word of a point (u, v); a point outside the disk moves to its rim (r = 1 - 2^-24).
Word EncodeSingle(Seed seed, uint32_t code);

// The point of a word in polar form, from its `lo` half. InvalidArgument as UnpackSingle, or when
// the word's code is not `code`.
absl::StatusOr<Polar> DecodeSinglePolar(const Word& word, uint32_t code);

// The point of a word: ToCartesian of DecodeSinglePolar.
absl::StatusOr<Seed> DecodeSingle(const Word& word, uint32_t code);

}  // namespace seedfed

#endif  // SEEDFED_COMMON_CODEC_SINGLE_WORD_H_
