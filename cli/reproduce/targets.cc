#include "cli/reproduce/targets.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>

#include "common/pattern/radial.h"

namespace seedfed {
namespace {

constexpr double kTargetRadius = 1.414;
constexpr double kRampDirection = std::numbers::pi / 6;

}  // namespace

Target RadialTarget() {
  Target target = {"radial", kTargetSide, kTargetSide, {}};
  for (const float dist : RadialDistances(kTargetSide, kTargetSide)) {
    target.weights.push_back(static_cast<float>(std::max(0.0, 1 - dist / kTargetRadius)));
  }
  return target;
}

Target RampTarget() {
  Target target = {"rotated ramp", kTargetSide, kTargetSide, {}};
  const double along_x = std::cos(kRampDirection), along_y = std::sin(kRampDirection);
  for (uint32_t row = 0; row < kTargetSide; ++row) {
    for (uint32_t col = 0; col < kTargetSide; ++col) {
      const double x = 2.0 * col / (kTargetSide - 1) - 1, y = 2.0 * row / (kTargetSide - 1) - 1;
      const double height = (x * along_x + y * along_y) / (along_x + along_y);
      target.weights.push_back(static_cast<float>((1 + height) / 2));
    }
  }
  return target;
}

Target GaussianTarget(uint32_t rows, uint32_t cols, PhiloxStream& random) {
  Target target = {"Gaussian", rows, cols, {}};
  for (size_t i = 0; i < size_t{rows} * cols; ++i) {
    const double length = std::sqrt(-2 * std::log(1 - random.Uniform()));
    const double angle = 2 * std::numbers::pi * random.Uniform();
    target.weights.push_back(static_cast<float>(length * std::cos(angle)));
  }
  return target;
}

Target InUnitRange(Target target) {
  const auto [least, most] = std::minmax_element(target.weights.begin(), target.weights.end());
  const float low = *least;
  const float range = *most - low;
  for (float& weight : target.weights) weight = range > 0 ? (weight - low) / range : 0;
  return target;
}

double RmseOf(std::span<const float> a, std::span<const float> b) {
  double squares = 0;
  for (size_t i = 0; i < a.size(); ++i) {
    const double error = double{a[i]} - b[i];
    squares += error * error;
  }
  return std::sqrt(squares / static_cast<double>(a.size()));
}

double Captured(std::span<const float> target, std::span<const float> weights, double centre) {
  double energy = 0, error = 0;
  for (size_t i = 0; i < target.size(); ++i) {
    energy += (target[i] - centre) * (target[i] - centre);
    error += (double{target[i]} - weights[i]) * (double{target[i]} - weights[i]);
  }
  return energy > 0 ? 1 - error / energy : 0;
}

double Mean(std::span<const float> numbers) {
  return std::accumulate(numbers.begin(), numbers.end(), 0.0) / static_cast<double>(numbers.size());
}

}  // namespace seedfed
