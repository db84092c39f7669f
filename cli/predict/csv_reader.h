#ifndef SEEDFED_CLI_PREDICT_CSV_READER_H_
#define SEEDFED_CLI_PREDICT_CSV_READER_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "cli/predict/example_reader.h"

namespace seedfed {

// A table, plain or gzip, as csv_examples.h reads it; without labels when `label_column` is empty.
absl::StatusOr<std::unique_ptr<ExampleReader>> OpenCsvExamples(const std::string& path,
                                                               const std::string& label_column);

}  // namespace seedfed

#endif  // SEEDFED_CLI_PREDICT_CSV_READER_H_
