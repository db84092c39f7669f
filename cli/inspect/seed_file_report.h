#ifndef SEEDFED_CLI_INSPECT_SEED_FILE_REPORT_H_
#define SEEDFED_CLI_INSPECT_SEED_FILE_REPORT_H_

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "cli/compress/seed_file.h"
#include "cli/inspect/word_statistics.h"
#include "cli/tensor_files/input_file.h"

namespace seedfed {

struct TensorSummary {
  double scale = 0;  // of the tensor's weights; 0 and no words: its values are stored as they are
  WordStatistics words;
};

struct SeedFileSummary {
  std::string name;
  uint64_t bytes = 0;
  SeedFileHeader header;
  std::vector<TensorSummary> tensors;
  absl::Status valid;  // the first word or scale that is not
};

// Reads a seed file as `seedfed compress` writes it, in bounded memory. InvalidArgument names the
// file when it is none, truncated or damaged.
absl::StatusOr<SeedFileSummary> SummariseSeedFile(const InputFile& file);

// The key, which the rotation codes follow from when none were searched, is shown only with
// `show_key`.
std::string SeedFileText(const SeedFileSummary& summary, bool show_key);

// kind "seeds", file, bytes, valid, reason, version, codec, phase_bits, codes, key (with show_key
// only), metadata, tensors: array of {name, dtype, shape, tile (0: values as they are), bytes; with
// tiles also tiles, scale, words, invalid, zero_seeds, r {min, max, mean, std}, and with ensemble
// exponent {min, max, mean, std}}
nlohmann::ordered_json SeedFileJson(const SeedFileSummary& summary, bool show_key);

}  // namespace seedfed

#endif  // SEEDFED_CLI_INSPECT_SEED_FILE_REPORT_H_
