#include "cli/reproduce/ensembles_experiment.h"

#include <array>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "cli/reproduce/code_search.h"
#include "cli/reproduce/ensemble_fit.h"
#include "cli/reproduce/streams.h"
#include "cli/reproduce/targets.h"
#include "common/codec/ensemble_word.h"
#include "common/codec/word.h"

namespace seedfed {
namespace {

constexpr std::array<uint32_t, 4> kShownWords = {1, 4, 16, 64};
constexpr uint32_t kMostRadialWords = 4;
constexpr uint32_t kGaussianTilesSide = 64;
constexpr std::array<uint32_t, 6> kShownCodes = {1, 16, 256, 4096, 65536, kCodes};
constexpr double kTileWeights = 64;
constexpr double kGainBytes = 4;

void AddRows(const Target& target, absl::string_view pattern, uint32_t codes,
             std::span<const double> captured, double word_bytes, double extra_bytes,
             ResultTable& table) {
  for (const uint32_t words : kShownWords) {
    if (words > captured.size()) break;
    const double bits =
        8 * (word_bytes * words + extra_bytes) / static_cast<double>(target.weights.size());
    const double share = captured[words - 1];
    table.rows.push_back({TextCell(target.name), TextCell(pattern), CountCell(codes),
                          CountCell(words), FixedCell(bits, 3), FixedCell(100 * share, 2),
                          FixedCell(100 * ShannonLimit(bits), 2)});
  }
}

ResultTable WordsTable(uint64_t seed, uint32_t codes, const absl::StatusOr<TrainedLayer>& layer) {
  ResultTable table;
  table.name = "ensembles_words";
  table.title = "A 32 x 32 matrix as the sum of K words";
  table.columns = {{"matrix", "matrix", false},
                   {"pattern", "pattern", false},
                   {"codes", "codes tried"},
                   {"words", "K"},
                   {"bits_per_weight", "bits/weight"},
                   {"captured_percent", "captured %"},
                   {"limit_percent", "Gaussian limit %"}};
  PhiloxStream gaussian = ExperimentStream(seed, ExperimentPart::kGaussianTarget);
  PhiloxStream starts = ExperimentStream(seed, ExperimentPart::kEnsembleStarts);
  std::vector<Target> targets = {GaussianTarget(kTargetSide, kTargetSide, gaussian),
                                 RadialTarget()};
  if (layer.ok()) targets.push_back(layer->target);
  for (const Target& target : targets) {
    for (const uint32_t tried : {uint32_t{1}, codes}) {
      const RotationWords fit =
          FitRotationWords(target, kShownWords.back(), tried, ExperimentKey(seed));
      AddRows(target, "rotation", tried, fit.captured, kWordBytes, kGainBytes, table);
    }
    const RadialWords fit = FitRadialWords(target, kMostRadialWords, starts);
    AddRows(target, "radial", 1, fit.captured, kRadialWordBytes, 0, table);
  }
  table.notes = {
      "Greedy: each word is fitted to what the words before it left over. Captured is the share of "
      "the energy about zero.",
      "The limit is 1 - 2^(-2R), what any code of R bits per weight can capture of independent "
      "Gaussian numbers (Shannon). A matrix with structure, such as the radial one, can be above "
      "it; a pattern made for that structure needs no more than one word.",
      "A word has 128 bits, 64 of which repeat the other half in the other number format. One "
      "pseudo-random pattern captures 2 in 1,024 parts of Gaussian numbers; choosing the code "
      "multiplies that by about the logarithm of the number of codes tried, at no cost in bytes."};
  if (!layer.ok()) {
    table.notes.push_back(
        absl::StrCat("The rows of the layer trained on Fashion-MNIST are missing: ",
                     std::string(layer.status().message()), "."));
  }
  return table;
}

ResultTable TilesTable(uint64_t seed) {
  ResultTable table;
  table.name = "ensembles_tiles";
  table.title = "Ensemble words on 8 x 8 tiles of a Gaussian matrix, best of N codes per tile";
  table.columns = {{"codes", "N"},
                   {"bits_per_weight", "bits/weight"},
                   {"captured_percent", "captured %"},
                   {"stored_percent", "as stored %"},
                   {"limit_percent", "Gaussian limit %"}};
  PhiloxStream random = ExperimentStream(seed, ExperimentPart::kGaussianTiles);
  const Target target = GaussianTarget(kGaussianTilesSide, kGaussianTilesSide, random);
  for (const TileSearch& search : SearchTiles(target, kShownCodes)) {
    const double seed_bits = 8.0 * kWordBytes / kSubSeeds;
    const double bits = (seed_bits + std::log2(search.codes)) / kTileWeights;
    table.rows.push_back({CountCell(search.codes), FixedCell(bits, 3),
                          FixedCell(100 * search.continuous, 2), FixedCell(100 * search.stored, 2),
                          FixedCell(100 * ShannonLimit(bits), 2)});
  }
  table.notes = {
      "Bits per weight: 128/15 bits of the word per tile, and log2 N bits to say which code was "
      "chosen. With N = 1 the code follows from the federation's key and costs nothing.",
      "As stored: after rounding to the 8-bit sub-seeds, to nearest. Clients round at random "
      "instead "
      "so that averages are unbiased, which captures less of one matrix.",
      "0.13 bit per weight describes no matrix well, and is not meant to: in rolling mode every "
      "round moves the model along new random directions, and what a round cannot express is left "
      "to "
      "the rounds after it."};
  return table;
}

}  // namespace

Results RunEnsemblesExperiment(uint64_t seed, uint32_t codes,
                               const absl::StatusOr<TrainedLayer>& layer) {
  return {{WordsTable(seed, codes, layer), TilesTable(seed)}, {}};
}

}  // namespace seedfed
