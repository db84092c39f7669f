#ifndef SEEDFED_CLIENT_DRIVER_LOCAL_DATA_H_
#define SEEDFED_CLIENT_DRIVER_LOCAL_DATA_H_

#include <span>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "client/config/options.h"
#include "client/core/session_types.h"
#include "client/data/dataset.h"
#include "common/model/spec.h"

namespace seedfed {

// Reads the data set; of a folder the training part, or for an evaluator the test part. NotFound or
// InvalidArgument with a sentence that names the file.
absl::StatusOr<Dataset> LoadData(const DataSource& source, ClientRole role);

// InvalidArgument unless `wanted` is empty or has the sizes of `offered`.
absl::Status CheckWantedModel(std::span<const LayerSpec> wanted, const ModelSpec& offered);

// `data` as the federation wants it: fit for the model, normalised, and for a trainer cut to its
// shard. InvalidArgument when it does not fit.
absl::StatusOr<Dataset> FitData(Dataset data, const Membership& membership, ClientRole role);

}  // namespace seedfed

#endif  // SEEDFED_CLIENT_DRIVER_LOCAL_DATA_H_
