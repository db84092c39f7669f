#ifndef SEEDFED_CLI_REPRODUCE_QUANTISE_H_
#define SEEDFED_CLI_REPRODUCE_QUANTISE_H_

#include <cstdint>
#include <span>
#include <vector>

namespace seedfed {

// Ordinary compressed forms of a matrix, for comparison.
struct Quantised {
  std::vector<float> weights;  // after decoding
  uint64_t bytes = 0;
};

// Whole numbers from -127 to 127 times a scale, rounded to nearest. One binary32 scale for
// the whole matrix, or one for each row: the largest size divided by 127.
Quantised QuantiseInt8PerTensor(std::span<const float> matrix);
Quantised QuantiseInt8PerRow(std::span<const float> matrix, uint32_t cols);

// IEEE-754 binary16, rounded to nearest, ties to even.
Quantised QuantiseFp16(std::span<const float> matrix);

}  // namespace seedfed

#endif  // SEEDFED_CLI_REPRODUCE_QUANTISE_H_
