#ifndef SEEDFED_CLI_REPRODUCE_TARGETS_H_
#define SEEDFED_CLI_REPRODUCE_TARGETS_H_

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "common/base/philox.h"

namespace seedfed {

// A matrix to compress, row-major.
struct Target {
  std::string name;
  uint32_t rows = 0;
  uint32_t cols = 0;
  std::vector<float> weights;
};

inline constexpr uint32_t kTargetSide = 32;

// The target of the original experiment: max(0, 1 - dist / 1.414), 32 x 32. dist is the radial
// pattern's.
Target RadialTarget();

// A plane in [0, 1] that rises at 30 degrees to the rows, 32 x 32.
Target RampTarget();

// Independent standard normal numbers (Box, Muller, 1958).
Target GaussianTarget(uint32_t rows, uint32_t cols, PhiloxStream& random);

// The target moved and scaled so that its least number is 0 and its largest 1; a constant one
// becomes 0.
Target InUnitRange(Target target);

// The root of the mean squared difference; both of the same size, at least 1.
double RmseOf(std::span<const float> a, std::span<const float> b);

// 1 less the share of the target's energy about `centre` that the error still has; 0 for a target
// without energy.
double Captured(std::span<const float> target, std::span<const float> weights, double centre);

double Mean(std::span<const float> numbers);

}  // namespace seedfed

#endif  // SEEDFED_CLI_REPRODUCE_TARGETS_H_
