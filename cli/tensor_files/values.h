#ifndef SEEDFED_CLI_TENSOR_FILES_VALUES_H_
#define SEEDFED_CLI_TENSOR_FILES_VALUES_H_

#include <span>

#include "cli/tensor_files/tensor.h"

namespace seedfed {

// Little-endian bytes as numbers and back. All functions are pure and thread-safe; bytes.size() is
// values.size() * DTypeBytes(dtype).

// Exact, except that F64 is rounded to nearest for float (beyond float's range: infinity).
void DecodeValues(DType dtype, std::span<const char> bytes, std::span<float> values);
void DecodeValues(DType dtype, std::span<const char> bytes, std::span<double> values);

// Each finite value rounded once, to the nearest number of the type, ties to even; beyond the range
// the largest finite number.
void EncodeValues(DType dtype, std::span<const double> values, std::span<char> bytes);

}  // namespace seedfed

#endif  // SEEDFED_CLI_TENSOR_FILES_VALUES_H_
