#include "cli/predict/example_reader.h"

#include "absl/strings/str_cat.h"
#include "cli/predict/csv_reader.h"
#include "cli/predict/idx_reader.h"
#include "cli/predict/npy_reader.h"
#include "common/base/status.h"

namespace seedfed {

absl::StatusOr<std::unique_ptr<ExampleReader>> OpenExamples(const InputOptions& options) {
  const int inputs =
      !options.data.empty() + !options.images.empty() + !options.npy.empty() + !options.csv.empty();
  if (inputs != 1) {
    return absl::InvalidArgumentError(
        absl::StrCat(inputs == 0 ? "no input is given" : "more than one input is given",
                     "; expected one of --data, --images, --npy or --csv"));
  }
  if (!options.labels.empty() && options.images.empty() && options.npy.empty()) {
    return absl::InvalidArgumentError("--labels goes with --images or --npy");
  }
  if (!options.label_column.empty() && options.csv.empty()) {
    return absl::InvalidArgumentError("--label-column goes with --csv");
  }
  if (!options.data.empty()) {
    SEEDFED_ASSIGN_OR_RETURN(const IdxPaths paths, FindIdxFiles(options.data, options.split));
    return OpenIdxExamples(paths.images, paths.labels);
  }
  if (!options.images.empty()) return OpenIdxExamples(options.images, options.labels);
  if (!options.npy.empty()) return OpenNpyExamples(options.npy, options.labels);
  return OpenCsvExamples(options.csv, options.label_column);
}

}  // namespace seedfed
