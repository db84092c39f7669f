#include "cli/compress/code_search.h"

#include <algorithm>
#include <cmath>

#include "common/pattern/rotation.h"

namespace seedfed {
namespace {

// Sizes that keep patterns and sums in a core's cache, in binary32 numbers and tiles.
constexpr size_t kTileFloats = 1 << 17;
constexpr size_t kPatternFloats = 1 << 18;
constexpr size_t kKeptFloats = 1 << 20;
constexpr size_t kMostBatch = 512;
constexpr uint32_t kMostChunkCodes = 256;

// Below this part of its largest possible value a determinant is a rounding error of 0.
constexpr double kSingular = 1e-9;

double Determinant(const NormalMatrix& normal) {
  return normal.cc * normal.ss - normal.cs * normal.cs;
}

bool IsSingular(const NormalMatrix& normal) {
  const double trace = normal.cc + normal.ss;
  return Determinant(normal) <= kSingular * trace * trace;
}

}  // namespace

CodePattern::CodePattern(uint32_t code, uint32_t tile, uint32_t phase_bits)
    : code_(code), tile_(tile), phase_bits_(phase_bits), phases_(size_t{tile} * tile) {
  TilePhases(code, phase_bits, phases_);
}

NormalMatrix CodePattern::Normal(size_t rows, size_t cols) const {
  const std::span<const PhaseVector> table = PhaseTable(phase_bits_);
  // Sums of 2^16 products of 2^28 at most.
  int64_t cc = 0, cs = 0, ss = 0;
  for (size_t i = 0; i < rows; ++i) {
    for (size_t j = 0; j < cols; ++j) {
      const PhaseVector phase = table[phases_[i * tile_ + j]];
      cc += int32_t{phase.cos} * phase.cos;
      cs += int32_t{phase.cos} * phase.sin;
      ss += int32_t{phase.sin} * phase.sin;
    }
  }
  return {static_cast<double>(cc) * 0x1p-28, static_cast<double>(cs) * 0x1p-28,
          static_cast<double>(ss) * 0x1p-28};
}

TileFit CodePattern::Fit(std::span<const float> values, size_t rows, size_t cols) const {
  const std::span<const PhaseVector> table = PhaseTable(phase_bits_);
  double a = 0, b = 0;
  for (size_t i = 0; i < rows; ++i) {
    for (size_t j = 0; j < cols; ++j) {
      const PhaseVector phase = table[phases_[i * tile_ + j]];
      const double value = values[i * tile_ + j];
      a += value * phase.cos;
      b += value * phase.sin;
    }
  }
  a *= 0x1p-14;
  b *= 0x1p-14;
  const NormalMatrix normal = Normal(rows, cols);
  TileFit fit = {.code = code_};
  if (IsSingular(normal)) {
    // The matrix is trace * d d^T with a direction d, and (a, b) lies along d.
    fit.u = a / (normal.cc + normal.ss);
    fit.v = b / (normal.cc + normal.ss);
  } else {
    const double determinant = Determinant(normal);
    fit.u = (normal.ss * a - normal.cs * b) / determinant;
    fit.v = (normal.cc * b - normal.cs * a) / determinant;
  }
  fit.captured = fit.u * a + fit.v * b;
  return fit;
}

CodeSearch::CodeSearch(uint32_t tile, uint32_t phase_bits, uint32_t codes)
    : tile_(tile), phase_bits_(phase_bits), codes_(codes) {
  const size_t positions = size_t{tile} * tile;
  batch_ = std::clamp<size_t>(kTileFloats / positions, 1, kMostBatch);
  const size_t most_codes = std::max<size_t>(1, kPatternFloats / (2 * positions));
  chunk_codes_ = static_cast<uint32_t>(std::min<size_t>({most_codes, kMostChunkCodes, codes}));
  keep_chunks_ = 2 * positions * codes <= kKeptFloats;
  if (keep_chunks_) {
    for (uint32_t first = 0; first < codes; first += chunk_codes_) {
      MakeChunk(first, chunks_.emplace_back());
    }
  } else {
    chunks_.emplace_back();
  }
}

void CodeSearch::MakeChunk(uint32_t first, Chunk& chunk) const {
  const std::span<const PhaseVector> table = PhaseTable(phase_bits_);
  const uint32_t count = std::min(chunk_codes_, codes_ - first);
  const size_t positions = size_t{tile_} * tile_;
  chunk.first = first;
  chunk.forms.clear();
  chunk.patterns.resize(static_cast<Eigen::Index>(positions), 2 * Eigen::Index{count});
  std::vector<uint8_t> phases(positions);
  for (uint32_t k = 0; k < count; ++k) {
    TilePhases(first + k, phase_bits_, phases);
    float* cos = chunk.patterns.col(2 * Eigen::Index{k}).data();
    float* sin = chunk.patterns.col(2 * Eigen::Index{k} + 1).data();
    for (size_t p = 0; p < positions; ++p) {
      cos[p] = table[phases[p]].cos * 0x1p-14F;
      sin[p] = table[phases[p]].sin * 0x1p-14F;
    }
  }
}

const std::vector<CodeSearch::EnergyForm>& CodeSearch::Forms(Chunk& chunk, size_t rows,
                                                             size_t cols) const {
  constexpr size_t kMostShapes = 16;
  const auto found = chunk.forms.find({rows, cols});
  if (found != chunk.forms.end()) return found->second;
  if (chunk.forms.size() == kMostShapes) chunk.forms.clear();
  std::vector<EnergyForm>& forms = chunk.forms[{rows, cols}];
  const auto count = static_cast<uint32_t>(chunk.patterns.cols() / 2);
  for (uint32_t k = 0; k < count; ++k) {
    const NormalMatrix normal = CodePattern(chunk.first + k, tile_, phase_bits_).Normal(rows, cols);
    if (IsSingular(normal)) {
      const auto inverse = static_cast<float>(1 / (normal.cc + normal.ss));
      forms.push_back({inverse, 0, inverse});
    } else {
      const double scale = 1 / Determinant(normal);
      forms.push_back({static_cast<float>(normal.ss * scale),
                       static_cast<float>(-2 * normal.cs * scale),
                       static_cast<float>(normal.cc * scale)});
    }
  }
  return forms;
}

void CodeSearch::Search(std::span<const float> tiles, size_t rows, size_t cols,
                        std::span<TileFit> fits) {
  const size_t positions = size_t{tile_} * tile_;
  const auto count = static_cast<Eigen::Index>(fits.size());
  // The best code does not depend on a tile's scale; with a largest value of 1 no square overflows.
  normalised_.resize(static_cast<Eigen::Index>(positions), count);
  for (Eigen::Index t = 0; t < count; ++t) {
    const Eigen::Map<const Eigen::VectorXf> tile(tiles.data() + static_cast<size_t>(t) * positions,
                                                 static_cast<Eigen::Index>(positions));
    const float largest = tile.cwiseAbs().maxCoeff();
    normalised_.col(t) = largest > 0 ? (tile / largest).eval() : tile;
  }
  std::vector<float> best(fits.size(), -1);
  std::vector<uint32_t> codes(fits.size(), 0);
  const uint32_t chunks = (codes_ + chunk_codes_ - 1) / chunk_codes_;
  for (uint32_t c = 0; c < chunks; ++c) {
    if (!keep_chunks_) MakeChunk(c * chunk_codes_, chunks_[0]);
    Chunk& chunk = chunks_[keep_chunks_ ? c : 0];
    const std::vector<EnergyForm>& forms = Forms(chunk, rows, cols);
    sums_.resize(count, chunk.patterns.cols());
    sums_.noalias() = normalised_.transpose() * chunk.patterns;
    for (size_t k = 0; k < forms.size(); ++k) {
      const EnergyForm form = forms[k];
      const float* a = sums_.col(static_cast<Eigen::Index>(2 * k)).data();
      const float* b = sums_.col(static_cast<Eigen::Index>(2 * k + 1)).data();
      const uint32_t code = chunk.first + static_cast<uint32_t>(k);
      for (size_t t = 0; t < fits.size(); ++t) {
        const float energy = form.aa * a[t] * a[t] + form.ab * a[t] * b[t] + form.bb * b[t] * b[t];
        codes[t] = energy > best[t] ? code : codes[t];
        best[t] = std::max(best[t], energy);
      }
    }
  }
  for (size_t t = 0; t < fits.size(); ++t) {
    fits[t] = CodePattern(codes[t], tile_, phase_bits_)
                  .Fit(tiles.subspan(t * positions, positions), rows, cols);
  }
}

}  // namespace seedfed
