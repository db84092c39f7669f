#include "client/network/perceptron.h"

#include <algorithm>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "common/base/status.h"

namespace seedfed {
namespace {

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

}  // namespace

absl::StatusOr<Perceptron> Perceptron::Create(std::span<const LayerSpec> layers) {
  SEEDFED_RETURN_IF_ERROR(CheckChain(layers));
  return Perceptron(layers);
}

Perceptron::Perceptron(std::span<const LayerSpec> layers) : outputs_(0, layers.back().rows) {
  for (const LayerSpec& layer : layers) inputs_.emplace_back(0, layer.cols);
}

void Perceptron::Reserve(size_t rows) {
  if (static_cast<size_t>(outputs_.rows()) >= rows) return;
  for (Matrix& inputs : inputs_) {
    inputs.resize(rows, Eigen::NoChange);
    inputs.rightCols<1>().setOnes();
  }
  outputs_.resize(rows, Eigen::NoChange);
}

void Perceptron::Run(std::span<const Matrix> weights, size_t rows) {
  const auto batch = static_cast<Eigen::Index>(rows);
  const size_t last = inputs_.size() - 1;
  for (size_t l = 0; l < last; ++l) {
    auto outputs = inputs_[l + 1].topRows(batch).leftCols(weights[l].rows());
    outputs.noalias() = inputs_[l].topRows(batch) * weights[l].transpose();
    outputs = outputs.cwiseMax(0.0f);
  }
  outputs_.topRows(batch).noalias() = inputs_[last].topRows(batch) * weights[last].transpose();
}

void Perceptron::Run(std::span<const SeedMatrix> layers, size_t rows) {
  for (size_t i = 0; i < rows; ++i) {
    const auto row = static_cast<Eigen::Index>(i);
    for (size_t l = 0; l < layers.size(); ++l) {
      const bool last = l + 1 == layers.size();
      Matrix& outputs = last ? outputs_ : inputs_[l + 1];
      const auto count = static_cast<size_t>(outputs.cols()) - (last ? 0 : 1);
      const std::span<float> values(outputs.row(row).data(), count);
      layers[l].Multiply({inputs_[l].row(row).data(), static_cast<size_t>(inputs_[l].cols())},
                         values);
      if (last) break;
      for (float& value : values) value = std::max(value, 0.0f);
    }
  }
}

}  // namespace seedfed
