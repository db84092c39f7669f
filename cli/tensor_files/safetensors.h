#ifndef SEEDFED_CLI_TENSOR_FILES_SAFETENSORS_H_
#define SEEDFED_CLI_TENSOR_FILES_SAFETENSORS_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "cli/tensor_files/input_file.h"
#include "cli/tensor_files/tensor_reader.h"

namespace seedfed {

// The .safetensors format: 8 bytes header length (u64), a JSON object that gives each tensor's
// dtype, shape and data_offsets, then the values without holes. Source: the format's description in
// github.com/huggingface/safetensors.

inline constexpr uint64_t kMostSafetensorsHeaderBytes = 100'000'000;

struct SafetensorsHeader {
  struct Tensor {
    TensorInfo info;
    uint64_t begin = 0;  // of the bytes behind the header
    uint64_t end = 0;
  };
  std::vector<Tensor> tensors;  // in the order of their bytes
  Metadata metadata;            // of "__metadata__"
};

// The header of its JSON text. InvalidArgument with a sentence that does not name the file when the
// text is no such JSON, a tensor fails CheckTensor, a dtype is not F16, BF16, F32 or F64, or the
// tensors do not lie one behind the other from 0 to `data_bytes`.
absl::StatusOr<SafetensorsHeader> ParseSafetensorsHeader(absl::string_view json,
                                                         uint64_t data_bytes);

// Length and text of the header of a file that holds `tensors` in this order; a multiple of 8
// bytes.
std::string SafetensorsHeaderBytes(const std::vector<TensorInfo>& tensors,
                                   const Metadata& metadata);

absl::StatusOr<std::unique_ptr<TensorReader>> OpenSafetensors(std::unique_ptr<InputFile> file);

}  // namespace seedfed

#endif  // SEEDFED_CLI_TENSOR_FILES_SAFETENSORS_H_
