#include "common/base/random.h"

#include <sodium.h>

#include <array>
#include <cstring>

namespace seedfed {
namespace {

class OperatingSystemRandom final : public RandomSource {
 public:
  void Fill(std::span<uint8_t> out) override {
    if (!out.empty()) randombytes_buf(out.data(), out.size());  // its pointer must not be null
  }
};

}  // namespace

double RandomSource::Uniform() {
  std::array<uint8_t, 8> bytes;
  Fill(bytes);
  uint64_t bits = 0;
  std::memcpy(&bits, bytes.data(), sizeof(bits));
  return static_cast<double>(bits >> 11) * 0x1p-53;
}

RandomSource& SystemRandom() {
  static OperatingSystemRandom source;
  return source;
}

}  // namespace seedfed
