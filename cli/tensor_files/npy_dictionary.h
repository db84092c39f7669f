#ifndef SEEDFED_CLI_TENSOR_FILES_NPY_DICTIONARY_H_
#define SEEDFED_CLI_TENSOR_FILES_NPY_DICTIONARY_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace seedfed {

// The text of an .npy header, a Python dictionary of exactly the keys descr, fortran_order and
// shape, in any order: {'descr': '<f4', 'fortran_order': False, 'shape': (3, 4), }
struct NpyDictionary {
  std::string description;  // as written, without quotes; "[...]" for structured types
  bool fortran_order = false;
  std::vector<uint64_t> shape;
};

// InvalidArgument with a sentence that does not name the file.
absl::StatusOr<NpyDictionary> ParseNpyDictionary(absl::string_view text);

}  // namespace seedfed

#endif  // SEEDFED_CLI_TENSOR_FILES_NPY_DICTIONARY_H_
