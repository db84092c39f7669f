#ifndef SEEDFED_TESTS_FUZZ_FUZZ_INPUT_H_
#define SEEDFED_TESTS_FUZZ_FUZZ_INPUT_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>

#include "absl/strings/string_view.h"

namespace seedfed {

// A fuzzer's bytes, taken from the front as the choices of a fuzz target. Past the end all bytes
// are zero.
class FuzzInput {
 public:
  FuzzInput(const uint8_t* data, size_t size) : bytes_(data, size) {}

  bool empty() const { return bytes_.empty(); }

  uint8_t Byte() {
    if (bytes_.empty()) return 0;
    const uint8_t byte = bytes_.front();
    bytes_ = bytes_.subspan(1);
    return byte;
  }

  // A number from 0 to n - 1; n is 1 to 256.
  uint32_t Below(uint32_t n) { return Byte() % n; }

  uint32_t Word() {
    uint32_t word = 0;
    for (int i = 0; i < 4; ++i) word |= uint32_t{Byte()} << (8 * i);
    return word;
  }

  // The next bytes, at most `size` of them.
  absl::string_view Take(size_t size) {
    const std::span<const uint8_t> taken = bytes_.first(std::min(size, bytes_.size()));
    bytes_ = bytes_.subspan(taken.size());
    return {reinterpret_cast<const char*>(taken.data()), taken.size()};
  }

  absl::string_view Rest() { return Take(bytes_.size()); }

 private:
  std::span<const uint8_t> bytes_;
};

}  // namespace seedfed

#endif  // SEEDFED_TESTS_FUZZ_FUZZ_INPUT_H_
