#include "client/trainer/mlp.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

#include "absl/memory/memory.h"
#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "client/network/softmax.h"
#include "common/base/status.h"

namespace seedfed {
namespace {

absl::Status NotFinite(double loss, size_t examples) {
  return absl::InternalError(absl::StrCat("the loss over ", examples, " examples is ", loss,
                                          "; expected a finite number"));
}

}  // namespace

absl::StatusOr<std::unique_ptr<MlpTrainer>> MlpTrainer::Create(std::span<const LayerSpec> layers,
                                                               Dataset data) {
  SEEDFED_ASSIGN_OR_RETURN(Perceptron network, Perceptron::Create(layers));
  SEEDFED_RETURN_IF_ERROR(data.CheckAgainstModel(network.inputs(), network.classes()));
  if (data.examples() == 0) return absl::InvalidArgumentError("the data set holds no examples");
  return absl::WrapUnique(new MlpTrainer(std::move(network), layers, std::move(data)));
}

MlpTrainer::MlpTrainer(Perceptron network, std::span<const LayerSpec> layers, Dataset data)
    : network_(std::move(network)), data_(std::move(data)) {
  for (const LayerSpec& layer : layers.first(layers.size() - 1))
    deltas_.emplace_back(0, layer.rows);
}

void MlpTrainer::Forward(std::span<const Matrix> weights, std::span<const uint32_t> batch) {
  network_.Reserve(batch.size());
  for (size_t i = 0; i < batch.size(); ++i) data_.Row(batch[i], network_.Input(i));
  network_.Run(weights, batch.size());
}

double MlpTrainer::SoftmaxCrossEntropy(std::span<const uint32_t> batch, size_t& correct) {
  const float share = 1.0f / static_cast<float>(batch.size());
  double sum = 0;
  for (size_t i = 0; i < batch.size(); ++i) {
    const std::span<float> row = network_.Output(i);
    const uint32_t label = data_.label(batch[i]);
    const float logit = row[label];
    const Exponentials exponentials = Exponentiate(row);
    correct += exponentials.largest == label;
    sum += CrossEntropy(exponentials, logit);
    for (float& value : row) value *= share / exponentials.total;
    row[label] -= share;
  }
  return sum / static_cast<double>(batch.size());
}

absl::StatusOr<double> MlpTrainer::Gradients(std::span<const Matrix> weights,
                                             std::span<const uint32_t> batch,
                                             std::span<Matrix> gradients) {
  Forward(weights, batch);
  size_t correct = 0;
  const double loss = SoftmaxCrossEntropy(batch, correct);
  if (!std::isfinite(loss)) return NotFinite(loss, batch.size());

  const auto rows = static_cast<Eigen::Index>(batch.size());
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
  return loss;
}

absl::StatusOr<Evaluation> MlpTrainer::Evaluate(std::span<const Matrix> weights) {
  std::vector<uint32_t> all(data_.examples());
  std::iota(all.begin(), all.end(), 0U);
  size_t correct = 0;
  double sum = 0;
  for (std::span<const uint32_t> rest = all; !rest.empty();) {
    const std::span<const uint32_t> batch = rest.first(std::min(Perceptron::kBatch, rest.size()));
    rest = rest.subspan(batch.size());
    Forward(weights, batch);
    sum += SoftmaxCrossEntropy(batch, correct) * static_cast<double>(batch.size());
  }
  const auto examples = static_cast<double>(all.size());
  if (!std::isfinite(sum)) return NotFinite(sum / examples, all.size());
  return Evaluation{static_cast<double>(correct) / examples, sum / examples, all.size()};
}

}  // namespace seedfed
