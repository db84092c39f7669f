// One step of local training: gradients of a batch of 64 by all weights of 784-256-128-10, and Adam
// on the seeds; the yardstick is the same with Adam on the weights.
#include <benchmark/benchmark.h>

#include <memory>
#include <numeric>
#include <vector>

#include "client/core/seed_optimiser.h"
#include "client/trainer/mlp.h"
#include "common/base/philox.h"

namespace seedfed {
namespace {

constexpr uint32_t kBatch = 64;
constexpr uint32_t kExamples = 2048;
constexpr uint32_t kInputs = 784;

std::unique_ptr<MlpTrainer> Trainer(const ModelSpec& spec) {
  PhiloxStream stream({5, 6}, 0, 0, 0);
  std::vector<float> values(size_t{kExamples} * kInputs);
  for (float& value : values) value = static_cast<float>(stream.Uniform());
  std::vector<uint32_t> labels(kExamples);
  for (uint32_t& label : labels) label = stream.Below(10);
  return *MlpTrainer::Create(
      spec.layers, *Dataset::FromTable("random", kInputs, std::move(values), std::move(labels)));
}

void Steps(benchmark::State& state, Codec codec, double learning_rate) {
  ModelSpec spec;
  const uint32_t tile = 8;
  spec.layers = *MlpLayers("784-256-128-10", {&tile, 1});
  spec.codec = codec;
  const auto trainer = Trainer(spec);
  const Model model = *Model::Create(spec, *FederationKey::Parse("1"));
  const std::vector<double> rates(spec.layers.size(), learning_rate);
  const auto optimiser = MakeOptimiser(model, rates);
  std::vector<Matrix> gradients(optimiser->weights().begin(), optimiser->weights().end());
  std::vector<uint32_t> batch(kBatch);
  uint32_t step = 0;
  for (auto _ : state) {
    std::iota(batch.begin(), batch.end(), step++ % (kExamples / kBatch) * kBatch);
    benchmark::DoNotOptimize(trainer->Gradients(optimiser->weights(), batch, gradients));
    optimiser->Step(gradients);
  }
}

void BM_training_step(benchmark::State& state) { Steps(state, Codec::kEnsemble, 0.1); }
BENCHMARK(BM_training_step)->Unit(benchmark::kMicrosecond);
void BM_training_step_yardstick(benchmark::State& state) { Steps(state, Codec::kDense, 0.001); }
BENCHMARK(BM_training_step_yardstick)->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace seedfed
