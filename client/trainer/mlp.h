#ifndef SEEDFED_CLIENT_TRAINER_MLP_H_
#define SEEDFED_CLIENT_TRAINER_MLP_H_

#include <memory>
#include <span>
#include <vector>

#include "absl/status/statusor.h"
#include "client/core/trainer.h"
#include "client/data/dataset.h"
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
  MlpTrainer(std::span<const LayerSpec> layers, Dataset data);

  // Makes room for batches of `rows` examples.
  void Reserve(size_t rows);

  // Runs the network over a batch; the logits go to the last of deltas_.
  void Forward(std::span<const Matrix> weights, std::span<const uint32_t> batch);

  // The mean loss of the batch, from the logits, which become the gradients of that loss by them.
  // Counts the examples whose label has the largest logit.
  double SoftmaxCrossEntropy(std::span<const uint32_t> batch, size_t& correct);

  Dataset data_;
  std::vector<Matrix> inputs_;  // of every layer, example x (in + 1): the last column is 1
  std::vector<Matrix>
      deltas_;  // gradients of the loss by the outputs of every layer, example x out
};

}  // namespace seedfed

#endif  // SEEDFED_CLIENT_TRAINER_MLP_H_
