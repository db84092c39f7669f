#ifndef SEEDFED_CLI_TENSOR_FILES_NPY_H_
#define SEEDFED_CLI_TENSOR_FILES_NPY_H_

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "cli/tensor_files/input_file.h"
#include "cli/tensor_files/npy_dictionary.h"
#include "cli/tensor_files/tensor_reader.h"

namespace seedfed {

// NumPy's .npy format. Source: NumPy Enhancement Proposal 1 and numpy/lib/format.py. Header
// versions 1.0, 2.0 and 3.0; values '<f2', '<f4' and '<f8', in C or in Fortran order.

inline constexpr absl::string_view kNpyMagic("\x93NUMPY", 6);

// A header with values of any type.
struct NpyPreamble {
  NpyDictionary dictionary;
  uint64_t bytes = 0;  // from the start of the file to the first value
};

// Reads a header from the start of `source`. InvalidArgument, "WHERE: sentence": not an .npy file,
// of another version, or malformed.
absl::StatusOr<NpyPreamble> ReadNpyPreamble(ByteReader& source, absl::string_view where);

struct NpyHeader {
  DType dtype = DType::kF32;
  std::vector<uint64_t> shape;
  bool fortran_order = false;
  uint64_t bytes = 0;  // from the start of the file to the first value
};

// ReadNpyPreamble, and InvalidArgument for values that are not floats. The shape is not checked.
absl::StatusOr<NpyHeader> ReadNpyHeader(ByteReader& source, absl::string_view where);

// CheckTensor, and for an array in Fortran order, which is held in memory, at most 4 GiB of values.
absl::Status CheckNpyTensor(const NpyHeader& header, const TensorInfo& tensor);

// The header (version 1.0) of an array in C order; a multiple of 64 bytes. InvalidArgument for
// BF16, which NumPy does not have.
absl::StatusOr<std::string> NpyHeaderBytes(const TensorInfo& tensor);

// The values behind a header, in C order. An array in Fortran order is read as a whole at first.
// Not thread-safe.
class NpyValues {
 public:
  // `source` stands behind the header.
  NpyValues(NpyHeader header, std::unique_ptr<ByteReader> source)
      : header_(std::move(header)), source_(std::move(source)) {}

  // Fills `out`, a whole number of values.
  absl::Status Read(std::span<char> out);

 private:
  absl::Status LoadFortran();

  NpyHeader header_;
  std::unique_ptr<ByteReader> source_;
  std::vector<char> fortran_;       // all values in Fortran order
  std::vector<uint64_t> position_;  // index of the next value in each dimension
};

// An .npy file as a file of one tensor, which has the name "arr_0", as in an .npz file that
// numpy.savez makes of one array.
absl::StatusOr<std::unique_ptr<TensorReader>> OpenNpy(std::unique_ptr<InputFile> file);

}  // namespace seedfed

#endif  // SEEDFED_CLI_TENSOR_FILES_NPY_H_
