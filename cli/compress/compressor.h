#ifndef SEEDFED_CLI_COMPRESS_COMPRESSOR_H_
#define SEEDFED_CLI_COMPRESS_COMPRESSOR_H_

#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"
#include "cli/compress/seed_file.h"
#include "cli/tensor_files/output_file.h"
#include "cli/tensor_files/tensor_reader.h"

namespace seedfed {

struct CompressSettings {
  uint32_t tile = 8;     // a power of two from 4 to 256
  uint32_t codes = 256;  // 1 to 2^20; 1: no search, codes follow from the key
  Codec codec = Codec::kEnsemble;
  uint32_t phase_bits = 2;
  FederationKey key;  // used when codes is 1
};

// What became of one tensor.
struct TensorReport {
  SeedTensor tensor;
  uint64_t bytes_out = 0;
  double energy = 0;  // sum of the weights' squares
  double error = 0;   // sum of the errors' squares

  bool as_values() const { return tensor.tile == 0; }
  double ratio() const;
  double bits_per_weight() const;
  double rmse() const;

  // The share of the sum of squares that the seeds keep, 0 to 1.
  double captured() const;

  // The share that any code can keep of independent Gaussian weights at as many bits: 1 - 2^(-2 R),
  // Shannon's distortion-rate function. 1 for values stored as they are.
  double gaussian_limit() const;
};

struct CompressReport {
  SeedFileHeader header;  // without tensors
  std::vector<TensorReport> tensors;
  uint64_t bytes_in = 0;   // of the values
  uint64_t bytes_out = 0;  // of the whole seed file
};

// The tile side for a tensor, 0 to store its values as they are: when it has fewer than two
// dimensions, when its matrix has fewer rows or columns than a tile, when a tile row has more than
// kMostTileRowBytes, and when scale, words and codes would take as many bytes as the values.
uint32_t TileFor(const TensorInfo& info, const SeedFileHeader& header, uint32_t tile);

// Writes all tensors of `reader` to `out` as a seed file, without committing it. Memory: one tile
// row of a tensor as binary32, 12 bytes a tile, the tensor's words, and a few MB. InvalidArgument
// when a value is not finite.
absl::StatusOr<CompressReport> Compress(TensorReader& reader, const CompressSettings& settings,
                                        OutputFile& out);

}  // namespace seedfed

#endif  // SEEDFED_CLI_COMPRESS_COMPRESSOR_H_
