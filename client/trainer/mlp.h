#ifndef SEEDFED_CLIENT_TRAINER_MLP_H_
#define SEEDFED_CLIENT_TRAINER_MLP_H_

#include <boost/asio/thread_pool.hpp>
#include <cstddef>
#include <functional>
#include <memory>
#include <span>
#include <vector>

#include "absl/status/statusor.h"
#include "client/core/trainer.h"
#include "client/data/dataset.h"
#include "client/network/perceptron.h"
#include "client/trainer/mlp_pass.h"
#include "common/model/spec.h"

namespace seedfed {

// A multi-layer perceptron: ReLU after every layer but the last, softmax cross-entropy on the last
// one's outputs. Keeps its buffers, so that a step of one thread allocates nothing of its own once
// the largest batch has been seen. Not thread-safe.
class MlpTrainer final : public Trainer {
 public:
  // InvalidArgument when the layers do not chain (each must have the outputs of the one before and
  // a bias as columns), or the examples have other features than the first layer or labels beyond
  // the last. `data` is normalised as the model wants. `threads`: at least 1. Each takes an equal
  // part of a batch, so the gradients' last bits depend on their number, and on nothing else.
  static absl::StatusOr<std::unique_ptr<MlpTrainer>> Create(std::span<const LayerSpec> layers,
                                                            Dataset data, size_t threads = 1);

  size_t examples() const override { return data_.examples(); }
  absl::StatusOr<double> Gradients(std::span<const Matrix> weights, std::span<const uint32_t> batch,
                                   std::span<Matrix> gradients) override;
  absl::StatusOr<Evaluation> Evaluate(std::span<const Matrix> weights) override;

 private:
  // What one thread has for itself.
  struct Worker {
    MlpPass pass;
    std::vector<Matrix> gradients;  // the first one's are the caller's
    MlpPass::Loss loss;             // of its last batches
  };

  MlpTrainer(const Perceptron& network, std::span<const LayerSpec> layers, Dataset data,
             size_t threads);

  // Runs `work` for each of the first `count` workers, each on a thread, and waits for all.
  void OnEach(size_t count, const std::function<void(size_t worker)>& work);

  Dataset data_;
  std::vector<Worker> workers_;
  boost::asio::thread_pool pool_;  // of all workers but the first, which is the caller's
};

}  // namespace seedfed

#endif  // SEEDFED_CLIENT_TRAINER_MLP_H_
