#include "cli/inspect/word_statistics.h"

#include "cli/inspect/word_view.h"

namespace seedfed {

absl::Status CountWord(Codec codec, const Word& word, size_t seeds, WordStatistics& statistics) {
  ++statistics.words;
  if (codec == Codec::kSingle) {
    const SingleView view = ViewSingle(word);
    if (!view.valid.ok()) {
      ++statistics.invalid;
      return view.valid;
    }
    statistics.r.Add(view.r);
    if (view.r == 0) ++statistics.zero_seeds;
    return absl::OkStatus();
  }
  const EnsembleView view = ViewEnsemble(word);
  statistics.exponent.Add(view.exponent);
  for (size_t i = 0; i < seeds; ++i) {
    statistics.r.Add(view.seeds[i].r);
    if (view.seeds[i].r_sevenths == 0) ++statistics.zero_seeds;
  }
  return absl::OkStatus();
}

nlohmann::ordered_json StatisticsJson(const Statistics& statistics) {
  return {{"min", statistics.min()},
          {"max", statistics.max()},
          {"mean", statistics.mean()},
          {"std", statistics.stddev()}};
}

}  // namespace seedfed
