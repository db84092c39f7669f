#ifndef SEEDFED_CLI_TENSOR_FILES_NPZ_READER_H_
#define SEEDFED_CLI_TENSOR_FILES_NPZ_READER_H_

#include <memory>

#include "absl/status/statusor.h"
#include "cli/tensor_files/input_file.h"
#include "cli/tensor_files/tensor_reader.h"

namespace seedfed {

// NumPy's .npz format: a zip archive of .npy files, stored or deflated. The entry "w.npy" is the
// tensor "w".
absl::StatusOr<std::unique_ptr<TensorReader>> OpenNpz(std::unique_ptr<InputFile> file);

}  // namespace seedfed

#endif  // SEEDFED_CLI_TENSOR_FILES_NPZ_READER_H_
