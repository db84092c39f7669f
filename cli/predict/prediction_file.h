#ifndef SEEDFED_CLI_PREDICT_PREDICTION_FILE_H_
#define SEEDFED_CLI_PREDICT_PREDICTION_FILE_H_

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "cli/predict/predict.h"
#include "cli/tensor_files/output_file.h"

namespace seedfed {

enum class PredictionFormat { kCsv, kNpy, kJson };

// By the extension .csv, .npy or .json. InvalidArgument when it is none.
absl::StatusOr<PredictionFormat> PredictionFormatOf(absl::string_view path);

// A file of predictions, which appears complete or not at all. Not thread-safe.
//   csv   index,class,probability and, with labels, label: a line per example
//   npy   '<f4', examples x classes: the probabilities
//   json  one object: the members of `head`, "predictions" with the values of the csv's line in an
//         object each, the members of the end
class PredictionFile {
 public:
  virtual ~PredictionFile() = default;

  virtual absl::Status Add(const Prediction& prediction) = 0;

  // Completes the file. `end` are the last members of a json file, without braces.
  virtual absl::Status Finish(const PredictResult& result, absl::string_view end) = 0;
};

// `head` are the first members of a json file, without braces. `out` is empty.
absl::StatusOr<std::unique_ptr<PredictionFile>> CreatePredictionFile(
    std::unique_ptr<OutputFile> out, PredictionFormat format, size_t classes, bool labelled,
    absl::string_view head);

}  // namespace seedfed

#endif  // SEEDFED_CLI_PREDICT_PREDICTION_FILE_H_
