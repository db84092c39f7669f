#ifndef SEEDFED_CLIENT_CORE_SEED_OPTIMISER_H_
#define SEEDFED_CLIENT_CORE_SEED_OPTIMISER_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "absl/status/statusor.h"
#include "client/core/tile_basis.h"
#include "client/core/trainer.h"
#include "common/model/model.h"

namespace seedfed {

// Adam with beta 0.9 and 0.999, epsilon 1e-8. Source: Kingma, Ba, "Adam: a method for stochastic
// optimization", 2015, algorithm 1. Not thread-safe.
class Adam {
 public:
  // For `count` parameters; the step's size is about `learning_rate`.
  Adam(size_t count, double learning_rate);

  // Moves `parameters` down the `gradient`; `count` numbers each.
  void Step(std::span<const float> gradient, std::span<float> parameters);

 private:
  double learning_rate_;
  int steps_ = 0;
  std::vector<float> mean_;
  std::vector<float> square_;
};

// The part of a model that a client changes during a round. Not thread-safe.
class LocalOptimiser {
 public:
  virtual ~LocalOptimiser() = default;

  // Where the client stands: one matrix per layer, valid and up to date until the object goes.
  virtual std::span<const Matrix> weights() const = 0;

  // One Adam step down the gradients by the weights.
  virtual void Step(std::span<const Matrix> gradients) = 0;

  // What the round has made, as the integers that UpdateCodec::Encode takes. Internal when a number
  // is not finite.
  virtual absl::StatusOr<std::vector<int32_t>> Coordinates() const = 0;
};

// Trains seeds: Adam on the Cartesian (u, v) of every tile, under the rotation codes of round
// model.round() + 1. In rolling mode seeds start at zero on top of the model's base, in pure mode
// at the model's seeds on nothing. A point that leaves the unit disk is moved to its rim. Holds
// about 8 bytes per weight.
class SeedOptimiser final : public LocalOptimiser {
 public:
  // `learning_rates`: one per layer, in units where the disk's radius is the model's gain.
  SeedOptimiser(const Model& model, std::span<const double> learning_rates);

  std::span<const Matrix> weights() const override { return weights_; }
  void Step(std::span<const Matrix> gradients) override;
  absl::StatusOr<std::vector<int32_t>> Coordinates() const override;

 private:
  struct Layer {
    TileBasis basis;
    Matrix base;
    std::vector<float> seeds;  // u of all tiles, then v of all tiles
    std::vector<float> gradient;
    Adam adam;
  };

  void Expand(size_t layer);

  std::vector<Layer> layers_;
  std::vector<Matrix> weights_;
};

// Trains the weights themselves, for the dense codec. Coordinates are the weights' changes in units
// of LayerUnit.
class DenseOptimiser final : public LocalOptimiser {
 public:
  // `learning_rates`: one per layer, in units of weights.
  DenseOptimiser(const Model& model, std::span<const double> learning_rates);

  std::span<const Matrix> weights() const override { return weights_; }
  void Step(std::span<const Matrix> gradients) override;
  absl::StatusOr<std::vector<int32_t>> Coordinates() const override;

 private:
  std::vector<double> units_;  // LayerUnit of every layer
  std::vector<Matrix> before_;
  std::vector<Matrix> weights_;
  std::vector<Adam> adam_;
};

// The optimiser of the model's codec.
std::unique_ptr<LocalOptimiser> MakeOptimiser(const Model& model,
                                              std::span<const double> learning_rates);

// The model's current weights, one matrix per layer.
std::vector<Matrix> DenseWeights(const Model& model);

}  // namespace seedfed

#endif  // SEEDFED_CLIENT_CORE_SEED_OPTIMISER_H_
