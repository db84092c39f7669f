#ifndef SEEDFED_COMMON_PATTERN_ROTATION_H_
#define SEEDFED_COMMON_PATTERN_ROTATION_H_

#include <cstdint>
#include <span>

#include "common/base/philox.h"

namespace seedfed {

// The rotation pattern: weight (i, j) of a tile is gain * (u cos phi_ij + v sin phi_ij). The phases
// phi_ij are pseudo-random numbers made from the tile's 20-bit rotation code. All functions are
// pure and thread-safe.

// The phase's direction, Q1.14: 2^14 stands for 1.
struct PhaseVector {
  int16_t cos;
  int16_t sin;
};

// The 4 (phase_bits = 2) or 16 (phase_bits = 4) phases: phase n is the angle (n + 1/2) /
// 2^phase_bits turns.
std::span<const PhaseVector> PhaseTable(uint32_t phase_bits);

// The rotation codes (20 bits each) of a layer's tiles, in tile order: the upper 20 bits of lane t
// mod 4 of Philox(counter = (t div 4, layer, round, 0), key). `round` is 0 where codes are fixed.
void TileCodes(PhiloxKey codes_key, uint32_t round, uint32_t layer, std::span<uint32_t> codes);

// The phase numbers of a tile, row-major, phases.size() = tile * tile: Philox(counter = (block, 0,
// 0, 0), key = (code, 0)) gives 128 bits, least significant first, cut in numbers of phase_bits.
void TilePhases(uint32_t code, uint32_t phase_bits, std::span<uint8_t> phases);

}  // namespace seedfed

#endif  // SEEDFED_COMMON_PATTERN_ROTATION_H_
