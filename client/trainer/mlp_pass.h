#ifndef SEEDFED_CLIENT_TRAINER_MLP_PASS_H_
#define SEEDFED_CLIENT_TRAINER_MLP_PASS_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "client/data/dataset.h"
#include "client/network/matrix.h"
#include "client/network/perceptron.h"
#include "common/model/spec.h"

namespace seedfed {

// One thread's passes of examples through a multi-layer perceptron and back. Keeps its buffers, so
// that a pass allocates nothing of its own once the largest batch has been seen. Not thread-safe.
class MlpPass {
 public:
  // Of a batch.
  struct Loss {
    double sum = 0;      // cross-entropy, nats
    size_t correct = 0;  // examples whose label has the largest output
  };

  // `layers` are those of the network.
  MlpPass(Perceptron network, std::span<const LayerSpec> layers);

  // The network's outputs become the gradients of the loss's sum times `share` by them.
  Loss Forward(const Dataset& data, std::span<const Matrix> weights,
               std::span<const uint32_t> batch, float share);

  // After Forward of the same batch: the gradients by the weights.
  void Backward(std::span<const Matrix> weights, size_t examples, std::span<Matrix> gradients);

 private:
  Perceptron network_;
  std::vector<Matrix> deltas_;  // gradients of the loss by the outputs of every layer but the last,
                                // example x out
};

}  // namespace seedfed

#endif  // SEEDFED_CLIENT_TRAINER_MLP_PASS_H_
