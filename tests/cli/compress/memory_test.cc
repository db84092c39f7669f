// The memory of whole runs: at most three times the largest tensor, however large the file is.

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "cli/tensor_files/safetensors.h"
#include "common/base/bytes.h"
#include "common/base/philox.h"
#include "tests/cli/compress/run_program.h"
#include "tests/cli/temp_folder.h"

namespace seedfed {
namespace {

// Sanitizers keep freed memory and shadow memory.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool kMeasured = false;
#else
constexpr bool kMeasured = true;
#endif

// A .safetensors file of these tensors with arbitrary finite values, written piece by piece.
std::string WriteModel(const std::string& path, const std::vector<TensorInfo>& tensors) {
  std::ofstream file(path, std::ios::binary);
  file << SafetensorsHeaderBytes(tensors, {});
  PhiloxStream stream({1, 2}, 3, 4, 5);
  std::string block(1 << 20, '\0');
  for (size_t i = 0; i < block.size(); i += 4) {
    // The exponent's upper bits of every 16-bit half: numbers near 1 in F16 and in F32.
    StoreLittleEndian((stream.Next() & 0x83ff83ffU) | 0x3c003c00U, block.data() + i);
  }
  for (const TensorInfo& tensor : tensors) {
    for (uint64_t left = tensor.bytes(); left > 0;) {
      const uint64_t part = std::min<uint64_t>(left, block.size());
      file.write(block.data(), static_cast<std::streamsize>(part));
      left -= part;
    }
  }
  return path;
}

void ExpectBounded(const std::vector<TensorInfo>& tensors, const std::string& codes) {
  uint64_t largest = 0;
  for (const TensorInfo& tensor : tensors) largest = std::max(largest, tensor.bytes());
  const TempFolder folder;
  const std::string model = WriteModel(folder / "m.safetensors", tensors);
  const std::string seeds = folder / "m.seeds", back = folder / "back.safetensors";
  const ProgramResult compressed = RunSeedfed({"compress", model, "-o", seeds, "--codes", codes});
  ASSERT_EQ(compressed.exit_code, 0) << compressed.err;
  const ProgramResult expanded = RunSeedfed({"expand", seeds, "-o", back});
  ASSERT_EQ(expanded.exit_code, 0) << expanded.err;
  EXPECT_EQ(std::filesystem::file_size(back), std::filesystem::file_size(model));
  if (!kMeasured) GTEST_SKIP() << "memory is not measured under a sanitizer";
  EXPECT_LE(compressed.max_rss, 3 * largest);
  EXPECT_LE(expanded.max_rss, 3 * largest);
}

TEST(Memory, FileOfManyTensors_AtMostThreeTimesTheLargest) {
  std::vector<TensorInfo> tensors;
  for (int i = 0; i < 12; ++i) {
    tensors.push_back({"layer" + std::to_string(i), DType::kF32, {2048, 2048}});
  }
  ExpectBounded(tensors, "4");  // 201 MB, a tensor 16.8 MB
}

// One tile row is the whole tensor, and its values are half as wide as what is searched.
TEST(Memory, WideTensorInHalfPrecision_AtMostThreeTimesIt) {
  ExpectBounded({{"wide", DType::kF16, {8, 1 << 21}}, {"wide2", DType::kF16, {8, 1 << 21}}}, "1");
}

TEST(Memory, LongVector_StoredInPieces) {
  ExpectBounded({{"vector", DType::kF32, {1 << 23}}}, "1");
}

}  // namespace
}  // namespace seedfed
