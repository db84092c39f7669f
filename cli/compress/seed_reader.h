#ifndef SEEDFED_CLI_COMPRESS_SEED_READER_H_
#define SEEDFED_CLI_COMPRESS_SEED_READER_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "cli/tensor_files/input_file.h"
#include "cli/tensor_files/tensor_reader.h"

namespace seedfed {

// The expanded tensors of a seed file, in their stored dtypes: integers up to the last step, so
// that every machine gets the same bits. The file's checksum is verified first. Memory: a tensor's
// words and codes, and one tile row of its values.
absl::StatusOr<std::unique_ptr<TensorReader>> OpenSeedFile(std::unique_ptr<InputFile> file);

// Whether the file starts as a seed file does.
bool IsSeedFile(const InputFile& file);

// A seed file, or any file that OpenTensors takes, by its path; "-" is standard input.
absl::StatusOr<std::unique_ptr<TensorReader>> OpenModelFile(const std::string& path);

}  // namespace seedfed

#endif  // SEEDFED_CLI_COMPRESS_SEED_READER_H_
