#ifndef SEEDFED_CLI_REPRODUCE_TRAINING_EXPERIMENT_H_
#define SEEDFED_CLI_REPRODUCE_TRAINING_EXPERIMENT_H_

#include <cstdint>

#include "cli/reproduce/results.h"
#include "common/base/clock.h"

namespace seedfed {

// The original experiment: a 32 x 32 radial target learned by one word. Two tables (the curve from
// several starts beside the published one, the gradients by both methods)
// and pictures of the target, the learned tile and the error. `seed` draws the random starts; all
// figures but the times follow from it. Takes about two seconds.
Results RunTrainingExperiment(uint64_t seed, const Clock& clock);

}  // namespace seedfed

#endif  // SEEDFED_CLI_REPRODUCE_TRAINING_EXPERIMENT_H_
