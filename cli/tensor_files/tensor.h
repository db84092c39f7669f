#ifndef SEEDFED_CLI_TENSOR_FILES_TENSOR_H_
#define SEEDFED_CLI_TENSOR_FILES_TENSOR_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace seedfed {

// The numbers of seed files stand for these types.
enum class DType : uint32_t { kF16 = 1, kBF16 = 2, kF32 = 3, kF64 = 4 };

// "F16", "BF16", "F32", "F64", as in safetensors files.
absl::string_view DTypeName(DType dtype);
size_t DTypeBytes(DType dtype);

// One tensor of a file. Its values lie row-major (C order), little-endian.
struct TensorInfo {
  std::string name;  // UTF-8
  DType dtype = DType::kF32;
  std::vector<uint64_t> shape;  // empty: a single number

  // Values, and the bytes they take. Only of a tensor that CheckTensor passes.
  uint64_t elements() const;
  uint64_t bytes() const { return elements() * DTypeBytes(dtype); }

  friend bool operator==(const TensorInfo&, const TensorInfo&) = default;
};

// InvalidArgument: the name is longer than 65,535 bytes or not UTF-8, there are more than 32
// dimensions, one of them is 0, or there are more than 2^48 values.
absl::Status CheckTensor(const TensorInfo& tensor);

// "4x3"; "scalar" without dimensions.
std::string ShapeText(std::span<const uint64_t> shape);

// 'name' for a sentence or a table: control characters, quotes and backslashes are escaped.
std::string Quoted(absl::string_view name);

// Whether `text` is well-formed UTF-8 (RFC 3629).
bool IsUtf8(absl::string_view text);

}  // namespace seedfed

#endif  // SEEDFED_CLI_TENSOR_FILES_TENSOR_H_
