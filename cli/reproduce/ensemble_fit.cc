#include "cli/reproduce/ensemble_fit.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "cli/reproduce/code_search.h"
#include "common/base/check.h"
#include "common/codec/ensemble_word.h"
#include "common/codec/single_word.h"
#include "common/pattern/poincare_matrix.h"
#include "common/pattern/rotation.h"

namespace seedfed {
namespace {

constexpr uint32_t kPhaseBits = 2;
constexpr uint32_t kTileSide = 8;
constexpr size_t kTileWeights = size_t{kTileSide} * kTileSide;
constexpr size_t kSubSeedBytes = 256;
constexpr double kOne = 0x1p30;

double Energy(std::span<const float> numbers) {
  double energy = 0;
  for (const float number : numbers) energy += double{number} * number;
  return energy;
}

// A radius 1 that holds the best of 2^20 random projections of n Gaussian numbers with a margin:
// those have a length of about sqrt(2 ln(2^20) * 2 / n) = 7.4 / sqrt(n) standard deviations.
double GainFor(std::span<const float> numbers) {
  return 12 * std::sqrt(Energy(numbers)) / static_cast<double>(numbers.size());
}

Seed ToSeed(double u, double v, double gain) {
  const double limit = std::max(1.0, std::hypot(u, v) / gain);
  return {static_cast<int32_t>(std::llrint(u / gain / limit * kOne)),
          static_cast<int32_t>(std::llrint(v / gain / limit * kOne))};
}

// Adds `factor` times the pattern of a seed to `weights`.
void AddPattern(Seed seed, uint32_t code, double factor, std::span<float> weights) {
  std::vector<uint8_t> phases(weights.size());
  TilePhases(code, kPhaseBits, phases);
  const std::span<const PhaseVector> table = PhaseTable(kPhaseBits);
  std::array<float, 4> values;
  for (size_t n = 0; n < values.size(); ++n) {
    const double value =
        static_cast<double>(seed.u) * table[n].cos + static_cast<double>(seed.v) * table[n].sin;
    values[n] = static_cast<float>(factor * value * 0x1p-44);
  }
  for (size_t i = 0; i < weights.size(); ++i) weights[i] += values[phases[i]];
}

// The seed and the code of a word that FitRotationWords made.
Seed SeedOf(const Word& word) {
  const absl::StatusOr<Seed> seed = DecodeSingle(word, UnpackPacked64(word.hi).code);
  SEEDFED_CHECK(seed.ok());
  return *seed;
}

std::vector<float> Tile(const Target& target, uint32_t tile) {
  const uint32_t tile_cols = target.cols / kTileSide;
  const uint32_t top = tile / tile_cols * kTileSide, left = tile % tile_cols * kTileSide;
  std::vector<float> weights;
  for (uint32_t row = 0; row < kTileSide; ++row) {
    const float* start = target.weights.data() + size_t{top + row} * target.cols + left;
    weights.insert(weights.end(), start, start + kTileSide);
  }
  return weights;
}

struct TileFit {
  uint32_t code = 0;
  Fit fit;
};

double SquaredDistance(Seed a, Seed b) {
  const double du = static_cast<double>(a.u) - b.u, dv = static_cast<double>(a.v) - b.v;
  return du * du + dv * dv;
}

// The ensemble word nearest to at most fifteen seeds.
Word NearestWord(std::span<const Seed> seeds) {
  double radius = 0x1p-20;
  for (const Seed& seed : seeds) radius = std::max(radius, std::hypot(seed.u, seed.v) / kOne);
  // From the smallest disk that holds every point to one of a quarter of its radius.
  const int largest_disk = std::clamp(static_cast<int>(-8 * std::log2(radius)), 0, 255 - 16);
  Word best;
  double least = std::numeric_limits<double>::infinity();
  for (int exponent = largest_disk; exponent <= largest_disk + 16; ++exponent) {
    const double scale = std::exp2(-exponent / 8.0);
    std::array<Seed, kSubSeedBytes> points;
    for (size_t byte = 0; byte < kSubSeedBytes; ++byte) {
      const Seed point = SubSeedPoint(static_cast<uint8_t>(byte));
      points[byte] = {static_cast<int32_t>(std::llrint(scale * point.u)),
                      static_cast<int32_t>(std::llrint(scale * point.v))};
    }
    std::array<char, kWordBytes> bytes{};
    bytes[0] = static_cast<char>(exponent);
    double error = 0;
    for (size_t i = 0; i < seeds.size(); ++i) {
      const auto nearest = std::min_element(
          points.begin(), points.end(), [&seed = seeds[i]](const Seed& a, const Seed& b) {
            return SquaredDistance(a, seed) < SquaredDistance(b, seed);
          });
      bytes[i + 1] = static_cast<char>(nearest - points.begin());
      error += SquaredDistance(*nearest, seeds[i]);
    }
    if (error >= least) continue;
    least = error;
    best = LoadWord(bytes.data());
  }
  return best;
}

// The squared error that is left of all tiles after rounding to ensemble words.
double StoredError(const Target& target, std::span<const TileFit> tiles, double gain) {
  double error = 0;
  for (size_t first = 0; first < tiles.size(); first += kSubSeeds) {
    const size_t count = std::min(kSubSeeds, tiles.size() - first);
    std::vector<Seed> seeds;
    for (const TileFit& tile : tiles.subspan(first, count)) {
      seeds.push_back(ToSeed(tile.fit.u, tile.fit.v, gain));
    }
    const std::array<Seed, kSubSeeds> stored = DecodeEnsemble(NearestWord(seeds));
    for (size_t i = 0; i < count; ++i) {
      std::vector<float> rest = Tile(target, static_cast<uint32_t>(first + i));
      AddPattern(stored[i], tiles[first + i].code, -gain, rest);
      error += Energy(rest);
    }
  }
  return error;
}

}  // namespace

RotationWords FitRotationWords(const Target& target, uint32_t words, uint32_t codes,
                               PhiloxKey codes_key) {
  std::vector<uint32_t> first_codes(words);
  TileCodes(codes_key, 0, 0, first_codes);
  std::vector<float> rest = target.weights;
  const double energy = Energy(rest);
  RotationWords out;
  out.gain = static_cast<float>(GainFor(rest));
  std::vector<uint8_t> phases;
  PhaseSigns signs;
  for (uint32_t k = 0; k < words; ++k) {
    const Projection projection(rest);
    TileFit best;
    for (uint32_t n = 0; n < codes; ++n) {
      const uint32_t code = (first_codes[k] + n) % kCodes;
      MakePhaseSigns(code, rest.size(), phases, signs);
      const Fit fit = projection.Best(signs);
      if (fit.gained > best.fit.gained) best = {code, fit};
    }
    out.words.push_back(EncodeSingle(ToSeed(best.fit.u, best.fit.v, out.gain), best.code));
    AddPattern(SeedOf(out.words.back()), best.code, -out.gain, rest);
    out.captured.push_back(1 - Energy(rest) / energy);
  }
  return out;
}

std::vector<float> ExpandRotationWords(const RotationWords& fit, size_t weights) {
  std::vector<float> sum(weights);
  for (const Word& word : fit.words) {
    AddPattern(SeedOf(word), UnpackPacked64(word.hi).code, fit.gain, sum);
  }
  return sum;
}

RadialWords FitRadialWords(const Target& target, uint32_t words, PhiloxStream& random) {
  Target rest = target;
  const double energy = Energy(rest.weights);
  RadialWords out;
  for (uint32_t k = 0; k < words; ++k) {
    absl::StatusOr<PoincareMatrix> matrix =
        PoincareMatrix::RandomStart(target.rows, target.cols, random);
    SEEDFED_CHECK(matrix.ok());
    SEEDFED_CHECK(matrix->TrainWithAdam(InUnitRange(rest).weights, {}).ok());
    const std::vector<float> pattern = matrix->ContinuousWeights();
    // Least squares for offset and scale.
    const double pattern_mean = Mean(pattern), rest_mean = Mean(rest.weights);
    double together = 0, own = 0;
    for (size_t i = 0; i < pattern.size(); ++i) {
      together += (pattern[i] - pattern_mean) * (rest.weights[i] - rest_mean);
      own += (pattern[i] - pattern_mean) * (pattern[i] - pattern_mean);
    }
    const auto scale = static_cast<float>(own > 0 ? together / own : 0);
    const auto offset = static_cast<float>(rest_mean - scale * pattern_mean);
    for (size_t i = 0; i < pattern.size(); ++i) rest.weights[i] -= offset + scale * pattern[i];
    out.words.push_back(matrix->word());
    out.captured.push_back(1 - Energy(rest.weights) / energy);
  }
  return out;
}

std::vector<TileSearch> SearchTiles(const Target& target, std::span<const uint32_t> counts) {
  const uint32_t tiles = target.rows / kTileSide * (target.cols / kTileSide);
  std::vector<Projection> projections;
  for (uint32_t t = 0; t < tiles; ++t) projections.emplace_back(Tile(target, t));
  const double energy = Energy(target.weights);
  const double gain = 12 * std::sqrt(energy / static_cast<double>(target.weights.size()) /
                                     static_cast<double>(kTileWeights));
  std::vector<TileFit> best(tiles);
  std::vector<TileSearch> out;
  std::vector<uint8_t> phases;
  PhaseSigns signs;
  uint32_t code = 0;
  for (const uint32_t count : counts) {
    for (; code < count; ++code) {
      MakePhaseSigns(code, kTileWeights, phases, signs);
      for (uint32_t t = 0; t < tiles; ++t) {
        const Fit fit = projections[t].Best(signs);
        if (fit.gained > best[t].fit.gained) best[t] = {code, fit};
      }
    }
    double gained = 0;
    for (const TileFit& tile : best) gained += tile.fit.gained;
    out.push_back({count, gained / energy, 1 - StoredError(target, best, gain) / energy});
  }
  return out;
}

double ShannonLimit(double bits_per_weight) { return 1 - std::exp2(-2 * bits_per_weight); }

}  // namespace seedfed
