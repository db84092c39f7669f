#include "client/trainer/mlp.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

#include "absl/memory/memory.h"
#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "common/base/status.h"

namespace seedfed {
namespace {

constexpr size_t kEvaluationBatch =
    256;  // keeps a batch's activations within the second-level cache

absl::Status CheckChain(std::span<const LayerSpec> layers) {
  if (layers.empty())
    return absl::InvalidArgumentError("the model has 0 layers; expected at least 1");
  for (size_t l = 0; l < layers.size(); ++l) {
    if (layers[l].rows == 0 || layers[l].cols < 2) {
      return absl::InvalidArgumentError(absl::StrCat("layer ", l + 1, " is ", layers[l].rows, "x",
                                                     layers[l].cols, "; expected at least 1x2"));
    }
    if (l > 0 && layers[l].cols != layers[l - 1].rows + 1) {
      return absl::InvalidArgumentError(
          absl::StrCat("layer ", l + 1, " has ", layers[l].cols, " columns; expected ",
                       layers[l - 1].rows + 1, ", the outputs of layer ", l, " and the bias"));
    }
  }
  return absl::OkStatus();
}

absl::Status NotFinite(double loss, size_t examples) {
  return absl::InternalError(absl::StrCat("the loss over ", examples, " examples is ", loss,
                                          "; expected a finite number"));
}

}  // namespace

absl::StatusOr<std::unique_ptr<MlpTrainer>> MlpTrainer::Create(std::span<const LayerSpec> layers,
                                                               Dataset data) {
  SEEDFED_RETURN_IF_ERROR(CheckChain(layers));
  SEEDFED_RETURN_IF_ERROR(data.CheckAgainstModel(layers.front().cols - 1, layers.back().rows));
  if (data.examples() == 0) return absl::InvalidArgumentError("the data set holds no examples");
  return absl::WrapUnique(new MlpTrainer(layers, std::move(data)));
}

MlpTrainer::MlpTrainer(std::span<const LayerSpec> layers, Dataset data) : data_(std::move(data)) {
  for (const LayerSpec& layer : layers) {
    inputs_.emplace_back(0, layer.cols);
    deltas_.emplace_back(0, layer.rows);
  }
}

void MlpTrainer::Reserve(size_t rows) {
  if (static_cast<size_t>(inputs_.front().rows()) >= rows) return;
  for (size_t l = 0; l < inputs_.size(); ++l) {
    inputs_[l].resize(rows, Eigen::NoChange);
    inputs_[l].rightCols<1>().setOnes();
    deltas_[l].resize(rows, Eigen::NoChange);
  }
}

void MlpTrainer::Forward(std::span<const Matrix> weights, std::span<const uint32_t> batch) {
  Reserve(batch.size());
  const auto rows = static_cast<Eigen::Index>(batch.size());
  for (size_t i = 0; i < batch.size(); ++i) {
    data_.Row(batch[i], {inputs_[0].row(static_cast<Eigen::Index>(i)).data(), data_.features()});
  }
  const size_t last = inputs_.size() - 1;
  for (size_t l = 0; l < last; ++l) {
    auto outputs = inputs_[l + 1].topRows(rows).leftCols(weights[l].rows());
    outputs.noalias() = inputs_[l].topRows(rows) * weights[l].transpose();
    outputs = outputs.cwiseMax(0.0f);
  }
  deltas_[last].topRows(rows).noalias() = inputs_[last].topRows(rows) * weights[last].transpose();
}

double MlpTrainer::SoftmaxCrossEntropy(std::span<const uint32_t> batch, size_t& correct) {
  const auto classes = static_cast<size_t>(deltas_.back().cols());
  const float share = 1.0f / static_cast<float>(batch.size());
  double sum = 0;
  for (size_t i = 0; i < batch.size(); ++i) {
    const std::span<float> row(deltas_.back().row(static_cast<Eigen::Index>(i)).data(), classes);
    const uint32_t label = data_.label(batch[i]);
    const auto largest = std::max_element(row.begin(), row.end());
    correct += static_cast<size_t>(largest - row.begin()) == label;
    const float shift = *largest, label_logit = row[label] - shift;
    float total = 0;
    for (float& value : row) total += value = std::exp(value - shift);
    sum += std::log(total) - label_logit;
    for (float& value : row) value *= share / total;
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
  for (size_t l = weights.size(); l-- > 0;) {
    const auto delta = deltas_[l].topRows(rows);
    gradients[l].noalias() = delta.transpose() * inputs_[l].topRows(rows);
    if (l == 0) break;
    auto below = deltas_[l - 1].topRows(rows);
    below.noalias() = delta * weights[l].leftCols(below.cols());
    const auto outputs = inputs_[l].topRows(rows).leftCols(below.cols()).array();
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
    const std::span<const uint32_t> batch = rest.first(std::min(kEvaluationBatch, rest.size()));
    rest = rest.subspan(batch.size());
    Forward(weights, batch);
    sum += SoftmaxCrossEntropy(batch, correct) * static_cast<double>(batch.size());
  }
  const auto examples = static_cast<double>(all.size());
  if (!std::isfinite(sum)) return NotFinite(sum / examples, all.size());
  return Evaluation{static_cast<double>(correct) / examples, sum / examples, all.size()};
}

}  // namespace seedfed
