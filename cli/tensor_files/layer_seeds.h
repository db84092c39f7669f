#ifndef SEEDFED_CLI_TENSOR_FILES_LAYER_SEEDS_H_
#define SEEDFED_CLI_TENSOR_FILES_LAYER_SEEDS_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/model/spec.h"

namespace seedfed {

// What the words of a layer say of its tiles.
struct LayerSeeds {
  std::vector<uint32_t> codes;
  std::vector<int32_t> seeds;  // u and v of every tile, Q1.30
};

// A layer of a model in pure mode, from `words`: those of all layers, a snapshot's payload.
// InvalidArgument, naming the word, when one is not valid.
absl::StatusOr<LayerSeeds> ReadLayerSeeds(const ModelSpec& spec, size_t layer,
                                          absl::string_view words);

}  // namespace seedfed

#endif  // SEEDFED_CLI_TENSOR_FILES_LAYER_SEEDS_H_
