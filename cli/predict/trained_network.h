#ifndef SEEDFED_CLI_PREDICT_TRAINED_NETWORK_H_
#define SEEDFED_CLI_PREDICT_TRAINED_NETWORK_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "cli/model_source/input_normalisation.h"
#include "cli/model_source/source_options.h"
#include "cli/tensor_files/tensor_reader.h"
#include "client/network/matrix.h"
#include "client/network/seed_matrix.h"
#include "common/model/spec.h"

namespace seedfed {

// A model that predicts.
struct TrainedNetwork {
  std::vector<LayerSpec> layers;  // tiles are not meant
  std::vector<Matrix> weights;    // finite
  std::vector<SeedMatrix> seeds;  // instead of weights; one of the two is empty
  std::optional<uint32_t> round;
  std::string fingerprint;  // hexadecimal; empty: unknown
  std::optional<InputNormalisation> normalisation;
};

// The network in the tensors layer.0.weight [outputs, inputs], layer.0.bias [outputs], layer.1...,
// all F32, as `seedfed export` writes them. InvalidArgument, naming the tensor, for anything else.
// The sentences do not name the file.
absl::StatusOr<TrainedNetwork> LoadNetwork(TensorReader& tensors);

// The network that the options name; --model may also be a .safetensors or .npz file. With
// `in_seeds` its layers are seeds: InvalidArgument unless the model is in pure mode.
absl::StatusOr<TrainedNetwork> OpenNetwork(const SourceOptions& options, bool in_seeds);

}  // namespace seedfed

#endif  // SEEDFED_CLI_PREDICT_TRAINED_NETWORK_H_
