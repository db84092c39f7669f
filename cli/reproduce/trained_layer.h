#ifndef SEEDFED_CLI_REPRODUCE_TRAINED_LAYER_H_
#define SEEDFED_CLI_REPRODUCE_TRAINED_LAYER_H_

#include <string>

#include "absl/status/statusor.h"
#include "cli/reproduce/targets.h"
#include "common/base/philox.h"

namespace seedfed {

// How the layer is made.
inline constexpr const char* kTrainedModel = "784-32-10";
inline constexpr int kTrainedSteps = 400;
inline constexpr uint32_t kTrainedFirstColumn = 376;  // of 32: the middle two rows of the image

struct TrainedLayer {
  Target target;        // 32 x 32 of the first layer's weights
  double accuracy = 0;  // of the whole network on the test images, 0 to 1
};

// Trains a small network on the IDX files (train-* and t10k-*) of `folder`, Adam with rate 1e-3 and
// batches of 64 random images, and takes the 32 x 32 weights between its 32 hidden units and the
// pixels in the middle of the image. Reads the folder's files; takes about a second. NotFound or
// InvalidArgument as LoadIdxFolder.
absl::StatusOr<TrainedLayer> TrainLayer(const std::string& folder, PhiloxStream& random);

}  // namespace seedfed

#endif  // SEEDFED_CLI_REPRODUCE_TRAINED_LAYER_H_
