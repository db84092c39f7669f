#ifndef SEEDFED_CLI_INSPECT_UPDATE_REPORT_H_
#define SEEDFED_CLI_INSPECT_UPDATE_REPORT_H_

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "cli/inspect/statistics.h"
#include "cli/inspect/word_statistics.h"
#include "common/model/spec.h"

namespace seedfed {

// One layer's part of an update. With the dense codec there are no words, and `invalid` counts
// weights.
struct LayerWords : WordStatistics {
  Statistics change;  // dense: changes of weights
};

struct UpdateSummary {
  ModelSpec spec;
  std::vector<LayerWords> layers;
  absl::Status
      valid;  // the first thing that is not; rotation codes are not checked, which needs the key
};

// What `bytes` must be for a model: its spec, where no codec is given that of the codec whose
// length fits. InvalidArgument when no length fits, with the lengths expected.
absl::StatusOr<ModelSpec> SpecOfUpdate(const std::vector<LayerSpec>& layers,
                                       std::optional<Codec> codec, size_t bytes);

// `bytes` are spec.update_bytes() long.
UpdateSummary SummariseUpdate(const ModelSpec& spec, absl::string_view bytes);

// Word number `word` of an update, counted from 0 over all layers, as a word's digits.
// InvalidArgument when there is none.
absl::StatusOr<std::string> DigitsOfWord(const ModelSpec& spec, absl::string_view bytes,
                                         uint64_t word);

// A table with a line for each layer. Needs no key: a spec's words do not tell which round they are
// of.
std::string UpdateText(const std::string& name, const UpdateSummary& summary);

// kind "update", file, valid, reason, model {layers, weights}, codec, bytes, layers: array of
// {rows, cols, tile, and with words tiles, words, invalid, zero_seeds, r {min, max, mean, std},
// with ensemble exponent {min, max, mean, std}; with dense invalid, change {...}}
nlohmann::ordered_json UpdateJson(const std::string& name, const UpdateSummary& summary);

}  // namespace seedfed

#endif  // SEEDFED_CLI_INSPECT_UPDATE_REPORT_H_
