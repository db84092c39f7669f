#ifndef SEEDFED_CLI_REPRODUCE_ENSEMBLE_FIT_H_
#define SEEDFED_CLI_REPRODUCE_ENSEMBLE_FIT_H_

#include <cstdint>
#include <span>
#include <vector>

#include "cli/reproduce/targets.h"
#include "common/base/philox.h"
#include "common/codec/word.h"

namespace seedfed {

// Fitting a real matrix with many seeds, greedily: each word is fitted to what the words before it
// left over. Energy is captured about zero: 1 - sum(error^2) / sum(weight^2).

// A matrix as the sum of the rotation patterns of single words, each over the whole matrix.
struct RotationWords {
  double gain = 0;  // the weight of radius 1; one binary32 for the matrix
  std::vector<Word> words;
  std::vector<double> captured;  // after each word, as decoded
};

// `words` words with the best of `codes` (1 to kCodes) rotation codes each; the codes tried for
// word k start at a pseudo-random one and count up. The target has energy.
RotationWords FitRotationWords(const Target& target, uint32_t words, uint32_t codes,
                               PhiloxKey codes_key);

// The weights of the words, row-major.
std::vector<float> ExpandRotationWords(const RotationWords& fit, size_t weights);

// A matrix as a sum of radial patterns, each with its own offset and scale.
struct RadialWords {
  std::vector<Word> words;
  std::vector<double> captured;
};

// Bytes of a radial word with its offset and scale, two binary32 numbers.
inline constexpr uint64_t kRadialWordBytes = kWordBytes + 8;

// `words` words, each trained by Adam (analytic gradient, published settings) on the rest, moved
// and scaled into [0, 1]. The target is not constant.
RadialWords FitRadialWords(const Target& target, uint32_t words, PhiloxStream& random);

// What ensemble words with searched codes capture of a matrix cut into tiles.
struct TileSearch {
  uint32_t codes = 0;     // tried per tile
  double continuous = 0;  // captured by the best (u, v) of every tile
  double stored = 0;      // captured after rounding to sub-seeds
};

// Every tile of side 8 with the best of the first `codes` rotation codes, for each of `counts`
// (ascending, 1 to kCodes); sub-seeds are rounded to nearest, with the best scale for each fifteen.
// The target's sides are multiples of 8, and it has energy.
std::vector<TileSearch> SearchTiles(const Target& target, std::span<const uint32_t> counts);

// The largest share of energy that any code of `bits_per_weight` can capture of a Gaussian source:
// 1 - D / sigma^2 with D = sigma^2 2^(-2 R). Source: Cover, Thomas, "Elements of information
// theory", theorem 10.3.2.
double ShannonLimit(double bits_per_weight);

}  // namespace seedfed

#endif  // SEEDFED_CLI_REPRODUCE_ENSEMBLE_FIT_H_
