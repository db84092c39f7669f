// A training step allocates nothing: counts what it asks of malloc, which operator new and Eigen
// both end in.
#include <gtest/gtest.h>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <numeric>
#include <utility>
#include <vector>

#include "client/core/seed_optimiser.h"
#include "client/trainer/mlp.h"

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__) || !defined(__GLIBC__)
#define SEEDFED_COUNTS_ALLOCATIONS 0
#else
#define SEEDFED_COUNTS_ALLOCATIONS 1
#endif

namespace {
std::atomic<size_t> allocations{0};
}  // namespace

#if SEEDFED_COUNTS_ALLOCATIONS
// glibc lets a program replace these, and keeps its own under other names.
extern "C" {
void* __libc_malloc(size_t bytes);
void* __libc_calloc(size_t count, size_t bytes);
void* __libc_realloc(void* memory, size_t bytes);
void* __libc_memalign(size_t alignment, size_t bytes);

void* malloc(size_t bytes) {
  ++allocations;
  return __libc_malloc(bytes);
}
void* calloc(size_t count, size_t bytes) {
  ++allocations;
  return __libc_calloc(count, bytes);
}
void* realloc(void* memory, size_t bytes) {
  ++allocations;
  return __libc_realloc(memory, bytes);
}
void* aligned_alloc(size_t alignment, size_t bytes) {
  ++allocations;
  return __libc_memalign(alignment, bytes);
}
int posix_memalign(void** memory, size_t alignment, size_t bytes) {
  ++allocations;
  *memory = __libc_memalign(alignment, bytes);
  return *memory == nullptr ? 12 : 0;
}
}
#endif

namespace seedfed {
namespace {

constexpr uint32_t kInputs = 784;
constexpr uint32_t kBatch = 64;

class StepAllocation : public testing::TestWithParam<std::pair<Codec, uint32_t>> {};

TEST_P(StepAllocation, AfterTheFirstStep_None) {
  if (!SEEDFED_COUNTS_ALLOCATIONS) GTEST_SKIP() << "another malloc is in place";
  const auto [codec, tile] = GetParam();
  ModelSpec spec;
  spec.layers = *MlpLayers("784-256-128-10", {&tile, 1});
  spec.codec = codec;
  std::vector<float> values(size_t{kBatch} * kInputs, 0.5f);
  std::vector<uint32_t> labels(kBatch, 3);
  const auto trainer = *MlpTrainer::Create(
      spec.layers, *Dataset::FromTable("halves", kInputs, std::move(values), std::move(labels)));
  const Model model = *Model::Create(spec, *FederationKey::Parse("1"));
  const std::vector<double> rates(spec.layers.size(), 0.1);
  const auto optimiser = MakeOptimiser(model, rates);
  std::vector<Matrix> gradients(optimiser->weights().begin(), optimiser->weights().end());
  std::vector<uint32_t> batch(kBatch);
  std::iota(batch.begin(), batch.end(), 0U);

  const auto step = [&] {
    const bool finite = trainer->Gradients(optimiser->weights(), batch, gradients).ok();
    optimiser->Step(gradients);
    return finite;
  };
  ASSERT_TRUE(step());
  ASSERT_GT(allocations, 0u) << "malloc is not counted";
  const size_t before = allocations;
  const bool finite = step() && step();
  EXPECT_EQ(allocations - before, 0u);
  EXPECT_TRUE(finite);
}

INSTANTIATE_TEST_SUITE_P(Models, StepAllocation,
                         testing::Values(std::pair{Codec::kEnsemble, 8U},
                                         std::pair{Codec::kSingle, 32U},
                                         std::pair{Codec::kDense, 8U}));

}  // namespace
}  // namespace seedfed
