#ifndef SEEDFED_CLI_REPRODUCE_CODE_SEARCH_H_
#define SEEDFED_CLI_REPRODUCE_CODE_SEARCH_H_

#include <cstdint>
#include <span>
#include <vector>

namespace seedfed {

// Finding the rotation code whose pattern (2-bit phases) fits given numbers best.

inline constexpr uint32_t kCodes = 1U << 20;

// The phases of one code over `count` positions as two sets of signs: bit p mod 8 of byte p div 8
// is 1 where the cosine (sine) at position p is negative. The bits after the last position are 0.
struct PhaseSigns {
  std::vector<uint8_t> cos;
  std::vector<uint8_t> sin;
};

// Fills `signs` for `code`; its vectors and `phases` are resized as needed and reused.
void MakePhaseSigns(uint32_t code, size_t count, std::vector<uint8_t>& phases, PhaseSigns& signs);

// The point (u, v) for which u cos phi_p + v sin phi_p is nearest to the numbers, by least squares.
struct Fit {
  double u = 0;
  double v = 0;
  double gained = -1;  // how much less the squared error is than with (0, 0)
};

// The numbers in a form that a code is tried on quickly; 128 bytes a number. Const functions are
// thread-safe.
class Projection {
 public:
  explicit Projection(std::span<const float> numbers);

  Fit Best(const PhaseSigns& signs) const;

 private:
  // The sum of the numbers, negated where the sign is 1.
  double SignedSum(const std::vector<uint8_t>& signs) const;

  size_t count_;
  std::vector<float> sums_;  // entry 256 b + s: the numbers 8 b to 8 b + 7 with the signs s, summed
};

}  // namespace seedfed

#endif  // SEEDFED_CLI_REPRODUCE_CODE_SEARCH_H_
