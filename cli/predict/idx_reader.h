#ifndef SEEDFED_CLI_PREDICT_IDX_READER_H_
#define SEEDFED_CLI_PREDICT_IDX_READER_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "cli/predict/example_reader.h"

namespace seedfed {

// The images of an IDX file, plain or gzip, and their labels (LabelReader); an empty path: none.
absl::StatusOr<std::unique_ptr<ExampleReader>> OpenIdxExamples(const std::string& images,
                                                               const std::string& labels);

}  // namespace seedfed

#endif  // SEEDFED_CLI_PREDICT_IDX_READER_H_
