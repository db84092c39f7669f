#include "cli/reproduce/code_search.h"

#include <bit>
#include <cstring>

#include "common/pattern/rotation.h"

namespace seedfed {
namespace {

constexpr uint32_t kPhaseBits = 2;
constexpr size_t kPatterns = 256;  // signs of eight numbers

// Of the 2-bit phases every cosine and sine has this size.
double PhaseSize() { return PhaseTable(kPhaseBits)[0].cos * 0x1p-14; }

size_t DifferingBits(const std::vector<uint8_t>& a, const std::vector<uint8_t>& b) {
  size_t bits = 0;
  for (size_t i = 0; i < a.size(); ++i) {
    bits += static_cast<size_t>(std::popcount(static_cast<uint8_t>(a[i] ^ b[i])));
  }
  return bits;
}

}  // namespace

void MakePhaseSigns(uint32_t code, size_t count, std::vector<uint8_t>& phases, PhaseSigns& signs) {
  // Whole bytes of positions, so that the loop below has no rest.
  const size_t bytes = (count + 7) / 8;
  phases.resize(bytes * 8);
  TilePhases(code, kPhaseBits, std::span(phases).first(count));
  std::memset(phases.data() + count, 0, phases.size() - count);
  signs.cos.resize(bytes);
  signs.sin.resize(bytes);
  for (size_t b = 0; b < bytes; ++b) {
    // The phases 0 to 3 are in the quadrants (+, +), (-, +), (-, -), (+, -).
    uint32_t cos = 0, sin = 0;
    for (uint32_t k = 0; k < 8; ++k) {
      const uint32_t phase = phases[8 * b + k];
      cos |= ((phase ^ phase >> 1) & 1) << k;
      sin |= (phase >> 1) << k;
    }
    signs.cos[b] = static_cast<uint8_t>(cos);
    signs.sin[b] = static_cast<uint8_t>(sin);
  }
}

Projection::Projection(std::span<const float> numbers) : count_(numbers.size()) {
  const size_t bytes = (count_ + 7) / 8;
  sums_.resize(bytes * kPatterns);
  for (size_t b = 0; b < bytes; ++b) {
    for (size_t pattern = 0; pattern < kPatterns; ++pattern) {
      float sum = 0;
      for (size_t k = 0; k < 8 && 8 * b + k < count_; ++k) {
        const float number = numbers[8 * b + k];
        sum += (pattern >> k & 1) != 0 ? -number : number;
      }
      sums_[b * kPatterns + pattern] = sum;
    }
  }
}

double Projection::SignedSum(const std::vector<uint8_t>& signs) const {
  float sum = 0;
  const float* sums = sums_.data();
  for (size_t b = 0; b < signs.size(); ++b) sum += sums[b * kPatterns + signs[b]];
  return sum;
}

Fit Projection::Best(const PhaseSigns& signs) const {
  const double size = PhaseSize();
  const double a = size * SignedSum(signs.cos), b = size * SignedSum(signs.sin);
  // The normal equations: cosines and sines have the same energy and overlap a little.
  const auto n = static_cast<double>(count_);
  const double energy = n * size * size;
  const double overlap =
      (n - 2 * static_cast<double>(DifferingBits(signs.cos, signs.sin))) * size * size;
  const double determinant = energy * energy - overlap * overlap;
  Fit fit;
  if (determinant <= 0) {  // the cosines are the sines, or their negatives
    fit.u = a / energy;
    fit.gained = a * a / energy;
    return fit;
  }
  fit.u = (a * energy - b * overlap) / determinant;
  fit.v = (b * energy - a * overlap) / determinant;
  fit.gained = a * fit.u + b * fit.v;
  return fit;
}

}  // namespace seedfed
