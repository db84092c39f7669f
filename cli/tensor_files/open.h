#ifndef SEEDFED_CLI_TENSOR_FILES_OPEN_H_
#define SEEDFED_CLI_TENSOR_FILES_OPEN_H_

#include <memory>

#include "absl/status/statusor.h"
#include "cli/tensor_files/input_file.h"
#include "cli/tensor_files/tensor_reader.h"

namespace seedfed {

// The tensors of an .npy, .npz or .safetensors file or of a model's snapshot (model.seedfed). The
// first bytes decide which it is; only where they say nothing, the name's extension does.
// InvalidArgument with a sentence that names the file when it is none of them, or damaged.
absl::StatusOr<std::unique_ptr<TensorReader>> OpenTensors(std::unique_ptr<InputFile> file);

}  // namespace seedfed

#endif  // SEEDFED_CLI_TENSOR_FILES_OPEN_H_
