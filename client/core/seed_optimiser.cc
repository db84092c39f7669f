#include "client/core/seed_optimiser.h"

#include <algorithm>
#include <cmath>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"

namespace seedfed {
namespace {

constexpr float kBeta1 = 0.9f, kBeta2 = 0.999f, kEpsilon = 1e-8f;
constexpr double kOne = 0x1p30;  // 1 in Q1.30; also the largest coordinate

absl::StatusOr<int32_t> Coordinate(double value, size_t layer) {
  if (!std::isfinite(value)) {
    return absl::InternalError(absl::StrCat("training left a number of layer ", layer + 1, " at ",
                                            value, "; expected a finite one"));
  }
  return static_cast<int32_t>(std::llrint(std::clamp(value, -kOne, kOne)));
}

std::span<const float> Numbers(const Matrix& matrix) {
  return {matrix.data(), static_cast<size_t>(matrix.size())};
}

std::span<float> Numbers(Matrix& matrix) {
  return {matrix.data(), static_cast<size_t>(matrix.size())};
}

void MoveIntoDisk(std::span<float> u, std::span<float> v) {
  for (size_t t = 0; t < u.size(); ++t) {
    const float square = u[t] * u[t] + v[t] * v[t];
    if (square <= 1) continue;
    const float scale = 1 / std::sqrt(square);
    u[t] *= scale;
    v[t] *= scale;
  }
}

}  // namespace

Adam::Adam(size_t count, double learning_rate)
    : learning_rate_(learning_rate), mean_(count), square_(count) {}

void Adam::Step(std::span<const float> gradient, std::span<float> parameters) {
  ++steps_;
  const auto step = static_cast<float>(learning_rate_ / (1 - std::pow(double{kBeta1}, steps_)));
  const auto correction = static_cast<float>(1 / (1 - std::pow(double{kBeta2}, steps_)));
  const float* __restrict g = gradient.data();
  float* __restrict m = mean_.data();
  float* __restrict q = square_.data();
  float* __restrict x = parameters.data();
  for (size_t i = 0; i < parameters.size(); ++i) {
    m[i] = kBeta1 * m[i] + (1 - kBeta1) * g[i];
    q[i] = kBeta2 * q[i] + (1 - kBeta2) * (g[i] * g[i]);
    x[i] -= step * m[i] / (std::sqrt(q[i] * correction) + kEpsilon);
  }
}

SeedOptimiser::SeedOptimiser(const Model& model, std::span<const double> learning_rates)
    : weights_(DenseWeights(model)) {
  const ModelSpec& spec = model.spec();
  std::span<const int32_t> seeds = model.seeds();
  for (size_t l = 0; l < spec.layers.size(); ++l) {
    const LayerSpec& layer = spec.layers[l];
    const size_t tiles = layer.tiles();
    Layer& made = layers_.emplace_back(Layer{
        .basis = TileBasis(layer, spec.phase_bits, spec.LayerGain(l),
                           model.codec().Codes(l, model.round() + 1)),
        .base = weights_[l],
        .seeds = std::vector<float>(2 * tiles),
        .gradient = std::vector<float>(2 * tiles),
        .adam = Adam(2 * tiles, learning_rates[l] / spec.gain),
    });
    if (spec.mode != Mode::kPure) continue;
    made.base.setZero();
    for (size_t t = 0; t < tiles; ++t) {
      made.seeds[t] = static_cast<float>(seeds[2 * t] / kOne);
      made.seeds[tiles + t] = static_cast<float>(seeds[2 * t + 1] / kOne);
    }
    seeds = seeds.subspan(2 * tiles);
    Expand(l);
  }
}

void SeedOptimiser::Expand(size_t layer) {
  const std::span<const float> seeds = layers_[layer].seeds;
  const size_t tiles = seeds.size() / 2;
  layers_[layer].basis.Expand(layers_[layer].base, seeds.first(tiles), seeds.last(tiles),
                              weights_[layer]);
}

void SeedOptimiser::Step(std::span<const Matrix> gradients) {
  for (size_t l = 0; l < layers_.size(); ++l) {
    Layer& layer = layers_[l];
    const std::span<float> seeds = layer.seeds, gradient = layer.gradient;
    const size_t tiles = seeds.size() / 2;
    layer.basis.Project(gradients[l], gradient.first(tiles), gradient.last(tiles));
    layer.adam.Step(gradient, seeds);
    MoveIntoDisk(seeds.first(tiles), seeds.last(tiles));
    Expand(l);
  }
}

absl::StatusOr<std::vector<int32_t>> SeedOptimiser::Coordinates() const {
  std::vector<int32_t> coordinates;
  for (size_t l = 0; l < layers_.size(); ++l) {
    const std::vector<float>& seeds = layers_[l].seeds;
    const size_t tiles = seeds.size() / 2;
    for (size_t t = 0; t < tiles; ++t) {
      for (const float value : {seeds[t], seeds[tiles + t]}) {
        const absl::StatusOr<int32_t> coordinate = Coordinate(value * kOne, l);
        if (!coordinate.ok()) return coordinate.status();
        coordinates.push_back(*coordinate);
      }
    }
  }
  return coordinates;
}

DenseOptimiser::DenseOptimiser(const Model& model, std::span<const double> learning_rates)
    : before_(DenseWeights(model)), weights_(before_) {
  const ModelSpec& spec = model.spec();
  for (size_t l = 0; l < spec.layers.size(); ++l) {
    units_.push_back(spec.LayerUnit(l));
    adam_.emplace_back(spec.layers[l].weights(), learning_rates[l]);
  }
}

void DenseOptimiser::Step(std::span<const Matrix> gradients) {
  for (size_t l = 0; l < weights_.size(); ++l) {
    adam_[l].Step(Numbers(gradients[l]), Numbers(weights_[l]));
  }
}

absl::StatusOr<std::vector<int32_t>> DenseOptimiser::Coordinates() const {
  std::vector<int32_t> coordinates;
  for (size_t l = 0; l < weights_.size(); ++l) {
    const std::span<const float> before = Numbers(before_[l]), after = Numbers(weights_[l]);
    for (size_t i = 0; i < after.size(); ++i) {
      const absl::StatusOr<int32_t> coordinate =
          Coordinate((double{after[i]} - before[i]) / units_[l], l);
      if (!coordinate.ok()) return coordinate.status();
      coordinates.push_back(*coordinate);
    }
  }
  return coordinates;
}

std::unique_ptr<LocalOptimiser> MakeOptimiser(const Model& model,
                                              std::span<const double> learning_rates) {
  if (model.spec().codec == Codec::kDense) {
    return std::make_unique<DenseOptimiser>(model, learning_rates);
  }
  return std::make_unique<SeedOptimiser>(model, learning_rates);
}

std::vector<Matrix> DenseWeights(const Model& model) {
  std::vector<Matrix> weights;
  for (size_t l = 0; l < model.spec().layers.size(); ++l) {
    const LayerSpec& layer = model.spec().layers[l];
    const double unit = model.spec().LayerUnit(l);
    Matrix& made = weights.emplace_back(layer.rows, layer.cols);
    std::transform(model.base(l).begin(), model.base(l).end(), made.data(),
                   [unit](int32_t units) { return static_cast<float>(units * unit); });
  }
  return weights;
}

}  // namespace seedfed
