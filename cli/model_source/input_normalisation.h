#ifndef SEEDFED_CLI_MODEL_SOURCE_INPUT_NORMALISATION_H_
#define SEEDFED_CLI_MODEL_SOURCE_INPUT_NORMALISATION_H_

#include <optional>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "cli/tensor_files/tensor_reader.h"

namespace seedfed {

// Inputs x (images: byte / 255) enter the network as (x - mean) / stddev. Part of the training
// plan, not of the model.
struct InputNormalisation {
  double mean = 0;
  double stddev = 1;

  friend bool operator==(const InputNormalisation&, const InputNormalisation&) = default;
};

// What the server's default settings say.
InputNormalisation DefaultNormalisation();

// InvalidArgument unless the mean is finite and the deviation finite and above 0, both as binary32.
absl::Status CheckNormalisation(const InputNormalisation& normalisation);

// The pairs "seedfed.input_mean" and "seedfed.input_stddev" of a tensor file.
void AddNormalisation(const InputNormalisation& normalisation, Metadata& metadata);

// Absent when the pairs are; InvalidArgument when they are not such numbers.
absl::StatusOr<std::optional<InputNormalisation>> NormalisationOf(const Metadata& metadata);

}  // namespace seedfed

#endif  // SEEDFED_CLI_MODEL_SOURCE_INPUT_NORMALISATION_H_
