#ifndef SEEDFED_SERVER_RUNTIME_RECOVERY_H_
#define SEEDFED_SERVER_RUNTIME_RECOVERY_H_

#include <vector>

#include "absl/time/time.h"
#include "common/base/key.h"
#include "common/base/random.h"
#include "common/base/status.h"
#include "server/config/server_config.h"
#include "server/core/federation_core.h"
#include "server/monitor/monitor.h"
#include "server/store/store.h"

namespace seedfed {

struct OpenedFederation {
  FederationRecord record;
  FederationCore core;
  std::vector<EvaluationRecord> evaluations;  // of its past, as they came
};

// The federation of `store`, as far as it got; in a new store, a new federation with a random id
// (and a random key, if the configuration has none). FailedPrecondition when the store is of
// another federation; DataLoss when replaying its words does not lead to its fingerprints.
absl::StatusOr<OpenedFederation> OpenFederation(Store& store, const ServerConfig& config,
                                                RandomSource& random, absl::Duration now);

// Gives the monitor the federation's past.
absl::Status RestoreMonitor(Store& store, const OpenedFederation& federation, Monitor& monitor);

// Rounds between stored models: as configured (0: never), or fewer, down to 10, where a restart
// would take long to replay that many rounds of a model of this size.
uint32_t SnapshotInterval(uint32_t configured, const ModelSpec& spec);

}  // namespace seedfed

#endif  // SEEDFED_SERVER_RUNTIME_RECOVERY_H_
