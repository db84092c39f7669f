#ifndef SEEDFED_CLIENT_TRAINER_MLP_H_
#define SEEDFED_CLIENT_TRAINER_MLP_H_

#include <memory>
#include <span>
#include <vector>

#include "absl/status/statusor.h"
#include "client/core/trainer.h"
#include "client/data/dataset.h"
#include "client/network/perceptron.h"
#include "common/model/spec.h"

namespace seedfed {

// A multi-layer perceptron: ReLU after every layer but the last, softmax cross-entropy on the last
// one's outputs. Keeps its buffers, so that a step allocates nothing of its own once the largest
// batch has been seen. Not thread-safe.
class MlpTrainer final : public Trainer {
 public:
  // InvalidArgument when the layers do not chain (each must have the outputs of the one before and
  // a bias as columns), or the examples have other features than the first layer or labels beyond
  // the last. `data` is normalised as the model wants.
  static absl::StatusOr<std::unique_ptr<MlpTrainer>> Create(std::span<const LayerSpec> layers,
                                                            Dataset data);

  size_t examples() const override { return data_.examples(); }
  absl::StatusOr<double> Gradients(std::span<const Matrix> weights, std::span<const uint32_t> batch,
                                   std::span<Matrix> gradients) override;
  absl::StatusOr<Evaluation> Evaluate(std::span<const Matrix> weights) override;

 private:
  MlpTrainer(Perceptron network, std::span<const LayerSpec> layers, Dataset data);

  // Runs the network over a batch.
  void Forward(std::span<const Matrix> weights, std::span<const uint32_t> batch);

  // The mean loss of the batch, from the network's outputs, which become the gradients of that loss
  // by them. Counts the examples whose label has the largest output.
  double SoftmaxCrossEntropy(std::span<const uint32_t> batch, size_t& correct);

  Perceptron network_;
  Dataset data_;
  std::vector<Matrix> deltas_;  // gradients of the loss by the outputs of every layer but the last,
                                // example x out
};

}  // namespace seedfed

#endif  // SEEDFED_CLIENT_TRAINER_MLP_H_
