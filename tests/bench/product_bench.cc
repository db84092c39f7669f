// The product of a vector and an 8192 x 8192 matrix of seeds, tiles of 8 with two-bit phases, one
// thread, beside OpenBLAS's product with the matrix of the weights.
#include <benchmark/benchmark.h>
#include <cblas.h>

#include <cstdint>
#include <vector>

#include "common/base/philox.h"
#include "common/kernels/philox_batch.h"
#include "common/kernels/rotation_product.h"

namespace seedfed {
namespace {

constexpr uint32_t kSide = 8192;
constexpr TileGrid kGrid = {kSide, kSide, 8, 2};
constexpr size_t kTiles = size_t{kSide} * kSide / 64;

std::vector<float> Floats(size_t count) {
  std::vector<float> values(count);
  PhiloxStream stream({2, 2}, 0, 0, 0);
  for (float& value : values) value = static_cast<float>(stream.Uniform() - 0.5);
  return values;
}

std::vector<uint32_t> Codes() {
  std::vector<uint32_t> codes(kTiles);
  PhiloxStream stream({1, 1}, 0, 0, 0);
  for (uint32_t& code : codes) code = stream.Below(1 << 20);
  return codes;
}

void Sgemv(benchmark::State& state) {
  openblas_set_num_threads(1);
  const std::vector<float> x = Floats(kSide);
  const std::vector<float> weights(size_t{kSide} * kSide, 0.01f);
  std::vector<float> y(kSide);
  for (auto _ : state) {
    cblas_sgemv(CblasRowMajor, CblasNoTrans, kSide, kSide, 1, weights.data(), kSide, x.data(), 1, 0,
                y.data(), 1);
    benchmark::DoNotOptimize(y.data());
    benchmark::ClobberMemory();
  }
}

// The phases are there, packed, as a client keeps them for a round: 24 bytes for each tile.
void BM_product(benchmark::State& state) {
  const std::vector<float> u = Floats(kTiles), v = Floats(kTiles), x = Floats(kSide);
  std::vector<uint32_t> phases(kTiles * kGrid.phase_words());
  PackTilePhases(kGrid, Codes(), phases);
  std::vector<float> y(kSide);
  for (auto _ : state) {
    MultiplyTiles(kGrid, phases, 0.3f, u, v, x, y);
    benchmark::DoNotOptimize(y.data());
    benchmark::ClobberMemory();
  }
}
BENCHMARK(BM_product)->Unit(benchmark::kMillisecond);
void BM_product_yardstick(benchmark::State& state) { Sgemv(state); }
BENCHMARK(BM_product_yardstick)->Unit(benchmark::kMillisecond);

// Phases from rotation codes on the way: 12 bytes for each tile.
void BM_product_from_codes(benchmark::State& state) {
  const std::vector<float> u = Floats(kTiles), v = Floats(kTiles), x = Floats(kSide);
  const std::vector<uint32_t> codes = Codes();
  std::vector<float> y(kSide);
  for (auto _ : state) {
    MultiplyCodedTiles(kGrid, codes, 0.3f, u, v, x, y);
    benchmark::DoNotOptimize(y.data());
    benchmark::ClobberMemory();
  }
}
BENCHMARK(BM_product_from_codes)->Unit(benchmark::kMillisecond);
void BM_product_from_codes_yardstick(benchmark::State& state) { Sgemv(state); }
BENCHMARK(BM_product_from_codes_yardstick)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace seedfed
