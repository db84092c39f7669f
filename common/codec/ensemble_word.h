#ifndef SEEDFED_COMMON_CODEC_ENSEMBLE_WORD_H_
#define SEEDFED_COMMON_CODEC_ENSEMBLE_WORD_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "common/codec/word.h"
#include "common/cordic/cordic.h"

namespace seedfed {

// The word format `ensemble`: fifteen sub-seeds that share one scale. Byte 0 is the scale exponent
// e: the word's disk has the radius R = 2^(-e/8). Bytes 1 to 15 are sub-seeds: bits [7:5] r in
// sevenths of R, bits [4:0] theta in 32nds of a turn. Every 16 bytes are a valid word. All
// functions are pure and thread-safe.
inline constexpr size_t kSubSeeds = 15;

// Randomness of one sub-seed's rounding; both uniform.
struct SubSeedDither {
  uint32_t theta = 0;  // its upper 27 bits are used
  uint32_t r = 0;      // its upper 16 bits are used
};

// The word of `count` <= 15 points (the rest of the word is zero), with r and theta rounded
// stochastically: up with the probability of the fraction cut off, so that both are unbiased.
// Points outside the unit disk move to its rim. e is the largest exponent whose disk holds every
// point.
Word EncodeEnsemble(std::span<const Seed> seeds, std::span<const SubSeedDither> dither);

// The same of points whose polar form is known.
Word EncodeEnsemble(std::span<const Polar> points, std::span<const SubSeedDither> dither);

// The fifteen points of a word: u and v are RoundHalfEven(C(byte) * F(e mod 8) / 2^(30 + e div 8)),
// C being the sub-seed's point of the unit disk (SubSeedPoint) and F(k) = 2^(-k/8) in Q1.30,
// rounded to nearest.
std::array<Seed, kSubSeeds> DecodeEnsemble(const Word& word);

// The first `count` <= 15 points of the word that is stored at `bytes`, kWordBytes of them, as u,
// v, u, v ...
void DecodeEnsemble(const char* bytes, size_t count, int32_t* coordinates);

// The sub-seed's point of the unit disk: RoundHalfEven(r * (cos theta, sin theta) / 7), the cosine
// and sine first rounded to Q1.30.
Seed SubSeedPoint(uint8_t byte);

}  // namespace seedfed

#endif  // SEEDFED_COMMON_CODEC_ENSEMBLE_WORD_H_
