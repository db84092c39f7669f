#ifndef SEEDFED_CLI_COMPRESS_DIFF_H_
#define SEEDFED_CLI_COMPRESS_DIFF_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "cli/tensor_files/tensor_reader.h"

namespace seedfed {

// Two tensors of the same name.
struct TensorDifference {
  TensorInfo a;
  TensorInfo b;
  bool same_shape = false;

  // Of tensors of the same shape.
  double max_abs = 0;            // largest difference of two values
  double rmse = 0;               // root of the mean square of the differences
  std::optional<double> cosine;  // of the values as two vectors; absent where one is zero

  bool same() const { return same_shape && max_abs == 0; }
};

struct ModelDifference {
  std::vector<TensorDifference> tensors;  // in the order of a
  std::vector<std::string> only_a;
  std::vector<std::string> only_b;

  // The same tensors with the same values; dtypes may differ.
  bool same() const;
};

// Compares the tensors of equal names, in binary64. Two files of one tensor each are compared
// whatever the names. InvalidArgument when a value is not finite.
absl::StatusOr<ModelDifference> Diff(TensorReader& a, TensorReader& b);

std::string DiffText(const ModelDifference& difference, absl::string_view a, absl::string_view b);
std::string DiffJson(const ModelDifference& difference, absl::string_view a, absl::string_view b);

}  // namespace seedfed

#endif  // SEEDFED_CLI_COMPRESS_DIFF_H_
