#include "common/pattern/rotation.h"

#include <array>
#include <cstddef>

namespace seedfed {
namespace {

constexpr std::array<PhaseVector, 4> kFourPhases = {
    {{11585, 11585}, {-11585, 11585}, {-11585, -11585}, {11585, -11585}}};

constexpr std::array<PhaseVector, 16> kSixteenPhases = {{{16069, 3196},
                                                         {13623, 9102},
                                                         {9102, 13623},
                                                         {3196, 16069},
                                                         {-3196, 16069},
                                                         {-9102, 13623},
                                                         {-13623, 9102},
                                                         {-16069, 3196},
                                                         {-16069, -3196},
                                                         {-13623, -9102},
                                                         {-9102, -13623},
                                                         {-3196, -16069},
                                                         {3196, -16069},
                                                         {9102, -13623},
                                                         {13623, -9102},
                                                         {16069, -3196}}};

}  // namespace

std::span<const PhaseVector> PhaseTable(uint32_t phase_bits) {
  if (phase_bits == 4) return kSixteenPhases;
  return kFourPhases;
}

void TileCodes(PhiloxKey codes_key, uint32_t round, uint32_t layer, std::span<uint32_t> codes) {
  for (size_t t = 0; t < codes.size(); t += 4) {
    const PhiloxBlock block =
        Philox4x32({static_cast<uint32_t>(t / 4), layer, round, 0}, codes_key);
    for (size_t lane = 0; lane < 4 && t + lane < codes.size(); ++lane) {
      codes[t + lane] = block[lane] >> 12;
    }
  }
}

void TilePhases(uint32_t code, uint32_t phase_bits, std::span<uint8_t> phases) {
  const uint32_t mask = (1U << phase_bits) - 1;
  size_t position = 0;
  for (uint32_t counter = 0; position < phases.size(); ++counter) {
    for (uint32_t lane : Philox4x32({counter, 0, 0, 0}, {code, 0})) {
      for (uint32_t bit = 0; bit < 32 && position < phases.size(); bit += phase_bits) {
        phases[position++] = static_cast<uint8_t>((lane >> bit) & mask);
      }
    }
  }
}

}  // namespace seedfed
