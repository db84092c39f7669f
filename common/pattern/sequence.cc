#include "common/pattern/sequence.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstdlib>
#include <numbers>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "common/base/rounding.h"
#include "common/cordic/cordic.h"
#include "common/pattern/radial.h"

namespace seedfed {
namespace {

constexpr int kGuardBits = 27;  // working values are Q1.57
constexpr int64_t kOne = int64_t{1} << 30;

// The product of cos(atan(2^-k)), k = 0 to 19, in Q0.31.
constexpr int64_t kInverseGain = 1304065748;

constexpr uint32_t kHalfCodeBits = kCodeBits / 2;
constexpr uint32_t kHalfCodes = 1U << kHalfCodeBits;
constexpr uint32_t kLargestRadius = (1U << 20) - 1;  // Q0.20
constexpr uint32_t kQuarterTurn = 1U << 22;          // Q0.24

// The direction of a position seen from the centre of the matrix, as a vector whose larger
// coordinate is between 2^29 and 2^30 in size; the centre is the origin. Taken from exact integers
// rather than from rounded coordinates, which are coarse next to the centre of a large matrix.
Cartesian Direction(uint32_t row, uint32_t col, uint32_t rows, uint32_t cols) {
  const int64_t x = (2 * int64_t{col} - (int64_t{cols} - 1)) * std::max<int64_t>(rows - 1, 1);
  const int64_t y = (2 * int64_t{row} - (int64_t{rows} - 1)) * std::max<int64_t>(cols - 1, 1);
  const auto largest = static_cast<uint64_t>(std::max(std::llabs(x), std::llabs(y)));
  if (largest == 0) return {};
  const int shift = std::bit_width(largest) - 30;
  if (shift <= 0) return {static_cast<int32_t>(x << -shift), static_cast<int32_t>(y << -shift)};
  return {static_cast<int32_t>(RoundHalfEvenShift(x, shift)),
          static_cast<int32_t>(RoundHalfEvenShift(y, shift))};
}

// The angle of bits `first`, `first` + 1, ... of a code, radians.
double PartialAngle(uint32_t bits, uint32_t first, uint32_t count) {
  double angle = 0;
  for (uint32_t k = 0; k < count; ++k) {
    const double step = std::atan(std::ldexp(1.0, -static_cast<int>(first + k)));
    angle += (bits >> k & 1) != 0 ? step : -step;
  }
  return angle;
}

struct UnitVector {
  double cos;
  double sin;
};

std::vector<UnitVector> PartialRotations(uint32_t first) {
  std::vector<UnitVector> rotations;
  for (uint32_t bits = 0; bits < kHalfCodes; ++bits) {
    const double angle = PartialAngle(bits, first, kHalfCodeBits);
    rotations.push_back({std::cos(angle), std::sin(angle)});
  }
  return rotations;
}

// What the squared error depends on. With b = cos(direction + phi) / 2 at each position, the weight
// is 1/2 + r b, and the error falls short of that of r = 0 by 2 r A - r^2 B: A is the sum of
// (target - 1/2) b, B that of b^2. Both are forms in (cos phi, sin phi).
struct Sums {
  double cos = 0, sin = 0;                       // of (target - 1/2) times the direction's cosine
  double cos_cos = 0, cos_sin = 0, sin_sin = 0;  // of products of the direction's coordinates
};

Sums SumsOf(std::span<const float> target, uint32_t rows, uint32_t cols) {
  Sums sums;
  for (uint32_t row = 0; row < rows; ++row) {
    for (uint32_t col = 0; col < cols; ++col) {
      const Cartesian direction = Direction(row, col, rows, cols);
      const double length = std::hypot(direction.x, direction.y);
      const double c = length > 0 ? direction.x / length : 1;
      const double s = length > 0 ? direction.y / length : 0;
      const double value = target[size_t{row} * cols + col] - 0.5;
      sums.cos += value * c;
      sums.sin += value * s;
      sums.cos_cos += c * c;
      sums.cos_sin += c * s;
      sums.sin_sin += s * s;
    }
  }
  return sums;
}

struct Candidate {
  double r;
  double gained;  // how much less the squared error is than with r = 0
};

Candidate BestRadius(const Sums& sums, double c, double s) {
  const double a = (c * sums.cos - s * sums.sin) / 2;
  const double b = (c * c * sums.cos_cos - 2 * c * s * sums.cos_sin + s * s * sums.sin_sin) / 4;
  const double most = kLargestRadius * 0x1p-20;
  // b is 0 only where every position is at a right angle to phi: then r has no effect.
  const double r = b > 0 ? std::clamp(a / b, 0.0, most) : 0;
  return {r, 2 * r * a - r * r * b};
}

Packed64Fields Search(const Sums& sums) {
  const std::vector<UnitVector> coarse = PartialRotations(0);
  const std::vector<UnitVector> fine = PartialRotations(kHalfCodeBits);
  constexpr std::array<UnitVector, 4> kQuarters = {{{1, 0}, {0, 1}, {-1, 0}, {0, -1}}};
  Packed64Fields best;
  double most = -1;
  for (uint32_t quarter = 0; quarter < kQuarters.size(); ++quarter) {
    for (uint32_t high = 0; high < kHalfCodes; ++high) {
      for (uint32_t low = 0; low < kHalfCodes; ++low) {
        const UnitVector& p = coarse[low];
        const UnitVector& q = fine[high];
        const double code_cos = p.cos * q.cos - p.sin * q.sin;
        const double code_sin = p.sin * q.cos + p.cos * q.sin;
        const UnitVector& t = kQuarters[quarter];
        const Candidate candidate = BestRadius(sums, code_cos * t.cos - code_sin * t.sin,
                                               code_sin * t.cos + code_cos * t.sin);
        if (candidate.gained <= most) continue;
        most = candidate.gained;
        best = {static_cast<uint32_t>(std::llrint(candidate.r * 0x1p20)), quarter * kQuarterTurn,
                high << kHalfCodeBits | low};
      }
    }
  }
  return best;
}

double RmseOf(const Packed64Fields& fields, std::span<const float> target, uint32_t rows,
              uint32_t cols) {
  double squares = 0;
  for (uint32_t row = 0; row < rows; ++row) {
    for (uint32_t col = 0; col < cols; ++col) {
      const double weight = SequenceWeight(fields, row, col, rows, cols) * 0x1p-30;
      const double error = weight - target[size_t{row} * cols + col];
      squares += error * error;
    }
  }
  return std::sqrt(squares / static_cast<double>(target.size()));
}

}  // namespace

int32_t SequenceWeight(const Packed64Fields& fields, uint32_t row, uint32_t col, uint32_t rows,
                       uint32_t cols) {
  const uint32_t turns = ToPolar(Direction(row, col, rows, cols)).turns + (fields.theta << 8);
  const Cartesian start = ToCartesian({fields.r << 10, turns});
  int64_t x = (start.x * kInverseGain) >> (31 - kGuardBits);
  int64_t y = (start.y * kInverseGain) >> (31 - kGuardBits);
  for (uint32_t k = 0; k < kCodeBits; ++k) {
    const int64_t dx = y >> k;
    const int64_t dy = x >> k;
    const bool counter_clockwise = (fields.code >> k & 1) != 0;
    x += counter_clockwise ? -dx : dx;
    y += counter_clockwise ? dy : -dy;
  }
  const int64_t weight = RoundHalfEvenShift((kOne << kGuardBits) + x, kGuardBits + 1);
  return static_cast<int32_t>(std::clamp<int64_t>(weight, 0, kOne));
}

double SequenceTurns(uint32_t code) {
  return PartialAngle(code, 0, kCodeBits) / (2 * std::numbers::pi);
}

absl::StatusOr<SequenceFit> FitSequence(std::span<const float> target, uint32_t rows,
                                        uint32_t cols) {
  if (rows < 1 || rows > kMaxPatternSide || cols < 1 || cols > kMaxPatternSide) {
    return absl::InvalidArgumentError(absl::StrCat("the matrix is ", rows, " x ", cols,
                                                   "; expected sides from 1 to ", kMaxPatternSide));
  }
  if (target.size() != uint64_t{rows} * cols) {
    return absl::InvalidArgumentError(
        absl::StrCat("the target has ", target.size(), " weights; expected ", rows, " x ", cols));
  }
  if (!std::all_of(target.begin(), target.end(), [](float w) { return std::isfinite(w); })) {
    return absl::InvalidArgumentError(
        "a weight of the target is not finite; expected finite numbers");
  }
  SequenceFit fit;
  fit.fields = Search(SumsOf(target, rows, cols));
  fit.rmse = RmseOf(fit.fields, target, rows, cols);
  return fit;
}

}  // namespace seedfed
