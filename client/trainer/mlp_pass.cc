#include "client/trainer/mlp_pass.h"

#include <utility>

#include "client/network/softmax.h"

namespace seedfed {

MlpPass::MlpPass(Perceptron network, std::span<const LayerSpec> layers)
    : network_(std::move(network)) {
  for (const LayerSpec& layer : layers.first(layers.size() - 1))
    deltas_.emplace_back(0, layer.rows);
}

MlpPass::Loss MlpPass::Forward(const Dataset& data, std::span<const Matrix> weights,
                               std::span<const uint32_t> batch, float share) {
  network_.Reserve(batch.size());
  for (size_t i = 0; i < batch.size(); ++i) data.Row(batch[i], network_.Input(i));
  network_.Run(weights, batch.size());
  Loss loss;
  for (size_t i = 0; i < batch.size(); ++i) {
    const std::span<float> row = network_.Output(i);
    const uint32_t label = data.label(batch[i]);
    const float logit = row[label];
    const Exponentials exponentials = Exponentiate(row);
    loss.correct += exponentials.largest == label;
    loss.sum += CrossEntropy(exponentials, logit);
    for (float& value : row) value *= share / exponentials.total;
    row[label] -= share;
  }
  return loss;
}

void MlpPass::Backward(std::span<const Matrix> weights, size_t examples,
                       std::span<Matrix> gradients) {
  const auto rows = static_cast<Eigen::Index>(examples);
  for (Matrix& deltas : deltas_) {
    if (deltas.rows() < rows) deltas.resize(rows, Eigen::NoChange);
  }
  for (size_t l = weights.size(); l-- > 0;) {
    const Matrix& deltas = l + 1 == weights.size() ? network_.outputs() : deltas_[l];
    const auto delta = deltas.topRows(rows);
    gradients[l].noalias() = delta.transpose() * network_.layer_inputs(l).topRows(rows);
    if (l == 0) break;
    auto below = deltas_[l - 1].topRows(rows);
    below.noalias() = delta * weights[l].leftCols(below.cols());
    const auto outputs = network_.layer_inputs(l).topRows(rows).leftCols(below.cols()).array();
    below = (outputs > 0.0f).select(below, 0.0f);
  }
}

}  // namespace seedfed
