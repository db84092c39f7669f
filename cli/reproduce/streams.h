#ifndef SEEDFED_CLI_REPRODUCE_STREAMS_H_
#define SEEDFED_CLI_REPRODUCE_STREAMS_H_

#include <cstdint>

#include "common/base/philox.h"

namespace seedfed {

// What random numbers are drawn for; each part has a stream of its own.
enum class ExperimentPart : uint32_t {
  kTrainingStarts = 1,
  kCompressionStarts = 2,
  kGaussianTarget = 3,
  kTrainedLayer = 4,
  kEnsembleStarts = 5,
  kGaussianTiles = 6,
};

inline PhiloxKey ExperimentKey(uint64_t seed) {
  return {static_cast<uint32_t>(seed), static_cast<uint32_t>(seed >> 32)};
}

inline PhiloxStream ExperimentStream(uint64_t seed, ExperimentPart part) {
  return PhiloxStream(ExperimentKey(seed), static_cast<uint32_t>(part), 0, 0);
}

}  // namespace seedfed

#endif  // SEEDFED_CLI_REPRODUCE_STREAMS_H_
