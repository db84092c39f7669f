#include "common/codec/ensemble_word.h"

#include <algorithm>
#include <memory>

#include "common/base/rounding.h"
#include "common/cordic/cordic.h"

namespace seedfed {
namespace {

constexpr uint32_t kUnit = 1U << 30;
constexpr uint64_t kLevels = 7;
constexpr int kAngleBits = 5;

// 2^(-k/8) in Q1.30.
constexpr std::array<uint32_t, 8> kScaleFraction = {1073741824, 984625594, 902905651, 827968132,
                                                    759250125,  696235434, 638450708, 585461881};

std::array<Seed, 256> MakePoints() {
  std::array<Seed, 256> points;
  for (uint32_t byte = 0; byte < 256; ++byte) {
    const Cartesian full = ToCartesian({kUnit, byte << (32 - kAngleBits)});
    const int64_t level = byte >> kAngleBits;
    points[byte] = {static_cast<int32_t>(RoundHalfEvenDivide(full.x * level, kLevels)),
                    static_cast<int32_t>(RoundHalfEvenDivide(full.y * level, kLevels))};
  }
  return points;
}

const std::array<Seed, 256>& Points() {
  static const std::array<Seed, 256> points = MakePoints();
  return points;
}

// What every sub-seed decodes to under every scale exponent, half a megabyte: a look-up costs less
// than the product and its rounding.
using ScaledPoints = std::array<std::array<Seed, 256>, 256>;

std::unique_ptr<const ScaledPoints> MakeScaledPoints() {
  auto scaled = std::make_unique<ScaledPoints>();
  for (size_t e = 0; e < scaled->size(); ++e) {
    const int64_t fraction = kScaleFraction[e & 7];
    const int shift = 30 + static_cast<int>(e >> 3);
    for (size_t byte = 0; byte < 256; ++byte) {
      const Seed point = Points()[byte];
      (*scaled)[e][byte] = {static_cast<int32_t>(RoundHalfEvenShift(point.u * fraction, shift)),
                            static_cast<int32_t>(RoundHalfEvenShift(point.v * fraction, shift))};
    }
  }
  return scaled;
}

const std::array<Seed, 256>& PointsAt(char e) {
  static const std::unique_ptr<const ScaledPoints> scaled = MakeScaledPoints();
  return (*scaled)[static_cast<uint8_t>(e)];
}

// The largest e in 0..255 with 2^(-e/8) >= r (Q1.30, at most 1).
int ScaleExponent(uint32_t r) {
  int e = 255;
  while (e > 0 && (uint64_t{r} << (e >> 3)) > kScaleFraction[e & 7]) --e;
  return e;
}

}  // namespace

Seed SubSeedPoint(uint8_t byte) { return Points()[byte]; }

Word EncodeEnsemble(std::span<const Seed> seeds, std::span<const SubSeedDither> dither) {
  const size_t count = std::min(seeds.size(), kSubSeeds);
  std::array<Polar, kSubSeeds> polar;
  for (size_t i = 0; i < count; ++i) polar[i] = ToPolar({seeds[i].u, seeds[i].v});
  return EncodeEnsemble(std::span<const Polar>(polar).first(count), dither);
}

Word EncodeEnsemble(std::span<const Polar> points, std::span<const SubSeedDither> dither) {
  const size_t count = std::min(points.size(), kSubSeeds);
  std::array<uint32_t, kSubSeeds> r;
  uint32_t largest = 0;
  for (size_t i = 0; i < count; ++i) {
    r[i] = std::min(points[i].r, kUnit);
    largest = std::max(largest, r[i]);
  }
  const int e = ScaleExponent(largest);
  std::array<char, kWordBytes> bytes{};
  bytes[0] = static_cast<char>(e);
  for (size_t i = 0; i < count; ++i) {
    // r / R in sevenths, with 16 more bits; at most 7 * 2^16.
    const uint64_t scaled = (uint64_t{r[i]} << (e >> 3)) * (kLevels << 16) / kScaleFraction[e & 7];
    const uint64_t level = (scaled + (dither[i].r >> 16)) >> 16;
    const uint32_t angle = (points[i].turns + (dither[i].theta >> kAngleBits)) >> (32 - kAngleBits);
    bytes[i + 1] = static_cast<char>(level << kAngleBits | angle);
  }
  return LoadWord(bytes.data());
}

std::array<Seed, kSubSeeds> DecodeEnsemble(const Word& word) {
  std::array<char, kWordBytes> bytes;
  StoreWord(word, bytes.data());
  const std::array<Seed, 256>& points = PointsAt(bytes[0]);
  std::array<Seed, kSubSeeds> seeds;
  for (size_t i = 0; i < kSubSeeds; ++i) seeds[i] = points[static_cast<uint8_t>(bytes[i + 1])];
  return seeds;
}

void DecodeEnsemble(const char* bytes, size_t count, int32_t* coordinates) {
  const std::array<Seed, 256>& points = PointsAt(bytes[0]);
  for (size_t i = 0; i < count; ++i) {
    const Seed seed = points[static_cast<uint8_t>(bytes[i + 1])];
    coordinates[2 * i] = seed.u;
    coordinates[2 * i + 1] = seed.v;
  }
}

}  // namespace seedfed
