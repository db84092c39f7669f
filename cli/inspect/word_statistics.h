#ifndef SEEDFED_CLI_INSPECT_WORD_STATISTICS_H_
#define SEEDFED_CLI_INSPECT_WORD_STATISTICS_H_

#include <cstddef>
#include <cstdint>
#include <nlohmann/json.hpp>

#include "absl/status/status.h"
#include "cli/inspect/statistics.h"
#include "common/codec/word.h"
#include "common/model/spec.h"

namespace seedfed {

// What many words are like. Not thread-safe.
struct WordStatistics {
  uint64_t words = 0;
  Statistics exponent;  // ensemble: scale exponents
  Statistics r;         // of the unit disk, one a seed; only of valid words
  uint64_t zero_seeds = 0;
  uint64_t invalid = 0;
};

// Counts a word with `seeds` seeds in use: ensemble 1 to 15, single 1. The status says why a word
// is not valid; it is counted all the same.
absl::Status CountWord(Codec codec, const Word& word, size_t seeds, WordStatistics& statistics);

// {min, max, mean, std}
nlohmann::ordered_json StatisticsJson(const Statistics& statistics);

}  // namespace seedfed

#endif  // SEEDFED_CLI_INSPECT_WORD_STATISTICS_H_
