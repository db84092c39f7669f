#ifndef SEEDFED_CLI_COMPRESS_TENSOR_SEEDS_H_
#define SEEDFED_CLI_COMPRESS_TENSOR_SEEDS_H_

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "cli/compress/code_search.h"
#include "cli/compress/seed_file.h"
#include "cli/tensor_files/tensor_reader.h"

namespace seedfed {

// The seeds of one tensor before they are rounded to words: 12 bytes a tile.
struct TensorSeeds {
  std::vector<uint32_t> codes;  // of every tile
  std::vector<float> points;    // u and v of every tile, in units of weights
  double energy = 0;            // sum of the weights' squares
};

// Reads tensor `index` of `reader` tile row by tile row and fits its tiles. `fixed_codes`: every
// tile's code, or empty to search for the best one. InvalidArgument when a value is not finite.
absl::StatusOr<TensorSeeds> FitTensor(TensorReader& reader, size_t index, const SeedTensor& tensor,
                                      std::span<const uint32_t> fixed_codes, uint32_t phase_bits,
                                      CodeSearch& search);

// A tensor's bytes in a seed file, and what they keep of it.
struct EncodedTensor {
  std::string bytes;
  double energy = 0;  // sum of the weights' squares
  double error = 0;   // sum of the squares of weight minus expanded weight, before the expanded
                      // weight is rounded to the tensor's dtype
};

EncodedTensor EncodeTensor(const SeedFileHeader& header, const SeedTensor& tensor,
                           const TensorSeeds& seeds);

// Reads the next out.size() values of tensor `info`, of which `done` were read before.
// InvalidArgument names the first one that is not finite (as a binary32) by its index.
absl::Status ReadFinite(TensorReader& reader, const TensorInfo& info, uint64_t done,
                        std::span<float> out);
absl::Status ReadFinite(TensorReader& reader, const TensorInfo& info, uint64_t done,
                        std::span<double> out);

}  // namespace seedfed

#endif  // SEEDFED_CLI_COMPRESS_TENSOR_SEEDS_H_
