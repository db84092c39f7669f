#ifndef SEEDFED_CLIENT_CORE_TRAINER_H_
#define SEEDFED_CLIENT_CORE_TRAINER_H_

#include <cstddef>
#include <cstdint>
#include <span>

#include "absl/status/statusor.h"
#include "client/network/matrix.h"

namespace seedfed {

struct Evaluation {
  double accuracy = 0;  // share of the examples whose label has the largest output, 0 to 1
  double loss = 0;      // mean cross-entropy, nats
  size_t examples = 0;  // at least 1
};

// A network together with the examples it learns from. It yields dense gradients; the optimisers of
// seed_optimiser.h turn them into steps of seeds, so that any network can be trained whose layers
// are matrices. Not thread-safe.
class Trainer {
 public:
  virtual ~Trainer() = default;

  // Examples it holds, numbered from 0.
  virtual size_t examples() const = 0;

  // The mean loss (nats) over a batch of example numbers, at least one, each below examples(), and
  // its gradients by the weights. `weights` and `gradients` have one matrix per layer of the model,
  // of the layer's shape. Internal when the loss is not finite; then `gradients` may hold anything.
  virtual absl::StatusOr<double> Gradients(std::span<const Matrix> weights,
                                           std::span<const uint32_t> batch,
                                           std::span<Matrix> gradients) = 0;

  // How well `weights` do over all examples. Internal when the loss is not finite.
  virtual absl::StatusOr<Evaluation> Evaluate(std::span<const Matrix> weights) = 0;
};

}  // namespace seedfed

#endif  // SEEDFED_CLIENT_CORE_TRAINER_H_
