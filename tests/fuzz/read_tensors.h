#ifndef SEEDFED_TESTS_FUZZ_READ_TENSORS_H_
#define SEEDFED_TESTS_FUZZ_READ_TENSORS_H_

#include <algorithm>
#include <cstdint>
#include <memory>
#include <vector>

#include "absl/status/statusor.h"
#include "cli/tensor_files/tensor_reader.h"
#include "common/base/check.h"

namespace seedfed {

// Reads all tensors of what a file opener gave, in parts as the programs do, up to a few megabytes:
// a few bytes of a file can stand for any number of values.
inline void ReadTensors(absl::StatusOr<std::unique_ptr<TensorReader>> reader) {
  constexpr uint64_t kMostBytes = 4 << 20;
  constexpr uint64_t kPart = 4096;  // a multiple of every value's size
  if (!reader.ok()) return;
  uint64_t left = kMostBytes;
  std::vector<char> part(kPart);
  for (size_t i = 0; i < (*reader)->tensors().size(); ++i) {
    const TensorInfo& info = (*reader)->tensors()[i];
    SEEDFED_CHECK(CheckTensor(info).ok());
    if (!(*reader)->Select(i).ok()) return;
    for (uint64_t done = 0; done < std::min(info.bytes(), left);) {
      const uint64_t size = std::min(kPart, info.bytes() - done);
      if (!(*reader)->Read({part.data(), size}).ok()) return;
      done += size;
    }
    left -= std::min(left, info.bytes());
    if (left == 0) return;
  }
}

}  // namespace seedfed

#endif  // SEEDFED_TESTS_FUZZ_READ_TENSORS_H_
