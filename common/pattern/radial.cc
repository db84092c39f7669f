#include "common/pattern/radial.h"

#include <algorithm>
#include <cmath>

#include "common/base/rounding.h"

namespace seedfed {
namespace {

constexpr int64_t kOne = int64_t{1} << 30;

// Twice the distance of `index` from the middle of 0 ... count - 1, in steps; the outermost are
// count - 1 away.
int64_t DoubledOffset(uint32_t index, uint32_t count) {
  return 2 * int64_t{index} - (int64_t{count} - 1);
}

int32_t Coordinate(uint32_t index, uint32_t count) {
  if (count == 1) return 0;
  return static_cast<int32_t>(
      RoundHalfEvenDivide(DoubledOffset(index, count) * kOne, int64_t{count} - 1));
}

double ExactCoordinate(uint32_t index, uint32_t count) {
  if (count == 1) return 0;
  return static_cast<double>(DoubledOffset(index, count)) / (count - 1.0);
}

// theta's residue in Q0.24, read as a signed number, Q1.30.
int64_t SignedTheta(uint32_t theta) { return static_cast<int32_t>(theta << 8) >> 2; }

}  // namespace

Cartesian PatternPosition(uint32_t row, uint32_t col, uint32_t rows, uint32_t cols) {
  return {Coordinate(col, cols), Coordinate(row, rows)};
}

int32_t RadialWeight(const Packed64Fields& fields, uint32_t row, uint32_t col, uint32_t rows,
                     uint32_t cols) {
  const auto dist = static_cast<int32_t>(ToPolar(PatternPosition(row, col, rows, cols)).r);
  const auto r = static_cast<int32_t>(fields.r << 10);
  const int64_t weight = int64_t{r} - Multiply(r, dist) + SignedTheta(fields.theta);
  return static_cast<int32_t>(std::clamp<int64_t>(weight, 0, kOne));
}

std::vector<float> RadialDistances(uint32_t rows, uint32_t cols) {
  std::vector<float> distances;
  distances.reserve(size_t{rows} * cols);
  for (uint32_t row = 0; row < rows; ++row) {
    const double y = ExactCoordinate(row, rows);
    for (uint32_t col = 0; col < cols; ++col) {
      const double x = ExactCoordinate(col, cols);
      distances.push_back(static_cast<float>(std::sqrt(x * x + y * y)));
    }
  }
  return distances;
}

}  // namespace seedfed
