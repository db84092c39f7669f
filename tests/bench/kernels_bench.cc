// The integer and float kernels on the default model's first layer, 256 x 785, each beside a copy
// of the same bytes. A benchmark FIGURE has its yardstick in FIGURE_yardstick.
#include <benchmark/benchmark.h>

#include <cstdint>
#include <cstring>
#include <numeric>
#include <string>
#include <utility>
#include <vector>

#include "common/base/philox.h"
#include "common/kernels/philox_batch.h"
#include "common/kernels/rotation_tile.h"
#include "common/model/merge.h"
#include "common/model/update_codec.h"
#include "server/aggregation/weighted_mean.h"

namespace seedfed {
namespace {

constexpr TileGrid kGrid = {256, 785, 8, 2};
constexpr LayerSpec kLayer = {256, 785, 8};
constexpr size_t kWeights = size_t{256} * 785;
constexpr size_t kTiles = 32 * 99;

ModelSpec Mlp(uint32_t tile, Codec codec) {
  ModelSpec spec;
  spec.layers = *MlpLayers("784-256-128-10", {&tile, 1});
  spec.codec = codec;
  return spec;
}

ModelSpec DefaultModel() { return Mlp(8, Codec::kEnsemble); }

std::vector<uint32_t> Codes() {
  std::vector<uint32_t> codes(kTiles);
  PhiloxStream stream({1, 1}, 0, 0, 0);
  for (uint32_t& code : codes) code = stream.Below(1 << 20);
  return codes;
}

std::vector<uint32_t> Packed() {
  std::vector<uint32_t> packed(kTiles * kGrid.phase_words());
  PackTilePhases(kGrid, Codes(), packed);
  return packed;
}

std::vector<float> Floats(size_t count) {
  std::vector<float> values(count);
  PhiloxStream stream({2, 2}, 0, 0, 0);
  for (float& value : values) value = static_cast<float>(stream.Uniform() - 0.5);
  return values;
}

std::vector<int32_t> Coordinates(size_t count) {
  std::vector<int32_t> values(count);
  PhiloxStream stream({3, 3}, 0, 0, 0);
  for (int32_t& value : values) value = static_cast<int32_t>(stream.Below(1U << 30)) - (1 << 29);
  return values;
}

template <typename T>
void Copy(benchmark::State& state, size_t count) {
  const std::vector<T> from(count, 1);
  std::vector<T> to(count);
  for (auto _ : state) {
    std::memcpy(to.data(), from.data(), count * sizeof(T));
    benchmark::DoNotOptimize(to.data());
    benchmark::ClobberMemory();
  }
}

void BM_phases(benchmark::State& state) {
  const std::vector<uint32_t> codes = Codes();
  std::vector<uint32_t> packed(kTiles * kGrid.phase_words());
  for (auto _ : state) {
    PackTilePhases(kGrid, codes, packed);
    benchmark::DoNotOptimize(packed.data());
  }
}
BENCHMARK(BM_phases);

void BM_expand(benchmark::State& state) {
  const std::vector<uint32_t> packed = Packed();
  const std::vector<float> u = Floats(kTiles), v = Floats(kTiles), base = Floats(kWeights);
  std::vector<float> weights(kWeights);
  for (auto _ : state) {
    ExpandTiles(kGrid, packed, 0.3f, u.data(), v.data(), base.data(), weights.data());
    benchmark::DoNotOptimize(weights.data());
    benchmark::ClobberMemory();
  }
}
BENCHMARK(BM_expand);
void BM_expand_yardstick(benchmark::State& state) { Copy<float>(state, kWeights); }
BENCHMARK(BM_expand_yardstick);

void BM_project(benchmark::State& state) {
  const std::vector<uint32_t> packed = Packed();
  const std::vector<float> gradient = Floats(kWeights);
  std::vector<float> du(kTiles), dv(kTiles);
  for (auto _ : state) {
    ProjectTiles(kGrid, packed, 0.3f, gradient.data(), du.data(), dv.data());
    benchmark::DoNotOptimize(du.data());
    benchmark::ClobberMemory();
  }
}
BENCHMARK(BM_project);
void BM_project_yardstick(benchmark::State& state) { Copy<float>(state, kWeights); }
BENCHMARK(BM_project_yardstick);

// With making the phases of the round, which are used once.
void BM_merge(benchmark::State& state) {
  const std::vector<uint32_t> codes = Codes();
  // There and back: a base that only grew would leave the range of a model's weights.
  std::vector<int32_t> there = Coordinates(2 * kTiles), back = there;
  for (int32_t& coordinate : back) coordinate = -coordinate;
  std::vector<int32_t> base(kWeights);
  for (auto _ : state) {
    MergeSeeds(kLayer, 2, codes, there, base);
    std::swap(there, back);
    benchmark::DoNotOptimize(base.data());
    benchmark::ClobberMemory();
  }
}
BENCHMARK(BM_merge);
void BM_merge_yardstick(benchmark::State& state) { Copy<int32_t>(state, kWeights); }
BENCHMARK(BM_merge_yardstick);

// A decoded update of the default model, 4 kB of words, into the round's sums.
void BM_aggregate(benchmark::State& state) {
  const size_t count = DefaultModel().coordinates();
  const std::vector<int32_t> coordinates = Coordinates(count);
  WeightedMean mean(count);
  uint32_t added = 0;
  for (auto _ : state) {
    if (++added % 1000 == 0) mean.Clear();
    benchmark::DoNotOptimize(mean.Add(0, coordinates, 2000));
  }
}
BENCHMARK(BM_aggregate);
void BM_aggregate_yardstick(benchmark::State& state) {
  Copy<int64_t>(state, DefaultModel().coordinates());
}
BENCHMARK(BM_aggregate_yardstick);

void Decode(benchmark::State& state, const ModelSpec& spec) {
  const UpdateCodec codec(spec, *FederationKey::Parse("1"));
  const std::vector<int32_t> coordinates = Coordinates(spec.coordinates());
  const std::string words = codec.Encode(coordinates, 1, {{1, 2}, 0});
  for (auto _ : state) benchmark::DoNotOptimize(codec.Decode(words, 1));
}

void BM_decode(benchmark::State& state) { Decode(state, DefaultModel()); }
BENCHMARK(BM_decode);
void BM_decode_yardstick(benchmark::State& state) {
  Copy<int32_t>(state, DefaultModel().coordinates());
}
BENCHMARK(BM_decode_yardstick);

// One seed a word, in tiles of 32: as many bytes.
void BM_decode_single(benchmark::State& state) { Decode(state, Mlp(32, Codec::kSingle)); }
BENCHMARK(BM_decode_single);
void BM_decode_single_yardstick(benchmark::State& state) {
  Copy<int32_t>(state, Mlp(32, Codec::kSingle).coordinates());
}
BENCHMARK(BM_decode_single_yardstick);

}  // namespace
}  // namespace seedfed
