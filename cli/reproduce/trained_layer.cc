#include "cli/reproduce/trained_layer.h"

#include <array>
#include <cmath>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "client/core/seed_optimiser.h"
#include "client/data/idx.h"
#include "client/trainer/mlp.h"
#include "common/base/status.h"
#include "common/model/plan.h"
#include "common/model/spec.h"

namespace seedfed {
namespace {

constexpr uint32_t kBatch = 64;
constexpr double kLearningRate = 1e-3;

absl::StatusOr<std::unique_ptr<MlpTrainer>> LoadTrainer(const std::string& folder, Split split,
                                                        std::span<const LayerSpec> layers) {
  SEEDFED_ASSIGN_OR_RETURN(Dataset data, LoadIdxFolder(folder, split));
  const TrainingPlan plan;
  SEEDFED_RETURN_IF_ERROR(data.set_normalisation(static_cast<float>(plan.input_mean),
                                                 static_cast<float>(plan.input_stddev)));
  return MlpTrainer::Create(layers, std::move(data));
}

// Uniform with variance 2 / inputs, biases 0. Source: He, Zhang, Ren, Sun, "Delving deep into
// rectifiers", 2015.
Matrix InitialWeights(const LayerSpec& layer, PhiloxStream& random) {
  Matrix weights(layer.rows, layer.cols);
  const double limit = std::sqrt(6.0 / (layer.cols - 1));
  for (Eigen::Index i = 0; i < weights.size(); ++i) {
    weights.data()[i] = static_cast<float>((2 * random.Uniform() - 1) * limit);
  }
  weights.rightCols<1>().setZero();
  return weights;
}

std::span<float> Numbers(Matrix& matrix) {
  return {matrix.data(), static_cast<size_t>(matrix.size())};
}

}  // namespace

absl::StatusOr<TrainedLayer> TrainLayer(const std::string& folder, PhiloxStream& random) {
  constexpr std::array<uint32_t, 1> kTiles = {8};
  SEEDFED_ASSIGN_OR_RETURN(const std::vector<LayerSpec> layers, MlpLayers(kTrainedModel, kTiles));
  SEEDFED_ASSIGN_OR_RETURN(const auto trainer, LoadTrainer(folder, Split::kTrain, layers));
  SEEDFED_ASSIGN_OR_RETURN(const auto tester, LoadTrainer(folder, Split::kTest, layers));
  std::vector<Matrix> weights;
  std::vector<Adam> adam;
  for (const LayerSpec& layer : layers) {
    weights.push_back(InitialWeights(layer, random));
    adam.emplace_back(layer.weights(), kLearningRate);
  }
  std::vector<Matrix> gradients = weights;
  std::vector<uint32_t> batch(kBatch);
  for (int step = 0; step < kTrainedSteps; ++step) {
    for (uint32_t& example : batch) {
      example = random.Below(static_cast<uint32_t>(trainer->examples()));
    }
    SEEDFED_RETURN_IF_ERROR(trainer->Gradients(weights, batch, gradients).status());
    for (size_t l = 0; l < layers.size(); ++l) {
      adam[l].Step(Numbers(gradients[l]), Numbers(weights[l]));
    }
  }
  SEEDFED_ASSIGN_OR_RETURN(const Evaluation evaluation, tester->Evaluate(weights));
  const Matrix block = weights[0].middleCols(kTrainedFirstColumn, kTargetSide);
  return TrainedLayer{{"Fashion-MNIST layer",
                       kTargetSide,
                       kTargetSide,
                       {block.data(), block.data() + block.size()}},
                      evaluation.accuracy};
}

}  // namespace seedfed
