#ifndef SEEDFED_CLI_PREDICT_NPY_READER_H_
#define SEEDFED_CLI_PREDICT_NPY_READER_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "cli/predict/example_reader.h"

namespace seedfed {

// An .npy array of examples, [n, inputs] or [n, height, width] in C order: '<f2', '<f4' or '<f8'
// finite within binary32, or '|u1', where a byte stands for byte / 255 as in images. `labels` as
// OpenLabels takes it; an empty path: none.
absl::StatusOr<std::unique_ptr<ExampleReader>> OpenNpyExamples(const std::string& path,
                                                               const std::string& labels);

}  // namespace seedfed

#endif  // SEEDFED_CLI_PREDICT_NPY_READER_H_
