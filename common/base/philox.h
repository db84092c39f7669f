#ifndef SEEDFED_COMMON_BASE_PHILOX_H_
#define SEEDFED_COMMON_BASE_PHILOX_H_

#include <array>
#include <cstdint>
#include <vector>

namespace seedfed {

// Philox4x32-10, a counter-based generator: 128 random bits from (counter, key), with no state.
// Source: Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC 2011.
using PhiloxKey = std::array<uint32_t, 2>;
using PhiloxBlock = std::array<uint32_t, 4>;

PhiloxBlock Philox4x32(PhiloxBlock counter, PhiloxKey key);

// The sequence of numbers of the blocks (0, c1, c2, c3), (1, c1, c2, c3), ... under one key. Not
// thread-safe.
class PhiloxStream {
 public:
  PhiloxStream(PhiloxKey key, uint32_t c1, uint32_t c2, uint32_t c3);

  uint32_t Next();

  // Uniform in [0, n), n >= 1, without bias. Source: Lemire, "Fast random integer generation in an
  // interval", 2019.
  uint32_t Below(uint32_t n);

  // Uniform in [0, 1), 53 bits.
  double Uniform();

 private:
  PhiloxKey key_;
  PhiloxBlock counter_;
  PhiloxBlock block_{};
  int used_ = 4;
};

// The numbers 0 to n - 1 in random order (Fisher-Yates).
std::vector<uint32_t> Permutation(uint32_t n, PhiloxStream& stream);

}  // namespace seedfed

#endif  // SEEDFED_COMMON_BASE_PHILOX_H_
