#ifndef SEEDFED_CLI_PREDICT_PREDICT_H_
#define SEEDFED_CLI_PREDICT_PREDICT_H_

#include <cstdint>
#include <functional>
#include <optional>
#include <span>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "cli/predict/example_reader.h"
#include "cli/predict/scores.h"
#include "cli/predict/trained_network.h"

namespace seedfed {

// One example's prediction. Valid only during the call that gives it.
struct Prediction {
  uint64_t index = 0;            // of the example, from 0
  uint32_t predicted_class = 0;  // the first of those with the largest output
  std::optional<uint32_t> label;
  std::span<const float> probabilities;  // of all classes

  float probability() const { return probabilities[predicted_class]; }
};

struct PredictResult {
  uint64_t examples = 0;
  std::optional<Scores> scores;  // of labelled examples
};

// Runs the network over all examples, Perceptron::kBatch at a time as an evaluating client does, so
// that the accuracy is exactly the one that it reports. `each` gets the predictions in order; an
// error of it ends the run. InvalidArgument when examples do not fit the network, or an output is
// not finite.
absl::StatusOr<PredictResult> Predict(const TrainedNetwork& network,
                                      const InputNormalisation& normalisation,
                                      ExampleReader& examples,
                                      const std::function<absl::Status(const Prediction&)>& each);

}  // namespace seedfed

#endif  // SEEDFED_CLI_PREDICT_PREDICT_H_
