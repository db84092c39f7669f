#ifndef SEEDFED_CLI_TENSOR_FILES_NPZ_WRITER_H_
#define SEEDFED_CLI_TENSOR_FILES_NPZ_WRITER_H_

#include "absl/status/status.h"
#include "cli/tensor_files/output_file.h"
#include "cli/tensor_files/tensor_reader.h"

namespace seedfed {

// Writes all tensors of `source` as an .npz archive, as WriteTensors says.
absl::Status WriteNpz(TensorReader& source, OutputFile& out);

}  // namespace seedfed

#endif  // SEEDFED_CLI_TENSOR_FILES_NPZ_WRITER_H_
