#include "cli/predict/predict.h"

#include <cmath>
#include <limits>
#include <utility>

#include "absl/strings/str_cat.h"
#include "client/network/perceptron.h"
#include "client/network/softmax.h"
#include "common/base/status.h"

namespace seedfed {
namespace {

absl::Status CheckLabels(const Dataset& batch, uint64_t first, size_t classes,
                         const std::string& name) {
  for (size_t i = 0; i < batch.examples(); ++i) {
    if (batch.label(i) < classes) continue;
    return absl::InvalidArgumentError(absl::StrCat(
        "label ", batch.label(i), " of example ", first + i, " of ", name,
        " is out of range: the model has ", classes, " classes (0 to ", classes - 1, ")"));
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<PredictResult> Predict(const TrainedNetwork& network,
                                      const InputNormalisation& normalisation,
                                      ExampleReader& examples,
                                      const std::function<absl::Status(const Prediction&)>& each) {
  SEEDFED_ASSIGN_OR_RETURN(Perceptron perceptron, Perceptron::Create(network.layers));
  PredictResult result;
  if (examples.labelled()) result.scores.emplace(perceptron.classes());
  while (true) {
    SEEDFED_ASSIGN_OR_RETURN(std::optional<Dataset> batch, examples.Next(Perceptron::kBatch));
    if (!batch) return result;
    SEEDFED_RETURN_IF_ERROR(
        batch->CheckAgainstModel(perceptron.inputs(), std::numeric_limits<size_t>::max()));
    if (result.scores) {
      SEEDFED_RETURN_IF_ERROR(
          CheckLabels(*batch, result.examples, perceptron.classes(), examples.name()));
    }
    SEEDFED_RETURN_IF_ERROR(batch->set_normalisation(static_cast<float>(normalisation.mean),
                                                     static_cast<float>(normalisation.stddev)));
    perceptron.Reserve(batch->examples());
    for (size_t i = 0; i < batch->examples(); ++i) batch->Row(i, perceptron.Input(i));
    if (network.seeds.empty()) {
      perceptron.Run(network.weights, batch->examples());
    } else {
      perceptron.Run(network.seeds, batch->examples());
    }
    for (size_t i = 0; i < batch->examples(); ++i, ++result.examples) {
      const std::span<float> row = perceptron.Output(i);
      const uint32_t label = batch->label(i);
      const float logit = row[label];
      const Exponentials exponentials = Exponentiate(row);
      if (!std::isfinite(exponentials.total)) {
        return absl::InvalidArgumentError(
            absl::StrCat("the network's outputs for example ", result.examples, " of ",
                         examples.name(), " are not finite: the inputs are too large for it"));
      }
      for (float& value : row) value /= exponentials.total;
      Prediction prediction;
      prediction.index = result.examples;
      prediction.predicted_class = static_cast<uint32_t>(exponentials.largest);
      prediction.probabilities = row;
      if (result.scores) {
        prediction.label = label;
        result.scores->Add(label, prediction.predicted_class, CrossEntropy(exponentials, logit));
      }
      SEEDFED_RETURN_IF_ERROR(each(prediction));
    }
  }
}

}  // namespace seedfed
