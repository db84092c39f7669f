#ifndef SEEDFED_CLIENT_NETWORK_PERCEPTRON_H_
#define SEEDFED_CLIENT_NETWORK_PERCEPTRON_H_

#include <cstddef>
#include <span>
#include <vector>

#include "absl/status/statusor.h"
#include "client/network/matrix.h"
#include "client/network/seed_matrix.h"
#include "common/model/spec.h"

namespace seedfed {

// The forward pass of a multi-layer perceptron: ReLU after every layer but the last. Training,
// evaluation and prediction share it, so that equal weights and batches give equal bits. Keeps its
// buffers: nothing is allocated once the largest batch has been seen. Not thread-safe.
class Perceptron {
 public:
  // Examples of a batch when only outputs are wanted: its activations stay within a second-level
  // cache. Evaluation and prediction use the same, because a product's last bits may depend on it.
  static constexpr size_t kBatch = 256;

  // InvalidArgument when the layers do not chain: each must have the outputs of the one before and
  // a bias as columns.
  static absl::StatusOr<Perceptron> Create(std::span<const LayerSpec> layers);

  size_t layers() const { return inputs_.size(); }
  size_t inputs() const { return static_cast<size_t>(inputs_.front().cols()) - 1; }
  size_t classes() const { return static_cast<size_t>(outputs_.cols()); }

  // Makes room for batches of `rows` examples.
  void Reserve(size_t rows);

  // Where the features of an example of the next batch go, inputs() of them. After Reserve.
  std::span<float> Input(size_t row) {
    return {inputs_.front().row(static_cast<Eigen::Index>(row)).data(), inputs()};
  }

  // Runs the network over the first `rows` inputs. `weights` has one matrix per layer, of the
  // layer's shape.
  void Run(std::span<const Matrix> weights, size_t rows);

  // The same with layers that are their seeds. One example after the other: the last bits are not
  // those of the weights.
  void Run(std::span<const SeedMatrix> layers, size_t rows);

  // What a layer got in the last batch, example x (in + 1): the last column is 1.
  const Matrix& layer_inputs(size_t layer) const { return inputs_[layer]; }

  // The last layer's outputs (logits), example x classes; the caller may write to them.
  Matrix& outputs() { return outputs_; }
  std::span<float> Output(size_t row) {
    return {outputs_.row(static_cast<Eigen::Index>(row)).data(), classes()};
  }

 private:
  explicit Perceptron(std::span<const LayerSpec> layers);

  std::vector<Matrix> inputs_;
  Matrix outputs_;
};

}  // namespace seedfed

#endif  // SEEDFED_CLIENT_NETWORK_PERCEPTRON_H_
