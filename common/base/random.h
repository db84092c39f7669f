#ifndef SEEDFED_COMMON_BASE_RANDOM_H_
#define SEEDFED_COMMON_BASE_RANDOM_H_

#include <cstdint>
#include <span>

namespace seedfed {

// A source of unpredictable bits for what must differ between runs (identifiers, back-off jitter).
// What must be the same between runs is drawn from PhiloxStream instead.
class RandomSource {
 public:
  virtual ~RandomSource() = default;

  // Fills `out` with random bytes.
  virtual void Fill(std::span<uint8_t> out) = 0;

  // Uniform in [0, 1), 53 bits.
  double Uniform();
};

// The operating system's generator, through libsodium. Thread-safe; lives for ever.
RandomSource& SystemRandom();

}  // namespace seedfed

#endif  // SEEDFED_COMMON_BASE_RANDOM_H_
