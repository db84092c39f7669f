#ifndef SEEDFED_CLI_COMPRESS_SEED_FILE_H_
#define SEEDFED_CLI_COMPRESS_SEED_FILE_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "cli/tensor_files/input_file.h"
#include "cli/tensor_files/tensor.h"
#include "cli/tensor_files/tensor_reader.h"
#include "common/base/key.h"
#include "common/model/spec.h"

namespace seedfed {

// The seed file, a model as words. Format: docs/seed-files.md.

inline constexpr absl::string_view kSeedFileMagic = "SEEDFILE";
inline constexpr uint32_t kSeedFileVersion = 1;
inline constexpr size_t kSeedFileChecksumBytes = 16;  // BLAKE2b-128 of all bytes before
inline constexpr uint64_t kMostSeedHeaderBytes = 100'000'000;
// The largest tile row, as values: what is held in memory at a time.
inline constexpr uint64_t kMostTileRowBytes = uint64_t{1} << 30;
inline constexpr uint32_t kMostCodes = 1U << 20;

struct SeedTensor {
  TensorInfo info;
  uint32_t tile = 0;  // side of a tile; 0: the values are stored as they are

  // As a matrix: the first dimension, and all others in one.
  uint64_t rows() const { return info.shape.empty() ? 1 : info.shape[0]; }
  uint64_t cols() const { return info.elements() / rows(); }
  uint64_t tile_rows() const { return (rows() + tile - 1) / tile; }
  uint64_t tile_cols() const { return (cols() + tile - 1) / tile; }
  uint64_t tiles() const { return tile_rows() * tile_cols(); }
  uint64_t tile_row_bytes() const { return cols() * tile * DTypeBytes(info.dtype); }
};

struct SeedFileHeader {
  Codec codec = Codec::kEnsemble;  // or kSingle
  uint32_t phase_bits = 2;
  uint32_t codes = 256;  // the codes that a tile's code was chosen from: 0 to codes - 1; 1: the
                         // codes follow from the key
  FederationKey key;
  std::vector<SeedTensor> tensors;
  Metadata metadata;

  // Bits of a tile's code beside its ensemble word; 0: none is stored.
  uint32_t code_bits() const;

  // Lengths of a tensor's parts, bytes: words, codes, and all it takes (scale, words and codes, or
  // the values as they are).
  uint64_t word_bytes(const SeedTensor& tensor) const;
  uint64_t code_bytes(const SeedTensor& tensor) const;
  uint64_t tensor_bytes(const SeedTensor& tensor) const;
};

// The header as bytes.
std::string SeedFileHeaderBytes(const SeedFileHeader& header);

struct LoadedSeedFileHeader {
  SeedFileHeader header;
  std::vector<uint64_t> starts;  // of each tensor's bytes, offsets in the file
};

// Reads the header and checks it against the file's length, but not the checksum. InvalidArgument
// with a sentence that names the file.
absl::StatusOr<LoadedSeedFileHeader> ReadSeedFileHeader(const InputFile& file);

// Compares the checksum, which reads the whole file.
absl::Status CheckSeedFileChecksum(const InputFile& file);

// Number `index` of a list of numbers of `bits` bits each (1 to 20), least significant bit first.
uint32_t LoadPackedCode(absl::string_view bytes, uint32_t bits, uint64_t index);

// The list of `codes`, each below 2^bits; the last byte's unused bits are 0.
std::string PackCodes(const std::vector<uint32_t>& codes, uint32_t bits);

}  // namespace seedfed

#endif  // SEEDFED_CLI_COMPRESS_SEED_FILE_H_
