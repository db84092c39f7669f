#ifndef SEEDFED_CLI_TENSOR_FILES_TENSOR_WRITER_H_
#define SEEDFED_CLI_TENSOR_FILES_TENSOR_WRITER_H_

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "cli/tensor_files/output_file.h"
#include "cli/tensor_files/tensor_reader.h"

namespace seedfed {

enum class FileFormat { kNpy, kNpz, kSafetensors };

// "npy", "npz", "safetensors".
absl::string_view FormatName(FileFormat format);
absl::StatusOr<FileFormat> ParseFormat(absl::string_view name);

// The format that a path's extension names. InvalidArgument when it names none.
absl::StatusOr<FileFormat> FormatOfPath(absl::string_view path);

// Writes all tensors of `source`, one at a time, without committing `out`. .npy holds exactly one
// tensor, NumPy formats no BF16, and only .safetensors keeps metadata; .npz entries are stored,
// with the date 1980-01-01, so that equal tensors make equal files.
absl::Status WriteTensors(TensorReader& source, FileFormat format, OutputFile& out);

}  // namespace seedfed

#endif  // SEEDFED_CLI_TENSOR_FILES_TENSOR_WRITER_H_
