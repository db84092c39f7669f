// Rotations by the integer engine, many at a time, beside as many calls of the C library's sincosf.
#include <benchmark/benchmark.h>

#include <cmath>
#include <cstdint>
#include <vector>

#include "common/base/philox.h"
#include "common/kernels/rotate_batch.h"

namespace seedfed {
namespace {

constexpr size_t kPoints = 4096;

void BM_rotate(benchmark::State& state) {
  PhiloxStream stream({4, 4}, 0, 0, 0);
  std::vector<int32_t> x(kPoints), y(kPoints);
  std::vector<uint32_t> turns(kPoints);
  for (size_t i = 0; i < kPoints; ++i) {
    x[i] = static_cast<int32_t>(stream.Below(1U << 30)) - (1 << 29);
    y[i] = static_cast<int32_t>(stream.Below(1U << 30)) - (1 << 29);
    turns[i] = stream.Next();
  }
  for (auto _ : state) {
    RotateBatch(turns, x, y);
    benchmark::DoNotOptimize(x.data());
    benchmark::DoNotOptimize(y.data());
    benchmark::ClobberMemory();
  }
}
BENCHMARK(BM_rotate)->Unit(benchmark::kMicrosecond);

void BM_rotate_yardstick(benchmark::State& state) {
  PhiloxStream stream({4, 4}, 0, 0, 0);
  std::vector<float> angles(kPoints), sines(kPoints), cosines(kPoints);
  for (float& angle : angles) angle = static_cast<float>(stream.Uniform() * 6.283185307179586);
  for (auto _ : state) {
    for (size_t i = 0; i < kPoints; ++i) sincosf(angles[i], &sines[i], &cosines[i]);
    benchmark::DoNotOptimize(sines.data());
    benchmark::DoNotOptimize(cosines.data());
    benchmark::ClobberMemory();
  }
}
BENCHMARK(BM_rotate_yardstick)->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace seedfed
