#ifndef SEEDFED_CLI_REPRODUCE_ENSEMBLES_EXPERIMENT_H_
#define SEEDFED_CLI_REPRODUCE_ENSEMBLES_EXPERIMENT_H_

#include <cstdint>

#include "absl/status/statusor.h"
#include "cli/reproduce/results.h"
#include "cli/reproduce/trained_layer.h"

namespace seedfed {

// Many seeds for one matrix beside the Shannon limit: a table of matrices as sums of up to 64
// words, rotation and radial, with one code and the best of `codes` (2 to 2^20) codes per word; and
// a table of ensemble words with the best of up to 2^20 codes per tile. Without `layer` its rows
// are missing and a note says why. Everything follows from the arguments. Takes some seconds, and
// about half a millisecond for each code.
Results RunEnsemblesExperiment(uint64_t seed, uint32_t codes,
                               const absl::StatusOr<TrainedLayer>& layer);

}  // namespace seedfed

#endif  // SEEDFED_CLI_REPRODUCE_ENSEMBLES_EXPERIMENT_H_
