#ifndef SEEDFED_CLI_REPRODUCE_COMPRESSION_EXPERIMENT_H_
#define SEEDFED_CLI_REPRODUCE_COMPRESSION_EXPERIMENT_H_

#include <cstdint>

#include "absl/status/statusor.h"
#include "cli/reproduce/results.h"
#include "cli/reproduce/trained_layer.h"

namespace seedfed {

// Packed128, Packed64, int8 and fp16 on four 32 x 32 targets in [0, 1]: one table, and a picture of
// each target and of what Packed128 makes of it. `layer` is the fourth target; when it is an error,
// its rows are missing and a note says why. Everything follows from the arguments. Takes about a
// second.
Results RunCompressionExperiment(uint64_t seed, const absl::StatusOr<TrainedLayer>& layer);

}  // namespace seedfed

#endif  // SEEDFED_CLI_REPRODUCE_COMPRESSION_EXPERIMENT_H_
