#include "cli/reproduce/quantise.h"

#include <Eigen/Core>
#include <algorithm>
#include <cmath>

namespace seedfed {
namespace {

constexpr float kMost = 127;
constexpr uint64_t kScaleBytes = 4;

void AppendInt8(std::span<const float> part, Quantised& out) {
  float largest = 0;
  for (const float weight : part) largest = std::max(largest, std::fabs(weight));
  const float scale = largest / kMost;
  for (const float weight : part) {
    const float level = scale > 0 ? std::nearbyint(weight / scale) : 0;
    out.weights.push_back(std::clamp(level, -kMost, kMost) * scale);
  }
  out.bytes += part.size() + kScaleBytes;
}

}  // namespace

Quantised QuantiseInt8PerTensor(std::span<const float> matrix) {
  Quantised out;
  AppendInt8(matrix, out);
  return out;
}

Quantised QuantiseInt8PerRow(std::span<const float> matrix, uint32_t cols) {
  Quantised out;
  for (size_t start = 0; start < matrix.size(); start += cols) {
    AppendInt8(matrix.subspan(start, cols), out);
  }
  return out;
}

Quantised QuantiseFp16(std::span<const float> matrix) {
  Quantised out;
  for (const float weight : matrix) {
    out.weights.push_back(static_cast<float>(static_cast<Eigen::half>(weight)));
  }
  out.bytes = 2 * matrix.size();
  return out;
}

}  // namespace seedfed
